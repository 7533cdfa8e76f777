#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <tests/harness/hex.h>
#include <tests/harness/run.h>
#include <tests/harness/tmp.h>
#include <yizhan/crypto.h>

static struct yz_secret *seed_of(const char *hex) {
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  assert_non_null(seed);
  hex_to(seed->bytes, seed->len, hex);
  return seed;
}

/* RFC 8032 §7.1, tests 1 to 3: seed, key, message, signature. */
static const char *const vectors[][4] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

static void test_vectors(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    struct yz_secret *seed = seed_of(vectors[i][0]);
    size_t len = strlen(vectors[i][2]) / 2;
    unsigned char message[2];
    struct yz_key key;
    struct yz_sig sig;
    hex_to(message, len, vectors[i][2]);
    yz_sign_public(seed, &key);
    hex_assert(key.bytes, YZ_KEY_LEN, vectors[i][1]);
    assert_int_equal(yz_sign(seed, message, len, &sig), 0);
    hex_assert(sig.bytes, YZ_SIG_LEN, vectors[i][3]);
    assert_true(yz_verify(&key, message, len, &sig));
    yz_secret_destroy(seed);
  }
}

/* What stock openssl needs to see: the key as DER, message and signature as files. */
static int openssl_verifies(const char *dir, const struct yz_key *key, const void *message,
                            size_t len, const struct yz_sig *sig) {
  unsigned char der[12 + YZ_KEY_LEN];
  char key_path[TMP_PATH], sig_path[TMP_PATH], message_path[TMP_PATH];
  struct run r = {0};
  hex_to(der, 12, "302a300506032b6570032100");
  memcpy(der + 12, key->bytes, YZ_KEY_LEN);
  tmp_join(key_path, dir, "key.der");
  tmp_join(sig_path, dir, "sig");
  tmp_join(message_path, dir, "message");
  tmp_write(key_path, der, sizeof der);
  tmp_write(sig_path, sig->bytes, YZ_SIG_LEN);
  tmp_write(message_path, message, len);
  run(&r, NULL,
      (const char *[]){"openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER",
                       "-inkey", key_path, "-sigfile", sig_path, "-in", message_path, NULL});
  run_finish(&r);
  return r.status;
}

static void test_openssl_agrees(void **state) {
  (void)state;
  static const char message[] = "第三组的路灯坏了";
  struct yz_secret *seed = seed_of(vectors[0][0]);
  char *dir = tmp_create();
  struct yz_key key;
  struct yz_sig sig;
  yz_sign_public(seed, &key);
  assert_int_equal(yz_sign(seed, message, sizeof message, &sig), 0);
  assert_int_equal(openssl_verifies(dir, &key, message, sizeof message, &sig), 0);
  assert_int_not_equal(openssl_verifies(dir, &key, message, sizeof message - 1, &sig), 0);
  tmp_destroy(dir);
  yz_secret_destroy(seed);
}

static void test_any_flipped_bit_breaks_it(void **state) {
  (void)state;
  struct yz_key key;
  struct yz_sig sig;
  unsigned char message[2];
  hex_to(key.bytes, YZ_KEY_LEN, vectors[2][1]);
  hex_to(message, 2, vectors[2][2]);
  hex_to(sig.bytes, YZ_SIG_LEN, vectors[2][3]);
  assert_true(yz_verify(&key, message, 2, &sig));
  for (size_t bit = 0; bit < 8 * YZ_SIG_LEN; bit++) {
    sig.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    assert_false(yz_verify(&key, message, 2, &sig));
    sig.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
  }
  for (size_t bit = 0; bit < 8 * YZ_KEY_LEN; bit++) {
    key.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    assert_false(yz_verify(&key, message, 2, &sig));
    key.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
  }
  message[1] ^= 1;
  assert_false(yz_verify(&key, message, 2, &sig));
  message[1] ^= 1;
  assert_false(yz_verify(&key, message, 1, &sig));
}

/* Under the neutral element as key, R = B and S = 1 satisfy the equation for
 * every message: a verifier that takes such a key takes anything. */
static void test_small_order_key_signs_nothing(void **state) {
  (void)state;
  struct yz_key neutral = {{1}};
  struct yz_sig sig = {{0}};
  memset(sig.bytes, 0x66, 32);
  sig.bytes[0] = 0x58;
  sig.bytes[32] = 1;
  assert_false(yz_verify(&neutral, "anything", 8, &sig));
  memset(sig.bytes, 0, sizeof sig.bytes);
  sig.bytes[0] = 1;
  assert_false(yz_verify(&neutral, "anything", 8, &sig));
}

/* S + L satisfies the equation as well as S does. */
static void test_second_form_of_a_signature_is_refused(void **state) {
  (void)state;
  struct yz_key key;
  struct yz_sig sig;
  unsigned char order[32];
  unsigned carry = 0;
  hex_to(order, 32, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  hex_to(key.bytes, YZ_KEY_LEN, vectors[0][1]);
  hex_to(sig.bytes, YZ_SIG_LEN, vectors[0][3]);
  for (size_t i = 0; i < 32; i++) {
    carry += (unsigned)sig.bytes[32 + i] + order[i];
    sig.bytes[32 + i] = (unsigned char)carry;
    carry >>= 8;
  }
  assert_int_equal(carry, 0);
  assert_false(yz_verify(&key, "", 0, &sig));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_openssl_agrees),
      cmocka_unit_test(test_any_flipped_bit_breaks_it),
      cmocka_unit_test(test_small_order_key_signs_nothing),
      cmocka_unit_test(test_second_form_of_a_signature_is_refused),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
