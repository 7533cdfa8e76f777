/* Workers whose keys this node keeps, and what the holders of keys are called. */
#include "effects.h"

void worker_row_finish(struct worker_row *w) {
  if (w == NULL) return;
  if (w->sealed.data != NULL) yz_wipe(w->sealed.data, w->sealed.cap);
  if (w->recovery.data != NULL) yz_wipe(w->recovery.data, w->recovery.cap);
  yz_buf_finish(&w->sealed);
  yz_buf_finish(&w->recovery);
}

int store_put_worker(struct store *s, const struct worker_row *w, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO worker(key, name, locked, sealed, recovery) VALUES(?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT(key) DO UPDATE SET name=?2, locked=?3, sealed=?4, recovery=?5";
  char hex[2 * YZ_KEY_LEN + 1];
  yz_to_hex(w->key.bytes, YZ_KEY_LEN, hex);
  return sum_put(s, "worker", hex, SQL,
                 ARGS(db_key(&w->key), db_text(w->name), db_int(w->locked),
                      db_blob(w->sealed.data, w->sealed.len),
                      db_blob(w->recovery.data, w->recovery.len)),
                 err);
}

int store_drop_worker(struct store *s, const struct yz_key *key, struct yz_error *err) {
  return db_run(s, "DELETE FROM worker WHERE key=?", ARGS(db_key(key)), err);
}

struct walk {
  int (*fn)(void *arg, const struct worker_row *w);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  const struct walk *walk = arg;
  struct worker_row w = {.locked = sqlite3_column_int(row, 2) != 0};
  db_get_blob(row, 0, w.key.bytes, YZ_KEY_LEN);
  db_get_chars(row, 1, w.name, sizeof w.name);
  int rc = db_append(row, 3, &w.sealed, err);
  if (rc == 0) rc = db_append(row, 4, &w.recovery, err);
  if (rc == 0) rc = walk->fn(walk->arg, &w);
  worker_row_finish(&w);
  return rc;
}

int store_each_worker(struct store *s, int (*fn)(void *arg, const struct worker_row *w), void *arg,
                      struct yz_error *err) {
  static const char SQL[] = "SELECT key, name, locked, sealed, recovery FROM worker ORDER BY n";
  return db_each(s, SQL, NULL, 0, hand_on, &(struct walk){fn, arg}, err);
}

static int find_name(struct store *s, const char *sql, const struct yz_id *ledger,
                     const struct yz_key *key, struct yz_buf *out, struct yz_error *err) {
  sqlite3_stmt *row;
  int rc = db_first(s, sql, ARGS(db_key(key), db_id(ledger)), &row, err);
  if (rc == 0) rc = db_append(row, 0, out, err);
  db_give(s, row);
  return rc;
}

int store_key_name(struct store *s, const struct yz_id *ledger, const struct yz_key *key,
                   struct yz_buf *out, struct yz_error *err) {
  static const char SQL[] = "SELECT " KEY_NAMED("?1", "?2") " AS name WHERE name IS NOT NULL";
  return find_name(s, SQL, ledger, key, out, err);
}

int store_key_called(struct store *s, const struct yz_id *ledger, const struct yz_key *key,
                     struct yz_buf *out, struct yz_error *err) {
  static const char SQL[] = "SELECT " KEY_CALLED("?1", "?2") " AS name WHERE name IS NOT NULL";
  return find_name(s, SQL, ledger, key, out, err);
}
