/* Bytes of test vectors, written and compared as lower-case hex. Plain C of its
 * own, so that it can judge the library's hex too. */
#ifndef YIZHAN_TESTS_HEX_H
#define YIZHAN_TESTS_HEX_H

#include <stddef.h>

/* Fills out with exactly n bytes; another number of digits fails the test. */
void hex_to(void *out, size_t n, const char *hex);
/* Fails the test, showing both, unless the n bytes are those of hex. */
void hex_assert(const void *bytes, size_t n, const char *hex);

#endif
