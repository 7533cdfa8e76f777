/* Tables as comma-separated values (RFC 4180), row by row:
 *
 *   struct csv_reader r;
 *   struct csv_row row;
 *   csv_init(&r, text, len);
 *   while ((rc = csv_next(&r, &row, err)) == 1) … row.fields[0] … row.n …
 *   csv_finish(&r);
 */
#ifndef YIZHAN_NODE_IMPORT_CSV_H
#define YIZHAN_NODE_IMPORT_CSV_H

#include <yizhan/buf.h>
#include <yizhan/types.h>

enum {
  CSV_MAX_FIELDS = YZ_LIMIT(256, 8),
  CSV_MAX_FIELD = YZ_LIMIT(1024 * 1024, 64), /* bytes of one field */
  CSV_MAX_ROW = YZ_LIMIT(4 * 1024 * 1024, 192)
};

struct csv_row {
  const char *const *fields; /* n strings; the reader's, until the next call */
  size_t n;
  size_t line; /* of the file, from 1, where the row begins */
};

struct csv_reader {
  const char *at, *end;
  size_t line;
  struct yz_buf bytes; /* the row's fields, each with a zero behind it */
  size_t starts[CSV_MAX_FIELDS];
  const char *fields[CSV_MAX_FIELDS];
};

/* text: UTF-8 (see charset.h), a byte order mark before it is skipped; the
 * caller's, until finish. */
void csv_init(struct csv_reader *r, const char *text, size_t len);
void csv_finish(struct csv_reader *r); /* NULL allowed */

/* Reads the next row; lines without a character are passed over. Lines end in \n
 * or \r\n; a line end within quotes is given as \n. Returns 1: row is there; 0: the
 * text has ended; negative: YZ_E_FORMAT (a quote that is never closed or stands
 * where none may, a zero byte, a lone \r), YZ_E_LIMIT (a field, a row or their
 * number), YZ_E_MEMORY; the subject names the line ("line 12"). After an error
 * the reader can only be finished. */
int csv_next(struct csv_reader *r, struct csv_row *row, struct yz_error *err) YZ_MUST_CHECK;

#endif
