/* What the columns of a foreign table mean: names in both languages, and those
 * that the user maps. */
#ifndef YIZHAN_NODE_IMPORT_COLUMNS_H
#define YIZHAN_NODE_IMPORT_COLUMNS_H

#include <stddef.h>
#include <yizhan/error.h>

enum import_column {
  COLUMN_ID,
  COLUMN_TITLE,
  COLUMN_TEXT,
  COLUMN_TIME,
  COLUMN_CATEGORY,
  COLUMN_CHANNEL,
  COLUMN_URGENCY,
  COLUMN_PLACE,
  COLUMN_RESIDENT,
  COLUMN_PHONE,
  COLUMN_HOUSEHOLD,
  COLUMN_REPLY,
  COLUMN_REPLY_TIME,
  IMPORT_COLUMNS,
  COLUMN_IGNORED = IMPORT_COLUMNS, /* known, of no use here: a status */
  COLUMN_UNKNOWN
};
/* "id", "title", "text", "time", … : what --map may name. */
const char *import_column_name(enum import_column column);

/* "from=to,from=to": columns that mean something else than their name says. */
enum { IMPORT_MAX_MAPPED = 32 };
struct import_map {
  size_t n;
  struct {
    const char *from; /* in the text that was read */
    size_t from_len;
    enum import_column to;
  } pairs[IMPORT_MAX_MAPPED];
};
/* text must live as long as the map; NULL: nothing is mapped. YZ_E_INPUT. */
int import_map_read(struct import_map *map, const char *text, struct yz_error *err) YZ_MUST_CHECK;

/* Case, blanks around, and whether words are joined by blank, dash or underscore
 * make no difference. */
enum import_column import_column_of(const struct import_map *map, const char *header);

#endif
