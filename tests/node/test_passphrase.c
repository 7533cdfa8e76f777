/* Passphrases from files, and recovery codes as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/passphrase.h"
#include "tests/harness/tmp.h"

struct place {
  char *dir;
  char path[TMP_PATH];
};

static int make_place(void **state) {
  static struct place place;
  place.dir = tmp_create();
  tmp_join(place.path, place.dir, "word");
  *state = &place;
  return yz_crypto_init();
}

static int drop_place(void **state) {
  struct place *place = *state;
  tmp_destroy(place->dir);
  return 0;
}

static void reads(struct place *place, const char *bytes, size_t n, const char *expected) {
  struct yz_secret *s = NULL;
  struct yz_error err = {0};
  tmp_write(place->path, bytes, n);
  int rc = passphrase_read(yz_world_real(), place->path, &s, &err);
  if (expected == NULL) {
    assert_true(rc == YZ_E_INPUT || rc == YZ_E_LIMIT);
    assert_non_null(err.message);
    assert_null(s);
    return;
  }
  assert_int_equal(rc, 0);
  assert_string_equal((const char *)s->bytes, expected);
  assert_int_equal(s->len, strlen(expected) + 1);
  yz_secret_destroy(s);
}

static void from_files(void **state) {
  char longest[PASSPHRASE_MAX + 8];
  memset(longest, 'a', sizeof longest);
  reads(*state, "word", 4, "word");
  reads(*state, "word\n", 5, "word");
  reads(*state, "word\r\n", 6, "word");
  reads(*state, " 两 个字 \nmore\n", 17, " 两 个字 ");
  reads(*state, "", 0, NULL);
  reads(*state, "\n", 1, NULL);
  reads(*state, "\r\nword", 6, NULL);
  reads(*state, "a\0b\n", 4, NULL);
  reads(*state, longest, sizeof longest, NULL);
  longest[PASSPHRASE_MAX] = '\0';
  reads(*state, longest, PASSPHRASE_MAX, longest);
}

static void codes(void **state) {
  (void)state;
  char code[RECOVERY_CODE], other[RECOVERY_CODE], typed[RECOVERY_CODE];
  recovery_code_make(yz_world_real(), code);
  recovery_code_make(yz_world_real(), other);
  assert_string_not_equal(code, other);
  assert_int_equal(strlen(code), 39);
  assert_true(recovery_code_fold(code, typed));
  assert_string_equal(code, typed);
  assert_true(recovery_code_fold(" 0oO1iIlL abcd EFGH jkmn-pqrs tvwx yz23\n", typed));
  assert_string_equal(typed, "0001-1111-ABCD-EFGH-JKMN-PQRS-TVWX-YZ23");
  assert_false(recovery_code_fold("", typed));
  assert_false(recovery_code_fold("0001-1111-ABCD-EFGH-JKMN-PQRS-TVWX-YZ2", typed));
  assert_false(recovery_code_fold("0001-1111-ABCD-EFGH-JKMN-PQRS-TVWX-YZ234", typed));
  assert_false(recovery_code_fold("U001-1111-ABCD-EFGH-JKMN-PQRS-TVWX-YZ23", typed));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(from_files, make_place, drop_place), cmocka_unit_test(codes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
