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

static size_t pairs_of(const struct letters *l, uint64_t out[static NEAR_MAX]) {
  for (size_t i = 0; i + 1 < l->n; i++) out[i] = (uint64_t)l->at[i] << 32 | l->at[i + 1];
  size_t n = l->n > 0 ? l->n - 1 : 0;
  qsort(out, n, sizeof *out, compare);
  return n;
}

bool case_titles_near(const char *a, const char *b) {
  struct letters x, y;
  uint64_t xs[NEAR_MAX], ys[NEAR_MAX];
  read_letters(a, &x);
  read_letters(b, &y);
  if (x.n < 2 || y.n < 2)
    return x.n == 1 && y.n == 1 && memcmp(x.at, y.at, x.n * sizeof *x.at) == 0;
  size_t n = pairs_of(&x, xs), m = pairs_of(&y, ys), common = 0;
  for (size_t i = 0, k = 0; i < n && k < m;) {
    int order = compare(&xs[i], &ys[k]);
    common += order == 0;
    i += order <= 0;
    k += order >= 0;
  }
  return 10 * common >= 3 * (n + m);
}
