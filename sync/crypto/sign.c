/* Ed25519 (RFC 8032). A signature holds only in its one canonical form (S below
 * the group's order) and under a key that is canonical and not of small order:
 * such a key would let one signature hold for many messages. */
#include <assert.h>
#include <sodium.h>
#include <yizhan/crypto.h>

_Static_assert(YZ_SEED_LEN == crypto_sign_SEEDBYTES, "a seed is an Ed25519 seed");
_Static_assert(YZ_KEY_LEN == crypto_sign_PUBLICKEYBYTES, "a key is an Ed25519 key");
_Static_assert(YZ_SIG_LEN == crypto_sign_BYTES, "a signature is an Ed25519 signature");

void yz_sign_public(const struct yz_secret *seed, struct yz_key *public_key) {
  unsigned char pair[crypto_sign_SECRETKEYBYTES];
  assert(seed->len == YZ_SEED_LEN);
  crypto_sign_seed_keypair(public_key->bytes, pair, seed->bytes);
  yz_wipe(pair, sizeof pair);
}

int yz_sign(const struct yz_secret *seed, const void *bytes, size_t len, struct yz_sig *out) {
  unsigned char pair[crypto_sign_SECRETKEYBYTES];
  struct yz_key public_key;
  assert(seed->len == YZ_SEED_LEN);
  crypto_sign_seed_keypair(public_key.bytes, pair, seed->bytes);
  int failed = crypto_sign_detached(out->bytes, NULL, bytes, len, pair);
  yz_wipe(pair, sizeof pair);
  return failed ? YZ_E_INTERNAL : 0;
}

bool yz_verify(const struct yz_key *key, const void *bytes, size_t len, const struct yz_sig *sig) {
  return crypto_sign_verify_detached(sig->bytes, bytes, len, key->bytes) == 0;
}
