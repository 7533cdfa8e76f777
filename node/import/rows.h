/* The rows of a file that another program wrote: CSV with a line of headings, or
 * one JSON object a line. */
#ifndef YIZHAN_NODE_IMPORT_ROWS_H
#define YIZHAN_NODE_IMPORT_ROWS_H

#include "intake.h"

struct import_reader {
  const struct import_map *map;
  /* One row, whose cells may be changed and live until fn returns; bad NULL, or a
   * translatable sentence why it cannot be read (only row->line counts then).
   * Non-zero ends the reading and is returned. */
  int (*row)(void *arg, struct import_row *row, const char *bad);
  /* A column that means nothing here: once each, twenty at most. */
  void (*unknown)(void *arg, const char *name);
  /* How many of the file's bytes are read; now and then. */
  void (*progress)(void *arg, size_t done, size_t total);
  void *arg;
};
/* text: UTF-8, followed by a zero that len does not count. YZ_E_FORMAT where the
 * file as a whole cannot be read: a table without headings. */
int import_read_csv(const struct import_reader *r, const char *text, size_t len,
                    struct yz_error *err) YZ_MUST_CHECK;
int import_read_jsonl(const struct import_reader *r, const char *text, size_t len,
                      struct yz_error *err) YZ_MUST_CHECK;

#endif
