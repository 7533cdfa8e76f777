/* Case numbers: the next one, those like a mistyped one; sources of imports. */
#include "effects.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Nine digits are counted. Where someone wrote the last of them, the first free one does. */
enum { COUNTER_MAX = 999999999 };

static int first_gap(struct store *s, const char *stem, int64_t *out, struct yz_error *err) {
  static const char SQL[] =
      "SELECT min(a.counter) FROM cases a WHERE a.stem=?1 AND a.counter<?2 AND NOT EXISTS"
      " (SELECT 1 FROM cases b WHERE b.stem=?1 AND b.counter=a.counter+1)";
  return db_number(s, SQL, ARGS(db_text(stem), db_int(COUNTER_MAX)), 0, out, err);
}

int store_next_counter(struct store *s, const char *code, const char *letter, int year,
                       int64_t *out, struct yz_error *err) {
  static const char SQL[] = "SELECT max(counter) FROM cases WHERE stem=?";
  char stem[NUMBER_MAX];
  number_format(stem, code, letter, year, 1);
  for (int dashes = 0; dashes < 2; dashes++) {
    char *dash = strrchr(stem, '-');
    assert(dash != NULL);
    *dash = '\0';
  }
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_number(s, SQL, ARGS(db_text(stem)), 0, out, err);
  if (rc == 0 && *out >= COUNTER_MAX) rc = first_gap(s, stem, out, err);
  *out += 1;
  return rc;
}

struct prefixes {
  int (*fn)(void *arg, const struct yz_id *ledger, const char *prefix);
  void *arg;
};

static int hand_prefix(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct prefixes *w = arg;
  struct yz_id ledger;
  db_get_blob(row, 0, ledger.bytes, YZ_ID_LEN);
  return w->fn(w->arg, &ledger, db_get_text(row, 1));
}

int store_each_prefix(struct store *s,
                      int (*fn)(void *arg, const struct yz_id *ledger, const char *prefix),
                      void *arg, struct yz_error *err) {
  /* The last three are those of the year: QS3-26. */
  static const char SQL[] = "SELECT ledger, substr(stem, 1, length(stem) - 3) FROM cases"
                            " WHERE stem IS NOT NULL AND listed=1"
                            " UNION SELECT ledger, code FROM village WHERE code IS NOT NULL"
                            " UNION SELECT ledger, code FROM invitation";
  int rc = cases_settle(s, err);
  return rc != 0 ? rc : db_each(s, SQL, NULL, 0, hand_prefix, &(struct prefixes){fn, arg}, err);
}

int store_find_source(struct store *s, const char *source, struct yz_error *err) {
  static const char SQL[] = "SELECT 1 FROM cases WHERE source=? AND listed=1 LIMIT 1";
  int64_t found = 0;
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_number(s, SQL, ARGS(db_text(source)), 0, &found, err);
  return rc != 0 ? rc : found != 0 ? 0 : YZ_E_NOT_FOUND;
}

struct near {
  char number[NUMBER_MAX];
  int distance;
};
struct nearest {
  const char *to;
  struct near *best; /* the nearest first */
  size_t n, max;
};

static int consider(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  struct nearest *w = arg;
  struct near one;
  db_get_chars(row, 0, one.number, sizeof one.number);
  if (one.number[0] == '\0') return 0;
  one.distance = number_distance(w->to, one.number);
  size_t at = w->n;
  while (at > 0 && w->best[at - 1].distance > one.distance) at--;
  if (at == w->max) return 0;
  if (w->n < w->max) w->n++;
  memmove(&w->best[at + 1], &w->best[at], (w->n - at - 1) * sizeof one);
  w->best[at] = one;
  return 0;
}

int store_near_numbers(struct store *s, const char *number, size_t max,
                       int (*fn)(void *arg, const char *number), void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT DISTINCT number FROM cases WHERE number IS NOT NULL AND listed=1 ORDER BY number";
  struct nearest w = {.to = number, .max = max};
  if (max == 0) return 0;
  w.best = calloc(max, sizeof *w.best);
  if (w.best == NULL) return yz_no_memory(err);
  int rc = cases_settle(s, err);
  if (rc == 0) rc = db_each(s, SQL, NULL, 0, consider, &w, err);
  for (size_t i = 0; rc == 0 && i < w.n; i++) rc = fn(arg, w.best[i].number);
  free(w.best);
  return rc;
}
