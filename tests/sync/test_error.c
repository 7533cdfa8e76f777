#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <yizhan/error.h>

static void test_fills_the_error(void **state) {
  (void)state;
  struct yz_error err = {0};
  int rc = yz_fail(&err, YZ_E_NOT_FOUND, "There is none.", "%s/%d", "place", 7);
  assert_int_equal(rc, YZ_E_NOT_FOUND);
  assert_int_equal(err.code, YZ_E_NOT_FOUND);
  assert_string_equal(err.message, "There is none.");
  assert_string_equal(err.subject, "place/7");
}

static void test_first_error_wins(void **state) {
  (void)state;
  struct yz_error err = {0};
  (void)yz_fail(&err, YZ_E_IO, "first", "a");
  assert_int_equal(yz_fail(&err, YZ_E_FULL, "second", "b"), YZ_E_FULL);
  assert_int_equal(err.code, YZ_E_IO);
  assert_string_equal(err.message, "first");
  assert_string_equal(err.subject, "a");
}

static void test_error_and_subject_may_be_null(void **state) {
  (void)state;
  assert_int_equal(yz_fail(NULL, YZ_E_KEY, "m", "%s", "s"), YZ_E_KEY);
  struct yz_error err = {.subject = "old"};
  assert_int_equal(yz_fail(&err, YZ_E_KEY, "m", NULL), YZ_E_KEY);
  assert_string_equal(err.subject, "");
}

/* Cuts a text of `lead` ASCII letters and then Chinese ones. */
static void cut(size_t lead, size_t expected_len) {
  char text[400] = "";
  memset(text, 'x', lead);
  for (size_t at = lead; at + 3 < sizeof text; at += 3) memcpy(text + at, "驿", 4);
  struct yz_error err = {0};
  (void)yz_fail(&err, YZ_E_IO, "m", "%s", text);
  assert_int_equal(strlen(err.subject), expected_len);
  assert_memory_equal(err.subject, text, expected_len);
}

static void test_long_subject_is_cut_between_characters(void **state) {
  (void)state;
  cut(0, 255);
  cut(1, 253);
  cut(2, 254);
  cut(300, 255);
}

static void test_subject_is_text_whatever_it_quotes(void **state) {
  (void)state;
  struct yz_error err = {0}, cut_err = {0};
  (void)yz_fail(&err, YZ_E_IO, "m", "%s", "a\xff驿\xe9\xa9z\xc0\x80\xed\xa0\x80.\xe9\xa9");
  assert_string_equal(err.subject, "a?驿??z?????.??");
  char text[300];
  memset(text, '\xff', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  (void)yz_fail(&cut_err, YZ_E_IO, "m", "%s", text);
  assert_int_equal(strspn(cut_err.subject, "?"), strlen(cut_err.subject));
  assert_true(strlen(cut_err.subject) > 250);
}

static void test_subject_cannot_command_a_terminal(void **state) {
  (void)state;
  struct yz_error err = {0};
  (void)yz_fail(&err, YZ_E_IO, "m", "%s", "a\033[2Jb\nc\177驿");
  assert_string_equal(err.subject, "a?[2Jb?c?驿");
  struct yz_error c1 = {0};
  (void)yz_fail(&c1, YZ_E_IO, "m", "%s", "a\xc2\x9b\x32Jb\xc2\x80 \xc2\x9f\xc2\xa0é");
  assert_string_equal(c1.subject, "a??2Jb?? ??\xc2\xa0é");
}

static void test_every_code_has_its_name(void **state) {
  (void)state;
  static const struct {
    enum yz_code code;
    const char *name;
  } want[] = {
      {YZ_OK, "ok"},
      {YZ_E_MEMORY, "memory"},
      {YZ_E_IO, "io"},
      {YZ_E_FULL, "full"},
      {YZ_E_FORMAT, "format"},
      {YZ_E_LIMIT, "limit"},
      {YZ_E_SIGNATURE, "signature"},
      {YZ_E_NOT_FOUND, "not-found"},
      {YZ_E_EXISTS, "exists"},
      {YZ_E_REFUSED, "refused"},
      {YZ_E_BUSY, "busy"},
      {YZ_E_NETWORK, "network"},
      {YZ_E_DAMAGED, "damaged"},
      {YZ_E_VERSION, "version"},
      {YZ_E_KEY, "key"},
      {YZ_E_INPUT, "input"},
      {YZ_E_INTERNAL, "internal"},
      {(enum yz_code)1, "unknown"},
      {(enum yz_code) - 17, "unknown"},
  };
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    assert_string_equal(yz_code_name(want[i].code), want[i].name);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fills_the_error),
      cmocka_unit_test(test_first_error_wins),
      cmocka_unit_test(test_error_and_subject_may_be_null),
      cmocka_unit_test(test_long_subject_is_cut_between_characters),
      cmocka_unit_test(test_subject_is_text_whatever_it_quotes),
      cmocka_unit_test(test_subject_cannot_command_a_terminal),
      cmocka_unit_test(test_every_code_has_its_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
