/* hub villages: who is in the township, and what came from whom. */
#include <stdlib.h>
#include <string.h>

#include "../hub/villages.h"
#include "admin.h"
#include "table.h"

struct listing {
  bool json;
  int zone;
  struct cli_array array;
  struct table table;
  struct yz_error *err;
};

static const char *disk_word(const char *disk) {
  static const struct {
    const char *name, *label;
  } words[] = {{"ok", N_("ok")}, {"low", N_("nearly full")}, {"full", N_("full")}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(disk, words[i].name) == 0) return _(words[i].label);
  return NULL;
}

static int add_row(struct table *table, const struct village_standing *v, int zone,
                   struct yz_error *err) {
  char records[24], waiting[24], quarantined[24], lacks[24], heard[CLI_TIME] = "-";
  (void)snprintf(records, sizeof records, "%lld", (long long)v->records);
  (void)snprintf(waiting, sizeof waiting, "%lld", (long long)v->waiting);
  (void)snprintf(quarantined, sizeof quarantined, "%lld", (long long)v->quarantined);
  (void)snprintf(lacks, sizeof lacks, "%lld", (long long)v->unacknowledged);
  if (v->last_heard_ms != 0) cli_moment(v->last_heard_ms, zone, heard);
  return table_row(table,
                   (const char *[]){v->row.name, v->row.code,
                                    v->closed   ? _("dissolved")
                                    : v->joined ? _("yes")
                                                : _("no"),
                                    records, waiting, quarantined, lacks, heard,
                                    v->program[0] != '\0' ? v->program : NULL, disk_word(v->disk)},
                   err);
}

static int list_one(void *arg, const struct village_standing *v) {
  struct listing *l = arg;
  return l->json ? cli_array_item(&l->array, hub_village_json(v, l->zone), l->err)
                 : add_row(&l->table, v, l->zone, l->err);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.json = cli->json, .err = err};
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  l.zone = n.zone;
  table_init(&l.table, 10);
  rc = table_row(&l.table,
                 (const char *[]){_("Village"), _("Code"), _("Joined"), _("Records"), _("Waiting"),
                                  _("Quarantined"), _("Not acknowledged"), _("Last heard"),
                                  _("Version"), _("Disk")},
                 err);
  if (rc == 0) rc = hub_each_village(&n, list_one, &l, err);
  if (rc == 0 && cli->json) rc = cli_array_end(&l.array, err);
  if (rc == 0 && !cli->json) table_print(&l.table);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

const struct command cmd_hub_villages = {
    "hub villages", NULL, 0, 0, N_("List the villages and what came from them"), NULL, run};
