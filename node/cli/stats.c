/* stats: figures about the office's work, over all cases or group by group. */
#include "stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "table.h"

/* --- what there is to say of cases -------------------------------------------- */

enum kind { COUNT, SHARE, MEDIAN };
static const struct member {
  const char *name, *label;
  enum kind kind;
  size_t at; /* in struct figures */
} members[] = {
    {"cohort", N_("Cases"), COUNT, offsetof(struct figures, cohort)},
    {"merged", N_("Merged"), COUNT, offsetof(struct figures, merged)},
    {"void", N_("Void"), COUNT, offsetof(struct figures, made_void)},
    {"response", N_("Response"), SHARE, offsetof(struct figures, response)},
    {"resolution", N_("Resolution"), SHARE, offsetof(struct figures, resolution)},
    {"satisfaction", N_("Satisfaction"), SHARE, offsetof(struct figures, satisfaction)},
    {"on_time", N_("On time"), SHARE, offsetof(struct figures, on_time)},
    {"same_hand", N_("Same hand"), SHARE, offsetof(struct figures, same_hand)},
    {"unreachable", N_("Unreachable"), COUNT, offsetof(struct figures, unreachable)},
    {"anonymous", N_("Anonymous"), COUNT, offsetof(struct figures, anonymous)},
    {"refused", N_("Refused"), COUNT, offsetof(struct figures, refused)},
    {"no_follow_up", N_("No follow-up"), COUNT, offsetof(struct figures, no_follow_up)},
    {"overdue", N_("Overdue"), COUNT, offsetof(struct figures, overdue)},
    {"breached", N_("Breached"), COUNT, offsetof(struct figures, breached)},
    {"median_answer_minutes", N_("Median answer (h:mm)"), MEDIAN, offsetof(struct figures, answer)},
    {"median_resolve_minutes", N_("Median resolve (h:mm)"), MEDIAN,
     offsetof(struct figures, resolve)},
};
/* Groups are shown in two tables, each from one member up to another. */
enum { MEMBERS = sizeof members / sizeof *members, SHARES_END = 8 };

static void *member_of(struct figures *f, const struct member *m) {
  return (char *)f + m->at;
}

static json_t *member_json(struct figures *f, const struct member *m) {
  void *at = member_of(f, m);
  if (m->kind == COUNT) return json_integer(*(int64_t *)at);
  if (m->kind == SHARE) {
    const struct figure_share *share = at;
    return json_pack("{s:I,s:I}", "numerator", (json_int_t)share->numerator, "denominator",
                     (json_int_t)share->denominator);
  }
  int64_t median = figures_median(at);
  return median < 0 ? json_null() : json_integer(median);
}

enum { CELL = 80 };

static const char *member_text(struct figures *f, const struct member *m, char out[static CELL]) {
  void *at = member_of(f, m);
  if (m->kind == COUNT) (void)snprintf(out, CELL, "%lld", (long long)*(int64_t *)at);
  if (m->kind == SHARE) {
    const struct figure_share *share = at;
    int len = snprintf(out, CELL, "%lld/%lld", (long long)share->numerator,
                       (long long)share->denominator);
    if (share->denominator > 0)
      (void)snprintf(out + len, (size_t)(CELL - len), " %lld%%", (long long)figures_percent(share));
  }
  if (m->kind == MEDIAN) {
    int64_t median = figures_median(at);
    if (median < 0) return NULL;
    (void)snprintf(out, CELL, "%lld:%02lld", (long long)(median / 60), (long long)(median % 60));
  }
  return out;
}

/* --- groups --------------------------------------------------------------------- */

static const struct dimension {
  const char *name, *label; /* NULL: all cases in one */
} dimensions[] = {
    [FIGURES_ALL] = {NULL, NULL},
    [FIGURES_BY_CATEGORY] = {"category", N_("Category")},
    [FIGURES_BY_VILLAGE] = {"village", N_("Village")},
    [FIGURES_BY_WORKER] = {"worker", N_("Worker")},
    [FIGURES_BY_OFFICE] = {"office", N_("Office")},
};

struct reckoning {
  bool json;
  enum figures_by by;
  struct stats_month month;
  int64_t now_ms;
  struct yz_error *err;
  /* the group that the last case belongs to */
  bool begun;
  char *key, *village; /* NULL: none */
  struct figures figures;
  /* what was made of those before */
  struct cli_array array;
  struct table shares, counts;
};

static json_t *group_json(struct reckoning *r) {
  const struct dimension *d = &dimensions[r->by];
  json_t *object = json_object();
  bool ok = object != NULL;
  if (ok && r->village != NULL)
    ok = json_object_set_new(object, "village", json_string(r->village)) == 0;
  if (ok && d->name != NULL) ok = json_object_set_new(object, d->name, cli_json_text(r->key)) == 0;
  if (ok) ok = json_object_set_new(object, "month", cli_json_text(r->month.name)) == 0;
  for (size_t i = 0; ok && i < MEMBERS; i++)
    ok = json_object_set_new(object, members[i].name, member_json(&r->figures, &members[i])) == 0;
  if (ok) return object;
  json_decref(object);
  return NULL;
}

/* The cells that name a group, or the heading over them. */
static size_t name_cells(const struct reckoning *r, bool heading, const char **cells) {
  size_t n = 0;
  if (r->by == FIGURES_BY_WORKER) cells[n++] = heading ? _("Village") : r->village;
  cells[n++] = heading ? _(dimensions[r->by].label) : r->key;
  return n;
}

/* How often it took how long stands with the shares. */
static bool with_shares(size_t i) {
  return i < SHARES_END || members[i].kind == MEDIAN;
}

static int table_line(struct reckoning *r, bool heading, bool shares) {
  const char *cells[TABLE_MAX_COLUMNS];
  char texts[MEMBERS][CELL];
  size_t n = name_cells(r, heading, cells);
  for (size_t i = 0; i < MEMBERS; i++) {
    if (with_shares(i) != shares) continue;
    cells[n++] = heading ? _(members[i].label) : member_text(&r->figures, &members[i], texts[i]);
  }
  struct table *table = shares ? &r->shares : &r->counts;
  if (heading) table_init(table, n);
  return table_row(table, cells, r->err);
}

static int heading(struct reckoning *r) {
  int rc = table_line(r, true, true);
  return rc == 0 ? table_line(r, true, false) : rc;
}

/* Says what the group has come to, and is ready for another. */
static int end_group(struct reckoning *r) {
  int rc;
  if (r->json) {
    rc = cli_array_item(&r->array, group_json(r), r->err);
  } else {
    rc = table_line(r, false, true);
    if (rc == 0) rc = table_line(r, false, false);
  }
  figures_finish(&r->figures);
  return rc;
}

static bool is_same(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int set_text(char **at, const char *text, struct yz_error *err) {
  free(*at);
  *at = text != NULL ? strdup(text) : NULL;
  return text != NULL && *at == NULL ? yz_no_memory(err) : 0;
}

static int take(void *arg, const struct figure_row *row) {
  struct reckoning *r = arg;
  int rc = 0;
  if (!r->begun || !is_same(row->key, r->key) || !is_same(row->village, r->village)) {
    if (r->begun) rc = end_group(r);
    if (rc == 0) rc = set_text(&r->key, row->key, r->err);
    if (rc == 0) rc = set_text(&r->village, row->village, r->err);
    r->begun = true;
  }
  if (rc == 0 && figures_add(&r->figures, &row->facts, r->now_ms) != 0) rc = yz_no_memory(r->err);
  return rc;
}

/* --- answering ------------------------------------------------------------------ */

static int say_lines(struct reckoning *r) {
  char text[CELL];
  struct table table;
  table_init(&table, 2);
  int rc = table_row(&table, (const char *[]){_("Month"), r->month.name ? r->month.name : _("all")},
                     r->err);
  for (size_t i = 0; rc == 0 && i < MEMBERS; i++)
    rc = table_row(
        &table, (const char *[]){_(members[i].label), member_text(&r->figures, &members[i], text)},
        r->err);
  if (rc == 0) table_print(&table);
  table_finish(&table);
  return rc;
}

static int say_all(struct reckoning *r) {
  return r->json ? cli_json(group_json(r), r->err) : say_lines(r);
}

static int say_groups(struct reckoning *r) {
  int rc = r->begun ? end_group(r) : 0;
  if (rc != 0) return rc;
  if (r->json) return cli_array_end(&r->array, r->err);
  if (!r->begun) {
    cli_say("%s\n", _("There are no such cases."));
    return 0;
  }
  table_print(&r->shares);
  cli_say("\n");
  table_print(&r->counts);
  return 0;
}

static int reckon(struct node *n, struct reckoning *r) {
  bool groups = r->by != FIGURES_ALL;
  r->now_ms = n->world->now_ms(n->world->ctx);
  int rc = groups && !r->json ? heading(r) : 0;
  if (rc == 0)
    rc = store_each_figure(n->store, r->by, r->month.from_ms, r->month.to_ms, take, r, r->err);
  if (rc != 0) return rc;
  return groups ? say_groups(r) : say_all(r);
}

int stats_month(struct cli *cli, struct stats_month *out, struct yz_error *err) {
  const char *given = cli_get(cli, "month");
  char first[CALENDAR_DATE];
  int64_t day;
  *out = (struct stats_month){.name = given, .from_ms = INT64_MIN, .to_ms = INT64_MAX};
  if (given == NULL) return 0;
  int len = snprintf(first, sizeof first, "%s-01", given);
  if (len != CALENDAR_DATE - 1 || !calendar_read(first, &day))
    return cli_usage_fail(cli, err, YZ_N_("This is no month. Give one like 2026-03."), given);
  int month = (int)strtol(given + 5, NULL, 10);
  int64_t year = calendar_year(day);
  out->from_ms = calendar_begin(day);
  out->to_ms = calendar_begin(month < 12 ? calendar_from_date(year, month + 1, 1)
                                         : calendar_from_date(year + 1, 1, 1));
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct reckoning r = {.json = cli->json, .err = err};
  const char *by = cli_get(cli, "by");
  for (size_t i = 1; i < sizeof dimensions / sizeof *dimensions; i++)
    if (by != NULL && strcmp(by, dimensions[i].name) == 0) r.by = (enum figures_by)i;
  struct node n;
  int rc = stats_month(cli, &r.month, err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = reckon(&n, &r);
  free(r.key);
  free(r.village);
  figures_finish(&r.figures);
  table_finish(&r.shares);
  table_finish(&r.counts);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "month", "YYYY-MM", N_("only cases opened in this month")},
    {CLI_CHOICE, false, 0, "by", "category|village|worker|office",
     N_("for each of these apart; worker: who opened them")},
    {.kind = CLI_END},
};
const struct command cmd_stats = {"stats", NULL, 0, 0, N_("Figures about what became of the cases"),
                                  options, run};
