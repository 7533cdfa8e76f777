/* hub villages: who is in the township, and what came from whom. */
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../ledgers.h"
#include "admin.h"
#include "table.h"

struct village {
  struct yz_ledger_row row;
  bool joined, closed;
  char into[YZ_MAX_CODE + 1]; /* code of the village that goes on with its cases; "": none */
  int64_t records, waiting, quarantined, last_heard_ms;
};

static int count_unsettled(void *arg, const struct yz_stored *record) {
  struct village *v = arg;
  if (record->status == YZ_WAITING) v->waiting++;
  return 0;
}

static int count_refused(void *arg, const struct refused_row *row) {
  struct village *v = arg;
  if (!row->released && yz_equal(&row->entry.ledger, &v->row.id, YZ_ID_LEN)) v->quarantined++;
  return 0;
}

static int count_members(struct node *n, struct village *v, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&n->station, &v->row.id, &roster, err);
  if (rc == 0) rc = node_logs(n, &v->row.id, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    if (logs[i].hub) continue;
    v->records += logs[i].head.seq;
    v->joined |= yz_roster_node_known(roster, &logs[i].node);
  }
  free(logs);
  yz_roster_destroy(roster);
  return rc;
}

static int find_successor(struct node *n, struct village *v, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_ledger_row row;
  struct yz_id into;
  int rc = store_get_village(n->store, &v->row.id, &v->closed, &into, err);
  if (rc == 0) rc = t->get_ledger(t->ctx, &into, &row, err);
  if (rc == 0) memcpy(v->into, row.code, sizeof v->into);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int look_at(struct node *n, struct village *v, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  int rc = count_members(n, v, err);
  if (rc == 0) rc = find_successor(n, v, err);
  if (rc == 0) rc = t->each_unsettled(t->ctx, &v->row.id, count_unsettled, v, err);
  if (rc == 0) rc = store_each_refused(n->store, count_refused, v, err);
  return rc != 0 ? rc : hub_last_heard(n, &v->row.id, &v->last_heard_ms, err);
}

static json_t *as_json(const struct village *v) {
  return json_pack("{s:s,s:s,s:o,s:b,s:b,s:s?,s:I,s:I,s:I,s:o}", "village", v->row.name, "code",
                   v->row.code, "ledger", admin_hex(v->row.id.bytes, YZ_ID_LEN), "joined",
                   (int)v->joined, "closed", (int)v->closed, "into",
                   v->into[0] != '\0' ? v->into : NULL, "records", (json_int_t)v->records,
                   "waiting", (json_int_t)v->waiting, "quarantined", (json_int_t)v->quarantined,
                   "last_heard", cli_json_time(v->last_heard_ms, 0));
}

static int add_row(struct table *table, const struct village *v, struct yz_error *err) {
  char records[24], waiting[24], quarantined[24], heard[CLI_TIME] = "-";
  (void)snprintf(records, sizeof records, "%lld", (long long)v->records);
  (void)snprintf(waiting, sizeof waiting, "%lld", (long long)v->waiting);
  (void)snprintf(quarantined, sizeof quarantined, "%lld", (long long)v->quarantined);
  if (v->last_heard_ms != 0) cli_moment(v->last_heard_ms, heard);
  return table_row(table,
                   (const char *[]){v->row.name, v->row.code,
                                    v->closed   ? _("dissolved")
                                    : v->joined ? _("yes")
                                                : _("no"),
                                    records, waiting, quarantined, heard},
                   err);
}

static int list(const struct cli *cli, struct node *n, const struct yz_ledger_row *rows,
                size_t count, struct yz_error *err) {
  struct cli_array array = {0};
  struct table table;
  table_init(&table, 7);
  int rc = table_row(&table,
                     (const char *[]){_("Village"), _("Code"), _("Joined"), _("Records"),
                                      _("Waiting"), _("Quarantined"), _("Last heard")},
                     err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    struct village v = {.row = rows[i]};
    if (hub_is_own(n, &rows[i])) continue;
    rc = look_at(n, &v, err);
    if (rc == 0)
      rc = cli->json ? cli_array_item(&array, as_json(&v), err) : add_row(&table, &v, err);
  }
  if (rc == 0 && cli->json) rc = cli_array_end(&array, err);
  if (rc == 0 && !cli->json) table_print(&table);
  table_finish(&table);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_ledgers(&n, &rows, &count, err);
  if (rc == 0) rc = list(cli, &n, rows, count, err);
  free(rows);
  node_finish(&n);
  return rc;
}

const struct command cmd_hub_villages = {
    "hub villages", NULL, 0, 0, N_("List the villages and what came from them"), NULL, run};
