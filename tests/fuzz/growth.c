/* What a pack would grow to (yz_growth_feed, sync/git/growth.c). The input is read as a pack; and
 * as a description of one (packs.h), so that what lies behind the compression is reached:
 *
 *   b  a blob
 *   s  the same, of a size that the first three bytes say
 *   d  a delta of a base so far back: the first three bytes say how large that is, the next three
 *      how large what it makes; the rest is its orders
 *   n  the same, of a base by its name
 *   x  bytes as they are */
#include "tests/fuzz/packs.h"

#include "sync/git/git.h"

enum { MAX_OBJECTS = 40 };

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

static size_t number(const uint8_t *at) {
  return (size_t)at[0] << 16 | (size_t)at[1] << 8 | at[2];
}

static void grows(struct making *m, size_t size) {
  m->grown += (int64_t)size;
  m->large = m->large || size > YZ_GIT_MAX_OBJECT;
}

static void put_object(struct making *m, unsigned type, size_t said, const struct yz_buf *plain) {
  pack_put_head(&m->pack, type, said);
  if (type == PACK_DELTA_BACK) pack_put(&m->pack, "\x80\x01", 2);
  if (type == PACK_DELTA_NAMED) pack_put(&m->pack, "twenty bytes of name", YZ_OID_LEN);
  pack_put_packed(&m->pack, plain);
  grows(m, said);
  m->sure = m->sure && said == plain->len;
}

static void put_delta(struct making *m, unsigned type, const uint8_t *at, size_t n) {
  struct yz_buf plain = {0};
  pack_put_length(&plain, number(at));
  pack_put_length(&plain, number(at + 3));
  pack_put(&plain, at + 6, n - 6);
  put_object(m, type, plain.len, &plain);
  grows(m, number(at + 3));
  m->large = m->large || number(at) > YZ_GIT_MAX_OBJECT;
  yz_buf_finish(&plain);
}

static void add_object(struct making *m, const uint8_t *at, size_t n) {
  struct yz_buf plain = {0};
  uint8_t kind = n > 0 ? *at++ : 'x';
  n -= n > 0;
  pack_put(&plain, "", 0);
  pack_put(&plain, at, n);
  if (kind == 'b') {
    put_object(m, PACK_BLOB, n, &plain);
  } else if (kind == 's' && n >= 3) {
    put_object(m, PACK_BLOB, number(at), &plain);
  } else if ((kind == 'd' || kind == 'n') && n >= 6) {
    put_delta(m, kind == 'd' ? PACK_DELTA_BACK : PACK_DELTA_NAMED, at, n);
  } else {
    m->sure = false;
    pack_put(&m->pack, at, n);
  }
  yz_buf_finish(&plain);
}

/* Where all is well formed, what is too large, and only that, is refused. */
static void try_described(const uint8_t *at, const uint8_t *end) {
  struct making m = {.sure = true};
  size_t n = 0;
  pack_put(&m.pack, "PACK\0\0\0\2\0\0\0\0", 12);
  const uint8_t *object;
  for (size_t len; n < MAX_OBJECTS && (object = pack_next(&at, end, &len)) != NULL; n++)
    add_object(&m, object, len);
  m.pack.data[11] = (unsigned char)n;
  pack_put(&m.pack, "twenty bytes of hash", YZ_OID_LEN);
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
