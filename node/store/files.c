/* What git carries beside segments, and commits: kept by ref, in order. */
#include "effects.h"
#include <stdlib.h>
#include <string.h>
#include <yizhan/piece.h>

/* Where a file stands among those of its ref: its segment's first seq; 0 at the root. */
static int64_t first_of(const char *path) {
  const char *ending;
  int64_t first;
  return yz_path_read(path, &first, &ending) ? first : 0;
}

/* The row of a ref, made if missing. */
static int ref_row(struct store *s, const struct yz_id *ledger, const char *name, int64_t *out,
                   struct yz_error *err) {
  static const char FIND[] = "SELECT n FROM ref WHERE ledger=? AND name=?";
  static const char ADD[] = "INSERT INTO ref(ledger, name) VALUES(?, ?)";
  int rc = db_number(s, FIND, ARGS(db_id(ledger), db_text(name)), 0, out, err);
  if (rc != 0 || *out != 0) return rc;
  rc = db_run(s, ADD, ARGS(db_id(ledger), db_text(name)), err);
  *out = sqlite3_last_insert_rowid(s->db);
  return rc;
}

/* What lies at a path, as its row has it; a piece's bytes lie elsewhere. */
static int give_file(struct store *s, sqlite3_stmt *row, const char *path, struct yz_buf *out,
                     struct yz_error *err) {
  struct yz_hash piece;
  return yz_piece_path_read(path, &piece) ? store_get_piece(s, &piece, out, err)
                                          : db_append(row, 0, out, err);
}

/* One loose file a path: what no commit took is replaced. */
static int put_file(void *ctx, const struct yz_id *ledger, const char *ref, const char *path,
                    const void *bytes, size_t n, struct yz_error *err) {
  struct yz_hash piece;
  static const char DROP[] = "DELETE FROM file WHERE ref=? AND path=? AND git_commit IS NULL";
  static const char ADD[] = "INSERT INTO file(ref, path, first, bytes) VALUES(?, ?, ?, ?)";
  int64_t row;
  int rc = ref_row(ctx, ledger, ref, &row, err);
  if (rc == 0) rc = db_run(ctx, DROP, ARGS(db_int(row), db_text(path)), err);
  if (rc == 0 && yz_piece_path_read(path, &piece)) {
    rc = store_put_piece(ctx, &piece, bytes, n, err);
    n = 0;
  }
  if (rc != 0) return rc;
  return db_run(ctx, ADD,
                ARGS(db_int(row), db_text(path), db_int(first_of(path)), db_blob(bytes, n)), err);
}

static int get_file(void *ctx, const struct yz_id *ledger, const char *ref, const char *path,
                    struct yz_buf *out, struct yz_error *err) {
  static const char SQL[] =
      "SELECT bytes FROM file WHERE ref=(SELECT n FROM ref WHERE ledger=?1 AND name=?2)"
      " AND path=?3 ORDER BY n DESC LIMIT 1";
  sqlite3_stmt *row;
  int rc = db_first(ctx, SQL, ARGS(db_id(ledger), db_text(ref), db_text(path)), &row, err);
  if (rc == 0) rc = give_file(ctx, row, path, out, err);
  db_give(ctx, row);
  return rc;
}

static int get_file_of(void *ctx, const struct yz_id *ledger, const char *ref,
                       const struct yz_oid *commit, const char *path, struct yz_buf *out,
                       struct yz_error *err) {
  static const char SQL[] =
      "SELECT file.bytes FROM ref JOIN git_commit AS g ON g.ref=ref.n AND g.oid=?3"
      " JOIN file ON file.ref=ref.n AND file.path=?4 AND file.git_commit<=g.n"
      " WHERE ref.ledger=?1 AND ref.name=?2 ORDER BY file.git_commit DESC LIMIT 1";
  sqlite3_stmt *row;
  int rc =
      db_first(ctx, SQL,
               ARGS(db_id(ledger), db_text(ref), db_blob(commit->bytes, YZ_OID_LEN), db_text(path)),
               &row, err);
  if (rc == 0) rc = give_file(ctx, row, path, out, err);
  db_give(ctx, row);
  return rc;
}

struct file_walk {
  int (*fn)(void *arg, const char *path, const void *bytes, size_t n);
  void *arg;
};

static int hand_file(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct file_walk *w = arg;
  const void *bytes = sqlite3_column_blob(row, 1);
  return w->fn(w->arg, db_get_text(row, 0), bytes != NULL ? bytes : "",
               (size_t)sqlite3_column_bytes(row, 1));
}

static int each_loose_file(void *ctx, const struct yz_id *ledger, const char *ref,
                           int (*fn)(void *arg, const char *path, const void *bytes, size_t n),
                           void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT path, bytes FROM file WHERE ref=(SELECT n FROM ref WHERE ledger=?1 AND name=?2)"
      " AND git_commit IS NULL ORDER BY first, path";
  return db_each(ctx, SQL, ARGS(db_id(ledger), db_text(ref)), hand_file,
                 &(struct file_walk){fn, arg}, err);
}

/* The log whose segments a ref carries: "…/log/<log id>". */
static bool log_of(const char *ref, struct yz_id *out) {
  const char *name = strstr(ref, "log/");
  return name != NULL && yz_from_hex(name + 4, strlen(name + 4), out->bytes, YZ_ID_LEN);
}

/* Ties one path to a commit: a file, or a segment. */
static int tie(struct store *s, const struct yz_id *ledger, int64_t ref, const char *ref_name,
               int64_t commit, size_t place, const char *path, struct yz_error *err) {
  static const char PATH[] = "INSERT INTO git_path(git_commit, place, path) VALUES(?, ?, ?)";
  static const char LOOSE[] =
      "UPDATE file SET git_commit=? WHERE ref=? AND path=? AND git_commit IS NULL";
  static const char SEGMENT[] = "UPDATE segment SET git_commit=?"
                                " WHERE log=(SELECT n FROM log WHERE id=?) AND first=?";
  int rc = db_run(s, PATH, ARGS(db_int(commit), db_int((int64_t)place), db_text(path)), err);
  if (rc != 0) return rc;
  const char *ending;
  struct yz_id log;
  int64_t first;
  if (yz_path_read(path, &first, &ending) && strcmp(ending, "jsonl") == 0 && log_of(ref_name, &log))
    return db_run(s, SEGMENT, ARGS(db_int(commit), db_id(&log), db_int(first)), err);
  struct yz_hash piece;
  if (yz_piece_path_read(path, &piece) && (rc = pieces_sent(s, ledger, &piece, err)) != 0)
    return rc;
  return db_run(s, LOOSE, ARGS(db_int(commit), db_int(ref), db_text(path)), err);
}

static int put_commit(void *ctx, const struct yz_id *ledger, const char *ref,
                      const struct yz_oid *oid, const void *bytes, size_t n,
                      const char *const *paths, size_t n_paths, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO git_commit(ref, oid, bytes) VALUES(?, ?, ?)"
                            " ON CONFLICT(ref, oid) DO NOTHING";
  struct store *s = ctx;
  int64_t row;
  int rc = ref_row(s, ledger, ref, &row, err);
  if (rc == 0)
    rc = db_run(s, SQL, ARGS(db_int(row), db_blob(oid->bytes, YZ_OID_LEN), db_blob(bytes, n)), err);
  if (rc != 0 || !db_changed(s)) return rc;
  int64_t commit = sqlite3_last_insert_rowid(s->db);
  for (size_t i = 0; rc == 0 && i < n_paths; i++)
    rc = tie(s, ledger, row, ref, commit, i, paths[i], err);
  return rc;
}

static int get_tip(void *ctx, const struct yz_id *ledger, const char *ref, struct yz_oid *out,
                   struct yz_error *err) {
  static const char SQL[] =
      "SELECT oid FROM git_commit WHERE ref=(SELECT n FROM ref WHERE ledger=?1 AND name=?2)"
      " ORDER BY n DESC LIMIT 1";
  sqlite3_stmt *row;
  int rc = db_first(ctx, SQL, ARGS(db_id(ledger), db_text(ref)), &row, err);
  if (rc == 0) db_get_blob(row, 0, out->bytes, YZ_OID_LEN);
  db_give(ctx, row);
  return rc;
}

struct paths {
  char **names;
  size_t n;
};

static int add_path(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  struct paths *p = arg;
  char **more = realloc(p->names, (p->n + 1) * sizeof *more);
  if (more == NULL) return yz_no_memory(err);
  p->names = more;
  p->names[p->n] = strdup(db_get_text(row, 0));
  return p->names[p->n++] == NULL ? yz_no_memory(err) : 0;
}

struct commit_walk {
  int (*fn)(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
            const char *const *paths, size_t n_paths);
  void *arg;
};

static int hand_commit(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT path FROM git_path WHERE git_commit=? ORDER BY place";
  const struct commit_walk *w = arg;
  struct paths p = {0};
  struct yz_oid oid;
  db_get_blob(row, 1, oid.bytes, YZ_OID_LEN);
  int rc = db_each(s, SQL, ARGS(db_int(sqlite3_column_int64(row, 0))), add_path, &p, err);
  if (rc == 0)
    rc = w->fn(w->arg, &oid, sqlite3_column_blob(row, 2), (size_t)sqlite3_column_bytes(row, 2),
               (const char *const *)p.names, p.n);
  for (size_t i = 0; i < p.n; i++) free(p.names[i]);
  free(p.names);
  return rc;
}

static int each_commit(void *ctx, const struct yz_id *ledger, const char *ref,
                       int (*fn)(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                                 const char *const *paths, size_t n_paths),
                       void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT n, oid, bytes FROM git_commit"
                            " WHERE ref=(SELECT n FROM ref WHERE ledger=?1 AND name=?2) ORDER BY n";
  return db_each(ctx, SQL, ARGS(db_id(ledger), db_text(ref)), hand_commit,
                 &(struct commit_walk){fn, arg}, err);
}

/* Commits, files and paths go with the ref's row. */
static int drop_ref(void *ctx, const struct yz_id *ledger, const char *ref, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM ref WHERE ledger=? AND name=?";
  static const char SEGMENTS[] = "DELETE FROM segment WHERE log=(SELECT n FROM log WHERE id=?)";
  struct yz_id log;
  int rc = db_run(ctx, SQL, ARGS(db_id(ledger), db_text(ref)), err);
  return rc == 0 && log_of(ref, &log) ? db_run(ctx, SEGMENTS, ARGS(db_id(&log)), err) : rc;
}

void files_fill(struct yz_store *table) {
  table->put_file = put_file;
  table->get_file = get_file;
  table->get_file_of = get_file_of;
  table->each_loose_file = each_loose_file;
  table->put_commit = put_commit;
  table->get_tip = get_tip;
  table->each_commit = each_commit;
  table->drop_ref = drop_ref;
}
