/* What each case adds to the figures, worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "node/cases/figures.h"

static const int64_t HOUR = 3600000, NOW = 3600000000;

/* Opened at hour 100, to be answered before hour 110, resolved before hour 200; nothing yet. */
static struct figure_facts opened(void) {
  return (struct figure_facts){.state = CASE_REGISTERED,
                               .opened_ms = 100 * HOUR,
                               .answered_ms = INT64_MAX,
                               .resolved_ms = INT64_MAX,
                               .due_ms = 110 * HOUR,
                               .answer_due_ms = 110 * HOUR,
                               .resolve_due_ms = 200 * HOUR};
}

/* Answered at hour 105 and resolved at hour 150, in time. */
static struct figure_facts resolved(enum case_state state, const char *result) {
  struct figure_facts c = opened();
  c.state = state;
  c.result = result;
  c.answered_ms = 105 * HOUR;
  c.resolved_ms = 150 * HOUR;
  c.due_ms = CASE_NO_DUE;
  return c;
}

static struct figures of_one(struct figure_facts c, int64_t now_ms) {
  struct figures f = {0};
  assert_int_equal(figures_add(&f, &c, now_ms), 0);
  assert_true(f.answer.n <= 1 && f.resolve.n <= 1);
  struct figures kept = f;
  kept.answer.minutes = kept.resolve.minutes = NULL;
  figures_finish(&f);
  return kept;
}

static void is_share(struct figure_share share, int64_t numerator, int64_t denominator) {
  assert_int_equal(share.numerator, numerator);
  assert_int_equal(share.denominator, denominator);
}

static void nothing_of_nothing(void **state) {
  (void)state;
  struct figures f = {0};
  is_share(f.response, 0, 0);
  assert_int_equal(figures_median(&f.answer), -1);
  assert_int_equal(figures_percent(&f.response), -1);
  figures_finish(&f);
}

static void what_is_apart_is_counted_once_and_no_more(void **state) {
  (void)state;
  static const enum case_state apart[] = {CASE_MERGED, CASE_VOID};
  for (size_t i = 0; i < 2; i++) {
    struct figure_facts c = resolved(apart[i], "satisfied");
    c.anonymous = true;
    c.breaches = 2;
    struct figures f = of_one(c, NOW);
    assert_int_equal(f.cohort, 0);
    assert_int_equal(f.merged, apart[i] == CASE_MERGED);
    assert_int_equal(f.made_void, apart[i] == CASE_VOID);
    assert_int_equal(f.anonymous + f.breached + f.response.denominator + f.on_time.denominator +
                         f.satisfaction.denominator,
                     0);
    assert_int_equal(f.answer.n + f.resolve.n, 0);
  }
}

static void history_adds_nothing(void **state) {
  (void)state;
  static const enum case_state states[] = {CASE_CLOSED, CASE_MERGED, CASE_VOID};
  for (size_t i = 0; i < 3; i++) {
    struct figure_facts c = resolved(states[i], "satisfied");
    c.history = true;
    struct figures f = of_one(c, NOW);
    assert_int_equal(f.cohort + f.merged + f.made_void + f.satisfaction.denominator, 0);
  }
}

/* The deadline is the first moment that is too late. */
static void the_answer_counts_by_its_deadline(void **state) {
  (void)state;
  struct figure_facts c = opened();
  is_share(of_one(c, 110 * HOUR - 1).response, 0, 0);
  is_share(of_one(c, 110 * HOUR).response, 0, 1);
  c.answered_ms = 110 * HOUR - 1;
  is_share(of_one(c, 101 * HOUR).response, 1, 1);
  c.answered_ms = 110 * HOUR;
  is_share(of_one(c, NOW).response, 0, 1);
  c.answer_due_ms = CASE_NO_DUE; /* it rests: no deadline, answered all the same */
  is_share(of_one(c, NOW).response, 1, 1);
  c.answered_ms = INT64_MAX;
  is_share(of_one(c, NOW).response, 0, 0);
}

static void solved_is_what_who_was_reached_says(void **state) {
  (void)state;
  struct figure_facts c = resolved(CASE_FOLLOWED_UP, "partly");
  is_share(of_one(c, NOW).resolution, 0, 1);
  c.solved = "partly";
  is_share(of_one(c, NOW).resolution, 0, 1);
  c.solved = "yes";
  is_share(of_one(c, NOW).resolution, 1, 1);
  c.result = "unreachable";
  is_share(of_one(c, NOW).resolution, 0, 0);
  assert_int_equal(of_one(c, NOW).unreachable, 1);
  c.result = NULL;
  is_share(of_one(c, NOW).resolution, 0, 0);
}

static void who_was_not_asked_counts_against_satisfaction(void **state) {
  (void)state;
  static const struct {
    enum case_state state;
    const char *result;
    bool anonymous, unasked;
    int64_t numerator, denominator, no_follow_up;
  } rows[] = {
      {CASE_CLOSED, "satisfied", false, false, 1, 1, 0},
      {CASE_CLOSED, "partly", false, false, 0, 1, 0},
      {CASE_CLOSED, "dissatisfied", false, true, 0, 1, 0}, /* asked, whatever who closed it says */
      {CASE_IN_HAND, "dissatisfied", false, false, 0, 1, 0},
      {CASE_CLOSED, "satisfied", true, false, 1, 1, 0}, /* who came by to say so */
      {CASE_CLOSED, "satisfied", true, true, 1, 1, 0},
      {CASE_CLOSED, NULL, false, false, 0, 1, 0},
      {CASE_CLOSED, NULL, false, true, 0, 1, 0}, /* nobody tried to reach them */
      {CASE_CLOSED, NULL, true, false, 0, 0, 0},
      {CASE_CLOSED, NULL, true, true, 0, 0, 1},
      {CASE_CLOSED, "unreachable", false, false, 0, 0, 0},
      {CASE_CLOSED, "unreachable", false, true, 0, 0, 1},
      {CASE_RESOLVED, NULL, false, false, 0, 0, 0},
      {CASE_FOLLOWED_UP, "unreachable", false, false, 0, 0, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct figure_facts c = resolved(rows[i].state, rows[i].result);
    c.anonymous = rows[i].anonymous;
    c.unasked = rows[i].unasked;
    struct figures f = of_one(c, NOW);
    is_share(f.satisfaction, rows[i].numerator, rows[i].denominator);
    assert_int_equal(f.no_follow_up, rows[i].no_follow_up);
    assert_int_equal(f.anonymous, rows[i].anonymous);
  }
}

static void what_was_refused_stays_refused_when_closed(void **state) {
  (void)state;
  struct figure_facts c = opened();
  c.answered_ms = 105 * HOUR;
  c.due_ms = CASE_NO_DUE;
  c.state = CASE_REFUSED;
  assert_int_equal(of_one(c, NOW).refused, 1);
  c.state = CASE_CLOSED;
  struct figures f = of_one(c, NOW);
  assert_int_equal(f.refused, 1);
  is_share(f.satisfaction, 0, 0);
  is_share(f.response, 1, 1);
  c.result = "satisfied"; /* merged into another, then asked */
  assert_int_equal(of_one(c, NOW).refused, 0);
  c = resolved(CASE_CLOSED, NULL);
  assert_int_equal(of_one(c, NOW).refused, 0);
}

static void on_time_is_every_round(void **state) {
  (void)state;
  struct figure_facts c = resolved(CASE_RESOLVED, NULL);
  is_share(of_one(c, NOW).on_time, 1, 1);
  c.answered_ms = 120 * HOUR; /* late to answer is not late to resolve */
  c.breaches = 1;
  is_share(of_one(c, NOW).on_time, 1, 1);
  assert_int_equal(of_one(c, NOW).breached, 1);
  c.breaches = 2;
  is_share(of_one(c, NOW).on_time, 0, 1);
  c = opened();
  is_share(of_one(c, 200 * HOUR - 1).on_time, 0, 0);
  is_share(of_one(c, 200 * HOUR).on_time, 0, 1);
  c = resolved(CASE_IN_HAND, "dissatisfied"); /* taken up again */
  c.due_ms = c.resolve_due_ms = 300 * HOUR;
  is_share(of_one(c, 299 * HOUR).on_time, 1, 1);
  is_share(of_one(c, 300 * HOUR).on_time, 0, 1);
  assert_int_equal(of_one(c, 299 * HOUR).overdue, 0);
  assert_int_equal(of_one(c, 300 * HOUR).overdue, 1);
  c.due_ms = c.resolve_due_ms = CASE_NO_DUE; /* it rests */
  is_share(of_one(c, NOW).on_time, 1, 1);
  assert_int_equal(of_one(c, NOW).overdue, 0);
  c = opened();
  c.state = CASE_REFUSED; /* never resolved, nor to be */
  is_share(of_one(c, NOW).on_time, 0, 0);
}

static void the_same_hand(void **state) {
  (void)state;
  struct figure_facts c = resolved(CASE_FOLLOWED_UP, "satisfied");
  is_share(of_one(c, NOW).same_hand, 0, 1);
  c.same_hand = true;
  is_share(of_one(c, NOW).same_hand, 1, 1);
  c.result = "unreachable";
  is_share(of_one(c, NOW).same_hand, 0, 0);
}

static void the_middle_of_the_times(void **state) {
  (void)state;
  static const int64_t hours[] = {30, 1, 20, 2};
  static const int64_t medians[] = {30 * 60, 60, 20 * 60, 2 * 60};
  struct figures f = {0};
  for (size_t i = 0; i < 4; i++) {
    struct figure_facts c = opened();
    c.answered_ms = c.opened_ms + hours[i] * HOUR + 59999; /* minutes that are whole */
    assert_int_equal(figures_add(&f, &c, NOW), 0);
    assert_int_equal(figures_median(&f.answer), medians[i]);
  }
  assert_int_equal(figures_median(&f.resolve), -1);
  figures_finish(&f);
  struct figure_facts c = opened();
  c.answered_ms = 1; /* before it was opened, people say */
  assert_int_equal(figures_add(&f, &c, NOW), 0);
  assert_int_equal(figures_median(&f.answer), 0);
  figures_finish(&f);
}

static void many_times_are_kept(void **state) {
  (void)state;
  struct figures f = {0};
  for (int64_t i = 0; i <= 1000; i++) {
    struct figure_facts c = opened();
    c.answered_ms = c.opened_ms + i * 10 % 1001 * 60000;
    assert_int_equal(figures_add(&f, &c, NOW), 0);
  }
  assert_int_equal(figures_median(&f.answer), 500);
  assert_int_equal(f.cohort, 1001);
  figures_finish(&f);
}

static void hundredths_halves_up(void **state) {
  (void)state;
  static const int64_t rows[][3] = {{12, 15, 80}, {0, 3, 0},   {1, 3, 33},   {2, 3, 67},
                                    {1, 8, 13},   {1, 1, 100}, {1, 1000, 0}, {1, 200, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(figures_percent(&(struct figure_share){rows[i][0], rows[i][1]}), rows[i][2]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_of_nothing),
      cmocka_unit_test(what_is_apart_is_counted_once_and_no_more),
      cmocka_unit_test(history_adds_nothing),
      cmocka_unit_test(the_answer_counts_by_its_deadline),
      cmocka_unit_test(solved_is_what_who_was_reached_says),
      cmocka_unit_test(who_was_not_asked_counts_against_satisfaction),
      cmocka_unit_test(what_was_refused_stays_refused_when_closed),
      cmocka_unit_test(on_time_is_every_round),
      cmocka_unit_test(the_same_hand),
      cmocka_unit_test(the_middle_of_the_times),
      cmocka_unit_test(many_times_are_kept),
      cmocka_unit_test(hundredths_halves_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
