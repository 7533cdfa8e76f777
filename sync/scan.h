/* Reading fixed forms by offset: each takes what it names at *at, moves past it
 * and answers true, or answers false and leaves *at anywhere up to end. */
#ifndef YIZHAN_SYNC_SCAN_H
#define YIZHAN_SYNC_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool scan_text(const char **at, const char *end, const char *text);
/* 2 n lower-case hex digits. */
bool scan_hex(const char **at, const char *end, void *out, size_t n);
/* 1 to 16 digits without a leading zero, 1 to 2^53. */
bool scan_number(const char **at, const char *end, int64_t *out);
bool scan_base64(const char **at, const char *end, void *out, size_t n);

#endif
