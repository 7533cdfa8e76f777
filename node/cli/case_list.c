#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../personal.h"
#include "casework.h"
#include "commands.h"
#include "table.h"

struct listing {
  bool json, hub;
  struct cli_array array;
  struct table table;
  size_t n;
  bool sealed; /* of some row */
  int64_t now_ms;
  int zone;
  bool matters, village;       /* one row a matter; of one village, */
  struct yz_ledger_row ledger; /* this one */
  struct yz_error *err;
};

enum { DUE_TEXT = 64 };

/* The day, and whether it is past. */
static const char *due_text(const struct listing *l, const struct case_row *row,
                            char out[static DUE_TEXT]) {
  char day[CALENDAR_DATE];
  if (row->due_ms == CASE_NO_DUE) return NULL;
  casework_due_day(row, l->zone, day);
  (void)snprintf(out, DUE_TEXT, casework_overdue(row, l->now_ms) ? _("%s overdue") : "%s", day);
  return out;
}

/* The title, and how many asked for the same where it is more than one; malloc'd. */
static char *title_text(const struct listing *l, const struct case_row *row) {
  char *text = NULL;
  bool sealed = row->title == NULL && (row->flags & CASE_TOWNSHIP_ONLY) != 0;
  const char *title = sealed ? _("(for the township alone)") : row->title != NULL ? row->title : "";
  if (!l->matters || row->people < 2) return strdup(title);
  char *cut = text_cut(title, TABLE_MAX_LAST - 24);
  if (cut == NULL || asprintf(&text, "%s ×%lld", cut, (long long)row->people) < 0) text = NULL;
  free(cut);
  return text;
}

static const char *resident_text(const struct case_row *row) {
  if (row->anonymous) return _("anonymous");
  return row->resident == NULL && row->sealed ? _("(sealed)") : row->resident;
}

static int row_for_people(struct listing *l, const struct case_row *row) {
  char opened[CLI_TIME], due[DUE_TEXT], *title = title_text(l, row);
  cli_time(row->opened_ms, l->zone, opened);
  opened[strcspn(opened, "T")] = '\0';
  const char *cells[] = {row->number,   casework_state(row->state), opened, due_text(l, row, due),
                         row->category, resident_text(row),         title};
  int rc = title != NULL ? table_row(&l->table, cells, l->err) : yz_no_memory(l->err);
  free(title);
  return rc;
}

static json_t *as_json(const struct listing *l, const struct case_row *row) {
  json_t *json = casework_summary(row, l->now_ms, l->zone);
  if (!l->matters || json == NULL) return json;
  if (json_object_set_new(json, "people", json_integer(row->people)) == 0) return json;
  json_decref(json);
  return NULL;
}

static int take(void *arg, const struct case_row *row) {
  struct listing *l = arg;
  struct case_row shown = *row;
  char masked[PERSONAL_MASKED];
  l->n++;
  l->sealed |= row->sealed;
  if (l->hub) shown.resident = personal_masked(row->resident, masked);
  if (l->json) return cli_array_item(&l->array, as_json(l, &shown), l->err);
  return row_for_people(l, &shown);
}

/* --after: a number as people write it, or a paging key as it is. */
static const char *last_seen(const char *given, char number[static NUMBER_MAX]) {
  if (given == NULL || strlen(given) > 200) return given;
  return number_parse(given, strlen(given), number) == 1 ? number : given;
}

static int list(const struct cli *cli, struct node *n, struct listing *l) {
  char number[NUMBER_MAX];
  struct case_query q = {.state = cli_get(cli, "status"),
                         .category = cli_get(cli, "category"),
                         .since_ms = cli_when(cli, "since", l->zone, INT64_MIN),
                         .search = cli_get(cli, "search"),
                         .who = cli_get(cli, "who"),
                         .place = cli_get(cli, "place"),
                         .after = last_seen(cli_get(cli, "after"), number),
                         .limit = cli_number(cli, "limit", 50),
                         .matters = l->matters,
                         .requested = cli_has(cli, "requested"),
                         .assigned = cli_get(cli, "assigned"),
                         .flags = casework_flag(cli_get(cli, "flag")),
                         .ledger = l->village ? &l->ledger.id : NULL};
  const char *titles[] = {_("Case"),     _("State"),    _("Opened"), _("Due"),
                          _("Category"), _("Resident"), _("Title")};
  casework_ask_due(cli_has(cli, "overdue"), cli_number(cli, "due-within", -1), l->now_ms, l->zone,
                   &q);
  int rc = l->json ? 0 : table_row(&l->table, titles, l->err);
  if (rc == 0) rc = store_list_cases(n->store, &q, take, l, l->err);
  if (rc == 0 && l->json) return cli_array_end(&l->array, l->err);
  if (rc == 0 && l->n == 0) cli_say("%s\n", _("There are no such cases."));
  if (rc == 0 && l->n > 0) table_print(&l->table);
  if (rc == 0 && l->sealed) cli_note_sealed();
  return rc;
}

static int run_list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.json = cli->json, .err = err, .matters = cli_has(cli, "matter")};
  int rc = cli_open_reader(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 7);
  l.now_ms = n.world->now_ms(n.world->ctx);
  l.hub = n.hub;
  l.zone = n.zone;
  l.village = cli_has(cli, "village");
  if (l.village) rc = hub_find_ledger(&n, cli_get(cli, "village"), &l.ledger, err);
  if (rc == 0) rc = list(cli, &n, &l);
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
    {CLI_LINE, false, 0, "who", "WORDS",
     N_("only cases of those in whose name, telephone number or household all of these occur")},
    {CLI_LINE, false, 0, "place", "WORDS", N_("only cases in whose place all of these occur")},
    {CLI_FLAG, false, 0, "overdue", NULL, N_("only cases whose deadline is past")},
    {CLI_NUMBER, false, 0, "due-within", "DAYS",
     N_("only cases due within so many days from today; 0: today")},
    {CLI_FLAG, false, 0, "matter", NULL,
     N_("each matter once, with how many people asked: without cases merged into others")},
    {CLI_FLAG, false, 0, "requested", NULL,
     N_("only where something was asked of the township that it has not answered")},
    {CLI_CHOICE, false, 0, "flag",
     "escalated|reopened|paused|supervised|referred|about-worker|township-only",
     N_("only cases with this flag")},
    {CLI_LINE, false, 0, "assigned", "WHOM", N_("only cases given to this one")},
    {CLI_LINE, false, 0, "village", "CODE",
     N_("only cases of this village, or those told to the township, by its code")},
    {CLI_LINE, false, 0, "after", "NUMBER", N_("go on after this case")},
    {CLI_NUMBER, false, 0, "limit", "N", N_("at most so many; 0: all; without it: 50")},
    {.kind = CLI_END},
};
const struct command cmd_case_list = {"case list", NULL,    0, 0, N_("List cases, newest first"),
                                      options,     run_list};
