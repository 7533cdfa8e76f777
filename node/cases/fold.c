/* From a set of records to a view, in one walk along the case's order:
 *   1. judge each record by what its writer knew (judge),
 *   2. keep of the moves that count those that no other has seen (fold_state),
 *   3. the same for follow-ups (fold_result), pauses (fold_paused) and for each field
 *      (fold_field). */
#include <stdlib.h>

#include "node/cases/moves.h"
#include "node/cases/register.h"

struct fold {
  const struct case_record *records;
  struct case_graph graph;
  struct case_reach reach;
  enum case_move *moves;         /* by position; CASE_MOVES for a type that is not known */
  struct case_outcome *outcomes; /* by position; of records without effect: nothing */
  uint64_t *weights;             /* by position: of the moves made apart the greatest wins */
  uint64_t *township;            /* bits: what makes the case the township's */
  uint64_t *unhappy;             /* bits: answers of someone who is not satisfied */
  struct case_write *writes;     /* room for one of each record */
  struct case_view *view;
};

/* What a record's writer saw. */
struct outlook {
  enum case_state state;
  unsigned states; /* all that stand; bits */
  bool contested;  /* others stand beside it */
};

static const struct case_record *record_at(const struct fold *f, size_t p) {
  return &f->records[f->graph.order[p]];
}

static enum case_effect *effect_at(struct fold *f, size_t p) {
  return &f->view->effects[f->graph.order[p]];
}

static bool counts(struct fold *f, size_t p) {
  enum case_effect effect = *effect_at(f, p);
  return effect == EFFECT_APPLIED || effect == EFFECT_CONFLICT;
}

static struct outlook outlook_of(const struct fold *f, size_t p) {
  struct outlook o = {CASE_REGISTERED, 0, false};
  uint64_t best = 0;
  for (size_t word = 0; word < case_reach_words(p); word++) {
    uint64_t bits = case_reach_standing(&f->reach, p, word, MARK_STATE);
    for (; bits != 0; bits &= bits - 1) {
      size_t q = word * 64 + (size_t)__builtin_ctzll(bits);
      o.states |= 1U << f->outcomes[q].to;
      if (f->weights[q] >= best) {
        best = f->weights[q];
        o.state = f->outcomes[q].to;
      }
    }
  }
  o.contested = (o.states & (o.states - 1)) != 0;
  return o;
}

/* A dissatisfied person, or a reopening, outweighs the hub's move, that the
 * village's; then the stamp as counted, then the id. */
static uint64_t weight_of(const struct fold *f, size_t p, struct case_outcome outcome) {
  uint64_t class = record_at(f, p)->by_hub ? 1 : 0;
  if ((outcome.flags & CASE_REOPENED) != 0) class = 2;
  return class << 32 | f->graph.rank[p];
}

static bool may_be_made(const struct fold *f, size_t p, enum case_move move) {
  if (move == CASE_OPEN) return p == f->graph.opening;
  struct outlook o = outlook_of(f, p);
  enum case_state to = case_outcome(move, record_at(f, p)->plain).to;
  if (move == CASE_SETTLE && to != CASE_STATES) return o.contested && (o.states >> to & 1) != 0;
  return case_move_allowed(move, o.state, record_at(f, p)->by_hub, o.contested);
}

/* Was the answer that counts, as its writer saw it, a satisfied one? */
static bool satisfied_before(const struct fold *f, size_t p) {
  enum case_result best = RESULT_NONE;
  for (size_t word = 0; word < case_reach_words(p); word++) {
    uint64_t bits = case_reach_standing(&f->reach, p, word, MARK_ANSWER);
    for (; bits != 0; bits &= bits - 1) {
      enum case_result result = f->outcomes[word * 64 + (size_t)__builtin_ctzll(bits)].result;
      if (result > best) best = result;
    }
  }
  return best == RESULT_SATISFIED;
}

/* Had its writer seen that the township took the case up? Someone dissatisfied for
 * the second time brings it there too. */
static bool with_township(const struct fold *f, size_t p) {
  const uint64_t *seen = case_reach_seen(&f->reach, p);
  int unhappy = 0;
  for (size_t word = 0; word < case_reach_words(p); word++) {
    if ((seen[word] & f->township[word]) != 0) return true;
    unhappy += __builtin_popcountll(seen[word] & f->unhappy[word]);
  }
  return unhappy >= 2;
}

static bool is_request(const struct fold *f, size_t p, enum case_move move) {
  if (record_at(f, p)->by_hub || !case_move_townships(move, false)) return false;
  return with_township(f, p) && case_move_townships(move, satisfied_before(f, p));
}

/* Notes what the move at p means for those who see it. */
static void mark(struct fold *f, size_t p) {
  struct case_outcome o = f->outcomes[p];
  uint64_t bit = UINT64_C(1) << p % 64;
  if (o.to != CASE_STATES) case_reach_supersede(&f->reach, p, MARK_STATE);
  if (o.result > RESULT_UNREACHABLE) case_reach_supersede(&f->reach, p, MARK_ANSWER);
  if ((o.flags & (CASE_ESCALATED | CASE_SUPERVISED)) != 0) f->township[p / 64] |= bit;
  if (o.result == RESULT_DISSATISFIED) f->unhappy[p / 64] |= bit;
}

static enum case_effect judge(struct fold *f, size_t p) {
  const struct case_record *r = record_at(f, p);
  f->outcomes[p] = (struct case_outcome){CASE_STATES, 0, RESULT_NONE};
  if (!case_record_known(r->type, r->plain, r->content)) return EFFECT_NEWER;
  enum case_move move = f->moves[p];
  if (!may_be_made(f, p, move)) return EFFECT_NONE;
  if (is_request(f, p, move)) return EFFECT_REQUEST;
  f->outcomes[p] = case_outcome(move, r->plain);
  f->weights[p] = weight_of(f, p, f->outcomes[p]);
  f->view->flags |= f->outcomes[p].flags;
  mark(f, p);
  return EFFECT_APPLIED;
}

static void judge_all(struct fold *f) {
  size_t unhappy = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    case_reach_join(&f->reach, p);
    f->moves[p] = case_move_from_type(record_at(f, p)->type);
    enum case_effect effect = judge(f, p);
    *effect_at(f, p) = effect;
    if (effect == EFFECT_NEWER) f->view->needs_newer = true;
    unhappy += f->outcomes[p].result == RESULT_DISSATISFIED;
  }
  if (unhappy >= 2) f->view->flags |= CASE_ESCALATED;
}

static const struct case_write *weightiest(const struct case_write *writes, size_t n) {
  const struct case_write *best = NULL;
  for (size_t i = 0; i < n; i++)
    if (best == NULL || writes[i].weight > best->weight) best = &writes[i];
  return best;
}

/* Makes a field of its writes; those that stand and lost are in conflict. */
static int fold_writes(struct fold *f, size_t n, struct case_field *field) {
  n = case_writes_standing(&f->reach, f->writes, n);
  const struct case_write *best = weightiest(f->writes, n);
  for (size_t i = 0; i < n; i++)
    if (!case_value_equal(f->writes[i].value, best->value))
      *effect_at(f, f->writes[i].position) = EFFECT_CONFLICT;
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
    f->writes[n++] = (struct case_write){p, f->weights[p], case_state_name(to), false};
  }
  if (fold_writes(f, n, field) != 0) return -1;
  if (n == 0) field->values[0].value = case_state_name(CASE_REGISTERED);
  f->view->state = case_state_from_name(field->values[0].value);
  return 0;
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
    f->writes[n++] = (struct case_write){p, weight, case_result_name(result), weak};
  }
  n = case_writes_standing(&f->reach, f->writes, n);
  const struct case_write *best = weightiest(f->writes, n);
  if (best == NULL) return;
  f->view->last_result = best->value;
  for (size_t i = 0; i < n && best->value == NULL; i++) /* reopened: what was tried since? */
    if (f->writes[i].weak && case_reach_has(&f->reach, f->writes[i].position, best->position))
      f->view->last_result = f->writes[i].value;
}

/* Pauses and their ends, weighed as moves are. */
static void fold_paused(struct fold *f) {
  static const char paused[] = "paused";
  size_t n = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    enum case_move move = f->moves[p];
    if ((move != CASE_PAUSE && move != CASE_RESUME) || !counts(f, p)) continue;
    f->writes[n++] =
        (struct case_write){p, f->weights[p], move == CASE_PAUSE ? paused : NULL, false};
  }
  n = case_writes_standing(&f->reach, f->writes, n);
  const struct case_write *best = weightiest(f->writes, n);
  if (best != NULL && best->value != NULL) f->view->flags |= CASE_PAUSED;
}

/* Does the record at p write this field? If so, *value is what. */
static bool writes_field(const struct fold *f, size_t p, enum case_field_index field,
                         const char **value) {
  const struct case_record *r = record_at(f, p);
  enum case_move move = f->moves[p];
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

static int fold_field(struct fold *f, enum case_field_index field) {
  size_t n = 0;
  for (size_t p = 0; p < f->graph.n; p++) {
    struct case_write w = {.position = p, .weight = f->graph.rank[p]};
    if (counts(f, p) && writes_field(f, p, field, &w.value)) f->writes[n++] = w;
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

static void read_opening(struct fold *f) {
  struct case_view *v = f->view;
  if (f->graph.opening == f->graph.n || !counts(f, f->graph.opening)) return;
  const struct case_record *r = record_at(f, f->graph.opening);
  v->number = json_string_value(json_object_get(r->plain, "number"));
  v->opened_ms = json_integer_value(json_object_get(r->plain, "at"));
  v->anonymous = json_is_true(json_object_get(r->content, "anonymous"));
}

/* Hands over the order, and lists the records that no other names. */
static void list_records(struct fold *f) {
  struct case_graph *g = &f->graph;
  struct case_view *v = f->view;
  /* heads holds marks first, 1 for a position that is named, and shrinks to the list. */
  for (size_t e = 0; e < g->parents_from[g->n]; e++) v->heads[g->parents[e]] = 1;
  for (size_t p = 0; p < g->n; p++)
    if (v->heads[p] == 0) v->heads[v->n_heads++] = g->order[p];
  v->order = g->order;
  g->order = NULL;
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
  f->writes = calloc(n + 1, sizeof *f->writes);
  v->effects = calloc(n + 1, sizeof *v->effects);
  v->heads = calloc(n + 1, sizeof *v->heads);
  bool all = f->township && f->unhappy && f->moves && f->outcomes && f->weights && f->writes &&
             v->effects && v->heads;
  return all ? 0 : -1;
}

int case_fold(const struct case_record *records, size_t n, struct case_view *out) {
  struct fold f = {.records = records, .view = out};
  *out = (struct case_view){.n_records = n};
  int rc = allocate(&f, n);
  if (rc != 0) goto done;
  judge_all(&f);
  rc = fold_fields(&f);
  if (rc != 0) goto done;
  fold_result(&f);
  fold_paused(&f);
  read_opening(&f);
  list_records(&f);
done:
  free(f.moves);
  free(f.outcomes);
  free(f.township);
  free(f.unhappy);
  free(f.weights);
  free(f.writes);
  case_reach_finish(&f.reach);
  case_graph_finish(&f.graph);
  if (rc != 0) case_view_finish(out);
  return rc;
}

void case_view_finish(struct case_view *view) {
  if (view == NULL) return;
  for (size_t i = 0; i < CASE_FIELDS; i++) free(view->fields[i].values);
  free(view->order);
  free(view->effects);
  free(view->heads);
  *view = (struct case_view){0};
}
