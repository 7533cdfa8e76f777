/* Notices: what stands in a hub's log alone, once each, whatever the order of arrival. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int describe(void *arg, const struct notice_row *r) {
  char id[YZ_ID_HEX + 1];
  yz_to_hex(r->notice.bytes, YZ_ID_LEN, id);
  return yz_buf_printf(arg, "%.2s %lld %s %s;", id, (long long)r->at_ms, r->title ? r->title : "-",
                       r->text ? r->text : "-");
}

static void assert_notices(struct bench *b, const char *wanted) {
  struct yz_buf got = {0};
  assert_int_equal(yz_buf_append(&got, "", 0), 0);
  OK(store_each_notice(b->s, describe, &got, &err));
  assert_string_equal((char *)got.data, wanted);
  yz_buf_finish(&got);
}

static json_t *plain_of(int at, char digit) {
  char id[YZ_ID_HEX + 1];
  memset(id, digit, YZ_ID_HEX);
  id[YZ_ID_HEX] = '\0';
  return json_pack("{s:i, s:s}", "at", at, "notice", id);
}

static struct made *make_notice(struct writer *w, int at, char digit, const char *title) {
  return make(w, "notice.post", plain_of(at, digit),
              json_pack("{s:s, s:s}", "title", title, "text", "t"), NULL, NULL, 0);
}

enum { RECORDS = 5 };
static const char ALL[] = "bb 20 乙 t;bb 30 乙二 t;aa 10 甲 t;aa 10 甲 t;";

/* Two hubs' logs, of two villages, and one of a village. */
static void test_any_order(void **state) {
  (void)state;
  for (int order = 0; order < 120; order += 7) {
    struct bench b;
    bench_open(&b);
    struct writer one = writer_begin(&b, 1, true), two = writer_begin(&b, 2, true),
                  village = writer_begin(&b, 101, false);
    struct made *m[RECORDS] = {make_notice(&one, 10, 'a', "甲"), make_notice(&two, 10, 'a', "甲"),
                               make_notice(&one, 20, 'b', "乙"), make_notice(&two, 30, 'b', "乙二"),
                               make_notice(&village, 5, 'a', "假")};
    int left[RECORDS] = {0, 1, 2, 3, 4}, code = order;
    for (int n = RECORDS; n > 0; n--) {
      int pick = code % n;
      code /= n;
      bench_put(&b, m[left[pick]], YZ_ACCEPTED);
      left[pick] = left[n - 1];
    }
    assert_notices(&b, ALL);
    OK(store_rebuild_cases(b.s, &err));
    assert_notices(&b, ALL);
    for (int i = 0; i < RECORDS; i++) bench_judge(&b, m[i], YZ_WAITING);
    assert_notices(&b, "");
    for (int i = 0; i < RECORDS; i++) bench_judge(&b, m[i], YZ_ACCEPTED);
    assert_notices(&b, ALL);
    for (int i = 0; i < RECORDS; i++) made_free(m[i]);
    writer_end(&village);
    writer_end(&two);
    writer_end(&one);
    bench_close(&b);
  }
}

static void test_shape(void **state) {
  (void)state;
  struct bench b;
  bench_open(&b);
  struct writer w = writer_begin(&b, 1, true);
  json_t *newer = plain_of(1, 'c'), *odd = plain_of(1, 'd');
  json_object_set_new(newer, "until", json_integer(5));
  json_object_set_new(odd, "notice", json_integer(5));
  struct made *m[] = {
      make(&w, "notice.post", newer, json_pack("{s:s, s:s}", "title", "x", "text", "t"), NULL, NULL,
           0),
      make(&w, "notice.post", odd, json_pack("{s:s, s:s}", "title", "x", "text", "t"), NULL, NULL,
           0),
      make(&w, "notice.post", plain_of(1, 'e'), NULL, NULL, NULL, 0),
      make(&w, "notice.post", plain_of(1, 'e'), json_pack("{s:s}", "title", "x"), NULL, NULL, 0),
      make(&w, "notice.post", plain_of(1, 'e'), json_pack("{s:s, s:i}", "title", "x", "text", 5),
           NULL, NULL, 0),
      make(&w, "notice.withdraw", plain_of(1, 'f'), NULL, NULL, NULL, 0),
      make_notice(&w, 2, '9', "好"),
  };
  enum { N = sizeof m / sizeof *m };
  for (size_t i = 0; i < N; i++) bench_put(&b, m[i], YZ_ACCEPTED);
  assert_notices(&b, "99 2 好 t;");
  /* Erased: it is still there, without words. */
  char path[300];
  (void)snprintf(path, sizeof path, "%s/yizhan.db", b.dir);
  bench_sql(path, "DELETE FROM content");
  assert_notices(&b, "99 2 - -;");
  for (size_t i = 0; i < N; i++) made_free(m[i]);
  writer_end(&w);
  bench_close(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order),
                                     cmocka_unit_test(test_shape)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
