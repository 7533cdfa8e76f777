/* SHA-256 (RFC 6234) and HMAC-SHA-256 (RFC 2104). */
#include <sodium.h>
#include <string.h>
#include <yizhan/crypto.h>

_Static_assert(YZ_HASH_LEN == crypto_hash_sha256_BYTES, "a hash is a SHA-256");
_Static_assert(YZ_HASH_LEN == crypto_auth_hmacsha256_BYTES, "a MAC is as long as a hash");

void yz_sha256(const struct yz_part *parts, size_t n_parts, struct yz_hash *out) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (size_t i = 0; i < n_parts; i++)
    crypto_hash_sha256_update(&state, parts[i].bytes, parts[i].len);
  crypto_hash_sha256_final(&state, out->bytes);
  yz_wipe(&state, sizeof state);
}

_Static_assert(sizeof(struct yz_hashing) >= sizeof(crypto_hash_sha256_state), "there is room");

/* Copied in and out: the caller's memory need not be one of libsodium's. */
void yz_hashing_init(struct yz_hashing *h) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  memcpy(h->room, &state, sizeof state);
}

void yz_hashing_update(struct yz_hashing *h, const void *bytes, size_t n) {
  crypto_hash_sha256_state state;
  memcpy(&state, h->room, sizeof state);
  crypto_hash_sha256_update(&state, bytes, n);
  memcpy(h->room, &state, sizeof state);
}

void yz_hashing_final(struct yz_hashing *h, struct yz_hash *out) {
  crypto_hash_sha256_state state;
  memcpy(&state, h->room, sizeof state);
  crypto_hash_sha256_final(&state, out->bytes);
  yz_wipe(h, sizeof *h);
  yz_wipe(&state, sizeof state);
}

void yz_hmac(const unsigned char *key, size_t key_len, const void *bytes, size_t len,
             struct yz_hash *out) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key, key_len);
  crypto_auth_hmacsha256_update(&state, bytes, len);
  crypto_auth_hmacsha256_final(&state, out->bytes);
  yz_wipe(&state, sizeof state);
}
