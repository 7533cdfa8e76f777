/* Days in the township's zone, and which of them are worked. Pure.
 *
 * A day is counted from 1970-01-01, which is 0, in the Gregorian calendar. Saturday and Sunday
 * are off and the others worked, unless the township has said otherwise of a day. */
#ifndef YIZHAN_NODE_CALENDAR_H
#define YIZHAN_NODE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zone is so many minutes east of UTC: the township's, never the PC's. */
enum { ZONE_DEFAULT = 8 * 60 }; /* Asia/Shanghai's */

int64_t calendar_day(int64_t ms, int zone);    /* the day in which a moment lies */
int64_t calendar_begin(int64_t day, int zone); /* its 00:00, ms since 1970 */
/* year, month 1 to 12, day 1 to 31, of the calendar. */
int64_t calendar_from_date(int64_t year, int month, int day);
int64_t calendar_year(int64_t day);
/* "2026-10-01", nothing else; a day that is in the calendar, of the years 1 to 9999. */
enum { CALENDAR_DATE = 11 };
bool calendar_read(const char *text, int64_t *day);
/* false, and an empty string, when the year is not 1 to 9999. */
bool calendar_write(int64_t day, char out[static CALENDAR_DATE]);

/* "+08:00", "-03:30": a zone as it is written, from -12:00 to +14:00 in quarter hours, each in one
 * way; read reads nothing else. */
enum { CALENDAR_ZONE = 7 };
bool calendar_read_zone(const char *text, int *zone);
void calendar_write_zone(int zone, char out[static CALENDAR_ZONE]);

/* What the township has said of days. */
struct case_day {
  int64_t day;
  bool off; /* else it is worked */
  int64_t
      gained; /* working days that this and the earlier ones add; case_calendar_index fills it */
};
struct case_calendar {
  struct case_day *days; /* by day, none twice */
  size_t n;
};
/* To be called once, before the others. */
void case_calendar_index(struct case_calendar *c);

/* The working days after a day, up to and including the other. */
int64_t case_calendar_count(const struct case_calendar *c, int64_t after, int64_t until);
/* The n-th working day after a day; the day itself where n is 0. */
int64_t case_calendar_add(const struct case_calendar *c, int64_t day, int64_t n);
/* Does every year in which these days lie have a calendar, a day that was spoken of? */
bool case_calendar_known(const struct case_calendar *c, int64_t first, int64_t last);

#endif
