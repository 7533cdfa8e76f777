/* Letters for case numbers that the hub named (hub.letter), and numbers that two nodes of a
 * village both gave. */
#include "db.h"
#include <string.h>

struct named {
  int (*fn)(void *arg, const struct yz_id *log, const char *letter);
  void *arg;
};

/* One that says more than its type knows needs a newer version: without effect. */
static bool read_letter(const json_t *json, struct yz_id *of, const char **letter) {
  enum { COMMON = 7, OWN = 2 }; /* v, log, seq, by, hlc, type; of, letter */
  *letter = yz_json_string(json, "letter");
  size_t n = *letter != NULL ? strlen(*letter) : 0;
  return json_object_size(json) == COMMON - 1 + OWN && n >= 1 && n <= 3 &&
         strspn(*letter, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n &&
         yz_json_hex(json, "of", of->bytes, YZ_ID_LEN);
}

struct asked {
  const struct named *to;
  const struct yz_id *only; /* the log asked for; NULL: every record to `to` */
  char *letter;             /* the last one's, 4 bytes */
};

static int look(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct asked *a = arg;
  struct yz_record record;
  struct yz_members m = {0};
  struct yz_id of;
  const char *letter;
  int rc = 0;
  if (yz_record_read(db_get_text(row, 0), (size_t)sqlite3_column_bytes(row, 0), &record, NULL) !=
          0 ||
      yz_record_parse(record.bytes, record.len, &m, NULL) != 0)
    return 0;
  if (read_letter(m.json, &of, &letter)) {
    if (a->only == NULL)
      rc = a->to->fn(a->to->arg, &of, letter);
    else if (yz_equal(&of, a->only, sizeof of))
      memcpy(a->letter, letter, strlen(letter) + 1);
  }
  yz_members_finish(&m);
  return rc;
}

static const char NAMED[] = "SELECT r.line FROM log l JOIN record r ON r.log=l.n"
                            " WHERE l.ledger=? AND l.hub=1 AND r.type='hub.letter' AND r.status=0"
                            " ORDER BY " LOG_BEGAN("l") ", l.id, r.seq";

int store_each_letter(struct store *s, const struct yz_id *ledger,
                      int (*fn)(void *arg, const struct yz_id *log, const char *letter), void *arg,
                      struct yz_error *err) {
  const struct named to = {fn, arg};
  return db_each(s, NAMED, ARGS(db_id(ledger)), look, &(struct asked){.to = &to}, err);
}

int store_letter_of(struct store *s, const struct yz_id *ledger, const struct yz_id *log,
                    char out[static 4], struct yz_error *err) {
  out[0] = '\0';
  return db_each(s, NAMED, ARGS(db_id(ledger)), look, &(struct asked){.only = log, .letter = out},
                 err);
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

int store_each_clash(struct store *s, const struct yz_id *ledger,
                     int (*fn)(void *arg, const struct yz_id *log), void *arg,
                     struct yz_error *err) {
  static const char SQL[] =
      "SELECT c.number, r.line, r.id FROM (SELECT number AS twice FROM cases"
      "  WHERE ledger=?1 AND listed=1 AND number IS NOT NULL GROUP BY number HAVING count(*)>1)"
      " JOIN cases c ON c.number=twice AND c.ledger=?1 AND c.listed=1"
      " JOIN record r ON r.case_id=c.id AND r.id=c.id JOIN log l ON l.n=r.log AND l.ledger=?1"
      " AND l.hub=0 ORDER BY c.number";
  struct clashes c = {.fn = fn, .arg = arg};
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_each(s, SQL, ARGS(db_id(ledger)), next_opening, &c, err);
  return rc != 0 ? rc : end_number(&c);
}
