#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/i18n.h"
#include "tests/harness/run.h"

static const char *const variables[] = {"YIZHAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"};

static int clear_environment(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    assert_int_equal(unsetenv(variables[i]), 0);
  return 0;
}

static int is_chinese(void) {
  const char *english = "The disk is full. Free some space on it, then try again.";
  const char *shown = gettext(english);
  if (strcmp(shown, english) == 0) return 0;
  assert_non_null(strstr(shown, "磁盘"));
  return 1;
}

static void test_the_caller_chooses(void **state) {
  (void)state;
  assert_int_equal(i18n_init("zh"), 0);
  assert_true(is_chinese());
  assert_int_equal(i18n_init("fr"), YZ_E_INPUT);
  assert_int_equal(i18n_init(""), YZ_E_INPUT);
  assert_true(is_chinese());
  assert_int_equal(i18n_init("en"), 0);
  assert_false(is_chinese());
}

static const char *checked(long long n) {
  return n_("%lld record was checked; all is as it was written.\n",
            "%lld records were checked; all is as it was written.\n", n);
}

static void test_one_thing_is_not_several(void **state) {
  (void)state;
  assert_int_equal(i18n_init("en"), 0);
  assert_non_null(strstr(checked(1), "record was"));
  assert_non_null(strstr(checked(0), "records were"));
  assert_non_null(strstr(checked(2), "records were"));
  assert_int_equal(i18n_init("zh"), 0);
  assert_non_null(strstr(checked(1), "条记录"));
  assert_string_equal(checked(1), checked(2));
}

static int chosen_by(const char *name, const char *value) {
  assert_int_equal(setenv(name, value, 1), 0);
  assert_int_equal(i18n_init(NULL), 0);
  return is_chinese();
}

static void test_the_environment_chooses(void **state) {
  (void)state;
  assert_int_equal(i18n_init(NULL), 0);
  assert_false(is_chinese());
  assert_true(chosen_by("LANG", "zh_CN.UTF-8"));
  assert_false(chosen_by("LC_MESSAGES", "de_DE.UTF-8"));
  assert_true(chosen_by("LC_ALL", "zh_TW"));
  assert_true(chosen_by("YIZHAN_LANG", ""));
  assert_false(chosen_by("YIZHAN_LANG", "en"));
  assert_true(chosen_by("YIZHAN_LANG", "zh"));
}

static void test_numbers_stay_as_in_c(void **state) {
  (void)state;
  assert_int_equal(i18n_init("zh"), 0);
  assert_string_equal(localeconv()->decimal_point, ".");
  assert_true(strtod("0.5", NULL) > 0.4);
  char text[32];
  assert_true(snprintf(text, sizeof text, "%.1f", 12345.5) > 0);
  assert_string_equal(text, "12345.5");
}

static void test_the_program_speaks_both(void **state) {
  (void)state;
  struct run r = {0};
  const char *const argv[] = {YIZHAN_PROGRAM, "--help", NULL};
  run(&r, &(struct run_how){.env = (const char *const[]){"YIZHAN_LANG=zh", NULL}}, argv);
  assert_int_equal(r.status, 0);
  assert_non_null(strstr((const char *)r.out.data, "用法"));
  run(&r, &(struct run_how){.env = (const char *const[]){"YIZHAN_LANG=en", NULL}}, argv);
  assert_int_equal(r.status, 0);
  assert_non_null(strstr((const char *)r.out.data, "Usage"));
  run(&r, NULL, (const char *const[]){YIZHAN_PROGRAM, "--version", NULL});
  assert_int_equal(r.status, 0);
  assert_memory_equal(r.out.data, "yizhan 0.", 9);
  run(&r, NULL, (const char *const[]){YIZHAN_PROGRAM, "no-such-command", NULL});
  assert_int_equal(r.status, 2);
  assert_int_equal(r.out.len, 0);
  run_finish(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_the_caller_chooses, clear_environment),
      cmocka_unit_test_setup(test_one_thing_is_not_several, clear_environment),
      cmocka_unit_test_setup(test_the_environment_chooses, clear_environment),
      cmocka_unit_test_setup(test_numbers_stay_as_in_c, clear_environment),
      cmocka_unit_test_setup(test_the_program_speaks_both, clear_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
