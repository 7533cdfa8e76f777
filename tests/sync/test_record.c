/* Limits and round trips of records, segments and the clock. That what breaks a rule
 * is refused, the vectors show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static struct sample node, worker;

static int start(void **state) {
  (void)state;
  sample_init(&node, 'n');
  sample_init(&worker, 'w');
  return 0;
}

static int stop(void **state) {
  (void)state;
  sample_finish(&node);
  sample_finish(&worker);
  return 0;
}

static void texts(void **state) {
  static const struct {
    const char *text;
    bool ok;
  } cases[] = {{"", true},
               {"村\n\t𠮷", true},
               {"a\x1f", false},
               {"\x7f", false},
               {"\xc2\x80", false},
               {"\xc2\x9f", false},
               {"\xc2\xa0", true},
               {"\r", false},
               {"\xed\x9f\xbf", true},
               {"\xed\xa0\x80", false},
               {"\xf4\x8f\xbf\xbf", true},
               {"\xf4\x90\x80\x80", false},
               {"\xf8\x88\x80\x80\x80", false},
               {"\xe0\x9f\xbf", false},
               {"\xf0\x8f\xbf\xbf", false},
               {"\x80", false},
               {"\xe6\x9d", false},
               {"\xc1\xbf", false}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t n = strlen(cases[i].text);
    char *exact = malloc(n ? n : 1);
    memcpy(exact, cases[i].text, n);
    if (yz_text_ok(exact, n) != cases[i].ok) fail_msg("text %zu", i);
    free(exact);
  }
  assert_false(yz_text_ok("a\0b", 3));
}

static void members_of_other_kinds(void **state) {
  json_t *json =
      json_pack("{s:s, s:i, s:s, s:s}", "text", "x", "number", 5, "hex", "0aff", "odd", "0AFF");
  unsigned char bytes[2];
  int64_t n;
  (void)state;
  assert_string_equal(yz_json_string(json, "text"), "x");
  assert_null(yz_json_string(json, "number"));
  assert_null(yz_json_string(json, "absent"));
  assert_true(yz_json_int(json, "number", &n) && n == 5);
  assert_false(yz_json_int(json, "text", &n));
  assert_true(yz_json_hex(json, "hex", bytes, 2) && bytes[0] == 0x0a && bytes[1] == 0xff);
  assert_false(yz_json_hex(json, "hex", bytes, 1));
  assert_false(yz_json_hex(json, "odd", bytes, 2));
  assert_false(yz_json_hex(json, "number", bytes, 2));
  json_decref(json);
}

static void a_record_made_is_read(void **state) {
  struct sample_log log;
  struct yz_hash id;
  struct yz_place before;
  char hex[YZ_HASH_HEX + 1];
  (void)state;
  sample_log_init(&log, &node, 'l', 'i');
  before = log.head;
  yz_to_hex(log.hash.bytes, YZ_HASH_LEN, hex);
  sample_add(
      &log, &worker, "case.note",
      json_pack("{s:s, s:[s], s:{s:s}}", "case", hex, "heads", hex, "content", "village", hex));
  yz_record_id(&before.id, log.record.bytes, log.record.len, &id);
  assert_memory_equal(&id, &log.head.id, sizeof id);
  assert_true(yz_record_signed(&log.record, &id));
  assert_memory_equal(&log.record.log, &log.id, sizeof log.id);
  assert_memory_equal(&log.record.by, &worker.key, sizeof worker.key);
  assert_int_equal(log.record.seq, 1);
  assert_string_equal(log.members.type, "case.note");
  assert_int_equal(log.members.stamp.ms, 1700000000000);
  assert_true(log.members.has_case);
  assert_memory_equal(&log.members.case_id, &log.hash, sizeof log.hash);
  assert_int_equal(log.members.n_heads, 1);
  assert_memory_equal(&log.members.heads[0], &log.hash, sizeof log.hash);
  assert_int_equal(log.members.n_content, 1);
  assert_string_equal(log.members.content[0].audience, "village");
  sample_log_finish(&log);
}

static int make(size_t pad, size_t *len) {
  struct sample_log log;
  const struct yz_author by = {worker.key, worker.seed};
  char *text = malloc(pad + 1);
  memset(text, 'x', pad);
  text[pad] = 0;
  json_t *rest = json_pack("{s:[i,i], s:s, s:s}", "hlc", 1, 0, "type", "a", "pad", text);
  struct yz_hash id;
  struct yz_buf line = {0};
  sample_log_init(&log, &node, 'l', 'i');
  int rc = yz_record_make(&log.id, &log.head, &by, rest, &line, &id, NULL);
  *len = line.len;
  yz_buf_finish(&line);
  json_decref(rest);
  free(text);
  return rc;
}

static void a_record_holds_64_kib(void **state) {
  enum { AROUND = 1 + 92 + 1 }; /* [ before; ,"signature"] and LF after */
  size_t small, len;
  (void)state;
  assert_int_equal(make(0, &small), 0);
  size_t pad = YZ_MAX_RECORD + AROUND - small;
  assert_int_equal(make(pad, &len), 0);
  assert_int_equal(len, YZ_MAX_RECORD + AROUND);
  assert_int_equal(make(pad + 1, &len), YZ_E_LIMIT);
  assert_int_equal(len, 0);
}

static int read_segment(const struct yz_buf *b, const char **rule) {
  struct yz_segment *s = malloc(sizeof *s);
  int rc = yz_segment_read((char *)b->data, b->len, s, rule, NULL);
  if (rc == 0 && !yz_segment_signed(s, &node.key)) rc = YZ_E_SIGNATURE;
  if (rc == 0) assert_false(yz_segment_signed(s, &worker.key));
  free(s);
  return rc;
}

/* A segment of n records of about this size, written by the library. */
static void write_segment(size_t n, size_t size, struct yz_buf *out) {
  struct sample_log log;
  char *pad = malloc(size + 1);
  memset(pad, 'x', size);
  pad[size] = 0;
  sample_log_init(&log, &node, 'l', 'i');
  assert_int_equal(yz_segment_header(&log.id, 1, &log.hash, out), 0);
  for (size_t i = 0; i < n; i++) {
    sample_add(&log, &worker, "case.note", json_pack("{s:s}", "pad", pad));
    assert_int_equal(yz_buf_append(out, log.line.data, log.line.len), 0);
  }
  assert_int_equal(yz_segment_closing(&log.id, 1, &log.hash, &log.head, node.seed, out), 0);
  sample_log_finish(&log);
  free(pad);
}

static void a_segment_holds_4_mib(void **state) {
  struct yz_buf b = {0};
  const char *rule;
  (void)state;
  write_segment(64, 60000, &b);
  assert_int_equal(read_segment(&b, &rule), 0);
  assert_null(rule);
  yz_buf_clear(&b);
  write_segment(66, 64000, &b);
  assert_true(b.len > YZ_MAX_SEGMENT);
  assert_int_equal(read_segment(&b, &rule), YZ_E_LIMIT);
  assert_string_equal(rule, "segment.syntax");
  yz_buf_clear(&b);
  write_segment(101, 1, &b);
  assert_int_equal(read_segment(&b, &rule), YZ_E_LIMIT);
  yz_buf_finish(&b);
}

static void stamps_are_ordered(void **state) {
  const struct yz_stamp a = {5, 1}, b = {5, 2}, c = {6, 0};
  (void)state;
  assert_int_equal(yz_stamp_compare(a, a), 0);
  assert_true(yz_stamp_compare(a, b) < 0 && yz_stamp_compare(b, c) < 0);
  assert_true(yz_stamp_compare(c, a) > 0 && yz_stamp_compare(b, a) > 0);
}

static void a_clock_goes_on(void **state) {
  enum { LAST_COUNT = (1 << 20) - 1 };
  static const struct {
    struct yz_stamp last;
    int64_t now;
    struct yz_stamp next;
  } cases[] = {{{5, 7}, 6, {6, 0}},
               {{5, 7}, 5, {5, 8}},
               {{5, 7}, -1, {5, 8}},
               {{5, LAST_COUNT}, 1, {6, 0}},
               {{0, 0}, 0, {0, 1}}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct yz_stamp next = yz_clock_next(cases[i].last, cases[i].now);
    assert_int_equal(yz_stamp_compare(next, cases[i].next), 0);
    assert_true(yz_stamp_compare(next, cases[i].last) > 0);
  }
}

static void a_clock_is_not_dragged(void **state) {
  const int64_t day = 86400000;
  const struct yz_stamp last = {100, 3}, near = {1000 + day, 9}, far = {1001 + day, 0},
                        less = {99, 9};
  (void)state;
  assert_int_equal(yz_stamp_compare(yz_clock_seen(last, near, 1000), near), 0);
  assert_int_equal(yz_stamp_compare(yz_clock_seen(last, far, 1000), last), 0);
  assert_int_equal(yz_stamp_compare(yz_clock_seen(last, less, 1000), last), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts),
      cmocka_unit_test(members_of_other_kinds),
      cmocka_unit_test(a_record_made_is_read),
      cmocka_unit_test(a_record_holds_64_kib),
      cmocka_unit_test(a_segment_holds_4_mib),
      cmocka_unit_test(stamps_are_ordered),
      cmocka_unit_test(a_clock_goes_on),
      cmocka_unit_test(a_clock_is_not_dragged),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
