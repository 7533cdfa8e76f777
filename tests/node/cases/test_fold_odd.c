/* The fold where something is odd: what a newer version must judge, what is missing,
 * the order and its stamps, openings that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/node/cases/case_set.h"

static const char *value(const struct case_view *v, enum case_field_index field, size_t i) {
  assert_true(i < v->fields[field].n_values);
  return v->fields[field].values[i].value;
}

static void what_is_newer_has_no_effect_but_its_place(void **state) {
  struct set_fixture *f = *state;
  size_t newer = set_add(&f->s, "case.dream", HEADS(0));
  size_t angry = set_add(&f->s, "case.followup angry", HEADS(newer));
  size_t note = set_add(&f->s, "case.note", HEADS(angry));
  const struct case_view *v = set_view(f);
  assert_true(v->needs_newer);
  assert_int_equal(v->effects[newer], EFFECT_NEWER);
  assert_int_equal(v->effects[angry], EFFECT_NEWER);
  assert_int_equal(v->state, CASE_REGISTERED);
  assert_int_equal(v->n_heads, 1);
  assert_int_equal(v->heads[0], note);
  assert_int_equal(v->order[1], newer);
}

static void what_is_missing_is_ignored_until_it_comes(void **state) {
  struct set_fixture *f = *state;
  size_t resolve = set_add(&f->s, "case.resolve", HEADS(0));
  set_add(&f->s, "case.close", HEADS(resolve));
  struct case_record whole[3], parts[2];
  memcpy(whole, f->s.records, sizeof whole);
  parts[0] = whole[0];
  parts[1] = whole[2];
  struct case_view v;
  assert_int_equal(case_fold(parts, 2, NULL, &v), 0);
  assert_int_equal(v.effects[1], EFFECT_NONE);
  assert_int_equal(v.n_heads, 1); /* it still knew the opening */
  assert_int_equal(v.heads[0], 1);
  case_view_finish(&v);
  assert_int_equal(case_fold(whole + 1, 2, NULL, &v), 0); /* no opening */
  assert_int_equal(v.state, CASE_CLOSED);
  assert_null(v.number);
  assert_int_equal(v.opened_ms, 0);
  case_view_finish(&v);
  assert_int_equal(set_view(f)->state, CASE_CLOSED);
}

static void order_is_heads_then_stamp_then_id(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add(&f->s, "case.note", HEADS(0));
  size_t b = set_add(&f->s, "case.note", HEADS(0));
  size_t c = set_add(&f->s, "case.note", HEADS(a));
  size_t d = set_add(&f->s, "case.note", HEADS(0));
  struct case_record *r = f->s.records;
  r[a].stamp = (struct yz_stamp){5000, 2};
  r[b].stamp = (struct yz_stamp){5000, 1};
  r[c].stamp = (struct yz_stamp){1, 0}; /* its writer's clock was wrong: it counts as a's */
  r[d].stamp = (struct yz_stamp){5000, 2};
  bool a_first = memcmp(r[a].id.bytes, r[d].id.bytes, YZ_HASH_LEN) < 0;
  bool c_first = memcmp(r[c].id.bytes, r[d].id.bytes, YZ_HASH_LEN) < 0;
  const size_t if_a[] = {0, b, a, c_first ? c : d, c_first ? d : c}, if_d[] = {0, b, d, a, c};
  const struct case_view *v = set_view(f);
  for (size_t i = 0; i < 5; i++) assert_int_equal(v->order[i], a_first ? if_a[i] : if_d[i]);
}

/* Two edits apart, the first with the given stamp and ceiling, the second a
 * minute after the bound of five years: which title counts? */
static const char *title_of(struct set_fixture *f, int64_t ms, int64_t ceiling_ms) {
  set_finish(&f->s);
  set_open(&f->s);
  size_t absurd = set_add(&f->s, "case.edit", HEADS(0));
  size_t other = set_add(&f->s, "case.edit", HEADS(set_add(&f->s, "case.note", HEADS(0))));
  set_content(&f->s, absurd, "{'fields':{'title':'absurd'}}");
  set_content(&f->s, other, "{'fields':{'title':'other'}}");
  f->s.records[absurd].stamp.ms = ms;
  f->s.records[absurd].ceiling_ms = ceiling_ms;
  f->s.records[2].stamp.ms = 60000;
  f->s.records[other].stamp.ms = YZ_FIVE_YEARS_MS + 60000;
  return value(set_view(f), FIELD_TITLE, 0);
}

static void an_absurd_stamp_counts_as_its_bound(void **state) {
  struct set_fixture *f = *state;
  const int64_t own = 1000 + YZ_FIVE_YEARS_MS; /* the bound: the opening's stamp and five years */
  assert_string_equal(title_of(f, own, 0), "other");
  assert_string_equal(title_of(f, own * 100, 0), "other");
  assert_string_equal(title_of(f, INT64_MAX, 0), "other");
  assert_string_equal(title_of(f, INT64_MIN, 0), "other");
  f->s.records[3].stamp.ms = own - 1;
  f->s.records[1].stamp.ms = INT64_MAX;
  assert_string_equal(value(set_view(f), FIELD_TITLE, 0), "absurd");
}

static void a_ceiling_binds(void **state) {
  struct set_fixture *f = *state;
  size_t a = set_add(&f->s, "case.edit", HEADS(0));
  size_t b = set_add(&f->s, "case.edit", HEADS(0));
  set_content(&f->s, a, "{'fields':{'title':'A'}}");
  set_content(&f->s, b, "{'fields':{'title':'B'}}");
  f->s.records[a].stamp.ms = 9000;
  assert_string_equal(value(set_view(f), FIELD_TITLE, 0), "A");
  f->s.records[a].ceiling_ms = 2500;
  assert_string_equal(value(set_view(f), FIELD_TITLE, 0), "B");
  f->s.records[a].ceiling_ms = 3500;
  assert_string_equal(value(set_view(f), FIELD_TITLE, 0), "A");
}

/* It cannot be made, as ids are hashes; it comes first all the same. */
static void an_opening_that_names_a_later_record(void **state) {
  struct set_fixture *f = *state;
  for (uint64_t seed = 0; seed < 8; seed++) { /* whichever id is the lesser */
    set_finish(&f->s);
    f->s.seed = seed;
    size_t note = set_add(&f->s, "case.note", HEADS(set_open(&f->s)));
    struct yz_hash *later = malloc(sizeof *later);
    assert_non_null(later);
    *later = f->s.records[note].id;
    f->s.records[0].heads = later;
    f->s.records[0].n_heads = 1;
    const struct case_view *v = set_view(f);
    assert_int_equal(v->order[0], 0);
    assert_int_equal(v->n_heads, 1);
    assert_int_equal(v->heads[0], note);
  }
}

static void a_second_opening_does_nothing(void **state) {
  struct set_fixture *f = *state;
  set_open(&f->s);
  const struct case_view *v = set_view(f);
  size_t least =
      memcmp(f->s.records[0].id.bytes, f->s.records[1].id.bytes, YZ_HASH_LEN) < 0 ? 0 : 1;
  assert_int_equal(v->effects[least], EFFECT_APPLIED);
  assert_int_equal(v->effects[1 - least], EFFECT_NONE);
  assert_int_equal(v->opened_ms, least == 0 ? 1000 : 2000);
  assert_int_equal(v->conflict_count, 0);
}

/* One that names the case it would open is none, however low its id. */
static void an_opening_within_a_case_does_nothing(void **state) {
  struct set_fixture *f = *state;
  static const struct yz_hash least, most = {{0xff, 0xff}};
  for (int low = 0; low < 2; low++) {
    set_finish(&f->s);
    set_open(&f->s);
    f->s.records[set_add(&f->s, "case.open", HEADS(0))].id = low ? least : most;
    set_content(&f->s, 1, "{'title':'Fire'}");
    const struct case_view *v = set_view(f);
    assert_string_equal(v->fields[FIELD_TITLE].values[0].value, "Water");
    assert_string_equal(v->number, "QS3-26-0142-K");
    assert_int_equal(v->effects[0], EFFECT_APPLIED);
    assert_int_equal(v->effects[1], EFFECT_NEWER);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_setup, set_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_newer_has_no_effect_but_its_place),
      TEST(what_is_missing_is_ignored_until_it_comes),
      TEST(order_is_heads_then_stamp_then_id),
      TEST(an_absurd_stamp_counts_as_its_bound),
      TEST(a_ceiling_binds),
      TEST(an_opening_that_names_a_later_record),
      TEST(a_second_opening_does_nothing),
      TEST(an_opening_within_a_case_does_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
