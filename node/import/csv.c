/* RFC 4180:
 *
 *   file  = [BOM] *(row line-end) [row]
 *   row   = field *("," field)
 *   field = DQUOTE *(any but DQUOTE / 2DQUOTE) DQUOTE / *(any but DQUOTE "," CR LF)
 *   line-end = LF / CR LF
 *
 * without zero bytes; a field has at most CSV_MAX_FIELD bytes, a row CSV_MAX_ROW in
 * CSV_MAX_FIELDS fields. */
#include <stdbool.h>
#include <string.h>

#include "node/import/csv.h"

void csv_init(struct csv_reader *r, const char *text, size_t len) {
  *r = (struct csv_reader){.at = text, .end = text + len, .line = 1};
  if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) r->at += 3;
}

void csv_finish(struct csv_reader *r) {
  if (r != NULL) yz_buf_finish(&r->bytes);
}

static bool at_mark(const struct csv_reader *r, char c) {
  return r->at < r->end && *r->at == c;
}

/* Takes a line end if one stands here. */
static bool take_line_end(struct csv_reader *r) {
  size_t left = (size_t)(r->end - r->at);
  size_t len = at_mark(r, '\n') ? 1 : left >= 2 && memcmp(r->at, "\r\n", 2) == 0 ? 2 : 0;
  r->at += len;
  r->line += len > 0;
  return len > 0;
}

static int too_large(const struct csv_reader *r, struct yz_error *err) {
  return yz_fail(err, YZ_E_LIMIT,
                 YZ_N_("A row of the table is too large. Is a quotation mark missing before it?"),
                 "line %zu", r->line);
}

/* Adds n bytes to the field that begins at `start`. */
static int add(struct csv_reader *r, size_t start, const char *bytes, size_t n,
               struct yz_error *err) {
  if (r->bytes.len - start + n > CSV_MAX_FIELD || r->bytes.len + n > CSV_MAX_ROW)
    return too_large(r, err);
  if (memchr(bytes, '\0', n) != NULL)
    return yz_fail(err, YZ_E_FORMAT,
                   YZ_N_("The table holds bytes that are no text. Save it again as CSV."),
                   "line %zu", r->line);
  if (yz_buf_append(&r->bytes, bytes, n) == 0) return 0;
  return yz_no_memory(err);
}

/* The length of what stands here up to the first of the marks. */
static size_t run_len(const struct csv_reader *r, const char *marks) {
  const char *p = r->at;
  while (p < r->end && (*p == '\0' || strchr(marks, *p) == NULL)) p++;
  return (size_t)(p - r->at);
}

/* The field after its opening quote, up to and with the closing one. */
static int read_quoted(struct csv_reader *r, size_t start, struct yz_error *err) {
  size_t opened = r->line;
  for (;;) {
    size_t n = run_len(r, "\"\r\n");
    int rc = add(r, start, r->at, n, err);
    if (rc != 0) return rc;
    r->at += n;
    if (r->at == r->end)
      return yz_fail(err, YZ_E_FORMAT, YZ_N_("A quotation mark is opened here and never closed."),
                     "line %zu", opened);
    if (take_line_end(r)) {
      rc = add(r, start, "\n", 1, err);
    } else {
      char c = *r->at++;
      if (c == '"' && !at_mark(r, '"')) return 0;
      rc = add(r, start, &c, 1, err);
      if (c == '"') r->at++;
    }
    if (rc != 0) return rc;
  }
}

static int read_field(struct csv_reader *r, struct yz_error *err) {
  size_t start = r->bytes.len, n = 0;
  int rc;
  if (at_mark(r, '"')) {
    r->at++;
    rc = read_quoted(r, start, err);
  } else {
    n = run_len(r, ",\"\r\n");
    rc = add(r, start, r->at, n, err);
    r->at += n;
  }
  if (rc != 0) return rc;
  size_t left = (size_t)(r->end - r->at);
  bool line_ends = at_mark(r, '\n') || (left >= 2 && memcmp(r->at, "\r\n", 2) == 0);
  if (left > 0 && *r->at != ',' && !line_ends)
    return yz_fail(err, YZ_E_FORMAT,
                   YZ_N_("A field with quotation marks or odd line ends must stand in quotation "
                         "marks, those inside it doubled."),
                   "line %zu", r->line);
  if (yz_buf_append(&r->bytes, "", 1) == 0) return 0;
  return yz_no_memory(err);
}

int csv_next(struct csv_reader *r, struct csv_row *row, struct yz_error *err) {
  size_t n = 0;
  while (take_line_end(r)) continue;
  if (r->at == r->end) return 0;
  yz_buf_clear(&r->bytes);
  *row = (struct csv_row){.fields = r->fields, .line = r->line};
  for (bool more = true; more;) {
    if (n == CSV_MAX_FIELDS) return too_large(r, err);
    r->starts[n++] = r->bytes.len;
    int rc = read_field(r, err);
    if (rc != 0) return rc;
    more = at_mark(r, ',');
    if (more) r->at++;
  }
  (void)take_line_end(r);
  for (size_t i = 0; i < n; i++) r->fields[i] = (const char *)r->bytes.data + r->starts[i];
  row->n = n;
  return 1;
}
