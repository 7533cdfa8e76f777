/* The cases as they stand: each row repeats what a fold over the case's accepted
 * records gives. A row marked stale is folded anew before it is read or saved. */
#include "db.h"
#include <stdlib.h>
#include <string.h>

/* What a row repeats, beside its ledger and id (?1, ?2): the columns in the order of list_facts,
 * from ?3 on. */
#define FACT_COLUMNS(X)                                                                            \
  X(listed, 3)                                                                                     \
  X(number, 4)                                                                                     \
  X(stem, 5)                                                                                       \
  X(counter, 6)                                                                                    \
  X(source, 7)                                                                                     \
  X(opened_ms, 8)                                                                                  \
  X(state, 9)                                                                                      \
  X(flags, 10)                                                                                     \
  X(anonymous, 11)                                                                                 \
  X(needs_newer, 12)                                                                               \
  X(conflicts, 13)                                                                                 \
  X(title, 14)                                                                                     \
  X(text, 15)                                                                                      \
  X(category, 16)                                                                                  \
  X(channel, 17)                                                                                   \
  X(urgency, 18)                                                                                   \
  X(place, 19)                                                                                     \
  X(resident, 20)                                                                                  \
  X(phone, 21)                                                                                     \
  X(household, 22)                                                                                 \
  X(assigned, 23)                                                                                  \
  X(class, 24)                                                                                     \
  X(history, 25)                                                                                   \
  X(requested, 26)                                                                                 \
  X(merged_into, 27)                                                                               \
  X(merged_at, 28)                                                                                 \
  X(about, 29)                                                                                     \
  X(opened_by, 30)                                                                                 \
  X(to_office, 31)                                                                                 \
  X(result, 32)                                                                                    \
  X(solved, 33)                                                                                    \
  X(same_hand, 34)                                                                                 \
  X(unasked, 35)                                                                                   \
  X(answered_ms, 36)                                                                               \
  X(resolved_ms, 37)                                                                               \
  X(due_ms, 38)                                                                                    \
  X(due_of, 39)                                                                                    \
  X(provisional, 40)                                                                               \
  X(breaches, 41)                                                                                  \
  X(answer_due_ms, 42)                                                                             \
  X(resolve_due_ms, 43)                                                                            \
  X(asked_from, 44)                                                                                \
  X(asked_to, 45)                                                                                  \
  X(to_worker, 46)
#define COLUMN_NAME(name, n) ", " #name
#define COLUMN_VALUE(name, n) ", ?" #n
#define COLUMN_SET(name, n) ", " #name "=?" #n
#define COLUMN_IS(name, n) " AND " #name " IS ?" #n
enum { FACTS = 46, PLACE_LEN = 8 + 8 + YZ_HASH_LEN };
struct facts {
  struct yz_id ledger;
  struct yz_hash id;
  const struct case_view *view;
  const struct case_deadline *deadline;
  const struct case_record *opening; /* NULL: not here */
  bool listed;                       /* in lists, here and not in another ledger */
  const char *source;                /* from its content; NULL: none */
  char stem[NUMBER_MAX];
  int64_t counter;
  uint8_t merged_at[PLACE_LEN];
};

/* QS3-26-0142-K counts as 142 of QS3-26. */
static void read_number(const char *number, struct facts *f) {
  char canonical[NUMBER_MAX];
  f->stem[0] = '\0';
  f->counter = 0;
  if (number == NULL || strlen(number) > 200 ||
      number_parse(number, strlen(number), canonical) != 1)
    return;
  char *check = strrchr(canonical, '-');
  if (check == NULL) return;
  *check = '\0';
  char *counter = strrchr(canonical, '-');
  /* A counter that no village comes to would leave no room for its own. */
  if (counter == NULL || strlen(counter + 1) > 9) return;
  *counter = '\0';
  f->counter = strtoll(counter + 1, NULL, 10);
  memcpy(f->stem, canonical, sizeof f->stem);
}

/* By stamp, then id: what memcmp compares. */
static void write_place(struct yz_stamp stamp, const struct yz_hash *id,
                        uint8_t out[static PLACE_LEN]) {
  for (int i = 0; i < 8; i++) {
    out[i] = (uint8_t)((uint64_t)stamp.ms >> (56 - 8 * i));
    out[8 + i] = (uint8_t)((uint64_t)stamp.count >> (56 - 8 * i));
  }
  memcpy(out + 16, id->bytes, YZ_HASH_LEN);
}

static const char *value_of(const struct case_view *v, enum case_field_index field) {
  return v->fields[field].n_values > 0 ? v->fields[field].values[0].value : NULL;
}

/* NULL where it has not happened. */
static struct db_arg db_time(int64_t ms) {
  return ms == INT64_MAX ? db_null() : db_int(ms);
}

static struct db_arg db_due(int64_t ms) {
  return ms == CASE_NO_DUE ? db_null() : db_int(ms);
}

static void list_deadline(const struct case_deadline *d, struct db_arg *out) {
  bool due = d->due_ms != CASE_NO_DUE;
  size_t n = 0;
  out[n++] = db_due(d->due_ms);
  out[n++] = due ? db_text(d->of_acceptance ? "answer" : "resolve") : db_null();
  out[n++] = db_int(d->provisional);
  out[n++] = db_int(d->breaches);
  out[n++] = db_due(d->answer_due_ms);
  out[n++] = db_due(d->resolve_due_ms);
  out[n++] = db_int(d->asked_from);
  out[n++] = db_int(d->asked_to);
}

static size_t list_opening(const struct facts *f, struct db_arg *out) {
  const struct case_view *v = f->view;
  size_t n = 0;
  out[n++] = db_id(&f->ledger);
  out[n++] = db_hash(&f->id);
  out[n++] = db_int(f->listed);
  out[n++] = db_text(v->number);
  out[n++] = f->stem[0] != '\0' ? db_text(f->stem) : db_null();
  out[n++] = f->stem[0] != '\0' ? db_int(f->counter) : db_null();
  out[n++] = db_text(f->source);
  out[n++] = db_int(v->opened_ms);
  return n;
}

static void list_facts(const struct facts *f, struct db_arg out[static FACTS]) {
  static const enum case_field_index fields[] = {
      FIELD_TITLE,    FIELD_TEXT,  FIELD_CATEGORY,  FIELD_CHANNEL,  FIELD_URGENCY, FIELD_PLACE,
      FIELD_RESIDENT, FIELD_PHONE, FIELD_HOUSEHOLD, FIELD_ASSIGNED, FIELD_CLASS};
  const struct case_view *v = f->view;
  size_t n = list_opening(f, out);
  out[n++] = db_text(case_state_name(v->state));
  out[n++] = db_int((int64_t)v->flags);
  out[n++] = db_int(v->anonymous);
  out[n++] = db_int(v->needs_newer);
  out[n++] = db_int((int64_t)v->conflict_count);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    out[n++] = db_text(value_of(v, fields[i]));
  out[n++] = db_int(v->times.history);
  out[n++] = db_int(v->requested);
  out[n++] = v->has_into ? db_hash(&v->into) : db_null();
  out[n++] = v->has_into ? db_blob(f->merged_at, PLACE_LEN) : db_null();
  out[n++] = v->has_about ? db_key(&v->about) : db_null();
  out[n++] = f->opening != NULL ? db_key(&f->opening->by) : db_null();
  out[n++] = db_int(v->to_office);
  out[n++] = db_text(v->last_result);
  out[n++] = db_text(v->solved);
  out[n++] = db_int(v->same_hand);
  out[n++] = db_int(v->unasked);
  out[n++] = db_time(v->times.answered_ms);
  out[n++] = db_time(v->times.resolved_ms);
  list_deadline(f->deadline, out + n);
  out[FACTS - 1] = v->to_worker ? db_key(&v->worker) : db_null();
}

static void find_facts(const struct yz_id *ledger, const struct yz_hash *id,
                       const struct case_view *view, const struct case_deadline *deadline,
                       const struct case_record *opening, struct facts *out) {
  *out = (struct facts){.ledger = *ledger,
                        .id = *id,
                        .view = view,
                        .deadline = deadline,
                        .opening = opening,
                        .listed = opening != NULL};
  if (opening != NULL) out->source = yz_json_string(opening->content, "source");
  read_number(view->number, out);
  write_place(view->merge_stamp, &view->merge, out->merged_at);
}

/* Of a case that stands in several ledgers the one is meant where it was opened; where that one
 * is not here, the first to which it was carried. */
static int find_place(struct store *s, const struct case_whole *w, struct facts *f,
                      struct yz_error *err) {
  static const char ELSEWHERE[] =
      "SELECT count(*) FROM record r JOIN log l ON l.n=r.log WHERE r.case_id=?1 AND r.status=0"
      " AND (r.id=?1 OR (r.type='case.carry' AND l.hub=1 AND l.ledger<?2))";
  int64_t elsewhere = 0;
  size_t i = f->opening != NULL ? (size_t)(f->opening - w->records) : 0;
  if (f->opening == NULL || !w->carried[i]) return 0;
  int rc = db_number(s, ELSEWHERE, ARGS(db_hash(&f->id), db_id(&f->ledger)), 0, &elsewhere, err);
  f->listed = elsewhere == 0;
  return rc;
}

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
  static const char SQL[] =
      "INSERT INTO cases(ledger, id" FACT_COLUMNS(COLUMN_NAME) ") VALUES(?1, ?2" FACT_COLUMNS(
          COLUMN_VALUE) ") ON CONFLICT(id, ledger) DO NOTHING";
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
  struct db_arg args[FACTS];
  struct facts facts;
  int rc = township_of(s, &p->ledger, &t, err);
  if (rc == 0 && case_fold(&opening, 1, &t->policies, &view) != 0) rc = yz_no_memory(err);
  if (rc != 0) goto done;
  case_deadline(&view.times, &t->calendar, &t->policies, &deadline);
  find_facts(&p->ledger, &r->id, &view, &deadline, &opening, &facts);
  list_facts(&facts, args);
  rc = db_run(s, SQL, args, FACTS, err);
  if (rc == 0 && !db_changed(s))
    rc = case_mark(s, &p->ledger, &r->id, err);
  else if (rc == 0)
    rc = note_opening_home(s, p, &view, &opening, err);
  case_view_finish(&view);
done:
  json_decref(content);
  return rc;
}

int case_take(struct store *s, const struct placed *p, struct yz_error *err) {
  if (!yz_equal(p->case_id, &p->record->id, sizeof *p->case_id))
    return case_mark(s, &p->ledger, p->case_id, err);
  int rc = take_opening(s, p, err);
  return rc == 0 ? case_mark_elsewhere(s, &p->ledger, p->case_id, err) : rc;
}

static int write_row(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                     const struct case_whole *w, struct yz_error *err) {
  static const char SQL[] =
      "UPDATE cases SET stale=0, unindexed=1" FACT_COLUMNS(COLUMN_SET) " WHERE ledger=?1 AND id=?2";
  struct db_arg args[FACTS];
  struct facts facts;
  find_facts(ledger, id, &w->view, &w->deadline, case_opening(w, id), &facts);
  int rc = find_place(s, w, &facts, err);
  list_facts(&facts, args);
  return rc == 0 ? db_run(s, SQL, args, FACTS, err) : rc;
}

/* A case of which nothing counts any longer has no row. */
static int settle_one(struct store *s, int64_t n, const struct yz_id *ledger,
                      const struct yz_hash *id, struct yz_error *err) {
  static const char DROP[] = "DELETE FROM cases WHERE n=?";
  struct case_whole w;
  int rc = case_load(s, ledger, id, &w, err);
  if (rc != 0) return rc;
  if (w.n > 0) {
    rc = write_row(s, ledger, id, &w, err);
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
  static const char SQL[] = "SELECT 1 FROM cases WHERE ledger=?1 AND id=?2" FACT_COLUMNS(COLUMN_IS);
  static const char ANY[] = "SELECT 1 FROM cases WHERE ledger=?1 AND id=?2";
  struct case_whole w;
  struct db_arg args[FACTS];
  struct facts facts;
  int64_t found = 0;
  int rc = case_load(s, ledger, id, &w, err);
  if (rc == 0 && w.n > 0) {
    find_facts(ledger, id, &w.view, &w.deadline, case_opening(&w, id), &facts);
    rc = find_place(s, &w, &facts, err);
    list_facts(&facts, args);
    if (rc == 0) rc = db_number(s, SQL, args, FACTS, 0, &found, err);
    if (rc == 0 && found != 0) rc = home_stands(s, ledger, id, &w, &found, err);
  }
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
