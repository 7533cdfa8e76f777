/* Looked at ahead: what a thread says of a segment's signatures, and parses of it, is what its
 * records are, and is said of these bytes alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <yizhan/segment.h>

#include "sample.h"
#include "sync/intake.h"

enum { RECORDS = 40, FALSE_ONE = 23 };

/* A segment whose records are well signed but one. */
static void write_segment(struct yz_buf *out) {
  struct sample node, worker;
  struct sample_log log;

  sample_init(&node, 'n');
  sample_init(&worker, 'w');
  sample_log_init(&log, &node, 'l', 'i');
  assert_int_equal(yz_segment_header(&log.id, 1, &log.hash, out), 0);
  for (int i = 0; i < RECORDS; i++) {
    sample_add(&log, &worker, "case.note", NULL);
    size_t at = out->len;
    assert_int_equal(yz_buf_append(out, log.line.data, log.line.len), 0);
    if (i != FALSE_ONE) continue;
    char *sig = (char *)out->data + at + log.line.len - 1 - 2 - YZ_SIG_B64;
    *sig = *sig == 'A' ? 'B' : 'A';
  }
  assert_int_equal(yz_segment_closing(&log.id, 1, &log.hash, &log.head, node.seed, out), 0);
  sample_log_finish(&log);
  sample_finish(&worker);
  sample_finish(&node);
}

static struct yz_buf copy_of(const struct yz_buf *b) {
  struct yz_buf copy = {0};
  assert_int_equal(yz_buf_append(&copy, b->data, b->len), 0);
  return copy;
}

/* On a machine with one core there is no thread, and nothing to be seen. */
static struct ahead *begin(const struct yz_buf *bytes) {
  struct yz_buf given = copy_of(bytes);
  struct ahead *a = ahead_begin(&given);
  yz_buf_finish(&given);
  if (!a) skip();
  return a;
}

static void assert_parsed(const struct yz_members *m) {
  assert_string_equal(m->type, "case.note");
  assert_string_equal(yz_json_string(m->json, "type"), "case.note");
}

/* Members are handed over once; those that nobody asks for are freed with it. */
static void each_record_is_what_it_is(void **state) {
  struct yz_buf bytes = {0};
  struct yz_members m;

  (void)state;
  write_segment(&bytes);
  struct ahead *a = begin(&bytes);
  assert_true(ahead_knows(a, &bytes));
  for (size_t i = 0; i < RECORDS - 1; i++) {
    assert_int_equal(ahead_signed(a, i, &m), i != FALSE_ONE);
    if (i != FALSE_ONE) assert_parsed(&m);
    yz_members_finish(&m);
  }
  assert_true(ahead_signed(a, 0, &m));
  assert_null(m.json);
  ahead_end(a);
  yz_buf_finish(&bytes);
}

static void assert_not_known(struct ahead *a, const struct yz_buf *bytes) {
  assert_false(ahead_knows(a, bytes));
  ahead_end(a);
}

static void other_bytes_are_not_known(void **state) {
  struct yz_buf bytes = {0}, other = {0}, none = {0};

  (void)state;
  write_segment(&bytes);
  other = copy_of(&bytes);
  other.data[other.len / 2] ^= 1;
  assert_not_known(begin(&bytes), &other);
  other.len--;
  assert_not_known(begin(&bytes), &other);
  assert_not_known(NULL, &bytes);
  ahead_end(begin(&bytes));
  assert_null(ahead_begin(&none));
  yz_buf_finish(&other);
  yz_buf_finish(&bytes);
}

static void what_is_no_segment_is_not_known(void **state) {
  struct yz_buf bytes = {0};

  (void)state;
  write_segment(&bytes);
  bytes.data[2] ^= 1;
  assert_not_known(begin(&bytes), &bytes);
  yz_buf_finish(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_record_is_what_it_is),
      cmocka_unit_test(other_bytes_are_not_known),
      cmocka_unit_test(what_is_no_segment_is_not_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
