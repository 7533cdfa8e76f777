/* What can still be read of a damaged store, into a new one: what stands nowhere else.
 * Records and all that repeats them come back from the repositories, or are appended. */
#include "db.h"

struct table {
  const char *name, *forward, *backward, *put;
};
#define TABLE(name, key, marks)                                                                    \
  {                                                                                                \
    name, "SELECT * FROM " name " ORDER BY " key, "SELECT * FROM " name " ORDER BY " key " DESC",  \
        "INSERT OR IGNORE INTO " name " VALUES(" marks ")"                                         \
  }
static const struct table tables[] = {
    TABLE("meta", "name", "?,?"),
    TABLE("setting", "name", "?,?"),
    TABLE("secret", "name", "?,?"),
    TABLE("worker", "n", "?,?,?,?,?,?"),
    TABLE("ledger", "n", "?,?,?,?,?,?,?,?,?"),
    TABLE("log", "n", "?,?,?,?,?,?,?,?,?,?,?,?,?"),
    TABLE("invitation", "n", "?,?,?,?,?,?,?,?,?,?,?,?,?"),
    TABLE("refused", "number", "?,?,?,?,?,?,?,?,?,?,?"),
    TABLE("reading", "of", "?,?,?"),
};

static int put_row(sqlite3_stmt *put, sqlite3_stmt *row) {
  for (int i = 0; i < sqlite3_column_count(row); i++)
    (void)sqlite3_bind_value(put, i + 1, sqlite3_column_value(row, i));
  (void)sqlite3_step(put);
  return sqlite3_reset(put);
}

/* Up to the end, or to a row that cannot be read. */
static int copy_rows(sqlite3 *from, const char *select, sqlite3_stmt *put) {
  sqlite3_stmt *row = NULL;
  int rc = sqlite3_prepare_v2(from, select, -1, &row, NULL);
  while (rc == SQLITE_OK && (rc = sqlite3_step(row)) == SQLITE_ROW) rc = put_row(put, row);
  (void)sqlite3_finalize(row);
  return rc;
}

static int copy_table(struct store *to, sqlite3 *from, const struct table *t, yz_finding_fn fn,
                      void *arg, struct yz_error *err) {
  sqlite3_stmt *put = NULL;
  if (sqlite3_prepare_v2(to->db, t->put, -1, &put, NULL) != SQLITE_OK)
    return db_fail(to->db, to->path, err);
  if (copy_rows(from, t->forward, put) != SQLITE_DONE) {
    (void)copy_rows(from, t->backward, put);
    fn(arg, "lost", t->name, YZ_N_("Part of what the store held could not be read any more."));
  }
  (void)sqlite3_finalize(put);
  return 0;
}

static int copy_tables(struct store *to, sqlite3 *from, yz_finding_fn fn, void *arg,
                       struct yz_error *err) {
  static const char EMPTY[] = "UPDATE log SET head_seq=0, head_id=hash";
  int rc = store_begin(to, err);
  for (size_t i = 0; rc == 0 && i < sizeof tables / sizeof *tables; i++)
    rc = copy_table(to, from, &tables[i], fn, arg, err);
  if (rc == 0) rc = db_run(to, EMPTY, NULL, 0, err);
  return store_end(to, rc, err);
}

/* What a table is made by in a store that is whole, into the damaged one's schema. */
static int mend_table(sqlite3 *whole, sqlite3 *damaged, const struct table *t) {
  static const char READ[] = "SELECT sql FROM sqlite_schema WHERE type='table' AND name=?1";
  static const char PUT[] = "UPDATE sqlite_schema SET sql=?2 WHERE type='table' AND name=?1";
  sqlite3_stmt *read = NULL, *put = NULL;
  int rc = sqlite3_prepare_v2(whole, READ, -1, &read, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_bind_text(read, 1, t->name, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK) rc = sqlite3_prepare_v2(damaged, PUT, -1, &put, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_bind_text(put, 1, t->name, -1, SQLITE_STATIC);
  if (rc == SQLITE_OK && sqlite3_step(read) == SQLITE_ROW) {
    rc = sqlite3_bind_value(put, 2, sqlite3_column_value(read, 0));
    if (rc == SQLITE_OK) (void)sqlite3_step(put);
  }
  (void)sqlite3_finalize(read);
  return sqlite3_finalize(put);
}

/* A table is as readable as its pages, not as the words that say how it was made. The damaged
 * file stays as it is: the transaction is never committed. A failure leaves what SQLite reads by
 * itself. */
static void mend_schema(const struct store *to, const struct store *from) {
  if (sqlite3_exec(from->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) return;
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    (void)mend_table(to->db, from->db, &tables[i]);
  (void)sqlite3_exec(from->db, "PRAGMA writable_schema=RESET; PRAGMA writable_schema=ON", NULL,
                     NULL, NULL);
}

/* Without its keys and what it is, a node is none. */
static int check_enough(struct store *to, const char *path, struct yz_error *err) {
  static const char KEPT[] = "SELECT (SELECT count(*) FROM secret) > 0 AND"
                             " (SELECT count(*) FROM setting WHERE name='role') > 0";
  int64_t enough;
  int rc = db_number(to, KEPT, NULL, 0, 0, &enough, err);
  if (rc != 0 || enough != 0) return rc;
  return yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("Too little of the store can still be read to make it anew. Keep a copy of "
                       "its folder and restore a backup."),
                 "%s", path);
}

int store_salvage(struct store *from, const char *into, yz_finding_fn fn, void *arg,
                  struct yz_error *err) {
  struct store *to = NULL;
  int rc = store_open(&to, into, true, from->world, err);
  if (rc != 0) return rc;
  /* What a row of these points to may be what could not be read. */
  if (sqlite3_exec(to->db, "PRAGMA foreign_keys=OFF", NULL, NULL, NULL) != SQLITE_OK)
    rc = db_fail(to->db, to->path, err);
  if (rc == 0) mend_schema(to, from);
  if (rc == 0) rc = copy_tables(to, from->db, fn, arg, err);
  if (rc == 0) rc = check_enough(to, from->path, err);
  store_close(to);
  return rc;
}
