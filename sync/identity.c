/* Sealing what tells who somebody is: FORMAT.md §19.
 *
 *   sealed  = key id (16 hex) base64(nonce(24) AEAD(text))     AD "yizhan-identity-v1" LF
 *   key id  = SHA-256("yizhan-identity-key-v1" LF key), the first 8 bytes
 *   wrapped = sealed box of the key, in base64, by the first 16 hex digits of the box's key */
#include <stdlib.h>
#include <string.h>
#include <yizhan/identity.h>
#include <yizhan/record.h>

enum {
  WRAPPED_B64 = 4 * ((YZ_IDENTITY_WRAPPED + 2) / 3),
  OVERHEAD = YZ_NONCE_LEN + YZ_AEAD_OVERHEAD,
  SEALED_MAX = YZ_IDENTITY_MAX + OVERHEAD
};
static const char AD[] = "yizhan-identity-v1\n";

void yz_identity_id(const unsigned char key[static YZ_BATCH_KEY_LEN], struct yz_identity_id *out) {
  static const char domain[] = "yizhan-identity-key-v1\n";
  const struct yz_part parts[] = {{domain, sizeof domain - 1}, {key, YZ_BATCH_KEY_LEN}};
  struct yz_hash hash;
  yz_sha256(parts, 2, &hash);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

struct yz_identity_id yz_identity_box(const struct yz_key *box) {
  struct yz_identity_id id;
  memcpy(id.bytes, box->bytes, sizeof id.bytes);
  return id;
}

/* --- texts ---------------------------------------------------------------- */

bool yz_identity_read(const char *sealed, size_t len, struct yz_identity_id *id) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  const size_t least = YZ_IDENTITY_HEX + 4 * ((OVERHEAD + 2) / 3);
  return len >= least && len <= YZ_IDENTITY_HEX + 4 * ((SEALED_MAX + 2) / 3) &&
         (len - YZ_IDENTITY_HEX) % 4 == 0 && strnlen(sealed, len) == len &&
         strspn(sealed + YZ_IDENTITY_HEX, letters) >= len - YZ_IDENTITY_HEX &&
         yz_from_hex(sealed, YZ_IDENTITY_HEX, id->bytes, YZ_IDENTITY_ID);
}

int yz_identity_seal(const unsigned char key[static YZ_BATCH_KEY_LEN],
                     const unsigned char nonce[static YZ_NONCE_LEN], const char *text, size_t len,
                     struct yz_buf *out) {
  struct yz_identity_id id;
  char hex[YZ_IDENTITY_HEX + 1];
  if (len > YZ_IDENTITY_MAX) return YZ_E_LIMIT;
  unsigned char *bytes = malloc(len + OVERHEAD);
  char *base64 = malloc(4 * ((len + OVERHEAD + 2) / 3) + 1);
  int rc = bytes && base64 ? YZ_OK : YZ_E_MEMORY;

  if (!rc) {
    yz_identity_id(key, &id);
    yz_to_hex(id.bytes, YZ_IDENTITY_ID, hex);
    memcpy(bytes, nonce, YZ_NONCE_LEN);
    yz_aead_seal(key, nonce, AD, sizeof AD - 1, text, len, bytes + YZ_NONCE_LEN);
    yz_to_base64(bytes, len + OVERHEAD, base64);
    rc = yz_buf_puts(out, hex);
    if (!rc) rc = yz_buf_puts(out, base64);
  }
  free(bytes);
  free(base64);
  return rc ? YZ_E_MEMORY : YZ_OK;
}

int yz_identity_open(const unsigned char key[static YZ_BATCH_KEY_LEN], const char *sealed,
                     size_t len, struct yz_buf *out) {
  struct yz_identity_id id;
  if (!yz_identity_read(sealed, len, &id)) return YZ_E_KEY;
  size_t room = 3 * ((len - YZ_IDENTITY_HEX) / 4);
  unsigned char *bytes = malloc(room), *text = malloc(room);
  int rc = bytes && text ? YZ_E_KEY : YZ_E_MEMORY;
  long n = rc == YZ_E_KEY
               ? yz_from_base64(sealed + YZ_IDENTITY_HEX, len - YZ_IDENTITY_HEX, bytes, room)
               : -1;

  if (n >= OVERHEAD && yz_aead_open(key, bytes, AD, sizeof AD - 1, bytes + YZ_NONCE_LEN,
                                    (size_t)n - YZ_NONCE_LEN, text)) {
    size_t opened = (size_t)n - OVERHEAD;
    if (yz_text_ok((char *)text, opened))
      rc = yz_buf_append(out, text, opened) ? YZ_E_MEMORY : YZ_OK;
    yz_wipe(text, room);
  }
  free(bytes);
  free(text);
  return rc;
}

/* --- keys ----------------------------------------------------------------- */

static bool set_hex(json_t *object, const char *name, const struct yz_identity_id *id) {
  char hex[YZ_IDENTITY_HEX + 1];
  yz_to_hex(id->bytes, YZ_IDENTITY_ID, hex);
  return json_object_set_new(object, name, json_string(hex)) == 0;
}

json_t *yz_identity_wrap(const unsigned char key[static YZ_BATCH_KEY_LEN],
                         const struct yz_key *boxes, size_t n) {
  struct yz_identity_id id;
  json_t *to = json_object(), *members = json_object();
  bool ok = to && members;

  for (size_t i = 0; ok && i < n; i++) {
    unsigned char wrapped[YZ_IDENTITY_WRAPPED];
    char hex[YZ_IDENTITY_HEX + 1], text[WRAPPED_B64 + 1];
    if (yz_box_seal(&boxes[i], key, YZ_BATCH_KEY_LEN, wrapped)) continue;
    yz_to_hex(boxes[i].bytes, YZ_IDENTITY_ID, hex);
    yz_to_base64(wrapped, sizeof wrapped, text);
    ok = json_object_set_new(to, hex, json_string(text)) == 0;
  }
  yz_identity_id(key, &id);
  ok = ok && set_hex(members, "key", &id) && json_object_set(members, "to", to) == 0;
  json_decref(to);
  if (ok) return members;
  json_decref(members);
  return NULL;
}

bool yz_identity_unwrap(const struct yz_secret *box, const struct yz_identity_id *id,
                        const unsigned char wrapped[static YZ_IDENTITY_WRAPPED],
                        unsigned char key[static YZ_BATCH_KEY_LEN]) {
  struct yz_identity_id is;
  if (!yz_box_open(box, wrapped, YZ_IDENTITY_WRAPPED, key)) return false;
  yz_identity_id(key, &is);
  return memcmp(&is, id, sizeof is) == 0;
}

static bool read_wrapped(const char *name, const json_t *value, struct yz_identity_id *box,
                         unsigned char wrapped[static YZ_IDENTITY_WRAPPED]) {
  return json_is_string(value) && yz_from_hex(name, strlen(name), box->bytes, YZ_IDENTITY_ID) &&
         yz_from_base64(json_string_value(value), json_string_length(value), wrapped,
                        YZ_IDENTITY_WRAPPED) == YZ_IDENTITY_WRAPPED;
}

int yz_identity_each(const json_t *record, struct yz_identity_id *id,
                     int (*fn)(void *arg, const struct yz_identity_id *id,
                               const struct yz_identity_id *box,
                               const unsigned char wrapped[static YZ_IDENTITY_WRAPPED]),
                     void *arg) {
  json_t *to = json_object_get(record, "to"), *value;
  unsigned char wrapped[YZ_IDENTITY_WRAPPED];
  struct yz_identity_id box;
  const char *name;
  int rc = 0;

  if (!json_is_object(to) || json_object_size(to) == 0 ||
      json_object_size(to) > YZ_IDENTITY_BOXES ||
      !yz_json_hex(record, "key", id->bytes, YZ_IDENTITY_ID))
    return YZ_E_FORMAT;
  json_object_foreach(to, name, value) {
    if (!read_wrapped(name, value, &box, wrapped)) return YZ_E_FORMAT;
  }
  json_object_foreach(to, name, value) {
    if (rc == 0 && read_wrapped(name, value, &box, wrapped)) rc = fn(arg, id, &box, wrapped);
  }
  return rc;
}
