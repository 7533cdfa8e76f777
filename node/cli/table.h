/* A table for people: columns as wide as their widest cell on the screen, where a
 * Chinese character takes two places.
 *
 *   struct table t;
 *   table_init(&t, 3);
 *   table_row(&t, (const char *[]){_("Case"), _("State"), _("Title")}, err)
 *   …
 *   table_print(&t);
 *   table_finish(&t);
 *
 * The first row is the heading. Line ends and tabs in cells become spaces; the last
 * column is cut where the terminal ends. What is longer than anything that is written here comes
 * from elsewhere, and is cut, with "…". */
#ifndef YIZHAN_NODE_CLI_TABLE_H
#define YIZHAN_NODE_CLI_TABLE_H

#include <stddef.h>
#include <yizhan/error.h>

enum { TABLE_MAX_COLUMNS = 12, TABLE_MAX_CELL = 200, TABLE_MAX_LAST = 600 /* places */ };
struct table {
  size_t columns, n, cap; /* n: cells */
  char **cells;
  size_t widths[TABLE_MAX_COLUMNS];
};
void table_init(struct table *t, size_t columns);
void table_finish(struct table *t);
/* Copies one row of `columns` cells; NULL is shown as "-". YZ_E_MEMORY. */
int table_row(struct table *t, const char *const *cells, struct yz_error *err) YZ_MUST_CHECK;
void table_print(const struct table *t);

/* How many places text takes on a screen, and how many of its bytes fit into
 * `places` of them (whole characters only). */
size_t text_width(const char *text);
size_t text_fit(const char *text, size_t places);
/* A copy of text, cut to so many places, the last of them "…"; malloc'd, NULL when memory ran out.
 */
char *text_cut(const char *text, size_t places);

#endif
