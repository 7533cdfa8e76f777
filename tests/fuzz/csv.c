/* Tables as CSV (node/import: charset, csv, columns, tidy, when), as files and as rows. */
#include "tests/fuzz/fuzz.h"

#include "node/import/csv.h"
#include "tests/fuzz/rows.h"

static void quote(struct yz_buf *out, const char *field) {
  FUZZ_HOLDS(yz_buf_puts(out, "\"") == 0);
  for (; *field; field++)
    FUZZ_HOLDS(yz_buf_append(out, field, 1) == 0 && (*field != '"' || yz_buf_puts(out, "\"") == 0));
  FUZZ_HOLDS(yz_buf_puts(out, "\"") == 0);
}

/* A row written again with every field in quotes is the same row. */
static void hold_again(const struct csv_row *row) {
  struct yz_buf text = {0};
  struct csv_reader reader;
  struct csv_row again;
  bool carriage = false;

  for (size_t i = 0; i < row->n; i++) {
    if (i) FUZZ_HOLDS(yz_buf_puts(&text, ",") == 0);
    quote(&text, row->fields[i]);
    carriage = carriage || strchr(row->fields[i], '\r');
  }
  csv_init(&reader, (char *)text.data, text.len);
  FUZZ_HOLDS(csv_next(&reader, &again, NULL) == 1 && again.n == row->n && again.line == 1);
  /* A carriage return before a quote's line end is part of that end. */
  for (size_t i = 0; !carriage && i < row->n; i++)
    FUZZ_HOLDS(strcmp(again.fields[i], row->fields[i]) == 0);
  FUZZ_HOLDS(csv_next(&reader, &again, NULL) == 0);
  csv_finish(&reader);
  yz_buf_finish(&text);
}

static void read_rows(const uint8_t *data, size_t size) {
  char *text = fuzz_copy(data, size);
  struct csv_reader reader;
  struct csv_row row;

  csv_init(&reader, text, size);
  while (csv_next(&reader, &row, NULL) == 1) {
    size_t bytes = 0;
    FUZZ_HOLDS(row.n >= 1 && row.n <= CSV_MAX_FIELDS);
    for (size_t i = 0; i < row.n; i++) {
      FUZZ_HOLDS(strlen(row.fields[i]) <= CSV_MAX_FIELD);
      bytes += strlen(row.fields[i]);
    }
    FUZZ_HOLDS(bytes <= CSV_MAX_ROW);
    hold_again(&row);
  }
  csv_finish(&reader);
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  read_rows(data, size);
  rows_read(import_read_csv, data, size);
  return 0;
}
