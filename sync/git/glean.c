/* A pack on its way in, looked at while it comes. git puts commits first, each whole, so that
 * of a fetch that is cut at least the way is known: way.c.
 *
 *   "PACK" version (4) count (4), then objects: type and size (7 bits a byte, the first with
 *   three bits of type), of a delta where its base begins, zlib stream (gitformat-pack(5)) */
#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sync/git/git.h"

enum { HEAD = 12, PRIORITY = 9, COMMIT = 1, DELTA = 6, ROOM = 2 * YZ_GIT_MAX_COMMIT };
enum { MOST_KEPT = 16384, MOST_BYTES = 16 * 1024 * 1024 };

struct gleaning {
  git_odb_backend parent;
  struct yz_way *way;
  const char *packs;
};

/* A commit that came, where in the pack: a later one may be told by how it differs from it. */
struct kept {
  size_t at, len;
  unsigned char *bytes;
};

/* What came and is not yet looked at; over: no commits come any more. */
struct stream {
  unsigned char *bytes;
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

struct writing {
  git_odb_writepack parent;
  git_indexer *indexer;
  struct yz_way *way;
  struct stream in;
};

/* How far back the base is: 7 bits a byte, the first highest, one added for each further. */
static bool read_back(const struct stream *in, struct front *f) {
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
static bool read_front(struct stream *in, struct front *f) {
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
    in->over = shift > 32;
  }
  f->head = at + 1;
  in->over = in->over || f->size > YZ_GIT_MAX_COMMIT;
  return !in->over && (f->type != DELTA || read_back(in, f));
}

/* What the object at the front holds, if all of it is there; *used: bytes of the stream. */
static bool inflate_front(struct stream *in, const struct front *f, void *out, size_t *used) {
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

static const struct kept *find_base(const struct stream *in, size_t back) {
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

static void keep(struct stream *in, const void *commit, size_t size) {
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

static void note(struct yz_way *way, const void *commit, size_t size) {
  struct yz_commit_head head;
  git_oid id, parent = {{0}};
  if (!yz_commit_head_parse(commit, size, &head) ||
      git_odb_hash(&id, commit, size, GIT_OBJECT_COMMIT) < 0)
    return;
  if (head.n_parents > 0) parent = yz_commit_head_parent(&head, 0);
  yz_way_note(way, &id, &parent);
}

static bool take_one(struct writing *w) {
  static unsigned char bytes[YZ_GIT_MAX_COMMIT + 1], made[YZ_GIT_MAX_COMMIT];
  const unsigned char *commit = bytes;
  struct stream *in = &w->in;
  struct front f = {0};
  size_t used;
  if (!read_front(in, &f) || !inflate_front(in, &f, bytes, &used)) return false;
  if (f.type == DELTA) {
    const struct kept *base = find_base(in, f.back);
    f.size = base == NULL ? 0 : apply(base, bytes, f.size, made, sizeof made);
    commit = made;
    in->over = f.size == 0; /* of something else */
    if (in->over) return false;
  }
  note(w->way, commit, f.size);
  keep(in, commit, f.size);
  in->at += used;
  in->len -= used;
  memmove(in->bytes, in->bytes + used, in->len);
  return true;
}

/* As much at a time as there is room for. */
static void look_at(struct writing *w, const unsigned char *bytes, size_t n) {
  struct stream *in = &w->in;
  while (n > 0 && !in->over) {
    size_t some = n < ROOM - in->len ? n : ROOM - in->len;
    memcpy(in->bytes + in->len, bytes, some);
    in->len += some;
    bytes += some;
    n -= some;
    if (!in->begun) {
      if (in->len < HEAD) return;
      in->begun = true;
      in->len -= HEAD;
      in->at = HEAD;
      memmove(in->bytes, in->bytes + HEAD, in->len);
    }
    while (!in->over && take_one(w)) continue;
    in->over = in->over || in->len == ROOM;
  }
}

static int on_append(git_odb_writepack *pack, const void *bytes, size_t n,
                     git_indexer_progress *stats) {
  struct writing *w = (struct writing *)pack;
  look_at(w, bytes, n);
  return git_indexer_append(w->indexer, bytes, n, stats);
}

static int on_commit(git_odb_writepack *pack, git_indexer_progress *stats) {
  return git_indexer_commit(((struct writing *)pack)->indexer, stats);
}

static void on_free(git_odb_writepack *pack) {
  struct writing *w = (struct writing *)pack;
  git_indexer_free(w->indexer);
  for (size_t i = 0; i < w->in.n; i++) free(w->in.kept[i].bytes);
  free(w->in.kept);
  free(w->in.bytes);
  free(w);
}

static int on_writepack(git_odb_writepack **out, git_odb_backend *backend, git_odb *odb,
                        git_indexer_progress_cb progress, void *payload) {
  struct gleaning *g = (struct gleaning *)backend;
  git_indexer_options how = {.version = GIT_INDEXER_OPTIONS_VERSION,
                             .progress_cb = progress,
                             .progress_cb_payload = payload};
  struct writing *w = calloc(1, sizeof *w);
  if (w == NULL || (w->in.bytes = malloc(ROOM)) == NULL) {
    free(w);
    git_error_set_oom();
    return GIT_ERROR;
  }
  w->parent = (git_odb_writepack){
      .backend = backend, .append = on_append, .commit = on_commit, .free = on_free};
  w->way = g->way;
  int rc = git_indexer_new(&w->indexer, g->packs, 0, odb, &how);
  if (rc == 0)
    *out = &w->parent;
  else
    on_free(&w->parent);
  return rc;
}

static void on_end(git_odb_backend *backend) {
  free(backend);
}

int yz_git_glean(git_odb *odb, const char *packs, struct yz_way *way) {
  struct gleaning *g = calloc(1, sizeof *g);
  if (g == NULL) {
    git_error_set_oom();
    return GIT_ERROR;
  }
  int rc = git_odb_init_backend(&g->parent, GIT_ODB_BACKEND_VERSION);
  g->parent.writepack = on_writepack;
  g->parent.free = on_end;
  g->way = way;
  g->packs = packs;
  if (rc == 0) rc = git_odb_add_backend(odb, &g->parent, PRIORITY);
  if (rc < 0) free(g);
  return rc;
}
