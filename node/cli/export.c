/* All cases as they stand, for other programs.
 *
 * CSV is RFC 4180: CR LF, cells with comma, quotation mark or line end quoted. A
 * cell that a spreadsheet would take for a formula begins with an apostrophe. */
#include <stdio.h>
#include <string.h>

#include "casework.h"
#include "commands.h"

struct exporting {
  struct node *n;
  int64_t now_ms;
  struct yz_error *err;
};

static void put_cell(const char *text, bool last) {
  bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
  bool quoted = strpbrk(text, ",\"\r\n") != NULL;
  if (quoted) (void)putchar('"');
  if (formula) (void)putchar('\'');
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '"') (void)putchar('"');
    (void)putchar(*c);
  }
  if (quoted) (void)putchar('"');
  (void)fputs(last ? "\r\n" : ",", stdout);
}

static void put_row(const char *const *cells, size_t n) {
  for (size_t i = 0; i < n; i++) put_cell(cells[i] != NULL ? cells[i] : "", i + 1 == n);
}

enum { FLAGS_TEXT = 128 };

/* The flags, a space between them. */
static const char *flags_text(const struct case_row *row, char out[static FLAGS_TEXT]) {
  int len = 0;
  out[0] = '\0';
  for (unsigned flag = 1; flag < CASE_FLAGS; flag <<= 1)
    if ((row->flags & flag) != 0)
      len += snprintf(out + len, (size_t)(FLAGS_TEXT - len), " %s",
                      case_flag_name((enum case_flag)flag));
  if (row->needs_newer) (void)snprintf(out + len, (size_t)(FLAGS_TEXT - len), " needs-newer");
  return out[0] == ' ' ? out + 1 : out;
}

static int put_csv(void *arg, const struct case_row *row) {
  const struct exporting *e = arg;
  char opened[CLI_TIME], due[CLI_TIME] = "", flags[FLAGS_TEXT], conflicts[24];
  cli_time(row->opened_ms, opened);
  if (row->due_ms != CASE_NO_DUE) cli_time(row->due_ms, due);
  (void)snprintf(conflicts, sizeof conflicts, "%lld", (long long)row->conflict_count);
  const char *cells[] = {row->number,
                         row->title,
                         row->text,
                         row->category,
                         row->channel,
                         row->urgency,
                         row->place,
                         row->anonymous ? NULL : row->resident,
                         row->phone,
                         row->household,
                         row->anonymous ? "true" : "false",
                         case_state_name(row->state),
                         flags_text(row, flags),
                         opened,
                         row->assigned,
                         conflicts,
                         row->class,
                         due,
                         casework_overdue(row, e->now_ms) ? "true" : "false",
                         row->provisional ? "true" : "false"};
  put_row(cells, sizeof cells / sizeof *cells);
  return 0;
}

static int put_jsonl(void *arg, const struct case_row *row) {
  struct exporting *e = arg;
  json_t *object;
  int rc = casework_object(e->n, &row->id, &object, e->err);
  return rc != 0 ? rc : cli_json(object, e->err);
}

static int run_export(struct cli *cli, struct yz_error *err) {
  static const char *const header[] = {
      "case",     "title",          "text",      "category",  "channel", "urgency",    "place",
      "resident", "phone",          "household", "anonymous", "state",   "flags",      "opened",
      "assigned", "conflict_count", "class",     "due",       "overdue", "provisional"};
  struct node n;
  struct exporting e = {.n = &n, .err = err};
  struct case_query q = {.since_ms = INT64_MIN};
  bool csv = strcmp(cli_get(cli, "format"), "csv") == 0;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  e.now_ms = n.world->now_ms(n.world->ctx);
  if (csv) put_row(header, sizeof header / sizeof *header);
  rc = store_list_cases(n.store, &q, csv ? put_csv : put_jsonl, &e, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_CHOICE, true, 0, "format", "csv|jsonl", N_("a table, or one JSON object a line")},
    {.kind = CLI_END},
};
const struct command cmd_export = {"export", NULL,      0, 0, N_("Print all cases as they stand"),
                                   options,  run_export};
