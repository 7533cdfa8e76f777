/* The households as they stand: each row repeats what a fold over the household's accepted
 * records gives. A row marked stale is folded anew before it is read or saved. */
#include "../sealed.h"
#include "effects.h"
#include "terms.h"
#include <stdlib.h>
#include <string.h>

/* --- marking ------------------------------------------------------------- */

static int mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                struct yz_error *err) {
  static const char SQL[] = "INSERT INTO household(ledger, id, stale) VALUES(?1, ?2, 1)"
                            " ON CONFLICT(id, ledger) DO UPDATE SET stale=1";
  s->stale_households = true;
  return db_run(s, SQL, ARGS(db_id(ledger), db_hash(id)), err);
}

int household_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO household_of(record, id) VALUES(?1, ?2)"
                            " ON CONFLICT(record) DO NOTHING";
  const struct yz_stored *r = p->record;
  struct yz_hash id;
  if (!household_of(r->type, &r->id, r->json, &id)) return 0;
  int rc = db_run(s, SQL, ARGS(db_int(p->n), db_hash(&id)), err);
  return rc == 0 ? mark(s, &p->ledger, &id, err) : rc;
}

int household_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM household_of WHERE record=?";
  const struct yz_stored *r = p->record;
  struct yz_hash id;
  if (!household_of(r->type, &r->id, r->json, &id)) return 0;
  int rc = db_run(s, SQL, ARGS(db_int(p->n)), err);
  return rc == 0 ? mark(s, &p->ledger, &id, err) : rc;
}

int household_mark_log(struct store *s, const struct yz_id *log, int64_t from,
                       struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO household(ledger, id, stale) SELECT DISTINCT l.ledger, o.id, 1"
      " FROM log l CROSS JOIN record r ON r.log=l.n CROSS JOIN household_of o ON o.record=r.n"
      " WHERE l.id=?1 AND r.seq>=?2 AND true"
      " ON CONFLICT(id, ledger) DO UPDATE SET stale=1";
  s->stale_households = true;
  return db_run(s, SQL, ARGS(db_id(log), db_int(from)), err);
}

int households_clear(struct store *s, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM household";
  s->stale_households = true;
  return db_run(s, SQL, NULL, 0, err);
}

/* --- folding --------------------------------------------------------------- */

/* A row's columns, as arguments ?1 to ?14 of the statements below, and what they point to. */
enum { FACTS = 14 };
struct facts {
  struct household view;
  char *home, *people;
  struct yz_buf words; /* all that a search looks at, folded */
};

static void facts_finish(struct facts *f) {
  free(f->home);
  free(f->people);
  yz_buf_finish(&f->words);
}

static int add_words(struct yz_buf *out, const char *text) {
  if (text == NULL || sealed_is(text)) return 0;
  int rc = terms_fold(text, strlen(text), out);
  return rc == 0 ? yz_buf_append(out, "\n", 1) : rc;
}

static int find_words(struct facts *f) {
  const struct household *v = &f->view;
  const char *const texts[] = {v->name, v->place, v->phone, v->note};
  int rc = yz_buf_append(&f->words, "", 0);
  for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof *texts; i++)
    rc = add_words(&f->words, texts[i]);
  for (size_t i = 0; rc == 0 && i < json_array_size(v->people); i++)
    rc = add_words(&f->words, json_string_value(json_array_get(v->people, i)));
  return rc;
}

/* Points into the records; facts_finish frees, after a failure too. */
static int find_facts(const struct case_whole *w, struct facts *f, struct yz_error *err) {
  *f = (struct facts){0};
  household_fold(w->records, w->n, &f->view);
  if (f->view.people != NULL) {
    f->people = json_is_array(f->view.people) ? json_dumps(f->view.people, JSON_COMPACT)
                                              : strdup(json_string_value(f->view.people));
    if (f->people == NULL) return yz_no_memory(err);
  }
  if (find_words(f) != 0) return yz_no_memory(err);
  return home_fold(f->view.name, &f->home, err);
}

static void list_facts(const struct yz_id *ledger, const struct yz_hash *id, const struct facts *f,
                       struct db_arg out[static FACTS]) {
  const struct household *v = &f->view;
  size_t n = 0;
  out[n++] = db_id(ledger);
  out[n++] = db_hash(id);
  out[n++] = db_int(v->added);
  out[n++] = db_int(v->needs_newer);
  out[n++] = db_int(v->gone);
  out[n++] = db_int((int64_t)v->visits);
  out[n++] = db_int(v->last_visit_ms);
  out[n++] = db_text(v->name);
  out[n++] = db_text(f->home);
  out[n++] = db_text(v->place);
  out[n++] = db_text(v->phone);
  out[n++] = db_text(v->note);
  out[n++] = db_text(f->people);
  out[n++] = db_chars((const char *)f->words.data, f->words.len);
}

static int write_row(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                     const struct case_whole *w, struct yz_error *err) {
  static const char SQL[] =
      "UPDATE household SET stale=0, listed=?3, needs_newer=?4, gone=?5, visits=?6, last_ms=?7,"
      " name=?8, home=?9, place=?10, phone=?11, note=?12, people=?13, words=?14"
      " WHERE ledger=?1 AND id=?2";
  struct db_arg args[FACTS];
  struct facts facts;
  int rc = find_facts(w, &facts, err);
  if (rc == 0) {
    list_facts(ledger, id, &facts, args);
    rc = db_run(s, SQL, args, FACTS, err);
  }
  facts_finish(&facts);
  return rc;
}

/* One of which nothing counts any longer has no row. */
static int settle_one(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                      struct yz_error *err) {
  static const char DROP[] = "DELETE FROM household WHERE ledger=?1 AND id=?2";
  struct case_whole w;
  int rc = household_load(s, ledger, id, &w, err);
  if (rc != 0) return rc;
  rc = w.n > 0 ? write_row(s, ledger, id, &w, err)
               : db_run(s, DROP, ARGS(db_id(ledger), db_hash(id)), err);
  case_whole_finish(&w);
  return rc;
}

int households_settle(struct store *s, struct yz_error *err) {
  static const char NEXT[] = "SELECT ledger, id FROM household WHERE stale=1 LIMIT 1";
  while (s->stale_households) {
    sqlite3_stmt *row;
    struct yz_id ledger;
    struct yz_hash id;
    int rc = db_first(s, NEXT, NULL, 0, &row, err);
    if (rc == YZ_E_NOT_FOUND) break;
    if (rc != 0) return rc;
    db_get_blob(row, 0, ledger.bytes, YZ_ID_LEN);
    db_get_blob(row, 1, id.bytes, YZ_HASH_LEN);
    db_give(s, row);
    rc = settle_one(s, &ledger, &id, err);
    if (rc != 0) return rc;
  }
  s->stale_households = false;
  return 0;
}

/* --- checking --------------------------------------------------------------- */

static int row_holds(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                     int64_t *found, struct yz_error *err) {
  static const char SQL[] =
      "SELECT 1 FROM household WHERE ledger=?1 AND id=?2 AND listed IS ?3 AND needs_newer IS ?4"
      " AND gone IS ?5 AND visits IS ?6 AND last_ms IS ?7 AND name IS ?8 AND home IS ?9"
      " AND place IS ?10 AND phone IS ?11 AND note IS ?12 AND people IS ?13 AND words IS ?14";
  struct case_whole w;
  struct db_arg args[FACTS];
  struct facts facts = {0};
  *found = 0;
  int rc = household_load(s, ledger, id, &w, err);
  if (rc != 0) return rc;
  if (w.n > 0) rc = find_facts(&w, &facts, err);
  if (rc == 0 && w.n > 0) {
    list_facts(ledger, id, &facts, args);
    rc = db_number(s, SQL, args, FACTS, 0, found, err);
  }
  facts_finish(&facts);
  case_whole_finish(&w);
  return rc;
}

struct findings {
  yz_finding_fn fn;
  void *arg;
};

static int check_row(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct findings *f = arg;
  struct yz_id ledger;
  struct yz_hash id;
  int64_t found;
  char hex[YZ_HASH_HEX + 1];
  db_get_blob(row, 0, ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 1, id.bytes, YZ_HASH_LEN);
  int rc = row_holds(s, &ledger, &id, &found, err);
  if (rc != 0 || found != 0) return rc;
  yz_to_hex(id.bytes, YZ_HASH_LEN, hex);
  f->fn(f->arg, "store.household", hex,
        YZ_N_("This household is not shown as its records say. Rebuild the case tables."));
  return 0;
}

int households_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT ledger, id FROM household UNION SELECT DISTINCT l.ledger, o.id"
                            " FROM household_of o JOIN record r ON r.n=o.record"
                            " JOIN log l ON l.n=r.log WHERE r.status=0";
  return db_each(s, SQL, NULL, 0, check_row, &(struct findings){fn, arg}, err);
}
