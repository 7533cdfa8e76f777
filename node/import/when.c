/* Times read and written.
 *
 *   when   = day [between time [zone]]
 *   day    = 4DIGIT "-" num "-" num / 4DIGIT "/" num "/" num / 4DIGIT "年" num "月" num "日"
 *   between= "T" / "t" / *" "            ; but at least one, unless after "日"
 *   time   = num ":" 2DIGIT [":" 2DIGIT ["." 1*DIGIT]]
 *   zone   = "Z" / "z" / ("+" / "-") 2DIGIT ":" 2DIGIT
 *   num    = 1*2DIGIT
 *
 * and the day is in the calendar, the time before 24:00:00, the offset too. Each character but the
 * Chinese ones may be written full width, as Chinese keyboards give it. */
#include <stdio.h>
#include <string.h>

#include "node/import/when.h"

enum { MS_PER_DAY = 86400000, MS_PER_MINUTE = 60000, MINUTES_PER_DAY = 1440 };

struct reader {
  const char *at, *end;
};

/* The character that stands here, a full-width one as the ASCII one that it is (U+FF01 is "!",
 * U+3000 a blank), and how many bytes it has: none at the end. */
static char here(const struct reader *r, size_t *width) {
  size_t left = (size_t)(r->end - r->at);
  *width = left > 0 ? 1 : 0;
  if (left == 0) return '\0';
  if (left < 3) return *r->at;
  const unsigned char *p = (const unsigned char *)r->at;
  bool low = p[0] == 0xef && p[1] == 0xbc && p[2] >= 0x81 && p[2] <= 0xbf;
  bool high = p[0] == 0xef && p[1] == 0xbd && p[2] >= 0x80 && p[2] <= 0x9e;
  bool blank = p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80;
  if (!low && !high && !blank) return *r->at;
  *width = 3;
  if (blank) return ' ';
  return (char)(unsigned char)(low ? p[2] - 0x81U + 0x21U : p[2] - 0x80U + 0x60U);
}

/* Takes a digit if one stands here. */
static bool take_digit(struct reader *r, int *out) {
  size_t width;
  char c = here(r, &width);
  if (c < '0' || c > '9') return false;
  r->at += width;
  *out = c - '0';
  return true;
}

/* Takes the mark if it stands here. */
static bool take(struct reader *r, const char *mark) {
  size_t len = strlen(mark), width;
  if (len == 1 && here(r, &width) != mark[0]) return false;
  if (len == 1) {
    r->at += width;
    return true;
  }
  if ((size_t)(r->end - r->at) < len || memcmp(r->at, mark, len) != 0) return false;
  r->at += len;
  return true;
}

/* Takes a number of min to max digits that is at most `most`. */
static bool take_number(struct reader *r, int min, int max, int most, int *out) {
  int digits = 0, value = 0, digit;
  for (; digits < max && take_digit(r, &digit); digits++) value = value * 10 + digit;
  *out = value;
  return digits >= min && value <= most;
}

static void skip_blanks(struct reader *r) {
  while (take(r, " ") || take(r, "\t")) continue;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar; years run from March
 * here, so that the leap day is their last. */
static int64_t days_from_civil(int year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool take_day(struct reader *r, int64_t *days, bool *chinese) {
  static const char *const marks[][3] = {{"-", "-", ""}, {"/", "/", ""}, {"年", "月", "日"}};
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year, month, day;
  size_t form = 0;
  if (!take_number(r, 4, 4, 9999, &year) || year == 0) return false;
  while (form < 3 && !take(r, marks[form][0])) form++;
  if (form == 3 || !take_number(r, 1, 2, 12, &month) || month == 0) return false;
  if (!take(r, marks[form][1])) return false;
  int length = lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
  if (!take_number(r, 1, 2, length, &day) || day == 0) return false;
  *days = days_from_civil(year, month, day);
  *chinese = form == 2;
  return take(r, marks[form][2]);
}

static bool take_fraction(struct reader *r, int *ms) {
  int weight = 100, digit;
  const char *begin = r->at;
  for (*ms = 0; take_digit(r, &digit); weight /= 10) *ms += digit * weight;
  return r->at > begin;
}

static bool take_time(struct reader *r, int64_t *ms) {
  int hour, minute, second = 0, fraction = 0;
  if (!take_number(r, 1, 2, 23, &hour) || !take(r, ":")) return false;
  if (!take_number(r, 2, 2, 59, &minute)) return false;
  if (take(r, ":")) {
    if (!take_number(r, 2, 2, 59, &second)) return false;
    if (take(r, ".") && !take_fraction(r, &fraction)) return false;
  }
  *ms = ((int64_t)hour * 60 + minute) * MS_PER_MINUTE + second * 1000 + fraction;
  return true;
}

/* A zone, if one stands here; the one that *minutes says otherwise. */
static bool take_zone(struct reader *r, int *minutes) {
  int sign = take(r, "+") ? 1 : take(r, "-") ? -1 : 0, hour, minute;
  if (sign == 0) {
    if (take(r, "Z") || take(r, "z")) *minutes = 0;
    return true;
  }
  if (!take_number(r, 2, 2, 23, &hour) || !take(r, ":")) return false;
  if (!take_number(r, 2, 2, 59, &minute)) return false;
  *minutes = sign * (hour * 60 + minute);
  return true;
}

bool when_parse(const char *text, size_t len, int zone_minutes, int64_t *ms) {
  struct reader r = {text, text + len};
  int64_t days, time = 0;
  bool chinese;
  skip_blanks(&r);
  if (!take_day(&r, &days, &chinese)) return false;
  const char *after_day = r.at;
  bool marked = take(&r, "T") || take(&r, "t");
  if (!marked) skip_blanks(&r);
  if (marked || r.at < r.end) {
    if (r.at == after_day && !chinese) return false;
    if (!take_time(&r, &time) || !take_zone(&r, &zone_minutes)) return false;
  }
  skip_blanks(&r);
  if (r.at != r.end) return false;
  *ms = days * MS_PER_DAY + time - (int64_t)zone_minutes * MS_PER_MINUTE;
  return true;
}

/* The day that is `days` after 1970-01-01. */
static void civil_from_days(int64_t days, int *year, int *month, int *day) {
  int64_t z = days + 719468, era = z / 146097, of_era = z % 146097;
  int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
  *day = (int)(of_year - (153 * m + 2) / 5 + 1);
  *month = (int)(m < 10 ? m + 3 : m - 9);
  *year = (int)(y + era * 400 + (*month <= 2 ? 1 : 0));
}

bool when_format(int64_t ms, int zone_minutes, char out[static WHEN_MAX]) {
  static const int64_t first = -62135596800000, last = 253402300799999; /* years 1 to 9999, UTC */
  int64_t offset = (int64_t)zone_minutes * MS_PER_MINUTE;
  int year, month, day;
  out[0] = '\0';
  if (zone_minutes <= -MINUTES_PER_DAY || zone_minutes >= MINUTES_PER_DAY) return false;
  if (ms < first - offset || ms > last - offset) return false;
  int64_t shifted = ms + offset + 719468LL * MS_PER_DAY; /* never negative */
  civil_from_days(shifted / MS_PER_DAY - 719468, &year, &month, &day);
  int of_day = (int)(shifted % MS_PER_DAY), east = zone_minutes < 0 ? -zone_minutes : zone_minutes;
  char fraction[8] = "";
  if (of_day % 1000 != 0) (void)snprintf(fraction, sizeof fraction, ".%03d", of_day % 1000);
  (void)snprintf(out, WHEN_MAX, "%04d-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", year, month, day,
                 of_day / 3600000, of_day / MS_PER_MINUTE % 60, of_day / 1000 % 60, fraction,
                 zone_minutes < 0 ? '-' : '+', east / 60, east % 60);
  return true;
}
