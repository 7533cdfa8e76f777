/* hub roster: who may sign, and who decides it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../hub/told.h"
#include "../ledgers.h"
#include "admin.h"
#include "table.h"

/* --- list ------------------------------------------------------------- */

static const struct cli_option list_options[] = {
    {CLI_LINE, false, 0, "village", "CODE",
     N_("only this village, or the hub's own workers, by the township's code")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

struct listing {
  const struct cli *cli;
  struct node *n;
  struct cli_array array;
  struct table table;
};

/* For people, in their words. */
static void say_roles(unsigned roles, char out[static 64]) {
  static const char *const names[YZ_ROLES] = {N_("administrator"), N_("head"), N_("clerk"),
                                              N_("auditor")};
  size_t at = 0;
  out[0] = '\0';
  for (unsigned i = 0; i < YZ_ROLES; i++)
    if ((roles & 1u << i) != 0 && at < 60)
      at += (size_t)snprintf(out + at, 64 - at, "%s%s", at > 0 ? " " : "", _(names[i]));
}

static int list_one(struct listing *l, const struct yz_id *ledger, const char *village,
                    const char *code, const struct yz_member *m, struct yz_error *err) {
  char node[2 * YZ_KEY_LEN + 1], key[2 * YZ_KEY_LEN + 1];
  struct yz_buf name = {0};
  if (l->cli->json)
    return cli_array_item(&l->array, told_member(l->n, ledger, village, code, m), err);
  yz_to_hex(m->node.bytes, YZ_KEY_LEN, node);
  yz_to_hex(m->worker.bytes, YZ_KEY_LEN, key);
  node[16] = key[16] = '\0';
  const char *called = store_key_called(l->n->store, ledger, &m->worker, &name, NULL) == 0
                           ? (const char *)name.data
                           : NULL;
  char roles[64];
  say_roles(m->roles, roles);
  int rc = table_row(
      &l->table, (const char *[]){village, code, called, _(told_state(m)), roles, key, node}, err);
  yz_buf_finish(&name);
  return rc;
}

/* The hub's own workers are the same in every ledger: shown once, where asked. */
static int list_ledger(struct listing *l, const struct yz_ledger_row *row, bool with_hub,
                       bool with_village, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&l->n->station, &row->id, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && with_hub && i < count; i++)
    if (members[i].hub) rc = list_one(l, &row->id, l->n->name, l->n->code, &members[i], err);
  for (size_t i = 0; rc == 0 && with_village && i < count; i++)
    if (!members[i].hub) rc = list_one(l, &row->id, row->name, row->code, &members[i], err);
  free(members);
  yz_roster_destroy(roster);
  return rc;
}

static int list_all(struct listing *l, const char *village, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL, one;
  size_t count = 0;
  bool own = village != NULL && strcmp(village, l->n->code) == 0;
  if (village != NULL && !own) {
    int rc = hub_find_village(l->n, village, &one, err);
    return rc != 0 ? rc : list_ledger(l, &one, false, true, err);
  }
  int rc = node_ledgers(l->n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = list_ledger(l, &rows[i], i == 0, !own, err);
  free(rows);
  return rc;
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.cli = cli, .n = &n};
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 7);
  rc = table_row(&l.table,
                 (const char *[]){_("Village"), _("Code"), _("Worker"), _("State"), _("Roles"),
                                  _("Key"), _("Node")},
                 err);
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
                   whole_node ? json_null() : admin_key_name(n, &village->id, &m->worker), "key",
                   whole_node ? json_null() : admin_hex(m->worker.bytes, YZ_KEY_LEN), "state",
                   state);
}

static json_t *roles_json(const struct cli *cli, struct node *n, const struct yz_key *key,
                          unsigned roles) {
  return json_pack("{s:s,s:s,s:s,s:o,s:o}", "township", n->name, "code", n->code, "worker",
                   cli->args[1], "key", admin_hex(key->bytes, YZ_KEY_LEN), "roles",
                   hub_roles_json(roles));
}

/* A role, for one of the hub's own workers. */
static int grant_role(struct cli *cli, struct node *n, struct yz_error *err) {
  struct signer who = {0};
  struct yz_key key;
  unsigned roles = 0;
  bool already = false;
  if (!cli_has(cli, "role"))
    return cli_usage_fail(cli, err, YZ_N_("Say with --role which role the hub's worker is given."),
                          cli->args[1]);
  int rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0)
    rc = hub_grant_role(n, &who, cli->args[1], admin_role(cli), &key, &roles, &already, err);
  if (rc == 0 && !cli->json && already) admin_say_already();
  if (rc == 0 && cli->json)
    rc = admin_answer(roles_json(cli, n, &key, roles), already, err);
  else if (rc == 0)
    cli_say(_("%s has this role at the hub from now on.\n"), cli->args[1]);
  signer_finish(&who);
  return rc;
}

static void say_readable(const json_t *readable) {
  const json_t *numbers = json_object_get(readable, "numbers");
  cli_say(_("Who has this PC could read until now (cases: %lld, records with what people said: "
            "%lld). Tell those concerned. What is written from now on cannot be read there.\n"),
          (long long)json_array_size(numbers),
          (long long)json_integer_value(json_object_get(readable, "records")));
  for (size_t i = 0; i < json_array_size(numbers); i++)
    cli_say("%s\n", json_string_value(json_array_get(numbers, i)));
}

static int answer_change(const struct cli *cli, struct node *n, const struct yz_ledger_row *village,
                         const struct hub_changed *done, bool revoke, struct yz_error *err) {
  json_t *readable = NULL;
  int rc = revoke && cli_has(cli, "stolen") ? told_readable(n, &village->id, &readable, err) : 0;
  if (rc != 0) return rc;
  if (cli->json) {
    json_t *object =
        changed_json(n, village, &done->member, done->whole_node, revoke ? "revoked" : "granted");
    if (object != NULL && readable != NULL && json_object_set(object, "readable", readable) != 0) {
      json_decref(object);
      object = NULL;
    }
    rc = admin_answer(object, done->already, err);
  } else if (revoke) {
    if (done->already) admin_say_already();
    cli_say(_("%s of %s may not sign any more. What was received until now still counts.\n"),
            cli->args[1], village->name);
    if (readable != NULL) say_readable(readable);
  } else {
    if (done->already) admin_say_already();
    cli_say(_("%s of %s may sign now; what waited for it counts.\n"), cli->args[1], village->name);
  }
  json_decref(readable);
  return rc;
}

/* One command for both: they differ in a word. */
static int change_village(struct cli *cli, struct node *n, bool revoke, struct yz_error *err) {
  struct signer who = {0};
  struct yz_ledger_row village;
  struct hub_changed done;
  if (!revoke && cli_has(cli, "role"))
    return cli_usage_fail(cli, err, YZ_N_("Only the workers of a hub have roles."), "--role");
  int rc = hub_find_village(n, cli->args[0], &village, err);
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0)
    rc = revoke ? hub_revoke(n, &who, &village, cli->args[1], &done, err)
                : hub_grant(n, &who, &village, cli->args[1], &done, err);
  if (rc == 0) rc = answer_change(cli, n, &village, &done, revoke, err);
  signer_finish(&who);
  return rc;
}

/* Is it the township itself that is meant? */
static bool means_hub(const struct node *n, const char *text) {
  char code[9];
  return strcmp(text, n->name) == 0 || (number_code(text, code) && strcmp(code, n->code) == 0);
}

static int grant(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = means_hub(&n, cli->args[0]) ? grant_role(cli, &n, err) : change_village(cli, &n, false, err);
  node_finish(&n);
  return rc;
}

static int revoke(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = change_village(cli, &n, true, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option grant_options[] = {
    {CLI_CHOICE, false, 0, "role", ADMIN_ROLES, N_("for a worker of the hub itself: which role")},
    {CLI_END, false, 0, NULL, NULL, NULL}};
static const struct cli_option revoke_options[] = {
    {CLI_FLAG, false, 0, "stolen", NULL, N_("the PC was stolen: say what could be read there")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

const struct command cmd_hub_roster_list = {
    "hub roster list", NULL, 0, 0, N_("List who may sign in which village"), list_options, list};
const struct command cmd_hub_roster_grant = {
    "hub roster grant",
    "VILLAGE WORKER|KEY",
    2,
    2,
    N_("Let a worker sign who waits for it, or give a worker of the hub a role"),
    grant_options,
    grant};
const struct command cmd_hub_roster_revoke = {"hub roster revoke",
                                              "VILLAGE WORKER|NODE",
                                              2,
                                              2,
                                              N_("End a worker's or a node's right to sign"),
                                              revoke_options,
                                              revoke};
