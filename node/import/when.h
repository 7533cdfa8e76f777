/* Times as people and other programs write them. Pure: no clock, no zone but
 * the one that is given. */
#ifndef YIZHAN_NODE_IMPORT_WHEN_H
#define YIZHAN_NODE_IMPORT_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a time, blanks around it allowed:
 *
 *   2012-02-13T13:42:05+08:00   RFC 3339, also with Z, with .125, with a blank for T
 *   2012-02-13 13:42:05         the same without a zone, or without seconds
 *   2012/2/13 13:42             one digit or two
 *   2012年2月13日 13:42          with or without a blank before the time
 *   2012-02-13                  a day alone, in each form: its beginning
 *   ２０１２－０２－１３        full-width characters, in each form
 *
 * Without a zone it is a time of the zone that is zone_minutes east of UTC (the
 * township's: 480). Fractions are cut to milliseconds. The calendar is strict:
 * years 1 to 9999, no 30 February, no 24:00, no second 60. *ms: milliseconds since
 * 1970. false, and *ms untouched, when it is no such time. */
bool when_parse(const char *text, size_t len, int zone_minutes, int64_t *ms);

/* Writes RFC 3339 with the zone's offset, "2012-02-13T13:42:05+08:00", with
 * milliseconds only where there are some. false, and an empty string, when the year
 * would not be 1 to 9999 or the offset is not less than a day. */
enum { WHEN_MAX = 48 };
bool when_format(int64_t ms, int zone_minutes, char out[static WHEN_MAX]);

#endif
