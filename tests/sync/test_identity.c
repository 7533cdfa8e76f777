/* What tells who somebody is, sealed apart: a frozen text that another implementation made,
 * forgeries, and keys wrapped to boxes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <tests/harness/hex.h>
#include <yizhan/identity.h>
#include <yizhan/record.h>

static const unsigned char key[YZ_BATCH_KEY_LEN] = "sample key of thirty-two bytes!";
static const char text[] = "靐龘 55501234";
#define SEALED                                                                                     \
  "de25bb0d730bc635AAECAwQFBgcICQoLDA0ODxAREhMUFRYXdnneDrvnWPtalP56Mf317KK0ZS9g2ouIGB+PSEr81w=="

static int open_it(const unsigned char *with, const char *sealed, struct yz_buf *out) {
  yz_buf_clear(out);
  return yz_identity_open(with, sealed, strlen(sealed), out);
}

static void it_is_as_another_makes_it(void **state) {
  unsigned char nonce[YZ_NONCE_LEN];
  struct yz_identity_id id;
  struct yz_buf out = {0};
  char hex[YZ_IDENTITY_HEX + 1];
  (void)state;
  for (unsigned char i = 0; i < sizeof nonce; i++) nonce[i] = i;
  assert_int_equal(yz_identity_seal(key, nonce, text, strlen(text), &out), 0);
  assert_string_equal((char *)out.data, SEALED);
  assert_true(yz_identity_read(SEALED, strlen(SEALED), &id));
  yz_to_hex(id.bytes, YZ_IDENTITY_ID, hex);
  assert_string_equal(hex, "de25bb0d730bc635");
  assert_int_equal(open_it(key, SEALED, &out), 0);
  assert_string_equal((char *)out.data, text);
  yz_buf_finish(&out);
}

static void what_was_changed_does_not_open(void **state) {
  unsigned char other[YZ_BATCH_KEY_LEN] = {1};
  char sealed[] = SEALED;
  struct yz_buf out = {0};
  (void)state;
  assert_int_equal(open_it(other, SEALED, &out), YZ_E_KEY);
  for (size_t i = 0; i + 2 < strlen(sealed); i++) {
    if (i < YZ_IDENTITY_HEX) continue; /* the key's id: whose key is tried, no more */
    char was = sealed[i];
    sealed[i] = was == 'A' ? 'B' : 'A';
    assert_int_equal(open_it(key, sealed, &out), YZ_E_KEY);
    sealed[i] = was;
  }
  assert_int_equal(open_it(key, sealed, &out), 0);
  yz_buf_finish(&out);
}

static void what_has_not_its_form_is_none(void **state) {
  static const char capital[] =
      "DE25bb0d730bc635AAECAwQFBgcICQoLDA0ODxAREhMUFRYXdnneDrvnWPtalP56Mf31"
      "7KK0ZS9g2ouIGB+PSEr81w==";
  static const char *const none[] = {
      "", "de25bb0d730bc635", "de25bb0d730bc635AAEC", capital,
      "靐龘某甲 who lives at the end of the road, behind the school, left"};
  struct yz_identity_id id;
  struct yz_buf out = {0};
  (void)state;
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    assert_false(yz_identity_read(none[i], strlen(none[i]), &id));
    assert_int_equal(open_it(key, none[i], &out), YZ_E_KEY);
  }
  assert_false(yz_identity_read(SEALED, strlen(SEALED) - 1, &id));
  assert_false(
      yz_identity_read("de25bb0d730bc635\0AECAwQFBgcICQoLDA0ODxAREhMUFRYXdnneDrvnWPtalP56Mf31"
                       "7KK0ZS9g2ouIGB+PSEr81w==",
                       strlen(SEALED), &id));
  yz_buf_finish(&out);
}

/* What its holder sealed may still be no text. */
static void only_text_opens(void **state) {
  const unsigned char nonce[YZ_NONCE_LEN] = {7};
  struct yz_buf sealed = {0}, out = {0};
  char *large = calloc(1, YZ_IDENTITY_MAX + 1);
  (void)state;
  assert_non_null(large);
  memset(large, 'x', YZ_IDENTITY_MAX + 1);
  assert_int_equal(yz_identity_seal(key, nonce, "\001", 1, &sealed), 0);
  assert_int_equal(open_it(key, (char *)sealed.data, &out), YZ_E_KEY);
  yz_buf_clear(&sealed);
  assert_int_equal(yz_identity_seal(key, nonce, large, YZ_IDENTITY_MAX, &sealed), 0);
  assert_int_equal(open_it(key, (char *)sealed.data, &out), 0);
  assert_int_equal(out.len, YZ_IDENTITY_MAX);
  assert_int_equal(yz_identity_seal(key, nonce, large, YZ_IDENTITY_MAX + 1, &sealed), YZ_E_LIMIT);
  free(large);
  yz_buf_finish(&sealed);
  yz_buf_finish(&out);
}

/* --- keys ------------------------------------------------------------------ */

static struct yz_secret *worker(unsigned char first, struct yz_key *box) {
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  struct yz_key signer;
  assert_non_null(seed);
  for (size_t i = 0; i < seed->len; i++) seed->bytes[i] = (unsigned char)(first + i);
  yz_sign_public(seed, &signer);
  assert_true(yz_box_of_signer(&signer, box));
  struct yz_secret *own = yz_box_of_seed(seed);
  yz_secret_destroy(seed);
  return own;
}

/* The numbers are of another implementation, for the seed 00…1f. */
static void a_signer_has_a_box(void **state) {
  struct yz_key box, again, none = {{0}};
  struct yz_secret *own = worker(0, &box);
  (void)state;
  hex_assert(own->bytes, own->len,
             "3894eea49c580aef816935762be049559d6d1440dede12e6a125f1841fff8e6f");
  hex_assert(box.bytes, YZ_KEY_LEN,
             "4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01");
  yz_box_public(own, &again);
  assert_memory_equal(&again, &box, sizeof box);
  assert_false(yz_box_of_signer(&none, &again));
  yz_secret_destroy(own);
}

struct opening {
  const struct yz_secret *box;
  struct yz_identity_id mine;
  size_t seen;
  bool opened;
};

static int try_one(void *arg, const struct yz_identity_id *id, const struct yz_identity_id *box,
                   const unsigned char wrapped[static YZ_IDENTITY_WRAPPED]) {
  struct opening *o = arg;
  unsigned char out[YZ_BATCH_KEY_LEN];
  bool mine = memcmp(box, &o->mine, sizeof *box) == 0;
  o->seen++;
  assert_true(yz_identity_unwrap(o->box, id, wrapped, out) == mine);
  if (mine) assert_memory_equal(out, key, sizeof out);
  o->opened |= mine;
  return 0;
}

static void a_key_opens_for_whom_it_is_wrapped(void **state) {
  struct yz_key boxes[2];
  struct yz_secret *a = worker(0, &boxes[0]), *b = worker(9, &boxes[1]);
  struct yz_identity_id id, is;
  struct opening o = {.box = b, .mine = yz_identity_box(&boxes[1])};
  json_t *record = yz_identity_wrap(key, boxes, 2);
  (void)state;
  assert_int_equal(yz_identity_each(record, &id, try_one, &o), 0);
  yz_identity_id(key, &is);
  assert_memory_equal(&id, &is, sizeof id);
  assert_int_equal(o.seen, 2);
  assert_true(o.opened);
  json_decref(record);
  yz_secret_destroy(a);
  yz_secret_destroy(b);
}

/* Who says that it is another's key is not believed. */
static void another_key_is_seen(void **state) {
  unsigned char wrapped[YZ_IDENTITY_WRAPPED], other[YZ_BATCH_KEY_LEN] = {1}, out[YZ_BATCH_KEY_LEN];
  struct yz_key box;
  struct yz_secret *own = worker(0, &box);
  struct yz_identity_id id;
  (void)state;
  yz_identity_id(key, &id);
  assert_int_equal(yz_box_seal(&box, other, sizeof other, wrapped), 0);
  assert_false(yz_identity_unwrap(own, &id, wrapped, out));
  yz_secret_destroy(own);
}

static void records_of_another_form_say_nothing(void **state) {
  static const char *const records[] = {
      "{}",
      "{\"key\":\"de25bb0d730bc635\"}",
      "{\"key\":\"de25bb0d730bc635\",\"to\":{}}",
      "{\"key\":\"de25bb0d730bc635\",\"to\":[]}",
      "{\"key\":\"de25bb0d730bc635\",\"to\":{\"0000000000000000\":\"AAAA\"}}",
      "{\"key\":\"de25bb0d730bc635\",\"to\":{\"0000000000000000\":1}}",
      "{\"key\":\"de25bb\",\"to\":{\"0000000000000000\":\"AAAA\"}}",
  };
  struct opening o = {0};
  struct yz_identity_id id;
  (void)state;
  for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
    json_t *json;
    assert_int_equal(yz_json_parse(records[i], strlen(records[i]), &json, NULL), 0);
    assert_int_equal(yz_identity_each(json, &id, try_one, &o), YZ_E_FORMAT);
    json_decref(json);
  }
  assert_int_equal(o.seen, 0);
}

int main(void) {
  if (yz_crypto_init() != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_as_another_makes_it),
      cmocka_unit_test(what_was_changed_does_not_open),
      cmocka_unit_test(what_has_not_its_form_is_none),
      cmocka_unit_test(only_text_opens),
      cmocka_unit_test(a_signer_has_a_box),
      cmocka_unit_test(a_key_opens_for_whom_it_is_wrapped),
      cmocka_unit_test(another_key_is_seen),
      cmocka_unit_test(records_of_another_form_say_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
