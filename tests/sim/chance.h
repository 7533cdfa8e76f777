/* Random numbers that a seed makes the same again (splitmix64), and the trace's hash. */
#ifndef YIZHAN_TESTS_SIM_CHANCE_H
#define YIZHAN_TESTS_SIM_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
  uint64_t state;
};
uint64_t chance_next(struct chance *c);
/* 0 to n - 1; n > 0. */
size_t chance_below(struct chance *c, size_t n);
/* True once in n times. */
bool chance_in(struct chance *c, size_t n);
void chance_fill(struct chance *c, void *bytes, size_t n);

#endif
