/* All cases as they stand, for other programs.
 *
 * CSV is RFC 4180: CR LF, cells with comma, quotation mark or line end quoted. A
 * cell that a spreadsheet would take for a formula begins with an apostrophe. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "../reading.h"
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

struct texts {
  char opened[CLI_TIME], due[CLI_TIME], flags[FLAGS_TEXT], conflicts[24];
  char answered[CLI_TIME], answer_due[CLI_TIME], resolved[CLI_TIME], resolve_due[CLI_TIME],
      breaches[24];
};

static const char *yes_no(bool yes) {
  return yes ? "true" : "false";
}

/* Empty for what has not happened, or is not. */
static const char *moment(int64_t ms, int64_t none, int zone, char out[static CLI_TIME]) {
  out[0] = '\0';
  if (ms != none) cli_time(ms, zone, out);
  return out;
}

static size_t words_of(const struct case_row *row, int zone, struct texts *t, const char **cells) {
  size_t n = 0;
  (void)snprintf(t->conflicts, sizeof t->conflicts, "%lld", (long long)row->conflict_count);
  cells[n++] = row->number;
  cells[n++] = row->title;
  cells[n++] = row->text;
  cells[n++] = row->category;
  cells[n++] = row->channel;
  cells[n++] = row->urgency;
  cells[n++] = row->place;
  cells[n++] = row->anonymous ? NULL : row->resident;
  cells[n++] = row->phone;
  cells[n++] = row->household;
  cells[n++] = yes_no(row->anonymous);
  cells[n++] = case_state_name(row->state);
  cells[n++] = flags_text(row, t->flags);
  cells[n++] = moment(row->opened_ms, INT64_MIN, zone, t->opened);
  cells[n++] = row->assigned;
  cells[n++] = t->conflicts;
  return n;
}

static size_t facts_of(const struct case_row *row, int64_t now_ms, int zone, struct texts *t,
                       const char **cells) {
  const struct figure_facts *f = &row->facts;
  bool due = row->due_ms != CASE_NO_DUE;
  size_t n = 0;
  (void)snprintf(t->breaches, sizeof t->breaches, "%lld", (long long)row->breaches);
  cells[n++] = row->class;
  cells[n++] = moment(row->due_ms, CASE_NO_DUE, zone, t->due);
  cells[n++] = yes_no(casework_overdue(row, now_ms));
  cells[n++] = yes_no(row->provisional);
  cells[n++] = row->village;
  cells[n++] = row->opened_by;
  cells[n++] = yes_no(f->history);
  cells[n++] = yes_no(row->to_office);
  cells[n++] = due ? row->of_acceptance ? "answer" : "resolve" : NULL;
  cells[n++] = t->breaches;
  cells[n++] = moment(f->answered_ms, INT64_MAX, zone, t->answered);
  cells[n++] = moment(f->answer_due_ms, CASE_NO_DUE, zone, t->answer_due);
  cells[n++] = moment(f->resolved_ms, INT64_MAX, zone, t->resolved);
  cells[n++] = moment(f->resolve_due_ms, CASE_NO_DUE, zone, t->resolve_due);
  cells[n++] = f->result;
  cells[n++] = f->solved;
  cells[n++] = yes_no(f->same_hand);
  cells[n++] = yes_no(f->unasked);
  return n;
}

enum { COLUMNS = 34 };
static const char *const header[COLUMNS] = {
    "case",    "title",       "text",      "category",       "channel",   "urgency",
    "place",   "resident",    "phone",     "household",      "anonymous", "state",
    "flags",   "opened",      "assigned",  "conflict_count", "class",     "due",
    "overdue", "provisional", "village",   "opened_by",      "imported",  "office",
    "due_of",  "breaches",    "answered",  "answer_due",     "resolved",  "resolve_due",
    "result",  "solved",      "same_hand", "no_follow_up"};

static int put_csv(void *arg, const struct case_row *row) {
  const struct exporting *e = arg;
  struct texts t;
  const char *cells[COLUMNS];
  size_t n = words_of(row, e->n->zone, &t, cells);
  n += facts_of(row, e->now_ms, e->n->zone, &t, cells + n);
  assert(n == COLUMNS);
  put_row(cells, n);
  return 0;
}

static int put_jsonl(void *arg, const struct case_row *row) {
  struct exporting *e = arg;
  json_t *object;
  int rc = casework_object(e->n, &row->id, &object, e->err);
  return rc != 0 ? rc : cli_json(object, e->err);
}

static int run_export(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct exporting e = {.n = &n, .err = err};
  struct case_query q = {.since_ms = INT64_MIN};
  bool csv = strcmp(cli_get(cli, "format"), "csv") == 0;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  e.now_ms = n.world->now_ms(n.world->ctx);
  rc = reading_note_named(&n, NULL, cli->worker, err);
  if (rc == 0 && csv) put_row(header, COLUMNS);
  if (rc == 0) rc = store_list_cases(n.store, &q, csv ? put_csv : put_jsonl, &e, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_CHOICE, true, 0, "format", "csv|jsonl", N_("a table, or one JSON object a line")},
    {.kind = CLI_END},
};
const struct command cmd_export = {"export", NULL,      0, 0, N_("Print all cases as they stand"),
                                   options,  run_export};
