/* Rounds, pauses and first answers.
 *
 * A round begins with the opening and whenever the case is taken up again; it ends when the case
 * is resolved, refused, merged, made void or closed. A case that leaves that state otherwise (it is
 * assigned again, or that is how it was settled) goes on with the same round. Moves made apart
 * count in the case's order; at the end the last round is made to agree with the state that
 * won, and the last pause with the flag. */
#include <stdlib.h>

#include "node/cases/moves.h"
#include "node/cases/times.h"

/* An extension, and how far it puts off its round with those that its writer saw. */
struct extension {
  size_t position;
  int64_t days;
};

/* One walk along the order. */
struct walk {
  struct case_times *times;
  const struct case_record *records;
  const struct case_view *view;
  const struct case_reach *reach;
  struct extension *extensions; /* of the last round */
  size_t n_extensions;
};

static const int64_t NEVER = INT64_MAX;

static int64_t at_of(const struct case_record *r) {
  return json_integer_value(json_object_get(r->plain, "at"));
}

static int64_t earlier(int64_t a, int64_t b) {
  return a < b ? a : b;
}

static bool answers(enum case_move move) {
  return move == CASE_ACCEPT || move == CASE_REFUSE || move == CASE_ASSIGN || move == CASE_SIGN ||
         move == CASE_RESOLVE || move == CASE_MERGE;
}

static struct case_round *last_round(const struct case_times *t) {
  return t->n_rounds > 0 ? &t->rounds[t->n_rounds - 1] : NULL;
}

static void end_round(struct case_times *t, int64_t at) {
  struct case_round *round = last_round(t);
  if (round != NULL && round->to_ms == NEVER)
    round->to_ms = at > round->from_ms ? at : round->from_ms;
}

static void begin_round(struct walk *w, size_t p) {
  size_t i = w->view->order[p];
  w->times->rounds[w->times->n_rounds++] = (struct case_round){
      .from_ms = at_of(&w->records[i]), .to_ms = NEVER, .stamp = w->view->stamps[i]};
  w->n_extensions = 0;
}

static void take_state(struct walk *w, size_t p, struct case_outcome outcome) {
  struct case_round *round = last_round(w->times);
  if (round == NULL || outcome.to == CASE_STATES) return;
  if (!case_state_unresolved(outcome.to))
    end_round(w->times, at_of(&w->records[w->view->order[p]]));
  else if (round->to_ms != NEVER && (outcome.flags & CASE_REOPENED) != 0)
    begin_round(w, p);
  else
    round->to_ms = NEVER;
}

/* Of extensions made apart the one that reaches furthest counts. */
static void take_extension(struct walk *w, size_t p) {
  struct case_round *round = last_round(w->times);
  int64_t before = 0;
  if (round == NULL) return;
  for (size_t k = 0; k < w->n_extensions; k++) {
    const struct extension *e = &w->extensions[k];
    if (e->days > before && case_reach_has(w->reach, p, e->position)) before = e->days;
  }
  const json_t *plain = w->records[w->view->order[p]].plain;
  int64_t days = before + json_integer_value(json_object_get(plain, "days"));
  w->extensions[w->n_extensions++] = (struct extension){p, days};
  if (days > round->extension_days) round->extension_days = days;
}

static void take_pause(struct case_times *t, const struct case_record *r, enum case_move move) {
  bool rests = t->n_pauses > 0 && t->pauses[t->n_pauses - 1].to_ms == NEVER;
  if (move == CASE_PAUSE && !rests) t->pauses[t->n_pauses++] = (struct case_pause){at_of(r), NEVER};
  if (move != CASE_RESUME || !rests) return;
  struct case_pause *pause = &t->pauses[t->n_pauses - 1];
  pause->to_ms = at_of(r) > pause->from_ms ? at_of(r) : pause->from_ms;
}

static void take(struct walk *w, size_t p) {
  struct case_times *t = w->times;
  const struct case_record *r = &w->records[w->view->order[p]];
  enum case_move move = case_move_from_type(r->type);
  if (move == CASE_OPEN) begin_round(w, p);
  if (answers(move)) t->answered_ms = earlier(t->answered_ms, at_of(r));
  if (move == CASE_RESOLVE) t->resolved_ms = at_of(r);
  if (move == CASE_EXTEND) take_extension(w, p);
  if (move == CASE_PAUSE || move == CASE_RESUME) take_pause(t, r, move);
  take_state(w, p, case_outcome(move, r->plain));
}

static void agree(struct case_times *t, const struct case_record *records,
                  const struct case_view *v) {
  struct case_round *round = last_round(t);
  struct case_pause *pause = t->n_pauses > 0 ? &t->pauses[t->n_pauses - 1] : NULL;
  size_t says = v->fields[FIELD_STATE].values[0].record;
  if (round != NULL && case_state_unresolved(v->state)) round->to_ms = NEVER;
  if (round != NULL && !case_state_unresolved(v->state) && says != CASE_NO_RECORD)
    end_round(t, at_of(&records[says]));
  if (pause == NULL) return;
  bool rests = (v->flags & CASE_PAUSED) != 0;
  if (rests) pause->to_ms = NEVER;
  if (!rests && pause->to_ms == NEVER) pause->to_ms = pause->from_ms;
}

static int by_from(const void *a, const void *b) {
  const struct case_pause *x = a, *y = b;
  return (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
}

/* Room for as many as there can be. */
static int allocate(struct walk *w) {
  size_t rounds = 0, pauses = 0, extensions = 0;
  for (size_t i = 0; i < w->view->n_records; i++) {
    enum case_move move = case_move_from_type(w->records[i].type);
    pauses += move == CASE_PAUSE;
    extensions += move == CASE_EXTEND;
    rounds += move == CASE_OPEN || move == CASE_REOPEN || move == CASE_FOLLOWUP;
  }
  w->times->rounds = calloc(rounds + 1, sizeof *w->times->rounds);
  w->times->pauses = calloc(pauses + 1, sizeof *w->times->pauses);
  w->extensions = calloc(extensions + 1, sizeof *w->extensions);
  return w->times->rounds && w->times->pauses && w->extensions ? 0 : -1;
}

int case_times_init(struct case_times *t, const struct case_record *records,
                    const struct case_view *v, const struct case_reach *reach) {
  struct walk w = {.times = t, .records = records, .view = v, .reach = reach};
  t->answered_ms = t->resolved_ms = NEVER;
  int rc = allocate(&w);
  for (size_t p = 0; rc == 0 && p < v->n_records; p++) {
    if (case_effect_counts(v->effects[v->order[p]])) take(&w, p);
  }
  free(w.extensions);
  if (rc != 0) return rc;
  agree(t, records, v);
  qsort(t->pauses, t->n_pauses, sizeof *t->pauses, by_from);
  return 0;
}

void case_times_finish(struct case_times *t) {
  free(t->rounds);
  free(t->pauses);
  *t = (struct case_times){0};
}
