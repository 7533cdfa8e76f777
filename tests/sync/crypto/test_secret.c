#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yizhan/crypto.h>

static void test_secret_holds_its_bytes(void **state) {
  (void)state;
  struct yz_secret *s = yz_secret_create(33);
  assert_non_null(s);
  assert_int_equal(s->len, 33);
  memset(s->bytes, 7, s->len);
  assert_int_equal(s->bytes[32], 7);
  yz_secret_destroy(s);
  yz_secret_destroy(NULL);
}

static void test_no_memory_is_told(void **state) {
  (void)state;
  assert_null(yz_secret_create(SIZE_MAX / 2));
}

/* The next byte is a page that nobody may touch. */
static void test_writing_past_a_secret_ends_the_process(void **state) {
  (void)state;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere < 0 || dup2(nowhere, 2) < 0) _exit(0);
    signal(SIGSEGV, SIG_DFL);
    struct yz_secret *s = yz_secret_create(32);
    if (s) ((volatile unsigned char *)s->bytes)[32] = 1;
    _exit(0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_not_equal(status, 0);
}

static void test_wipe_takes_n_bytes_and_no_more(void **state) {
  (void)state;
  unsigned char bytes[4] = {1, 2, 3, 4};
  yz_wipe(bytes, 3);
  assert_memory_equal(bytes, ((unsigned char[]){0, 0, 0, 4}), 4);
}

static void test_equal_looks_at_every_byte(void **state) {
  (void)state;
  unsigned char a[32] = {0}, b[32] = {0};
  assert_true(yz_equal(a, b, sizeof a));
  for (size_t i = 0; i < sizeof a; i++) {
    b[i] = 0x80;
    assert_false(yz_equal(a, b, sizeof a));
    assert_true(yz_equal(a, b, i));
    b[i] = 0;
  }
}

static void test_init_again_is_safe(void **state) {
  (void)state;
  assert_int_equal(yz_crypto_init(), 0);
  assert_int_equal(yz_crypto_init(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_init_again_is_safe),
      cmocka_unit_test(test_secret_holds_its_bytes),
      cmocka_unit_test(test_no_memory_is_told),
      cmocka_unit_test(test_writing_past_a_secret_ends_the_process),
      cmocka_unit_test(test_wipe_takes_n_bytes_and_no_more),
      cmocka_unit_test(test_equal_looks_at_every_byte),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
