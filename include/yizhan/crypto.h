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

/* len secret bytes in guarded memory, not yet set. create returns NULL when
 * there is none left; destroy wipes and frees, NULL allowed. */
struct yz_secret {
  size_t len;
  unsigned char *bytes;
};
struct yz_secret *yz_secret_create(size_t len);
void yz_secret_destroy(struct yz_secret *s);
/* Wipes n bytes so that the compiler cannot drop it. */
void yz_wipe(void *bytes, size_t n);

/* SHA-256 of n_parts parts, one after another. */
struct yz_part {
  const void *bytes;
  size_t len;
};
void yz_sha256(const struct yz_part *parts, size_t n_parts, struct yz_hash *out);
/* SHA-256 of what comes piece by piece: init, update as often as there is something, final. */
struct yz_hashing {
  uint64_t room[16];
};
void yz_hashing_init(struct yz_hashing *h);
void yz_hashing_update(struct yz_hashing *h, const void *bytes, size_t n);
void yz_hashing_final(struct yz_hashing *h, struct yz_hash *out);
/* HMAC-SHA-256 under a key of any length. */
void yz_hmac(const unsigned char *key, size_t key_len, const void *bytes, size_t len,
             struct yz_hash *out);
/* Constant time. */
bool yz_equal(const void *a, const void *b, size_t n);

/* Lower-case hex; out has room for 2 n + 1 characters. from_hex takes exactly
 * 2 n lower-case characters (text_len says how many there are) and returns
 * false for anything else; what out holds then is of no use. */
void yz_to_hex(const void *bytes, size_t n, char *out);
bool yz_from_hex(const char *text, size_t text_len, void *out, size_t n);
/* Standard base64 with padding (RFC 4648 §4). to: out has room for
 * 4 * ((n + 2) / 3) + 1. from: exact, canonical, no white space; returns the
 * number of bytes written, or -1 for other text or more than max bytes; what
 * out holds then is of no use. */
void yz_to_base64(const void *bytes, size_t n, char *out);
long yz_from_base64(const char *text, size_t text_len, void *out, size_t max);

/* Ed25519. The secret is a seed of YZ_SEED_LEN bytes, filled by the caller's
 * random source. verify: false too for a key of small order or a second form of
 * the same signature. sign: YZ_E_INTERNAL when libsodium gives no signature. */
void yz_sign_public(const struct yz_secret *seed, struct yz_key *public_key);
int yz_sign(const struct yz_secret *seed, const void *bytes, size_t len,
            struct yz_sig *out) YZ_MUST_CHECK;
bool yz_verify(const struct yz_key *key, const void *bytes, size_t len, const struct yz_sig *sig);

/* X25519 sealed boxes: anyone seals to a public key, its holder opens. The
 * secret is YZ_SEED_LEN bytes from the caller's random source. Sealed length is
 * len + YZ_SEAL_OVERHEAD. seal: YZ_E_KEY when nothing can be sealed to that key
 * (it is of small order). open: out has room for sealed_len - YZ_SEAL_OVERHEAD
 * bytes; false, with nothing of use in out, when it does not hold or is shorter
 * than the overhead. */
enum { YZ_SEAL_OVERHEAD = 48 };
void yz_box_public(const struct yz_secret *secret, struct yz_key *public_key);
int yz_box_seal(const struct yz_key *to, const void *bytes, size_t len,
                unsigned char *out) YZ_MUST_CHECK;
bool yz_box_open(const struct yz_secret *secret, const void *sealed, size_t sealed_len,
                 unsigned char *out);

/* The box of a signing key: both halves of an Ed25519 pair as the X25519 pair that birationally
 * belongs to it, so that who knows somebody's signing key can seal to them. public: false for a key
 * that is none. secret: the caller destroys; NULL without memory. */
bool yz_box_of_signer(const struct yz_key *signer, struct yz_key *box);
struct yz_secret *yz_box_of_seed(const struct yz_secret *seed);

/* BLAKE2b-256 (RFC 7693) of bytes, keyed with the X25519 secret that the holders of two
 * keys share: each makes the same of their own secret and the other's public key. YZ_E_KEY:
 * the other key is of small order. */
int yz_box_token(const struct yz_secret *secret, const struct yz_key *other, const void *bytes,
                 size_t len, struct yz_hash *out) YZ_MUST_CHECK;

/* XChaCha20-Poly1305. The nonce is the caller's, a fresh one for each message
 * under a key; sealed length is len + YZ_AEAD_OVERHEAD. ad is bound, not sealed
 * (NULL with ad_len 0). open: out has room for sealed_len - YZ_AEAD_OVERHEAD
 * bytes; false, with nothing of use in out, when it does not hold or is shorter
 * than the overhead. */
enum { YZ_NONCE_LEN = 24, YZ_AEAD_OVERHEAD = 16 };
void yz_aead_seal(const unsigned char key[static YZ_BATCH_KEY_LEN],
                  const unsigned char nonce[static YZ_NONCE_LEN], const void *ad, size_t ad_len,
                  const void *bytes, size_t len, unsigned char *out);
bool yz_aead_open(const unsigned char key[static YZ_BATCH_KEY_LEN],
                  const unsigned char nonce[static YZ_NONCE_LEN], const void *ad, size_t ad_len,
                  const void *sealed, size_t sealed_len, unsigned char *out);

/* A stream of sealed chunks (libsodium's secretstream, XChaCha20-Poly1305): in this order and to
 * the last one, or not at all. The header is YZ_STREAM_HEADER bytes from the caller's random
 * source, fresh for each stream under a key. Sealed length is len + YZ_STREAM_OVERHEAD. create:
 * NULL when there is no memory left; destroy wipes, NULL allowed. pull: out has room for
 * sealed_len - YZ_STREAM_OVERHEAD bytes; false, with nothing of use in out, when the chunk does not
 * hold or is shorter than the overhead. last: nothing comes after it. */
enum { YZ_STREAM_HEADER = 24, YZ_STREAM_OVERHEAD = 17 };
struct yz_stream;
struct yz_stream *yz_stream_create(const unsigned char key[static YZ_BATCH_KEY_LEN],
                                   const unsigned char header[static YZ_STREAM_HEADER]);
void yz_stream_destroy(struct yz_stream *s);
void yz_stream_push(struct yz_stream *s, const void *ad, size_t ad_len, const void *bytes,
                    size_t len, bool last, unsigned char *out);
bool yz_stream_pull(struct yz_stream *s, const void *ad, size_t ad_len, const void *sealed,
                    size_t sealed_len, unsigned char *out, bool *last);

/* A secret of 1 to YZ_LOCKED_MAX bytes sealed under a passphrase: salt(16) ‖
 * nonce(24) ‖ secretbox, key by Argon2id (crypto_pwhash, INTERACTIVE limits:
 * 64 MiB, 2 passes). random is salt and nonce, fresh each time. out has room for
 * secret->len + YZ_LOCKED_OVERHEAD bytes. open makes *out, which the caller
 * destroys, and sets it only when it returns 0: YZ_E_KEY for a wrong passphrase
 * (or damaged bytes, which look the same), YZ_E_FORMAT for a length that cannot
 * be. Both: YZ_E_MEMORY where 64 MiB are not to be had. */
enum {
  YZ_LOCKED_RANDOM = 16 + 24,
  YZ_LOCKED_OVERHEAD = YZ_LOCKED_RANDOM + 16,
  YZ_LOCKED_MAX = 4096
};
int yz_passphrase_seal(const char *passphrase, size_t passphrase_len,
                       const unsigned char random[static YZ_LOCKED_RANDOM],
                       const struct yz_secret *secret, unsigned char *out,
                       struct yz_error *err) YZ_MUST_CHECK;
int yz_passphrase_open(const char *passphrase, size_t passphrase_len, const unsigned char *sealed,
                       size_t sealed_len, struct yz_secret **out,
                       struct yz_error *err) YZ_MUST_CHECK;

/* An OpenSSH signature (PROTOCOL.sshsig, namespace "git", sha512) over bytes,
 * armoured as ssh-keygen does it: lines of 70 characters, each ended by \n, the
 * last one too. sign appends it: YZ_E_MEMORY, YZ_E_INTERNAL. verify: true when
 * the armour is byte for byte of that form and signed by exactly that key. */
int yz_sshsig_sign(const struct yz_secret *seed, const void *bytes, size_t len,
                   struct yz_buf *armoured) YZ_MUST_CHECK;
bool yz_sshsig_verify(const struct yz_key *key, const void *bytes, size_t len, const char *armoured,
                      size_t armoured_len);
/* "ssh-ed25519 AAAA…" for an allowed-signers file, without a line end; appended
 * to out. YZ_E_MEMORY. */
int yz_ssh_public(const struct yz_key *key, struct yz_buf *out) YZ_MUST_CHECK;
/* The same key's secret half as ssh-keygen writes it to a file, without a passphrase: text that
 * ends with a zero byte, which the caller destroys. NULL: no memory. */
struct yz_secret *yz_ssh_private(const struct yz_secret *seed);

#endif
