/* Sums of what stands in the store alone, where no signature tells a changed byte: settings,
 * keys, workers, ledgers. Each lies in meta as "sum.<kind>.<name>", written with its row. */
#include "db.h"
#include <string.h>

#define ROWS                                                                                       \
  "(SELECT 'setting.'||name AS at, value AS said FROM setting"                                     \
  " UNION ALL SELECT 'secret.'||name, hex(value) FROM secret"                                      \
  " UNION ALL SELECT 'worker.'||lower(hex(key)), "                                                 \
  "name||'/'||locked||hex(sealed)||'/'||hex(recovery)"                                             \
  " FROM worker"                                                                                   \
  " UNION ALL SELECT 'ledger.'||lower(hex(id)), hex(hub)||hex(hub_box)||joined||hex(own)||url"     \
  " FROM ledger)"

static void sum_of(sqlite3_stmt *row, int column, struct yz_hash *out) {
  const char *text = db_get_text(row, column);
  const struct yz_part part = {text, text != NULL ? strlen(text) : 0};
  yz_sha256(&part, 1, out);
}

static int keep(struct store *s, const char *kind, const char *name, struct yz_error *err) {
  static const char FIND[] = "SELECT said FROM " ROWS " WHERE at=?||'.'||?";
  static const char PUT[] = "INSERT INTO meta(name, value) VALUES('sum.'||?1||'.'||?2, ?3)"
                            " ON CONFLICT(name) DO UPDATE SET value=?3";
  sqlite3_stmt *row;
  struct yz_hash sum;
  int rc = db_first(s, FIND, ARGS(db_text(kind), db_text(name)), &row, err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  sum_of(row, 0, &sum);
  db_give(s, row);
  return db_run(s, PUT, ARGS(db_text(kind), db_text(name), db_hash(&sum)), err);
}

int sum_put(struct store *s, const char *kind, const char *name, const char *sql,
            const struct db_arg *args, size_t n, struct yz_error *err) {
  bool own = sqlite3_get_autocommit(s->db) != 0;
  int rc = own ? store_begin(s, err) : 0;
  if (rc != 0) return rc;
  rc = db_run(s, sql, args, n, err);
  if (rc == 0) rc = keep(s, kind, name, err);
  return own ? store_end(s, rc, err) : rc;
}

struct check {
  yz_finding_fn fn;
  void *arg;
};

/* A row from before there were sums has none. */
static int check_sum(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct check *c = arg;
  struct yz_hash sum, kept;
  if (sqlite3_column_type(row, 2) == SQLITE_NULL) return 0;
  sum_of(row, 1, &sum);
  db_get_blob(row, 2, kept.bytes, YZ_HASH_LEN);
  if (!yz_equal(&sum, &kept, sizeof sum))
    c->fn(c->arg, "store.setting", db_get_text(row, 0),
          YZ_N_("This is not what was written. Restore a backup, or set it again."));
  return 0;
}

int sums_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT at, said, (SELECT value FROM meta WHERE name='sum.'||at) FROM " ROWS;
  return db_each(s, SQL, NULL, 0, check_sum, &(struct check){fn, arg}, err);
}
