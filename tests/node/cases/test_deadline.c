#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/deadline.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define GOES_ON INT64_MAX
enum { HOUR = 3600000 };

/* The days off and worked of the autumn of 2026 and the turn of the year; 2027 has none. */
static const char *const spoken_of[] = {
    "2026-01-01 off", "2026-01-02 off",  "2026-01-03 off", "2026-01-04 work", "2026-09-20 work",
    "2026-09-25 off", "2026-10-01 off",  "2026-10-02 off", "2026-10-05 off",  "2026-10-06 off",
    "2026-10-07 off", "2026-10-10 work", "2026-12-31 off"};
static struct case_day days[COUNT(spoken_of)];
static struct case_calendar calendar = {days, COUNT(spoken_of)};
static const struct case_calendar no_calendar = {NULL, 0};

/* "2026-09-28 15": that hour of the township's day. */
static int64_t ms_of(const char *text) {
  char date[CALENDAR_DATE];
  int64_t day;
  if (text == NULL) return GOES_ON;
  (void)snprintf(date, sizeof date, "%s", text);
  if (!calendar_read(date, &day)) fail_msg("%s", text);
  return calendar_begin(day, ZONE_DEFAULT) +
         (text[10] == ' ' ? strtoll(text + 11, NULL, 10) * HOUR : 0);
}

static int make_calendar(void **state) {
  (void)state;
  for (size_t i = 0; i < calendar.n; i++) {
    days[i].day = calendar_day(ms_of(spoken_of[i]), ZONE_DEFAULT);
    days[i].off = strcmp(spoken_of[i] + 11, "off") == 0;
  }
  case_calendar_index(&calendar);
  return 0;
}

/* --- by hand -------------------------------------------------------------- */

struct example {
  const char *says;
  enum case_class class;
  int64_t extension;
  const char *opened, *answered, *ended, *paused, *resumed;
  const char *answer_due, *resolve_due; /* the days after which it is too late; NULL: none */
  int64_t breaches;
  bool provisional;
};
#define A_WEEK .opened = "2026-08-31 9", .answered = "2026-09-01 9" /* a Monday */
static const struct example examples[] = {
    {"five plain days", .opened = "2026-08-31 9", .answer_due = "2026-09-01",
     .resolve_due = "2026-09-07"},
    {"late in the evening is still that day", .opened = "2026-08-31 23", .answer_due = "2026-09-01",
     .resolve_due = "2026-09-07"},
    {"opened on a day off", .opened = "2026-10-03 10", .answer_due = "2026-10-08",
     .resolve_due = "2026-10-13"},
    {"over days off and a Saturday that is worked", .opened = "2026-09-30 9",
     .answer_due = "2026-10-08", .resolve_due = "2026-10-13"},
    {"complex", .class = CLASS_COMPLEX, A_WEEK, .answer_due = "2026-09-01",
     .resolve_due = "2026-09-20"},
    {"a petition counts the days off too", .class = CLASS_PETITION, A_WEEK,
     .answer_due = "2026-09-01", .resolve_due = "2026-10-30"},
    {"but not before its first worked day", .class = CLASS_PETITION, .opened = "2026-10-01",
     .answered = "2026-10-08", .answer_due = "2026-10-08", .resolve_due = "2026-12-06"},
    {"put off", .extension = 2, A_WEEK, .answer_due = "2026-09-01", .resolve_due = "2026-09-09"},
    {"a petition put off by calendar days", .class = CLASS_PETITION, .extension = 30, A_WEEK,
     .answer_due = "2026-09-01", .resolve_due = "2026-11-29"},
    {"answered at the last moment", .opened = "2026-08-31", .answered = "2026-09-01 23",
     .answer_due = "2026-09-01", .resolve_due = "2026-09-07"},
    {"answered at midnight", .opened = "2026-08-31", .answered = "2026-09-02 0",
     .answer_due = "2026-09-01", .resolve_due = "2026-09-07", .breaches = 1},
    {"resolved in time", A_WEEK, .ended = "2026-09-07 23", .answer_due = "2026-09-01",
     .resolve_due = "2026-09-07"},
    {"resolved and answered too late", .opened = "2026-08-31", .answered = "2026-09-08",
     .ended = "2026-09-08", .answer_due = "2026-09-01", .resolve_due = "2026-09-07", .breaches = 2},
    {"rested two days: the day it began on counts, that it ended on does not", A_WEEK,
     .paused = "2026-09-02 9", .resumed = "2026-09-04 9", .answer_due = "2026-09-01",
     .resolve_due = "2026-09-09"},
    {"rested within a day", A_WEEK, .paused = "2026-09-02 9", .resumed = "2026-09-02 17",
     .answer_due = "2026-09-01", .resolve_due = "2026-09-07"},
    {"rested over a weekend", A_WEEK, .paused = "2026-09-04 9", .resumed = "2026-09-06 9",
     .answer_due = "2026-09-01", .resolve_due = "2026-09-07"},
    {"a petition rested over a weekend", .class = CLASS_PETITION, A_WEEK, .paused = "2026-09-04 9",
     .resumed = "2026-09-06 9", .answer_due = "2026-09-01", .resolve_due = "2026-11-01"},
    {"rests still", A_WEEK, .paused = "2026-09-02 9", .answer_due = "2026-09-01"},
    {"came to rest on the last day and goes on later", A_WEEK, .paused = "2026-09-07 9",
     .resumed = "2026-09-10 9", .answer_due = "2026-09-01", .resolve_due = "2026-09-10"},
    {"came to rest on its last day, a Friday, until Sunday", .opened = "2026-08-28",
     .answered = "2026-08-31", .paused = "2026-09-04 9", .resumed = "2026-09-06 9",
     .answer_due = "2026-08-31", .resolve_due = "2026-09-06"},
    {"was overdue before it came to rest", A_WEEK, .paused = "2026-09-08 9",
     .answer_due = "2026-09-01", .resolve_due = "2026-09-07"},
    {"resolved while it rested", A_WEEK, .paused = "2026-09-07 9", .ended = "2026-09-20",
     .answer_due = "2026-09-01"},
    {"rested before it was answered", .opened = "2026-08-31 9", .paused = "2026-08-31 10",
     .resumed = "2026-09-02 10", .answered = "2026-09-03 9", .answer_due = "2026-09-03",
     .resolve_due = "2026-09-09"},
    {"rested after it was answered, on the day", A_WEEK, .paused = "2026-09-01 10",
     .answer_due = "2026-09-01"},
    {"into a year without a calendar", .opened = "2026-12-29", .answered = "2026-12-30",
     .answer_due = "2026-12-30", .resolve_due = "2027-01-06", .provisional = true},
    {"to the end of a year with one", .opened = "2026-12-22", .answered = "2026-12-23",
     .answer_due = "2026-12-23", .resolve_due = "2026-12-29"},
    {"a petition hangs on its first day alone", .class = CLASS_PETITION, .opened = "2026-12-01",
     .answered = "2026-12-02", .answer_due = "2026-12-02", .resolve_due = "2027-01-30"},
    {"from a year without one", .opened = "2025-12-26", .answered = "2025-12-29",
     .answer_due = "2025-12-29", .resolve_due = "2026-01-05", .provisional = true},
};

static int64_t after_day(const char *day) {
  return day == NULL ? CASE_NO_DUE : ms_of(day) + 24 * HOUR;
}

static void examples_by_hand(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(examples); i++) {
    const struct example *e = &examples[i];
    struct case_round round = {ms_of(e->opened), ms_of(e->ended), e->extension, {0, 0}};
    struct case_pause pause = {ms_of(e->paused), ms_of(e->resumed)};
    struct case_times t = {ms_of(e->answered), GOES_ON,  &round, 1, &pause,
                           e->paused != NULL,  e->class, false};
    struct case_deadline d;
    case_deadline(&t, &calendar, NULL, &d);
    bool of_acceptance = e->answered == NULL && e->ended == NULL;
    int64_t next = of_acceptance ? d.answer_due_ms : d.resolve_due_ms;
    if (d.answer_due_ms != after_day(e->answer_due) ||
        d.resolve_due_ms != after_day(e->resolve_due) || d.breaches != e->breaches ||
        d.provisional != e->provisional || d.of_acceptance != of_acceptance ||
        d.due_ms != (e->ended != NULL ? CASE_NO_DUE : next)) {
      char said[2][CALENDAR_DATE];
      (void)calendar_write(calendar_day(d.answer_due_ms, ZONE_DEFAULT) - 1, said[0]);
      (void)calendar_write(calendar_day(d.resolve_due_ms, ZONE_DEFAULT) - 1, said[1]);
      fail_msg("%s: answer %s, resolve %s, %lld breaches", e->says, said[0], said[1],
               (long long)d.breaches);
    }
  }
}

static void a_reopening_is_a_round_of_its_own(void **state) {
  (void)state;
  struct case_round rounds[] = {
      {ms_of("2026-08-31"), ms_of("2026-09-08"), 0, {0, 0}}, /* a day late */
      {ms_of("2026-09-09"), ms_of("2026-09-16"), 0, {0, 0}}, /* on its last day */
      {ms_of("2026-09-17"), GOES_ON, 3, {0, 0}}};
  struct case_times t = {ms_of("2026-08-31 9"), ms_of("2026-09-16"), rounds, 3, NULL, 0, 0, false};
  struct case_deadline d;
  case_deadline(&t, &calendar, NULL, &d);
  assert_int_equal(d.breaches, 1);
  assert_int_equal(d.answer_due_ms, after_day("2026-09-01"));
  assert_int_equal(d.due_ms, after_day("2026-09-29")); /* Sunday 20 worked, Friday 25 off */
  assert_int_equal(d.resolve_due_ms, d.due_ms);
  assert_false(d.of_acceptance || d.provisional);
  /* One that was never answered is, once it was taken up again, to be resolved. */
  t.answered_ms = GOES_ON;
  case_deadline(&t, &calendar, NULL, &d);
  assert_false(d.of_acceptance);
  assert_int_equal(d.due_ms, after_day("2026-09-29"));
}

static void overdue_from_the_first_moment_on(void **state) {
  (void)state;
  struct case_deadline d = {.due_ms = 1000};
  assert_false(case_late(999, d.due_ms));
  assert_true(case_late(1000, d.due_ms));
  d.due_ms = CASE_NO_DUE;
  assert_false(case_late(INT64_MAX - 1, d.due_ms));
}

static void what_came_from_an_older_table_has_none(void **state) {
  (void)state;
  struct case_round round = {ms_of("2020-01-01"), ms_of("2026-01-01"), 0, {0, 0}};
  struct case_times t = {round.to_ms, round.to_ms, &round, 1, NULL, 0, 0, true};
  struct case_deadline d;
  case_deadline(&t, &calendar, NULL, &d);
  assert_true(d.due_ms == CASE_NO_DUE && d.breaches == 0 && d.answer_due_ms == CASE_NO_DUE);
  t.history = false;
  t.n_rounds = 0; /* the opening is not here */
  case_deadline(&t, &calendar, NULL, &d);
  assert_true(d.due_ms == CASE_NO_DUE && d.breaches == 0 && d.resolve_due_ms == CASE_NO_DUE);
}

/* West of Greenwich a moment lies in an earlier day, and that day ends later. */
static void days_are_those_of_the_zone_in_force(void **state) {
  (void)state;
  struct case_policy later = case_policy_default;
  later.since_ms = 500;
  later.zone = -210;
  struct case_policies policies = {&later, 1};
  struct case_round rounds[] = {{ms_of("2026-08-31 9"), ms_of("2026-09-04"), 0, {499, 9}},
                                {ms_of("2026-09-07 9"), GOES_ON, 0, {500, 0}}};
  struct case_times t = {ms_of("2026-09-01 9"), ms_of("2026-09-04"), rounds, 2, NULL, 0, 0, false};
  struct case_deadline d;
  case_deadline(&t, &calendar, &policies, &d);
  assert_int_equal(d.answer_due_ms, after_day("2026-09-01"));
  /* Sunday evening there, so the five days begin on Monday; the last one ends 11.5 hours later. */
  assert_int_equal(d.due_ms, after_day("2026-09-11") + 11 * HOUR + HOUR / 2);
  rounds[1].stamp.ms = 499;
  case_deadline(&t, &calendar, &policies, &d);
  assert_int_equal(d.due_ms, after_day("2026-09-14"));
}

static void what_is_settled_holds_from_then_on(void **state) {
  (void)state;
  struct case_policy later = case_policy_default;
  later.since_ms = 500;
  later.accept = 2;
  later.days[CLASS_ORDINARY] = 1;
  struct case_policies policies = {&later, 1};
  struct case_round rounds[] = {{ms_of("2026-08-31"), ms_of("2026-09-04"), 0, {499, 9}},
                                {ms_of("2026-09-07"), GOES_ON, 0, {500, 0}}};
  struct case_times t = {ms_of("2026-08-31 9"), ms_of("2026-09-04"), rounds, 2, NULL, 0, 0, false};
  struct case_deadline d;
  case_deadline(&t, &calendar, &policies, &d);
  assert_int_equal(d.answer_due_ms, after_day("2026-09-01"));
  assert_int_equal(d.due_ms, after_day("2026-09-08"));
  assert_int_equal(d.breaches, 0);
  rounds[0].stamp.ms = 501;
  case_deadline(&t, &calendar, &policies, &d);
  assert_int_equal(d.answer_due_ms, after_day("2026-09-02"));
  assert_int_equal(d.breaches, 1);
}

static void times_that_nobody_lives_through(void **state) {
  (void)state;
  const int64_t end = INT64_C(9007199254740992);
  struct case_round round = {-end, end, 3650 * 20000, {0, 0}};
  struct case_pause pauses[] = {{-end, end - 1}, {-end, -end}, {end, -end}, {end, GOES_ON}};
  struct case_times t = {end, end, &round, 1, pauses, 4, CLASS_ORDINARY, false};
  struct case_deadline d;
  case_deadline(&t, &calendar, NULL, &d);
  assert_true(d.answer_due_ms > end);
  t.n_pauses = 0;
  case_deadline(&t, &no_calendar, NULL, &d);
  assert_int_equal(d.breaches, 2);
}

/* --- the same, day by day --------------------------------------------------- */

struct walk {
  const struct case_times *t;
  const struct case_calendar *c;
  int64_t end_ms;
  int zone; /* whose days they are */
};

static bool works(const struct case_calendar *c, int64_t day) {
  for (size_t i = 0; i < c->n; i++)
    if (c->days[i].day == day) return !c->days[i].off;
  return (day + 3) % 7 < 5;
}

static bool has_calendar(const struct case_calendar *c, int64_t day) {
  for (size_t i = 0; i < c->n; i++)
    if (calendar_year(c->days[i].day) == calendar_year(day)) return true;
  return false;
}

/* Does it rest from one day into another? */
static bool rests(const struct walk *w, int64_t day, int64_t next) {
  for (size_t i = 0; i < w->t->n_pauses; i++) {
    const struct case_pause *p = &w->t->pauses[i];
    bool over = p->to_ms != GOES_ON && calendar_day(p->to_ms, w->zone) < next;
    if (p->from_ms < w->end_ms && calendar_day(p->from_ms, w->zone) <= day && !over) return true;
  }
  return false;
}

static int64_t walked(const struct walk *w, int64_t from_ms, int64_t n, bool all_days,
                      bool *provisional) {
  bool begun = false;
  *provisional = false;
  for (int64_t day = calendar_day(from_ms, w->zone) + 1, end = day + 900; day < end; day++) {
    if (!begun || !all_days) *provisional |= !has_calendar(w->c, day);
    begun |= works(w->c, day);
    if ((all_days ? begun : works(w->c, day)) && !rests(w, day - 1, day)) n--;
    if (n <= 0 && !rests(w, day, day + 1)) return calendar_begin(day + 1, w->zone);
  }
  *provisional = false;
  return CASE_NO_DUE;
}

static void judge(const struct case_times *t, const struct case_calendar *c,
                  const struct case_policies *policies, struct case_deadline *out) {
  bool answer_provisional, provisional = false;
  int64_t last_end = 0;
  const struct case_policy *p = case_policy_at(policies, t->rounds[0].stamp);
  struct walk w = {t, c, t->answered_ms, p->zone};
  *out = (struct case_deadline){0};
  out->answer_due_ms = walked(&w, t->rounds[0].from_ms, p->accept, false, &answer_provisional);
  if (t->answered_ms != GOES_ON && out->answer_due_ms != CASE_NO_DUE)
    out->breaches += t->answered_ms >= out->answer_due_ms;
  for (size_t i = 0; i < t->n_rounds; i++) {
    const struct case_round *r = &t->rounds[i];
    p = case_policy_at(policies, r->stamp);
    int64_t n = p->days[t->class] + r->extension_days;
    w.zone = p->zone;
    w.end_ms = last_end = r->to_ms;
    out->resolve_due_ms = walked(&w, r->from_ms, n, t->class == CLASS_PETITION, &provisional);
    if (r->to_ms != GOES_ON && out->resolve_due_ms != CASE_NO_DUE)
      out->breaches += r->to_ms >= out->resolve_due_ms;
  }
  out->of_acceptance = t->n_rounds == 1 && t->answered_ms == GOES_ON && last_end == GOES_ON;
  out->due_ms = out->of_acceptance ? out->answer_due_ms : out->resolve_due_ms;
  out->provisional = out->of_acceptance ? answer_provisional : provisional;
  if (last_end == GOES_ON) return;
  out->due_ms = CASE_NO_DUE;
  out->provisional = false;
}

static uint64_t seed;
static int64_t below(int64_t n) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int64_t)((seed >> 33) % (uint64_t)n);
}

static int by_from(const void *a, const void *b) {
  const struct case_pause *x = a, *y = b;
  return (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
}

/* Odd ones too: pauses that overlap, that end before they begin, that outlast a round. */
static void make_up(struct case_times *t, int64_t begin) {
  int64_t at = begin + below(400 * 24) * HOUR;
  t->class = (enum case_class)below(CASE_CLASSES);
  t->n_rounds = 1 + (size_t)below(3);
  t->answered_ms = below(3) == 0 ? GOES_ON : at + below(90) * HOUR;
  for (size_t i = 0; i < t->n_rounds; i++) {
    t->rounds[i] = (struct case_round){at, GOES_ON, below(4) == 0 ? below(31) : 0, {below(9), 0}};
    at += below(t->class == CLASS_PETITION ? 90 * 24 : 20 * 24) * HOUR;
    if (i + 1 < t->n_rounds || below(2) == 0) t->rounds[i].to_ms = at;
    at += below(90) * HOUR;
  }
  t->n_pauses = (size_t)below(5);
  for (size_t i = 0; i < t->n_pauses; i++) {
    int64_t from = t->rounds[0].from_ms + (below(60 * 24) - 48) * HOUR;
    t->pauses[i].from_ms = from;
    t->pauses[i].to_ms = below(7) == 0 ? GOES_ON : from + (below(12 * 24) - 24) * HOUR;
  }
  qsort(t->pauses, t->n_pauses, sizeof *t->pauses, by_from);
}

static void the_same_as_a_walk_from_day_to_day(void **state) {
  (void)state;
  struct case_policy list[] = {case_policy_default, case_policy_default};
  struct case_policies policies = {list, 2};
  struct case_round rounds[3];
  struct case_pause pauses[5];
  list[0].since_ms = 3;
  list[0].accept = 3;
  list[1].since_ms = 6;
  for (int i = 0; i < CASE_CLASSES; i++) list[1].days[i] = 4;
  static const int zones[] = {ZONE_DEFAULT, 345, -210, 840, -720, 0, 15};
  for (uint64_t n = 0; n < 4000; n++) {
    struct case_times t = {.rounds = rounds, .pauses = pauses};
    struct case_deadline is, ought;
    const struct case_calendar *c = n % 5 == 0 ? &no_calendar : &calendar;
    list[0].zone = zones[n % COUNT(zones)];
    list[1].zone = zones[n / 7 % COUNT(zones)];
    seed = n;
    make_up(&t, ms_of("2025-12-01"));
    case_deadline(&t, c, &policies, &is);
    judge(&t, c, &policies, &ought);
    if (is.due_ms != ought.due_ms || is.answer_due_ms != ought.answer_due_ms ||
        is.resolve_due_ms != ought.resolve_due_ms || is.breaches != ought.breaches ||
        is.of_acceptance != ought.of_acceptance || is.provisional != ought.provisional)
      fail_msg("seed %llu", (unsigned long long)n);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(examples_by_hand),
      cmocka_unit_test(a_reopening_is_a_round_of_its_own),
      cmocka_unit_test(overdue_from_the_first_moment_on),
      cmocka_unit_test(what_came_from_an_older_table_has_none),
      cmocka_unit_test(what_is_settled_holds_from_then_on),
      cmocka_unit_test(days_are_those_of_the_zone_in_force),
      cmocka_unit_test(times_that_nobody_lives_through),
      cmocka_unit_test(the_same_as_a_walk_from_day_to_day),
  };
  return cmocka_run_group_tests(tests, make_calendar, NULL);
}
