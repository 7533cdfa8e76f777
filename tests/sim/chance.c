#include "chance.h"

#include <string.h>

uint64_t chance_next(struct chance *c) {
  uint64_t z = (c->state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

size_t chance_below(struct chance *c, size_t n) {
  return (size_t)(chance_next(c) % n);
}

bool chance_in(struct chance *c, size_t n) {
  return chance_below(c, n) == 0;
}

void chance_fill(struct chance *c, void *bytes, size_t n) {
  unsigned char *at = bytes;
  for (size_t i = 0; i < n; i += 8) {
    uint64_t word = chance_next(c);
    memcpy(at + i, &word, n - i < 8 ? n - i : 8);
  }
}
