/* The cases as they stand: each row repeats what a fold over the case's accepted
 * records gives. A row marked stale is folded anew before it is read or saved. */
#include "effects.h"
#include <stdlib.h>

/* --- marking ------------------------------------------------------------- */

int case_mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
              struct yz_error *err) {
  static const char SQL[] = "INSERT INTO cases(ledger, id, stale) VALUES(?1, ?2, 1)"
                            " ON CONFLICT(id, ledger) DO UPDATE SET stale=1";
  s->stale = true;
  return db_run(s, SQL, ARGS(db_id(ledger), db_hash(id)), err);
}

int case_mark_elsewhere(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                        struct yz_error *err) {
  static const char SQL[] = "UPDATE cases SET stale=1 WHERE id=?1 AND ledger<>?2";
  int rc = db_run(s, SQL, ARGS(db_hash(id), db_id(ledger)), err);
  if (rc == 0 && db_changed(s)) s->stale = true;
  return rc;
}

int case_mark_log(struct store *s, const struct yz_id *log, int64_t from, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO cases(ledger, id, stale) SELECT DISTINCT l.ledger, r.case_id, 1"
      " FROM log l CROSS JOIN record r ON r.log=l.n"
      " WHERE l.id=?1 AND r.seq>=?2 AND r.status=0 AND r.case_id IS NOT NULL"
      " ON CONFLICT(id, ledger) DO UPDATE SET stale=1";
  s->stale = true;
  return db_run(s, SQL, ARGS(db_id(log), db_int(from)), err);
}

/* --- taking and settling --------------------------------------------------- */

/* Was the case opened in another village? Its household is one of that village then, whatever
 * is called the same here. What was opened at the township is of the village that it comes to. */
static bool is_foreign(const struct case_whole *w, const struct yz_hash *id) {
  const struct case_record *opening = case_opening(w, id);
  return opening != NULL && w->carried[opening - w->records] && !opening->by_hub;
}

/* What the case says of its household: nothing where it has no opening. */
static int home_of(const struct case_whole *w, const struct yz_hash *id, struct case_home *out,
                   struct yz_error *err) {
  *out = (struct case_home){0};
  return is_foreign(w, id) ? 0 : home_find(&w->view, w->records, out, err);
}

static int note_home(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                     const struct case_whole *w, struct yz_error *err) {
  struct case_home home;
  int rc = home_of(w, id, &home, err);
  if (rc == 0) rc = home_put(s, ledger, id, &home, err);
  free(home.home);
  return rc;
}

static int note_opening_home(struct store *s, const struct placed *p, const struct case_view *view,
                             const struct case_record *opening, struct yz_error *err) {
  struct case_home home;
  int rc = home_find(view, opening, &home, err);
  if (rc == 0) rc = home_put(s, &p->ledger, &opening->id, &home, err);
  free(home.home);
  return rc;
}

/* Folds an opening record from what is at hand and adds its row, unless the case
 * has one: then something of it was here before. */
static int take_opening(struct store *s, const struct placed *p, struct yz_error *err) {
  const struct yz_stored *r = p->record;
  json_t *content = case_content(r);
  struct case_record opening = {.id = r->id,
                                .by = r->by,
                                .stamp = r->stamp,
                                .log = r->log,
                                .seq = r->seq,
                                .by_hub = p->hub,
                                .type = r->type,
                                .heads = r->heads,
                                .n_heads = r->n_heads,
                                .plain = r->json,
                                .content = content};
  const struct township *t = NULL;
  struct case_view view;
  struct case_deadline deadline;
  bool added;
  int rc = township_of(s, &p->ledger, &t, err);
  if (rc == 0 && case_fold(&opening, 1, &t->policies, &view) != 0) rc = yz_no_memory(err);
  if (rc != 0) goto done;
  case_deadline(&view.times, &t->calendar, &t->policies, &deadline);
  rc = case_row_add(s, &p->ledger, &opening, &view, &deadline, &added, err);
  if (rc == 0)
    rc = added ? note_opening_home(s, p, &view, &opening, err)
               : case_mark(s, &p->ledger, &r->id, err);
  case_view_finish(&view);
done:
  json_decref(content);
  return rc;
}

/* What only says something, by one who knew all that is here, changes nothing in its row but what
 * comes last: the case need not be read again, however long it is. */
static int take_telling(struct store *s, const struct placed *p, bool *told, struct yz_error *err) {
  const struct yz_stored *r = p->record;
  *told = false;
  if (!case_move_only_tells(case_move_from_type(r->type))) return 0;
  json_t *content = case_content(r);
  bool known = case_record_known(r->type, r->json, content);
  json_decref(content);
  return known ? case_row_tell(s, p, told, err) : 0;
}

static int take_move(struct store *s, const struct placed *p, struct yz_error *err) {
  bool told;
  int rc = take_telling(s, p, &told, err);
  return rc != 0 || told ? rc : case_mark(s, &p->ledger, p->case_id, err);
}

int case_take(struct store *s, const struct placed *p, struct yz_error *err) {
  if (!yz_equal(p->case_id, &p->record->id, sizeof *p->case_id)) return take_move(s, p, err);
  int rc = take_opening(s, p, err);
  return rc == 0 ? case_mark_elsewhere(s, &p->ledger, p->case_id, err) : rc;
}

/* A case of which nothing counts any longer has no row. */
static int settle_one(struct store *s, int64_t n, const struct yz_id *ledger,
                      const struct yz_hash *id, struct yz_error *err) {
  static const char DROP[] = "DELETE FROM cases WHERE n=?";
  struct case_whole w;
  int rc = case_load(s, ledger, id, &w, err);
  if (rc != 0) return rc;
  if (w.n > 0) {
    rc = case_row_write(s, ledger, id, &w, err);
    if (rc == 0) rc = note_home(s, ledger, id, &w, err);
  } else {
    rc = home_put(s, ledger, id, &(struct case_home){0}, err);
    if (rc == 0) rc = index_forget(s, n, err);
    if (rc == 0) rc = db_run(s, DROP, ARGS(db_int(n)), err);
  }
  case_whole_finish(&w);
  return rc;
}

int cases_settle(struct store *s, struct yz_error *err) {
  static const char NEXT[] = "SELECT n, ledger, id FROM cases WHERE stale=1 LIMIT 1";
  while (s->stale) {
    sqlite3_stmt *row;
    struct yz_id ledger;
    struct yz_hash id;
    int rc = db_first(s, NEXT, NULL, 0, &row, err);
    if (rc == YZ_E_NOT_FOUND) break;
    if (rc != 0) return rc;
    int64_t n = sqlite3_column_int64(row, 0);
    db_get_blob(row, 1, ledger.bytes, YZ_ID_LEN);
    db_get_blob(row, 2, id.bytes, YZ_HASH_LEN);
    db_give(s, row);
    rc = settle_one(s, n, &ledger, &id, err);
    if (rc != 0) return rc;
  }
  s->stale = false;
  return 0;
}

/* --- checking and making anew ---------------------------------------------- */

static int home_stands(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                       const struct case_whole *w, int64_t *found, struct yz_error *err) {
  struct case_home home;
  int rc = home_of(w, id, &home, err);
  if (rc == 0) rc = home_holds(s, ledger, id, &home, err);
  free(home.home);
  *found = rc > 0;
  return rc < 0 ? rc : 0;
}

int case_row_holds(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                   struct yz_error *err) {
  static const char ANY[] = "SELECT 1 FROM cases WHERE ledger=?1 AND id=?2";
  struct case_whole w;
  int64_t found = 0;
  bool is = false;
  int rc = case_load(s, ledger, id, &w, err);
  if (rc == 0 && w.n > 0) rc = case_row_is(s, ledger, id, &w, &is, err);
  if (rc == 0 && is) rc = home_stands(s, ledger, id, &w, &found, err);
  /* Of what was carried nothing may count: then there is no row. */
  if (rc == 0 && w.n == 0) {
    rc = db_number(s, ANY, ARGS(db_id(ledger), db_hash(id)), 0, &found, err);
    found = found == 0;
  }
  case_whole_finish(&w);
  return rc != 0 ? rc : (int)found;
}

int cases_mark_all(struct store *s, struct yz_error *err) {
  static const char CLEAR[] = "DELETE FROM cases";
  static const char MARK[] =
      "INSERT INTO cases(ledger, id, stale) SELECT DISTINCT l.ledger, r.case_id, 1"
      " FROM record r JOIN log l ON l.n=r.log WHERE r.case_id IS NOT NULL AND r.status=0";
  static const char HOMES[] = "DELETE FROM case_home";
  int rc = index_clear(s, err);
  if (rc == 0) rc = db_run(s, CLEAR, NULL, 0, err);
  if (rc == 0) rc = db_run(s, HOMES, NULL, 0, err);
  if (rc == 0) rc = db_run(s, MARK, NULL, 0, err);
  s->stale = true;
  return rc;
}
