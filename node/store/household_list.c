/* Lists of households, and households by name or id. */
#include "effects.h"
#include "terms.h"
#include <stdlib.h>
#include <string.h>

/* A household with its own visits and those on cases that name it. ?1 is HOUSEHOLD_NEVER. Where
 * names of households are sealed and can be opened here, they are compared opened. */
#define SELECT(with, homes, home)                                                                  \
  with "SELECT h.id, h.ledger, l.code, h.name, h.place, h.phone, h.note, h.people, h.gone,"        \
       " h.needs_newer, h.visits + coalesce(sum(c.visits), 0), coalesce(sum(c.open), 0), h.words," \
       " max(h.last_ms, coalesce(max(c.last_ms), ?1)) AS last FROM household h"                    \
       " JOIN ledger l ON l.id=h.ledger LEFT JOIN " homes " c ON c.home=" home                     \
       " AND c.ledger=h.ledger WHERE h.listed=1 AND (?2 IS NULL OR h.ledger=?2)"
#define PLAIN SELECT("", "case_home", "h.home")
#define SEALED                                                                                     \
  SELECT("WITH homes AS MATERIALIZED (SELECT home_of(home) AS home, ledger, visits, open, last_ms" \
         " FROM case_home) ",                                                                      \
         "homes", "home_of(h.home)")
#define BY_NAME(home) " GROUP BY h.n ORDER BY l.n, " home ", h.id"
/* Both ways, by whether any are sealed. */
#define BOTH(rest)                                                                                 \
  { PLAIN rest BY_NAME("h.home"), SEALED rest BY_NAME("home_of(h.home)") }

struct walk {
  household_row_fn fn;
  void *arg;
  char *search; /* folded; NULL: none */
};

/* What a search looks at beside the words that are kept of it. */
static int add_words(struct yz_buf *out, const char *text) {
  if (text == NULL) return 0;
  int rc = terms_fold(text, strlen(text), out);
  return rc == 0 ? yz_buf_append(out, "\n", 1) : rc;
}

static int occurs(const struct household_row *r, const char *words, const char *search, bool *out,
                  struct yz_error *err) {
  struct yz_buf all = {0};
  int rc = yz_buf_puts(&all, words != NULL ? words : "");
  if (rc == 0) rc = add_words(&all, r->name);
  if (rc == 0) rc = add_words(&all, r->phone);
  for (size_t i = 0; rc == 0 && i < json_array_size(r->people); i++)
    rc = add_words(&all, json_string_value(json_array_get(r->people, i)));
  *out = rc == 0 && terms_occur((const char *)all.data, search);
  if (all.data != NULL) yz_wipe(all.data, all.len);
  yz_buf_finish(&all);
  return rc == 0 ? 0 : yz_no_memory(err);
}

enum { NAME, PHONE, PEOPLE, IDENTITY };

/* Opened where it can be. */
static int read_identity(struct store *s, sqlite3_stmt *row, struct yz_buf rooms[static IDENTITY],
                         struct household_row *r, json_t **people, struct yz_error *err) {
  const char *text = NULL;
  int rc = identity_show(s, db_get_text(row, 3), &rooms[NAME], &r->name, &r->sealed, err);
  if (rc == 0)
    rc = identity_show(s, db_get_text(row, 5), &rooms[PHONE], &r->phone, &r->sealed, err);
  if (rc == 0) rc = identity_show(s, db_get_text(row, 7), &rooms[PEOPLE], &text, &r->sealed, err);
  if (text != NULL && yz_json_parse(text, strlen(text), people, NULL) != 0) *people = NULL;
  r->people = *people;
  return rc;
}

static int hand_row(struct store *s, sqlite3_stmt *row, const struct walk *w,
                    struct yz_buf rooms[static IDENTITY], json_t **people, struct yz_error *err) {
  struct household_row r = {.code = db_get_text(row, 2),
                            .place = db_get_text(row, 4),
                            .note = db_get_text(row, 6),
                            .gone = sqlite3_column_int(row, 8) != 0,
                            .needs_newer = sqlite3_column_int(row, 9) != 0,
                            .visits = sqlite3_column_int64(row, 10),
                            .open_cases = sqlite3_column_int64(row, 11),
                            .last_visit_ms = sqlite3_column_int64(row, 13)};
  bool wanted = true;
  int rc = read_identity(s, row, rooms, &r, people, err);
  if (rc == 0 && w->search != NULL) rc = occurs(&r, db_get_text(row, 12), w->search, &wanted, err);
  if (rc != 0 || !wanted) return rc;
  db_get_blob(row, 0, r.id.bytes, YZ_HASH_LEN);
  db_get_blob(row, 1, r.ledger.bytes, YZ_ID_LEN);
  return w->fn(w->arg, &r);
}

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  struct yz_buf rooms[IDENTITY] = {{0}};
  json_t *people = NULL;
  int rc = hand_row(s, row, arg, rooms, &people, err);
  json_decref(people);
  for (size_t i = 0; i < IDENTITY; i++) {
    if (rooms[i].data != NULL) yz_wipe(rooms[i].data, rooms[i].len);
    yz_buf_finish(&rooms[i]);
  }
  return rc;
}

static struct db_arg ledger_arg(const struct yz_id *ledger) {
  return ledger != NULL ? db_id(ledger) : db_null();
}

static int fold_search(const char *search, struct yz_buf *out, struct yz_error *err) {
  if (terms_fold(search, strlen(search), out) != 0) return yz_no_memory(err);
  if (out->len <= TERMS_MAX_QUERY) return 0;
  return yz_fail(err, YZ_E_INPUT, YZ_N_("The search is too long. Use fewer words."), NULL);
}

int store_list_households(struct store *s, const struct household_query *q, household_row_fn fn,
                          void *arg, struct yz_error *err) {
#define NOT_SINCE " AND h.gone=?3 GROUP BY h.n HAVING last<?4 ORDER BY last, l.n, "
  static const char *const all_of[] = BOTH(" AND h.gone=?3");
  static const char *const not_since[] = {PLAIN NOT_SINCE "h.home, h.id",
                                          SEALED NOT_SINCE "home_of(h.home), h.id"};
  struct walk walk = {.fn = fn, .arg = arg};
  struct yz_buf search = {0};
  bool all = q->not_since_ms == INT64_MIN, sealed = false;
  int rc = effects_settle(s, err);
  if (rc == 0) rc = identity_homes(s, &sealed, err);
  if (rc == 0 && q->search != NULL) rc = fold_search(q->search, &search, err);
  walk.search = (char *)search.data;
  if (rc == 0)
    rc = db_each(s, all ? all_of[sealed] : not_since[sealed],
                 (const struct db_arg[]){db_int(HOUSEHOLD_NEVER), ledger_arg(q->ledger),
                                         db_int(q->gone), db_int(q->not_since_ms)},
                 all ? 3 : 4, hand_on, &walk, err);
  yz_buf_finish(&search);
  return rc;
}

int store_named_households(struct store *s, const struct yz_id *ledger, const char *name,
                           household_row_fn fn, void *arg, struct yz_error *err) {
  static const char *const sql[] = {PLAIN " AND h.home=?3" BY_NAME("h.home"),
                                    SEALED " AND home_of(h.home)=?3" BY_NAME("h.home")};
  struct walk walk = {.fn = fn, .arg = arg};
  bool sealed = false;
  char *home;
  int rc = home_fold(name, &home, err);
  if (rc == 0) rc = effects_settle(s, err);
  if (rc == 0) rc = identity_homes(s, &sealed, err);
  if (rc == 0 && home != NULL)
    rc = db_each(s, sql[sealed], ARGS(db_int(HOUSEHOLD_NEVER), ledger_arg(ledger), db_text(home)),
                 hand_on, &walk, err);
  free(home);
  return rc;
}

/* The id that the digits and then `rest` alone make. */
static bool fill(const char *digits, char rest, struct yz_hash *out) {
  char hex[YZ_HASH_HEX];
  size_t len = strlen(digits);
  if (len == 0 || len > sizeof hex) return false;
  for (size_t i = 0; i < sizeof hex; i++) hex[i] = (char)(i < len ? digits[i] : rest);
  return yz_from_hex(hex, sizeof hex, out->bytes, YZ_HASH_LEN);
}

int store_identified_households(struct store *s, const struct yz_id *ledger, const char *digits,
                                household_row_fn fn, void *arg, struct yz_error *err) {
  static const char *const sql[] =
      BOTH(" AND h.n IN (SELECT n FROM household WHERE id BETWEEN ?3 AND ?4)");
  struct walk walk = {.fn = fn, .arg = arg};
  struct yz_hash from, to;
  bool sealed = false;
  if (!fill(digits, '0', &from) || !fill(digits, 'f', &to)) return 0;
  int rc = effects_settle(s, err);
  if (rc == 0) rc = identity_homes(s, &sealed, err);
  if (rc == 0)
    rc = db_each(s, sql[sealed],
                 ARGS(db_int(HOUSEHOLD_NEVER), ledger_arg(ledger), db_hash(&from), db_hash(&to)),
                 hand_on, &walk, err);
  return rc;
}

int store_load_household(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                         struct case_whole *out, struct yz_error *err) {
  return household_load(s, ledger, id, out, err);
}
