/* Text made such as records may hold, judged by yz_text_ok. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <yizhan/record.h>

#include "node/tidy.h"

static void tidied(const char *given, bool lines, const char *expected) {
  char text[256];
  (void)snprintf(text, sizeof text, "%s", given);
  tidy_cell(text, lines);
  assert_string_equal(text, expected);
}

static void cells(void **state) {
  (void)state;
  tidied("", true, "");
  tidied(" \t\n\xE3\x80\x80", true, "");
  tidied("  一 二 \n", true, "一 二");
  tidied("\xE3\x80\x80\xE3\x80\x80一\xE3\x80\x80", true, "一");
  tidied("a\r\nb\rc\n\td", true, "a\nb\nc\n\td");
  tidied("a\r\nb\tc", false, "a b c");
  tidied("a\033[31mb\x7f", true, "a [31mb");
  tidied("a\xC2\x9B\x62", true, "a b");
  tidied("a\xC2\xA0\x62", true, "a\xC2\xA0\x62");
}

static void blank(void **state) {
  (void)state;
  const char *const blanks[] = {"", " \t\r\n", "\xE3\x80\x80 \xE3\x80\x80", "\033\x7f"};
  const char *const words[] = {"a", " 一", "\xE3\x80\x81", "\xE3\x80\x80x", "\xC2\xA0"};
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
    assert_true(tidy_is_blank(blanks[i]));
    tidied(blanks[i], false, "");
  }
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) assert_false(tidy_is_blank(words[i]));
}

/* Whatever stands in a cell, a record may hold it afterwards. */
static void any_character_is_fit(void **state) {
  (void)state;
  for (unsigned c = 1; c < 0x800; c++) {
    char text[8];
    if (c < 0x80)
      (void)snprintf(text, sizeof text, "a%cb", (int)c);
    else
      (void)snprintf(text, sizeof text, "a%c%cb", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 63)));
    tidy_cell(text, true);
    assert_true(yz_text_ok(text, strlen(text)));
  }
}

static void titled(const char *text, const char *expected) {
  char out[TIDY_TITLE];
  assert_string_equal(tidy_title(text, out), expected);
}

static void titles(void **state) {
  (void)state;
  titled("短", "短");
  titled("第一行\n第二行", "第一行");
  titled("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十末",
         "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十");
  titled("The street lamp at the corner of Elm and Main is out",
         "The street lamp at the corner of Elm and");
  titled("The street lamp at the corner of the Elm-street",
         "The street lamp at the corner of the Elm");
  titled("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee",
         "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd");
}

static void named(const char *text, const char *expected) {
  char out[200];
  assert_true(strlen(text) < sizeof out);
  memcpy(out, text, strlen(text) + 1);
  tidy_name(out);
  assert_string_equal(out, expected);
  tidy_name(out);
  assert_string_equal(out, expected);
}

static void names(void **state) {
  (void)state;
  named("王小明", "王小明");
  named(" \u3000王\u200B小\u200D明\u202E \uFEFF", "王小明");
  named("Ann \u3000 Example", "Ann Example");
  named("Ann\n\tExample\x01", "Ann Example");
  named("张\r\n三", "张 三");
  named("a\x01 b", "a b");
  named("a \xC2\x85\x7F b", "a b");
  named("张\u00A0三", "张 三");
  named("\u00A0\u2003张 \u2009\u202F三\u205F", "张 三");
  named("张\u00AD三", "张三");
  named("葛\uFE00\U000E0100城", "葛\uFE00\U000E0100城");
  named("Ann \u200B Example", "Ann Example");
  named("𠮷田‐é", "𠮷田‐é");
  named("\u200B", "");
  named("", "");
}

static void filed(const char *text, const char *expected) {
  char out[TIDY_FILE];
  assert_string_equal(tidy_file(text, out), expected);
}

static void files(void **state) {
  char many[3 * 100 + 1] = "", cut[3 * 66 + 1];
  (void)state;
  filed("照片 \"a\"; b.jpg", "照片 \"a\"; b.jpg");
  filed("../..\\x.jpg", ".._.._x.jpg");
  filed("photo\u202Egpj.exe", "photo_gpj.exe");
  filed("a\u00ADb.pdf", "a_b.pdf");
  filed("\u2066a\u2069\u200Bb\u061Cc\uFEFFd\u2028e\u206F", "_a__b_c_d_e_");
  filed(" a\nb\tc\x7F\xC2\x85"
        "d ",
        "a b c  d");
  filed("𠮷‐鍵٠é", "𠮷‐鍵٠é");
  filed("", "-");
  filed(" \n", "-");
  for (size_t i = 0; i < 100; i++) memcpy(many + 3 * i, "长", 4);
  memcpy(cut, many, sizeof cut - 1);
  cut[sizeof cut - 1] = '\0';
  filed(many, cut);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cells),  cmocka_unit_test(blank), cmocka_unit_test(any_character_is_fit),
      cmocka_unit_test(titles), cmocka_unit_test(names), cmocka_unit_test(files)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
