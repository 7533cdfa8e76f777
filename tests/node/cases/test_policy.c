#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "node/cases/policy.h"

static int64_t accept_at(const struct case_policies *policies, int64_t ms) {
  return case_policy_at(policies, (struct yz_stamp){ms, 0})->accept;
}

static void the_newest_that_is_not_later_holds(void **state) {
  (void)state;
  struct case_policy list[] = {{.since_ms = 100, .accept = 2},
                               {.since_ms = 100, .accept = 3},
                               {.since_ms = 200, .accept = 4}};
  const struct case_policies policies = {list, 3};
  assert_int_equal(accept_at(&policies, 0), 1);
  assert_int_equal(accept_at(&policies, 99), 1);
  assert_int_equal(accept_at(&policies, 100), 3);
  assert_int_equal(accept_at(&policies, 199), 3);
  assert_int_equal(accept_at(&policies, 200), 4);
  assert_int_equal(accept_at(&policies, INT64_MAX), 4);
}

/* Said while the clock was ahead: in force neither before that day nor after what was said next. */
static void what_was_said_by_a_clock_ahead(void **state) {
  (void)state;
  struct case_policy list[] = {{.since_ms = 100, .accept = 2},
                               {.since_ms = 900, .accept = 3},
                               {.since_ms = 200, .accept = 4}};
  const struct case_policies policies = {list, 3};
  assert_int_equal(accept_at(&policies, 199), 2);
  assert_int_equal(accept_at(&policies, 200), 4);
  assert_int_equal(accept_at(&policies, 900), 4);
}

static void nothing_settled_is_the_default(void **state) {
  (void)state;
  const struct case_policies none = {NULL, 0};
  assert_ptr_equal(case_policy_at(NULL, (struct yz_stamp){1, 1}), &case_policy_default);
  assert_ptr_equal(case_policy_at(&none, (struct yz_stamp){1, 1}), &case_policy_default);
}

static void one_extension_within_the_limit(void **state) {
  (void)state;
  const struct case_policy *p = &case_policy_default;
  assert_true(case_extension_within(p, CLASS_PETITION, 30, 0));
  assert_false(case_extension_within(p, CLASS_PETITION, 31, 0));
  assert_false(case_extension_within(p, CLASS_PETITION, 30, 1));
  assert_true(case_extension_within(p, CLASS_ORDINARY, 5, 0));
  assert_false(case_extension_within(p, CLASS_ORDINARY, 6, 0));
  assert_false(case_extension_within(p, CLASS_COMPLEX, 0, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_newest_that_is_not_later_holds),
      cmocka_unit_test(what_was_said_by_a_clock_ahead),
      cmocka_unit_test(nothing_settled_is_the_default),
      cmocka_unit_test(one_extension_within_the_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
