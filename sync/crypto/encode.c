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

/* A letter's value and one more; 0: it is none. (libsodium's reader takes as long whatever the
 * letters are. What is read here is no secret, and each record has a signature.) */
static const unsigned char letters[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* Three bytes, or as many less as there are '=' at the end. */
static bool read_four(const char *text, size_t pad, unsigned char *out) {
  uint32_t bits = 0;
  for (size_t i = 0; i < 4; i++) {
    unsigned value = i < 4 - pad ? letters[(unsigned char)text[i]] : 1;
    if (value == 0) return false;
    bits = bits << 6 | (value - 1);
  }
  for (size_t i = 0; i < 3 - pad; i++) out[i] = (unsigned char)(bits >> (16 - 8 * i));
  return (bits & ((1u << 8 * pad) - 1)) == 0;
}

long yz_from_base64(const char *text, size_t text_len, void *out, size_t max) {
  unsigned char *to = out;
  size_t n = 0, pad = 0;
  if (text_len % 4 != 0) return -1;
  for (size_t i = 0; i < text_len; i += 4) {
    if (i + 4 == text_len && text[i + 3] == '=') pad = text[i + 2] == '=' ? 2 : 1;
    if (max - n < 3 - pad || !read_four(text + i, pad, to + n)) return -1;
    n += 3 - pad;
  }
  return (long)n;
}
