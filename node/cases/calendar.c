#include <stdio.h>
#include <string.h>

#include "node/cases/calendar.h"

enum { MS_PER_DAY = 86400000, MS_PER_MINUTE = 60000 };
enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, ERA_BEGINS = -719468 }; /* 0000-03-01 */

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

static int64_t offset_ms(int zone) {
  return (int64_t)zone * MS_PER_MINUTE;
}

int64_t calendar_day(int64_t ms, int zone) {
  return floor_div(ms + offset_ms(zone), MS_PER_DAY);
}

int64_t calendar_begin(int64_t day, int zone) {
  return day * MS_PER_DAY - offset_ms(zone);
}

/* Years run from March here, so that the leap day is their last. */
int64_t calendar_from_date(int64_t year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return y * 365 + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) + day_of_year +
         ERA_BEGINS;
}

int64_t calendar_year(int64_t day) {
  int64_t year = floor_div((day - ERA_BEGINS) * YEARS_PER_ERA, DAYS_PER_ERA);
  while (calendar_from_date(year + 1, 1, 1) <= day) year++;
  while (calendar_from_date(year, 1, 1) > day) year--;
  return year;
}

/* --- dates as text -------------------------------------------------------- */

/* So many digits, as a number; -1: something else stands there. */
static int digits(const char *text, int n) {
  int value = 0;
  for (int i = 0; i < n; i++) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool calendar_read(const char *text, int64_t *day) {
  char again[CALENDAR_DATE];
  if (strlen(text) != CALENDAR_DATE - 1 || text[4] != '-' || text[7] != '-') return false;
  int year = digits(text, 4), month = digits(text + 5, 2), of_month = digits(text + 8, 2);
  if (year < 1 || month < 1 || month > 12 || of_month < 1) return false;
  int64_t read = calendar_from_date(year, month, of_month);
  /* A day that the month does not have would be one of the next. */
  if (!calendar_write(read, again) || strcmp(again, text) != 0) return false;
  *day = read;
  return true;
}

bool calendar_write(int64_t day, char out[static CALENDAR_DATE]) {
  out[0] = '\0';
  if (day < calendar_from_date(1, 1, 1) || day >= calendar_from_date(10000, 1, 1)) return false;
  int year = (int)calendar_year(day), month = 12;
  while (calendar_from_date(year, month, 1) > day) month--;
  int of_month = (int)(day - calendar_from_date(year, month, 1)) + 1;
  return snprintf(out, CALENDAR_DATE, "%04d-%02d-%02d", year, month, of_month) == CALENDAR_DATE - 1;
}

/* --- zones ---------------------------------------------------------------- */

bool calendar_read_zone(const char *text, int *zone) {
  enum { WEST = -12 * 60, EAST = 14 * 60, QUARTER = 15 };
  char again[CALENDAR_ZONE];
  if (strlen(text) != CALENDAR_ZONE - 1) return false;
  int hours = digits(text + 1, 2), minutes = digits(text + 4, 2);
  if (hours < 0 || minutes < 0 || minutes > 59) return false;
  int read = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  if (read < WEST || read > EAST || read % QUARTER != 0) return false;
  /* What stands between the digits, and no minus before nothing. */
  calendar_write_zone(read, again);
  if (strcmp(again, text) != 0) return false;
  *zone = read;
  return true;
}

void calendar_write_zone(int zone, char out[static CALENDAR_ZONE]) {
  unsigned minutes = (unsigned)(zone < 0 ? -zone : zone);
  (void)snprintf(out, CALENDAR_ZONE, "%c%02u:%02u", zone < 0 ? '-' : '+', minutes / 60 % 100,
                 minutes % 60);
}

/* --- working days --------------------------------------------------------- */

/* 1970-01-01 was a Thursday; 0 is Monday. */
static bool is_weekday(int64_t day) {
  int64_t of_week = day + 3 - 7 * floor_div(day + 3, 7);
  return of_week < 5;
}

/* Weekdays from the Monday of 1969-12-29 on, up to and including a day; negative before it. */
static int64_t weekdays(int64_t day) {
  int64_t weeks = floor_div(day + 3, 7), of_week = day + 3 - 7 * weeks;
  return weeks * 5 + (of_week < 5 ? of_week + 1 : 5);
}

void case_calendar_index(struct case_calendar *c) {
  int64_t gained = 0;
  for (size_t i = 0; i < c->n; i++) {
    struct case_day *d = &c->days[i];
    gained += (int64_t)!d->off - (int64_t)is_weekday(d->day);
    d->gained = gained;
  }
}

/* How many of the days spoken of lie before this one. */
static size_t before(const struct case_calendar *c, int64_t day) {
  size_t low = 0, high = c->n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (c->days[mid].day < day)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

static int64_t gained_until(const struct case_calendar *c, int64_t day) {
  size_t n = before(c, day + 1);
  return n > 0 ? c->days[n - 1].gained : 0;
}

int64_t case_calendar_count(const struct case_calendar *c, int64_t after, int64_t until) {
  if (until <= after) return 0;
  return weekdays(until) - weekdays(after) + gained_until(c, until) - gained_until(c, after);
}

/* The first day by which so many have been worked, found by halving: each day off costs at most
 * one weekday more. */
int64_t case_calendar_add(const struct case_calendar *c, int64_t day, int64_t n) {
  if (n <= 0) return day;
  int64_t low = day, high = day + ((n + (int64_t)c->n) / 5 + 1) * 7 + 2;
  while (high - low > 1) {
    int64_t mid = low + (high - low) / 2;
    if (case_calendar_count(c, day, mid) < n)
      low = mid;
    else
      high = mid;
  }
  return high;
}

static bool year_known(const struct case_calendar *c, int64_t year) {
  return before(c, calendar_from_date(year, 1, 1)) < before(c, calendar_from_date(year + 1, 1, 1));
}

bool case_calendar_known(const struct case_calendar *c, int64_t first, int64_t last) {
  int64_t from = calendar_year(first), to = calendar_year(last);
  if (to - from >= (int64_t)c->n) return first > last;
  while (from <= to && year_known(c, from)) from++;
  return from > to;
}
