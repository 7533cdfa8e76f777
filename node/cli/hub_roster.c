/* hub roster: who may sign, and who decides it. */
#include <stdlib.h>

#include "../hub/hub.h"
#include "../ledgers.h"
#include "admin.h"
#include "table.h"

/* --- list ------------------------------------------------------------- */

static const struct cli_option list_options[] = {
    {CLI_LINE, false, 0, "village", "CODE", N_("only this village")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

struct listing {
  const struct cli *cli;
  struct node *n;
  struct cli_array array;
  struct table table;
};

static json_t *as_json(struct listing *l, const char *village, const char *code,
                       const struct yz_member *m) {
  return json_pack("{s:s,s:s,s:o,s:o,s:o,s:s,s:o}", "village", village, "code", code, "node",
                   admin_hex(m->node.bytes, YZ_KEY_LEN), "worker", admin_key_name(l->n, &m->worker),
                   "key", admin_hex(m->worker.bytes, YZ_KEY_LEN), "state", admin_state(m), "roles",
                   admin_roles(m->roles));
}

static int list_one(struct listing *l, const char *village, const char *code,
                    const struct yz_member *m, struct yz_error *err) {
  char node[2 * YZ_KEY_LEN + 1], key[2 * YZ_KEY_LEN + 1];
  struct yz_buf name = {0};
  if (l->cli->json) return cli_array_item(&l->array, as_json(l, village, code, m), err);
  yz_to_hex(m->node.bytes, YZ_KEY_LEN, node);
  yz_to_hex(m->worker.bytes, YZ_KEY_LEN, key);
  node[16] = key[16] = '\0';
  const char *called =
      store_key_name(l->n->store, &m->worker, &name, NULL) == 0 ? (const char *)name.data : NULL;
  int rc = table_row(&l->table,
                     (const char *[]){village, code, called, _(admin_state(m)), key, node}, err);
  yz_buf_finish(&name);
  return rc;
}

/* The hub's own workers are the same in every ledger: shown once, where asked. */
static int list_ledger(struct listing *l, const struct yz_ledger_row *row, bool with_hub,
                       struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&l->n->station, &row->id, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && with_hub && i < count; i++)
    if (members[i].hub) rc = list_one(l, l->n->name, l->n->code, &members[i], err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (!members[i].hub) rc = list_one(l, row->name, row->code, &members[i], err);
  free(members);
  yz_roster_destroy(roster);
  return rc;
}

static int list_all(struct listing *l, const char *village, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL, one;
  size_t count = 0;
  if (village != NULL) {
    int rc = hub_find_village(l->n, village, &one, err);
    return rc != 0 ? rc : list_ledger(l, &one, false, err);
  }
  int rc = node_ledgers(l->n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = list_ledger(l, &rows[i], i == 0, err);
  free(rows);
  return rc;
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.cli = cli, .n = &n};
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 6);
  rc = table_row(
      &l.table,
      (const char *[]){_("Village"), _("Code"), _("Worker"), _("State"), _("Key"), _("Node")}, err);
  if (rc == 0) rc = list_all(&l, cli_get(cli, "village"), err);
  if (rc == 0 && cli->json) rc = cli_array_end(&l.array, err);
  if (rc == 0 && !cli->json) table_print(&l.table);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

/* --- grant and revoke ------------------------------------------------- */

static json_t *changed_json(struct node *n, const struct yz_ledger_row *village,
                            const struct yz_member *m, bool whole_node, const char *state) {
  return json_pack("{s:s,s:s,s:o,s:o,s:o,s:s}", "village", village->name, "code", village->code,
                   "node", admin_hex(m->node.bytes, YZ_KEY_LEN), "worker",
                   whole_node ? json_null() : admin_key_name(n, &m->worker), "key",
                   whole_node ? json_null() : admin_hex(m->worker.bytes, YZ_KEY_LEN), "state",
                   state);
}

/* One command for both: they differ in a word. */
static int change(struct cli *cli, bool revoke, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_ledger_row village;
  struct yz_member m;
  bool whole_node = false;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_find_village(&n, cli->args[0], &village, err);
  if (rc == 0) rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0)
    rc = revoke ? hub_revoke(&n, &who, &village, cli->args[1], &m, &whole_node, err)
                : hub_grant(&n, &who, &village, cli->args[1], &m, &whole_node, err);
  if (rc == 0 && cli->json)
    rc = cli_json(changed_json(&n, &village, &m, whole_node, revoke ? "revoked" : "granted"), err);
  else if (rc == 0 && revoke)
    cli_say(_("%s of %s may not sign any more. What was received until now still counts.\n"),
            cli->args[1], village.name);
  else if (rc == 0)
    cli_say(_("%s of %s may sign now; what waited for it counts.\n"), cli->args[1], village.name);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

static int grant(struct cli *cli, struct yz_error *err) {
  return change(cli, false, err);
}

static int revoke(struct cli *cli, struct yz_error *err) {
  return change(cli, true, err);
}

const struct command cmd_hub_roster_list = {
    "hub roster list", NULL, 0, 0, N_("List who may sign in which village"), list_options, list};
const struct command cmd_hub_roster_grant = {"hub roster grant",
                                             "VILLAGE WORKER|KEY",
                                             2,
                                             2,
                                             N_("Let a worker sign who waits for it"),
                                             NULL,
                                             grant};
const struct command cmd_hub_roster_revoke = {"hub roster revoke",
                                              "VILLAGE WORKER|NODE",
                                              2,
                                              2,
                                              N_("End a worker's or a node's right to sign"),
                                              NULL,
                                              revoke};
