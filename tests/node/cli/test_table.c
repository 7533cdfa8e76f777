/* Widths on a screen, where a Chinese character takes two places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cli/table.h"
#include "node/i18n.h"

static void widths(void **state) {
  (void)state;
  assert_int_equal(text_width(""), 0);
  assert_int_equal(text_width("abc"), 3);
  assert_int_equal(text_width("村口"), 4);
  assert_int_equal(text_width("村a口，"), 7);
  assert_int_equal(text_width("\xF0\xA0\xAE\xB7"), 2); /* U+20BB7 */
  assert_int_equal(text_width("e\xCC\x81"), 1);        /* a combining accent */
  assert_int_equal(text_width("a\xFF\xFE"), 3);
}

static void fits(void **state) {
  (void)state;
  assert_int_equal(text_fit("村口路灯", 8), 12);
  assert_int_equal(text_fit("村口路灯", 7), 9);
  assert_int_equal(text_fit("村口路灯", 1), 0);
  assert_int_equal(text_fit("abc", 2), 2);
  assert_int_equal(text_fit("e\xCC\x81x", 1), 3);
  assert_int_equal(text_fit("abc", SIZE_MAX), 3);
}

static void rows(void **state) {
  (void)state;
  struct table t;
  table_init(&t, 2);
  for (int i = 0; i < 100; i++)
    assert_int_equal(table_row(&t, (const char *[]){i == 50 ? "路灯" : "a", NULL}, NULL), 0);
  assert_int_equal(t.n, 200);
  assert_int_equal(t.widths[0], 4);
  assert_int_equal(t.widths[1], 1);
  assert_string_equal(t.cells[1], "-");
  assert_int_equal(table_row(&t, (const char *[]){"a\nb\tc", "d"}, NULL), 0);
  assert_string_equal(t.cells[200], "a b c");
  table_finish(&t);
}

/* What comes from elsewhere may have any length: a cell of it does not fill the screen. */
static void long_cells(void **state) {
  (void)state;
  static char endless[30001];
  char *cut = text_cut("村口路灯", 5), *whole = text_cut("村口路灯", 8);
  struct table t;
  assert_string_equal(cut, "村口…");
  assert_string_equal(whole, "村口路灯");
  free(whole);
  free(cut);
  for (size_t i = 0; i < 30000; i += 3) memcpy(endless + i, "长", 3);
  table_init(&t, 2);
  assert_int_equal(table_row(&t, (const char *[]){endless, endless}, NULL), 0);
  assert_int_equal(t.widths[0], TABLE_MAX_CELL - 1);
  assert_int_equal(t.widths[1], TABLE_MAX_LAST - 1);
  assert_string_equal(t.cells[0] + strlen(t.cells[0]) - 6, "长…");
  table_finish(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(widths), cmocka_unit_test(fits),
                                     cmocka_unit_test(rows), cmocka_unit_test(long_cells)};
  if (i18n_init("en") != 0) return 1;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
