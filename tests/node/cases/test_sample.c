/* Whom a drawing meets, and whom the township has asked already. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <yizhan/crypto.h>

#include "node/cases/sample.h"
#include "tests/node/cases/case_set.h"

/* printf 'yizhan-sample-v1\n7\n0101…01\n' | sha256sum, and the like */
static void a_rank_is_a_plain_hash(void **state) {
  (void)state;
  static const struct {
    int64_t seed;
    const char *rank;
  } rows[] = {
      {0, "345ce67caa02711a465bdd8e9ca08870c87d7c586f53d406de0eec64536260b7"},
      {7, "a5f65e523dd42380a63026bb2524f740a3e1825850e11b0329e92913974907a6"},
      {9007199254740992, "6d732bae88950da4c3c731105bc10f5b89b19868934d5fa7df05c90d56ff7e76"}};
  struct yz_hash id, rank;
  char hex[YZ_HASH_HEX + 1];
  memset(id.bytes, 1, YZ_HASH_LEN);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    case_sample_rank(rows[i].seed, &id, &rank);
    yz_to_hex(rank.bytes, YZ_HASH_LEN, hex);
    assert_string_equal(hex, rows[i].rank);
  }
}

static bool asked(struct set_fixture *f) {
  return case_asked_by_hub(f->s.records, set_view(f));
}

static void the_townships_own_question_counts_until_it_is_resolved_anew(void **state) {
  struct set_fixture *f = *state;
  size_t r = set_add(&f->s, "case.resolve", HEADS(0));
  size_t v = set_add(&f->s, "case.followup satisfied", HEADS(r));
  assert_false(asked(f));
  size_t h = set_add_hub(&f->s, "case.followup satisfied", HEADS(v));
  assert_true(asked(f));
  size_t c = set_add(&f->s, "case.close", HEADS(h));
  assert_true(asked(f));
  size_t d = set_add(&f->s, "case.reopen", HEADS(c));
  size_t again = set_add(&f->s, "case.resolve", HEADS(d));
  set_add(&f->s, "case.followup satisfied", HEADS(again));
  assert_false(asked(f));
}

static void a_question_without_effect_is_none(void **state) {
  struct set_fixture *f = *state;
  size_t h = set_add_hub(&f->s, "case.followup satisfied", HEADS(0)); /* not resolved yet */
  set_add(&f->s, "case.resolve", HEADS(h));
  assert_false(asked(f));
  set_add_hub(&f->s, "case.followup satisfied", HEADS(0));
  assert_false(asked(f));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_rank_is_a_plain_hash),
      cmocka_unit_test_setup_teardown(the_townships_own_question_counts_until_it_is_resolved_anew,
                                      set_setup, set_teardown),
      cmocka_unit_test_setup_teardown(a_question_without_effect_is_none, set_setup, set_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
