/* What a pack would grow to (yz_growth_feed, sync/git/growth.c). The input is read as a pack; and
 * as a description of one, so that what lies behind the compression is reached: objects, "\n%"
 * between them, each a letter and its bytes:
 *
 *   b  a blob
 *   s  the same, of a size that the first three bytes say
 *   d  a delta of a base so far back: the first three bytes say how large that is, the next three
 *      how large what it makes; the rest is its orders
 *   n  the same, of a base by its name
 *   x  bytes as they are */
#include "tests/fuzz/fuzz.h"

#include <zlib.h>

#include "sync/git/git.h"

enum { MAX_OBJECTS = 40, BLOB = 3, BACK = 6, NAMED = 7 };

static int read_in_pieces(const void *pack, size_t size, size_t piece) {
  struct yz_growth *g = yz_growth_create();
  struct yz_error err = {0};
  int rc = 0;
  FUZZ_HOLDS(g);
  for (size_t at = 0; rc == 0 && at < size; at += piece) {
    size_t n = piece < size - at ? piece : size - at;
    char *bytes = fuzz_copy((const char *)pack + at, n);
    rc = yz_growth_feed(g, bytes, n, &err);
    free(bytes);
  }
  yz_growth_destroy(g);
  FUZZ_HOLDS(rc == 0 || ((rc == YZ_E_LIMIT || rc == YZ_E_FORMAT) && err.code == rc));
  return rc;
}

/* What is held against what came so far may hang on how much came at a time; nothing else does. */
static int read_pack(const void *pack, size_t size) {
  const size_t pieces[] = {1, 7, 300};
  int whole = read_in_pieces(pack, size, size + 1);
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    int rc = read_in_pieces(pack, size, pieces[i]);
    FUZZ_HOLDS(rc == whole || rc == YZ_E_LIMIT);
  }
  return whole;
}

/* --- a pack of a description ------------------------------------------------ */

struct making {
  struct yz_buf pack;
  int64_t grown;
  bool large, sure; /* large: something in it is; sure: nothing in it is malformed */
};

static void put(struct yz_buf *out, const void *bytes, size_t n) {
  FUZZ_HOLDS(yz_buf_append(out, bytes, n) == 0);
}

static void put_byte(struct yz_buf *out, size_t byte) {
  const unsigned char one = (unsigned char)byte;
  put(out, &one, 1);
}

static void put_length(struct yz_buf *out, size_t n) {
  for (; n > 0x7f; n >>= 7) put_byte(out, (n & 0x7f) | 0x80);
  put_byte(out, n);
}

static size_t number(const uint8_t *at) {
  return (size_t)at[0] << 16 | (size_t)at[1] << 8 | at[2];
}

static void grows(struct making *m, size_t size) {
  m->grown += (int64_t)size;
  m->large = m->large || size > YZ_GIT_MAX_OBJECT;
}

static void put_object(struct making *m, unsigned type, size_t said, const struct yz_buf *plain) {
  uLongf n = compressBound(plain->len);
  unsigned char *packed = malloc(n);
  put_byte(&m->pack, type << 4 | (said & 15) | (said > 15 ? 0x80 : 0));
  if (said > 15) put_length(&m->pack, said >> 4);
  if (type == BACK) put(&m->pack, "\x80\x01", 2);
  if (type == NAMED) put(&m->pack, "twenty bytes of name", YZ_OID_LEN);
  FUZZ_HOLDS(packed && compress2(packed, &n, plain->data, plain->len, 1) == Z_OK);
  put(&m->pack, packed, n);
  free(packed);
  grows(m, said);
  m->sure = m->sure && said == plain->len;
}

static void put_delta(struct making *m, unsigned type, const uint8_t *at, size_t n) {
  struct yz_buf plain = {0};
  put_length(&plain, number(at));
  put_length(&plain, number(at + 3));
  put(&plain, at + 6, n - 6);
  put_object(m, type, plain.len, &plain);
  grows(m, number(at + 3));
  m->large = m->large || number(at) > YZ_GIT_MAX_OBJECT;
  yz_buf_finish(&plain);
}

static void add_object(struct making *m, const uint8_t *at, size_t n) {
  struct yz_buf plain = {0};
  uint8_t kind = n > 0 ? *at++ : 'x';
  n -= n > 0;
  put(&plain, "", 0);
  put(&plain, at, n);
  if (kind == 'b') {
    put_object(m, BLOB, n, &plain);
  } else if (kind == 's' && n >= 3) {
    put_object(m, BLOB, number(at), &plain);
  } else if ((kind == 'd' || kind == 'n') && n >= 6) {
    put_delta(m, kind == 'd' ? BACK : NAMED, at, n);
  } else {
    m->sure = false;
    put(&m->pack, at, n);
  }
  yz_buf_finish(&plain);
}

/* Where all is well formed, what is too large, and only that, is refused. */
static void try_described(const uint8_t *at, const uint8_t *end) {
  struct making m = {.sure = true};
  size_t n = 0;
  put(&m.pack, "PACK\0\0\0\2\0\0\0\0", 12);
  for (; at < end && n < MAX_OBJECTS; n++) {
    const uint8_t *next = memmem(at, (size_t)(end - at), "\n%", 2);
    add_object(&m, at, (size_t)((next ? next : end) - at));
    at = next ? next + 2 : end;
  }
  m.pack.data[11] = (unsigned char)n;
  put(&m.pack, "twenty bytes of hash", YZ_OID_LEN);
  int rc = read_pack(m.pack.data, m.pack.len);
  if (m.sure && m.large) FUZZ_HOLDS(rc == YZ_E_LIMIT);
  if (m.sure && !m.large && m.grown <= YZ_GIT_GROWTH_FREE) FUZZ_HOLDS(rc == 0);
  if (m.sure && m.grown > YZ_GIT_GROWTH_FREE + (int64_t)m.pack.len * YZ_GIT_GROWTH_TIMES)
    FUZZ_HOLDS(rc == YZ_E_LIMIT);
  yz_buf_finish(&m.pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  (void)read_pack(data, size);
  try_described(data, data + size);
  return 0;
}
