/* Pieces of what is too large for a record: FORMAT.md §18.
 *
 *   XChaCha20-Poly1305, nonce: the piece's number in its last eight bytes, zeros before
 *   additional data: "yizhan-piece-v1" LF number SP how many LF */
#include <stdio.h>
#include <string.h>
#include <yizhan/piece.h>

enum { FOLDER = 2, NAME = YZ_HASH_HEX - FOLDER, AD_ROOM = 64 };

static size_t bind(size_t i, size_t n, unsigned char nonce[static YZ_NONCE_LEN],
                   char ad[static AD_ROOM]) {
  memset(nonce, 0, YZ_NONCE_LEN);
  for (size_t b = 0; b < sizeof(uint64_t); b++)
    nonce[YZ_NONCE_LEN - 1 - b] = (unsigned char)((uint64_t)i >> (8 * b));
  return (size_t)snprintf(ad, AD_ROOM, "yizhan-piece-v1\n%zu %zu\n", i, n);
}

void yz_piece_seal(const unsigned char key[static YZ_BATCH_KEY_LEN], size_t i, size_t n,
                   const void *bytes, size_t len, unsigned char *out) {
  unsigned char nonce[YZ_NONCE_LEN];
  char ad[AD_ROOM];
  size_t ad_len = bind(i, n, nonce, ad);
  yz_aead_seal(key, nonce, ad, ad_len, bytes, len, out);
}

bool yz_piece_open(const unsigned char key[static YZ_BATCH_KEY_LEN], size_t i, size_t n,
                   const void *sealed, size_t len, unsigned char *out) {
  unsigned char nonce[YZ_NONCE_LEN];
  char ad[AD_ROOM];
  size_t ad_len = bind(i, n, nonce, ad);
  return len > YZ_AEAD_OVERHEAD && len <= YZ_MAX_PIECE &&
         yz_aead_open(key, nonce, ad, ad_len, sealed, len, out);
}

void yz_piece_hash(const void *sealed, size_t len, struct yz_hash *out) {
  const struct yz_part part = {sealed, len};
  yz_sha256(&part, 1, out);
}

void yz_piece_path(const struct yz_hash *piece, char out[static YZ_MAX_PATH]) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(piece->bytes, YZ_HASH_LEN, hex);
  (void)snprintf(out, YZ_MAX_PATH, "%.*s/%s", FOLDER, hex, hex + FOLDER);
}

bool yz_piece_path_read(const char *path, struct yz_hash *out) {
  char hex[YZ_HASH_HEX + 1];
  if (strlen(path) != YZ_HASH_HEX + 1 || path[FOLDER] != '/') return false;
  memcpy(hex, path, FOLDER);
  memcpy(hex + FOLDER, path + FOLDER + 1, NAME + 1);
  return yz_from_hex(hex, YZ_HASH_HEX, out->bytes, YZ_HASH_LEN);
}

bool yz_pieces_read(const json_t *record, struct yz_hash out[static YZ_MAX_PIECES], size_t *n) {
  const json_t *pieces = json_object_get(record, "pieces"), *piece;
  size_t i;

  *n = 0;
  if (pieces == NULL) return true;
  if (!json_is_array(pieces) || json_array_size(pieces) == 0 ||
      json_array_size(pieces) > YZ_MAX_PIECES)
    return false;
  json_array_foreach(pieces, i, piece) {
    const char *hex = json_string_value(piece);
    if (hex == NULL || !yz_from_hex(hex, json_string_length(piece), out[i].bytes, YZ_HASH_LEN))
      return false;
    for (size_t k = 0; k < i; k++)
      if (yz_equal(&out[k], &out[i], sizeof out[i])) return false;
  }
  *n = json_array_size(pieces);
  return true;
}
