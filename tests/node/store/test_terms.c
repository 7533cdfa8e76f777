/* Texts as the search sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "node/store/terms.h"

static void assert_gives(int (*fn)(const char *, size_t, struct yz_buf *), const char *text,
                         const char *wanted) {
  struct yz_buf out = {0};
  assert_int_equal(fn(text, strlen(text), &out), 0);
  assert_string_equal((char *)out.data, wanted);
  yz_buf_finish(&out);
}

static void test_fold(void **state) {
  (void)state;
  assert_gives(terms_fold, "ＱＳ３－Ａｂ　村！", "qs3-ab 村!");
  assert_gives(terms_fold, "Cafe\xcc\x81", "cafe");
  assert_gives(terms_fold, "𠮷\xee\x80\x80", "𠮷\xee\x80\x80");
  assert_gives(terms_fold, "", "");
}

/* Names are the same however their width, case and blanks are; rare characters stay. */
static void test_name(void **state) {
  (void)state;
  assert_gives(terms_name, "\xe2\x80\x8b３组　12号 \xef\xbb\xbf", "3组12号");
  assert_gives(terms_name,
               "Van\xc2\xa0"
               "Dam \xe2\x80\x8e",
               "vandam");
  assert_gives(terms_name, "𠮷\xee\x80\x80家", "𠮷\xee\x80\x80家");
  assert_gives(terms_name, " 　\t", "");
}

/* Broken bytes become U+FFFD, one by one, and never read past the end. */
static void test_fold_broken(void **state) {
  (void)state;
  static const char *const broken[] = {
      "\x80",     "\xc3",         "\xe6\x9d",         "\xf0\xa0\xae",
      "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"};
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    struct yz_buf out = {0};
    size_t n = strlen(broken[i]);
    assert_int_equal(terms_fold(broken[i], n, &out), 0);
    assert_int_equal(out.len, 3 * n);
    for (size_t at = 0; at < out.len; at += 3)
      assert_memory_equal(out.data + at, "\xef\xbf\xbd", 3);
    yz_buf_finish(&out);
  }
}

static void test_index(void **state) {
  (void)state;
  assert_gives(terms_index, "abc村民证", "abc _006751006c11 _006c11008bc1 _008bc1 ");
  assert_gives(terms_index, "村", "_006751 ");
  assert_gives(terms_index, "村,民", "_006751 _006c11 ");
  assert_gives(terms_index, "a-b_c 12", "a b c 12 ");
  assert_gives(terms_index, "𠮷\xee\x80\x80", "_020bb700e000 _00e000 ");
  assert_gives(terms_index, "，。 \"*()", "");
  assert_gives(terms_index, "日本ガ한글",
               "_0065e500672c _00672c0030ac _0030ac00d55c _00d55c00ae00 "
               "_00ae00 ");
}

static void test_query(void **state) {
  (void)state;
  assert_gives(terms_query, "abc", "\"abc \" *");
  assert_gives(terms_query, "村", "\"_006751 \" *");
  assert_gives(terms_query, "村民证", "\"_006751006c11 _006c11008bc1 \"");
  assert_gives(terms_query, "村民 abc", "\"_006751006c11 \" AND \"abc \" *");
  assert_gives(terms_query, "村abc民", "\"_006751 abc _006c11 \" *");
  assert_gives(terms_query, "村民a", "\"_006751006c11 _006c11 a \" *");
  assert_gives(terms_query, "\"a\" near(b*", "\"a \" * AND \"near \" * AND \"b \" *");
  assert_gives(terms_query, " \"*()-^:{}", "");
}

static void test_query_limit(void **state) {
  (void)state;
  struct yz_buf text = {0}, out = {0};
  for (int i = 0; i < TERMS_MAX_WORDS; i++) assert_int_equal(yz_buf_puts(&text, "a "), 0);
  assert_int_equal(terms_query((char *)text.data, text.len, &out), 0);
  yz_buf_clear(&out);
  assert_int_equal(yz_buf_puts(&text, "a "), 0);
  assert_int_equal(terms_query((char *)text.data, text.len, &out), YZ_E_LIMIT);
  yz_buf_finish(&text);
  yz_buf_finish(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fold),        cmocka_unit_test(test_name),
      cmocka_unit_test(test_fold_broken), cmocka_unit_test(test_index),
      cmocka_unit_test(test_query),       cmocka_unit_test(test_query_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
