#include "tests/fuzz/packs.h"

#include <zlib.h>

void pack_put(struct yz_buf *out, const void *bytes, size_t n) {
  FUZZ_HOLDS(yz_buf_append(out, bytes, n) == 0);
}

void pack_put_byte(struct yz_buf *out, size_t byte) {
  const unsigned char one = (unsigned char)byte;
  pack_put(out, &one, 1);
}

void pack_put_length(struct yz_buf *out, size_t n) {
  for (; n > 0x7f; n >>= 7) pack_put_byte(out, (n & 0x7f) | 0x80);
  pack_put_byte(out, n);
}

void pack_put_head(struct yz_buf *out, unsigned type, size_t said) {
  pack_put_byte(out, type << 4 | (said & 15) | (said > 15 ? 0x80 : 0));
  if (said > 15) pack_put_length(out, said >> 4);
}

void pack_put_packed(struct yz_buf *out, const struct yz_buf *plain) {
  uLongf n = compressBound(plain->len);
  unsigned char *packed = malloc(n);
  FUZZ_HOLDS(packed && compress2(packed, &n, plain->data, plain->len, 1) == Z_OK);
  pack_put(out, packed, n);
  free(packed);
}

const uint8_t *pack_next(const uint8_t **at, const uint8_t *end, size_t *n) {
  const uint8_t *object = *at;
  if (object >= end) return NULL;
  const uint8_t *next = memmem(object, (size_t)(end - object), "\n%", 2);
  *n = (size_t)((next ? next : end) - object);
  *at = next ? next + 2 : end;
  return object;
}
