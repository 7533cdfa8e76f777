/* A line of another ledger inside a record of the hub: what is not exactly what its author signed,
 * at the place named, has no effect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yizhan/carried.h>
#include <yizhan/segment.h>

#include "sample.h"

static const char WORDS[] = "{\"text\":\"已疏通\"}";
static const unsigned char KEY[YZ_CONTENT_KEY_LEN] = "sixteen bytes...";

static struct sample node, worker;
static struct sample_log log_;
static struct yz_hash before, opening;

static json_t *with_words(json_t *plain, const char *words) {
  struct yz_content c = {.bytes = words, .len = strlen(words)};
  struct yz_hash hash;
  memcpy(c.key, KEY, sizeof KEY);
  yz_content_hash(&c, &hash);
  json_object_set_new(plain, "content",
                      json_pack("{s:o}", "village", sample_hex(&hash, sizeof hash)));
  return plain;
}

static void add(const char *type, json_t *plain) {
  before = log_.head.id;
  sample_add(&log_, &worker, type, plain);
}

static json_t *of_case(const struct yz_hash *id) {
  return json_pack("{s:o,s:[]}", "case", sample_hex(id, sizeof *id), "heads");
}

static int start(void **state) {
  (void)state;
  sample_init(&node, 'n');
  sample_init(&worker, 'w');
  sample_log_init(&log_, &node, 'L', 'I');
  sample_begin(&log_, NULL, NULL);
  add("case.open", json_pack("{s:s}", "number", "QS3-26-0001-1"));
  opening = log_.head.id;
  add("case.note", with_words(of_case(&opening), WORDS));
  return 0;
}

static int stop(void **state) {
  (void)state;
  sample_log_finish(&log_);
  sample_finish(&node);
  sample_finish(&worker);
  return 0;
}

/* A carry of the last line, as a hub writes it. */
static json_t *carry(void) {
  return json_pack("{s:s,s:o,s:o,s:I,s:o,s:s%}", "type", "case.carry", "case",
                   sample_hex(&opening, sizeof opening), "of", sample_hex(&log_.id, YZ_ID_LEN),
                   "place", (json_int_t)log_.head.seq, "prev", sample_hex(&before, sizeof before),
                   "line", (char *)log_.line.data, log_.line.len - 1);
}

static json_t *content(const char *words) {
  return json_pack("{s:o,s:s,s:s}", "key", sample_hex(KEY, sizeof KEY), "content", words, "name",
                   "干部");
}

/* Takes both. */
static int read_both(json_t *json, json_t *words, struct yz_carried *out) {
  int rc = yz_carried_read(json, words, out, NULL);
  json_decref(words);
  return rc;
}

static void refused(json_t *json, json_t *words) {
  struct yz_carried c;
  assert_int_equal(read_both(json, words, &c), YZ_E_FORMAT);
  json_decref(json);
}

static void holds(void **state) {
  (void)state;
  struct yz_carried c;
  json_t *json = carry();
  assert_int_equal(read_both(json, content(WORDS), &c), 0);
  assert_memory_equal(&c.id, &log_.head.id, sizeof c.id);
  assert_memory_equal(&c.record.by, &worker.key, YZ_KEY_LEN);
  assert_string_equal(c.members.type, "case.note");
  assert_string_equal(yz_json_string(c.content, "text"), "已疏通");
  assert_false(c.hub || c.head || c.ceiling_ms);
  yz_carried_finish(&c);
  /* Words that were erased, or could not be read where it was carried, are no fault. */
  assert_int_equal(read_both(json, NULL, &c), 0);
  assert_null(c.content);
  yz_carried_finish(&c);
  json_object_set_new(json, "head", json_true());
  assert_int_equal(read_both(json, NULL, &c), 0);
  assert_false(c.head); /* a head is the hub's */
  yz_carried_finish(&c);
  json_object_set_new(json, "hub", json_true());
  json_object_set_new(json, "ceiling", json_integer(7));
  assert_int_equal(read_both(json, NULL, &c), 0);
  assert_true(c.hub && c.head && c.ceiling_ms == 7);
  yz_carried_finish(&c);
  yz_carried_finish(&c);
  json_decref(json);
}

static json_t *changed(const char *name, json_t *value) {
  json_t *json = carry();
  assert_int_equal(json_object_set_new(json, name, value), 0);
  return json;
}

static void elsewhere(void **state) {
  (void)state;
  struct yz_id other = sample_id('x');
  refused(changed("place", json_integer(log_.head.seq + 1)), NULL);
  refused(changed("place", json_string("3")), NULL);
  refused(changed("of", sample_hex(&other, sizeof other)), NULL);
  refused(changed("prev", sample_hex(&log_.head.id, YZ_HASH_LEN)), NULL);
  refused(changed("prev", json_string("")), NULL);
  refused(changed("case", sample_hex(&log_.head.id, YZ_HASH_LEN)), content(WORDS));
}

/* Not one byte of the line may be another. */
static void changed_lines(void **state) {
  (void)state;
  const char *line = (const char *)log_.line.data;
  size_t n = log_.line.len - 1;
  for (size_t i = 0; i < n; i += 7) {
    char *copy = strndup(line, n);
    copy[i] = copy[i] == 'a' ? 'b' : 'a';
    if (strncmp(copy, line, n) != 0) refused(changed("line", json_string(copy)), NULL);
    free(copy);
  }
  for (size_t cut = 0; cut < n; cut += 11) refused(changed("line", json_stringn(line, cut)), NULL);
  refused(changed("line", json_null()), NULL);
  refused(changed("line", json_integer(1)), NULL);
  char *huge = calloc(1, 2 * YZ_MAX_RECORD);
  memset(huge, '[', 2 * YZ_MAX_RECORD - 1);
  refused(changed("line", json_string(huge)), NULL);
  free(huge);
}

static void other_words(void **state) {
  (void)state;
  refused(carry(), content("{\"text\":\"没有疏通\"}"));
  refused(carry(), content(""));
  refused(carry(), json_pack("{s:s}", "content", WORDS));
  refused(carry(), json_pack("{s:s,s:s}", "key", "00", "content", WORDS));
  refused(carry(), json_pack("{s:o,s:i}", "key", sample_hex(KEY, sizeof KEY), "content", 1));
  /* Words where none were signed. */
  before = log_.head.id;
  add("case.sign", of_case(&opening));
  refused(carry(), content(WORDS));
  struct yz_carried c;
  json_t *json = carry();
  assert_int_equal(read_both(json, NULL, &c), 0);
  yz_carried_finish(&c);
  json_decref(json);
}

static void other_kinds(void **state) {
  (void)state;
  add("household.visit", of_case(&opening));
  refused(carry(), NULL);
  add("casework.note", of_case(&opening));
  refused(carry(), NULL);
  json_t *inner = of_case(&opening);
  add("case.carry", inner);
  refused(carry(), NULL);
  add("case.note", of_case(&opening));
  refused(changed("type", json_string("case.note")), NULL);
  refused(changed("type", json_string(".carry")), NULL);
  refused(changed("type", json_string("household.carry")), NULL);
  refused(changed("type", json_null()), NULL);
}

/* An opening is of the case that it opens, and of no other. */
static void openings(void **state) {
  (void)state;
  struct yz_carried c;
  add("case.open", json_pack("{s:s}", "number", "QS3-26-0002-2"));
  refused(carry(), NULL);
  json_t *json = changed("case", sample_hex(&log_.head.id, YZ_HASH_LEN));
  assert_int_equal(read_both(json, NULL, &c), 0);
  yz_carried_finish(&c);
  json_decref(json);
}

static void types(void **state) {
  (void)state;
  assert_true(yz_carry_type("case.carry") && yz_carry_type("a.b.carry"));
  assert_false(yz_carry_type(".carry") || yz_carry_type("carry") || yz_carry_type("") ||
               yz_carry_type("case.carrying") || yz_carry_type("case.open"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(holds, start, stop),
      cmocka_unit_test_setup_teardown(elsewhere, start, stop),
      cmocka_unit_test_setup_teardown(changed_lines, start, stop),
      cmocka_unit_test_setup_teardown(other_words, start, stop),
      cmocka_unit_test_setup_teardown(other_kinds, start, stop),
      cmocka_unit_test_setup_teardown(openings, start, stop),
      cmocka_unit_test(types),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
