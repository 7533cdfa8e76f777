#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../harness/run.h"
#include "node/cases/calendar.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Some of the township's days off and days worked in their stead, around a year's turn. */
static struct case_day sample_days[] = {
    {.day = -800, .off = true}, /* 1967-10-24 */
    {.day = 20454, .off = true},
    {.day = 20455, .off = true},
    {.day = 20456},
    {.day = 20457, .off = true},
    {.day = 20727, .off = true},
    {.day = 20728, .off = true},
    {.day = 20729, .off = true},
    {.day = 20732, .off = true},
    {.day = 20733, .off = true},
    {.day = 20736},
    {.day = 20803},
    {.day = 20819, .off = true},
    {.day = 20820, .off = true},
    {.day = 20821, .off = true},
    {.day = 20822},
    {.day = 47482, .off = true}, /* 2100-01-01 */
};
static struct case_calendar sample = {sample_days, COUNT(sample_days)};
static const struct case_calendar plain = {NULL, 0};

static int64_t at(const char *date) {
  int64_t day = INT64_MIN;
  if (!calendar_read(date, &day)) fail_msg("%s", date);
  return day;
}

/* By the definition: the last word on a day, else its place in the week. */
static bool naive_works(const struct case_calendar *c, int64_t day) {
  for (size_t i = 0; i < c->n; i++)
    if (c->days[i].day == day) return !c->days[i].off;
  int64_t of_week = (day % 7 + 7 + 3) % 7; /* 0: Monday */
  return of_week < 5;
}

static bool works(const struct case_calendar *c, int64_t day) {
  return case_calendar_count(c, day - 1, day) == 1;
}

static int64_t naive_add(const struct case_calendar *c, int64_t day, int64_t n) {
  while (n > 0) n -= naive_works(c, ++day);
  return day;
}

static int64_t naive_count(const struct case_calendar *c, int64_t after, int64_t until) {
  int64_t n = 0;
  while (after < until) n += naive_works(c, ++after);
  return n;
}

/* Every day of 1970 to 2100 as Python has it. */
static void days_are_pythons(void **state) {
  (void)state;
  static const char script[] = "import datetime as d\n"
                               "day = d.date(1970, 1, 1)\n"
                               "while day.year < 2101:\n"
                               "  print((day - d.date(1970, 1, 1)).days, day, day.weekday() < 5)\n"
                               "  day += d.timedelta(1)\n";
  struct run r = {0};
  run(&r, NULL, (const char *[]){YIZHAN_PYTHON, "-c", script, NULL});
  assert_int_equal(r.status, 0);
  int64_t expected = 0;
  for (char *line = strtok((char *)r.out.data, "\n"); line; line = strtok(NULL, "\n")) {
    char said[64], date[CALENDAR_DATE];
    assert_true(calendar_write(expected, date));
    (void)snprintf(said, sizeof said, "%lld %s %s", (long long)expected, date,
                   works(&plain, expected) ? "True" : "False");
    assert_string_equal(said, line);
    assert_int_equal(at(date), expected);
    assert_int_equal(calendar_year(expected), strtoll(date, NULL, 10));
    expected++;
  }
  assert_int_equal(expected, 47847);
  run_finish(&r);
}

static void only_days_of_the_calendar_are_read(void **state) {
  (void)state;
  static const char *const bad[] = {
      "",           "2026",        "2026-10-1",  "2026-1-01",  "2026-13-01", "2026-00-01",
      "2026-02-29", "2100-02-29",  "2026-04-31", "2026-10-00", "0000-01-01", "2026-10-32",
      "2026/10/01", "2026-10-01 ", "+026-10-01", "2026-10-0x", "-026-10-01", "２０２６-10-01"};
  int64_t day = 7;
  for (size_t i = 0; i < COUNT(bad); i++)
    if (calendar_read(bad[i], &day)) fail_msg("%s", bad[i]);
  assert_int_equal(day, 7);
  assert_true(calendar_read("2024-02-29", &day) && calendar_read("2000-02-29", &day));
}

static void beyond_four_digits_nothing_is_written(void **state) {
  (void)state;
  char date[CALENDAR_DATE];
  assert_true(calendar_write(at("0001-01-01"), date));
  assert_string_equal(date, "0001-01-01");
  assert_true(calendar_write(at("9999-12-31"), date));
  assert_false(calendar_write(at("0001-01-01") - 1, date));
  assert_string_equal(date, "");
  assert_false(calendar_write(at("9999-12-31") + 1, date));
  assert_false(calendar_write(104249991375, date));
  assert_int_equal(calendar_year(at("0001-01-01") - 1), 0);
  assert_int_equal(calendar_year(at("0001-01-01") - 367), -1);
}

static void a_day_begins_in_the_townships_zone(void **state) {
  (void)state;
  assert_int_equal(calendar_begin(0, ZONE_DEFAULT), -8 * 3600000);
  assert_int_equal(calendar_day(-8 * 3600000, ZONE_DEFAULT), 0);
  assert_int_equal(calendar_day(-8 * 3600000 - 1, ZONE_DEFAULT), -1);
  assert_int_equal(calendar_day(1790783999999, ZONE_DEFAULT), at("2026-09-30")); /* 15:59:59.999Z */
  assert_int_equal(calendar_day(1790784000000, ZONE_DEFAULT), at("2026-10-01"));
  assert_int_equal(calendar_begin(0, 345), -20700000);
  assert_int_equal(calendar_begin(0, -210), 12600000);
  for (int64_t day = -100000; day < 100000; day += 997) {
    for (int zone = -720; zone <= 840; zone += 15) {
      assert_int_equal(calendar_day(calendar_begin(day, zone), zone), day);
      assert_int_equal(calendar_day(calendar_begin(day, zone) - 1, zone), day - 1);
    }
  }
}

/* Every day of 1970 to 2100, with a calendar and without. */
/* Each is written as it is read, and nothing else is one. */
static void zones_are_quarter_hours(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int zone;
  } some[] = {{"+08:00", 480}, {"+05:45", 345}, {"-03:30", -210}, {"+00:00", 0},
              {"-00:15", -15}, {"+14:00", 840}, {"-12:00", -720}, {"-09:30", -570}};
  static const char *const none[] = {"",       "8",      "+8:00",  "08:00",  "+08:00 ", " +08:00",
                                     "+0800",  "+08:07", "-00:00", "+14:15", "-12:15",  "+08:60",
                                     "+99:00", "+0x:00", "+08-00", "Z",      "UTC",     "+08:000",
                                     "--8:00", "+-8:00", "−03:30"};
  char text[CALENDAR_ZONE], other[16];
  int zone, n = 0;
  for (size_t i = 0; i < COUNT(some); i++) {
    if (!calendar_read_zone(some[i].text, &zone) || zone != some[i].zone)
      fail_msg("%s", some[i].text);
    calendar_write_zone(zone, text);
    assert_string_equal(text, some[i].text);
  }
  for (size_t i = 0; i < COUNT(none); i++)
    if (calendar_read_zone(none[i], &zone)) fail_msg("'%s'", none[i]);
  for (int minutes = -1440; minutes <= 1440; minutes++) {
    (void)snprintf(other, sizeof other, "%c%02d:%02d", minutes < 0 ? '-' : '+', abs(minutes) / 60,
                   abs(minutes) % 60);
    bool is = minutes % 15 == 0 && minutes >= -720 && minutes <= 840;
    if (calendar_read_zone(other, &zone) != is || (is && zone != minutes)) fail_msg("%s", other);
    n += is;
  }
  assert_int_equal(n, 105);
}

static void working_days_are_those_of_a_walk(void **state) {
  (void)state;
  const struct case_calendar *both[] = {&sample, &plain};
  for (size_t c = 0; c < COUNT(both); c++)
    for (int64_t day = -900; day < at("2101-01-01"); day++) {
      static const int64_t steps[] = {0, 1, 2, 5, 15, 60};
      if (works(both[c], day) != naive_works(both[c], day)) fail_msg("%lld", (long long)day);
      for (size_t i = 0; i < COUNT(steps); i++) {
        int64_t to = naive_add(both[c], day, steps[i]);
        if (case_calendar_add(both[c], day, steps[i]) != to ||
            case_calendar_count(both[c], day, to) != steps[i])
          fail_msg("%lld + %lld", (long long)day, (long long)steps[i]);
      }
    }
}

static void long_ways_are_those_of_a_walk(void **state) {
  (void)state;
  for (int64_t day = at("2025-12-20"); day < at("2027-01-20"); day++) {
    assert_int_equal(case_calendar_add(&sample, day, 3650), naive_add(&sample, day, 3650));
    for (int64_t to = day - 3; to < day + 40; to++)
      assert_int_equal(case_calendar_count(&sample, day, to), naive_count(&sample, day, to));
  }
  /* What someone else wrote as a time can lie far away. */
  int64_t far = calendar_day(INT64_C(9007199254740992), ZONE_DEFAULT);
  assert_int_equal(case_calendar_count(&plain, far - far / 7 * 7, far), far / 7 * 5);
  assert_int_equal(case_calendar_count(&plain, -far / 7 * 7, 0), far / 7 * 5);
  assert_true(case_calendar_add(&sample, far, 5) - far <= 7);
}

/* Days off that lie close together, in any number. */
static void whole_years_can_be_off(void **state) {
  (void)state;
  static struct case_day days[800];
  struct case_calendar c = {days, COUNT(days)};
  for (size_t i = 0; i < c.n; i++)
    days[i] = (struct case_day){.day = at("2026-01-01") + (int64_t)i, .off = i % 17 != 3};
  case_calendar_index(&c);
  for (int64_t n = 0; n < 90; n++)
    assert_int_equal(case_calendar_add(&c, at("2025-12-25"), n),
                     naive_add(&c, at("2025-12-25"), n));
}

static void the_turn_of_2026(void **state) {
  (void)state;
  /* Wednesday 31 December, then three days off, of which Sunday is worked. */
  struct case_day days[] = {{.day = at("2026-01-01"), .off = true},
                            {.day = at("2026-01-02"), .off = true},
                            {.day = at("2026-01-03"), .off = true},
                            {.day = at("2026-01-04")}};
  struct case_calendar c = {days, COUNT(days)};
  case_calendar_index(&c);
  assert_int_equal(case_calendar_add(&c, at("2025-12-31"), 1), at("2026-01-04"));
  assert_int_equal(case_calendar_add(&c, at("2025-12-31"), 2), at("2026-01-05"));
  assert_int_equal(case_calendar_add(&plain, at("2025-12-31"), 1), at("2026-01-01"));
  assert_false(case_calendar_known(&c, at("2025-12-31"), at("2026-01-04")));
  assert_true(case_calendar_known(&c, at("2026-01-01"), at("2026-12-31")));
  assert_false(case_calendar_known(&c, at("2026-12-31"), at("2027-01-01")));
}

static void a_year_has_a_calendar_when_a_day_of_it_was_spoken_of(void **state) {
  (void)state;
  assert_false(case_calendar_known(&plain, 0, 0));
  assert_true(case_calendar_known(&plain, 1, 0)); /* no day at all */
  for (int64_t year = 1960; year < 2110; year++) {
    bool known = false;
    int64_t first = calendar_from_date(year, 1, 1), last = calendar_from_date(year, 12, 31);
    for (size_t i = 0; i < sample.n; i++)
      known |= sample_days[i].day >= first && sample_days[i].day <= last;
    assert_int_equal(case_calendar_known(&sample, first, first), known);
    assert_int_equal(case_calendar_known(&sample, last, last), known);
    assert_int_equal(case_calendar_known(&sample, first, last), known);
  }
  assert_false(case_calendar_known(&sample, at("2025-12-31"), at("2027-01-01")));
  assert_false(case_calendar_known(&sample, -104249991375, 104249991375));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_are_pythons),
      cmocka_unit_test(only_days_of_the_calendar_are_read),
      cmocka_unit_test(beyond_four_digits_nothing_is_written),
      cmocka_unit_test(a_day_begins_in_the_townships_zone),
      cmocka_unit_test(zones_are_quarter_hours),
      cmocka_unit_test(working_days_are_those_of_a_walk),
      cmocka_unit_test(long_ways_are_those_of_a_walk),
      cmocka_unit_test(whole_years_can_be_off),
      cmocka_unit_test(the_turn_of_2026),
      cmocka_unit_test(a_year_has_a_calendar_when_a_day_of_it_was_spoken_of),
  };
  case_calendar_index(&sample);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
