/* The row of a case as it stands: what it repeats of the fold, and whether it still does. */
#include "effects.h"
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
  X(to_worker, 46)                                                                                 \
  X(heads, 47)
#define COLUMN_NAME(name, n) ", " #name
#define COLUMN_VALUE(name, n) ", ?" #n
#define COLUMN_SET(name, n) ", " #name "=?" #n
#define COLUMN_IS(name, n) " AND " #name " IS ?" #n
enum { FACTS = 47, PLACE_LEN = 8 + 8 + YZ_HASH_LEN };
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
  struct yz_hash heads[YZ_MAX_HEADS];
  size_t n_heads;
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
  out[FACTS - 2] = v->to_worker ? db_key(&v->worker) : db_null();
  out[FACTS - 1] = db_blob(f->heads, f->n_heads * sizeof *f->heads);
}

static int by_bytes(const void *a, const void *b) {
  return memcmp(a, b, sizeof(struct yz_hash));
}

/* Heads by their bytes, as a row has them. Returns how many; 0: there are none, or more than a
 * record may name. */
static size_t sort_heads(const struct yz_hash *heads, size_t n,
                         struct yz_hash out[static YZ_MAX_HEADS]) {
  if (n == 0 || n > YZ_MAX_HEADS) return 0;
  memcpy(out, heads, n * sizeof *heads);
  qsort(out, n, sizeof *out, by_bytes);
  return n;
}

static void find_heads(const struct case_view *view, const struct case_record *records,
                       struct facts *out) {
  struct yz_hash heads[YZ_MAX_HEADS];
  for (size_t i = 0; i < view->n_heads && i < YZ_MAX_HEADS; i++)
    heads[i] = records[view->heads[i]].id;
  out->n_heads = sort_heads(heads, view->n_heads, out->heads);
}

static void find_facts(const struct yz_id *ledger, const struct yz_hash *id,
                       const struct case_view *view, const struct case_record *records,
                       const struct case_deadline *deadline, const struct case_record *opening,
                       struct facts *out) {
  *out = (struct facts){.ledger = *ledger,
                        .id = *id,
                        .view = view,
                        .deadline = deadline,
                        .opening = opening,
                        .listed = opening != NULL};
  if (opening != NULL) out->source = yz_json_string(opening->content, "source");
  read_number(view->number, out);
  find_heads(view, records, out);
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

/* Facts of a whole case, as its row is to have them. */
static int list_whole(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                      const struct case_whole *w, struct facts *facts,
                      struct db_arg args[static FACTS], struct yz_error *err) {
  find_facts(ledger, id, &w->view, w->records, &w->deadline, case_opening(w, id), facts);
  int rc = find_place(s, w, facts, err);
  list_facts(facts, args);
  return rc;
}

static int mark_number(struct store *s, const struct facts *f, struct yz_error *err) {
  return f->stem[0] != '\0' ? number_mark(s, &f->ledger, &f->id, f->stem, f->counter, err) : 0;
}

int case_row_add(struct store *s, const struct yz_id *ledger, const struct case_record *opening,
                 const struct case_view *view, const struct case_deadline *deadline, bool *added,
                 struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO cases(ledger, id" FACT_COLUMNS(COLUMN_NAME) ") VALUES(?1, ?2" FACT_COLUMNS(
          COLUMN_VALUE) ") ON CONFLICT(id, ledger) DO NOTHING";
  struct db_arg args[FACTS];
  struct facts facts;
  find_facts(ledger, &opening->id, view, opening, deadline, opening, &facts);
  list_facts(&facts, args);
  int rc = db_run(s, SQL, args, FACTS, err);
  *added = rc == 0 && db_changed(s);
  return *added ? mark_number(s, &facts, err) : rc;
}

int case_row_write(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                   const struct case_whole *w, struct yz_error *err) {
  static const char SQL[] =
      "UPDATE cases SET stale=0, unindexed=1" FACT_COLUMNS(COLUMN_SET) " WHERE ledger=?1 AND id=?2";
  struct db_arg args[FACTS];
  struct facts facts;
  int rc = list_whole(s, ledger, id, w, &facts, args, err);
  if (rc == 0) rc = db_run(s, SQL, args, FACTS, err);
  return rc == 0 ? mark_number(s, &facts, err) : rc;
}

int case_row_is(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                const struct case_whole *w, bool *is, struct yz_error *err) {
  static const char SQL[] = "SELECT 1 FROM cases WHERE ledger=?1 AND id=?2" FACT_COLUMNS(COLUMN_IS);
  struct db_arg args[FACTS];
  struct facts facts;
  int64_t found = 0;
  int rc = list_whole(s, ledger, id, w, &facts, args, err);
  if (rc == 0) rc = db_number(s, SQL, args, FACTS, 0, &found, err);
  *is = found != 0;
  return rc;
}

int case_row_tell(struct store *s, const struct placed *p, bool *told, struct yz_error *err) {
  static const char SQL[] = "UPDATE cases SET unindexed=1, heads=?4"
                            " WHERE ledger=?1 AND id=?2 AND stale=0 AND heads=?3";
  const struct yz_stored *r = p->record;
  struct yz_hash heads[YZ_MAX_HEADS];
  size_t n = sort_heads(r->heads, r->n_heads, heads);
  *told = false;
  if (n == 0) return 0;
  int rc = db_run(s, SQL,
                  ARGS(db_id(&p->ledger), db_hash(p->case_id), db_blob(heads, n * sizeof *heads),
                       db_hash(&r->id)),
                  err);
  *told = rc == 0 && db_changed(s);
  return rc;
}
