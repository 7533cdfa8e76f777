#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <tests/harness/hex.h>
#include <tests/harness/tmp.h>
#include <unistd.h>
#include <yizhan/crypto.h>

/* Passphrase "correct horse", salt "0123456789abcdef", nonce 00…17, secret 80…9f. The key is
 * what the Argon2 authors' own program gives (-id -t 2 -k 65536 -p 1 -l 32), the box was made
 * from XSalsa20 and Poly1305 without libsodium. */
#define PASSPHRASE "correct horse"
#define LOCKED                                                                                     \
  "30313233343536373839616263646566000102030405060708090a0b0c0d0e0f1011121314151617"               \
  "97213f7ebecd17a228c2799ca138c022320be1ca5fcdcddda7a192e55aada93b95116fae8f81543c640b874bd87a48" \
  "c6"
enum { LOCKED_LEN = 32 + YZ_LOCKED_OVERHEAD };

static int open_with(const char *passphrase, const unsigned char *locked, size_t len) {
  struct yz_secret *s = NULL;
  struct yz_error err = {0};
  int rc = yz_passphrase_open(passphrase, strlen(passphrase), locked, len, &s, &err);
  assert_int_equal(rc, err.code);
  assert_true(rc ? !s && err.message : s && !err.message);
  yz_secret_destroy(s);
  return rc;
}

static void test_frozen_secret_seals_the_same(void **state) {
  (void)state;
  unsigned char expected[LOCKED_LEN], locked[LOCKED_LEN];
  struct yz_secret *s = yz_secret_create(32);
  struct yz_error err = {0};
  assert_non_null(s);
  for (size_t i = 0; i < s->len; i++) s->bytes[i] = (unsigned char)(0x80 + i);
  hex_to(expected, sizeof expected, LOCKED);
  assert_int_equal(yz_passphrase_seal(PASSPHRASE, strlen(PASSPHRASE), expected, s, locked, &err),
                   0);
  assert_memory_equal(locked, expected, sizeof locked);
  yz_secret_destroy(s);
}

static void test_frozen_secret_opens(void **state) {
  (void)state;
  unsigned char locked[LOCKED_LEN];
  struct yz_secret *s = NULL;
  struct yz_error err = {0};
  hex_to(locked, sizeof locked, LOCKED);
  assert_int_equal(
      yz_passphrase_open(PASSPHRASE, strlen(PASSPHRASE), locked, sizeof locked, &s, &err), 0);
  assert_int_equal(s->len, 32);
  hex_assert(s->bytes, s->len, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  yz_secret_destroy(s);
}

static void test_wrong_passphrase_opens_nothing(void **state) {
  (void)state;
  unsigned char locked[LOCKED_LEN];
  hex_to(locked, sizeof locked, LOCKED);
  assert_int_equal(open_with("correct horsf", locked, sizeof locked), YZ_E_KEY);
  assert_int_equal(open_with("correct hors", locked, sizeof locked), YZ_E_KEY);
  assert_int_equal(open_with("", locked, sizeof locked), YZ_E_KEY);
}

static void test_damage_opens_nothing(void **state) {
  (void)state;
  static const size_t places[] = {0, 16, 40, 56, LOCKED_LEN - 1}; /* one in each part */
  unsigned char locked[LOCKED_LEN + 1] = {0};
  hex_to(locked, LOCKED_LEN, LOCKED);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    locked[places[i]] ^= 1;
    assert_int_equal(open_with(PASSPHRASE, locked, LOCKED_LEN), YZ_E_KEY);
    locked[places[i]] ^= 1;
  }
  assert_int_equal(open_with(PASSPHRASE, locked, LOCKED_LEN - 1), YZ_E_KEY);
  assert_int_equal(open_with(PASSPHRASE, locked, LOCKED_LEN + 1), YZ_E_KEY);
}

static void test_lengths_that_cannot_be(void **state) {
  (void)state;
  enum { MOST = YZ_LOCKED_OVERHEAD + YZ_LOCKED_MAX };
  unsigned char *locked = calloc(1, MOST + 1);
  assert_non_null(locked);
  assert_int_equal(open_with("", locked, 0), YZ_E_FORMAT);
  assert_int_equal(open_with("", locked, YZ_LOCKED_OVERHEAD), YZ_E_FORMAT);
  assert_int_equal(open_with("", locked, YZ_LOCKED_OVERHEAD + 1), YZ_E_KEY);
  assert_int_equal(open_with("", locked, MOST), YZ_E_KEY);
  assert_int_equal(open_with("", locked, MOST + 1), YZ_E_FORMAT);
  free(locked);
}

/* The child may map 32 MiB more than it has. */
static void test_too_little_memory_is_told(void **state) {
  (void)state;
  unsigned char locked[LOCKED_LEN];
  hex_to(locked, sizeof locked, LOCKED);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    struct yz_buf statm = {0};
    tmp_read("/proc/self/statm", &statm);
    unsigned long pages = strtoul((const char *)statm.data, NULL, 10);
    rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (32u << 20);
    if (setrlimit(RLIMIT_AS, &(struct rlimit){most, most})) _exit(1);
    _exit(open_with(PASSPHRASE, locked, sizeof locked) == YZ_E_MEMORY ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_frozen_secret_seals_the_same),
      cmocka_unit_test(test_frozen_secret_opens),
      cmocka_unit_test(test_wrong_passphrase_opens_nothing),
      cmocka_unit_test(test_damage_opens_nothing),
      cmocka_unit_test(test_lengths_that_cannot_be),
      cmocka_unit_test(test_too_little_memory_is_told),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
