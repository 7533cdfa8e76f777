#include "sheet.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { MAX_CELL = 32767, WIDTH = 16, TEXT = 24 };

struct sheet {
  enum sheet_kind kind;
  int fd;
  uint32_t rows;
  FILE *csv;
  lxw_workbook *book;
  lxw_worksheet *sheet;
  lxw_format *heading, *rate;
  char path[32]; /* both live as long as the workbook */
  char *folder;
};

/* --- CSV ---------------------------------------------------------------------- */

/* Wide ones too, which some spreadsheets take for the others. */
static bool is_formula(const char *text) {
  static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
  bool is = text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
    is |= strncmp(text, wide[i], strlen(wide[i])) == 0;
  return is;
}

static void put_cell(FILE *out, const char *text, bool last) {
  bool formula = is_formula(text);
  bool quoted = strpbrk(text, ",\"\r\n") != NULL;
  if (quoted) (void)putc('"', out);
  if (formula) (void)putc('\'', out);
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"') (void)putc('"', out);
    (void)putc(*c, out);
  }
  if (quoted) (void)putc('"', out);
  (void)fputs(last ? "\r\n" : ",", out);
}

void sheet_csv_row(FILE *out, const char *const *cells, size_t n) {
  for (size_t i = 0; i < n; i++) put_cell(out, cells[i] != NULL ? cells[i] : "", i + 1 == n);
}

static int csv_row(struct sheet *s, const struct sheet_cell *cells, size_t n) {
  char text[TEXT] = "";
  for (size_t i = 0; i < n; i++) {
    const struct sheet_cell *c = &cells[i];
    if (c->kind == SHEET_NUMBER) (void)snprintf(text, sizeof text, "%.0f", c->number);
    if (c->kind == SHEET_RATE) (void)snprintf(text, sizeof text, "%.0f%%", 100 * c->number);
    /* A number is none of ours to guard, and never below zero. */
    put_cell(s->csv, c->kind != SHEET_TEXT ? text : c->text != NULL ? c->text : "", i + 1 == n);
  }
  return ferror(s->csv) != 0 ? -1 : 0;
}

/* --- XLSX --------------------------------------------------------------------- */

static int open_book(struct sheet *s, const char *name, int64_t now_ms) {
  lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = s->folder};
  lxw_doc_properties made = {.created = (time_t)(now_ms / 1000)};
  (void)snprintf(s->path, sizeof s->path, "/proc/self/fd/%d", s->fd);
  s->book = workbook_new_opt(s->path, &options);
  if (s->book == NULL || workbook_set_properties(s->book, &made) != LXW_NO_ERROR) return -1;
  s->sheet = workbook_add_worksheet(s->book, name);
  s->heading = workbook_add_format(s->book);
  s->rate = workbook_add_format(s->book);
  if (s->sheet == NULL || s->heading == NULL || s->rate == NULL) return -1;
  format_set_bold(s->heading);
  format_set_num_format(s->rate, "0%");
  worksheet_freeze_panes(s->sheet, 1, 0);
  return worksheet_set_column(s->sheet, 0, LXW_COL_MAX - 1, WIDTH, NULL) == LXW_NO_ERROR ? 0 : -1;
}

static bool goes_on(const char *at) {
  return ((unsigned char)*at & 0xC0) == 0x80;
}

/* As XML can have it and a cell has room for; malloc'd. U+FFFE and U+FFFF are no characters
 * there. Excel counts UTF-16. */
static char *cell_text(const char *text) {
  size_t len = strlen(text), units = 0;
  char *copy = malloc(len + sizeof "…");
  if (copy == NULL) return NULL;
  memcpy(copy, text, len + 1);
  for (char *at = copy; *at != '\0';) {
    size_t n = 1;
    while (goes_on(at + n)) n++;
    if (n == 3 && memcmp(at, "\xEF\xBF", 2) == 0 && (unsigned char)at[2] >= 0xBE)
      at[2] = (char)0xBD;
    units += n == 4 ? 2 : 1;
    if (units > MAX_CELL || (units == MAX_CELL && at[n] != '\0')) {
      memcpy(at, "…", sizeof "…");
      break;
    }
    at += n;
  }
  return copy;
}

static lxw_error write_text(struct sheet *s, lxw_col_t column, const char *text,
                            lxw_format *format) {
  char *copy = cell_text(text);
  lxw_error e = copy == NULL ? LXW_ERROR_MEMORY_MALLOC_FAILED
                             : worksheet_write_string(s->sheet, s->rows, column, copy, format);
  free(copy);
  return e;
}

static int xlsx_row(struct sheet *s, const struct sheet_cell *cells, size_t n) {
  lxw_error e = LXW_NO_ERROR;
  lxw_format *format = s->rows == 0 ? s->heading : NULL;
  for (size_t i = 0; e == LXW_NO_ERROR && i < n; i++) {
    const struct sheet_cell *c = &cells[i];
    if (c->kind != SHEET_TEXT)
      e = worksheet_write_number(s->sheet, s->rows, (lxw_col_t)i, c->number,
                                 c->kind == SHEET_RATE ? s->rate : format);
    else if (c->text != NULL && c->text[0] != '\0')
      e = write_text(s, (lxw_col_t)i, c->text, format);
  }
  return e == LXW_NO_ERROR ? 0 : -1;
}

/* --- both --------------------------------------------------------------------- */

static int failed(struct yz_error *err) {
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("The table could not be written. Free some space on the disk, then try "
                       "again."),
                 NULL);
}

int sheet_create(struct sheet **out, enum sheet_kind kind, int fd, const char *folder,
                 const char *name, int64_t now_ms, struct yz_error *err) {
  struct sheet *s = calloc(1, sizeof *s);
  *out = NULL;
  if (s == NULL) return yz_no_memory(err);
  *s = (struct sheet){.kind = kind, .fd = fd, .folder = strdup(folder)};
  int copy = kind == SHEET_CSV ? dup(fd) : -1;
  s->csv = copy >= 0 ? fdopen(copy, "w") : NULL;
  if (copy >= 0 && s->csv == NULL) (void)close(copy);
  bool ok =
      s->folder != NULL && (kind == SHEET_CSV ? s->csv != NULL && fputs("\xEF\xBB\xBF", s->csv) >= 0
                                              : open_book(s, name, now_ms) == 0);
  if (ok) {
    *out = s;
    return 0;
  }
  sheet_drop(s);
  return failed(err);
}

int sheet_row(struct sheet *s, const struct sheet_cell *cells, size_t n, struct yz_error *err) {
  if (s->kind == SHEET_XLSX && s->rows == LXW_ROW_MAX)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A table of this kind has no room for so many rows."),
                   NULL);
  int rc = s->kind == SHEET_CSV ? csv_row(s, cells, n) : xlsx_row(s, cells, n);
  s->rows++;
  return rc == 0 ? 0 : failed(err);
}

/* Closes both; false: not all is in the file. */
static bool close_all(struct sheet *s) {
  bool ok = true;
  if (s->csv != NULL) ok = fclose(s->csv) == 0;
  if (s->book != NULL) ok = workbook_close(s->book) == LXW_NO_ERROR;
  s->csv = NULL;
  s->book = NULL;
  return ok;
}

int sheet_end(struct sheet *s, int64_t *len, struct yz_error *err) {
  struct stat st;
  bool ok = close_all(s) && fstat(s->fd, &st) == 0;
  if (ok) *len = st.st_size;
  sheet_drop(s);
  return ok ? 0 : failed(err);
}

void sheet_drop(struct sheet *s) {
  if (s == NULL) return;
  (void)close_all(s);
  free(s->folder);
  free(s);
}
