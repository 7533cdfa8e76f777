/* What figures and samples are made of: walks over the cases as they stand. */
#include "effects.h"

#define COHORT                                                                                     \
  " WHERE cases.listed=1 AND cases.number IS NOT NULL AND cases.opened_ms>=?1"                     \
  " AND cases.opened_ms<?2"
/* The group's key, its village, and the facts: of a span of time, and of all time, for which the
 * rows are read as they lie. */
#define SELECT(key, village, how, rest)                                                            \
  "SELECT " key " AS k, " village " AS v, " FIGURE_COLUMNS " FROM cases" how rest
#define WALKS(key, village, rest)                                                                  \
  { SELECT(key, village, "", rest), SELECT(key, village, " NOT INDEXED", rest) }
#define VILLAGES " JOIN ledger l ON l.id=cases.ledger"
#define GROUPED COHORT " ORDER BY v, k IS NULL, k"

static const char *const walks[][2] = {
    [FIGURES_ALL] = WALKS("NULL", "NULL", COHORT),
    [FIGURES_BY_CATEGORY] = WALKS("cases.category", "NULL", GROUPED),
    [FIGURES_BY_VILLAGE] = WALKS("l.code", "NULL", VILLAGES GROUPED),
    [FIGURES_BY_WORKER] = WALKS(CASE_OPENER, "l.code", VILLAGES GROUPED),
    [FIGURES_BY_OFFICE] = WALKS("iif(cases.to_office=1, cases.assigned, NULL)", "NULL", GROUPED),
};

struct walk {
  figure_row_fn fn;
  void *arg;
};

static int64_t number_or(sqlite3_stmt *row, int column, int64_t none) {
  return sqlite3_column_type(row, column) == SQLITE_NULL ? none : sqlite3_column_int64(row, column);
}

void figure_read(sqlite3_stmt *row, int column, struct figure_facts *out) {
  int c = column;
  out->state = case_state_from_name(db_get_text(row, c++));
  out->result = db_get_text(row, c++);
  out->solved = db_get_text(row, c++);
  out->same_hand = sqlite3_column_int(row, c++) != 0;
  out->anonymous = sqlite3_column_int(row, c++) != 0;
  out->unasked = sqlite3_column_int(row, c++) != 0;
  out->history = sqlite3_column_int(row, c++) != 0;
  out->opened_ms = sqlite3_column_int64(row, c++);
  out->answered_ms = number_or(row, c++, INT64_MAX);
  out->resolved_ms = number_or(row, c++, INT64_MAX);
  out->due_ms = number_or(row, c++, CASE_NO_DUE);
  out->answer_due_ms = number_or(row, c++, CASE_NO_DUE);
  out->resolve_due_ms = number_or(row, c++, CASE_NO_DUE);
  out->breaches = sqlite3_column_int64(row, c);
}

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct figure_row r = {.key = db_get_text(row, 0), .village = db_get_text(row, 1)};
  figure_read(row, 2, &r.facts);
  return w->fn(w->arg, &r);
}

int store_each_figure(struct store *s, enum figures_by by, int64_t from_ms, int64_t to_ms,
                      figure_row_fn fn, void *arg, struct yz_error *err) {
  struct walk walk = {fn, arg};
  int rc = cases_settle(s, err);
  if (rc != 0) return rc;
  const char *sql = walks[by][from_ms == INT64_MIN && to_ms == INT64_MAX];
  return db_each(s, sql, ARGS(db_int(from_ms), db_int(to_ms)), hand_on, &walk, err);
}

struct drawing {
  int (*fn)(void *arg, const struct yz_hash *id);
  void *arg;
};

static int hand_id(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct drawing *d = arg;
  struct yz_hash id;
  db_get_blob(row, 0, id.bytes, YZ_HASH_LEN);
  return d->fn(d->arg, &id);
}

int store_each_to_sample(struct store *s, int64_t from_ms, int64_t to_ms,
                         int (*fn)(void *arg, const struct yz_hash *id), void *arg,
                         struct yz_error *err) {
  static const char SQL[] = "SELECT cases.id FROM cases" COHORT
                            " AND cases.state IN ('followed-up', 'closed') AND cases.anonymous=0"
                            " AND NOT (cases.unasked=1 AND cases.result IS 'unreachable')"
                            " AND cases.history=0";
  struct drawing drawing = {fn, arg};
  int rc = cases_settle(s, err);
  if (rc != 0) return rc;
  return db_each(s, SQL, ARGS(db_int(from_ms), db_int(to_ms)), hand_id, &drawing, err);
}
