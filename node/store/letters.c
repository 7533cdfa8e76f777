/* Letters for case numbers that the hub named (hub.letter), as rows that repeat the records; and
 * numbers that two nodes of a village both gave. */
#include "../shape.h"
#include "effects.h"
#include <string.h>

/* One that says more than its type knows needs a newer version: without effect. */
static bool is_known(const json_t *plain) {
  static const struct shape_member own[] = {
      {"of", shape_is_id, true}, {"letter", shape_is_letter, true}, {0}};
  return shape_plain(plain, NULL, own) && json_object_get(plain, "content") == NULL;
}

int letter_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO letter(record, ledger, log, letter) VALUES(?, ?, ?, ?)"
                            " ON CONFLICT(record) DO NOTHING";
  const json_t *plain = p->record->json;
  struct yz_id log;
  if (!p->hub || !is_known(plain) || !yz_json_hex(plain, "of", log.bytes, YZ_ID_LEN)) return 0;
  return db_run(
      s, SQL,
      ARGS(db_int(p->n), db_id(&p->ledger), db_id(&log), db_text(yz_json_string(plain, "letter"))),
      err);
}

/* Whose letter that was may need one again. */
int letter_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM letter WHERE record=?";
  static const char MARK[] =
      "INSERT OR IGNORE INTO twice(ledger, stem, counter) SELECT ledger, stem, counter FROM cases"
      " WHERE stem IS NOT NULL AND ledger=? GROUP BY stem, counter HAVING count(*)>1";
  int rc = db_run(s, SQL, ARGS(db_int(p->n)), err);
  return rc == 0 && db_changed(s) ? db_run(s, MARK, ARGS(db_id(&p->ledger)), err) : rc;
}

struct named {
  int (*fn)(void *arg, const char *letter);
  void *arg;
};

static int hand_letter(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct named *w = arg;
  return w->fn(w->arg, db_get_text(row, 0));
}

int store_each_letter(struct store *s, const struct yz_id *ledger,
                      int (*fn)(void *arg, const char *letter), void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT letter FROM letter WHERE ledger=?";
  return db_each(s, SQL, ARGS(db_id(ledger)), hand_letter, &(struct named){fn, arg}, err);
}

int store_letter_of(struct store *s, const struct yz_id *ledger, const struct yz_id *log,
                    char out[static 4], struct yz_error *err) {
  static const char SQL[] =
      HUB_ORDER("?1") " SELECT m.letter FROM letter m"
                      " CROSS JOIN record r ON r.n=m.record CROSS JOIN hubs h ON h.n=r.log"
                      " WHERE m.log=?2 AND m.ledger=?1" HUB_ORDER_LAST;
  sqlite3_stmt *row;
  out[0] = '\0';
  int rc = db_first(s, SQL, ARGS(db_id(ledger), db_id(log)), &row, err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  db_get_chars(row, 0, out, 4);
  db_give(s, row);
  return 0;
}

/* --- clashes --------------------------------------------------------------- */

struct clashes {
  int (*fn)(void *arg, const struct yz_id *log);
  void *arg;
  char number[NUMBER_MAX];
  struct yz_stamp stamp; /* of the latest opening with this number so far */
  struct yz_hash id;
  struct yz_id log, first; /* its log; the log of the first seen */
  bool any, apart;
};

static int end_number(struct clashes *c) {
  bool clash = c->any && c->apart;
  c->any = c->apart = false;
  return clash ? c->fn(c->arg, &c->log) : 0;
}

static int next_opening(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  struct clashes *c = arg;
  struct yz_record record;
  struct yz_members m = {0};
  const char *number = db_get_text(row, 0);
  int rc = strcmp(number, c->number) != 0 ? end_number(c) : 0;
  if (rc != 0 || strlen(number) >= sizeof c->number ||
      yz_record_read(db_get_text(row, 1), (size_t)sqlite3_column_bytes(row, 1), &record, NULL) !=
          0 ||
      yz_record_parse(record.bytes, record.len, &m, NULL) != 0)
    return rc;
  struct yz_hash id;
  db_get_blob(row, 2, id.bytes, YZ_HASH_LEN);
  int order = c->any ? yz_stamp_compare(m.stamp, c->stamp) : 1;
  memcpy(c->number, number, strlen(number) + 1);
  if (!c->any) c->first = record.log;
  c->apart |= !yz_equal(&record.log, &c->first, sizeof record.log);
  if (order > 0 || (order == 0 && memcmp(&id, &c->id, sizeof id) > 0)) {
    c->stamp = m.stamp;
    c->id = id;
    c->log = record.log;
  }
  c->any = true;
  yz_members_finish(&m);
  return 0;
}

int number_mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                const char *stem, int64_t counter, struct yz_error *err) {
  static const char SQL[] =
      "INSERT OR IGNORE INTO twice(ledger, stem, counter) SELECT ?1, ?3, ?4 WHERE EXISTS"
      " (SELECT 1 FROM cases WHERE stem=?3 AND counter=?4 AND ledger=?1 AND id<>?2)";
  return db_run(s, SQL, ARGS(db_id(ledger), db_hash(id), db_text(stem), db_int(counter)), err);
}

int store_named_clashes(struct store *s, const struct yz_id *ledger, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM twice WHERE ledger=?";
  return db_run(s, SQL, ARGS(db_id(ledger)), err);
}

int store_each_clash(struct store *s, const struct yz_id *ledger,
                     int (*fn)(void *arg, const struct yz_id *log), void *arg,
                     struct yz_error *err) {
  static const char SQL[] =
      "SELECT c.number, r.line, r.id FROM twice t CROSS JOIN cases c"
      " ON c.stem=t.stem AND c.counter=t.counter AND c.ledger=?1 AND c.listed=1"
      " JOIN record r ON r.case_id=c.id AND r.id=c.id JOIN log l ON l.n=r.log AND l.ledger=?1"
      " AND l.hub=0 WHERE t.ledger=?1 ORDER BY c.number";
  struct clashes c = {.fn = fn, .arg = arg};
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_each(s, SQL, ARGS(db_id(ledger)), next_opening, &c, err);
  return rc != 0 ? rc : end_number(&c);
}
