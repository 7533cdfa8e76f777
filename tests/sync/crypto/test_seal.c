#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <tests/harness/hex.h>
#include <yizhan/crypto.h>

static struct yz_secret *secret_of(const char *hex) {
  struct yz_secret *s = yz_secret_create(YZ_SEED_LEN);
  assert_non_null(s);
  hex_to(s->bytes, s->len, hex);
  return s;
}

/* RFC 7748 §6.1, Alice. */
#define ALICE "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
#define ALICE_PUBLIC "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
#define COUNTING "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"

static void test_box_public_vector(void **state) {
  (void)state;
  struct yz_secret *alice = secret_of(ALICE);
  struct yz_key key;
  yz_box_public(alice, &key);
  hex_assert(key.bytes, YZ_KEY_LEN, ALICE_PUBLIC);
  yz_secret_destroy(alice);
}

/* Made from the primitives (X25519, HSalsa20, BLAKE2b, XSalsa20, Poly1305) without
 * libsodium: secret 01…20, ephemeral secret 41…60. */
static void test_box_opens_a_frozen_box(void **state) {
  (void)state;
  struct yz_secret *s = secret_of(COUNTING);
  unsigned char sealed[60], plain[12];
  hex_to(sealed, sizeof sealed,
         "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466"
         "3202bcb7b28b6c97debaa92902af007d1997bcb0b99cc980e3875837");
  assert_true(yz_box_open(s, sealed, sizeof sealed, plain));
  assert_memory_equal(plain, "水管漏了", sizeof plain);
  yz_secret_destroy(s);
}

static void test_box_there_and_back(void **state) {
  (void)state;
  static const size_t lengths[] = {0, 1, 32, 1000, 300000};
  struct yz_secret *alice = secret_of(ALICE);
  struct yz_key key;
  yz_box_public(alice, &key);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    size_t n = lengths[i];
    unsigned char *plain = malloc(n + 1), *back = malloc(n + 1);
    unsigned char *sealed = malloc(n + YZ_SEAL_OVERHEAD), *other = malloc(n + YZ_SEAL_OVERHEAD);
    assert_true(plain && back && sealed && other);
    memset(plain, 'p', n + 1);
    assert_int_equal(yz_box_seal(&key, plain, n, sealed), 0);
    assert_int_equal(yz_box_seal(&key, plain, n, other), 0);
    assert_memory_not_equal(sealed, other, n + YZ_SEAL_OVERHEAD);
    assert_true(yz_box_open(alice, sealed, n + YZ_SEAL_OVERHEAD, back));
    assert_memory_equal(back, plain, n);
    free(plain), free(back), free(sealed), free(other);
  }
  yz_secret_destroy(alice);
}

static void test_box_opens_nothing_else(void **state) {
  (void)state;
  struct yz_secret *alice = secret_of(ALICE), *stranger = secret_of(COUNTING);
  unsigned char sealed[10 + YZ_SEAL_OVERHEAD], out[sizeof sealed];
  struct yz_key key;
  yz_box_public(alice, &key);
  assert_int_equal(yz_box_seal(&key, "ten bytes.", 10, sealed), 0);
  assert_false(yz_box_open(stranger, sealed, sizeof sealed, out));
  for (size_t n = 0; n < sizeof sealed; n++) assert_false(yz_box_open(alice, sealed, n, out));
  for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
    if (bit == 8 * YZ_KEY_LEN - 1) continue; /* X25519 looks away from this one, RFC 7748 §5 */
    sealed[bit / 8] ^= (unsigned char)(1u << bit % 8);
    assert_false(yz_box_open(alice, sealed, sizeof sealed, out));
    sealed[bit / 8] ^= (unsigned char)(1u << bit % 8);
  }
  assert_true(yz_box_open(alice, sealed, sizeof sealed, out));
  yz_secret_destroy(alice);
  yz_secret_destroy(stranger);
}

static void test_box_seals_to_no_small_order_key(void **state) {
  (void)state;
  static const struct yz_key zero = {{0}}, one = {{1}};
  unsigned char sealed[1 + YZ_SEAL_OVERHEAD];
  assert_int_equal(yz_box_seal(&zero, "x", 1, sealed), YZ_E_KEY);
  assert_int_equal(yz_box_seal(&one, "x", 1, sealed), YZ_E_KEY);
}

/* draft-irtf-cfrg-xchacha-03 §A.3.1. */
static const char sunscreen[] =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one "
    "tip for the future, sunscreen would be it.";
enum { SUNSCREEN = sizeof sunscreen - 1, SEALED = SUNSCREEN + YZ_AEAD_OVERHEAD };

struct aead {
  unsigned char key[YZ_BATCH_KEY_LEN], nonce[YZ_NONCE_LEN], ad[12], sealed[SEALED];
};

static void aead_init(struct aead *a) {
  hex_to(a->key, sizeof a->key, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  hex_to(a->nonce, sizeof a->nonce, "404142434445464748494a4b4c4d4e4f5051525354555657");
  hex_to(a->ad, sizeof a->ad, "50515253c0c1c2c3c4c5c6c7");
  hex_to(a->sealed, sizeof a->sealed,
         "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
         "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
         "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
         "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780a"
         "cf49");
}

static bool opens(const struct aead *a, size_t ad_len, size_t sealed_len) {
  unsigned char out[SEALED];
  return yz_aead_open(a->key, a->nonce, a->ad, ad_len, a->sealed, sealed_len, out);
}

static void test_aead_vector(void **state) {
  (void)state;
  struct aead a;
  unsigned char sealed[SEALED], plain[SUNSCREEN];
  aead_init(&a);
  yz_aead_seal(a.key, a.nonce, a.ad, sizeof a.ad, sunscreen, SUNSCREEN, sealed);
  assert_memory_equal(sealed, a.sealed, SEALED);
  assert_true(yz_aead_open(a.key, a.nonce, a.ad, sizeof a.ad, a.sealed, SEALED, plain));
  assert_memory_equal(plain, sunscreen, SUNSCREEN);
}

static void test_aead_of_nothing(void **state) {
  (void)state;
  struct aead a;
  unsigned char sealed[YZ_AEAD_OVERHEAD], out[1];
  aead_init(&a);
  yz_aead_seal(a.key, a.nonce, NULL, 0, NULL, 0, sealed);
  assert_true(yz_aead_open(a.key, a.nonce, NULL, 0, sealed, sizeof sealed, out));
  assert_false(yz_aead_open(a.key, a.nonce, "x", 1, sealed, sizeof sealed, out));
}

/* Every bit of key, nonce, ad and sealed counts, and every length. */
static void test_aead_opens_nothing_else(void **state) {
  (void)state;
  struct aead a;
  unsigned char *all = (unsigned char *)&a;
  aead_init(&a);
  assert_true(opens(&a, sizeof a.ad, SEALED));
  for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
    all[bit / 8] ^= (unsigned char)(1u << bit % 8);
    assert_false(opens(&a, sizeof a.ad, SEALED));
    all[bit / 8] ^= (unsigned char)(1u << bit % 8);
  }
  for (size_t n = 0; n < SEALED; n++) assert_false(opens(&a, sizeof a.ad, n));
  assert_false(opens(&a, sizeof a.ad - 1, SEALED));
  assert_true(opens(&a, sizeof a.ad, SEALED));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_box_public_vector),
      cmocka_unit_test(test_box_opens_a_frozen_box),
      cmocka_unit_test(test_box_there_and_back),
      cmocka_unit_test(test_box_opens_nothing_else),
      cmocka_unit_test(test_box_seals_to_no_small_order_key),
      cmocka_unit_test(test_aead_vector),
      cmocka_unit_test(test_aead_of_nothing),
      cmocka_unit_test(test_aead_opens_nothing_else),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
