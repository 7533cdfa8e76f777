/* Who read a case or household in full at a hub: one row for each, reader and day. It stands here
 * alone and goes nowhere. */
#include "effects.h"

static struct db_arg reader(const struct yz_key *by) {
  return by != NULL ? db_key(by) : db_blob("", 0);
}

int store_put_reading(struct store *s, const struct yz_hash *of, const struct yz_key *by,
                      int64_t day, struct yz_error *err) {
  static const char THERE[] = "SELECT count(*) FROM reading WHERE of=?1 AND by=?2 AND day=?3";
  static const char SQL[] = "INSERT OR IGNORE INTO reading(of, by, day) VALUES(?1, ?2, ?3)";
  int64_t there = 0;
  int rc = db_number(s, THERE, ARGS(db_hash(of), reader(by), db_int(day)), 0, &there, err);
  if (rc != 0 || there > 0) return rc;
  rc = store_begin(s, err);
  if (rc != 0) return rc;
  return store_end(s, db_run(s, SQL, ARGS(db_hash(of), reader(by), db_int(day)), err), err);
}

int store_put_reading_all(struct store *s, const struct yz_key *by, int64_t day,
                          struct yz_error *err) {
  static const char SQL[] = "INSERT OR IGNORE INTO reading(of, by, day)"
                            " SELECT id, ?1, ?2 FROM cases WHERE listed=1";
  int rc = cases_settle(s, err);
  if (rc == 0) rc = store_begin(s, err);
  if (rc != 0) return rc;
  return store_end(s, db_run(s, SQL, ARGS(reader(by), db_int(day)), err), err);
}

struct walk {
  int (*fn)(void *arg, const struct case_reading *r);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct walk *w = arg;
  struct case_reading r = {.day = sqlite3_column_int64(row, 2), .number = db_get_text(row, 3)};
  struct yz_buf room = {0};
  bool sealed = false;
  db_get_blob(row, 0, r.of.bytes, YZ_HASH_LEN);
  r.said = sqlite3_column_bytes(row, 1) == YZ_KEY_LEN;
  if (r.said) db_get_blob(row, 1, r.by.bytes, YZ_KEY_LEN);
  if (sqlite3_column_bytes(row, 4) == YZ_ID_LEN) db_get_blob(row, 4, r.ledger.bytes, YZ_ID_LEN);
  int rc = identity_show(s, db_get_text(row, 5), &room, &r.household, &sealed, err);
  if (rc == 0) rc = w->fn(w->arg, &r);
  if (room.data != NULL) yz_wipe(room.data, room.len);
  yz_buf_finish(&room);
  return rc;
}

int store_each_reading(struct store *s, const struct yz_hash *of,
                       int (*fn)(void *arg, const struct case_reading *r), void *arg,
                       struct yz_error *err) {
#define READINGS                                                                                   \
  "SELECT r.of, r.by, r.day, c.number, coalesce(c.ledger, h.ledger), h.name FROM reading r"        \
  " LEFT JOIN cases c ON c.id=r.of AND c.listed=1"                                                 \
  " LEFT JOIN household h ON h.id=r.of AND h.listed=1"
  static const char ONE[] = READINGS " WHERE r.of=?1 ORDER BY r.day, r.by";
  static const char ALL[] = READINGS " WHERE ?1 IS NULL ORDER BY r.day, c.number, h.name, r.by";
#undef READINGS
  return db_each(s, of != NULL ? ONE : ALL, ARGS(db_hash(of)), hand_on, &(struct walk){fn, arg},
                 err);
}
