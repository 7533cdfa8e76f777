#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "node/cases/policy.h"

static struct case_policy list[] = {{.stamp = {100, 0}, .accept = 2},
                                    {.stamp = {100, 1}, .accept = 3},
                                    {.stamp = {200, 5}, .accept = 4}};
static const struct case_policies policies = {list, 3};

static int64_t accept_at(int64_t ms, int64_t count) {
  return case_policy_at(&policies, (struct yz_stamp){ms, count})->accept;
}

static void the_newest_that_is_not_later_holds(void **state) {
  (void)state;
  assert_int_equal(accept_at(0, 0), 1);
  assert_int_equal(accept_at(99, 9), 1);
  assert_int_equal(accept_at(100, 0), 2);
  assert_int_equal(accept_at(100, 1), 3);
  assert_int_equal(accept_at(200, 4), 3);
  assert_int_equal(accept_at(200, 5), 4);
  assert_int_equal(accept_at(INT64_MAX, 0), 4);
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
      cmocka_unit_test(nothing_settled_is_the_default),
      cmocka_unit_test(one_extension_within_the_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
