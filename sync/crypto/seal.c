/* Sealing.
 *
 *   box  = ephemeral key(32) ‖ MAC(16) ‖ ciphertext     to a public key (libsodium's sealed box:
 *                                                       X25519, XSalsa20-Poly1305)
 *   aead = ciphertext ‖ MAC(16)                         under a shared key (XChaCha20-Poly1305)
 *
 * Opening what is shorter than its overhead fails like any other seal that does not hold. */
#include <assert.h>
#include <sodium.h>
#include <yizhan/crypto.h>

_Static_assert(YZ_SEAL_OVERHEAD == crypto_box_SEALBYTES, "a seal is a sealed box");
_Static_assert(YZ_SEED_LEN == crypto_box_SECRETKEYBYTES, "a seed is an X25519 secret");
_Static_assert(YZ_KEY_LEN == crypto_box_PUBLICKEYBYTES, "a key is an X25519 key");
_Static_assert(YZ_BATCH_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the AEAD's key");
_Static_assert(YZ_NONCE_LEN == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "the AEAD's nonce");
_Static_assert(YZ_HASH_LEN == crypto_generichash_BYTES, "a token is a BLAKE2b-256");
_Static_assert(YZ_AEAD_OVERHEAD == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the AEAD's MAC");

void yz_box_public(const struct yz_secret *secret, struct yz_key *public_key) {
  assert(secret->len == YZ_SEED_LEN);
  crypto_scalarmult_base(public_key->bytes, secret->bytes);
}

int yz_box_seal(const struct yz_key *to, const void *bytes, size_t len, unsigned char *out) {
  return crypto_box_seal(out, bytes, len, to->bytes) ? YZ_E_KEY : 0;
}

bool yz_box_open(const struct yz_secret *secret, const void *sealed, size_t sealed_len,
                 unsigned char *out) {
  struct yz_key own;
  yz_box_public(secret, &own);
  return crypto_box_seal_open(out, sealed, sealed_len, own.bytes, secret->bytes) == 0;
}

bool yz_box_of_signer(const struct yz_key *signer, struct yz_key *box) {
  return crypto_sign_ed25519_pk_to_curve25519(box->bytes, signer->bytes) == 0;
}

struct yz_secret *yz_box_of_seed(const struct yz_secret *seed) {
  unsigned char pair[crypto_sign_SECRETKEYBYTES], own[YZ_KEY_LEN];
  struct yz_secret *box = yz_secret_create(YZ_SEED_LEN);
  assert(seed->len == YZ_SEED_LEN);
  if (!box) return NULL;
  crypto_sign_seed_keypair(own, pair, seed->bytes);
  /* Of a whole pair it cannot fail: it is a hash of its seed. */
  (void)crypto_sign_ed25519_sk_to_curve25519(box->bytes, pair);
  yz_wipe(pair, sizeof pair);
  return box;
}

int yz_box_token(const struct yz_secret *secret, const struct yz_key *other, const void *bytes,
                 size_t len, struct yz_hash *out) {
  unsigned char shared[crypto_scalarmult_BYTES];
  assert(secret->len == YZ_SEED_LEN);
  int rc = crypto_scalarmult(shared, secret->bytes, other->bytes) ? YZ_E_KEY : 0;
  if (rc == 0) crypto_generichash(out->bytes, sizeof out->bytes, bytes, len, shared, sizeof shared);
  yz_wipe(shared, sizeof shared);
  return rc;
}

void yz_aead_seal(const unsigned char key[static YZ_BATCH_KEY_LEN],
                  const unsigned char nonce[static YZ_NONCE_LEN], const void *ad, size_t ad_len,
                  const void *bytes, size_t len, unsigned char *out) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, bytes, len, ad, ad_len, NULL, nonce, key);
}

bool yz_aead_open(const unsigned char key[static YZ_BATCH_KEY_LEN],
                  const unsigned char nonce[static YZ_NONCE_LEN], const void *ad, size_t ad_len,
                  const void *sealed, size_t sealed_len, unsigned char *out) {
  return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, sealed_len, ad, ad_len,
                                                    nonce, key) == 0;
}
