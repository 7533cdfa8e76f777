#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>
#include <tests/harness/hex.h>
#include <tests/harness/run.h>
#include <yizhan/crypto.h>

static const size_t lengths[] = {0, 1, 55, 56, 63, 64, 65, 1000, 100000};
enum { N_LENGTHS = sizeof lengths / sizeof *lengths };

/* RFC 6234 §8.5, FIPS 180-2. */
static void test_sha256_vectors(void **state) {
  (void)state;
  static const char *const vectors[][2] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
  };
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    struct yz_part part = {vectors[i][0], strlen(vectors[i][0])};
    struct yz_hash got;
    yz_sha256(&part, 1, &got);
    hex_assert(got.bytes, YZ_HASH_LEN, vectors[i][1]);
  }
}

static void test_sha256_of_parts_is_that_of_the_whole(void **state) {
  (void)state;
  struct yz_part parts[] = {{"ab", 2}, {NULL, 0}, {"", 0}, {"c", 1}};
  struct yz_hash got;
  yz_sha256(parts, 4, &got);
  hex_assert(got.bytes, YZ_HASH_LEN,
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  yz_sha256(NULL, 0, &got);
  hex_assert(got.bytes, YZ_HASH_LEN,
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 4231 §4: a key shorter than, as long as and longer than a block. */
static void test_hmac_vectors(void **state) {
  (void)state;
  unsigned char key[131];
  struct yz_hash got;
  memset(key, 0x0b, 20);
  yz_hmac(key, 20, "Hi There", 8, &got);
  hex_assert(got.bytes, YZ_HASH_LEN,
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  yz_hmac((const unsigned char *)"Jefe", 4, "what do ya want for nothing?", 28, &got);
  hex_assert(got.bytes, YZ_HASH_LEN,
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  memset(key, 0xaa, sizeof key);
  yz_hmac(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, &got);
  hex_assert(got.bytes, YZ_HASH_LEN,
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* openssl prints "<hex> *stdin". */
static void assert_openssl_says(const char *const argv[], const void *in, size_t in_len,
                                const struct yz_hash *ours) {
  struct run r = {0};
  run(&r, &(struct run_how){.in = in, .in_len = in_len}, argv);
  assert_int_equal(r.status, 0);
  assert_true(r.out.len > YZ_HASH_HEX);
  r.out.data[YZ_HASH_HEX] = '\0';
  hex_assert(ours->bytes, YZ_HASH_LEN, (const char *)r.out.data);
  run_finish(&r);
}

static void test_openssl_agrees(void **state) {
  (void)state;
  const size_t most = lengths[N_LENGTHS - 1];
  unsigned char *bytes = malloc(most);
  assert_non_null(bytes);
  for (size_t i = 0; i < most; i++) bytes[i] = (unsigned char)(i * 31 + (i >> 8));
  for (size_t i = 0; i < N_LENGTHS; i++) {
    struct yz_hash hash, mac;
    yz_sha256(&(struct yz_part){bytes, lengths[i]}, 1, &hash);
    assert_openssl_says((const char *[]){"openssl", "dgst", "-r", "-sha256", NULL}, bytes,
                        lengths[i], &hash);
    yz_hmac((const unsigned char *)"a key", 5, bytes, lengths[i], &mac);
    assert_openssl_says((const char *[]){"openssl", "dgst", "-r", "-sha256", "-mac", "HMAC",
                                         "-macopt", "key:a key", NULL},
                        bytes, lengths[i], &mac);
  }
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sha256_vectors),
      cmocka_unit_test(test_sha256_of_parts_is_that_of_the_whole),
      cmocka_unit_test(test_hmac_vectors),
      cmocka_unit_test(test_openssl_agrees),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
