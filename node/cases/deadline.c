/* A due is 24:00 of the first day by which so many days have counted and at whose end the case
 * does not rest. A day counts when it is worked (for a petition: from the next working day on,
 * every day), lies after the day on which the round began, and no pause that began on an earlier
 * day reaches into it. */
#include "node/cases/deadline.h"

static const int64_t NEVER = INT64_MAX;

/* One span of days to be counted. */
struct span {
  const struct case_calendar *calendar;
  int zone;       /* whose days they are */
  int64_t from;   /* the day on which it began */
  int64_t days;   /* that many after it */
  bool all_days;  /* a petition's: those off count too, after the first that is worked */
  int64_t end_ms; /* pauses from then on do not concern it; NEVER: it goes on */
  int64_t asked;  /* the last day of which it was asked whether it is worked; last_day fills it */
};

static int64_t later(int64_t a, int64_t b) {
  return a > b ? a : b;
}

/* The n-th day that counts after one that lies in the span. */
static int64_t add(const struct span *s, int64_t day, int64_t n) {
  return s->all_days ? day + n : case_calendar_add(s->calendar, day, n);
}

static int64_t count(const struct span *s, int64_t after, int64_t until) {
  if (!s->all_days) return case_calendar_count(s->calendar, after, until);
  int64_t first = case_calendar_add(s->calendar, s->from, 1);
  return later(until - later(after, first - 1), 0);
}

/* The span's last day; false: it rests, and was not over when it came to rest. */
static bool last_day(struct span *s, const struct case_times *t, int64_t *out) {
  int64_t first = case_calendar_add(s->calendar, s->from, 1), rested = s->from;
  *out = add(s, first, s->days - 1);
  s->asked = s->all_days ? first : *out;
  for (size_t i = 0; i < t->n_pauses; i++) {
    const struct case_pause *pause = &t->pauses[i];
    int64_t from = calendar_day(pause->from_ms, s->zone);
    if (from > *out || pause->from_ms >= s->end_ms) break;
    if (pause->to_ms == NEVER) return false;
    int64_t to = calendar_day(pause->to_ms, s->zone);
    if (to <= rested || to <= from) continue;
    *out = later(add(s, *out, count(s, later(from, rested), to)), to);
    if (!s->all_days) s->asked = *out;
    rested = to;
  }
  return true;
}

static int64_t due_of(struct span *s, const struct case_times *t, struct case_deadline *out,
                      bool *provisional) {
  int64_t last;
  bool ends = last_day(s, t, &last);
  if (s->from + 1 < out->asked_from) out->asked_from = s->from + 1;
  out->asked_to = later(out->asked_to, s->asked);
  *provisional = ends && !case_calendar_known(s->calendar, s->from + 1, s->asked);
  return ends ? calendar_begin(last + 1, s->zone) : CASE_NO_DUE;
}

static int64_t answer_due(const struct case_times *t, const struct case_calendar *calendar,
                          const struct case_policies *policies, struct case_deadline *out,
                          bool *provisional) {
  const struct case_round *first = &t->rounds[0];
  const struct case_policy *policy = case_policy_at(policies, first->stamp);
  struct span s = {.calendar = calendar,
                   .zone = policy->zone,
                   .from = calendar_day(first->from_ms, policy->zone),
                   .days = policy->accept,
                   .end_ms = t->answered_ms};
  return due_of(&s, t, out, provisional);
}

static int64_t resolve_due(const struct case_times *t, const struct case_round *round,
                           const struct case_calendar *calendar,
                           const struct case_policies *policies, struct case_deadline *out,
                           bool *provisional) {
  const struct case_policy *policy = case_policy_at(policies, round->stamp);
  struct span s = {.calendar = calendar,
                   .zone = policy->zone,
                   .from = calendar_day(round->from_ms, policy->zone),
                   .days = policy->days[t->class] + round->extension_days,
                   .all_days = t->class == CLASS_PETITION,
                   .end_ms = round->to_ms};
  return due_of(&s, t, out, provisional);
}

bool case_late(int64_t ms, int64_t due_ms) {
  return ms != NEVER && due_ms != CASE_NO_DUE && ms >= due_ms;
}

void case_deadline(const struct case_times *t, const struct case_calendar *calendar,
                   const struct case_policies *policies, struct case_deadline *out) {
  bool answer_provisional, provisional = false;
  *out = (struct case_deadline){.due_ms = CASE_NO_DUE,
                                .answer_due_ms = CASE_NO_DUE,
                                .resolve_due_ms = CASE_NO_DUE,
                                .asked_from = INT64_MAX,
                                .asked_to = INT64_MIN};
  if (t->history || t->n_rounds == 0) return;
  out->answer_due_ms = answer_due(t, calendar, policies, out, &answer_provisional);
  out->breaches = case_late(t->answered_ms, out->answer_due_ms);
  for (size_t i = 0; i < t->n_rounds; i++) {
    const struct case_round *round = &t->rounds[i];
    out->resolve_due_ms = resolve_due(t, round, calendar, policies, out, &provisional);
    out->breaches += case_late(round->to_ms, out->resolve_due_ms);
  }
  if (t->rounds[t->n_rounds - 1].to_ms != NEVER) return;
  out->of_acceptance = t->n_rounds == 1 && t->answered_ms == NEVER;
  out->due_ms = out->of_acceptance ? out->answer_due_ms : out->resolve_due_ms;
  out->provisional = out->of_acceptance ? answer_provisional : provisional;
}
