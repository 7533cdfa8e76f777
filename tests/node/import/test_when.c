/* Times, against the C library's calendar and date(1)'s answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "node/import/when.h"

enum { TOWNSHIP = 480 };

static void forms(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t ms;
  } rows[] = {
      /* date -d '2012-02-13 13:42:05 +0800' +%s → 1329111725 */
      {"2012-02-13T13:42:05+08:00", 1329111725000},
      {"2012-02-13T05:42:05Z", 1329111725000},
      {"2012-02-13t05:42:05z", 1329111725000},
      {"2012-02-13 05:42:05Z", 1329111725000},
      {"2012-02-13T00:42:05-05:00", 1329111725000},
      {"2012-02-13T13:42:05", 1329111725000},
      {"2012-02-13 13:42:05", 1329111725000},
      {"2012/2/13 13:42:05", 1329111725000},
      {"2012/02/13 13:42", 1329111720000},
      {"2012/2/13 13:42", 1329111720000},
      {"2012/2/13 3:42", 1329075720000},
      {"2012年2月13日 13:42", 1329111720000},
      {"2012年2月13日13:42:05", 1329111725000},
      {"2012年2月13日", 1329062400000},
      {"2012-02-13", 1329062400000},
      {"2012/2/13", 1329062400000},
      {"  2012-02-13\t", 1329062400000},
      {"2012-02-13  13:42:05", 1329111725000},
      {"2012-02-13T13:42:05.5+08:00", 1329111725500},
      {"2012-02-13T13:42:05.123999+08:00", 1329111725123},
      {"２０１２－０２－１３　１３：４２", 1329111720000},
      {"２０１２年２月１３日", 1329062400000},
      {"２０１２／２/１３ 13：42：05．5", 1329111725500},
      {"２０１２－０２－１３Ｔ１３：４２：０５＋０８：００", 1329111725000},
      {"2012-02-13ｔ05:42:05ｚ", 1329111725000},
      {"2012-02-29", 1330444800000},
      {"2000-02-29T00:00:00Z", 951782400000},
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999Z", -1},
      {"0001-01-01T00:00:00Z", -62135596800000},
      {"9999-12-31T23:59:59Z", 253402300799000},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int64_t ms = 42;
    if (!when_parse(rows[i].text, strlen(rows[i].text), TOWNSHIP, &ms))
      fail_msg("%s", rows[i].text);
    assert_true(ms == rows[i].ms);
  }
}

static void no_times(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      " ",
      "2012",
      "2012-02",
      "2012-02-30",
      "２０１２－０２－３０",
      "2012-02-1\xef\xbc",
      "2012-02-1\xef\xbc\x80",
      "2011-02-29",
      "1900-02-29",
      "2012-13-01",
      "2012-00-01",
      "2012-01-00",
      "2012-04-31",
      "0000-01-01",
      "12-02-13",
      "02012-02-13",
      "2012-02/13",
      "2012.02.13",
      "2012年2月13",
      "2012年2-13日",
      "2012-02-13T",
      "2012-02-13T13",
      "2012-02-13 13:4",
      "2012-02-1313:42",
      "2012-02-13 24:00",
      "2012-02-13 13:60",
      "2012-02-13 13:42:60",
      "2012-02-13T13:42:05.",
      "2012-02-13T13:42:05+8",
      "2012-02-13T13:42:05+0800",
      "2012-02-13T13:42:05+24:00",
      "2012-02-13T13:42:05+08:60",
      "2012-02-13T13:42:05ZZ",
      "2012-02-13T13:42:05 CST",
      "2012-02-13 +08:00",
      "2012-02-13 13:42:05,5",
      "-2012-02-13",
      "13:42",
      "yesterday",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    int64_t ms = 42;
    if (when_parse(texts[i], strlen(texts[i]), TOWNSHIP, &ms)) fail_msg("%s", texts[i]);
    assert_true(ms == 42);
  }
}

static void reads_no_further_than_told(void **state) {
  (void)state;
  int64_t ms;
  assert_true(when_parse("2012-02-13 13:42", 10, 0, &ms));
  assert_true(ms == 1329091200000);
  assert_false(when_parse("2012-02-13", 9, 0, &ms) && ms == 1329091200000);
  assert_false(when_parse("2012年2月13日", strlen("2012年2月13日") - 1, 0, &ms));
}

static void written(void **state) {
  (void)state;
  static const struct {
    int64_t ms;
    int zone;
    const char *text;
  } rows[] = {
      {1329111725000, 480, "2012-02-13T13:42:05+08:00"},
      {1329111725123, 480, "2012-02-13T13:42:05.123+08:00"},
      {1329111725007, 0, "2012-02-13T05:42:05.007+00:00"},
      {1329111725000, -210, "2012-02-13T02:12:05-03:30"},
      {-1, 0, "1969-12-31T23:59:59.999+00:00"},
      {-62135596800000, 0, "0001-01-01T00:00:00+00:00"},
      {253402300799999, 0, "9999-12-31T23:59:59.999+00:00"},
  };
  char out[WHEN_MAX];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_true(when_format(rows[i].ms, rows[i].zone, out));
    assert_string_equal(out, rows[i].text);
  }
}

static void not_written(void **state) {
  (void)state;
  static const struct {
    int64_t ms;
    int zone;
  } rows[] = {{-62135596800001, 0},
              {253402300800000, 0},
              {253402300799999, 1},
              {-62135596800000, -1},
              {INT64_MAX, 480},
              {INT64_MIN, -480},
              {0, 1440},
              {0, -1440}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char out[WHEN_MAX] = "x";
    assert_false(when_format(rows[i].ms, rows[i].zone, out));
    assert_string_equal(out, "");
  }
}

/* Every day from 1600 to 2500 at some time of the day, against the C library. */
static void every_day(void **state) {
  (void)state;
  for (int64_t s = -11676096000; s < 16756675200; s += 86400 - 1) {
    time_t t = (time_t)s;
    struct tm tm;
    char expected[40], out[WHEN_MAX];
    int64_t back;
    assert_non_null(gmtime_r(&t, &tm));
    (void)strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S+00:00", &tm);
    assert_true(when_format(s * 1000, 0, out));
    assert_string_equal(out, expected);
    assert_true(when_parse(out, strlen(out), TOWNSHIP, &back));
    assert_true(back == s * 1000);
    assert_true(when_format(s * 1000 + 1, -735, out));
    assert_true(when_parse(out, strlen(out), TOWNSHIP, &back));
    assert_true(back == s * 1000 + 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forms),
      cmocka_unit_test(no_times),
      cmocka_unit_test(reads_no_further_than_told),
      cmocka_unit_test(written),
      cmocka_unit_test(not_written),
      cmocka_unit_test(every_day),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
