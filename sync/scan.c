#include "scan.h"
#include <string.h>
#include <yizhan/crypto.h>

bool scan_text(const char **at, const char *end, const char *text) {
  size_t n = strlen(text);
  if ((size_t)(end - *at) < n || memcmp(*at, text, n) != 0) return false;
  *at += n;
  return true;
}

bool scan_hex(const char **at, const char *end, void *out, size_t n) {
  if ((size_t)(end - *at) < 2 * n || !yz_from_hex(*at, 2 * n, out, n)) return false;
  *at += 2 * n;
  return true;
}

bool scan_number(const char **at, const char *end, int64_t *out) {
  const char *start = *at;
  int64_t value = 0;

  while (*at < end && **at >= '0' && **at <= '9' && *at - start < 16)
    value = value * 10 + (*(*at)++ - '0');
  *out = value;
  return *at > start && *start != '0' && value <= YZ_MAX_INT;
}

bool scan_base64(const char **at, const char *end, void *out, size_t n) {
  size_t len = 4 * ((n + 2) / 3);
  if ((size_t)(end - *at) < len || yz_from_base64(*at, len, out, n) != (long)n) return false;
  *at += len;
  return true;
}
