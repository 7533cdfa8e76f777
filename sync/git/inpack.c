/* The commits with which a pack begins, read while it comes: git puts commits first, each whole.
 *
 *   "PACK" version (4) count (4), then objects: type and size (7 bits a byte, the first with
 *   three bits of type), of a delta where its base begins, zlib stream (gitformat-pack(5))
 *
 * Read up to the first object that is no commit, nor one that is told by how it differs from an
 * earlier one; up to the first that does not hold, or is larger than a commit may be. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sync/git/git.h"

enum { HEAD = 12, COMMIT = 1, DELTA = 6, ROOM = 2 * YZ_GIT_MAX_COMMIT };
enum { MOST_KEPT = YZ_LIMIT(16384, 64), MOST_BYTES = YZ_LIMIT(16 * 1024 * 1024, 4096) };

/* A commit that came, where in the pack: a later one may be told by how it differs from it. */
struct kept {
  size_t at, len;
  unsigned char *bytes;
};

/* bytes: what came and is not yet looked at; over: no commits come any more. */
struct yz_inpack {
  yz_commit_fn found;
  void *ctx;
  unsigned char bytes[ROOM], inflated[YZ_GIT_MAX_COMMIT + 1], made[YZ_GIT_MAX_COMMIT];
  size_t len, at; /* at: where in the pack */
  bool begun, over;
  struct kept *kept; /* by place */
  size_t n, cap, kept_bytes;
};

/* An object as it stands at the front of the stream. */
struct front {
  unsigned type;
  size_t head, size; /* before its zlib stream; when inflated */
  size_t back;       /* of a delta: how far before it its base begins */
};

/* How far back the base is: 7 bits a byte, the first highest, one added for each further. */
static bool read_back(const struct yz_inpack *in, struct front *f) {
  size_t at = f->head;
  if (at == in->len) return false;
  f->back = in->bytes[at] & 0x7f;
  while ((in->bytes[at] & 0x80) != 0) {
    if (++at == in->len || at - f->head > 5) return false;
    f->back = (f->back + 1) << 7 | (in->bytes[at] & 0x7f);
  }
  f->head = at + 1;
  return true;
}

/* Type and size of the object at the front; false: more must come, or it is over. */
static bool read_front(struct yz_inpack *in, struct front *f) {
  size_t at = 0;
  unsigned shift = 4;
  if (in->len == 0) return false;
  f->type = in->bytes[0] >> 4 & 7;
  f->size = in->bytes[0] & 15;
  in->over = f->type != COMMIT && f->type != DELTA;
  while ((in->bytes[at] & 0x80) != 0 && !in->over) {
    if (++at == in->len) return false;
    f->size |= (size_t)(in->bytes[at] & 0x7f) << shift;
    shift += 7;
    in->over = shift > 25;
  }
  f->head = at + 1;
  in->over = in->over || f->size > YZ_GIT_MAX_COMMIT;
  return !in->over && (f->type != DELTA || read_back(in, f));
}

/* What the object at the front holds, if all of it is there; *used: bytes of the stream. */
static bool inflate_front(struct yz_inpack *in, const struct front *f, void *out, size_t *used) {
  z_stream z = {.next_in = in->bytes + f->head,
                .avail_in = (uInt)(in->len - f->head),
                .next_out = out,
                .avail_out = (uInt)f->size + 1};
  if (inflateInit(&z) != Z_OK) return false;
  int rc = inflate(&z, Z_FINISH);
  bool whole = rc == Z_STREAM_END && z.total_out == f->size;
  in->over = in->over || (rc != Z_STREAM_END && rc != Z_BUF_ERROR) ||
             (rc == Z_STREAM_END && !whole) || (rc == Z_BUF_ERROR && z.avail_out == 0);
  *used = f->head + z.total_in;
  (void)inflateEnd(&z);
  return whole;
}

static const struct kept *find_base(const struct yz_inpack *in, size_t back) {
  size_t low = 0, high = in->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (in->kept[middle].at == in->at - back) return &in->kept[middle];
    if (in->kept[middle].at < in->at - back)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* A length in a delta: 7 bits a byte, the first lowest. */
static bool read_length(const unsigned char **at, const unsigned char *end, size_t *out) {
  unsigned shift = 0;
  *out = 0;
  do {
    if (*at == end || shift > 28) return false;
    *out |= (size_t)(**at & 0x7f) << shift;
    shift += 7;
  } while ((*(*at)++ & 0x80) != 0);
  return true;
}

/* What one order of a delta copies: from the base, or from itself. */
static bool read_order(const unsigned char **at, const unsigned char *end, const struct kept *base,
                       const unsigned char **from, size_t *n) {
  unsigned order = *(*at)++;
  size_t offset = 0;
  *n = order;
  *from = *at;
  if (order < 0x80) {
    *at += order <= (size_t)(end - *at) ? order : 0;
    return order > 0 && *at == *from + order;
  }
  *n = 0;
  for (unsigned bit = 0; bit < 7; bit++) {
    if ((order >> bit & 1) == 0) continue;
    if (*at == end) return false;
    if (bit < 4)
      offset |= (size_t) * (*at)++ << 8 * bit;
    else
      *n |= (size_t) * (*at)++ << 8 * (bit - 4);
  }
  if (*n == 0) *n = 0x10000;
  *from = base->bytes + offset;
  return offset <= base->len && *n <= base->len - offset;
}

/* The commit that a delta makes of its base; 0: none. */
static size_t apply(const struct kept *base, const unsigned char *delta, size_t len,
                    unsigned char *out, size_t room) {
  const unsigned char *at = delta, *end = delta + len, *from;
  size_t source, size, n, done = 0;
  if (!read_length(&at, end, &source) || !read_length(&at, end, &size) || source != base->len ||
      size > room)
    return 0;
  while (at < end) {
    if (!read_order(&at, end, base, &from, &n) || n > size - done) return 0;
    memcpy(out + done, from, n);
    done += n;
  }
  return done == size ? size : 0;
}

static void keep(struct yz_inpack *in, const void *commit, size_t size) {
  struct kept *k;
  if (in->n == in->cap) {
    size_t cap = in->cap == 0 ? 64 : 2 * in->cap;
    void *grown = cap > MOST_KEPT ? NULL : reallocarray(in->kept, cap, sizeof *in->kept);
    in->over = grown == NULL;
    if (in->over) return;
    in->kept = grown;
    in->cap = cap;
  }
  k = &in->kept[in->n];
  *k = (struct kept){.at = in->at, .len = size, .bytes = malloc(size + 1)};
  in->kept_bytes += size;
  in->over = k->bytes == NULL || in->kept_bytes > MOST_BYTES;
  if (k->bytes == NULL) return;
  memcpy(k->bytes, commit, size);
  in->n++;
}

static bool take_one(struct yz_inpack *in) {
  const unsigned char *commit = in->inflated;
  struct front f = {0};
  size_t used;
  if (!read_front(in, &f) || !inflate_front(in, &f, in->inflated, &used)) return false;
  if (f.type == DELTA) {
    const struct kept *base = find_base(in, f.back);
    f.size = base == NULL ? 0 : apply(base, in->inflated, f.size, in->made, sizeof in->made);
    commit = in->made;
    in->over = f.size == 0; /* of something else */
    if (in->over) return false;
  }
  in->found(in->ctx, commit, f.size);
  keep(in, commit, f.size);
  in->at += used;
  in->len -= used;
  memmove(in->bytes, in->bytes + used, in->len);
  return true;
}

struct yz_inpack *yz_inpack_create(yz_commit_fn found, void *ctx) {
  struct yz_inpack *in = calloc(1, sizeof *in);
  if (in == NULL) return NULL;
  in->found = found;
  in->ctx = ctx;
  return in;
}

void yz_inpack_destroy(struct yz_inpack *in) {
  if (in == NULL) return;
  for (size_t i = 0; i < in->n; i++) free(in->kept[i].bytes);
  free(in->kept);
  free(in);
}

/* As much at a time as there is room for. */
void yz_inpack_feed(struct yz_inpack *in, const void *bytes, size_t n) {
  const unsigned char *from = bytes;
  while (n > 0 && !in->over) {
    size_t some = n < ROOM - in->len ? n : ROOM - in->len;
    memcpy(in->bytes + in->len, from, some);
    in->len += some;
    from += some;
    n -= some;
    if (!in->begun) {
      if (in->len < HEAD) return;
      in->begun = true;
      in->len -= HEAD;
      in->at = HEAD;
      memmove(in->bytes, in->bytes + HEAD, in->len);
    }
    while (!in->over && take_one(in)) continue;
    in->over = in->over || in->len == ROOM;
  }
}
