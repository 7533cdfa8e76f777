/* What the township has settled: hub.holiday and hub.settings, as rows that repeat the records,
 * and what holds in a ledger, read from them. Only what stands in a log of the hub counts. */
#include "effects.h"
#include <stdlib.h>
#include <string.h>

#include "node/cases/settled.h"

/* --- taking -------------------------------------------------------------- */

/* Cases of a ledger that hang on one of these days are folded anew. */
static int mark(struct store *s, const struct yz_id *ledger, int64_t first, int64_t last,
                struct yz_error *err) {
  static const char SQL[] =
      "UPDATE cases SET stale=1 WHERE ledger=?1 AND asked_from<=?3 AND asked_to>=?2";
  s->stale = true;
  s->has_township = false;
  return db_run(s, SQL, ARGS(db_id(ledger), db_int(first), db_int(last)), err);
}

/* The first word on a day of a year, and the last one to go, change more than that day: the year
 * has a calendar then, or has none any more. */
static int mark_day(struct store *s, const struct yz_id *ledger, int64_t day,
                    struct yz_error *err) {
  static const char SPOKEN[] =
      "SELECT count(*) FROM holiday WHERE ledger=?1 AND day>=?2 AND day<=?3";
  int64_t year = calendar_year(day), spoken = 0;
  int64_t first = calendar_from_date(year, 1, 1), last = calendar_from_date(year, 12, 31);
  int rc = db_number(s, SPOKEN, ARGS(db_id(ledger), db_int(first), db_int(last)), 0, &spoken, err);
  if (rc != 0) return rc;
  return spoken > 1 ? mark(s, ledger, day, day, err) : mark(s, ledger, first, last, err);
}

int township_mark(struct store *s, const struct yz_id *ledger, struct yz_error *err) {
  static const char SQL[] = "UPDATE cases SET stale=1 WHERE ledger=?";
  s->stale = true;
  s->has_township = false;
  return db_run(s, SQL, ARGS(db_id(ledger)), err);
}

/* When it was said, as it says itself: what is known has it. */
static int64_t said_at(const json_t *json) {
  int64_t at = 0;
  (void)yz_json_int(json, "at", &at);
  return at;
}

int holiday_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO holiday(record, ledger, day, off, at_ms)"
                            " VALUES(?, ?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  const json_t *json = p->record->json;
  struct case_day d;
  if (!p->hub || !settled_holiday(json, &d)) return 0;
  int rc = db_run(
      s, SQL,
      ARGS(db_int(p->n), db_id(&p->ledger), db_int(d.day), db_int(d.off), db_int(said_at(json))),
      err);
  return rc == 0 ? mark_day(s, &p->ledger, d.day, err) : rc;
}

int holiday_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char FIND[] = "SELECT count(*) FROM holiday WHERE record=?";
  static const char SQL[] = "DELETE FROM holiday WHERE record=?";
  int64_t found;
  struct case_day d;
  int rc = db_number(s, FIND, ARGS(db_int(p->n)), 0, &found, err);
  if (rc != 0 || found == 0 || !settled_holiday(p->record->json, &d)) return rc;
  rc = mark_day(s, &p->ledger, d.day, err);
  return rc == 0 ? db_run(s, SQL, ARGS(db_int(p->n)), err) : rc;
}

int settings_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO settled(record, ledger, said, at_ms)"
                            " VALUES(?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  const json_t *json = p->record->json;
  if (!p->hub || !settled_known(json)) return 0;
  char *said = json_dumps(json, JSON_COMPACT);
  if (said == NULL) return yz_no_memory(err);
  int rc = db_run(s, SQL,
                  ARGS(db_int(p->n), db_id(&p->ledger), db_text(said), db_int(said_at(json))), err);
  free(said);
  return rc == 0 ? township_mark(s, &p->ledger, err) : rc;
}

int settings_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM settled WHERE record=?";
  int rc = db_run(s, SQL, ARGS(db_int(p->n)), err);
  return rc == 0 && db_changed(s) ? township_mark(s, &p->ledger, err) : rc;
}

/* --- reading ------------------------------------------------------------- */

/* Room for one more where n are. */
static int grow(void *array, size_t n, size_t size, struct yz_error *err) {
  void **items = array;
  if ((n & (n - 1)) != 0) return 0;
  void *more = reallocarray(*items, n > 0 ? 2 * n : 1, size);
  if (more == NULL) return yz_no_memory(err);
  *items = more;
  return 0;
}

/* Rows come by day, and the last word on a day last. */
static int add_day(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  struct case_calendar *c = &((struct township *)arg)->calendar;
  struct case_day d = {.day = sqlite3_column_int64(row, 0), .off = sqlite3_column_int(row, 1) != 0};
  if (c->n > 0 && c->days[c->n - 1].day == d.day) {
    c->days[c->n - 1] = d;
    return 0;
  }
  int rc = grow(&c->days, c->n, sizeof *c->days, err);
  if (rc == 0) c->days[c->n++] = d;
  return rc;
}

/* The content says all names that there are from now on. */
static int put_names(struct township *t, const json_t *content, struct yz_error *err) {
  for (int i = 0; i < SETTLED_LISTS; i++) {
    json_t *said = json_object_get(content, settled_list_name((enum settled_list)i));
    json_t *names = said != NULL ? json_incref(said) : json_array();
    if (names == NULL) return yz_no_memory(err);
    json_decref(t->names[i]);
    t->names[i] = names;
    if (json_array_extend(t->past[i], names) != 0) return yz_no_memory(err);
  }
  return 0;
}

/* Names that cannot be read here are as they were before. */
static int take_names(struct township *t, const json_t *said, sqlite3_stmt *row,
                      struct yz_error *err) {
  json_t *content = NULL;
  int64_t at = sqlite3_column_int64(row, 2);
  int rc = 0;
  const char *text = db_get_text(row, 1);
  if (text == NULL) {
    bool told = t->at_ms == at;
    t->unread = t->unread || (json_object_get(said, "content") != NULL && !told);
    return 0;
  }
  if (yz_json_parse(text, (size_t)sqlite3_column_bytes(row, 1), &content, NULL) != 0) return 0;
  if (settled_names(content)) {
    t->unread = false;
    t->at_ms = at;
    rc = put_names(t, content, err);
  }
  json_decref(content);
  return rc;
}

static int add_policy(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  struct township *t = arg;
  struct case_policies *p = &t->policies;
  json_t *said = NULL;
  int rc = grow(&p->list, p->n, sizeof *p->list, err);
  if (rc == 0)
    rc = yz_json_parse(db_get_text(row, 0), (size_t)sqlite3_column_bytes(row, 0), &said, err);
  if (rc != 0) return rc;
  p->list[p->n] = p->n > 0 ? p->list[p->n - 1] : case_policy_default;
  p->list[p->n].since_ms = sqlite3_column_int64(row, 2);
  settled_apply(said, &p->list[p->n++]);
  rc = take_names(t, said, row, err);
  json_decref(said);
  return rc;
}

/* Rows of a table that are of one ledger, or of all, by the hub's order in each. Between
 * ledgers by when they were said; as clocks go wrong, none later than what its ledger says next. */
#define SAID(table)                                                                                \
  HUB_ORDER("?1")                                                                                  \
  ", said AS (SELECT t.*, h.began, h.behind, h.id AS log, r.seq, min(t.at_ms) OVER"                \
  "   (PARTITION BY t.ledger ORDER BY h.began, h.behind, h.id, r.seq"                              \
  "    ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS least_ms"                              \
  "  FROM " table " t CROSS JOIN record r ON r.n=t.record CROSS JOIN hubs h ON h.n=r.log"          \
  "  WHERE ?1 IS NULL OR t.ledger=?1)"
#define LAST_WORD_LAST " least_ms, began, behind, log, seq"

int store_load_township(struct store *s, const struct yz_id *ledger, struct township *out,
                        struct yz_error *err) {
  static const char DAYS[] =
      SAID("holiday") " SELECT day, off FROM said ORDER BY day," LAST_WORD_LAST;
  static const char POLICIES[] =
      SAID("settled") " SELECT said, c.bytes, at_ms FROM said LEFT JOIN content c"
                      " ON c.record=said.record AND c.audience='" CASE_AUDIENCE "'"
                      " ORDER BY" LAST_WORD_LAST;
  struct db_arg which = ledger != NULL ? db_id(ledger) : db_null();
  *out = (struct township){.at_ms = INT64_MIN};
  int rc = 0;
  for (int i = 0; i < SETTLED_LISTS; i++) {
    out->names[i] = json_array();
    out->past[i] = json_array();
    if (out->names[i] == NULL || out->past[i] == NULL) rc = yz_no_memory(err);
  }
  if (rc == 0) rc = db_each(s, DAYS, &which, 1, add_day, out, err);
  if (rc == 0) rc = db_each(s, POLICIES, &which, 1, add_policy, out, err);
  if (rc != 0)
    township_finish(out);
  else
    case_calendar_index(&out->calendar);
  return rc;
}

static int add_zone(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  json_t *said = NULL;
  size_t len = (size_t)sqlite3_column_bytes(row, 0);
  if (yz_json_parse(db_get_text(row, 0), len, &said, NULL) == 0) settled_apply(said, arg);
  json_decref(said);
  return 0;
}

int store_load_zone(struct store *s, const struct yz_id *ledger, int *out, struct yz_error *err) {
  static const char ANY[] = "SELECT count(*) FROM settled WHERE (?1 IS NULL OR ledger=?1)"
                            " AND instr(said, '\"zone\":')>0";
  static const char ALL[] = SAID("settled") " SELECT said FROM said ORDER BY" LAST_WORD_LAST;
  struct db_arg which = ledger != NULL ? db_id(ledger) : db_null();
  struct case_policy last = case_policy_default;
  int64_t any = 0;
  int rc = db_number(s, ANY, &which, 1, 0, &any, err);
  if (rc == 0 && any > 0) rc = db_each(s, ALL, &which, 1, add_zone, &last, err);
  *out = last.zone;
  return rc;
}

void township_finish(struct township *t) {
  free(t->calendar.days);
  free(t->policies.list);
  for (int i = 0; i < SETTLED_LISTS; i++) {
    json_decref(t->names[i]);
    json_decref(t->past[i]);
  }
  *t = (struct township){0};
}

void township_forget(struct store *s) {
  township_finish(&s->township);
  s->has_township = false;
}

int township_of(struct store *s, const struct yz_id *ledger, const struct township **out,
                struct yz_error *err) {
  bool same = s->has_township && yz_equal(&s->township_ledger, ledger, YZ_ID_LEN);
  *out = &s->township;
  if (same && sqlite3_get_autocommit(s->db) == 0) return 0;
  township_forget(s);
  int rc = store_load_township(s, ledger, &s->township, err);
  s->township_ledger = *ledger;
  s->has_township = rc == 0;
  return rc;
}
