/* Paths in a ledger's trees: FORMAT.md §9.
 *
 *   number of digits "/" all digits but the last, each "/" all digits "." ending
 *   log id "/" such a path */
#include "scan.h"
#include <stdio.h>
#include <string.h>
#include <yizhan/crypto.h>
#include <yizhan/segment.h>

void yz_path_of(int64_t first, const char *ending, char out[static YZ_MAX_PATH]) {
  char digits[24], *at = out;
  int n = snprintf(digits, sizeof digits, "%lld", (long long)first);

  at += snprintf(at, 4, "%d/", n);
  for (int i = 0; i + 1 < n; i++) {
    *at++ = digits[i];
    *at++ = '/';
  }
  snprintf(at, (size_t)(out + YZ_MAX_PATH - at), "%s.%s", digits, ending);
}

bool yz_path_read(const char *path, int64_t *first, const char **ending) {
  char expected[YZ_MAX_PATH];
  const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

  if (strlen(path) >= YZ_MAX_PATH || !slash || !dot || dot < slash) return false;
  const char *at = slash + 1;
  size_t n = strlen(dot + 1);
  if (!scan_number(&at, dot, first) || at != dot || n == 0 || n > YZ_MAX_AUDIENCE ||
      strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz") != n)
    return false;
  yz_path_of(*first, dot + 1, expected);
  *ending = dot + 1;
  return strcmp(path, expected) == 0;
}

void yz_path_of_other(const struct yz_id *log, int64_t first, const char *ending,
                      char out[static YZ_MAX_PATH]) {
  char path[YZ_MAX_PATH], hex[YZ_ID_HEX + 1];

  yz_path_of(first, ending, path);
  yz_to_hex(log->bytes, YZ_ID_LEN, hex);
  snprintf(out, YZ_MAX_PATH, "%s/%.66s", hex, path);
}

bool yz_path_read_other(const char *path, struct yz_id *log, int64_t *first, const char **ending) {
  const char *at = path, *end = path + strlen(path);

  return scan_hex(&at, end, log->bytes, YZ_ID_LEN) && scan_text(&at, end, "/") &&
         yz_path_read(at, first, ending);
}
