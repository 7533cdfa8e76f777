/* What looks like a telephone or an ID number, and what does not. All are samples: no ID number has
 * a region that there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "node/personal.h"

static const struct row {
  const char *text;
  unsigned found;
} rows[] = {
    {"路灯不亮", 0},
    {"", 0},
    {"电话13800138000", PERSONAL_PHONE},
    {"电话１３８００１３８０００", PERSONAL_PHONE},
    {"138 0013 8000", PERSONAL_PHONE},
    {"138－0013－8000", PERSONAL_PHONE},
    {"138–0013—8000请回", PERSONAL_PHONE},
    {"1 3 8 0 0 1 3 8 0 0 0", PERSONAL_PHONE},
    {"138.0013.8000", PERSONAL_PHONE},
    {"138·0013·8000", PERSONAL_PHONE},
    {"138_0013_8000", PERSONAL_PHONE},
    {"138/0013/8000", PERSONAL_PHONE},
    {"138．0013．8000", PERSONAL_PHONE},
    {"138\u20090013\u20098000", PERSONAL_PHONE},
    {"138\u200b0013\u2060\ufeff8000", PERSONAL_PHONE},
    {"张三13800138000李四", PERSONAL_PHONE},
    {"13.8 平方米，0013.8 元，000", 0},
    {"+86 138-0013-8000", PERSONAL_PHONE},
    {"8613800138000", PERSONAL_PHONE},
    {"0086 13800138000", PERSONAL_PHONE},
    {"三组12 13800138000", PERSONAL_PHONE},
    {"13800138000 3", PERSONAL_PHONE},
    {"138001380001", 0},
    {"113800138000", 0},
    {"1380013800", 0},
    {"12800138000", 0},
    {"1990-01-01 138", 0},
    {"0571-88886666", PERSONAL_PHONE},
    {"(0571)8888 6666", PERSONAL_PHONE},
    {"（０５７１）８８８８６６６", PERSONAL_PHONE},
    {"010-66668888", PERSONAL_PHONE},
    {"02166668888", PERSONAL_PHONE},
    {"010-6666888", 0},
    {"0571-88886666-801", PERSONAL_PHONE},
    {"0571-88886666转801", PERSONAL_PHONE},
    {"+86 571 8888 6666", PERSONAL_PHONE},
    {"0086-10-66668888", PERSONAL_PHONE},
    {"0571-1888666", 0},
    {"0010-66668888", 0},
    {"88886666", 0},
    {"2026-11-30 12:30", 0},
    {"2026.11.30", 0},
    {"2026/11/30 08/30", 0},
    {"V1-26-0004-C", 0},
    {"990101199001010019", PERSONAL_ID},
    {"990101 19900101 0019", PERSONAL_ID},
    {"身份证９９０１０１－１９９００１０１－００１９。", PERSONAL_ID},
    {"990101199001010035", PERSONAL_ID},
    {"990101199001010018", 0},
    {"990101199013010016", 0},
    {"99010119900101003X", 0},
    {"99010119900101006X", PERSONAL_ID},
    {"99010119900101006x号", PERSONAL_ID},
    {"99010119900101006Ｘ", PERSONAL_ID},
    {"99010119900101 006 X", PERSONAL_ID},
    {"99010119900101006-x", PERSONAL_ID},
    {"9 9 0 1 0 1 1 9 9 0 0 1 0 1 0 0 6 X", PERSONAL_ID | PERSONAL_PHONE},
    {"990101.19900101.0019", PERSONAL_ID},
    {"99010119900101006 号 X", 0},
    {"X 13800138000", PERSONAL_PHONE},
    {"9901011990010100191", 0},
    {"1 990101199001010019", PERSONAL_ID},
    {"990101199001010019，13800138000", PERSONAL_ID | PERSONAL_PHONE},
    {"990101199001010019 13800138000", PERSONAL_ID | PERSONAL_PHONE},
    {"X", 0},
    {"13800138000X", 0},
    {"\xe4\xb8", 0},
    {"\xff"
     "13800138000",
     PERSONAL_PHONE},
};

static void finds_numbers(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (personal_numbers(rows[i].text) != rows[i].found)
      fail_msg("%s: %u", rows[i].text, personal_numbers(rows[i].text));
}

/* More parts than are looked at together: what follows is found all the same. */
static void finds_after_many(void **state) {
  (void)state;
  static const char number[] = "13800138000";
  char text[256 + sizeof number];
  for (size_t i = 0; i < 256; i++) text[i] = i % 2 == 0 ? '7' : ' ';
  memcpy(text + 256, number, sizeof number);
  assert_int_equal(personal_numbers(text), PERSONAL_PHONE);
}

static void warns_of_fields(void **state) {
  (void)state;
  json_t *content =
      json_pack("{s:s,s:s,s:s,s:b}", "title", "找13800138000", "text",
                "13900139000 990101199001010019", "phone", "13800138000", "anonymous", 1);
  json_t *wanted = json_pack("[{s:s,s:s},{s:s,s:s}]", "field", "title", "looks_like", "telephone",
                             "field", "text", "looks_like", "id-number");
  json_t *found = personal_warnings(content);
  assert_true(json_equal(wanted, found));
  json_decref(found);
  json_t *edit = json_pack("{s:o}", "fields", content);
  found = personal_warnings(edit);
  assert_true(json_equal(wanted, found));
  json_decref(found);
  found = personal_warnings(NULL);
  assert_int_equal(json_array_size(found), 0);
  json_decref(found);
  json_decref(edit);
  json_decref(wanted);
}

/* Lists show of each the first character alone, and two stars, however long a name is. */
static void masks_names(void **state) {
  (void)state;
  static const struct {
    const char *name, *shown;
  } names[] = {
      {"样例某", "样**"},
      {"样", "样**"},
      {"欧阳样例", "欧**"},
      {"Sample Person", "S**"},
      {"买买提·样例", "买**"},
      {"𠮷样例", "𠮷**"},
      {"e\u0301sample", "e**"},
      {"Ésample", "É**"},
      {" \u3000样例某", "样**"},
      {"\u200b\ufeff样例某", "样**"},
      {"（样例）某", "样**"},
      {" ", "**"},
      {"\xf0\xa0\xae\xb7", "𠮷**"},
      {"\xf0\xa0", "\xf0**"},
      {"", ""},
  };
  char out[PERSONAL_MASKED];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_string_equal(personal_masked(names[i].name, out), names[i].shown);
  assert_null(personal_masked(NULL, out));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(finds_numbers), cmocka_unit_test(masks_names),
                                     cmocka_unit_test(finds_after_many),
                                     cmocka_unit_test(warns_of_fields)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
