/* Keys, hashes, signatures and seals. The only room behind this header that
 * knows libsodium is sync/crypto. Sources: RFC 8032 (Ed25519), RFC 6234
 * (SHA-256), RFC 2104 (HMAC), RFC 9106 (Argon2id), libsodium's sealed boxes.
 *
 * Secrets live in struct yz_secret, whose memory is locked, guarded and wiped. */
#ifndef YIZHAN_CRYPTO_H
#define YIZHAN_CRYPTO_H

#include <stdbool.h>
#include <yizhan/buf.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

/* Must be called once, before anything else here. YZ_E_INTERNAL if the
 * machine has no usable random source. Safe to call again. */
int yz_crypto_init(void) YZ_MUST_CHECK;

/* n secret bytes in guarded memory. create returns NULL when there is none
 * left; destroy wipes and frees, NULL allowed. */
struct yz_secret {
  size_t len;
  unsigned char *bytes;
};
struct yz_secret *yz_secret_create(size_t len);
void yz_secret_destroy(struct yz_secret *s);
/* Wipes n bytes so that the compiler cannot drop it. */
void yz_wipe(void *bytes, size_t n);

/* SHA-256 of the parts, one after another; the list ends with a NULL part. */
struct yz_part {
  const void *bytes;
  size_t len;
};
void yz_sha256(const struct yz_part *parts, size_t n_parts, struct yz_hash *out);
/* HMAC-SHA-256 under a key of any length. */
void yz_hmac(const unsigned char *key, size_t key_len, const void *bytes, size_t len,
             struct yz_hash *out);
/* Constant time. */
bool yz_equal(const void *a, const void *b, size_t n);

/* Lower-case hex; out has room for 2 n + 1 characters. from_hex takes exactly
 * 2 n lower-case characters (text_len says how many there are) and returns
 * false for anything else. */
void yz_to_hex(const void *bytes, size_t n, char *out);
bool yz_from_hex(const char *text, size_t text_len, void *out, size_t n);
/* Standard base64 with padding (RFC 4648 §4). to: out has room for
 * 4 * ((n + 2) / 3) + 1. from: exact, canonical, no white space; returns the
 * number of bytes written or -1. */
void yz_to_base64(const void *bytes, size_t n, char *out);
long yz_from_base64(const char *text, size_t text_len, void *out, size_t max);

/* Ed25519. The secret is a 32-byte seed. keypair fills both from fresh random
 * bytes given by the caller's random source (already in seed). */
void yz_sign_public(const struct yz_secret *seed, struct yz_key *public_key);
int yz_sign(const struct yz_secret *seed, const void *bytes, size_t len,
            struct yz_sig *out) YZ_MUST_CHECK;
bool yz_verify(const struct yz_key *key, const void *bytes, size_t len, const struct yz_sig *sig);

/* X25519 sealed boxes: anyone seals to a public key, its holder opens.
 * Sealed length is len + YZ_SEAL_OVERHEAD. open: false when it does not hold. */
enum { YZ_SEAL_OVERHEAD = 48 };
void yz_box_public(const struct yz_secret *secret, struct yz_key *public_key);
int yz_box_seal(const struct yz_key *to, const void *bytes, size_t len,
                unsigned char *out) YZ_MUST_CHECK;
bool yz_box_open(const struct yz_secret *secret, const void *sealed, size_t sealed_len,
                 unsigned char *out);

/* XChaCha20-Poly1305. The nonce (YZ_NONCE_LEN bytes) is the caller's; sealed
 * length is len + YZ_AEAD_OVERHEAD. ad is bound, not sealed. */
enum { YZ_NONCE_LEN = 24, YZ_AEAD_OVERHEAD = 16 };
void yz_aead_seal(const unsigned char *key32, const unsigned char *nonce, const void *ad,
                  size_t ad_len, const void *bytes, size_t len, unsigned char *out);
bool yz_aead_open(const unsigned char *key32, const unsigned char *nonce, const void *ad,
                  size_t ad_len, const void *sealed, size_t sealed_len, unsigned char *out);

/* A secret sealed under a passphrase: salt(16) ‖ nonce(24) ‖ secretbox, key by
 * Argon2id (crypto_pwhash, INTERACTIVE limits: 64 MiB, 2 passes). The salt and
 * nonce come from random40 (40 bytes). open: YZ_E_KEY for a wrong passphrase,
 * YZ_E_FORMAT for a wrong length, YZ_E_MEMORY where 64 MiB are not to be had. */
enum { YZ_LOCKED_OVERHEAD = 16 + 24 + 16 };
int yz_passphrase_seal(const char *passphrase, size_t passphrase_len,
                       const unsigned char random40[40], const struct yz_secret *secret,
                       unsigned char *out, struct yz_error *err) YZ_MUST_CHECK;
int yz_passphrase_open(const char *passphrase, size_t passphrase_len, const unsigned char *sealed,
                       size_t sealed_len, struct yz_secret **out,
                       struct yz_error *err) YZ_MUST_CHECK;

/* An OpenSSH signature (PROTOCOL.sshsig, namespace "git", sha512) over bytes,
 * armoured with line ends \n, as git stores it in a commit's gpgsig. verify:
 * true when the armour is well formed and signed by exactly that key. */
int yz_sshsig_sign(const struct yz_secret *seed, const void *bytes, size_t len,
                   struct yz_buf *armoured) YZ_MUST_CHECK;
bool yz_sshsig_verify(const struct yz_key *key, const void *bytes, size_t len, const char *armoured,
                      size_t armoured_len);
/* "ssh-ed25519 AAAA…" for an allowed-signers file; appended to out. */
int yz_ssh_public(const struct yz_key *key, struct yz_buf *out) YZ_MUST_CHECK;

#endif
