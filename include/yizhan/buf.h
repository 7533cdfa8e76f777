/* A growable run of bytes, owned by whoever initialised it.
 *
 *   struct yz_buf b = {0};
 *   yz_buf_append(&b, bytes, n); … b.data, b.len …
 *   yz_buf_finish(&b);
 *
 * data is always followed by one zero byte that len does not count, once
 * anything (even nothing: n = 0) was appended. A failed append (YZ_E_MEMORY)
 * leaves it unchanged. What is appended must not lie in the buffer itself. */
#ifndef YIZHAN_BUF_H
#define YIZHAN_BUF_H

#include <stddef.h>
#include <yizhan/error.h>

struct yz_buf {
  unsigned char *data;
  size_t len, cap;
};

int yz_buf_append(struct yz_buf *b, const void *bytes, size_t n) YZ_MUST_CHECK;
int yz_buf_puts(struct yz_buf *b, const char *s) YZ_MUST_CHECK;
int yz_buf_printf(struct yz_buf *b, const char *format, ...) YZ_PRINTF(2, 3) YZ_MUST_CHECK;
void yz_buf_clear(struct yz_buf *b);  /* len = 0, memory kept */
void yz_buf_finish(struct yz_buf *b); /* frees; NULL allowed; b is empty again */

#endif
