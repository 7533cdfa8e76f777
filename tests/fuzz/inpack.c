/* The commits with which a pack begins (yz_inpack_feed, sync/git/inpack.c). The input is read as a
 * pack; and as a description of one (packs.h), so that what lies behind the compression is reached:
 *
 *   c  a commit
 *   e  a commit as the one named by the next byte (A: the first) with something in its place: after
 *      so many bytes as the second says, without so many as the third, the rest
 *   d  the same, told by a delta that is given as it is
 *   x  bytes as they are */
#include "tests/fuzz/packs.h"

#include "sync/git/git.h"

enum { MAX_OBJECTS = 26, HEAD = 12 };

/* What is told of a pack: each commit's length in 4 bytes, and the commit. */
static void found(void *told, const void *commit, size_t size) {
  const uint32_t len = (uint32_t)size;
  FUZZ_HOLDS(size <= YZ_GIT_MAX_COMMIT);
  FUZZ_HOLDS(yz_buf_append(told, &len, sizeof len) == 0 && yz_buf_append(told, commit, size) == 0);
}

static void read_in_pieces(const void *pack, size_t size, size_t piece, struct yz_buf *told) {
  struct yz_inpack *in = yz_inpack_create(found, told);
  FUZZ_HOLDS(in && yz_buf_append(told, "", 0) == 0);
  for (size_t at = 0; at < size; at += piece) {
    size_t n = piece < size - at ? piece : size - at;
    char *bytes = fuzz_copy((const char *)pack + at, n);
    yz_inpack_feed(in, bytes, n);
    free(bytes);
  }
  yz_inpack_destroy(in);
}

/* However it comes, the same is told. */
static void read_pack(const void *pack, size_t size, struct yz_buf *told) {
  const size_t pieces[] = {1, 7, 300};
  read_in_pieces(pack, size, size + 1, told);
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    struct yz_buf same = {0};
    read_in_pieces(pack, size, pieces[i], &same);
    FUZZ_HOLDS(same.len == told->len && memcmp(same.data, told->data, same.len) == 0);
    yz_buf_finish(&same);
  }
}

/* --- a pack of a description ------------------------------------------------ */

struct making {
  struct yz_buf pack, expected; /* expected: what must be told, at least */
  struct yz_buf commits[MAX_OBJECTS];
  size_t places[MAX_OBJECTS], n;
  size_t kept;
  bool sure; /* every object so far is a commit within the limits */
};

static void put_object(struct making *m, unsigned type, size_t back, const struct yz_buf *plain) {
  unsigned char digits[10];
  size_t n = sizeof digits;
  pack_put_head(&m->pack, type, plain->len);
  if (type == PACK_DELTA_BACK) {
    digits[--n] = back & 0x7f;
    while ((back >>= 7) > 0) digits[--n] = (unsigned char)(0x80 | (--back & 0x7f));
    pack_put(&m->pack, digits + n, sizeof digits - n);
  }
  pack_put_packed(&m->pack, plain);
}

/* The commit is there for later ones to differ from. Once one cannot be taken, nothing is sure. */
static void expect(struct making *m, size_t place, const void *commit, size_t size) {
  m->sure = m->sure && size > 0 && size <= YZ_GIT_MAX_COMMIT;
  pack_put(&m->commits[m->n], "", 0);
  pack_put(&m->commits[m->n], commit, size);
  m->places[m->n++] = place;
  if (m->sure) found(&m->expected, commit, size);
  m->kept += size;
  m->sure = m->sure && m->kept <= 4096;
}

static void copy_order(struct yz_buf *out, size_t from, size_t n) {
  if (n == 0) return;
  pack_put_byte(out, 0x80 | 0x01 | 0x02 | 0x10 | 0x20);
  pack_put_byte(out, from & 0xff);
  pack_put_byte(out, from >> 8);
  pack_put_byte(out, n & 0xff);
  pack_put_byte(out, n >> 8);
}

/* The base with some of it replaced, told by orders of our own. */
static void add_edit(struct making *m, size_t base, const uint8_t *at, size_t n) {
  const struct yz_buf *old = &m->commits[base];
  struct yz_buf commit = {0}, delta = {0};
  size_t place = m->pack.len;
  size_t before = n > 0 ? at[0] : 0, gone = n > 1 ? at[1] : 0, words = n > 2 ? n - 2 : 0;
  if (before > old->len) before = old->len;
  if (gone > old->len - before) gone = old->len - before;
  pack_put(&commit, old->data, before);
  pack_put(&commit, at + 2, words);
  pack_put(&commit, old->data + before + gone, old->len - before - gone);
  pack_put_length(&delta, old->len);
  pack_put_length(&delta, commit.len);
  copy_order(&delta, 0, before);
  for (size_t done = 0; done < words; done += 127) {
    size_t some = words - done < 127 ? words - done : 127;
    pack_put_byte(&delta, some);
    pack_put(&delta, at + 2 + done, some);
  }
  copy_order(&delta, before + gone, old->len - before - gone);
  put_object(m, PACK_DELTA_BACK, place - m->places[base], &delta);
  m->sure = m->sure && delta.len <= YZ_GIT_MAX_COMMIT;
  expect(m, place, commit.data, commit.len);
  yz_buf_finish(&commit);
  yz_buf_finish(&delta);
}

static void add_object(struct making *m, const uint8_t *at, size_t n) {
  struct yz_buf plain = {0};
  uint8_t kind = n > 0 ? *at++ : 'x';
  n -= n > 0;
  size_t place = m->pack.len, base = n > 0 ? at[0] - (size_t)'A' : m->n;
  pack_put(&plain, "", 0);
  if (kind == 'c') {
    pack_put(&plain, at, n);
    put_object(m, PACK_COMMIT, 0, &plain);
    expect(m, place, at, n);
  } else if (kind == 'e' && base < m->n) {
    add_edit(m, base, at + 1, n - 1);
  } else if (kind == 'd' && base < m->n) {
    m->sure = false;
    pack_put(&plain, at + 1, n - 1);
    put_object(m, PACK_DELTA_BACK, place - m->places[base], &plain);
  } else {
    m->sure = false;
    pack_put(&m->pack, at, n);
  }
  yz_buf_finish(&plain);
}

static void try_described(const uint8_t *at, const uint8_t *end) {
  struct making m = {.sure = true};
  struct yz_buf told = {0};
  pack_put(&m.pack, "PACK\0\0\0\2\0\0\0\1", HEAD);
  pack_put(&m.expected, "", 0);
  const uint8_t *object;
  for (size_t len; m.n < MAX_OBJECTS && (object = pack_next(&at, end, &len)) != NULL;)
    add_object(&m, object, len);
  read_pack(m.pack.data, m.pack.len, &told);
  FUZZ_HOLDS(told.len >= m.expected.len);
  FUZZ_HOLDS(memcmp(told.data, m.expected.data, m.expected.len) == 0);
  for (size_t i = 0; i < m.n; i++) yz_buf_finish(&m.commits[i]);
  yz_buf_finish(&told);
  yz_buf_finish(&m.expected);
  yz_buf_finish(&m.pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct yz_buf told = {0};
  if (size == 0) return 0;
  read_pack(data, size, &told);
  yz_buf_finish(&told);
  try_described(data, data + size);
  return 0;
}
