/* How much room there is, by class: what wavers about a bound stays what it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/reserve.h"

#define MIB ((int64_t)1 << 20)

static void class_of(int64_t free, const char *last, const char *wanted) {
  assert_string_equal(reserve_class(free, last), wanted);
}

static void first_word(void **state) {
  (void)state;
  class_of(64 * MIB, "", "ok");
  class_of(64 * MIB - 1, "", "low");
  class_of(4 * MIB, "", "low");
  class_of(4 * MIB - 1, "", "full");
  class_of(0, "", "full");
  class_of(-1, "", "");
  class_of(-1, "low", "");
}

static void wavering(void **state) {
  (void)state;
  class_of(64 * MIB, "low", "low");
  class_of(128 * MIB - 1, "low", "low");
  class_of(128 * MIB, "low", "ok");
  class_of(16 * MIB - 1, "full", "full");
  class_of(16 * MIB, "full", "low");
  class_of(127 * MIB, "full", "low");
  class_of(128 * MIB, "full", "ok");
  class_of(64 * MIB, "ok", "ok");
  class_of(64 * MIB - 1, "ok", "low");
  class_of(100 * MIB, "something newer", "ok");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(first_word), cmocka_unit_test(wavering)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
