/* What the columns of a foreign table mean, and the tally of equal rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/import/columns.h"
#include "node/import/tally.h"

static void names(void **state) {
  (void)state;
  static const struct {
    const char *header;
    enum import_column column;
  } rows[] = {
      {"id", COLUMN_ID},
      {" Title ", COLUMN_TITLE},
      {"description", COLUMN_TEXT},
      {"内容", COLUMN_TEXT},
      {"body", COLUMN_TEXT},
      {"Opened-At", COLUMN_TIME},
      {"created at", COLUMN_TIME},
      {"address", COLUMN_PLACE},
      {"user", COLUMN_RESIDENT},
      {"reply_time", COLUMN_REPLY_TIME},
      {"closed", COLUMN_REPLY_TIME},
      {"STATUS", COLUMN_IGNORED},
      {"cluster", COLUMN_UNKNOWN},
      {"", COLUMN_UNKNOWN},
      {"titl", COLUMN_UNKNOWN},
      {"titles", COLUMN_UNKNOWN},
  };
  struct import_map map;
  assert_int_equal(import_map_read(&map, NULL, NULL), 0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(import_column_of(&map, rows[i].header), rows[i].column);
}

static void mapping(void **state) {
  (void)state;
  struct import_map map;
  struct yz_error err = {0};
  assert_int_equal(import_map_read(&map, "what=title, 谁 = 居民,id=text", &err), 0);
  assert_int_equal(import_column_of(&map, "What"), COLUMN_TITLE);
  assert_int_equal(import_column_of(&map, "谁"), COLUMN_RESIDENT);
  assert_int_equal(import_column_of(&map, "id"), COLUMN_TEXT);
  assert_int_equal(import_column_of(&map, "title"), COLUMN_TITLE);
  static const char *const wrong[] = {
      "what", "=title", "what=", "what=nothing", "a=title,,", "what=status"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    err = (struct yz_error){0};
    assert_int_equal(import_map_read(&map, wrong[i], &err), YZ_E_INPUT);
    assert_non_null(err.message);
  }
}

static void too_many_mapped(void **state) {
  (void)state;
  char text[40 * 8 + 1] = "";
  struct import_map map;
  for (int i = 0; i < 40; i++) {
    size_t used = strlen(text);
    (void)snprintf(text + used, sizeof text - used, "%sa=text", i > 0 ? "," : "");
  }
  assert_int_equal(import_map_read(&map, text, NULL), YZ_E_INPUT);
}

/* Against a plain array of counts, with many hashes that begin alike. */
static void tally(void **state) {
  (void)state;
  enum { KINDS = 997 };
  size_t counts[KINDS] = {0}, before;
  struct tally t = {0};
  for (size_t i = 0; i < 20000; i++) {
    size_t kind = i * i % KINDS;
    struct yz_hash hash = {{(unsigned char)(kind % 3)}};
    memcpy(hash.bytes + 8, &kind, sizeof kind);
    assert_int_equal(tally_add(&t, &hash, &before), 0);
    assert_int_equal(before, counts[kind]++);
  }
  tally_finish(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(mapping),
                                     cmocka_unit_test(too_many_mapped), cmocka_unit_test(tally)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
