/* Tables as files for other programs: CSV and XLSX.
 *
 * CSV is RFC 4180: CR LF, cells with comma, quotation mark or line end quoted. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe; in XLSX each cell is a text or a
 * number, and none a formula. */
#ifndef YIZHAN_NODE_SHEET_H
#define YIZHAN_NODE_SHEET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <yizhan/error.h>

/* One row of CSV; NULL: an empty cell. What went wrong is seen by ferror(). */
void sheet_csv_row(FILE *out, const char *const *cells, size_t n);

enum sheet_kind { SHEET_CSV, SHEET_XLSX };
enum sheet_cell_kind { SHEET_TEXT, SHEET_NUMBER, SHEET_RATE };
/* A text (NULL: empty), a whole number, or a rate from 0 to 1, shown in per cent. */
struct sheet_cell {
  enum sheet_cell_kind kind;
  const char *text;
  double number;
};

struct sheet;
/* Writes into an open, empty file, which stays the caller's. folder: for what does not fit into
 * memory meanwhile; name: of the sheet, at most 31 characters; now_ms: when it was made. CSV begins
 * with the mark by which spreadsheets know UTF-8. YZ_E_MEMORY, YZ_E_IO. */
int sheet_create(struct sheet **out, enum sheet_kind kind, int fd, const char *folder,
                 const char *name, int64_t now_ms, struct yz_error *err) YZ_MUST_CHECK;
/* The first row is the heading. A text longer than a cell of XLSX may be is cut there, with "…" at
 * its end. YZ_E_LIMIT: more rows than XLSX has; YZ_E_IO. */
int sheet_row(struct sheet *s, const struct sheet_cell *cells, size_t n,
              struct yz_error *err) YZ_MUST_CHECK;
/* The file is whole when this answers 0, and s is gone in any case. *len: its bytes. YZ_E_IO. */
int sheet_end(struct sheet *s, int64_t *len, struct yz_error *err) YZ_MUST_CHECK;
void sheet_drop(struct sheet *s); /* without an end; NULL allowed */

#endif
