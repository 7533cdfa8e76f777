/* A secret sealed under a passphrase.
 *
 *   locked = salt(16) ‖ nonce(24) ‖ MAC(16) ‖ ciphertext(1 to 4096)
 *
 * XSalsa20-Poly1305 (libsodium's secretbox) under a key that Argon2id (version
 * 1.3, 64 MiB, 2 passes, 1 lane) makes of passphrase and salt. */
#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <yizhan/crypto.h>

enum { SALT = crypto_pwhash_SALTBYTES, HEAD = YZ_LOCKED_RANDOM };
_Static_assert(SALT + crypto_secretbox_NONCEBYTES == YZ_LOCKED_RANDOM, "salt and nonce");
_Static_assert(YZ_LOCKED_RANDOM + crypto_secretbox_MACBYTES == YZ_LOCKED_OVERHEAD, "and MAC");
_Static_assert(crypto_pwhash_OPSLIMIT_INTERACTIVE == 2, "the passes are part of the format");
_Static_assert(crypto_pwhash_MEMLIMIT_INTERACTIVE == 64 << 20, "so is the memory");

/* The key for this passphrase and salt, which the caller destroys; NULL when
 * there is not enough memory. */
static struct yz_secret *stretch(const char *passphrase, size_t len,
                                 const unsigned char salt[static SALT]) {
  struct yz_secret *key = yz_secret_create(crypto_secretbox_KEYBYTES);
  if (!key) return NULL;
  if (crypto_pwhash(key->bytes, key->len, passphrase, len, salt, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                    crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0)
    return key;
  yz_secret_destroy(key);
  return NULL;
}

static int no_memory(struct yz_error *err) {
  return yz_fail(err, YZ_E_MEMORY,
                 YZ_N_("A passphrase needs 64 MiB of free memory, and there is less. Close other "
                       "programs and try again."),
                 NULL);
}

int yz_passphrase_seal(const char *passphrase, size_t passphrase_len,
                       const unsigned char random[static YZ_LOCKED_RANDOM],
                       const struct yz_secret *secret, unsigned char *out, struct yz_error *err) {
  assert(secret->len > 0 && secret->len <= YZ_LOCKED_MAX);
  struct yz_secret *key = stretch(passphrase, passphrase_len, random);
  if (!key) return no_memory(err);
  memcpy(out, random, HEAD);
  crypto_secretbox_easy(out + HEAD, secret->bytes, secret->len, out + SALT, key->bytes);
  yz_secret_destroy(key);
  return 0;
}

int yz_passphrase_open(const char *passphrase, size_t passphrase_len, const unsigned char *sealed,
                       size_t sealed_len, struct yz_secret **out, struct yz_error *err) {
  if (sealed_len <= YZ_LOCKED_OVERHEAD || sealed_len > YZ_LOCKED_OVERHEAD + YZ_LOCKED_MAX)
    return yz_fail(err, YZ_E_FORMAT,
                   YZ_N_("The sealed key has a length that cannot be, so it is damaged. Restore it "
                         "from a backup."),
                   "%zu", sealed_len);
  int rc = 0;
  struct yz_secret *key = stretch(passphrase, passphrase_len, sealed);
  struct yz_secret *secret = yz_secret_create(sealed_len - YZ_LOCKED_OVERHEAD);
  if (!key || !secret) {
    rc = no_memory(err);
    goto done;
  }
  if (crypto_secretbox_open_easy(secret->bytes, sealed + HEAD, sealed_len - HEAD, sealed + SALT,
                                 key->bytes)) {
    rc = yz_fail(err, YZ_E_KEY,
                 YZ_N_("The passphrase is wrong, or the sealed key is damaged. Type it again."),
                 NULL);
    goto done;
  }
  *out = secret;
  secret = NULL;
done:
  yz_secret_destroy(secret);
  yz_secret_destroy(key);
  return rc;
}
