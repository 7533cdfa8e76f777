/* Pieces of attachments (sync/piece.c; FORMAT.md §18), and what a file is by its first bytes
 * (node/sniff.c). The first byte says what the rest is: `p` a path in files/, `r` a record object,
 * `s` a sealed piece, anything else the beginning of a file. */
#include "node/sniff.h"
#include "tests/fuzz/fuzz.h"

#include <yizhan/piece.h>

static void look_at_path(const char *bytes, size_t n) {
  struct yz_hash piece;
  char path[YZ_MAX_PATH + 1] = "", again[YZ_MAX_PATH];
  if (n > YZ_MAX_PATH) return;
  memcpy(path, bytes, n);
  if (!yz_piece_path_read(path, &piece)) return;
  yz_piece_path(&piece, again);
  FUZZ_HOLDS(strcmp(path, again) == 0);
}

static void look_at_record(const char *bytes, size_t n) {
  struct yz_hash pieces[YZ_MAX_PIECES];
  json_t *json = NULL;
  size_t count;
  if (yz_json_parse(bytes, n, &json, NULL) != 0) return;
  bool good = yz_pieces_read(json, pieces, &count);
  const json_t *list = json_object_get(json, "pieces");
  FUZZ_HOLDS(good || list != NULL);
  FUZZ_HOLDS(!good || count == json_array_size(list));
  for (size_t i = 0; good && i < count; i++) {
    char hex[YZ_HASH_HEX + 1];
    yz_to_hex(pieces[i].bytes, YZ_HASH_LEN, hex);
    FUZZ_HOLDS(strcmp(hex, json_string_value(json_array_get(list, i))) == 0);
    for (size_t k = 0; k < i; k++) FUZZ_HOLDS(memcmp(&pieces[i], &pieces[k], sizeof *pieces) != 0);
  }
  json_decref(json);
}

/* It opens as what was sealed, and as no other; what was not sealed does not open. */
static void look_at_piece(const unsigned char *bytes, size_t n) {
  static const unsigned char key[YZ_BATCH_KEY_LEN] = {7};
  unsigned char sealed[YZ_MAX_PIECE], plain[YZ_PIECE];
  FUZZ_HOLDS(!yz_piece_open(key, 1, 2, bytes, n, plain));
  if (n == 0 || n > YZ_PIECE) return;
  yz_piece_seal(key, 1, 2, bytes, n, sealed);
  size_t len = n + YZ_AEAD_OVERHEAD;
  FUZZ_HOLDS(yz_piece_open(key, 1, 2, sealed, len, plain) && memcmp(plain, bytes, n) == 0);
  FUZZ_HOLDS(!yz_piece_open(key, 2, 2, sealed, len, plain));
  FUZZ_HOLDS(!yz_piece_open(key, 1, 3, sealed, len, plain));
  sealed[bytes[0] % len] ^= 1;
  FUZZ_HOLDS(!yz_piece_open(key, 1, 2, sealed, len, plain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char what = size > 0 ? (char)data[0] : ' ';
  FUZZ_HOLDS(yz_crypto_init() == 0);
  if (what == 'p') look_at_path((const char *)data + 1, size - 1);
  if (what == 'r') look_at_record((const char *)data + 1, size - 1);
  if (what == 's') look_at_piece(data + 1, size - 1);
  (void)sniff_media(data, size);
  (void)sniff_tells(data, size);
  return 0;
}
