/* What a writer's own log holds of a case it knew, whatever its heads say; a stamp counts no
 * earlier than what its writer knew; extensions made apart do not add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/policy.h"
#include "tests/node/cases/case_set.h"

/* Puts a record into the village's log, behind what that holds. */
static size_t in_log(struct set_fixture *f, size_t index) {
  f->s.records[index].log = f->s.records[0].log;
  return index;
}

static size_t add(struct set_fixture *f, const char *type, size_t head) {
  return in_log(f, set_add(&f->s, type, HEADS(head)));
}

static void what_it_asked_the_township_for_it_cannot_do_itself(void **state) {
  static const char *const moves[] = {"case.refuse", "case.void", "case.merge", "case.extend 1"};
  struct set_fixture *f = *state;
  add(f, "case.escalate", 0);
  for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
    size_t move = add(f, moves[i], 0);
    assert_int_equal(set_view(f)->effects[move], EFFECT_REQUEST);
  }
}

/* What stands between in the log, of other cases, does not matter. */
static void a_gap_in_the_log_is_none_in_what_was_known(void **state) {
  struct set_fixture *f = *state;
  size_t escalate = add(f, "case.escalate", 0), refuse = add(f, "case.refuse", 0);
  f->s.records[escalate].seq = 100;
  f->s.records[refuse].seq = YZ_MAX_INT;
  assert_int_equal(set_view(f)->effects[refuse], EFFECT_REQUEST);
  f->s.records[refuse].seq = 99; /* written before */
  assert_int_equal(set_view(f)->effects[refuse], EFFECT_APPLIED);
}

static void another_log_is_another_writer(void **state) {
  struct set_fixture *f = *state;
  add(f, "case.escalate", 0);
  size_t apart = set_add(&f->s, "case.refuse", HEADS(0));
  assert_int_equal(set_view(f)->effects[apart], EFFECT_APPLIED);
}

static void it_is_extended_once(void **state) {
  struct set_fixture *f = *state;
  size_t first = add(f, "case.extend 5", 0);
  for (int i = 0; i < 3; i++) {
    size_t again = add(f, "case.extend 5", 0);
    assert_int_equal(set_view(f)->effects[again], EFFECT_REQUEST);
  }
  assert_int_equal(f->v.effects[first], EFFECT_APPLIED);
  assert_int_equal(f->v.times.rounds[0].extension_days, 5);
}

static void its_heads_are_those_that_no_one_knew(void **state) {
  struct set_fixture *f = *state;
  add(f, "case.note", 0);
  size_t last = add(f, "case.note", 0), other = set_add(&f->s, "case.note", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->n_heads, 2);
  assert_int_equal(v->heads[0], last);
  assert_int_equal(v->heads[1], other);
}

/* Two at one place: neither knew the other; who goes on knew one of them, the same everywhere. */
static void a_log_in_two_versions(void **state) {
  struct set_fixture *f = *state;
  size_t a = add(f, "case.escalate", 0), b = add(f, "case.supervise", 0),
         c = add(f, "case.refuse", 0);
  f->s.records[b].seq = f->s.records[a].seq;
  const struct case_view *v = set_view(f);
  size_t greater = memcmp(&f->s.records[a].id, &f->s.records[b].id, YZ_HASH_LEN) > 0 ? a : b;
  assert_int_equal(v->effects[c], EFFECT_REQUEST);
  assert_int_equal(v->n_heads, 2);
  assert_true(v->heads[0] == a + b - greater || v->heads[1] == a + b - greater);
}

/* What is missing in the middle of a log is passed over until it comes. */
static void what_is_missing_is_passed_over(void **state) {
  struct set_fixture *f = *state;
  add(f, "case.escalate", 0);
  size_t refuse = add(f, "case.refuse", 0);
  struct case_record parts[] = {f->s.records[0], f->s.records[refuse]};
  struct case_view v;
  assert_int_equal(case_fold(parts, 2, NULL, &v), 0);
  assert_int_equal(v.effects[1], EFFECT_APPLIED);
  case_view_finish(&v);
  assert_int_equal(set_view(f)->effects[refuse], EFFECT_REQUEST);
}

/* The township allowed more days until 2500: who knew of a record from 3000 cannot go back. */
static void a_stamp_chooses_no_older_policy(void **state) {
  struct set_fixture *f = *state;
  struct case_policy list[] = {case_policy_default, case_policy_default};
  struct case_policies policies = {list, 2};
  struct case_view v;
  list[0].extension[CLASS_ORDINARY] = 9;
  list[1].since_ms = 2500;
  size_t note = set_add(&f->s, "case.note", HEADS(0));
  f->s.records[note].stamp.ms = 3000;
  size_t named = set_add(&f->s, "case.extend 9", HEADS(note));
  size_t own = set_add(&f->s, "case.extend 9", HEADS(0));
  size_t apart = set_add(&f->s, "case.extend 9", HEADS(0));
  f->s.records[own].log = f->s.records[note].log;
  for (size_t i = named; i <= apart; i++) f->s.records[i].stamp.ms = 1500;
  assert_int_equal(case_fold(f->s.records, f->s.n, &policies, &v), 0);
  assert_int_equal(v.effects[named], EFFECT_REQUEST);
  assert_int_equal(v.effects[own], EFFECT_REQUEST);
  assert_int_equal(v.effects[apart], EFFECT_APPLIED);
  assert_int_equal(v.stamps[named].ms, 3000);
  case_view_finish(&v);
}

/* A round's limits are those of when it began, as that counts. */
static void a_round_begins_no_earlier_than_what_ended_the_one_before(void **state) {
  struct set_fixture *f = *state;
  size_t done = set_add(&f->s, "case.resolve", HEADS(0));
  size_t anew = set_add(&f->s, "case.reopen", HEADS(done));
  f->s.records[anew].stamp.ms = 1;
  const struct case_view *v = set_view(f);
  assert_int_equal(v->times.n_rounds, 2);
  assert_int_equal(v->times.rounds[1].stamp.ms, f->s.records[done].stamp.ms);
  f->s.records[anew].stamp.ms = INT64_MAX;
  v = set_view(f);
  assert_int_equal(v->times.rounds[1].stamp.ms, f->s.records[done].stamp.ms + YZ_FIVE_YEARS_MS);
}

/* Made apart each is within the limit: the furthest counts. */
static void extensions_made_apart_do_not_add_up(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add(&f->s, "case.extend 5", HEADS(0)),
         b = set_add(&f->s, "case.extend 3", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[a], EFFECT_APPLIED);
  assert_int_equal(v->effects[b], EFFECT_APPLIED);
  assert_int_equal(v->times.rounds[0].extension_days, 5);
  size_t after_b = set_add_head(&f->s, "case.extend 10", HEADS(b));
  assert_int_equal(set_view(f)->times.rounds[0].extension_days, 13);
  set_add_head(&f->s, "case.extend 1", HEADS(a, after_b));
  assert_int_equal(set_view(f)->times.rounds[0].extension_days, 14);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_setup, set_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_it_asked_the_township_for_it_cannot_do_itself),
      TEST(a_gap_in_the_log_is_none_in_what_was_known),
      TEST(another_log_is_another_writer),
      TEST(it_is_extended_once),
      TEST(its_heads_are_those_that_no_one_knew),
      TEST(a_log_in_two_versions),
      TEST(what_is_missing_is_passed_over),
      TEST(a_stamp_chooses_no_older_policy),
      TEST(a_round_begins_no_earlier_than_what_ended_the_one_before),
      TEST(extensions_made_apart_do_not_add_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
