/* stats: figures about the office's work, over all cases or group by group. */
#include "stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reckoning.h"
#include "commands.h"
#include "table.h"

/* Groups are shown in two tables, each from one member up to another. */
enum { SHARES_END = 8, CELL = 80 };

static const char *member_text(struct figures *f, const struct reckoning_member *m,
                               char out[static CELL]) {
  void *at = (char *)f + m->at;
  if (m->kind == RECKONING_COUNT) (void)snprintf(out, CELL, "%lld", (long long)*(int64_t *)at);
  if (m->kind == RECKONING_SHARE) {
    const struct figure_share *share = at;
    int len = snprintf(out, CELL, "%lld/%lld", (long long)share->numerator,
                       (long long)share->denominator);
    if (share->denominator > 0)
      (void)snprintf(out + len, (size_t)(CELL - len), " %lld%%", (long long)figures_percent(share));
  }
  if (m->kind == RECKONING_MEDIAN) {
    int64_t median = figures_median(at);
    if (median < 0) return NULL;
    (void)snprintf(out, CELL, "%lld:%02lld", (long long)(median / 60), (long long)(median % 60));
  }
  return out;
}

/* --- groups --------------------------------------------------------------------- */

struct telling {
  bool json;
  enum figures_by by;
  struct reckoning_month month;
  struct yz_error *err;
  size_t n; /* groups told */
  struct cli_array array;
  struct table shares, counts;
};

static json_t *group_json(const struct telling *t, const struct reckoning_group *g) {
  const char *name = reckoning_name(t->by);
  json_t *object = json_object();
  bool ok = object != NULL;
  if (ok && g->village != NULL)
    ok = json_object_set_new(object, "village", json_string(g->village)) == 0;
  if (ok && name != NULL) ok = json_object_set_new(object, name, cli_json_text(g->key)) == 0;
  const char *month = t->month.name[0] != '\0' ? t->month.name : NULL;
  if (ok) ok = json_object_set_new(object, "month", cli_json_text(month)) == 0;
  if (ok && reckoning_put(g->figures, object)) return object;
  json_decref(object);
  return NULL;
}

/* How often it took how long stands with the shares. */
static bool with_shares(size_t i) {
  return i < SHARES_END || reckoning_members[i].kind == RECKONING_MEDIAN;
}

/* g NULL: the headings. */
static int table_line(struct telling *t, const struct reckoning_group *g, bool shares) {
  static const char *const labels[] = {[FIGURES_BY_CATEGORY] = N_("Category"),
                                       [FIGURES_BY_VILLAGE] = N_("Village"),
                                       [FIGURES_BY_WORKER] = N_("Worker"),
                                       [FIGURES_BY_OFFICE] = N_("Office")};
  const char *cells[TABLE_MAX_COLUMNS];
  char texts[RECKONING_MEMBERS][CELL];
  size_t n = 0;
  if (t->by == FIGURES_BY_WORKER) cells[n++] = g == NULL ? _("Village") : g->village;
  cells[n++] = g == NULL ? _(labels[t->by]) : g->key;
  for (size_t i = 0; i < RECKONING_MEMBERS; i++) {
    const struct reckoning_member *m = &reckoning_members[i];
    if (with_shares(i) != shares) continue;
    cells[n++] = g == NULL ? _(m->label) : member_text(g->figures, m, texts[i]);
  }
  struct table *table = shares ? &t->shares : &t->counts;
  if (g == NULL) table_init(table, n);
  return table_row(table, cells, t->err);
}

static int table_lines(struct telling *t, const struct reckoning_group *g) {
  int rc = table_line(t, g, true);
  return rc == 0 ? table_line(t, g, false) : rc;
}

static int tell_group(void *arg, const struct reckoning_group *g) {
  struct telling *t = arg;
  t->n++;
  return t->json ? cli_array_item(&t->array, group_json(t, g), t->err) : table_lines(t, g);
}

/* All in one: a line for each member. */
static int tell_all(void *arg, const struct reckoning_group *g) {
  struct telling *t = arg;
  char text[CELL];
  struct table table;
  if (t->json) return cli_json(group_json(t, g), t->err);
  table_init(&table, 2);
  const char *month = t->month.name[0] != '\0' ? t->month.name : _("all");
  int rc = table_row(&table, (const char *[]){_("Month"), month}, t->err);
  for (size_t i = 0; rc == 0 && i < RECKONING_MEMBERS; i++) {
    const struct reckoning_member *m = &reckoning_members[i];
    rc = table_row(&table, (const char *[]){_(m->label), member_text(g->figures, m, text)}, t->err);
  }
  if (rc == 0) table_print(&table);
  table_finish(&table);
  return rc;
}

static int tell_groups(struct node *n, struct telling *t) {
  int rc = t->json ? 0 : table_lines(t, NULL);
  if (rc == 0) rc = reckoning_each(n, t->by, &t->month, tell_group, t, t->err);
  if (rc != 0) return rc;
  if (t->json) return cli_array_end(&t->array, t->err);
  if (t->n == 0) {
    cli_say("%s\n", _("There are no such cases."));
    return 0;
  }
  table_print(&t->shares);
  cli_say("\n");
  table_print(&t->counts);
  return 0;
}

int stats_month(struct cli *cli, int zone, struct reckoning_month *out, struct yz_error *err) {
  const char *given = cli_get(cli, "month");
  *out = reckoning_all;
  if (given == NULL || reckoning_read_month(given, zone, out)) return 0;
  return cli_usage_fail(cli, err, YZ_N_("This is no month. Give one like 2026-03."), given);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct telling t = {.json = cli->json, .err = err};
  const char *by = cli_get(cli, "by");
  for (int i = FIGURES_ALL + 1; i <= FIGURES_BY_OFFICE; i++)
    if (by != NULL && strcmp(by, reckoning_name((enum figures_by)i)) == 0)
      t.by = (enum figures_by)i;
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = stats_month(cli, n.zone, &t.month, err);
  if (rc == 0)
    rc = t.by == FIGURES_ALL ? reckoning_each(&n, t.by, &t.month, tell_all, &t, err)
                             : tell_groups(&n, &t);
  table_finish(&t.shares);
  table_finish(&t.counts);
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
