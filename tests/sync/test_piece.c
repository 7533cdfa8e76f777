/* Pieces: sealed so that each opens in its place and nowhere else; named by their hashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <yizhan/piece.h>
#include <yizhan/record.h>

static const unsigned char key[YZ_BATCH_KEY_LEN] = "sample key of thirty-two bytes!";

static void it_opens_in_its_place_alone(void **state) {
  unsigned char sealed[64 + YZ_AEAD_OVERHEAD], plain[64], other[YZ_BATCH_KEY_LEN] = {1};
  const char text[] = "a piece";
  size_t len = sizeof text + YZ_AEAD_OVERHEAD;
  (void)state;
  yz_piece_seal(key, 2, 3, text, sizeof text, sealed);
  assert_true(yz_piece_open(key, 2, 3, sealed, len, plain));
  assert_memory_equal(plain, text, sizeof text);
  assert_false(yz_piece_open(key, 1, 3, sealed, len, plain));
  assert_false(yz_piece_open(key, 2, 2, sealed, len, plain));
  assert_false(yz_piece_open(other, 2, 3, sealed, len, plain));
  assert_false(yz_piece_open(key, 2, 3, sealed, len - 1, plain));
  assert_false(yz_piece_open(key, 2, 3, sealed, YZ_AEAD_OVERHEAD, plain));
  sealed[3] ^= 1;
  assert_false(yz_piece_open(key, 2, 3, sealed, len, plain));
}

/* One byte more than the largest is looked at no further. */
static void none_is_larger_than_the_largest(void **state) {
  unsigned char *plain = calloc(1, YZ_PIECE + 1), *sealed = malloc(YZ_MAX_PIECE + 1);
  (void)state;
  assert_non_null(plain);
  assert_non_null(sealed);
  yz_piece_seal(key, 1, 1, plain, YZ_PIECE, sealed);
  assert_true(yz_piece_open(key, 1, 1, sealed, YZ_MAX_PIECE, plain));
  yz_piece_seal(key, 1, 1, plain, YZ_PIECE + 1, sealed);
  assert_false(yz_piece_open(key, 1, 1, sealed, YZ_MAX_PIECE + 1, plain));
  free(plain);
  free(sealed);
}

static void a_path_is_a_hash(void **state) {
  char path[YZ_MAX_PATH];
  struct yz_hash hash, again;
  (void)state;
  yz_piece_hash("x", 1, &hash);
  yz_piece_path(&hash, path);
  assert_string_equal(path, "2d/711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
  assert_true(yz_piece_path_read(path, &again));
  assert_memory_equal(&hash, &again, sizeof hash);
  static const char *const others[] = {
      "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
      "2D/711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
      "../711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
      "2d/711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a488",
      "2d/711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a48811",
      "1/7.jsonl",
      ""};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_false(yz_piece_path_read(others[i], &again));
}

static json_t *named(size_t n, const char *last) {
  char hex[YZ_HASH_HEX + 1];
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++) {
    struct yz_hash hash;
    yz_piece_hash(&i, sizeof i, &hash);
    yz_to_hex(hash.bytes, YZ_HASH_LEN, hex);
    assert_int_equal(json_array_append_new(list, json_string(hex)), 0);
  }
  if (last != NULL) assert_int_equal(json_array_append_new(list, json_string(last)), 0);
  return json_pack("{s:o}", "pieces", list);
}

static bool reads(json_t *record, size_t *n) {
  struct yz_hash pieces[YZ_MAX_PIECES];
  bool good = yz_pieces_read(record, pieces, n);
  json_decref(record);
  return good;
}

static void a_record_names_so_many(void **state) {
  size_t n = 7;
  (void)state;
  assert_true(reads(json_object(), &n));
  assert_int_equal(n, 0);
  assert_true(reads(named(YZ_MAX_PIECES, NULL), &n));
  assert_int_equal(n, YZ_MAX_PIECES);
  assert_false(reads(named(YZ_MAX_PIECES + 1, NULL), &n));
  assert_false(reads(named(0, NULL), &n));
  assert_false(reads(named(1, "2d71"), &n));
  assert_false(reads(json_pack("{s:s}", "pieces", "x"), &n));
  struct yz_hash first;
  char hex[YZ_HASH_HEX + 1];
  size_t zero = 0;
  yz_piece_hash(&zero, sizeof zero, &first);
  yz_to_hex(first.bytes, YZ_HASH_LEN, hex);
  assert_false(reads(named(2, hex), &n));
}

static int start(void **state) {
  (void)state;
  return yz_crypto_init();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_opens_in_its_place_alone),
      cmocka_unit_test(none_is_larger_than_the_largest),
      cmocka_unit_test(a_path_is_a_hash),
      cmocka_unit_test(a_record_names_so_many),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}
