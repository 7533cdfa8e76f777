/* OpenSSH signatures (PROTOCOL.sshsig), public and private keys (PROTOCOL.key).
 *
 *   armour  = "-----BEGIN SSH SIGNATURE-----\n"
 *             base64(blob), a line end after each 70 characters and after the last
 *             "-----END SSH SIGNATURE-----\n"
 *   blob    = "SSHSIG" u32(1) str(key) str("git") str("") str("sha512") str(sig)
 *   key     = str("ssh-ed25519") str(public key, 32)
 *   sig     = str("ssh-ed25519") str(Ed25519 signature of message, 64)
 *   message = "SSHSIG" str("git") str("") str("sha512") str(SHA-512 of the bytes)
 *   str(x)  = u32(length of x) x;  u32 is big-endian
 *
 * All of it but the signature's 64 bytes follows from the key. So an armour is
 * well formed if and only if writing it again from its last 64 bytes gives the same
 * text, and valid if that signature holds too. */
#include <sodium.h>
#include <string.h>
#include <yizhan/crypto.h>

#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define END "-----END SSH SIGNATURE-----\n"
#define ALGORITHM "\0\0\0\013ssh-ed25519"               /* str("ssh-ed25519") */
#define CONTEXT "\0\0\0\003git\0\0\0\0\0\0\0\006sha512" /* str("git") str("") str("sha512") */

enum {
  COLUMNS = 70,
  KEY = 4 + 11 + 4 + YZ_KEY_LEN,
  SIG = 4 + 11 + 4 + YZ_SIG_LEN,
  BLOB = 6 + 4 + 4 + KEY + (4 + 3) + 4 + (4 + 6) + 4 + SIG,
  BASE64 = 4 * ((BLOB + 2) / 3),
  LINES = (BASE64 + COLUMNS - 1) / COLUMNS,
  ARMOUR = (int)sizeof BEGIN - 1 + BASE64 + LINES + (int)sizeof END - 1,
  MESSAGE = 6 + (4 + 3) + 4 + (4 + 6) + 4 + crypto_hash_sha512_BYTES
};

static unsigned char *put(unsigned char *at, const void *bytes, size_t n) {
  memcpy(at, bytes, n);
  return at + n;
}

/* The length before a string; ours are all below 256. */
static unsigned char *put_length(unsigned char *at, unsigned char n) {
  return put(at, (unsigned char[]){0, 0, 0, n}, 4);
}

static unsigned char *put_key(unsigned char *at, const struct yz_key *key) {
  at = put(at, ALGORITHM, sizeof ALGORITHM - 1);
  at = put_length(at, YZ_KEY_LEN);
  return put(at, key->bytes, YZ_KEY_LEN);
}

static void make_message(const void *bytes, size_t len, unsigned char out[static MESSAGE]) {
  unsigned char *at = put(out, "SSHSIG", 6);
  at = put(at, CONTEXT, sizeof CONTEXT - 1);
  at = put_length(at, crypto_hash_sha512_BYTES);
  crypto_hash_sha512(at, bytes, len);
}

static void make_blob(const struct yz_key *key, const struct yz_sig *sig,
                      unsigned char out[static BLOB]) {
  unsigned char *at = put(out, "SSHSIG\0\0\0\001", 10);
  at = put_length(at, KEY);
  at = put_key(at, key);
  at = put(at, CONTEXT, sizeof CONTEXT - 1);
  at = put_length(at, SIG);
  at = put(at, ALGORITHM, sizeof ALGORITHM - 1);
  at = put_length(at, YZ_SIG_LEN);
  put(at, sig->bytes, YZ_SIG_LEN);
}

static void make_armour(const struct yz_key *key, const struct yz_sig *sig,
                        char out[static ARMOUR]) {
  unsigned char blob[BLOB];
  char base64[BASE64 + 1];
  make_blob(key, sig, blob);
  yz_to_base64(blob, BLOB, base64);
  unsigned char *at = put((unsigned char *)out, BEGIN, sizeof BEGIN - 1);
  for (size_t i = 0; i < BASE64; i += COLUMNS) {
    at = put(at, base64 + i, BASE64 - i < COLUMNS ? BASE64 - i : COLUMNS);
    *at++ = '\n';
  }
  put(at, END, sizeof END - 1);
}

/* Takes the signature out of an armour of the right length; whether the rest is
 * as it must be is for the caller to compare. */
static bool take_sig(const char armour[static ARMOUR], struct yz_sig *out) {
  unsigned char blob[BLOB];
  char base64[BASE64];
  const char *from = armour + sizeof BEGIN - 1;
  for (size_t i = 0; i < BASE64; i++) base64[i] = from[i + i / COLUMNS];
  if (yz_from_base64(base64, BASE64, blob, BLOB) != BLOB) return false;
  memcpy(out->bytes, blob + BLOB - YZ_SIG_LEN, YZ_SIG_LEN);
  return true;
}

int yz_sshsig_sign(const struct yz_secret *seed, const void *bytes, size_t len,
                   struct yz_buf *armoured) {
  unsigned char message[MESSAGE];
  char armour[ARMOUR];
  struct yz_key key;
  struct yz_sig sig;
  make_message(bytes, len, message);
  yz_sign_public(seed, &key);
  int rc = yz_sign(seed, message, MESSAGE, &sig);
  if (rc) return rc;
  make_armour(&key, &sig, armour);
  return yz_buf_append(armoured, armour, ARMOUR);
}

bool yz_sshsig_verify(const struct yz_key *key, const void *bytes, size_t len, const char *armoured,
                      size_t armoured_len) {
  unsigned char message[MESSAGE];
  char again[ARMOUR];
  struct yz_sig sig;
  if (armoured_len != ARMOUR || !take_sig(armoured, &sig)) return false;
  make_armour(key, &sig, again);
  if (memcmp(armoured, again, ARMOUR) != 0) return false;
  make_message(bytes, len, message);
  return yz_verify(key, message, MESSAGE, &sig);
}

int yz_ssh_public(const struct yz_key *key, struct yz_buf *out) {
  unsigned char blob[KEY];
  char base64[4 * ((KEY + 2) / 3) + 1];
  put_key(blob, key);
  yz_to_base64(blob, KEY, base64);
  return yz_buf_printf(out, "ssh-ed25519 %s", base64);
}

/* --- private keys ------------------------------------------------------------------
 *
 *   "openssh-key-v1" 0 str("none") str("none") str("") u32(1) str(key) str(private)
 *   private = u32(0) u32(0) str("ssh-ed25519") str(public key) str(seed public key) str("") 1 2 3 4
 * 5
 *
 * with no cipher; the two numbers only show that one was taken off, and 1 to 5 fill up to eight. */
#define KEY_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----\n"
#define KEY_END "-----END OPENSSH PRIVATE KEY-----\n"
#define KEY_HEAD "openssh-key-v1\0\0\0\0\004none\0\0\0\004none\0\0\0\0\0\0\0\001"

enum {
  FILL = 5,
  PRIVATE = 8 + KEY + 4 + YZ_SEED_LEN + YZ_KEY_LEN + 4 + FILL,
  KEY_BLOB = (int)sizeof KEY_HEAD - 1 + 4 + KEY + 4 + PRIVATE,
  KEY_BASE64 = 4 * ((KEY_BLOB + 2) / 3)
};

static void make_private(const struct yz_secret *seed, unsigned char out[static KEY_BLOB]) {
  struct yz_key key;
  yz_sign_public(seed, &key);
  unsigned char *at = put(out, KEY_HEAD, sizeof KEY_HEAD - 1);
  at = put_key(put_length(at, KEY), &key);
  at = put(put_length(at, PRIVATE), "\0\0\0\0\0\0\0\0", 8);
  at = put_length(put_key(at, &key), YZ_SEED_LEN + YZ_KEY_LEN);
  at = put(put(at, seed->bytes, YZ_SEED_LEN), key.bytes, YZ_KEY_LEN);
  put(put_length(at, 0), "\1\2\3\4\5", FILL);
}

struct yz_secret *yz_ssh_private(const struct yz_secret *seed) {
  const size_t begin = sizeof KEY_BEGIN - 1, end = sizeof KEY_END; /* and the zero byte after it */
  struct yz_secret *blob = yz_secret_create(KEY_BLOB), *base64 = yz_secret_create(KEY_BASE64 + 1);
  struct yz_secret *text =
      yz_secret_create(begin + KEY_BASE64 + (KEY_BASE64 + COLUMNS - 1) / COLUMNS + end);
  if (blob != NULL && base64 != NULL && text != NULL) {
    make_private(seed, blob->bytes);
    yz_to_base64(blob->bytes, KEY_BLOB, (char *)base64->bytes);
    unsigned char *at = put(text->bytes, KEY_BEGIN, begin);
    for (size_t i = 0; i < KEY_BASE64; i += COLUMNS) {
      at = put(at, base64->bytes + i, KEY_BASE64 - i < COLUMNS ? KEY_BASE64 - i : COLUMNS);
      *at++ = '\n';
    }
    put(at, KEY_END, end);
  } else {
    yz_secret_destroy(text);
    text = NULL;
  }
  yz_secret_destroy(blob);
  yz_secret_destroy(base64);
  return text;
}
