#include <stdio.h>
#include <string.h>

#include "casework.h"
#include "commands.h"
#include "table.h"

struct listing {
  bool json;
  struct cli_array array;
  struct table table;
  size_t n;
  int64_t now_ms;
  struct yz_error *err;
};

enum { DUE_TEXT = 64, MAX_WITHIN = 36600 /* days */ };

/* The day, and whether it is past. */
static const char *due_text(const struct listing *l, const struct case_row *row,
                            char out[static DUE_TEXT]) {
  char day[CALENDAR_DATE];
  if (row->due_ms == CASE_NO_DUE) return NULL;
  casework_due_day(row, day);
  (void)snprintf(out, DUE_TEXT, casework_overdue(row, l->now_ms) ? _("%s overdue") : "%s", day);
  return out;
}

static int row_for_people(struct listing *l, const struct case_row *row) {
  char opened[CLI_TIME], due[DUE_TEXT];
  cli_time(row->opened_ms, opened);
  opened[strcspn(opened, "T")] = '\0';
  const char *cells[] = {row->number,   casework_state(row->state),
                         opened,        due_text(l, row, due),
                         row->category, row->anonymous ? _("anonymous") : row->resident,
                         row->title};
  return table_row(&l->table, cells, l->err);
}

static int take(void *arg, const struct case_row *row) {
  struct listing *l = arg;
  l->n++;
  if (l->json) return cli_array_item(&l->array, casework_summary(row, l->now_ms), l->err);
  return row_for_people(l, row);
}

/* --after: a number as people write it, or a paging key as it is. */
static const char *last_seen(const char *given, char number[static NUMBER_MAX]) {
  if (given == NULL || strlen(given) > 200) return given;
  return number_parse(given, strlen(given), number) == 1 ? number : given;
}

/* --overdue, --due-within, or either of them. */
static void ask_due(const struct cli *cli, int64_t now_ms, struct case_query *q) {
  int64_t within = cli_number(cli, "due-within", -1);
  bool overdue = cli_has(cli, "overdue");
  if (within > MAX_WITHIN) within = MAX_WITHIN;
  q->due = overdue || within >= 0;
  q->due_after_ms = overdue ? INT64_MIN : now_ms;
  q->due_until_ms = within < 0 ? now_ms : calendar_begin(calendar_day(now_ms) + within + 1);
}

static int list(const struct cli *cli, struct node *n, struct listing *l) {
  char number[NUMBER_MAX];
  struct case_query q = {.state = cli_get(cli, "status"),
                         .category = cli_get(cli, "category"),
                         .since_ms = cli_when(cli, "since", INT64_MIN),
                         .search = cli_get(cli, "search"),
                         .after = last_seen(cli_get(cli, "after"), number),
                         .limit = cli_number(cli, "limit", 50)};
  const char *titles[] = {_("Case"),     _("State"),    _("Opened"), _("Due"),
                          _("Category"), _("Resident"), _("Title")};
  ask_due(cli, l->now_ms, &q);
  int rc = l->json ? 0 : table_row(&l->table, titles, l->err);
  if (rc == 0) rc = store_list_cases(n->store, &q, take, l, l->err);
  if (rc == 0 && l->json) return cli_array_end(&l->array, l->err);
  if (rc == 0 && l->n == 0) cli_say("%s\n", _("There is no such case."));
  if (rc == 0 && l->n > 0) table_print(&l->table);
  return rc;
}

static int run_list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.json = cli->json, .err = err};
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 7);
  l.now_ms = n.world->now_ms(n.world->ctx);
  rc = list(cli, &n, &l);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_CHOICE, false, 0, "status",
     "registered|accepted|refused|assigned|returned|in-hand|resolved|followed-up|closed|merged|"
     "void",
     N_("only cases in this state")},
    {CLI_LINE, false, 0, "category", "NAME", N_("only cases about this")},
    {CLI_WHEN, false, 0, "since", "TIME", N_("only cases opened then or later")},
    {CLI_LINE, false, 0, "search", "WORDS", N_("only cases in whose words all of these occur")},
    {CLI_FLAG, false, 0, "overdue", NULL, N_("only cases whose deadline is past")},
    {CLI_NUMBER, false, 0, "due-within", "DAYS",
     N_("only cases due within so many days from today; 0: today")},
    {CLI_LINE, false, 0, "after", "NUMBER", N_("go on after this case")},
    {CLI_NUMBER, false, 0, "limit", "N", N_("at most so many; 0: all; without it: 50")},
    {.kind = CLI_END},
};
const struct command cmd_case_list = {"case list", NULL,    0, 0, N_("List cases, newest first"),
                                      options,     run_list};
