/* From a branch's commits to files that count: FORMAT.md §9, §10.
 *
 * A commit counts when it is signed by the log's node, has the commit before it as
 * its only parent, and changes only what the tables of §9 allow; in log/ at most
 * one segment, which is new here and valid. Each is taken whole, or not at all. */
#include "branch.h"
#include <stdlib.h>
#include <string.h>
#include <yizhan/piece.h>

int branch_unread(struct branch *b, int rc, const char **rule) {
  bool ours = rc == YZ_E_MEMORY || rc == YZ_E_IO || rc == YZ_E_FULL || rc == YZ_E_BUSY ||
              rc == YZ_E_INTERNAL;

  if (ours)
    return yz_fail(b->in->err, rc,
                   YZ_N_("A branch could not be read. Look at the disk, then try again."), "%s",
                   b->ref);
  *rule = "commit.tree";
  return YZ_OK;
}

/* Is this a file that may stand in such a branch? Of another log's segment: its keys, or a batch in
 * place of its own. */
static bool allowed(const struct changes *c, const char *path, int64_t *first, const char **ending,
                    bool *other) {
  bool keys = c->kind == YZ_KIND_KEYS;
  struct yz_hash piece;
  struct yz_id log;

  *first = 0;
  *ending = path + strlen(path);
  if (c->kind == YZ_KIND_FILES) return yz_piece_path_read(path, &piece);
  if (strcmp(path, keys ? "epoch.json" : "ack.json") == 0) return true;
  *other = yz_path_read_other(path, &log, first, ending);
  if (*other && yz_equal(&log, &c->log, sizeof log)) return false;
  if (!*other && !yz_path_read(path, first, ending)) return false;
  bool json = strcmp(*ending, "json") == 0, segment = strcmp(*ending, "jsonl") == 0;
  return keys ? json : !json && !(*other && segment);
}

static int keep_change(void *arg, const char *path, const struct yz_oid *blob, bool deleted) {
  struct changes *c = arg;
  int64_t first;
  const char *ending;
  bool other = false;

  c->bad = c->bad || deleted || c->n == FILES_MAX || !allowed(c, path, &first, &ending, &other);
  if (c->bad) return 1;
  struct file *f = &c->files[c->n++];
  *f = (struct file){.blob = *blob, .first = first, .other = other};
  memcpy(f->path, path, strlen(path) + 1);
  f->ending = f->path + (ending - path);
  return 0;
}

/* An epoch never goes back. */
static int check_epoch(struct branch *b, const struct yz_buf *epoch, const char **rule) {
  int64_t n, n_known;

  int rc = branch_epoch(b, &n_known);
  if (!rc && (yz_epoch_read((char *)epoch->data, epoch->len, &b->row->id, &n, NULL) || n < n_known))
    *rule = "keys.epoch";
  return rc;
}

/* Keys of another log's batch, wrapped by who has not heard yet that it holds what is erased,
 * would open it for ever: keys/ of a lower epoch bring none. */
static int check_other(struct branch *b, const struct changes *c, const struct file *f,
                       const char **rule) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  struct yz_segment_row row = {0};
  struct erased erased = {0};
  int64_t epoch, count;
  struct yz_id other;
  const char *ending;

  if (!in->erases || c->kind != YZ_KIND_KEYS ||
      !yz_path_read_other(f->path, &other, &row.first, &ending))
    return YZ_OK;
  int rc = branch_epoch(b, &epoch);
  if (!rc) rc = store->count_erased(store->ctx, &in->ledger->id, &count, in->err);
  if (rc || epoch >= count) return rc;
  rc = store->each_segment(store->ctx, &other, row.first, station_bounds, &row, in->err);
  if (rc >= 0) rc = erased_read(in->st, &other, &erased, in->err);
  if (!rc && erased_within(&erased, row.first, row.last)) *rule = "keys.erased";
  erased_finish(&erased);
  return rc;
}

/* A piece is what its name says, and some record here says it. */
static int check_piece(struct branch *b, const struct file *f, const struct yz_buf *bytes,
                       const char **rule) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  struct yz_hash piece, is;
  bool named = false;

  yz_piece_hash(bytes->data, bytes->len, &is);
  if (!yz_piece_path_read(f->path, &piece) || !yz_equal(&piece, &is, sizeof is))
    *rule = "piece.hash";
  int rc = *rule ? YZ_OK : store->is_named(store->ctx, &in->ledger->id, &piece, &named, in->err);
  if (!rc && !*rule && !named) *rule = "piece.unknown";
  return rc;
}

static size_t most(enum yz_kind kind, const struct file *f) {
  if (kind == YZ_KIND_FILES) return YZ_MAX_PIECE;
  if (kind == YZ_KIND_KEYS) return YZ_MAX_KEYS_FILE;
  return f->first ? YZ_MAX_BATCH : YZ_MAX_ACK;
}

static int put_file(struct branch *b, const struct changes *c, const struct file *f, size_t *total,
                    const char **rule) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  struct yz_buf bytes = {0};

  int rc = yz_ledger_blob(in->git, &f->blob, most(c->kind, f), &bytes, NULL);
  rc = rc ? branch_unread(b, rc, rule) : YZ_OK;
  *total += bytes.len;
  b->taken += bytes.len;
  if (!rc && *total > YZ_MAX_COMMIT_FILES) *rule = "commit.tree";
  if (!rc && !*rule && c->kind == YZ_KIND_KEYS && !f->first) rc = check_epoch(b, &bytes, rule);
  if (!rc && !*rule) rc = check_other(b, c, f, rule);
  if (!rc && !*rule && c->kind == YZ_KIND_FILES) rc = check_piece(b, f, &bytes, rule);
  if (!rc && !*rule)
    rc = store->put_file(store->ctx, &in->ledger->id, b->ref, f->path, bytes.data, bytes.len,
                         in->err);
  yz_buf_finish(&bytes);
  return rc;
}

/* What stands at the root first: the epoch says what keys may come with it. */
static int put_files(struct branch *b, const struct changes *c, const char **rule) {
  size_t total = 0;
  int rc = YZ_OK;

  for (int root = 1; root >= 0; root--)
    for (size_t i = 0; !rc && !*rule && i < c->n; i++) {
      const struct file *f = &c->files[i];
      bool segment = c->kind == YZ_KIND_LOG && strcmp(f->ending, "jsonl") == 0;
      if (!segment && (f->first == 0) == root) rc = put_file(b, c, f, &total, rule);
    }
  return rc;
}

static bool is_new(struct branch *b, const struct file *f) {
  struct yz_buf old = {0};
  bool is = !b->has_good ||
            yz_ledger_file(b->in->git, &b->good, f->path, 0, &old, NULL) == YZ_E_NOT_FOUND;
  yz_buf_finish(&old);
  return is;
}

/* A segment is new to the branch, and a batch comes with its segment or, sealed again without what
 * was erased, in place of one that is there, or that stands in another log. */
static bool adds_whole(struct branch *b, const struct changes *c, const struct file *segment) {
  for (size_t i = 0; i < c->n; i++) {
    const struct file *f = &c->files[i];
    if (f->first && (segment ? f->other || f->first != segment->first : !f->other && is_new(b, f)))
      return false;
  }
  return !segment || is_new(b, segment);
}

/* The bytes of the commit's one segment, if it has one (*first 0: none). */
static int read_segment(struct branch *b, const struct changes *c, int64_t *first,
                        struct yz_buf *bytes, const char **rule) {
  const struct file *segment = NULL;

  *first = 0;
  for (size_t i = 0; i < c->n; i++) {
    if (strcmp(c->files[i].ending, "jsonl") != 0) continue;
    if (segment) *rule = "commit.tree";
    segment = &c->files[i];
  }
  if (!*rule && !adds_whole(b, c, segment)) *rule = "commit.tree";
  if (!segment || *rule) return YZ_OK;
  *first = segment->first;
  int rc = yz_ledger_blob(b->in->git, &segment->blob, YZ_MAX_SEGMENT, bytes, NULL);
  return rc ? branch_unread(b, rc, rule) : YZ_OK;
}

/* What was refused, and the bytes that show it. */
struct evidence {
  int64_t seq;
  struct yz_buf bytes;
};

static int take_segment(struct branch *b, const struct changes *c, struct evidence *evidence,
                        const char **rule) {
  int rc = read_segment(b, c, &evidence->seq, &evidence->bytes, rule);
  if (rc || *rule || evidence->seq == 0) return rc;
  return intake_segment(b->in, b->row, evidence->seq, &evidence->bytes, rule);
}

/* What the acknowledgement breaks is kept as evidence; the commit counts all the same. */
static int take_ack(struct branch *b, const struct changes *c) {
  struct intake *in = b->in;
  const char *rule = NULL;
  struct yz_buf line = {0};
  int rc = YZ_OK;

  for (size_t i = 0; !rc && i < c->n; i++) {
    if (c->files[i].first != 0) continue;
    rc = yz_ledger_blob(in->git, &c->files[i].blob, YZ_MAX_ACK, &line, NULL);
    rc = rc ? branch_unread(b, rc, &rule)
            : station_take_ack(in->st, b->row, line.data, line.len, &rule, in->err);
    if (!rc && rule) rc = intake_refuse(in, &b->row->id, 0, rule, b->ref, line.data, line.len);
  }
  yz_buf_finish(&line);
  return rc;
}

static int put_commit(struct branch *b, const struct yz_oid *oid, const struct yz_commit_view *view,
                      const struct changes *c) {
  const struct yz_store *store = b->in->st->store;
  const char **paths = calloc(c->n + 1, sizeof *paths);

  if (!paths) return yz_no_memory(b->in->err);
  for (size_t i = 0; i < c->n; i++) paths[i] = c->files[i].path;
  int rc = store->put_commit(store->ctx, &b->in->ledger->id, b->ref, oid, view->raw.data,
                             view->raw.len, paths, c->n, b->in->err);
  free(paths);
  return rc;
}

/* In place of those that are there: with them records may open that waited. */
static bool brings_batches(const struct branch *b, const struct changes *c,
                           const struct evidence *evidence) {
  bool batch = false;
  for (size_t i = 0; i < c->n; i++) batch = batch || c->files[i].first;
  return batch && b->kind == YZ_KIND_LOG && evidence->seq == 0;
}

/* What the commit holds, into the store; in an open transaction. */
static int take_changes(struct branch *b, const struct yz_oid *oid,
                        const struct yz_commit_view *view, const struct changes *c,
                        struct evidence *evidence, const char **rule) {
  int rc = put_files(b, c, rule);
  if (!rc && !*rule && b->kind == YZ_KIND_LOG) rc = take_segment(b, c, evidence, rule);
  if (!rc && !*rule && b->kind == YZ_KIND_LOG) rc = take_ack(b, c);
  if (!rc && !*rule) rc = put_commit(b, oid, view, c);
  b->in->keys = b->in->keys || (!rc && !*rule && brings_batches(b, c, evidence));
  if (!rc && !*rule && (b->kind == YZ_KIND_KEYS || brings_batches(b, c, evidence)))
    rc = station_mark_unjudged(b->in->st, &b->in->ledger->id, false, b->in->err);
  return rc;
}

bool branch_by_hub(const struct branch *b, const struct yz_commit_view *view) {
  if (b->kind != YZ_KIND_KEYS) return false;
  const struct yz_key *hub = yz_roster_hub(b->in->roster);
  return !yz_equal(hub, &b->row->node, sizeof *hub) &&
         yz_commit_signed_by(view->raw.data, view->raw.len, hub);
}

/* By the log's node; or keys/ as a whole by the hub, which began them anew in its place. */
static bool well_signed(struct branch *b, const struct yz_commit_view *view) {
  bool by_hub = b->has_good && !b->by_hub ? false : branch_by_hub(b, view);
  if (by_hub || (b->has_good && b->by_hub)) {
    b->by_hub = true;
    return by_hub;
  }
  b->by_hub = false;
  return yz_commit_signed_by(view->raw.data, view->raw.len, &b->row->node);
}

/* Signature and shape of a commit, before anything in it is read. */
static int check_commit(struct branch *b, const struct yz_oid *oid, struct yz_commit_view *view,
                        struct changes *c, const char **rule) {
  struct intake *in = b->in;

  int rc = yz_ledger_read_commit(in->git, oid, view, NULL);
  if (rc) return branch_unread(b, rc, rule);
  bool follows = b->has_good
                     ? view->n_parents == 1 && yz_equal(&view->parent, &b->good, sizeof b->good)
                     : view->n_parents == 0;
  if (!well_signed(b, view))
    *rule = "commit.signature";
  else if (!follows)
    *rule = "commit.tree";
  if (*rule) return YZ_OK;
  rc = yz_ledger_diff(in->git, b->has_good ? &b->good : NULL, oid, keep_change, c, NULL);
  if (c->bad) *rule = "commit.tree";
  return rc && !c->bad ? branch_unread(b, rc, rule) : YZ_OK;
}

/* What the commit brings. Refused: nothing of it is stored. */
static int store_commit(struct branch *b, const struct yz_oid *oid,
                        const struct yz_commit_view *view, const struct changes *c,
                        struct evidence *evidence, const char **rule) {
  const struct yz_store *store = b->in->st->store;
  struct yz_log_row before = *b->row;

  int rc = store->mark(store->ctx, b->in->err);
  if (!rc) rc = take_changes(b, oid, view, c, evidence, rule);
  if (rc || !*rule) return rc;
  *b->row = before;
  return store->back(store->ctx, b->in->err);
}

static int keep_evidence(struct branch *b, const struct evidence *e, const struct yz_buf *raw,
                         const char *rule) {
  const struct yz_buf *bytes = e->bytes.len ? &e->bytes : raw;

  int rc = intake_refuse(b->in, &b->row->id, e->seq, rule, b->ref, bytes->data, bytes->len);
  return rc ? rc : branch_leave_none(b);
}

int branch_take_commit(struct branch *b, const struct yz_oid *oid, const char **rule) {
  struct yz_commit_view view = {0};
  struct evidence evidence = {0};
  struct changes c = {
      .files = calloc(FILES_MAX, sizeof *c.files), .kind = b->kind, .log = b->row->id};

  *rule = NULL;
  int rc = c.files ? check_commit(b, oid, &view, &c, rule) : yz_no_memory(b->in->err);
  if (!rc && !*rule) rc = store_commit(b, oid, &view, &c, &evidence, rule);
  if (!rc && *rule) rc = keep_evidence(b, &evidence, &view.raw, *rule);
  if (!rc && !*rule) {
    b->good = *oid;
    b->has_good = true;
  }
  b->taken += view.raw.len + evidence.bytes.len;
  yz_commit_view_finish(&view);
  yz_buf_finish(&evidence.bytes);
  free(c.files);
  return rc;
}

int branch_try_commit(struct branch *b, const struct yz_oid *oid, int64_t *last,
                      const char **rule) {
  struct yz_commit_view view = {0};
  struct yz_buf bytes = {0};
  struct changes c = {
      .files = calloc(FILES_MAX, sizeof *c.files), .kind = b->kind, .log = b->row->id};
  int64_t first = 0;

  *rule = NULL;
  int rc = c.files ? check_commit(b, oid, &view, &c, rule) : yz_no_memory(b->in->err);
  if (!rc && !*rule && b->kind == YZ_KIND_LOG) rc = read_segment(b, &c, &first, &bytes, rule);
  if (!rc && !*rule && first) rc = intake_try_segment(b->in, b->row, first, &bytes, last, rule);
  b->good = *oid;
  b->has_good = true;
  yz_commit_view_finish(&view);
  yz_buf_finish(&bytes);
  free(c.files);
  return rc;
}
