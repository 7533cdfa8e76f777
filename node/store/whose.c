/* Whose cases are open: assigned to someone, or opened by them and to nobody; and what a
 * ledger's readers could read. */
#include "effects.h"

struct open_of {
  int (*fn)(void *arg, const char *number);
  void *arg;
};

static int hand_open(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct open_of *w = arg;
  if (case_state_ended(case_state_from_name(db_get_text(row, 1)))) return 0;
  return w->fn(w->arg, db_get_text(row, 0));
}

int store_each_open_of(struct store *s, const struct yz_key *key, const char *name,
                       int (*fn)(void *arg, const char *number), void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT c.number, c.state FROM cases c WHERE c.listed=1 AND c.number IS NOT NULL"
      " AND (c.to_worker=?2 OR (c.to_worker IS NULL AND c.assigned=?1)"
      "  OR (c.assigned IS NULL AND c.opened_by=?2))"
      " ORDER BY c.opened_ms, c.id";
  struct open_of walk = {fn, arg};
  int rc = cases_settle(s, err);
  return rc != 0 ? rc : db_each(s, SQL, ARGS(db_text(name), db_key(key)), hand_open, &walk, err);
}

/* --- who could read -------------------------------------------------------- */

struct readable {
  int (*fn)(void *arg, const char *number);
  void *arg;
};

static int hand_number(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct readable *w = arg;
  return w->fn(w->arg, db_get_text(row, 0));
}

int store_each_readable(struct store *s, const struct yz_id *ledger,
                        int (*fn)(void *arg, const char *number), void *arg, int64_t *records,
                        struct yz_error *err) {
  static const char CASES[] = "SELECT number FROM cases WHERE ledger=? AND listed=1"
                              " AND number IS NOT NULL ORDER BY opened_ms, id";
  static const char RECORDS[] =
      "SELECT count(DISTINCT c.record) FROM log l JOIN record r ON r.log=l.n"
      " JOIN content c ON c.record=r.n WHERE l.ledger=?";
  struct readable walk = {fn, arg};
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_number(s, RECORDS, ARGS(db_id(ledger)), 0, records, err);
  return rc != 0 ? rc : db_each(s, CASES, ARGS(db_id(ledger)), hand_number, &walk, err);
}
