/* What a pack would grow to, looked at while it comes: few bytes can stand for very many, and git
 * puts each object that is told by a delta together in memory, before anyone can look at its size.
 *
 *   "PACK" version (4) count (4), then objects: type and size (7 bits a byte, the first with three
 *   bits of type), of a delta its base (20 bytes, or how far back: 7 bits a byte), zlib stream; at
 *   the end 20 bytes (gitformat-pack(5)). A delta begins with two lengths: of its base, of what it
 *   makes.
 *
 * Valid: it says of itself that it has no more than YZ_GIT_MAX_OBJECTS (libgit2 makes room for all
 * at once); no object, and nothing that a delta is made of, is larger than YZ_GIT_MAX_OBJECT; all
 * of them together not larger than YZ_GIT_GROWTH_TIMES what came of the pack so far, and
 * YZ_GIT_GROWTH_FREE more (of ours none grows to thirty times its size); no object told by so many
 * deltas of deltas, one before the other, that git would walk long to its base: git itself makes
 * fifty, and made 250. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sync/git/git.h"

enum { HEAD = 12, BASE_BACK = 6, BASE_NAMED = 7, SIZE_BYTES = 10, BACK_BYTES = 8, SINK = 16384 };
enum { DEPTH_MAX = YZ_LIMIT(250, 8) };

enum place { IN_HEAD, AT_OBJECT, IN_SIZE, AT_BACK, AT_NAME, IN_STREAM, PAST_ALL };

/* A delta whose base stands before it in the pack, where, and how many such there are to the end.
 */
struct link {
  int64_t at;
  unsigned depth;
};

struct yz_growth {
  enum place place;
  unsigned char head[HEAD], lengths[2 * SIZE_BYTES];
  size_t have, n_lengths;
  uint32_t left; /* objects */
  unsigned type, shift;
  uint64_t size;
  int64_t came, grown;
  int64_t at, back;   /* where the object begins, how far before it its base */
  struct link *links; /* by place */
  size_t n_links, room;
  bool streaming;
  z_stream z;
};

struct yz_growth *yz_growth_create(void) {
  return calloc(1, sizeof(struct yz_growth));
}

void yz_growth_destroy(struct yz_growth *g) {
  if (g == NULL) return;
  if (g->streaming) (void)inflateEnd(&g->z);
  free(g->links);
  free(g);
}

static int malformed(struct yz_error *err) {
  return yz_fail(err, YZ_E_FORMAT, YZ_N_("The pack inside does not hold. Ask for another one."),
                 NULL);
}

static int too_much(struct yz_error *err) {
  return yz_fail(err, YZ_E_LIMIT,
                 YZ_N_("What came is small, and would grow to more than anyone writes. Nothing of "
                       "it was taken. Look at who wrote it."),
                 NULL);
}

static int count(struct yz_growth *g, uint64_t size, struct yz_error *err) {
  if (size > YZ_GIT_MAX_OBJECT)
    return yz_fail(
        err, YZ_E_LIMIT,
        YZ_N_("The other side sent a file that is larger than allowed. Look at who wrote it."),
        NULL);
  g->grown += (int64_t)size;
  return g->grown <= YZ_GIT_GROWTH_TIMES * g->came + YZ_GIT_GROWTH_FREE ? 0 : too_much(err);
}

static int begin_stream(struct yz_growth *g, struct yz_error *err) {
  int rc = count(g, g->size, err);
  if (rc != 0) return rc;
  g->n_lengths = 0;
  g->place = IN_STREAM;
  if (g->streaming) return inflateReset(&g->z) == Z_OK ? 0 : malformed(err);
  if (inflateInit(&g->z) != Z_OK) return yz_git_no_memory(err);
  g->streaming = true;
  return 0;
}

static unsigned depth_at(const struct yz_growth *g, int64_t at) {
  size_t low = 0, high = g->n_links;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (g->links[middle].at == at) return g->links[middle].depth;
    if (g->links[middle].at < at)
      low = middle + 1;
    else
      high = middle;
  }
  return 0;
}

/* Once it is known how far back the base is. */
static int add_link(struct yz_growth *g, struct yz_error *err) {
  struct link link = {g->at, 1 + depth_at(g, g->at - g->back)};
  if (link.depth > DEPTH_MAX) return yz_toil_fail(err);
  if (g->n_links == g->room) {
    size_t room = g->room == 0 ? 64 : 2 * g->room;
    struct link *grown = reallocarray(g->links, room, sizeof *grown);
    if (grown == NULL) return yz_git_no_memory(err);
    g->links = grown;
    g->room = room;
  }
  g->links[g->n_links++] = link;
  return begin_stream(g, err);
}

/* The number of bytes of base that follow is 20, or not known. */
static int begin_base(struct yz_growth *g, struct yz_error *err) {
  g->have = 0;
  g->back = 0;
  if (g->type == BASE_BACK) g->place = AT_BACK;
  if (g->type == BASE_NAMED) g->place = AT_NAME;
  return g->type == BASE_BACK || g->type == BASE_NAMED ? 0 : begin_stream(g, err);
}

static int take_byte(struct yz_growth *g, unsigned char byte, struct yz_error *err) {
  switch (g->place) {
  case IN_HEAD:
    g->head[g->have++] = byte;
    if (g->have < HEAD) return 0;
    if (memcmp(g->head, "PACK", 4) != 0) return malformed(err);
    g->left = (uint32_t)g->head[8] << 24 | (uint32_t)g->head[9] << 16 | (uint32_t)g->head[10] << 8 |
              g->head[11];
    if (g->left > YZ_GIT_MAX_OBJECTS) return too_much(err);
    g->place = g->left > 0 ? AT_OBJECT : PAST_ALL;
    return 0;
  case AT_OBJECT:
    g->type = byte >> 4 & 7;
    g->size = byte & 15;
    g->shift = 4;
    break;
  case IN_SIZE:
    if (g->shift > 56) return malformed(err);
    g->size |= (uint64_t)(byte & 0x7f) << g->shift;
    g->shift += 7;
    break;
  case AT_BACK:
    if (++g->have > BACK_BYTES) return malformed(err);
    g->back = (g->back + (g->have > 1)) * 128 + (byte & 0x7f);
    return (byte & 0x80) != 0 ? 0 : add_link(g, err);
  case AT_NAME:
    return ++g->have < YZ_OID_LEN ? 0 : begin_stream(g, err);
  case IN_STREAM:
  case PAST_ALL:
    return 0;
  }
  if ((byte & 0x80) == 0) return begin_base(g, err);
  g->place = IN_SIZE;
  return 0;
}

/* One of a delta's lengths; false: not all of it is there. */
static bool read_length(const unsigned char **at, const unsigned char *end, uint64_t *out) {
  *out = 0;
  for (unsigned shift = 0; *at < end && shift < 7 * SIZE_BYTES; shift += 7) {
    unsigned char byte = *(*at)++;
    if (shift < 64) *out |= (uint64_t)(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

/* What a delta says of itself, once it is there. */
static int count_delta(struct yz_growth *g, const unsigned char *bytes, size_t n, bool last,
                       struct yz_error *err) {
  const unsigned char *at = g->lengths, *end;
  uint64_t base, makes;
  if (g->n_lengths == sizeof g->lengths) return 0;
  size_t some = sizeof g->lengths - g->n_lengths < n ? sizeof g->lengths - g->n_lengths : n;
  memcpy(g->lengths + g->n_lengths, bytes, some);
  g->n_lengths += some;
  end = g->lengths + g->n_lengths;
  if (!read_length(&at, end, &base) || !read_length(&at, end, &makes))
    return last || g->n_lengths == sizeof g->lengths ? malformed(err) : 0;
  g->n_lengths = sizeof g->lengths;
  if (base > YZ_GIT_MAX_OBJECT) makes = base; /* too large, as what it makes would be */
  return count(g, makes, err);
}

/* As much of the stream as is there; *at moves behind it. */
static int inflate_some(struct yz_growth *g, const unsigned char **at, const unsigned char *end,
                        struct yz_error *err) {
  unsigned char sink[SINK];
  int zrc = Z_OK, rc = 0;
  g->z.next_in = (unsigned char *)(uintptr_t)*at;
  g->z.avail_in = (uInt)(end - *at);
  do {
    g->z.next_out = sink;
    g->z.avail_out = sizeof sink;
    zrc = inflate(&g->z, Z_NO_FLUSH);
    if (zrc == Z_MEM_ERROR) return yz_git_no_memory(err);
    if ((zrc != Z_OK && zrc != Z_STREAM_END && zrc != Z_BUF_ERROR) || g->z.total_out > g->size)
      return malformed(err);
    if (g->type == BASE_BACK || g->type == BASE_NAMED)
      rc = count_delta(g, sink, sizeof sink - g->z.avail_out, zrc == Z_STREAM_END, err);
  } while (rc == 0 && zrc != Z_STREAM_END && g->z.avail_out == 0);
  *at = g->z.next_in;
  if (rc != 0 || zrc != Z_STREAM_END) return rc;
  if (g->z.total_out != g->size) return malformed(err);
  g->place = --g->left > 0 ? AT_OBJECT : PAST_ALL;
  return 0;
}

int yz_growth_feed(struct yz_growth *g, const void *bytes, size_t n, struct yz_error *err) {
  const unsigned char *at = bytes, *end = at + n;
  int rc = 0;
  g->came += (int64_t)n;
  while (rc == 0 && at < end && g->place != PAST_ALL) {
    if (g->place == AT_OBJECT) g->at = g->came - (end - at);
    rc = g->place == IN_STREAM ? inflate_some(g, &at, end, err) : take_byte(g, *at++, err);
  }
  return rc;
}
