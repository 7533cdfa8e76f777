#include "node/cases/near.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A title's characters, folded. */
struct letters {
  uint32_t at[NEAR_MAX];
  size_t n;
};

/* One character of valid UTF-8, and how long it is. */
static uint32_t next(const unsigned char *text, size_t *len) {
  static const unsigned char first[] = {0x7f, 0x1f, 0x0f, 0x07};
  *len = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
  uint32_t c = text[0] & first[*len - 1];
  for (size_t i = 1; i < *len; i++) {
    if ((text[i] & 0xc0) != 0x80) { /* cut short */
      *len = i;
      break;
    }
    c = c << 6 | (text[i] & 0x3f);
  }
  return c;
}

/* 0: a blank or a mark. Full-width forms count as the narrow ones. */
static uint32_t folded(uint32_t c) {
  if (c > 0xff00 && c < 0xff5f) c -= 0xfee0;
  if (c >= 'A' && c <= 'Z') return c + 'a' - 'A';
  bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  bool mark = c < 0x80 || c == 0xa0 || c == 0xfeff || (c >= 0x2000 && c < 0x2070) ||
              (c >= 0x3000 && c < 0x3020);
  return letter || !mark ? c : 0;
}

static void read_letters(const char *text, struct letters *out) {
  const unsigned char *at = (const unsigned char *)text;
  out->n = 0;
  for (size_t len; *at != '\0' && out->n < NEAR_MAX; at += len) {
    uint32_t c = folded(next(at, &len));
    if (c != 0) out->at[out->n++] = c;
  }
}

static int compare(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static uint64_t pair_at(const struct letters *l, size_t i) {
  return (uint64_t)l->at[i] << 32 | l->at[i + 1];
}

/* Multiplied so that the upper bits hang on both characters. */
static uint64_t bit_of(uint64_t pair) {
  return UINT64_C(1) << (pair * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

static void read_pairs(const struct letters *l, struct near_title *out) {
  out->n = l->n > 0 ? l->n - 1 : 0;
  out->alone = l->n == 1 ? l->at[0] : 0;
  out->among = 0;
  for (size_t i = 0; i < out->n; i++) {
    out->pairs[i] = pair_at(l, i);
    out->among |= bit_of(out->pairs[i]);
  }
  qsort(out->pairs, out->n, sizeof *out->pairs, compare);
}

void near_read(const char *title, struct near_title *out) {
  struct letters l;
  read_letters(title, &l);
  read_pairs(&l, out);
}

/* Of the pairs of two titles so many are the same. */
static bool enough(size_t common, size_t n, size_t m) {
  return 10 * common >= 3 * (n + m);
}

static size_t common_pairs(const struct near_title *a, const struct near_title *b) {
  size_t common = 0;
  for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
    int order = compare(&a->pairs[i], &b->pairs[k]);
    common += order == 0;
    i += order <= 0;
    k += order >= 0;
  }
  return common;
}

bool near_is(const struct near_title *a, const char *b) {
  struct near_title other;
  struct letters l;
  size_t most = 0;
  read_letters(b, &l);
  if (a->n == 0 || l.n < 2) return a->alone != 0 && l.n == 1 && l.at[0] == a->alone;
  for (size_t i = 0; i + 1 < l.n; i++) most += (a->among & bit_of(pair_at(&l, i))) != 0;
  if (!enough(most, a->n, l.n - 1)) return false;
  read_pairs(&l, &other);
  return enough(common_pairs(a, &other), a->n, other.n);
}
