/* From the store to git: what this node cut becomes commits of its own branches, then
 * the refs move. FORMAT.md §9, §10. (Reading the commits of others: branch_commit.c.) */
#include "station_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/piece.h>

enum {
  FILES_MAX = 2048,
  KEYS_COMMIT = 16 * 1024 /* bytes of keys files in one commit, unless one is larger */
};

/* A file or segment that no commit has yet. */
struct loose {
  char path[YZ_MAX_PATH];
  int64_t first, last; /* of the segment it belongs to; 0: none (ack.json, epoch.json) */
  int64_t other;       /* of another log's, whose batch it takes the place of; 0: none */
  struct yz_buf bytes;
};

struct work {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_log_row *log;
  const char *ref;
  struct loose *files;
  size_t n;
  struct yz_error *err;
};

static struct loose *add_loose(struct work *w, const char *path) {
  if (w->n == FILES_MAX) return NULL;
  struct loose *f = &w->files[w->n++];
  const char *ending;
  struct yz_id log;
  *f = (struct loose){0};
  snprintf(f->path, sizeof f->path, "%s", path);
  if (!yz_path_read(path, &f->first, &ending)) f->first = 0;
  if (!yz_path_read_other(path, &log, &f->other, &ending) || strcmp(ending, "json") == 0)
    f->other = 0;
  return f;
}

static int keep_file(void *arg, const char *path, const void *bytes, size_t n) {
  struct work *w = arg;
  struct loose *f = add_loose(w, path);
  return f && yz_buf_append(&f->bytes, bytes, n) ? yz_no_memory(w->err) : YZ_OK;
}

static int keep_segment(void *arg, const struct yz_segment_row *row) {
  struct work *w = arg;
  char path[YZ_MAX_PATH];

  yz_path_of(row->first, "jsonl", path);
  struct loose *f = add_loose(w, path);
  if (!f) return YZ_OK;
  f->last = row->last;
  return station_segment_bytes(w->st, row, &f->bytes, w->err);
}

/* By segment; what belongs to none comes last. Within one, the segment's own file first. Before
 * all, what belongs to other logs; but a log is known by its first segment. */
static int by_segment(const void *a, const void *b) {
  const struct loose *x = a, *y = b;
  if ((x->first == 1) != (y->first == 1)) return x->first == 1 ? -1 : 1;
  if ((x->other == 0) != (y->other == 0)) return x->other == 0 ? 1 : -1;
  if ((x->first == 0) != (y->first == 0)) return x->first == 0 ? 1 : -1;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  if ((x->last == 0) != (y->last == 0)) return x->last == 0 ? 1 : -1;
  return strcmp(x->path, y->path);
}

/* What belongs to none comes first: the epoch. */
static int by_first(const void *a, const void *b) {
  const struct loose *x = a, *y = b;
  if (x->first != y->first) return x->first < y->first ? -1 : 1;
  return strcmp(x->path, y->path);
}

static void work_finish(struct work *w) {
  for (size_t i = 0; i < w->n; i++) yz_buf_finish(&w->files[i].bytes);
  free(w->files);
}

/* The files of one commit: files[from] to files[to - 1]. Appends its bytes to the
 * store and writes it; *parent becomes it. */
static int commit_files(struct work *w, size_t from, size_t to, const char *message,
                        struct yz_oid *parent, bool *has_parent) {
  const struct yz_store *store = w->st->store;
  const struct yz_world *world = w->st->world;
  struct yz_change *changes = calloc(to - from, sizeof *changes);
  const char **paths = calloc(to - from, sizeof *paths);
  struct yz_buf bytes = {0};
  struct yz_oid oid;
  int rc = changes && paths ? YZ_OK : yz_no_memory(w->err);

  for (size_t i = from; !rc && i < to; i++) {
    changes[i - from] =
        (struct yz_change){w->files[i].path, w->files[i].bytes.data, w->files[i].bytes.len};
    paths[i - from] = w->files[i].path;
  }
  if (!rc)
    rc = yz_ledger_prepare(w->git, *has_parent ? parent : NULL, changes, to - from, message,
                           world->now_ms(world->ctx), w->st->seed, &bytes, w->err);
  if (!rc) rc = yz_ledger_write_commit(w->git, bytes.data, bytes.len, &oid, w->err);
  if (!rc)
    rc = store->put_commit(store->ctx, &w->log->ledger, w->ref, &oid, bytes.data, bytes.len, paths,
                           to - from, w->err);
  if (!rc) {
    *parent = oid;
    *has_parent = true;
  }
  free(changes);
  free(paths);
  yz_buf_finish(&bytes);
  return rc;
}

/* In log/, one commit a segment, or a batch in place of one that is there; the acknowledgement
 * with the last one. */
static int commit_segments(struct work *w, struct yz_oid *tip, bool *has_tip) {
  char message[80];
  size_t from = 0;
  int rc = YZ_OK;

  while (!rc && from < w->n) {
    const struct loose *f = &w->files[from];
    size_t to = from + 1;
    while (!f->other && to < w->n && !w->files[to].other &&
           (w->files[to].first == f->first || w->files[to].first == 0))
      to++;
    if (f->other)
      snprintf(message, sizeof message, "batch %lld", (long long)f->other);
    else if (f->first == 0)
      snprintf(message, sizeof message, "acknowledgement");
    else if (f->last == 0)
      snprintf(message, sizeof message, "batch %lld", (long long)f->first);
    else
      snprintf(message, sizeof message, "records %lld-%lld", (long long)f->first,
               (long long)f->last);
    rc = commit_files(w, from, to, message, tip, has_tip);
    from = to;
  }
  return rc;
}

/* "keys", and which segments' they are. */
static void say_keys(const struct work *w, size_t from, size_t to, char *out, size_t n) {
  int64_t first = 0, last = 0;

  for (size_t i = from; i < to; i++) {
    if (!first) first = w->files[i].first;
    if (w->files[i].first) last = w->files[i].first;
  }
  if (last)
    snprintf(out, n, "keys %lld-%lld", (long long)first, (long long)last);
  else
    snprintf(out, n, "keys");
}

/* In keys/, a commit for so many as a link that keeps breaking still lets through. The epoch
 * comes with the first. */
static int commit_keys(struct work *w, struct yz_oid *tip, bool *has_tip) {
  char message[80];
  size_t from = 0;
  int rc = YZ_OK;

  while (!rc && from < w->n) {
    size_t to = from + 1, bytes = w->files[from].bytes.len;
    while (to < w->n && bytes + w->files[to].bytes.len <= KEYS_COMMIT)
      bytes += w->files[to++].bytes.len;
    say_keys(w, from, to, message, sizeof message);
    rc = commit_files(w, from, to, message, tip, has_tip);
    from = to;
  }
  return rc;
}

/* One flush for all the objects of a round. */
static int commit_all(struct work *w, bool keys, struct yz_oid *tip, bool *has_tip) {
  int rc = yz_ledger_hold(w->git, w->err);

  if (rc) return rc;
  qsort(w->files, w->n, sizeof *w->files, keys ? by_first : by_segment);
  rc = keys ? commit_keys(w, tip, has_tip) : commit_segments(w, tip, has_tip);
  int released = yz_ledger_release(w->git, rc == YZ_OK, rc ? NULL : w->err);
  return rc ? rc : released;
}

/* The ref follows the store's tip, wherever it stood. */
static int move_to_tip(struct work *w, const struct yz_oid *tip) {
  struct yz_oid now;
  bool found;
  int rc = station_find_ref(w->git, w->ref, &now, &found, w->err);

  return rc ? rc : yz_ledger_move_ref(w->git, w->ref, found ? &now : NULL, tip, w->err);
}

/* One round, of at most FILES_MAX files; *more: there may be others. */
static int commit_round(struct work *w, bool keys, struct yz_oid *tip, bool *has_tip, bool *more) {
  const struct yz_store *store = w->st->store;

  int rc = store->begin(store->ctx, w->err);
  if (rc) return rc;
  rc = store->get_tip(store->ctx, &w->log->ledger, w->ref, tip, w->err);
  *has_tip = rc == YZ_OK;
  if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  if (!rc && !keys)
    rc = store->each_loose_segment(store->ctx, &w->log->id, keep_segment, w, w->err);
  if (!rc) rc = store->each_loose_file(store->ctx, &w->log->ledger, w->ref, keep_file, w, w->err);
  *more = w->n == FILES_MAX;
  if (!rc && w->n) rc = commit_all(w, keys, tip, has_tip);
  return station_end(w->st, rc, w->err);
}

static int commit_ref(const struct yz_station *st, struct yz_ledger *git,
                      const struct yz_log_row *log, const char *ref, bool keys,
                      struct yz_error *err) {
  bool has_tip = false, more = true;
  struct yz_oid tip;
  int rc = YZ_OK;

  while (!rc && more) {
    struct work w = {.st = st, .git = git, .log = log, .ref = ref, .err = err};
    w.files = malloc(FILES_MAX * sizeof *w.files);
    rc = w.files ? commit_round(&w, keys, &tip, &has_tip, &more) : yz_no_memory(err);
    if (!rc && has_tip) rc = move_to_tip(&w, &tip);
    work_finish(&w);
  }
  return rc;
}

static int is_any(void *arg, const char *path, const void *bytes, size_t n) {
  (void)arg, (void)path, (void)bytes, (void)n;
  return 1;
}

int station_publish_emptied(const struct yz_station *st, struct yz_ledger *git,
                            const struct yz_log_row *log, struct yz_error *err) {
  const struct yz_store *store = st->store;
  char ref[REF_ROOM];

  station_ref("refs/heads/", "keys", &log->id, ref);
  int rc = store->each_loose_file(store->ctx, &log->ledger, ref, is_any, NULL, err);
  return rc > 0 ? commit_ref(st, git, log, ref, true, err) : rc;
}

int station_publish_log(const struct yz_station *st, struct yz_ledger *git,
                        const struct yz_log_row *log, struct yz_error *err) {
  char ref[REF_ROOM];

  station_ref("refs/heads/", "keys", &log->id, ref);
  int rc = commit_ref(st, git, log, ref, true, err);
  if (rc) return rc;
  station_ref("refs/heads/", "log", &log->id, ref);
  return commit_ref(st, git, log, ref, false, err);
}

/* --- pieces -------------------------------------------------------------- */

/* Which pieces the next commits bring: as many as `bytes` may be, were all of them whole. */
struct choice {
  struct yz_hash *pieces;
  size_t n, room;
  bool more;
};

static int choose(void *arg, const struct yz_hash *piece) {
  struct choice *c = arg;

  c->more = c->n == c->room;
  if (c->more) return 1;
  c->pieces[c->n++] = *piece;
  return YZ_OK;
}

static int load_pieces(struct work *w, const struct choice *c) {
  const struct yz_store *store = w->st->store;
  int rc = YZ_OK;

  for (size_t i = 0; !rc && i < c->n; i++) {
    char path[YZ_MAX_PATH];
    yz_piece_path(&c->pieces[i], path);
    struct loose *f = add_loose(w, path);
    rc = store->get_piece(store->ctx, &c->pieces[i], &f->bytes, w->err);
    if (!rc)
      rc = store->put_file(store->ctx, &w->log->ledger, w->ref, path, f->bytes.data, f->bytes.len,
                           w->err);
  }
  return rc;
}

/* The commits, each of about as many bytes as a step over a link may have. */
static int commit_pieces(struct work *w, struct yz_oid *tip, bool *has_tip) {
  char message[32];
  size_t from = 0;

  int rc = yz_ledger_hold(w->git, w->err);
  if (rc) return rc;
  while (!rc && from < w->n) {
    size_t to = from + 1, bytes = w->files[from].bytes.len;
    while (to < w->n && bytes + w->files[to].bytes.len <= YZ_MAX_PIECE)
      bytes += w->files[to++].bytes.len;
    (void)snprintf(message, sizeof message, "pieces %zu", to - from);
    rc = commit_files(w, from, to, message, tip, has_tip);
    from = to;
  }
  int released = yz_ledger_release(w->git, rc == YZ_OK, rc ? NULL : w->err);
  return rc ? rc : released;
}

static int publish_chosen(struct work *w, const struct choice *c) {
  const struct yz_store *store = w->st->store;
  bool has_tip = false;
  struct yz_oid tip;

  int rc = store->begin(store->ctx, w->err);
  if (rc) return rc;
  rc = store->get_tip(store->ctx, &w->log->ledger, w->ref, &tip, w->err);
  has_tip = rc == YZ_OK;
  if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  if (!rc) rc = load_pieces(w, c);
  if (!rc) rc = commit_pieces(w, &tip, &has_tip);
  rc = station_end(w->st, rc, w->err);
  return rc ? rc : move_to_tip(w, &tip);
}

/* A process that died may have left the ref behind what the store holds. */
static int follow_tip(struct work *w) {
  const struct yz_store *store = w->st->store;
  struct yz_oid tip;
  int rc = store->get_tip(store->ctx, &w->log->ledger, w->ref, &tip, w->err);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc ? rc : move_to_tip(w, &tip);
}

int station_publish_pieces(const struct yz_station *st, struct yz_ledger *git,
                           const struct yz_ledger_row *ledger, int64_t bytes, bool *more,
                           struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_log_row log;
  char ref[REF_ROOM];
  struct work w = {.st = st, .git = git, .log = &log, .ref = ref, .err = err};
  struct choice c = {.room = bytes < YZ_MAX_PIECE ? 1 : (size_t)(bytes / YZ_MAX_PIECE)};

  if (c.room > FILES_MAX) c.room = FILES_MAX;
  int rc = store->get_log(store->ctx, &ledger->own, &log, err);
  station_ref("refs/heads/", station_kinds[YZ_KIND_FILES], &ledger->own, ref);
  c.pieces = calloc(c.room, sizeof *c.pieces);
  w.files = calloc(c.room, sizeof *w.files);
  if (!rc && (!c.pieces || !w.files)) rc = yz_no_memory(err);
  if (!rc) rc = store->each_piece(store->ctx, &ledger->id, choose, &c, err);
  /* Where nothing is written yet there is nothing to go. */
  bool none = rc == YZ_E_NOT_FOUND;
  if (rc > 0 || none) rc = YZ_OK;
  *more = c.more;
  if (!rc && !none && !c.n) rc = follow_tip(&w);
  if (!rc && c.n) rc = publish_chosen(&w, &c);
  work_finish(&w);
  free(c.pieces);
  return rc;
}
