/* Cases from a table that another program wrote. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "../import/charset.h"
#include "../import/rows.h"
#include "commands.h"

enum { MAX_FILE = 256 * 1024 * 1024 };

struct importing {
  const struct cli *cli;
  struct intake intake;
  json_t *bad;
  bool terminal, drawn;
  struct yz_error *err;
};

static int add_bad(struct importing *i, size_t line, const char *reason) {
  char *text = NULL;
  const char *detail = i->intake.detail, *space = detail[0] != '\0' ? " " : "";
  if (asprintf(&text, "%s%s%s", _(reason), space, detail) < 0) return yz_no_memory(i->err);
  json_t *item = json_pack("{s:I,s:s}", "line", (json_int_t)line, "reason", text);
  free(text);
  if (json_array_append_new(i->bad, item) == 0) return 0;
  return yz_no_memory(i->err);
}

static int take_row(void *arg, struct import_row *row, const char *bad) {
  struct importing *i = arg;
  i->intake.detail[0] = '\0';
  int rc = bad == NULL ? intake_row(&i->intake, row, &bad, i->err) : 0;
  return rc == 0 && bad != NULL ? add_bad(i, row->line, bad) : rc;
}

static void clear_bar(struct importing *i) {
  if (i->drawn) (void)fputs("\r\033[K", stderr);
  i->drawn = false;
}

static void say_unknown(void *arg, const char *name) {
  clear_bar(arg);
  cli_note(_("The column \"%s\" is unknown here and left out. --map can name what it means.\n"),
           name);
}

static void draw_bar(void *arg, size_t done, size_t total) {
  static const char full[] = "########################################";
  struct importing *i = arg;
  if (!i->terminal || total == 0) return;
  int percent = (int)((double)done * 100 / (double)total);
  (void)fprintf(stderr, "\r[%-40.*s] %3d%%", percent * 40 / 100, full, percent);
  i->drawn = true;
}

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcasecmp(text + n - m, end) == 0;
}

static int read_rows(struct importing *i, const struct import_map *map, struct yz_buf *text) {
  const char *path = i->cli->args[0];
  struct import_reader r = {
      .map = map, .row = take_row, .unknown = say_unknown, .progress = draw_bar, .arg = i};
  bool csv = ends_with(path, ".csv");
  int rc = csv ? import_read_csv(&r, (const char *)text->data, text->len, i->err)
               : import_read_jsonl(&r, (const char *)text->data, text->len, i->err);
  if (rc == 0) rc = intake_end(&i->intake, i->err);
  clear_bar(i);
  return rc;
}

static int print(const struct importing *i) {
  size_t n_bad = json_array_size(i->bad), at;
  json_t *item;
  int rc = 0;
  if (i->cli->json) {
    rc = cli_json(json_pack("{s:I,s:I,s:O}", "added", (json_int_t)i->intake.added, "skipped",
                            (json_int_t)i->intake.skipped, "bad", i->bad),
                  i->err);
  } else {
    cli_say(_("Added: %zu. Here already: %zu. Not readable: %zu.\n"), i->intake.added,
            i->intake.skipped, n_bad);
    json_array_foreach(i->bad, at, item) {
      cli_note(_("line %lld: %s\n"), (long long)json_integer_value(json_object_get(item, "line")),
               json_string_value(json_object_get(item, "reason")));
    }
  }
  return rc == 0 && n_bad > 0 ? EXIT_FAILED : rc;
}

static int import(const struct cli *cli, const struct import_map *map, struct yz_buf *text,
                  struct yz_error *err) {
  struct importing i = {
      .cli = cli, .err = err, .bad = json_array(), .terminal = isatty(STDERR_FILENO) == 1};
  struct node n;
  struct signer who = {0};
  int rc = i.bad != NULL ? cli_open_node(cli, &n, err) : yz_no_memory(err);
  if (rc != 0) goto done;
  rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0) {
    intake_init(&i.intake, &n, &who, cli_has(cli, "live"));
    rc = read_rows(&i, map, text);
    if (rc == 0) rc = print(&i);
    intake_finish(&i.intake);
  }
  signer_finish(&who);
  node_finish(&n);
done:
  json_decref(i.bad);
  return rc;
}

static int run_import(struct cli *cli, struct yz_error *err) {
  struct yz_buf bytes = {0}, text = {0};
  struct import_map map;
  const char *path = cli->args[0];
  int rc = import_map_read(&map, cli_get(cli, "map"), err);
  if (rc == 0 && !ends_with(path, ".csv") && !ends_with(path, ".jsonl"))
    rc = yz_fail(err, YZ_E_INPUT, YZ_N_("The file's name must end in .csv or .jsonl."), "%s", path);
  if (rc != 0) {
    cli->usage = true;
    return rc;
  }
  rc = yz_buf_append(&text, "", 0);
  if (rc == 0) rc = cli->world->read_file(cli->world->ctx, path, MAX_FILE, &bytes, err);
  if (rc == 0) rc = charset_to_utf8(bytes.data, bytes.len, &text, err);
  yz_buf_finish(&bytes);
  if (rc == 0) rc = import(cli, &map, &text, err);
  yz_buf_finish(&text);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "map", "FROM=TO,...", N_("what columns mean whose names do not say it")},
    {CLI_FLAG, false, 0, "live", NULL, N_("these are cases of today, not history")},
    {.kind = CLI_END},
};
const struct command cmd_case_import = {
    "case import", "FILE",    1, 1, N_("Take cases in from a table (.csv) or JSON lines (.jsonl)"),
    options,       run_import};
