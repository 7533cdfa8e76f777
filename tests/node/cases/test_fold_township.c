/* The fold where more than one hand is in it: settlements, the township's head and its limits, who
 * a case is about, merges, what was asked of the township, and when things happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/policy.h"
#include "tests/node/cases/case_set.h"

static const char *value(const struct case_view *v, enum case_field_index field, size_t i) {
  assert_true(i < v->fields[field].n_values);
  return v->fields[field].values[i].value;
}

static void set_plain(struct set_fixture *f, size_t index, const char *name, json_t *member) {
  assert_int_equal(json_object_set_new((json_t *)f->s.records[index].plain, name, member), 0);
}

/* Someone who knew both values goes on, apart from who settles between them: no new conflict.
 * Someone who knew only one of them: the old conflict. */
static void a_settlement_makes_no_conflict(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add_hub(&f->s, "case.assign", HEADS(0));
  size_t b = set_add(&f->s, "case.resolve", HEADS(0));
  size_t settle = set_add(&f->s, "case.settle resolved", HEADS(a, b));
  size_t on = set_add(&f->s, "case.sign", HEADS(a, b));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[on], EFFECT_APPLIED);
  assert_int_equal(v->fields[FIELD_STATE].n_values, 1);
  assert_int_equal(v->state, CASE_IN_HAND);
  assert_int_equal(v->effects[settle], EFFECT_APPLIED);
  set_pop(&f->s);
  on = set_add(&f->s, "case.sign", HEADS(a));
  v = set_view(f);
  assert_int_equal(v->effects[on], EFFECT_APPLIED);
  assert_int_equal(v->fields[FIELD_STATE].n_values, 2);
}

static void two_titles_settled_and_edited_apart(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add(&f->s, "case.edit", HEADS(0)), b = set_add(&f->s, "case.edit", HEADS(0));
  set_content(&f->s, a, "{'fields':{'title':'A'}}");
  set_content(&f->s, b, "{'fields':{'title':'B'}}");
  size_t settle = set_add(&f->s, "case.settle", HEADS(a, b));
  set_content(&f->s, settle, "{'fields':{'title':'A'}}");
  size_t edit = set_add(&f->s, "case.edit", HEADS(a, b));
  set_content(&f->s, edit, "{'fields':{'title':'C'}}");
  const struct case_view *v = set_view(f);
  assert_int_equal(v->conflict_count, 0);
  assert_string_equal(value(v, FIELD_TITLE, 0), "C");
}

/* --- the township's head, and its limits --------------------------------- */

static void closing_on_someone_dissatisfied_is_the_heads(void **state) {
  struct set_fixture *f = *state;
  size_t r = set_add(&f->s, "case.resolve", HEADS(0));
  size_t d = set_add(&f->s, "case.followup dissatisfied", HEADS(r));
  size_t again = set_add(&f->s, "case.resolve", HEADS(d));
  size_t village = set_add(&f->s, "case.close", HEADS(again));
  size_t clerk = set_add_hub(&f->s, "case.close", HEADS(village));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[village], EFFECT_REQUEST);
  assert_int_equal(v->effects[clerk], EFFECT_REQUEST);
  assert_int_equal(v->state, CASE_RESOLVED);
  assert_true(v->requested);
  size_t head = set_add_head(&f->s, "case.close", HEADS(clerk));
  v = set_view(f);
  assert_int_equal(v->effects[head], EFFECT_APPLIED);
  assert_int_equal(v->state, CASE_CLOSED);
  assert_false(v->requested);
}

/* Between what was said apart, too: whoever said that they are not satisfied is not settled away.
 */
static void a_settlement_is_whose_the_move_would_be(void **state) {
  struct set_fixture *f = *state;
  size_t r = set_add(&f->s, "case.resolve", HEADS(0));
  size_t happy = set_add(&f->s, "case.followup satisfied", HEADS(r));
  size_t closed = set_add(&f->s, "case.close", HEADS(happy));
  size_t sad = set_add(&f->s, "case.followup dissatisfied", HEADS(r));
  size_t village = set_add(&f->s, "case.settle closed", HEADS(closed, sad));
  size_t clerk = set_add_hub(&f->s, "case.settle closed", HEADS(closed, sad));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[village], EFFECT_REQUEST);
  assert_int_equal(v->effects[clerk], EFFECT_REQUEST);
  assert_int_equal(v->state, CASE_IN_HAND);
  assert_int_equal(v->fields[FIELD_STATE].n_values, 2);
  assert_true(v->requested);
  size_t agrees = set_add(&f->s, "case.settle in-hand", HEADS(village));
  v = set_view(f);
  assert_int_equal(v->effects[agrees], EFFECT_APPLIED);
  assert_int_equal(v->fields[FIELD_STATE].n_values, 1);
  set_pop(&f->s);
  size_t head = set_add_head(&f->s, "case.settle closed", HEADS(village, clerk));
  v = set_view(f);
  assert_int_equal(v->effects[head], EFFECT_APPLIED);
  assert_int_equal(v->state, CASE_CLOSED);
  assert_false(v->requested);
}

static void what_the_township_has_is_the_townships_to_settle(void **state) {
  struct set_fixture *f = *state;
  static const struct {
    const char *move, *settle;
    enum case_state state;
  } its[] = {{"case.refuse", "case.settle refused", CASE_REFUSED},
             {"case.void", "case.settle void", CASE_VOID},
             {"case.merge", "case.settle merged", CASE_MERGED}};
  for (size_t i = 0; i < sizeof its / sizeof *its; i++) {
    size_t apart = set_add(&f->s, its[i].move, HEADS(0));
    size_t taken = set_add_hub(&f->s, "case.accept", HEADS(0));
    size_t village = set_add(&f->s, its[i].settle, HEADS(apart, taken));
    assert_int_equal(set_view(f)->effects[village], EFFECT_APPLIED);
    set_pop(&f->s);
    size_t up = set_add_hub(&f->s, "case.supervise", HEADS(taken));
    village = set_add(&f->s, its[i].settle, HEADS(apart, up));
    size_t agrees = set_add(&f->s, "case.settle accepted", HEADS(apart, up));
    assert_int_equal(set_view(f)->effects[village], EFFECT_REQUEST);
    assert_int_equal(set_view(f)->effects[agrees], EFFECT_APPLIED);
    set_pop(&f->s);
    size_t hub = set_add_hub(&f->s, its[i].settle, HEADS(village));
    assert_int_equal(set_view(f)->effects[hub], EFFECT_APPLIED);
    assert_int_equal(set_view(f)->state, its[i].state);
    for (int k = 0; k < 5; k++) set_pop(&f->s);
  }
}

static void a_head_is_one_at_the_hub_alone(void **state) {
  struct set_fixture *f = *state;
  size_t far = set_add(&f->s, "case.extend 6", HEADS(0));
  f->s.records[far].by_head = true;
  assert_int_equal(set_view(f)->effects[far], EFFECT_REQUEST);
}

static void extensions_have_a_limit(void **state) {
  struct set_fixture *f = *state;
  size_t first = set_add(&f->s, "case.extend 5", HEADS(0));
  size_t second = set_add(&f->s, "case.extend 1", HEADS(first));
  size_t far = set_add(&f->s, "case.extend 6", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[first], EFFECT_APPLIED);
  assert_int_equal(v->effects[second], EFFECT_REQUEST);
  assert_int_equal(v->effects[far], EFFECT_REQUEST);
  assert_int_equal(v->times.rounds[0].extension_days, 5);
  size_t head = set_add_head(&f->s, "case.extend 100", HEADS(second, far));
  size_t done = set_add(&f->s, "case.resolve", HEADS(head));
  size_t anew = set_add(&f->s, "case.reopen", HEADS(done));
  size_t third = set_add(&f->s, "case.extend 5", HEADS(anew));
  v = set_view(f);
  assert_int_equal(v->effects[head], EFFECT_APPLIED);
  assert_int_equal(v->effects[third], EFFECT_APPLIED); /* a new round, a new extension */
  assert_int_equal(v->times.n_rounds, 2);
  assert_int_equal(v->times.rounds[0].extension_days, 105);
  assert_int_equal(v->times.rounds[1].extension_days, 5);
}

static void a_class_has_its_own_limit(void **state) {
  struct set_fixture *f = *state;
  size_t edit = set_add(&f->s, "case.edit", HEADS(0));
  set_plain(f, edit, "class", json_string("petition"));
  size_t within = set_add(&f->s, "case.extend 30", HEADS(edit));
  size_t apart = set_add(&f->s, "case.extend 30", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->effects[within], EFFECT_APPLIED);
  assert_int_equal(v->effects[apart], EFFECT_REQUEST); /* its writer took it for ordinary */
  assert_int_equal(v->times.class, CLASS_PETITION);
  assert_string_equal(value(v, FIELD_CLASS, 0), "petition");
}

/* The limit is what the township had settled by then. */
static void a_limit_holds_from_when_it_was_settled(void **state) {
  struct set_fixture *f = *state;
  struct case_policy later = case_policy_default;
  later.since_ms = 2500;
  later.extension[CLASS_ORDINARY] = 9;
  struct case_policies policies = {&later, 1};
  struct case_view v;
  size_t before = set_add(&f->s, "case.extend 9", HEADS(0));
  size_t after = set_add(&f->s, "case.extend 9", HEADS(0));
  assert_int_equal(case_fold(f->s.records, f->s.n, &policies, &v), 0);
  assert_int_equal(v.effects[before], EFFECT_REQUEST);
  assert_int_equal(v.effects[after], EFFECT_APPLIED);
  case_view_finish(&v);
}

static void what_the_township_has_is_the_townships_to_extend(void **state) {
  struct set_fixture *f = *state;
  static const char *const takes[] = {"case.escalate", "case.refer", "case.supervise"};
  for (size_t i = 0; i < 3; i++) {
    size_t up = set_add(&f->s, takes[i], HEADS(0));
    size_t extend = set_add(&f->s, "case.extend 1", HEADS(up));
    size_t merge = set_add(&f->s, "case.merge", HEADS(up));
    size_t hub = set_add_hub(&f->s, "case.extend 1", HEADS(up));
    const struct case_view *v = set_view(f);
    assert_int_equal(v->effects[extend], EFFECT_REQUEST);
    assert_int_equal(v->effects[merge], EFFECT_REQUEST);
    assert_int_equal(v->effects[hub], EFFECT_APPLIED);
    for (int k = 0; k < 4; k++) set_pop(&f->s);
  }
}

/* --- what was settled is what was said ------------------------------------- */

static void a_settlement_takes_over_what_was_said_beside(void **state) {
  struct set_fixture *f = *state;
  size_t office = set_add(&f->s, "case.assign", HEADS(0));
  set_content(&f->s, office, "{'to':'Roads'}");
  set_plain(f, office, "office", json_true());
  size_t other = set_add(&f->s, "case.assign", HEADS(0));
  set_content(&f->s, other, "{'to':'Water'}");
  assert_false(set_view(f)->to_office);
  size_t settle = set_add(&f->s, "case.settle", HEADS(office, other));
  set_content(&f->s, settle, "{'fields':{'assigned':'Roads'}}");
  assert_true(set_view(f)->to_office);
  size_t done = set_add(&f->s, "case.resolve", HEADS(settle));
  size_t closed = set_add(&f->s, "case.close", HEADS(done));
  set_plain(f, closed, "no_follow_up", json_true());
  size_t again = set_add_hub(&f->s, "case.assign", HEADS(done));
  set_content(&f->s, again, "{'to':'Roads'}");
  assert_false(set_view(f)->unasked);
  set_add(&f->s, "case.settle closed", HEADS(closed, again));
  assert_true(set_view(f)->unasked);
}

/* --- about a worker -------------------------------------------------------- */

static void hex_of(const struct yz_hash *key, char out[static 2 * YZ_KEY_LEN + 1]) {
  for (size_t i = 0; i < YZ_KEY_LEN; i++)
    (void)snprintf(out + 2 * i, 3, "%02x", (unsigned)key->bytes[i]);
}

static void nobody_has_a_hand_in_what_is_about_them(void **state) {
  struct set_fixture *f = *state;
  char key[2 * YZ_KEY_LEN + 1];
  struct yz_hash worker = set_id(7, 7);
  hex_of(&worker, key);
  set_plain(f, 0, "about", json_string(key));
  size_t to = set_add_hub(&f->s, "case.assign", HEADS(0));
  set_plain(f, to, "worker", json_string(key));
  size_t done = set_add_hub(&f->s, "case.resolve", HEADS(to));
  size_t own = set_add(&f->s, "case.followup satisfied", HEADS(done));
  memcpy(&f->s.records[own].by, &worker, sizeof worker);
  size_t others = set_add(&f->s, "case.followup partly", HEADS(done));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->flags, CASE_ABOUT_WORKER);
  assert_memory_equal(&v->about, &worker, sizeof worker);
  assert_int_equal(v->effects[to], EFFECT_NONE);
  assert_int_equal(v->effects[own], EFFECT_NONE);
  assert_int_equal(v->effects[others], EFFECT_APPLIED);
  assert_string_equal(v->last_result, "partly");
  const json_t *assignment = f->s.records[to].plain;
  const struct yz_key *someone = &f->s.records[0].by, *self = &f->s.records[own].by;
  assert_non_null(case_about_refused(CASE_ASSIGN, v, someone, assignment));
  assert_null(case_about_refused(CASE_ASSIGN, v, someone, NULL));
  assert_null(case_about_refused(CASE_FOLLOWUP, v, someone, NULL));
  assert_non_null(case_about_refused(CASE_FOLLOWUP, v, self, NULL));
}

/* --- merged ------------------------------------------------------------------ */

static void who_was_merged_is_asked_too(void **state) {
  struct set_fixture *f = *state;
  struct yz_hash into = set_id(98, 0);
  size_t merge = set_add(&f->s, "case.merge", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->state, CASE_MERGED);
  assert_true(v->has_into);
  assert_memory_equal(&v->into, &into, sizeof into);
  assert_int_equal(v->times.answered_ms, 2000);
  size_t asked = set_add(&f->s, "case.followup satisfied", HEADS(merge));
  v = set_view(f);
  assert_int_equal(v->state, CASE_FOLLOWED_UP);
  assert_true(v->has_into);
  set_add(&f->s, "case.followup dissatisfied", HEADS(asked));
  v = set_view(f);
  assert_int_equal(v->state, CASE_IN_HAND);
  assert_false(v->has_into); /* a matter of its own again */
  assert_int_equal(v->times.n_rounds, 2);
}

/* --- the answer that counts ----------------------------------------------------- */

static void who_asked_and_what_was_said(void **state) {
  struct set_fixture *f = *state;
  struct yz_hash other = set_id(7, 7);
  size_t r = set_add(&f->s, "case.resolve", HEADS(0));
  size_t a = set_add(&f->s, "case.followup satisfied", HEADS(r));
  set_plain(f, a, "solved", json_string("partly"));
  const struct case_view *v = set_view(f);
  assert_true(v->same_hand);
  assert_string_equal(v->solved, "partly");
  memcpy(&f->s.records[r].by, &other, sizeof other);
  assert_false(set_view(f)->same_hand);
  size_t closed = set_add(&f->s, "case.close", HEADS(a));
  assert_false(set_view(f)->unasked);
  set_plain(f, closed, "no_follow_up", json_true());
  assert_true(set_view(f)->unasked);
}

/* --- times --------------------------------------------------------------------- */

static void rounds_and_pauses(void **state) {
  struct set_fixture *f = *state;
  static const char *const moves[] = {
      "case.accept",  "case.pause",  "case.resume",  "case.assign",
      "case.resolve", "case.reopen", "case.resolve", "case.assign",
  };
  for (size_t i = 0; i < 8; i++) set_add(&f->s, moves[i], HEADS(i));
  const struct case_times *t = &set_view(f)->times;
  assert_int_equal(t->answered_ms, 2000);
  assert_int_equal(t->resolved_ms, 8000);
  assert_int_equal(t->n_rounds, 2);
  assert_int_equal(t->rounds[0].from_ms, 1000);
  assert_int_equal(t->rounds[0].to_ms, 6000);
  assert_int_equal(t->rounds[1].from_ms, 7000);
  assert_true(t->rounds[1].to_ms == INT64_MAX); /* assigned again: the round goes on */
  assert_int_equal(t->n_pauses, 1);
  assert_int_equal(t->pauses[0].from_ms, 3000);
  assert_int_equal(t->pauses[0].to_ms, 4000);
  set_add(&f->s, "case.pause", HEADS(8));
  t = &set_view(f)->times;
  assert_int_equal(t->n_pauses, 2);
  assert_true(t->pauses[1].to_ms == INT64_MAX);
}

/* `at` can be before what it follows: no round or pause ends before it began. */
static void times_that_go_backwards(void **state) {
  struct set_fixture *f = *state;
  size_t pause = set_add(&f->s, "case.pause", HEADS(0));
  size_t resume = set_add(&f->s, "case.resume", HEADS(pause));
  size_t done = set_add(&f->s, "case.resolve", HEADS(resume));
  set_plain(f, resume, "at", json_integer(5));
  set_plain(f, done, "at", json_integer(7));
  const struct case_times *t = &set_view(f)->times;
  assert_int_equal(t->pauses[0].to_ms, t->pauses[0].from_ms);
  assert_int_equal(t->rounds[0].to_ms, 1000);
  assert_int_equal(t->answered_ms, 7);
}

static void times_agree_with_the_state_that_won(void **state) {
  struct set_fixture *f = *state;
  set_add_hub(&f->s, "case.assign", HEADS(0));
  set_add(&f->s, "case.resolve", HEADS(0));
  const struct case_view *v = set_view(f);
  assert_int_equal(v->state, CASE_ASSIGNED);
  assert_int_equal(v->times.n_rounds, 1);
  assert_true(v->times.rounds[0].to_ms == INT64_MAX);
}

static void without_its_opening_a_case_has_no_rounds(void **state) {
  struct set_fixture *f = *state;
  set_add(&f->s, "case.resolve", HEADS(0));
  set_add(&f->s, "case.extend 2", HEADS(0));
  struct case_view v;
  assert_int_equal(case_fold(f->s.records + 1, 2, NULL, &v), 0);
  assert_int_equal(v.times.n_rounds, 0);
  assert_int_equal(v.times.resolved_ms, 2000);
  case_view_finish(&v);
}

/* --- what was asked of the township ------------------------------------------------ */

static void asked_until_the_hub_goes_on(void **state) {
  struct set_fixture *f = *state;
  size_t refer = set_add(&f->s, "case.refer", HEADS(0));
  assert_true(set_view(f)->requested);
  set_add_hub(&f->s, "case.assign", HEADS(0)); /* it did not know */
  assert_true(set_view(f)->requested);
  size_t note = set_add_hub(&f->s, "case.note", HEADS(refer)); /* talk */
  assert_true(set_view(f)->requested);
  set_add_hub(&f->s, "case.refer", HEADS(note));
  assert_false(set_view(f)->requested);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_setup, set_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_settlement_makes_no_conflict),
      TEST(two_titles_settled_and_edited_apart),
      TEST(closing_on_someone_dissatisfied_is_the_heads),
      TEST(a_head_is_one_at_the_hub_alone),
      TEST(extensions_have_a_limit),
      TEST(a_class_has_its_own_limit),
      TEST(a_limit_holds_from_when_it_was_settled),
      TEST(what_the_township_has_is_the_townships_to_extend),
      TEST(a_settlement_takes_over_what_was_said_beside),
      TEST(a_settlement_is_whose_the_move_would_be),
      TEST(what_the_township_has_is_the_townships_to_settle),
      TEST(nobody_has_a_hand_in_what_is_about_them),
      TEST(who_was_merged_is_asked_too),
      TEST(who_asked_and_what_was_said),
      TEST(rounds_and_pauses),
      TEST(times_that_go_backwards),
      TEST(times_agree_with_the_state_that_won),
      TEST(without_its_opening_a_case_has_no_rounds),
      TEST(asked_until_the_hub_goes_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
