/* One JSON object a line; empty lines are nothing. Strings and numbers are cells, null says
 * nothing. A cell that is a list or an object, and a name that stands twice, would lose words: such
 * a row is bad. */
#include <string.h>

#include "rows.h"

/* A line is parsed whole, which takes many times its length in memory. */
enum { MAX_UNKNOWN = 20, PROGRESS_EVERY = 256, MAX_LINE = YZ_LIMIT(4 * 1024 * 1024, 512) };

struct reading {
  const struct import_reader *r;
  struct tally unknown;
  struct yz_error *err;
};

static int note_unknown(struct reading *reading, const char *name) {
  struct yz_hash hash;
  size_t before;
  if (reading->unknown.n >= MAX_UNKNOWN || name[0] == '\0') return 0;
  yz_sha256(&(struct yz_part){name, strlen(name)}, 1, &hash);
  if (tally_add(&reading->unknown, &hash, &before) != 0) return yz_no_memory(reading->err);
  if (before == 0) reading->r->unknown(reading->r->arg, name);
  return 0;
}

static bool says_something(const json_t *value) {
  return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

/* A value as a cell; malloc'd, NULL when memory ran out. */
static char *cell_of(const json_t *value) {
  if (json_is_string(value)) return strdup(json_string_value(value));
  return json_dumps(value, JSON_ENCODE_ANY);
}

static int fill(struct reading *reading, const json_t *object, struct import_row *row,
                const char **bad) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value) {
    enum import_column column = import_column_of(reading->r->map, name);
    if (column == COLUMN_UNKNOWN && note_unknown(reading, name) != 0) return YZ_E_MEMORY;
    if (column >= IMPORT_COLUMNS || json_is_null(value)) continue;
    if (!says_something(value)) {
      *bad = YZ_N_("A cell is a list or an object. Give it as one text.");
      continue;
    }
    if (import_row_set(row, column, cell_of(value)) != 0) return yz_no_memory(reading->err);
  }
  return 0;
}

static int read_line(struct reading *reading, const char *line, size_t len, size_t number) {
  struct import_row row = {.line = number};
  json_t *object = len > MAX_LINE ? NULL : json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
  const char *bad = json_is_object(object) ? NULL
                    : len > MAX_LINE
                        ? YZ_N_("The row is longer than 512 KiB.")
                        : YZ_N_("The line is no JSON object, or a name stands in it twice.");
  int rc = bad == NULL ? fill(reading, object, &row, &bad) : 0;
  json_decref(object);
  if (rc == 0) rc = reading->r->row(reading->r->arg, &row, bad);
  import_row_finish(&row);
  return rc;
}

int import_read_jsonl(const struct import_reader *r, const char *text, size_t len,
                      struct yz_error *err) {
  struct reading reading = {.r = r, .err = err};
  size_t number = 0;
  int rc = 0;
  for (size_t at = 0; rc == 0 && at < len;) {
    const char *end = memchr(text + at, '\n', len - at);
    size_t line_len = end != NULL ? (size_t)(end - (text + at)) : len - at;
    number++;
    if (strspn(text + at, " \t\r") < line_len)
      rc = read_line(&reading, text + at, line_len, number);
    at += line_len + 1;
    if (number % PROGRESS_EVERY == 0) r->progress(r->arg, at < len ? at : len, len);
  }
  tally_finish(&reading.unknown);
  return rc;
}
