/* Characters of files, with iconv(1) as the one that writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/import/charset.h"
#include "tests/harness/run.h"

static const char text[] = "编号,内容\n1,村口的路灯坏了,请派人修理。\n2,𠮷野家 café ¥100 \n";

static void assert_text(const struct yz_buf *b, const char *expected) {
  assert_int_equal(b->len, strlen(expected));
  assert_memory_equal(b->data, expected, b->len);
}

static void reads(const void *bytes, size_t len, const char *expected) {
  struct yz_buf out = {0};
  struct yz_error err = {0};
  if (charset_to_utf8(bytes, len, &out, &err) != 0) fail_msg("%s %s", err.message, err.subject);
  assert_text(&out, expected);
  yz_buf_finish(&out);
}

static void fails(const void *bytes, size_t len, const char *subject) {
  struct yz_buf out = {0};
  struct yz_error err = {0};
  assert_int_equal(charset_to_utf8(bytes, len, &out, &err), YZ_E_FORMAT);
  assert_string_equal(err.subject, subject);
  yz_buf_finish(&out);
}

static void in_charset(struct run *r, const char *charset, const char *utf8) {
  struct run_how how = {.in = utf8, .in_len = strlen(utf8)};
  run(r, &how, (const char *[]){"iconv", "-f", "UTF-8", "-t", charset, NULL});
  assert_int_equal(r->status, 0);
}

static void as_written_by_iconv(void **state) {
  (void)state;
  struct run r = {0};
  static const char *const charsets[] = {"UTF-8", "UTF-16" /* with its mark */, "GB18030"};
  for (size_t i = 0; i < 3; i++) {
    in_charset(&r, charsets[i], text);
    reads(r.out.data, r.out.len, text);
  }
  static const char plain[] = "村口的路灯坏了\r\n请派人修理\r\n";
  in_charset(&r, "GBK", plain);
  reads(r.out.data, r.out.len, plain);
  in_charset(&r, "GB2312", plain);
  reads(r.out.data, r.out.len, plain);
  run_finish(&r);
}

static void marks(void **state) {
  (void)state;
  reads("", 0, "");
  reads("abc\n", 4, "abc\n");
  reads("\xef\xbb\xbf"
        "abc",
        6, "abc");
  reads("\xef\xbb\xbf", 3, "");
  reads("\xff\xfe\x51\x67", 4, "\xe6\x9d\x91");
  reads("\xfe\xff\x67\x51", 4, "\xe6\x9d\x91");
  reads("\xff\xfe", 2, "");
}

static void a_large_file(void **state) {
  (void)state;
  struct yz_buf whole = {0};
  struct run r = {0};
  for (int i = 0; i < 3000; i++) assert_int_equal(yz_buf_puts(&whole, text), 0);
  in_charset(&r, "GB18030", (const char *)whole.data);
  reads(r.out.data, r.out.len, (const char *)whole.data);
  run_finish(&r);
  yz_buf_finish(&whole);
}

static void damaged(void **state) {
  (void)state;
  fails("\xef\xbb\xbf"
        "a\nb\n\xff\n",
        9, "line 3");
  fails("\xef\xbb\xbf\xed\xa0\x80", 6, "line 1");     /* a surrogate */
  fails("\xef\xbb\xbf\xc0\x80", 5, "line 1");         /* too long */
  fails("\xef\xbb\xbf\xf0\x80\x80\x80", 7, "line 1"); /* the same, longer */
  fails("\xef\xbb\xbf\xf4\x90\x80\x80", 7, "line 1"); /* past the last */
  fails("\xef\xbb\xbf"
        "a\n\xe6\x9d",
        7, "line 2");                     /* cut off */
  fails("a\nb\n\xff\xff\n", 7, "line 3"); /* neither UTF-8 nor GB18030 */
  fails("\xff\xfe"
        "a\0\n\0"
        "b",
        7, "line 2");                       /* half a unit */
  fails("\xff\xfe\n\0\0\xdc", 6, "line 2"); /* half a pair */
}

/* One byte lost in a file of UTF-8 does not make it a file of GB18030, although
 * it could be read as one. */
static void damaged_utf8_is_not_taken_for_gb18030(void **state) {
  (void)state;
  char whole[] = "村口\n路灯坏\n修理\n请派人来\n";
  size_t len = strlen(whole) - 1;
  char *lost = strstr(whole, "灯");
  memmove(lost + 1, lost + 2, strlen(lost) - 1);
  struct run r = {0};
  struct run_how how = {.in = whole, .in_len = len};
  run(&r, &how, (const char *[]){"iconv", "-f", "GB18030", "-t", "UTF-8", NULL});
  assert_int_equal(r.status, 0);
  fails(whole, len, "line 2");
  run_finish(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_written_by_iconv),
      cmocka_unit_test(marks),
      cmocka_unit_test(a_large_file),
      cmocka_unit_test(damaged),
      cmocka_unit_test(damaged_utf8_is_not_taken_for_gb18030),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
