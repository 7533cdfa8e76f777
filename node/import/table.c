/* A table whose first row names its columns. A row that the reader cannot get
 * past ends the reading, as a row that is bad. */
#include <string.h>

#include "csv.h"
#include "rows.h"

enum { MAX_UNKNOWN = 20, PROGRESS_EVERY = 256 };

struct headings {
  enum import_column columns[CSV_MAX_FIELDS];
  size_t n;
};

static void read_headings(const struct import_reader *r, const struct csv_row *row,
                          struct headings *h) {
  size_t unknown = 0;
  h->n = row->n;
  for (size_t i = 0; i < row->n; i++) {
    h->columns[i] = import_column_of(r->map, row->fields[i]);
    if (h->columns[i] == COLUMN_UNKNOWN && row->fields[i][0] != '\0' && unknown++ < MAX_UNKNOWN)
      r->unknown(r->arg, row->fields[i]);
  }
}

/* Copies a row's cells; of two for one column the first that says something. */
static int fill(const struct headings *h, const struct csv_row *from, struct import_row *row,
                struct yz_error *err) {
  for (size_t i = 0; i < from->n && i < h->n; i++) {
    enum import_column column = h->columns[i];
    if (column >= IMPORT_COLUMNS) continue;
    if (import_row_set(row, column, strdup(from->fields[i])) != 0) return yz_no_memory(err);
  }
  return 0;
}

static int pass_on(const struct import_reader *r, const struct headings *h,
                   const struct csv_row *from, struct yz_error *err) {
  struct import_row row = {.line = from->line};
  const char *bad =
      from->n > h->n ? YZ_N_("The row has more cells than there are headings.") : NULL;
  int rc = bad == NULL ? fill(h, from, &row, err) : 0;
  if (rc == 0) rc = r->row(r->arg, &row, bad);
  import_row_finish(&row);
  return rc;
}

int import_read_csv(const struct import_reader *r, const char *text, size_t len,
                    struct yz_error *err) {
  struct csv_reader reader;
  struct csv_row row;
  struct headings headings = {.n = 0};
  struct yz_error broken = {0};
  int rc, result = 0;
  csv_init(&reader, text, len);
  rc = csv_next(&reader, &row, err);
  if (rc == 0)
    result = yz_fail(err, YZ_E_FORMAT,
                     YZ_N_("The table is empty. Its first line must name the columns."), NULL);
  if (rc <= 0) {
    csv_finish(&reader);
    return rc < 0 ? rc : result;
  }
  read_headings(r, &row, &headings);
  for (size_t n = 1; result == 0 && (rc = csv_next(&reader, &row, &broken)) == 1; n++) {
    result = pass_on(r, &headings, &row, err);
    if (n % PROGRESS_EVERY == 0) r->progress(r->arg, (size_t)(reader.at - text), len);
  }
  if (result == 0 && rc < 0)
    result = rc == YZ_E_MEMORY
                 ? yz_no_memory(err)
                 : r->row(r->arg, &(struct import_row){.line = reader.line}, broken.message);
  csv_finish(&reader);
  return result;
}
