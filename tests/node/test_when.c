/* When a contact begins, in a time that is told: links that come up and go, contacts that end,
 * fail, hang or get on, work that comes meanwhile, by seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "node/when.h"

enum { SEEDS = 3000, EVENTS = 200, NEVER = -1 };

struct story {
  struct when w;
  uint64_t dice;
  int64_t now;
  int64_t up;   /* when a link came up last and no contact has begun or got on since; NEVER */
  int64_t ends; /* when the contact that is under way does; NEVER: it hangs */
  int begun;
  unsigned seed;
};

static uint32_t roll(struct story *s) {
  s->dice = s->dice * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(s->dice >> 32);
}

static void contact_begins(struct story *s) {
  when_begins(&s->w, s->now, roll(s) % 50 != 0);
  s->up = NEVER; /* where none can begin, the machine has more to complain of */
  if (!s->w.under_way) return;
  s->begun++;
  s->ends = roll(s) % 3 == 0 ? NEVER : s->now + roll(s) % 60000;
}

static void contact_ends(struct story *s) {
  bool said = roll(s) % 10 != 0, went = said && roll(s) % 2 == 0;
  if (said) (void)when_said(&s->w, s->now, went, roll(s) % 2 == 0, roll(s));
  if (went) s->up = NEVER;
  (void)when_ended(&s->w, s->now, said, roll(s));
}

static void do_what_is_due(struct story *s) {
  for (enum when_due due; (due = when_due(&s->w, s->now)) != WHEN_NOTHING;) {
    if (due == WHEN_LOOK && roll(s) % 2 == 0) (void)when_work(&s->w, s->now);
    if (due == WHEN_BEGIN || due == WHEN_ANEW) contact_begins(s);
    if (due == WHEN_BEGIN && !s->w.under_way) break;
  }
}

/* As poll(2) would: to the next thing that is due, or that happens at `at`. */
static void go_on_until(struct story *s, int64_t at) {
  while (s->now < at) {
    int ms = when_wait_ms(&s->w, s->now);
    int64_t to = ms < 0 || s->now + ms > at ? at : s->now + ms;
    bool ends = s->w.under_way && s->ends != NEVER && s->ends <= to;
    s->now = ends ? s->ends : to;
    if (ends) contact_ends(s);
    do_what_is_due(s);
    if (s->up != NEVER && s->now > s->up + WHEN_AT_MOST_MS) fail_msg("seed %u", s->seed);
  }
}

static void something_happens(struct story *s) {
  switch (roll(s) % 4) {
  case 0:
    s->up = s->now;
    (void)when_news(&s->w, s->now, true);
    break;
  case 1:
    (void)when_news(&s->w, s->now, false);
    break;
  case 2:
    when_changed(&s->w, s->now);
    break;
  default:
    if (!s->w.under_way) break;
    when_moved(&s->w, s->now);
    s->up = NEVER;
  }
}

static void a_link_that_came_up_is_used_at_once(void **state) {
  (void)state;
  for (unsigned seed = 0; seed < SEEDS; seed++) {
    struct story s = {.dice = seed, .seed = seed, .up = NEVER};
    when_init(&s.w);
    contact_begins(&s);
    for (int i = 0; i < EVENTS; i++) {
      something_happens(&s);
      go_on_until(&s, s.now + 1 + roll(&s) % (roll(&s) % 2 == 0 ? 3000 : 300000));
    }
    assert_true(s.begun > EVENTS / 20);
  }
}

/* Without news it comes more and more seldom, and never more often than once in two seconds. */
static void a_closed_road_is_left_alone(void **state) {
  (void)state;
  struct when w;
  int64_t now = 0, waited = 0;
  when_init(&w);
  for (int i = 0; i < 20; i++) {
    when_begins(&w, now, true);
    waited = when_said(&w, now, false, true, UINT32_MAX / 2);
    assert_int_equal(when_ended(&w, now, true, 0), -1);
    assert_int_equal(when_due(&w, now), WHEN_NOTHING);
    assert_in_range(waited, 1999, WHEN_MOST_MS);
    now += waited;
    assert_int_equal(when_due(&w, now), WHEN_BEGIN);
  }
  assert_in_range(waited, WHEN_MOST_MS - 1, WHEN_MOST_MS);
  now -= waited / 2;
  assert_in_range(when_news(&w, now, true), 1000, 2000);
}

static void what_flaps_is_not_run_after(void **state) {
  (void)state;
  struct when w;
  int begun = 0;
  when_init(&w);
  for (int64_t now = 0; now < 60000; now += 100) {
    (void)when_news(&w, now, true);
    if (when_due(&w, now) != WHEN_BEGIN) continue;
    begun++;
    when_begins(&w, now, true);
    (void)when_said(&w, now, false, true, UINT32_MAX / 2);
    (void)when_ended(&w, now, true, 0);
  }
  assert_in_range(begun, 10, 31);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_link_that_came_up_is_used_at_once),
                                     cmocka_unit_test(a_closed_road_is_left_alone),
                                     cmocka_unit_test(what_flaps_is_not_run_after)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
