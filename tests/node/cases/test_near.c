/* Titles that say nearly the same, and such that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/near.h"

static bool titles_near(const char *a, const char *b) {
  struct near_title title;
  near_read(a, &title);
  return near_is(&title, b);
}

static void titles(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    bool near;
  } rows[] = {
      {"村口路灯不亮", "村口路灯不亮", true},
      {"村口路灯不亮", "村口的路灯不亮了", true},
      {"村口路灯不亮", "村口路灯，不亮！", true},
      {"村口路灯不亮", "养老金没有到账", false},
      {"路灯不亮", "路灯坏了", false},
      {"Street lamp is dark", "street lamp, dark", true},
      {"Street lamp is dark", "The pension does not come", false},
      {"ＡＢＣ桥", "abc桥", true},
      {"路", "路", true},
      {"路", "桥", false},
      {"", "", false},
      {"，。", "", false},
      {"𠀀𠀁路坏了", "𠀀𠀁路坏", true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (titles_near(rows[i].a, rows[i].b) != rows[i].near) fail_msg("row %zu", i);
    if (titles_near(rows[i].b, rows[i].a) != rows[i].near) fail_msg("row %zu, turned", i);
  }
}

static void long_and_cut_titles(void **state) {
  (void)state;
  char text[4096];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  assert_true(titles_near(text, text));
  assert_false(titles_near("\xe8\xb7", "\xf0\x9f")); /* cut short: no crash, no nearness */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(titles),
      cmocka_unit_test(long_and_cut_titles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
