/* Lists of cases, newest first, and cases by number. */
#include "effects.h"
#include "terms.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is case `c` the one that its matter is known by? One that is merged into none that is listed; of
 * a circle, made by merges apart, the one that was merged last. */
#define STANDS(c)                                                                                  \
  "(" c ".merged_into IS NULL OR coalesce((WITH RECURSIVE way(id, into_id, at) AS"                 \
  " (SELECT t.id, t.merged_into, t.merged_at FROM cases t WHERE t.id=" c ".merged_into"            \
  "  AND t.listed=1 UNION SELECT t.id, t.merged_into, t.merged_at FROM way JOIN cases t"           \
  "  ON t.id=way.into_id AND t.listed=1)"                                                          \
  " SELECT max(way.id=" c ".id) AND NOT max(way.at>" c ".merged_at) FROM way), 1))"
/* A case and all that lead to it by merges. */
#define MATTER(id)                                                                                 \
  "WITH RECURSIVE one(id) AS (VALUES(" id ") UNION SELECT m.id FROM cases m"                       \
  " JOIN one ON m.merged_into=one.id WHERE m.listed=1 AND NOT " STANDS("m") ")"
/* Workers who may be called so, in some ledger. */
#define WORKERS_CALLED(name_is)                                                                    \
  "SELECT w.key FROM key_name w WHERE w.name=" name_is                                             \
  " OR w.name || ' (' || lower(substr(hex(w.key), 1, 8)) || ')'=" name_is
#define PEOPLE "(" MATTER("cases.id") " SELECT count(*) FROM one)"
#define COLUMNS                                                                                    \
  "id, ledger, number, title, category, channel, urgency, place, resident, phone, household,"      \
  " " CASE_ASSIGNEE ", text, class, state, flags, opened_ms, anonymous, needs_newer, conflicts, "  \
  "requested, due_ms, due_of, provisional, breaches, to_office,"                                   \
  " (SELECT code FROM ledger WHERE ledger.id=cases.ledger), " CASE_OPENER ", " FIGURE_COLUMNS
enum { FIGURES_COLUMN = 28, PEOPLE_COLUMN = FIGURES_COLUMN + 14 };
/* Last, where each matter is asked for once. */
#define WITH_PEOPLE COLUMNS ", iif(?6=1, " PEOPLE ", 0)"

/* A place in the list: cases below it are those after it. */
struct key {
  int64_t opened_ms;
  struct yz_hash id;
};
static const struct key TOP = {.opened_ms = INT64_MAX};

struct walk {
  case_row_fn fn;
  void *arg;
  size_t n;
};

static void read_due(sqlite3_stmt *row, int column, struct case_row *r) {
  const char *due_of = db_get_text(row, column + 1);
  r->due_ms = due_of != NULL ? sqlite3_column_int64(row, column) : CASE_NO_DUE;
  r->of_acceptance = due_of != NULL && strcmp(due_of, "answer") == 0;
  r->provisional = sqlite3_column_int(row, column + 2) != 0;
  r->breaches = sqlite3_column_int64(row, column + 3);
}

enum { IDENTITY = 3 };

/* Opened where it can be; rooms live as long as the row. */
static int show_identity(struct store *s, struct case_row *r, struct yz_buf rooms[static IDENTITY],
                         struct yz_error *err) {
  const char **const texts[IDENTITY] = {&r->resident, &r->phone, &r->household};
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < IDENTITY; i++)
    rc = identity_show(s, *texts[i], &rooms[i], texts[i], &r->sealed, err);
  return rc;
}

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  struct walk *w = arg;
  struct yz_buf rooms[IDENTITY] = {{0}};
  struct case_row r = {.number = db_get_text(row, 2)};
  const char **const texts[] = {&r.title,    &r.category, &r.channel, &r.urgency,
                                &r.place,    &r.resident, &r.phone,   &r.household,
                                &r.assigned, &r.text,     &r.class};
  char hex[YZ_HASH_HEX + 1], key[YZ_HASH_HEX + 24];
  db_get_blob(row, 0, r.id.bytes, YZ_HASH_LEN);
  db_get_blob(row, 1, r.ledger.bytes, YZ_ID_LEN);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    *texts[i] = db_get_text(row, (int)i + 3);
  r.state = case_state_from_name(db_get_text(row, 14));
  r.flags = (unsigned)sqlite3_column_int(row, 15);
  r.opened_ms = sqlite3_column_int64(row, 16);
  r.anonymous = sqlite3_column_int(row, 17) != 0;
  r.needs_newer = sqlite3_column_int(row, 18) != 0;
  r.conflict_count = sqlite3_column_int64(row, 19);
  r.requested = sqlite3_column_int(row, 20) != 0;
  read_due(row, 21, &r);
  r.to_office = sqlite3_column_int(row, 25) != 0;
  r.village = db_get_text(row, 26);
  r.opened_by = db_get_text(row, 27);
  figure_read(row, FIGURES_COLUMN, &r.facts);
  if (sqlite3_column_count(row) > PEOPLE_COLUMN)
    r.people = sqlite3_column_int64(row, PEOPLE_COLUMN);
  yz_to_hex(r.id.bytes, YZ_HASH_LEN, hex);
  (void)snprintf(key, sizeof key, "%lld:%s", (long long)r.opened_ms, hex);
  r.key = key;
  w->n++;
  int rc = show_identity(s, &r, rooms, err);
  if (rc == 0) rc = w->fn(w->arg, &r);
  for (size_t i = 0; i < IDENTITY; i++) {
    if (rooms[i].data != NULL) yz_wipe(rooms[i].data, rooms[i].len);
    yz_buf_finish(&rooms[i]);
  }
  return rc;
}

/* --- where a page begins ------------------------------------------------------ */

static bool read_key(const char *text, struct key *out) {
  char *end;
  const char *hex = strchr(text, ':');
  if (hex == NULL || hex == text) return false;
  out->opened_ms = strtoll(text, &end, 10);
  return end == hex && yz_from_hex(hex + 1, strlen(hex + 1), out->id.bytes, YZ_HASH_LEN);
}

static int key_of_number(struct store *s, const char *number, struct key *out,
                         struct yz_error *err) {
  static const char SQL[] = "SELECT opened_ms, id FROM cases WHERE number=? AND listed=1";
  sqlite3_stmt *row;
  int rc = db_take(s, SQL, ARGS(db_text(number)), &row, err);
  if (rc != 0) return rc;
  rc = db_step(s, row, err);
  if (rc == 0)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("There is no case after which the list could go on. Give the number or key "
                       "of a case that it showed."),
                 "%s", number);
  if (rc == 1) {
    out->opened_ms = sqlite3_column_int64(row, 0);
    db_get_blob(row, 1, out->id.bytes, YZ_HASH_LEN);
    rc = db_step(s, row, err);
  }
  if (rc == 1)
    rc = yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("Two cases have this number, so the list cannot go on from it. Give the "
                       "key of the last case instead."),
                 "%s", number);
  db_give(s, row);
  return rc;
}

static int start_of(struct store *s, const char *after, struct key *out, struct yz_error *err) {
  *out = TOP;
  if (after == NULL || read_key(after, out)) return 0;
  return key_of_number(s, after, out, err);
}

/* --- lists ---------------------------------------------------------------- */

/* What is looked for in who asked, or where it is, folded. */
static int fold_words(const char *who, struct yz_buf *out, struct yz_error *err) {
  int rc = strlen(who) > TERMS_MAX_QUERY ? YZ_E_LIMIT : 0;
  if (rc == 0) rc = terms_fold(who, strlen(who), out);
  if (rc == 0 && out->len > TERMS_MAX_QUERY) rc = YZ_E_LIMIT;
  if (rc == YZ_E_LIMIT)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("The search is too long. Use fewer words."), NULL);
  return rc == 0 ? 0 : yz_no_memory(err);
}

/* The search as an expression for the index; *nothing: no case can match. */
static int match_of(struct store *s, const char *search, struct yz_buf *out, bool *nothing,
                    struct yz_error *err) {
  struct yz_buf folded = {0};
  int rc = strlen(search) > TERMS_MAX_QUERY ? YZ_E_LIMIT : 0;
  if (rc == 0) rc = terms_fold(search, strlen(search), &folded);
  if (rc == 0) rc = terms_query((const char *)folded.data, folded.len, out);
  yz_buf_finish(&folded);
  if (rc == YZ_E_LIMIT)
    return yz_fail(err, YZ_E_INPUT, YZ_N_("The search is too long. Use fewer words."), NULL);
  if (rc != 0) return yz_no_memory(err);
  *nothing = out->len == 0;
  return *nothing ? 0 : index_catch_up(s, err);
}

#define FILTERS                                                                                    \
  " WHERE listed=1 AND opened_ms>=?1 AND (opened_ms, id)<(?2, ?3)"                                 \
  " AND (?4 IS NULL OR state=?4) AND (?5 IS NULL OR category=?5)"                                  \
  " AND (?6=0 OR " STANDS(                                                                         \
      "cases") ") AND (?7=0 OR requested=1)"                                                       \
               " AND (?12 IS NULL OR ?12 IN (" CASE_ASSIGNEE ", " KEY_NAMED(                       \
                   "to_worker",                                                                    \
                   "ledger") "))"                                                                  \
                             " AND flags&?13=?13 AND (?14 IS NULL OR ledger=?14)"                  \
                             " AND (?15=0 OR conflicts>0)"                                         \
                             " AND (?16 IS NULL OR result=?16) AND (?17=0 OR opened_ms<?17)"       \
                             " AND (?18 IS NULL OR says(?18, resident, phone, household))"         \
                             " AND (?19 IS NULL OR says(?19, place))"
#define ORDER " ORDER BY opened_ms DESC, id DESC LIMIT ?8"
#define MATCH " AND n IN (SELECT rowid FROM words WHERE words MATCH ?9)"
/* A word that stands in very many cases: they are not gathered and sorted for a page of them, but
 * walked in the list's order. Each of the first is asked whether it has the word; where few have,
 * and the page is not full after these, all that have it are gathered after all. */
enum { MANY_MATCHES = 2000 };
#define FIRST_ASKED "300"
#define WALK_MATCH                                                                                 \
  " AND CASE WHEN (opened_ms, id)>=(SELECT a.opened_ms, a.id FROM cases a INDEXED BY cases_opened" \
  "  WHERE a.listed=1 AND (a.opened_ms, a.id)<(?2, ?3) ORDER BY a.opened_ms DESC, a.id DESC"       \
  "  LIMIT 1 OFFSET " FIRST_ASKED ")"                                                              \
  " THEN EXISTS(SELECT 1 FROM words WHERE words MATCH ?9 AND rowid=cases.n)"                       \
  " ELSE n IN (SELECT rowid FROM words WHERE words MATCH ?9) END"
/* Few cases are due, asked of the township, flagged, in conflict, resolved or given to someone
 * among the many that were: these are found by that alone. */
enum way { ALL, DUE, REQUESTED, ASSIGNED, FLAGGED, APART, RESOLVED, WAYS };
#define BY(index, condition)                                                                       \
  {                                                                                                \
    "SELECT " WITH_PEOPLE " FROM cases" index FILTERS condition ORDER,                             \
        "SELECT " WITH_PEOPLE " FROM cases" index FILTERS condition MATCH ORDER                    \
  }
/* Without a search, and with one. */
static const char *const ways[WAYS][2] = {
    [ALL] = BY("", ""),
    [DUE] = BY(" INDEXED BY cases_due", " AND due_ms>?10 AND due_ms<=?11"),
    [REQUESTED] = BY(" INDEXED BY cases_requested", " AND requested=1"),
    [ASSIGNED] = BY("", " AND n IN (SELECT n FROM cases INDEXED BY cases_to WHERE listed=1"
                        " AND assigned=?12 UNION SELECT n FROM cases INDEXED BY cases_worker"
                        " WHERE listed=1 AND to_worker IN (" WORKERS_CALLED("?12") "))"),
    [FLAGGED] = BY(" INDEXED BY cases_flagged", " AND flags<>0"),
    [APART] = BY(" INDEXED BY cases_conflicts", " AND conflicts>0"),
    [RESOLVED] = BY(" INDEXED BY cases_resolved", " AND state='resolved'"),
};
static const char WALK[] =
    "SELECT " WITH_PEOPLE " FROM cases INDEXED BY cases_opened" FILTERS WALK_MATCH ORDER;

static enum way way_of(const struct case_query *q) {
  if (q->due) return DUE;
  if (q->requested) return REQUESTED;
  if (q->assigned != NULL) return ASSIGNED;
  if (q->flags != 0) return FLAGGED;
  if (q->conflicts) return APART;
  const char *resolved = case_state_name(CASE_RESOLVED);
  return q->state != NULL && strcmp(q->state, resolved) == 0 ? RESOLVED : ALL;
}

/* How to look. match: empty without a search. */
static int statement_for(struct store *s, const struct case_query *q, const struct yz_buf *match,
                         const char **sql, struct yz_error *err) {
  static const char MANY[] =
      "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)";
  enum way way = way_of(q);
  int64_t n = 0;
  *sql = ways[way][q->search != NULL];
  if (q->search == NULL || q->limit <= 0 || way != ALL) return 0;
  int rc = db_number(s, MANY,
                     ARGS(db_chars((const char *)match->data, match->len), db_int(MANY_MATCHES)), 0,
                     &n, err);
  if (n == MANY_MATCHES) *sql = WALK;
  return rc;
}

static int check_state(const char *state, struct yz_error *err) {
  if (state == NULL || case_state_from_name(state) != CASE_STATES) return 0;
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("There is no such state of a case; `yizhan case list --help` names them."),
                 "%s", state);
}

int store_list_cases(struct store *s, const struct case_query *q, case_row_fn fn, void *arg,
                     struct yz_error *err) {
  struct walk walk = {.fn = fn, .arg = arg};
  struct yz_buf match = {0}, who = {0}, place = {0};
  struct key after;
  const char *sql = NULL;
  bool nothing = false;
  int rc = check_state(q->state, err);
  if (rc == 0) rc = cases_settle(s, err);
  if (rc == 0) rc = start_of(s, q->after, &after, err);
  if (rc == 0 && q->search != NULL) rc = match_of(s, q->search, &match, &nothing, err);
  if (rc == 0 && q->who != NULL) rc = fold_words(q->who, &who, err);
  if (rc == 0 && q->place != NULL) rc = fold_words(q->place, &place, err);
  if (rc == 0 && !nothing) rc = statement_for(s, q, &match, &sql, err);
  if (rc == 0 && !nothing)
    rc = db_each(s, sql,
                 ARGS(db_int(q->since_ms), db_int(after.opened_ms), db_hash(&after.id),
                      db_text(q->state), db_text(q->category), db_int(q->matters),
                      db_int(q->requested), db_int(q->limit > 0 ? q->limit : -1),
                      db_chars((const char *)match.data, match.len), db_int(q->due_after_ms),
                      db_int(q->due_until_ms), db_text(q->assigned), db_int((int64_t)q->flags),
                      q->ledger != NULL ? db_id(q->ledger) : db_null(), db_int(q->conflicts),
                      db_text(q->result), db_int(q->before_ms),
                      q->who != NULL ? db_chars((const char *)who.data, who.len) : db_null(),
                      q->place != NULL ? db_chars((const char *)place.data, place.len) : db_null()),
                 hand_on, &walk, err);
  yz_buf_finish(&match);
  yz_buf_finish(&who);
  yz_buf_finish(&place);
  return rc;
}

int store_find_case(struct store *s, const char *number, case_row_fn fn, void *arg,
                    struct yz_error *err) {
  static const char SQL[] =
      "SELECT " COLUMNS " FROM cases WHERE number=? AND listed=1 ORDER BY opened_ms, id";
  struct walk walk = {.fn = fn, .arg = arg};
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_each(s, SQL, ARGS(db_text(number)), hand_on, &walk, err);
  return rc == 0 && walk.n == 0 ? YZ_E_NOT_FOUND : rc;
}

int store_household_cases(struct store *s, const struct yz_id *ledger, const char *name,
                          case_row_fn fn, void *arg, struct yz_error *err) {
#define OF_HOUSEHOLD(home_is)                                                                      \
  "SELECT " COLUMNS " FROM cases WHERE ledger=?1 AND id IN"                                        \
  " (SELECT id FROM case_home WHERE " home_is "=?2 AND ledger=?1)"                                 \
  " ORDER BY opened_ms DESC, id DESC"
  static const char PLAIN[] = OF_HOUSEHOLD("home"), SEALED[] = OF_HOUSEHOLD("home_of(home)");
  struct walk walk = {.fn = fn, .arg = arg};
  bool sealed = false;
  char *home;
  int rc = home_fold(name, &home, err);
  if (rc == 0) rc = effects_settle(s, err);
  if (rc == 0) rc = identity_homes(s, &sealed, err);
  if (rc == 0 && home != NULL)
    rc = db_each(s, sealed ? SEALED : PLAIN, ARGS(db_id(ledger), db_text(home)), hand_on, &walk,
                 err);
  free(home);
  return rc;
}

struct recent {
  store_looks_fn looks;
  struct walk walk;
};

/* Of what is not looked for no more is read than that takes. */
static int look_at(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM cases WHERE n=?";
  struct recent *r = arg;
  struct yz_buf room = {0};
  const char *household = db_get_text(row, 2);
  bool sealed = false;
  int rc = identity_show(s, household, &room, &household, &sealed, err);
  bool wanted = rc == 0 && r->looks(r->walk.arg, db_get_text(row, 1), household);
  if (room.data != NULL) yz_wipe(room.data, room.len);
  yz_buf_finish(&room);
  if (!wanted) return rc;
  return db_each(s, SQL, ARGS(db_int(sqlite3_column_int64(row, 0))), hand_on, &r->walk, err);
}

int store_each_recent(struct store *s, const struct yz_id *ledger, int64_t from_ms, int64_t to_ms,
                      bool homes, store_looks_fn looks, case_row_fn fn, void *arg,
                      struct yz_error *err) {
  static const char SQL[] =
      "SELECT n, title, iif(?4, household, NULL) FROM"
      " (SELECT n, title, household, ledger, state, merged_into FROM cases"
      "  WHERE listed=1 AND opened_ms>=?2 AND opened_ms<=?3 ORDER BY opened_ms DESC, id DESC"
      "  LIMIT ?5) WHERE ledger=?1 AND state<>'void' AND merged_into IS NULL";
  struct recent recent = {looks, {.fn = fn, .arg = arg}};
  int rc = cases_settle(s, err);
  if (rc != 0) return rc;
  return db_each(
      s, SQL,
      ARGS(db_id(ledger), db_int(from_ms), db_int(to_ms), db_int(homes), db_int(STORE_RECENT_MAX)),
      look_at, &recent, err);
}

int store_each_merged(struct store *s, const struct yz_hash *id, case_row_fn fn, void *arg,
                      struct yz_error *err) {
  static const char SQL[] =
      MATTER("?1") " SELECT " COLUMNS " FROM cases WHERE listed=1 AND id<>?1 AND id IN one"
                   " ORDER BY opened_ms, id";
  struct walk walk = {.fn = fn, .arg = arg};
  int rc = cases_settle(s, err);
  return rc == 0 ? db_each(s, SQL, ARGS(db_hash(id)), hand_on, &walk, err) : rc;
}
