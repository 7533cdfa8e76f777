/* The frozen bytes of tests/vectors, judged by the library. verify.py judges the
 * same ones, written from FORMAT.md alone: the two must agree. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "story.h"
#include "tests/harness/run.h"
#include "tests/harness/tmp.h"
#include <yizhan/roster.h>

#define VECTORS YIZHAN_SOURCE_DIR "/tests/vectors/"

static void read_vector(const char *file, struct yz_buf *out) {
  char path[TMP_PATH];
  tmp_join(path, VECTORS, file);
  tmp_read(path, out);
}

static void hex(const json_t *entry, const char *name, void *out, size_t n) {
  assert_true(yz_json_hex(entry, name, out, n));
}

static int64_t number(const json_t *entry, const char *name) {
  int64_t n;
  assert_true(yz_json_int(entry, name, &n));
  return n;
}

/* --- one file: NULL, or the rule that it breaks ----------------------- */

static const char *say_json(const json_t *entry, const struct yz_buf *b) {
  json_t *json;
  (void)entry;
  if (yz_json_parse((char *)b->data, b->len, &json, NULL)) return "json";
  json_decref(json);
  return NULL;
}

static const char *say_record(const json_t *entry, const struct yz_buf *b) {
  struct yz_record record;
  struct yz_members members;
  struct yz_hash prev, id, expected;

  hex(entry, "prev", prev.bytes, YZ_HASH_LEN);
  if (b->len == 0 || b->data[b->len - 1] != '\n') return "segment.syntax";
  int rc = yz_record_read((char *)b->data, b->len - 1, &record, NULL);
  if (rc) return rc == YZ_E_VERSION ? "segment.version" : "segment.syntax";
  yz_record_id(&prev, record.bytes, record.len, &id);
  if (!yz_record_signed(&record, &id)) return "record.signature";
  if (yz_record_parse(record.bytes, record.len, &members, NULL)) return "record.syntax";
  yz_members_finish(&members);
  hex(entry, "id", expected.bytes, YZ_HASH_LEN);
  return memcmp(&id, &expected, sizeof id) == 0 ? NULL : "another id";
}

static const char *say_segment(const json_t *entry, const struct yz_buf *b) {
  struct yz_segment *s = malloc(sizeof *s);
  struct yz_key node;
  const char *rule;

  hex(entry, "node", node.bytes, YZ_KEY_LEN);
  if (!yz_segment_read((char *)b->data, b->len, s, &rule, NULL) && !yz_segment_signed(s, &node))
    rule = "segment.signature";
  free(s);
  return rule;
}

/* The rule that an opened batch breaks for the records that name these hashes. */
static const char *say_items(const json_t *hashes, const struct yz_buf *items) {
  struct yz_content content;
  struct yz_hash hash, expected;
  size_t at = 0, found = 0;
  int64_t seq;
  char name[24];
  json_t *json;
  int rc;

  while ((rc = yz_batch_next(items, &at, &seq, &content, NULL)) > 0) {
    snprintf(name, sizeof name, "%lld", (long long)seq);
    if (!json_object_get(hashes, name)) continue;
    hex(hashes, name, expected.bytes, YZ_HASH_LEN);
    yz_content_hash(&content, &hash);
    if (memcmp(&hash, &expected, sizeof hash) != 0 ||
        yz_json_parse(content.bytes, content.len, &json, NULL))
      return "content.hash";
    json_decref(json);
    found++;
  }
  return rc == 0 && found == json_object_size(hashes) ? NULL : "content.missing";
}

static const char *say_batch(const json_t *entry, const struct yz_buf *b) {
  unsigned char key[YZ_BATCH_KEY_LEN];
  struct yz_buf items = {0};
  struct yz_id log;

  hex(entry, "key", key, sizeof key);
  hex(entry, "log", log.bytes, YZ_ID_LEN);
  const char *rule = "content.missing";
  if (!yz_batch_open(b->data, b->len, &log, number(entry, "first"), number(entry, "last"),
                     yz_json_string(entry, "audience"), key, &items, NULL))
    rule = say_items(json_object_get(entry, "hashes"), &items);
  yz_buf_finish(&items);
  return rule;
}

static const char *say_keys(const json_t *entry, const struct yz_buf *b) {
  unsigned char key[YZ_BATCH_KEY_LEN], expected[YZ_BATCH_KEY_LEN];
  struct yz_secret *box = yz_secret_create(YZ_SEED_LEN);
  struct yz_id log;

  hex(entry, "box", box->bytes, YZ_SEED_LEN);
  hex(entry, "log", log.bytes, YZ_ID_LEN);
  hex(entry, "key", expected, sizeof expected);
  int rc = yz_keys_read((char *)b->data, b->len, &log, number(entry, "first"),
                        yz_json_string(entry, "audience"), box, key, NULL);
  yz_secret_destroy(box);
  return rc || memcmp(key, expected, sizeof key) != 0 ? "keys" : NULL;
}

static const char *say_epoch(const json_t *entry, const struct yz_buf *b) {
  struct yz_id log;
  int64_t n;
  hex(entry, "log", log.bytes, YZ_ID_LEN);
  if (yz_epoch_read((char *)b->data, b->len, &log, &n, NULL)) return "keys.epoch";
  return n == number(entry, "n") ? NULL : "another number";
}

static const char *say_ack(const json_t *entry, const struct yz_buf *b) {
  struct yz_ack ack;
  struct yz_key node;
  hex(entry, "node", node.bytes, YZ_KEY_LEN);
  int rc = yz_ack_read((char *)b->data, b->len, &node, &ack, NULL);
  if (rc) return rc == YZ_E_SIGNATURE ? "ack.signature" : "ack.syntax";
  yz_ack_finish(&ack);
  return NULL;
}

static const char *say_invitation(const json_t *entry, const struct yz_buf *b) {
  struct yz_invitation invitation;
  (void)entry;
  return yz_invitation_read((char *)b->data, b->len, &invitation, NULL) ? "invitation" : NULL;
}

static const char *say_paths(const json_t *entry, const struct yz_buf *b) {
  bool good = strcmp(yz_json_string(entry, "expect"), "ok") == 0;
  json_t *json = json_loadb((char *)b->data, b->len, 0, NULL), *each;
  size_t i;

  assert_non_null(json);
  json_array_foreach(json, i, each) {
    const char *path = json_string_value(good ? json_array_get(each, 2) : each), *ending;
    char made[YZ_MAX_PATH];
    int64_t first;
    assert_int_equal(yz_path_read(path, &first, &ending), good);
    if (!good) continue;
    assert_int_equal(first, json_integer_value(json_array_get(each, 0)));
    assert_string_equal(ending, json_string_value(json_array_get(each, 1)));
    yz_path_of(first, ending, made);
    assert_string_equal(made, path);
  }
  json_decref(json);
  return good ? NULL : "paths";
}

static const char *say_story(const json_t *entry, const struct yz_buf *b) {
  json_t *story = json_loadb((char *)b->data, b->len, 0, NULL);
  assert_non_null(story);
  int differences = story_play(yz_json_string(entry, "file"), story);
  json_decref(story);
  return differences ? "otherwise" : "as told";
}

/* --- all -------------------------------------------------------------- */

static const struct kind {
  const char *name;
  const char *(*say)(const json_t *entry, const struct yz_buf *bytes);
  size_t least; /* how many there are, at least */
} kinds[] = {
    {"json", say_json, 35},       {"record", say_record, 40},
    {"segment", say_segment, 20}, {"batch", say_batch, 18},
    {"keys", say_keys, 10},       {"epoch", say_epoch, 6},
    {"ack", say_ack, 18},         {"invitation", say_invitation, 20},
    {"paths", say_paths, 2},      {"scenario", say_story, 35},
};

static void vectors_of_a_kind(void **state) {
  const struct kind *kind = *state;
  struct yz_buf text = {0};
  size_t i, n = 0, wrong = 0;
  json_t *each;

  read_vector("manifest.json", &text);
  json_t *manifest = json_loadb((char *)text.data, text.len, 0, NULL);
  assert_non_null(manifest);
  json_array_foreach(manifest, i, each) {
    if (strcmp(yz_json_string(each, "kind"), kind->name) != 0) continue;
    struct yz_buf bytes = {0};
    read_vector(yz_json_string(each, "file"), &bytes);
    const char *said = kind->say(each, &bytes), *expected = yz_json_string(each, "expect");
    said = said ? said : "ok";
    if (strcmp(said, expected) != 0) {
      fprintf(stderr, "%s: said %s, not %s\n", yz_json_string(each, "file"), said, expected);
      wrong++;
    }
    n++;
    yz_buf_finish(&bytes);
  }
  json_decref(manifest);
  yz_buf_finish(&text);
  assert_int_equal(wrong, 0);
  assert_true(n >= kind->least);
}

static void the_verifier_agrees(void **state) {
  struct run r = {0};
  (void)state;
  run(&r, NULL,
      (const char *[]){YIZHAN_PYTHON, "-B", YIZHAN_SOURCE_DIR "/tests/verifier/verify.py",
                       "--vector", VECTORS "manifest.json", NULL});
  if (r.status != 0) fprintf(stderr, "%s%s", (char *)r.out.data, (char *)r.err.data);
  assert_int_equal(r.status, 0);
  run_finish(&r);
}

int main(void) {
  enum { KINDS = sizeof kinds / sizeof *kinds };
  struct CMUnitTest tests[KINDS + 1];
  assert_int_equal(yz_crypto_init(), 0);
  for (size_t i = 0; i < KINDS; i++)
    tests[i] = (struct CMUnitTest){.name = kinds[i].name,
                                   .test_func = vectors_of_a_kind,
                                   .initial_state = (void *)(uintptr_t)&kinds[i]};
  tests[KINDS] = (struct CMUnitTest)cmocka_unit_test(the_verifier_agrees);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
