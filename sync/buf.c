#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yizhan/buf.h>

enum { SMALL = 4096 };

/* What is small is freed here, not by realloc: a program that overwrites what is freed sees it. */
static unsigned char *moved(struct yz_buf *b, size_t cap) {
  unsigned char *data = malloc(cap);
  if (data == NULL) return NULL;
  if (b->data != NULL) memcpy(data, b->data, b->len + 1);
  free(b->data);
  return data;
}

/* Makes room for n more bytes and the zero after them. */
static int reserve(struct yz_buf *b, size_t n) {
  if (n >= SIZE_MAX - b->len) return YZ_E_MEMORY;
  size_t need = b->len + n + 1;
  if (need <= b->cap) return 0;
  size_t cap = b->cap < SIZE_MAX / 2 ? b->cap * 2 : SIZE_MAX;
  if (cap < need) cap = need;
  if (cap < 64) cap = 64;
  unsigned char *data = b->cap <= SMALL ? moved(b, cap) : realloc(b->data, cap);
  if (data == NULL) return YZ_E_MEMORY;
  b->data = data;
  b->cap = cap;
  return 0;
}

int yz_buf_append(struct yz_buf *b, const void *bytes, size_t n) {
  int rc = reserve(b, n);
  if (rc != 0) return rc;
  if (n > 0) memcpy(b->data + b->len, bytes, n);
  b->len += n;
  b->data[b->len] = '\0';
  return 0;
}

int yz_buf_puts(struct yz_buf *b, const char *s) {
  return yz_buf_append(b, s, strlen(s));
}

int yz_buf_printf(struct yz_buf *b, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  int rc = n < 0 ? YZ_E_MEMORY : reserve(b, (size_t)n);
  if (rc != 0) return rc;
  va_start(args, format);
  (void)vsnprintf((char *)b->data + b->len, (size_t)n + 1, format, args);
  va_end(args);
  b->len += (size_t)n;
  return 0;
}

void yz_buf_clear(struct yz_buf *b) {
  b->len = 0;
  if (b->data != NULL) b->data[0] = '\0';
}

void yz_buf_finish(struct yz_buf *b) {
  if (b == NULL) return;
  free(b->data);
  *b = (struct yz_buf){0};
}
