/* SHA-1 (FIPS 180-4), with which a pack ends (gitformat-pack(5)): a sum against accidents, on which
 * nothing here relies for more. */
#include <string.h>

#include "sync/git/git.h"

enum { BLOCK = 64, ROUNDS = 80, LENGTH_AT = BLOCK - 8 };

static uint32_t turn(uint32_t x, unsigned n) {
  return x << n | x >> (32 - n);
}

static void spread(const unsigned char *block, uint32_t w[static ROUNDS]) {
  for (size_t i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
           (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (size_t i = 16; i < ROUNDS; i++) w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
}

static uint32_t mix(size_t round, const uint32_t s[static 5]) {
  static const uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
  uint32_t b = s[1], c = s[2], d = s[3];
  uint32_t f[] = {(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d};
  return f[round / 20] + k[round / 20];
}

static void take(uint32_t h[static 5], const unsigned char *block) {
  uint32_t w[ROUNDS], s[5];
  spread(block, w);
  memcpy(s, h, sizeof s);
  for (size_t i = 0; i < ROUNDS; i++) {
    uint32_t next = turn(s[0], 5) + mix(i, s) + s[4] + w[i];
    s[4] = s[3];
    s[3] = s[2];
    s[2] = turn(s[1], 30);
    s[1] = s[0];
    s[0] = next;
  }
  for (size_t i = 0; i < 5; i++) h[i] += s[i];
}

void yz_git_sha1(const void *bytes, size_t len, unsigned char out[static YZ_OID_LEN]) {
  uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  unsigned char last[2 * BLOCK] = {0};
  const unsigned char *at = bytes;
  size_t left = len;
  for (; left >= BLOCK; at += BLOCK, left -= BLOCK) take(h, at);
  if (left > 0) memcpy(last, at, left);
  last[left] = 0x80;
  unsigned char *end = left < LENGTH_AT ? last : last + BLOCK;
  for (size_t i = 0; i < 8; i++)
    end[LENGTH_AT + i] = (unsigned char)((uint64_t)len * 8 >> (56 - 8 * i));
  take(h, last);
  if (end != last) take(h, end);
  for (size_t i = 0; i < YZ_OID_LEN; i++) out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}
