#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yizhan/buf.h>

static void test_grows_and_stays_ended_by_zero(void **state) {
  (void)state;
  struct yz_buf b = {0};
  unsigned char want[5000];
  for (size_t i = 0; i < sizeof want; i++) {
    want[i] = (unsigned char)(i * 7);
    assert_int_equal(yz_buf_append(&b, want + i, 1), 0);
    assert_int_equal(b.len, i + 1);
    assert_true(b.cap > b.len);
    assert_int_equal(b.data[b.len], 0);
  }
  assert_memory_equal(b.data, want, sizeof want);
  yz_buf_finish(&b);
}

static void test_one_large_piece(void **state) {
  (void)state;
  size_t n = 3 * 1024 * 1024 + 1;
  unsigned char *piece = malloc(n);
  assert_non_null(piece);
  memset(piece, 0xa5, n);
  struct yz_buf b = {0};
  assert_int_equal(yz_buf_puts(&b, "head"), 0);
  assert_int_equal(yz_buf_append(&b, piece, n), 0);
  assert_int_equal(b.len, n + 4);
  assert_memory_equal(b.data, "head", 4);
  assert_memory_equal(b.data + 4, piece, n);
  free(piece);
  yz_buf_finish(&b);
}

static void test_nothing_appended_is_an_empty_string(void **state) {
  (void)state;
  struct yz_buf b = {0};
  assert_int_equal(yz_buf_append(&b, NULL, 0), 0);
  assert_int_equal(b.len, 0);
  assert_string_equal((char *)b.data, "");
  yz_buf_finish(&b);
}

static void test_printf_appends(void **state) {
  (void)state;
  struct yz_buf b = {0};
  assert_int_equal(yz_buf_puts(&b, "n="), 0);
  assert_int_equal(yz_buf_printf(&b, "%d, %s", 42, "驿站"), 0);
  assert_string_equal((char *)b.data, "n=42, 驿站");
  assert_int_equal(b.len, strlen("n=42, 驿站"));
  assert_int_equal(yz_buf_printf(&b, "%0500d", 1), 0);
  assert_int_equal(b.len, strlen("n=42, 驿站") + 500);
  assert_int_equal(b.data[b.len - 1], '1');
  yz_buf_finish(&b);
}

static void test_failed_append_changes_nothing(void **state) {
  (void)state;
  struct yz_buf b = {0};
  assert_int_equal(yz_buf_puts(&b, "kept"), 0);
  struct yz_buf before = b;
  assert_int_equal(yz_buf_append(&b, "", SIZE_MAX), YZ_E_MEMORY);
  assert_int_equal(yz_buf_append(&b, "", SIZE_MAX - 4), YZ_E_MEMORY);
  assert_ptr_equal(b.data, before.data);
  assert_int_equal(b.len, before.len);
  assert_int_equal(b.cap, before.cap);
  assert_string_equal((char *)b.data, "kept");
  yz_buf_finish(&b);
}

static void test_clear_keeps_memory_and_finish_frees_it(void **state) {
  (void)state;
  struct yz_buf b = {0};
  yz_buf_clear(&b);
  assert_null(b.data);
  assert_int_equal(yz_buf_puts(&b, "gone"), 0);
  unsigned char *data = b.data;
  yz_buf_clear(&b);
  assert_int_equal(b.len, 0);
  assert_ptr_equal(b.data, data);
  assert_string_equal((char *)b.data, "");
  yz_buf_finish(&b);
  assert_null(b.data);
  assert_int_equal(b.len + b.cap, 0);
  yz_buf_finish(&b);
  yz_buf_finish(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grows_and_stays_ended_by_zero),
      cmocka_unit_test(test_one_large_piece),
      cmocka_unit_test(test_nothing_appended_is_an_empty_string),
      cmocka_unit_test(test_printf_appends),
      cmocka_unit_test(test_failed_append_changes_nothing),
      cmocka_unit_test(test_clear_keeps_memory_and_finish_frees_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
