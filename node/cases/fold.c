/* From a set of records to a view, in one walk along the case's order:
 *   1. judge each record by what its writer knew (judge.c),
 *   2. keep of the moves that count those that no other has seen (fold_state),
 *   3. the same for follow-ups (fold_result), pauses (fold_paused) and for each field
 *      (fold_field),
 *   4. list when things happened (times.c). */
#include <stdlib.h>

#include <yizhan/record.h>

#include "node/cases/fold.h"
#include "node/cases/times.h"

const struct case_record *fold_record(const struct fold *f, size_t p) {
  return &f->records[f->graph.order[p]];
}

enum case_effect *fold_effect(const struct fold *f, size_t p) {
  return &f->view->effects[f->graph.order[p]];
}

bool fold_counts(const struct fold *f, size_t p) {
  return case_effect_counts(*fold_effect(f, p));
}

static const struct case_write *weightiest(const struct case_write *writes, size_t n) {
  const struct case_write *best = NULL;
  for (size_t i = 0; i < n; i++)
    if (best == NULL || writes[i].weight > best->weight) best = &writes[i];
  return best;
}

static bool gives_way(const struct fold *f, size_t n, size_t i) {
  const struct case_write *w = &f->writes[i];
  for (size_t k = 0; w->settles != CASE_NO_RECORD && k < n; k++)
    if (fold_gives_way(f, w->position, w->settles, f->writes[k].position)) return true;
  return false;
}

/* Of standing writes those that are no settlements, or such as give way to none. */
static size_t without_settled(struct fold *f, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) f->writes[i].weak = gives_way(f, n, i);
  for (size_t i = 0; i < n; i++)
    if (!f->writes[i].weak) f->writes[kept++] = f->writes[i];
  return kept;
}

/* Makes a field of its writes; those that stand and lost are in conflict. */
static int fold_writes(struct fold *f, size_t n, struct case_field *field) {
  n = case_writes_standing(&f->reach, f->writes, n);
  n = without_settled(f, n);
  const struct case_write *best = weightiest(f->writes, n);
  for (size_t i = 0; i < n; i++)
    if (!case_value_equal(f->writes[i].value, best->value))
      *fold_effect(f, f->writes[i].position) = EFFECT_CONFLICT;
  if (n > 0) return case_register(&f->graph, f->writes, n, field);
  field->values = calloc(1, sizeof *field->values);
  if (field->values == NULL) return -1;
  field->values[0].record = CASE_NO_RECORD;
  field->n_values = 1;
  return 0;
}

static int fold_state(struct fold *f) {
  struct case_field *field = &f->view->fields[FIELD_STATE];
  size_t n = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    enum case_state to = f->outcomes[p].to;
    if (to == CASE_STATES) continue;
    f->writes[n++] = (struct case_write){.position = p,
                                         .weight = f->weights[p],
                                         .value = case_state_name(to),
                                         .settles = f->settles[p]};
  }
  if (fold_writes(f, n, field) != 0) return -1;
  if (n == 0) field->values[0].value = case_state_name(CASE_REGISTERED);
  f->view->state = case_state_from_name(field->values[0].value);
  return 0;
}

/* What the answer at p says beside its result, and whether who asked for it had resolved. */
static void read_answer(struct fold *f, size_t p) {
  const struct case_record *answer = fold_record(f, p);
  size_t resolved = p;
  f->view->solved = json_string_value(json_object_get(answer->plain, "solved"));
  for (size_t q = 0; q < p; q++)
    if (f->moves[q] == CASE_RESOLVE && fold_counts(f, q) && case_reach_has(&f->reach, p, q))
      resolved = q;
  f->view->same_hand = resolved != p && case_key_is(&answer->by, &fold_record(f, resolved)->by);
}

/* The answer that counts. Not to have reached someone ends no answer, and of
 * answers made apart the least satisfied counts. */
static void fold_result(struct fold *f) {
  size_t n = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    enum case_result result = f->outcomes[p].result;
    if (result == RESULT_NONE) continue;
    uint64_t weight = (uint64_t)result << 32 | f->graph.rank[p];
    bool weak = result == RESULT_UNREACHABLE;
    f->writes[n++] = (struct case_write){
        .position = p, .weight = weight, .value = case_result_name(result), .weak = weak};
  }
  n = case_writes_standing(&f->reach, f->writes, n);
  const struct case_write *best = weightiest(f->writes, n);
  if (best == NULL) return;
  const struct case_write *reopened = best;
  for (size_t i = 0; i < n && reopened->value == NULL; i++) /* what was tried since? */
    if (f->writes[i].weak && case_reach_has(&f->reach, f->writes[i].position, reopened->position))
      best = &f->writes[i];
  f->view->last_result = best->value;
  if (best->value != NULL) read_answer(f, best->position);
}

/* Pauses and their ends, weighed as moves are. */
static void fold_paused(struct fold *f) {
  static const char paused[] = "paused";
  size_t n = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    enum case_move move = f->moves[p];
    if ((move != CASE_PAUSE && move != CASE_RESUME) || !fold_counts(f, p)) continue;
    f->writes[n++] = (struct case_write){
        .position = p, .weight = f->weights[p], .value = move == CASE_PAUSE ? paused : NULL};
  }
  n = case_writes_standing(&f->reach, f->writes, n);
  const struct case_write *best = weightiest(f->writes, n);
  if (best != NULL && best->value != NULL) f->view->flags |= CASE_PAUSED;
}

/* The class that a record names; an opening that names none means the ordinary one. */
static bool writes_class(const struct case_record *r, enum case_move move, const char **value) {
  *value = json_string_value(json_object_get(r->plain, "class"));
  if (move == CASE_OPEN && *value == NULL) *value = case_class_name(CLASS_ORDINARY);
  return *value != NULL && (move == CASE_OPEN || move == CASE_EDIT || move == CASE_SETTLE);
}

/* Does the record at p write this field? If so, *value is what. */
static bool writes_field(const struct fold *f, size_t p, enum case_field_index field,
                         const char **value) {
  const struct case_record *r = fold_record(f, p);
  enum case_move move = f->moves[p];
  if (field == FIELD_CLASS) return writes_class(r, move, value);
  if (move == CASE_ASSIGN) { /* to someone, even where it cannot be read to whom */
    *value = json_string_value(json_object_get(r->content, "to"));
    return field == FIELD_ASSIGNED;
  }
  const json_t *fields = NULL;
  if (move == CASE_OPEN) fields = r->content;
  if (move == CASE_EDIT || move == CASE_SETTLE) fields = json_object_get(r->content, "fields");
  const json_t *written = json_object_get(fields, case_field_name(field));
  *value = json_string_value(written);
  return written != NULL;
}

/* The weightiest of n earlier writes that says what the settlement at p says, and that its
 * writer knew. */
static size_t settled_on(const struct fold *f, size_t n, const struct case_write *w) {
  size_t best = CASE_NO_RECORD;
  for (size_t i = 0; i < n; i++)
    if (case_value_equal(f->writes[i].value, w->value) &&
        case_reach_has(&f->reach, w->position, f->writes[i].position) &&
        (best == CASE_NO_RECORD || f->writes[i].weight > f->writes[best].weight))
      best = i;
  return best == CASE_NO_RECORD ? best : f->writes[best].position;
}

static int fold_field(struct fold *f, enum case_field_index field) {
  size_t n = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    struct case_write w = {.position = p, .weight = f->graph.rank[p], .settles = CASE_NO_RECORD};
    if (!fold_counts(f, p) || !writes_field(f, p, field, &w.value)) continue;
    if (f->moves[p] == CASE_SETTLE) w.settles = settled_on(f, n, &w);
    f->writes[n++] = w;
  }
  return fold_writes(f, n, &f->view->fields[field]);
}

static int fold_fields(struct fold *f) {
  struct case_view *v = f->view;
  int rc = fold_state(f);
  for (size_t i = 0; rc == 0 && i < FIELD_STATE; i++) rc = fold_field(f, (enum case_field_index)i);
  for (size_t i = 0; i < CASE_FIELDS; i++) {
    v->fields[i].name = case_field_name((enum case_field_index)i);
    v->conflict_count += v->fields[i].n_values > 1;
  }
  return rc;
}

/* The move that first said a field as it stands: of what was settled, the last of those that the
 * settlement's writer knew. NULL: none. */
static const struct case_record *says(const struct fold *f, enum case_field_index field,
                                      enum case_move move) {
  const struct case_value *v = &f->view->fields[field].values[0];
  size_t p = 0, q;
  if (v->record == CASE_NO_RECORD) return NULL;
  while (f->graph.order[p] != v->record) p++;
  if (f->moves[p] != CASE_SETTLE) return &f->records[v->record];
  for (q = p; q-- > 0;) {
    const char *to = json_string_value(json_object_get(fold_record(f, q)->content, "to"));
    bool same = move != CASE_ASSIGN || case_value_equal(to, v->value);
    if (f->moves[q] == move && same && fold_counts(f, q) && case_reach_has(&f->reach, p, q))
      return fold_record(f, q);
  }
  return NULL;
}

/* What the records that won say beside their values. */
static void read_winners(struct fold *f) {
  struct case_view *v = f->view;
  const struct case_record *closed = says(f, FIELD_STATE, CASE_CLOSE);
  const struct case_record *assigned = says(f, FIELD_ASSIGNED, CASE_ASSIGN);
  const char *class = v->fields[FIELD_CLASS].values[0].value;
  if (class != NULL) v->times.class = case_class_from_name(class);
  if (assigned != NULL) v->to_office = json_is_true(json_object_get(assigned->plain, "office"));
  if (assigned != NULL)
    v->to_worker = yz_json_hex(assigned->plain, "worker", v->worker.bytes, YZ_KEY_LEN);
  if (closed != NULL && v->state == CASE_CLOSED)
    v->unasked = json_is_true(json_object_get(closed->plain, "no_follow_up"));
}

/* What it was merged into, and has not been taken out of again. */
static void read_into(struct fold *f) {
  struct case_view *v = f->view;
  for (size_t p = 0; p < f->graph.n; p++) {
    if (!fold_counts(f, p)) continue;
    if (f->moves[p] == CASE_MERGE) {
      v->has_into = yz_json_hex(fold_record(f, p)->plain, "into", v->into.bytes, YZ_HASH_LEN);
      v->merge = fold_record(f, p)->id;
      v->merge_stamp = f->graph.stamps[f->graph.order[p]];
    }
    if ((f->outcomes[p].flags & CASE_REOPENED) != 0) v->has_into = false;
  }
  if (v->state != CASE_MERGED && v->state != CASE_FOLLOWED_UP && v->state != CASE_CLOSED)
    v->has_into = false;
}

static void read_opening(struct fold *f) {
  struct case_view *v = f->view;
  if (f->graph.opening == f->graph.n || !fold_counts(f, f->graph.opening)) return;
  const struct case_record *r = fold_record(f, f->graph.opening);
  v->number = json_string_value(json_object_get(r->plain, "number"));
  v->opened_ms = json_integer_value(json_object_get(r->plain, "at"));
  v->anonymous = json_is_true(json_object_get(r->content, "anonymous"));
  if (json_object_get(json_object_get(r->plain, "content"), YZ_FOR_TOWNSHIP) != NULL)
    v->flags |= CASE_TOWNSHIP_ONLY;
  v->times.history = json_is_true(json_object_get(r->plain, "history"));
}

/* Hands over order and stamps, and lists the records that no other's writer knew. */
static void list_records(struct fold *f) {
  struct case_graph *g = &f->graph;
  struct case_view *v = f->view;
  /* heads holds marks first, 1 for a position that is named, and shrinks to the list. */
  for (size_t e = 0; e < g->parents_from[g->n]; e++) v->heads[g->parents[e]] = 1;
  for (size_t p = 0; p < g->n; p++)
    if (v->heads[p] == 0) v->heads[v->n_heads++] = g->order[p];
  v->order = g->order;
  v->stamps = g->stamps;
  g->order = NULL;
  g->stamps = NULL;
}

static int allocate(struct fold *f, size_t n) {
  struct case_view *v = f->view;
  if (case_graph_init(&f->graph, f->records, n) != 0) return -1;
  if (case_reach_init(&f->reach, &f->graph) != 0) return -1;
  f->moves = calloc(n + 1, sizeof *f->moves);
  f->outcomes = calloc(n + 1, sizeof *f->outcomes);
  f->township = calloc(case_reach_words(n), sizeof *f->township);
  f->unhappy = calloc(case_reach_words(n), sizeof *f->unhappy);
  f->weights = calloc(n + 1, sizeof *f->weights);
  f->settles = calloc(n + 1, sizeof *f->settles);
  f->writes = calloc(n + 1, sizeof *f->writes);
  v->effects = calloc(n + 1, sizeof *v->effects);
  v->heads = calloc(n + 1, sizeof *v->heads);
  bool all = f->township && f->unhappy && f->moves && f->outcomes && f->weights && f->settles &&
             f->writes && v->effects && v->heads;
  for (size_t p = 0; all && p < n; p++) f->settles[p] = CASE_NO_RECORD;
  return all ? 0 : -1;
}

int case_fold(const struct case_record *records, size_t n, const struct case_policies *policies,
              struct case_view *out) {
  struct fold f = {.records = records, .policies = policies, .view = out};
  *out = (struct case_view){.n_records = n};
  int rc = allocate(&f, n);
  if (rc != 0) goto done;
  fold_judge(&f);
  rc = fold_fields(&f);
  if (rc != 0) goto done;
  fold_result(&f);
  fold_paused(&f);
  read_opening(&f);
  read_into(&f);
  read_winners(&f);
  list_records(&f);
  rc = case_times_init(&out->times, records, out, &f.reach);
done:
  free(f.moves);
  free(f.outcomes);
  free(f.township);
  free(f.unhappy);
  free(f.weights);
  free(f.settles);
  free(f.writes);
  case_reach_finish(&f.reach);
  case_graph_finish(&f.graph);
  if (rc != 0) case_view_finish(out);
  return rc;
}

void case_view_finish(struct case_view *view) {
  if (view == NULL) return;
  for (size_t i = 0; i < CASE_FIELDS; i++) free(view->fields[i].values);
  case_times_finish(&view->times);
  free(view->order);
  free(view->stamps);
  free(view->effects);
  free(view->heads);
  *view = (struct case_view){0};
}
