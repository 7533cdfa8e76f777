#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <tests/harness/hex.h>

static unsigned char digit(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *at = c ? strchr(digits, c) : NULL;
  assert_non_null(at);
  return (unsigned char)(at - digits);
}

void hex_to(void *out, size_t n, const char *hex) {
  assert_int_equal(strlen(hex), 2 * n);
  for (size_t i = 0; i < n; i++)
    ((unsigned char *)out)[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
}

void hex_assert(const void *bytes, size_t n, const char *hex) {
  char *text = calloc(n + 1, 2);
  assert_non_null(text);
  for (size_t i = 0; i < n; i++)
    snprintf(text + 2 * i, 3, "%02x", ((const unsigned char *)bytes)[i]);
  assert_string_equal(text, hex);
  free(text);
}
