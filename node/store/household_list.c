/* Lists of households, and households by name or id. */
#include "effects.h"
#include "terms.h"
#include <stdlib.h>
#include <string.h>

/* A household with its own visits and those on cases that name it. ?1 is HOUSEHOLD_NEVER. */
#define SELECT                                                                                     \
  "SELECT h.id, h.ledger, l.code, h.name, h.place, h.phone, h.note, h.people, h.gone,"             \
  " h.needs_newer, h.visits + coalesce(sum(c.visits), 0), coalesce(sum(c.open), 0), h.words,"      \
  " max(h.last_ms, coalesce(max(c.last_ms), ?1)) AS last FROM household h"                         \
  " JOIN ledger l ON l.id=h.ledger"                                                                \
  " LEFT JOIN case_home c ON c.home=h.home AND c.ledger=h.ledger"                                  \
  " WHERE h.listed=1 AND (?2 IS NULL OR h.ledger=?2)"
#define BY_NAME " GROUP BY h.n ORDER BY l.n, h.home, h.id"

struct walk {
  household_row_fn fn;
  void *arg;
  char *search; /* folded; NULL: none */
};

/* Do all words, apart by blanks, occur? search: at most TERMS_MAX_QUERY bytes. */
static bool matches(const char *text, const char *search) {
  char word[TERMS_MAX_QUERY + 1];
  size_t len;
  for (; *(search += strspn(search, " \t\n")) != '\0'; search += len) {
    len = strcspn(search, " \t\n");
    memcpy(word, search, len);
    word[len] = '\0';
    if (strstr(text, word) == NULL) return false;
  }
  return true;
}

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  const char *people = db_get_text(row, 7), *words = db_get_text(row, 12);
  json_t *list = NULL;
  if (w->search != NULL && (words == NULL || !matches(words, w->search))) return 0;
  if (people != NULL && yz_json_parse(people, strlen(people), &list, NULL) != 0) list = NULL;
  struct household_row r = {.code = db_get_text(row, 2),
                            .name = db_get_text(row, 3),
                            .place = db_get_text(row, 4),
                            .phone = db_get_text(row, 5),
                            .note = db_get_text(row, 6),
                            .people = list,
                            .gone = sqlite3_column_int(row, 8) != 0,
                            .needs_newer = sqlite3_column_int(row, 9) != 0,
                            .visits = sqlite3_column_int64(row, 10),
                            .open_cases = sqlite3_column_int64(row, 11),
                            .last_visit_ms = sqlite3_column_int64(row, 13)};
  db_get_blob(row, 0, r.id.bytes, YZ_HASH_LEN);
  db_get_blob(row, 1, r.ledger.bytes, YZ_ID_LEN);
  int rc = w->fn(w->arg, &r);
  json_decref(list);
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
  static const char ALL[] = SELECT " AND h.gone=?3" BY_NAME;
  static const char NOT_SINCE[] = SELECT " AND h.gone=?3 GROUP BY h.n HAVING last<?4"
                                         " ORDER BY last, l.n, h.home, h.id";
  struct walk walk = {.fn = fn, .arg = arg};
  struct yz_buf search = {0};
  bool all = q->not_since_ms == INT64_MIN;
  int rc = effects_settle(s, err);
  if (rc == 0 && q->search != NULL) rc = fold_search(q->search, &search, err);
  walk.search = (char *)search.data;
  if (rc == 0)
    rc = db_each(s, all ? ALL : NOT_SINCE,
                 (const struct db_arg[]){db_int(HOUSEHOLD_NEVER), ledger_arg(q->ledger),
                                         db_int(q->gone), db_int(q->not_since_ms)},
                 all ? 3 : 4, hand_on, &walk, err);
  yz_buf_finish(&search);
  return rc;
}

int store_named_households(struct store *s, const struct yz_id *ledger, const char *name,
                           household_row_fn fn, void *arg, struct yz_error *err) {
  static const char SQL[] = SELECT " AND h.home=?3" BY_NAME;
  struct walk walk = {.fn = fn, .arg = arg};
  char *home;
  int rc = home_fold(name, &home, err);
  if (rc == 0) rc = effects_settle(s, err);
  if (rc == 0 && home != NULL)
    rc = db_each(s, SQL, ARGS(db_int(HOUSEHOLD_NEVER), ledger_arg(ledger), db_text(home)), hand_on,
                 &walk, err);
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
  static const char SQL[] =
      SELECT " AND h.n IN (SELECT n FROM household WHERE id BETWEEN ?3 AND ?4)" BY_NAME;
  struct walk walk = {.fn = fn, .arg = arg};
  struct yz_hash from, to;
  if (!fill(digits, '0', &from) || !fill(digits, 'f', &to)) return 0;
  int rc = effects_settle(s, err);
  if (rc == 0)
    rc = db_each(s, SQL,
                 ARGS(db_int(HOUSEHOLD_NEVER), ledger_arg(ledger), db_hash(&from), db_hash(&to)),
                 hand_on, &walk, err);
  return rc;
}

int store_load_household(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                         struct case_whole *out, struct yz_error *err) {
  return household_load(s, ledger, id, out, err);
}
