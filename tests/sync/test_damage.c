/* Damage: whatever byte of something signed or sealed changes, wherever it is cut
 * off, it does not count, and nothing beyond its end is read (the bytes lie in
 * memory of exactly their size). The whole ones are test vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/harness/tmp.h"
#include <yizhan/segment.h>

#define VECTORS YIZHAN_SOURCE_DIR "/tests/vectors/"

/* One vector: its bytes, its entry in the manifest, and how to judge bytes like it. */
struct victim {
  const char *file;
  bool (*counts)(const json_t *entry, const char *bytes, size_t len);
};

static void hex(const json_t *entry, const char *name, void *out, size_t n) {
  assert_true(yz_json_hex(entry, name, out, n));
}

static bool record_counts(const json_t *entry, const char *bytes, size_t len) {
  struct yz_record record;
  struct yz_hash prev, id;
  hex(entry, "prev", prev.bytes, YZ_HASH_LEN);
  if (len == 0 || bytes[len - 1] != '\n' || yz_record_read(bytes, len - 1, &record, NULL))
    return false;
  yz_record_id(&prev, record.bytes, record.len, &id);
  return yz_record_signed(&record, &id);
}

static bool segment_counts(const json_t *entry, const char *bytes, size_t len) {
  struct yz_segment *s = malloc(sizeof *s);
  struct yz_key node;
  const char *rule;
  hex(entry, "node", node.bytes, YZ_KEY_LEN);
  bool good = yz_segment_read(bytes, len, s, &rule, NULL) == 0;
  assert_true(good == (rule == NULL));
  good = good && yz_segment_signed(s, &node);
  for (size_t i = 0; good && i < s->n; i++) good = yz_record_signed(&s->records[i], &s->ids[i]);
  free(s);
  return good;
}

static bool batch_counts(const json_t *entry, const char *bytes, size_t len) {
  unsigned char key[YZ_BATCH_KEY_LEN];
  struct yz_buf items = {0};
  struct yz_id log;
  int64_t first, last;
  hex(entry, "key", key, sizeof key);
  hex(entry, "log", log.bytes, YZ_ID_LEN);
  assert_true(yz_json_int(entry, "first", &first));
  assert_true(yz_json_int(entry, "last", &last));
  int rc = yz_batch_open(bytes, len, &log, first, last, "village", key, &items, NULL);
  yz_buf_finish(&items);
  return rc == 0;
}

static bool ack_counts(const json_t *entry, const char *bytes, size_t len) {
  struct yz_ack ack;
  struct yz_key node;
  hex(entry, "node", node.bytes, YZ_KEY_LEN);
  if (yz_ack_read(bytes, len, &node, &ack, NULL)) return false;
  yz_ack_finish(&ack);
  return true;
}

/* The first bytes of a keys file up to our own sealed key, and that key: other
 * receivers' keys are not our concern. */
static bool keys_count(const json_t *entry, const char *bytes, size_t len) {
  unsigned char key[YZ_BATCH_KEY_LEN], expected[YZ_BATCH_KEY_LEN];
  struct yz_secret *box = yz_secret_create(YZ_SEED_LEN);
  struct yz_id log;
  int64_t first;
  hex(entry, "box", box->bytes, YZ_SEED_LEN);
  hex(entry, "log", log.bytes, YZ_ID_LEN);
  hex(entry, "key", expected, sizeof expected);
  assert_true(yz_json_int(entry, "first", &first));
  int rc = yz_keys_read(bytes, len, &log, first, "village", box, key, NULL);
  yz_secret_destroy(box);
  if (rc == 0) assert_memory_equal(key, expected, sizeof key);
  return rc == 0;
}

static json_t *manifest_entry(const char *file) {
  struct yz_buf text = {0};
  json_t *each, *found = NULL;
  size_t i;
  tmp_read(VECTORS "manifest.json", &text);
  json_t *all = json_loadb((char *)text.data, text.len, 0, NULL);
  assert_non_null(all);
  json_array_foreach(all, i, each) {
    if (strcmp(yz_json_string(each, "file"), file) == 0) found = json_incref(each);
  }
  json_decref(all);
  yz_buf_finish(&text);
  assert_non_null(found);
  return found;
}

static bool judge(const struct victim *v, const json_t *entry, const unsigned char *bytes,
                  size_t len) {
  char *exact = malloc(len ? len : 1);
  assert_non_null(exact);
  if (len) memcpy(exact, bytes, len);
  bool good = v->counts(entry, exact, len);
  free(exact);
  return good;
}

static void read_victim(const struct victim *v, struct yz_buf *bytes) {
  char path[TMP_PATH];
  tmp_join(path, VECTORS, v->file);
  tmp_read(path, bytes);
}

static void every_cut(void **state) {
  const struct victim *v = *state;
  struct yz_buf b = {0};
  json_t *entry = manifest_entry(v->file);
  read_victim(v, &b);
  assert_true(judge(v, entry, b.data, b.len));
  for (size_t len = 0; len < b.len; len++)
    if (judge(v, entry, b.data, len)) fail_msg("%s counts cut to %zu bytes", v->file, len);
  json_decref(entry);
  yz_buf_finish(&b);
}

static void every_flip(void **state) {
  static const unsigned char flips[] = {0x01, 0x20, 0x80};
  const struct victim *v = *state;
  struct yz_buf b = {0};
  json_t *entry = manifest_entry(v->file);
  read_victim(v, &b);
  for (size_t i = 0; i < b.len; i++)
    for (size_t f = 0; f < sizeof flips; f++) {
      b.data[i] ^= flips[f];
      bool good = judge(v, entry, b.data, b.len);
      /* What is sealed to others in a keys file is theirs to check. */
      if (good && v->counts != keys_count)
        fail_msg("%s counts with byte %zu changed by %02x", v->file, i, flips[f]);
      b.data[i] ^= flips[f];
    }
  json_decref(entry);
  yz_buf_finish(&b);
}

static struct victim victims[] = {{"valid/record-plain.jsonl", record_counts},
                                  {"valid/record-content.jsonl", record_counts},
                                  {"valid/segment-middle.jsonl", segment_counts},
                                  {"valid/batch-two.bin", batch_counts},
                                  {"valid/ack-full.json", ack_counts},
                                  {"valid/keys-two.json", keys_count}};

int main(void) {
  enum { N = sizeof victims / sizeof *victims };
  struct CMUnitTest tests[2 * N];
  static char names[2 * N][64];
  assert_int_equal(yz_crypto_init(), 0);
  for (size_t i = 0; i < 2 * N; i++) {
    const struct victim *v = &victims[i / 2];
    snprintf(names[i], sizeof names[i], "%s %s", i % 2 ? "flips of" : "cuts of", v->file);
    tests[i] = (struct CMUnitTest){.name = names[i],
                                   .test_func = i % 2 ? every_flip : every_cut,
                                   .initial_state = &victims[i / 2]};
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
