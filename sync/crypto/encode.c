/* Bytes as text.
 *
 *   hex    = *(2 digits)                     digit: 0-9 a-f
 *   base64 = *(4 letters) [last]             RFC 4648 §4
 *   last   = 2 letters "==" / 3 letters "="
 *
 * Valid only when it is the one text that the bytes have: no upper-case hex, no
 * white space, no missing padding, no bits set that the last letter leaves over. */
#include <sodium.h>
#include <yizhan/crypto.h>

void yz_to_hex(const void *bytes, size_t n, char *out) {
  sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool yz_from_hex(const char *text, size_t text_len, void *out, size_t n) {
  unsigned char *to = out;
  if (text_len % 2 != 0 || text_len / 2 != n) return false;
  for (size_t i = 0; i < n; i++) {
    int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    to[i] = (unsigned char)(high << 4 | low);
  }
  return true;
}

void yz_to_base64(const void *bytes, size_t n, char *out) {
  sodium_bin2base64(out, 4 * ((n + 2) / 3) + 1, bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

long yz_from_base64(const char *text, size_t text_len, void *out, size_t max) {
  size_t n = 0;
  /* libsodium 1.0.18 takes every byte beyond ASCII for a slash. */
  for (size_t i = 0; i < text_len; i++)
    if ((unsigned char)text[i] > 0x7f) return -1;
  if (sodium_base642bin(out, max, text, text_len, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL))
    return -1;
  return (long)n;
}
