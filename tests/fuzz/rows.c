#include "tests/fuzz/rows.h"

#include "node/import/charset.h"
#include "node/import/when.h"
#include "node/tidy.h"
#include "tests/fuzz/fuzz.h"

struct counts {
  size_t rows, line, unknown;
};

/* A cell may be a title or a text of a record. */
static void hold_cell(char *cell, bool lines) {
  char title[TIDY_TITLE], *again;
  size_t n = strlen(cell);

  tidy_cell(cell, lines);
  FUZZ_HOLDS(strlen(cell) <= n && yz_text_ok(cell, strlen(cell)));
  FUZZ_HOLDS(lines || !strpbrk(cell, "\n\t"));
  again = strdup(cell);
  FUZZ_HOLDS(again);
  tidy_cell(again, lines);
  FUZZ_HOLDS(strcmp(again, cell) == 0);
  free(again);
  FUZZ_HOLDS(tidy_title(cell, title) == title && strlen(title) < TIDY_TITLE);
  FUZZ_HOLDS(yz_text_ok(title, strlen(title)));
}

/* A time is written as one that is the same. */
static void hold_time(const char *cell) {
  char text[WHEN_MAX];
  int64_t ms, again;

  if (!when_parse(cell, strlen(cell), 480, &ms)) return;
  if (!when_format(ms, 480, text)) return;
  FUZZ_HOLDS(when_parse(text, strlen(text), 0, &again) && again == ms);
}

static int take_row(void *arg, struct import_row *row, const char *bad) {
  struct counts *c = arg;

  FUZZ_HOLDS(row->line >= c->line);
  c->line = row->line;
  c->rows++;
  for (int i = 0; !bad && i < IMPORT_COLUMNS; i++) {
    if (!row->cells[i]) continue;
    hold_time(row->cells[i]);
    hold_cell(row->cells[i], i == COLUMN_TEXT || i == COLUMN_REPLY);
  }
  return 0;
}

static void take_unknown(void *arg, const char *name) {
  struct counts *c = arg;
  FUZZ_HOLDS(++c->unknown <= 20 && name[0] != '\0');
}

static void take_progress(void *arg, size_t done, size_t total) {
  (void)arg;
  FUZZ_HOLDS(done <= total);
}

void rows_read(rows_reader read, const uint8_t *data, size_t size) {
  static const struct import_map map = {
      .n = 1, .pairs = {{.from = "said", .from_len = 4, .to = COLUMN_TEXT}}};
  char *bytes = fuzz_copy(data, size), *text;
  struct counts counts = {0};
  struct import_reader reader = {&map, take_row, take_unknown, take_progress, &counts};
  struct yz_buf utf8 = {0};
  struct yz_error err = {0};

  if (!charset_to_utf8(bytes, size, &utf8, &err)) {
    FUZZ_HOLDS(utf8.len <= 3 * size + 3);
    text = fuzz_copy(utf8.data ? (char *)utf8.data : "", utf8.len + 1);
    (void)read(&reader, text, utf8.len, &err);
    free(text);
  }
  yz_buf_finish(&utf8);
  free(bytes);
}
