#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "cli.h"
#include "table.h"

/* The next character's bytes and places; a byte that is no text counts as one. */
static size_t next_char(const char *text, size_t len, size_t *places) {
  mbstate_t state = {0};
  wchar_t c;
  size_t n = mbrtowc(&c, text, len, &state);
  int width = n == 0 || n > len ? 1 : wcwidth(c);
  *places = width < 0 ? 1 : (size_t)width;
  return n == 0 || n > len ? 1 : n;
}

size_t text_fit(const char *text, size_t places) {
  size_t len = strlen(text), at = 0, used = 0;
  while (at < len) {
    size_t width, n = next_char(text + at, len - at, &width);
    if (used + width > places) break;
    used += width;
    at += n;
  }
  return at;
}

size_t text_width(const char *text) {
  size_t len = strlen(text), total = 0;
  for (size_t at = 0; at < len;) {
    size_t width;
    at += next_char(text + at, len - at, &width);
    total += width;
  }
  return total;
}

char *text_cut(const char *text, size_t places) {
  static const char more[] = "\xE2\x80\xA6";
  char *copy = NULL;
  size_t len = text_fit(text, places);
  if (text[len] == '\0') return strdup(text);
  len = text_fit(text, places - 1);
  return asprintf(&copy, "%.*s%s", (int)len, text, more) < 0 ? NULL : copy;
}

void table_init(struct table *t, size_t columns) {
  assert(columns > 0 && columns <= TABLE_MAX_COLUMNS);
  *t = (struct table){.columns = columns};
}

void table_finish(struct table *t) {
  if (t == NULL) return;
  for (size_t i = 0; i < t->n; i++) free(t->cells[i]);
  free(t->cells);
  *t = (struct table){0};
}

static char *cell_text(const char *cell, bool last) {
  char *copy = text_cut(cell != NULL ? cell : "-", last ? TABLE_MAX_LAST : TABLE_MAX_CELL);
  for (char *c = copy; c != NULL && *c != '\0'; c++)
    if (*c == '\n' || *c == '\t') *c = ' ';
  return copy;
}

static bool make_room(struct table *t) {
  if (t->n + t->columns <= t->cap) return true;
  size_t cap = t->cap * 2 + 8 * t->columns;
  char **cells = reallocarray(t->cells, cap, sizeof *cells);
  if (cells == NULL) return false;
  t->cells = cells;
  t->cap = cap;
  return true;
}

int table_row(struct table *t, const char *const *cells, struct yz_error *err) {
  bool ok = make_room(t);
  for (size_t i = 0; ok && i < t->columns; i++) {
    char *cell = cell_text(cells[i], i + 1 == t->columns);
    ok = cell != NULL;
    if (!ok) break;
    t->cells[t->n++] = cell;
    size_t width = text_width(cell);
    if (width > t->widths[i]) t->widths[i] = width;
  }
  return ok ? 0 : yz_no_memory(err);
}

/* How many places a line has: a terminal's width, else no bound. */
static size_t line_places(void) {
  struct winsize size;
  if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
    return SIZE_MAX;
  return size.ws_col;
}

void table_print(const struct table *t) {
  size_t places = line_places(), before = 0;
  for (size_t i = 0; i + 1 < t->columns; i++) before += t->widths[i] + 2;
  size_t last = places == SIZE_MAX ? SIZE_MAX : places > before + 8 ? places - before : 8;
  for (size_t i = 0; i < t->n; i++) {
    const char *cell = t->cells[i];
    size_t column = i % t->columns;
    if (column + 1 == t->columns)
      cli_say("%.*s\n", (int)text_fit(cell, last), cell);
    else
      cli_say("%s%*s", cell, (int)(t->widths[column] - text_width(cell) + 2), "");
  }
}
