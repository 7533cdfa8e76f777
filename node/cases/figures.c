#include "node/cases/figures.h"

#include <stdlib.h>
#include <string.h>

static const int64_t NEVER = INT64_MAX, MINUTE_MS = 60000;

static void count(struct figure_share *share, bool numerator, bool denominator) {
  share->denominator += denominator;
  share->numerator += denominator && numerator;
}

static bool is_result(const struct figure_facts *c, const char *result) {
  return c->result != NULL && strcmp(c->result, result) == 0;
}

static bool is_reached(const struct figure_facts *c) {
  return c->result != NULL && !is_result(c, "unreachable");
}

/* What was closed after it was refused is refused still. */
static bool is_refused(const struct figure_facts *c) {
  return c->state == CASE_REFUSED ||
         (c->state == CASE_CLOSED && c->resolved_ms == NEVER && c->result == NULL);
}

/* Closed as one whom no one can ask; which counts only where it is so: nobody knows who it is, or
 * tried to reach them in vain. */
static bool is_unasked(const struct figure_facts *c) {
  bool no_one = is_result(c, "unreachable") || (c->result == NULL && c->anonymous);
  return c->state == CASE_CLOSED && c->unasked && no_one;
}

/* Closed and not followed up, although there was someone to ask. */
static bool is_unheard(const struct figure_facts *c) {
  return c->state == CASE_CLOSED && c->result == NULL && !c->anonymous && !is_refused(c);
}

static void count_answer(struct figures *f, const struct figure_facts *c, int64_t now_ms) {
  bool answered = c->answered_ms != NEVER;
  bool late = case_late(answered ? c->answered_ms : now_ms, c->answer_due_ms);
  count(&f->response, !late, answered || late);
}

/* Was it resolved whenever it was to be, as far as that can be said by now? */
static void count_rounds(struct figures *f, const struct figure_facts *c, int64_t now_ms) {
  int64_t breaches = c->breaches - case_late(c->answered_ms, c->answer_due_ms);
  bool late = case_state_unresolved(c->state) && case_late(now_ms, c->resolve_due_ms);
  count(&f->on_time, breaches == 0 && !late, c->resolved_ms != NEVER || late);
}

static void count_outcome(struct figures *f, const struct figure_facts *c) {
  bool reached = is_reached(c);
  count(&f->resolution, c->solved != NULL && strcmp(c->solved, "yes") == 0, reached);
  count(&f->satisfaction, is_result(c, "satisfied"), reached || is_unheard(c));
  count(&f->same_hand, c->same_hand, reached);
}

static void count_columns(struct figures *f, const struct figure_facts *c, int64_t now_ms) {
  f->unreachable += is_result(c, "unreachable");
  f->anonymous += c->anonymous;
  f->refused += is_refused(c);
  f->no_follow_up += is_unasked(c);
  f->overdue += case_late(now_ms, c->due_ms);
  f->breached += c->breaches > 0;
}

static int keep(struct figure_times *t, int64_t from_ms, int64_t to_ms) {
  if (to_ms == NEVER) return 0;
  if (t->n == t->cap) {
    size_t cap = t->cap > 0 ? 2 * t->cap : 64;
    int64_t *minutes = realloc(t->minutes, cap * sizeof *minutes);
    if (minutes == NULL) return -1;
    t->minutes = minutes;
    t->cap = cap;
  }
  t->minutes[t->n++] = to_ms > from_ms ? (to_ms - from_ms) / MINUTE_MS : 0;
  return 0;
}

int figures_add(struct figures *f, const struct figure_facts *c, int64_t now_ms) {
  if (c->history) return 0;
  f->merged += c->state == CASE_MERGED;
  f->made_void += c->state == CASE_VOID;
  if (c->state == CASE_MERGED || c->state == CASE_VOID) return 0;
  f->cohort++;
  count_answer(f, c, now_ms);
  count_rounds(f, c, now_ms);
  count_outcome(f, c);
  count_columns(f, c, now_ms);
  int rc = keep(&f->answer, c->opened_ms, c->answered_ms);
  return rc == 0 ? keep(&f->resolve, c->opened_ms, c->resolved_ms) : rc;
}

void figures_finish(struct figures *f) {
  free(f->answer.minutes);
  free(f->resolve.minutes);
  *f = (struct figures){0};
}

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

int64_t figures_median(struct figure_times *t) {
  if (t->n == 0) return -1;
  qsort(t->minutes, t->n, sizeof *t->minutes, by_size);
  return t->minutes[(t->n - 1) / 2];
}

int64_t figures_percent(const struct figure_share *share) {
  if (share->denominator == 0) return -1;
  return (200 * share->numerator + share->denominator) / (2 * share->denominator);
}
