/* All cases as they stand, for other programs. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../reading.h"
#include "../sheet/sheet.h"
#include "../unnamed.h"
#include "casework.h"
#include "commands.h"

struct exporting {
  struct node *n;
  bool sealed; /* of some case */
  int64_t now_ms;
  struct sheet *sheet; /* of XLSX */
  struct yz_error *err;
};

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

static size_t cells_of(const struct exporting *e, const struct case_row *row, struct texts *t,
                       const char **cells) {
  size_t n = words_of(row, e->n->zone, t, cells);
  n += facts_of(row, e->now_ms, e->n->zone, t, cells + n);
  assert(n == COLUMNS);
  return n;
}

static int put_csv(void *arg, const struct case_row *row) {
  struct exporting *e = arg;
  e->sealed |= row->sealed;
  struct texts t;
  const char *cells[COLUMNS];
  sheet_csv_row(stdout, cells, cells_of(e, row, &t, cells));
  return 0;
}

static int put_sheet_row(struct exporting *e, const char *const *texts) {
  struct sheet_cell cells[COLUMNS];
  for (size_t i = 0; i < COLUMNS; i++) cells[i] = (struct sheet_cell){.text = texts[i]};
  return sheet_row(e->sheet, cells, COLUMNS, e->err);
}

static int put_xlsx(void *arg, const struct case_row *row) {
  struct exporting *e = arg;
  e->sealed |= row->sealed;
  struct texts t;
  const char *cells[COLUMNS];
  (void)cells_of(e, row, &t, cells);
  return put_sheet_row(e, cells);
}

static int put_jsonl(void *arg, const struct case_row *row) {
  struct exporting *e = arg;
  e->sealed |= row->sealed;
  json_t *object;
  int rc = casework_object(e->n, &row->id, &object, e->err);
  return rc != 0 ? rc : cli_json(object, e->err);
}

/* What an open file holds. */
static int print_file(int fd, int64_t len, struct yz_error *err) {
  char bytes[4096];
  for (off_t at = 0; at < len;) {
    ssize_t n = pread(fd, bytes, sizeof bytes, at);
    if (n <= 0) return yz_fail(err, YZ_E_IO, YZ_N_("A file cannot be read."), NULL);
    (void)fwrite(bytes, 1, (size_t)n, stdout);
    at += n;
  }
  return 0;
}

/* A spreadsheet is put together in a file, and printed when it is whole. */
static int export_xlsx(struct exporting *e, const struct case_query *q) {
  struct node *n = e->n;
  int64_t len = 0;
  int fd = unnamed_file(n->dir);
  if (fd < 0)
    return yz_fail(e->err, YZ_E_IO, YZ_N_("No file can be made in the node's folder."), NULL);
  int rc = sheet_create(&e->sheet, SHEET_XLSX, fd, n->dir, "cases", e->now_ms, e->err);
  if (rc == 0) rc = put_sheet_row(e, header);
  if (rc == 0) rc = store_list_cases(n->store, q, put_xlsx, e, e->err);
  if (rc == 0)
    rc = sheet_end(e->sheet, &len, e->err);
  else
    sheet_drop(e->sheet);
  if (rc == 0) rc = print_file(fd, len, e->err);
  (void)close(fd);
  return rc;
}

static int run_export(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct exporting e = {.n = &n, .err = err};
  struct case_query q = {.since_ms = INT64_MIN};
  const char *format = cli_get(cli, "format");
  bool csv = strcmp(format, "csv") == 0;
  int rc = cli_open_reader(cli, &n, err);
  if (rc != 0) return rc;
  e.now_ms = n.world->now_ms(n.world->ctx);
  rc = reading_note_named(&n, NULL, cli->worker, err);
  if (rc == 0 && csv) sheet_csv_row(stdout, header, COLUMNS);
  if (rc == 0)
    rc = strcmp(format, "xlsx") == 0
             ? export_xlsx(&e, &q)
             : store_list_cases(n.store, &q, csv ? put_csv : put_jsonl, &e, err);
  if (rc == 0 && e.sealed) cli_note_sealed();
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_CHOICE, true, 0, "format", "csv|xlsx|jsonl",
     N_("a table, a spreadsheet's file, or one JSON object a line")},
    {.kind = CLI_END},
};
const struct command cmd_export = {"export", NULL,      0, 0, N_("Print all cases as they stand"),
                                   options,  run_export};
