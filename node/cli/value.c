/* The values of options.
 *
 * Text: "@FILE" is what stands in the file, "-" what comes on standard input, all
 * else the text itself. At most 1 MiB, valid UTF-8 without control characters but
 * LF and tab; a byte order mark is dropped, CR LF becomes LF, and one line end at the end of a
 * file is dropped. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../choice.h"
#include "args.h"

static int read_stdin(struct yz_buf *out, struct yz_error *err) {
  char part[16384];
  for (;;) {
    ssize_t n = read(STDIN_FILENO, part, sizeof part);
    if (n == 0) return 0;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return yz_fail(err, YZ_E_IO, YZ_N_("Standard input cannot be read."), NULL);
    if ((size_t)n > CLI_MAX_TEXT - out->len)
      return yz_fail(err, YZ_E_LIMIT, YZ_N_("The text is longer than 1 MiB. Shorten it."), NULL);
    if (yz_buf_append(out, part, (size_t)n) != 0) return yz_no_memory(err);
  }
}

/* What is the same text on every machine. */
static void fold_lines(struct yz_buf *b) {
  static const char mark[] = "\xEF\xBB\xBF";
  size_t from = b->len >= 3 && memcmp(b->data, mark, 3) == 0 ? 3 : 0, to = 0;
  for (; from < b->len; from++) {
    if (b->data[from] == '\r' && from + 1 < b->len && b->data[from + 1] == '\n') continue;
    b->data[to++] = b->data[from];
  }
  if (to > 0 && b->data[to - 1] == '\n') to--;
  b->len = to;
  b->data[to] = '\0';
}

static int check_text(const char *text, size_t len, struct yz_error *err) {
  if (len > CLI_MAX_TEXT)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("The text is longer than 1 MiB. Shorten it."), NULL);
  if (yz_text_ok(text, len)) return 0;
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("The text is no valid UTF-8, or holds control characters. Save it as plain "
                       "text in UTF-8."),
                 NULL);
}

static int read_text(const struct cli *cli, const char *given, char **out, struct yz_error *err) {
  struct yz_buf b = {0};
  int rc = yz_buf_append(&b, "", 0) != 0 ? yz_no_memory(err) : 0;
  bool file = given[0] == '@' || strcmp(given, "-") == 0;
  if (rc == 0 && given[0] == '@')
    rc = cli->world->read_file(cli->world->ctx, given + 1, CLI_MAX_TEXT, &b, err);
  else if (rc == 0 && file)
    rc = read_stdin(&b, err);
  else if (rc == 0 && yz_buf_puts(&b, given) != 0)
    rc = yz_no_memory(err);
  if (rc == 0 && file) fold_lines(&b);
  if (rc == 0) rc = check_text((const char *)b.data, b.len, err);
  if (rc == 0) {
    *out = (char *)b.data;
    return 0;
  }
  yz_buf_finish(&b);
  return rc;
}

/* One line of valid text: no line end, no tab. */
static bool is_line(const char *text) {
  size_t n = strlen(text);
  return n <= CLI_MAX_TEXT && yz_text_ok(text, n) && strpbrk(text, "\n\t") == NULL;
}

static bool is_number(const char *given) {
  size_t n = strspn(given, "0123456789");
  return n > 0 && n <= 16 && given[n] == '\0' && strtoll(given, NULL, 10) <= YZ_MAX_INT;
}

static bool is_time(const char *given) {
  int64_t ms;
  return when_parse(given, strlen(given), ZONE_DEFAULT, &ms);
}

int cli_read_value(const struct cli *cli, const struct cli_option *option, const char *given,
                   char **out, struct yz_error *err) {
  const char *wrong = NULL;
  if (option->kind == CLI_TEXT) return read_text(cli, given, out, err);
  if (option->kind == CLI_LINE && !is_line(given))
    wrong = YZ_N_("The value must be one line of valid text.");
  if (option->kind == CLI_NUMBER && !is_number(given))
    wrong = YZ_N_("The value must be a whole number.");
  if (option->kind == CLI_WHEN && !is_time(given))
    wrong = YZ_N_("The time must be like 2026-11-23 18:04 or 2026-11-23T18:04:05+08:00.");
  if (option->kind == CLI_CHOICE && !choice_has(option->arg, given))
    wrong = YZ_N_("The value must be one of those that --help names.");
  if (wrong != NULL) return yz_fail(err, YZ_E_INPUT, wrong, "--%s %s", option->name, given);
  *out = strdup(given != NULL ? given : "");
  return *out != NULL ? 0 : yz_no_memory(err);
}
