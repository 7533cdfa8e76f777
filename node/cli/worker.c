/* worker: who signs at this node. */
#include <stdlib.h>
#include <string.h>

#include "../adding.h"
#include "../hub/hub.h"
#include "../hub/told.h"
#include "../ledgers.h"
#include "../relock.h"
#include "../said.h"
#include "admin.h"
#include "table.h"

/* --- add -------------------------------------------------------------- */

static const struct cli_option add_options[] = {
    {CLI_FLAG, false, 0, "passphrase", NULL, N_("lock the new key; asks for a passphrase")},
    {CLI_PATH, false, 0, "new-passphrase-file", "FILE",
     N_("its passphrase, where --passphrase-file is that of who acts")},
    {CLI_CHOICE, false, 0, "role", ADMIN_ROLES,
     N_("at a hub: what the worker is; clerk if not given")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

static const char *new_state(const struct node *n) {
  if (n->hub) return "granted";
  return n->ledger.joined ? "awaiting" : "home";
}

static int answer_added(const struct cli *cli, const struct node *n, const struct yz_key *key,
                        const char *code, struct yz_error *err) {
  if (!cli->json) {
    cli_say(_("%s signs here from now on.\n"), cli->args[0]);
    if (!n->hub && n->ledger.joined)
      cli_say(
          _("The township has not confirmed it yet: what this worker signs counts here at once, "
            "and at the hub when it is confirmed there.\n"));
    admin_say_code(code);
    return 0;
  }
  json_t *object = json_pack("{s:s,s:o,s:s}", "worker", cli->args[0], "key",
                             admin_hex(key->bytes, YZ_KEY_LEN), "state", new_state(n));
  if (object == NULL || admin_answer_code(object, code) != 0) {
    json_decref(object);
    object = NULL;
  }
  return cli_json(object, err);
}

static int new_passphrase(const struct cli *cli, struct yz_secret **out, struct yz_error *err) {
  const char *file = cli_get(cli, "new-passphrase-file");
  if (file != NULL) return passphrase_read(cli->world, file, out, err);
  return cli_new_passphrase(cli, out, err);
}

static int add(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_secret *passphrase = NULL;
  struct yz_key key;
  char code[RECOVERY_CODE] = "";
  int rc = said_check_name(cli->args[0], err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  if (!n.hub && cli_has(cli, "role"))
    rc = cli_usage_fail(cli, err, YZ_N_("Only the workers of a hub have roles."), "--role");
  if (rc == 0) rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0) rc = new_passphrase(cli, &passphrase, err);
  if (rc == 0)
    rc = node_add_worker(&n, &who, cli->args[0], admin_role(cli), passphrase, &key, code, err);
  if (rc == 0) rc = answer_added(cli, &n, &key, code, err);
  yz_wipe(code, sizeof code);
  yz_secret_destroy(passphrase);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

/* --- list ------------------------------------------------------------- */

struct listing {
  const struct cli *cli;
  struct node *n;
  struct yz_member *members;
  size_t n_members;
};

/* The roster that says how this node's workers stand: a hub's are the same in all. */
static int load_members(struct listing *l, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct yz_roster *roster = NULL;
  size_t count = 0;
  int rc = node_ledgers(l->n, &rows, &count, err);
  if (rc == 0 && (count > 0 || !l->n->hub))
    rc =
        yz_station_roster(&l->n->station, l->n->hub ? &rows[0].id : &l->n->ledger.id, &roster, err);
  if (rc == 0 && roster != NULL && yz_roster_members(roster, &l->members, &l->n_members) != 0)
    rc = yz_no_memory(err);
  yz_roster_destroy(roster);
  free(rows);
  return rc;
}

static const char *state_of(const struct listing *l, const struct yz_key *worker) {
  for (size_t i = 0; i < l->n_members; i++) {
    const struct yz_member *m = &l->members[i];
    if (!yz_equal(&m->worker, worker, YZ_KEY_LEN) ||
        !yz_equal(&m->node, &l->n->station.key, YZ_KEY_LEN))
      continue;
    if (m->revoked || l->n->hub || l->n->ledger.joined) return told_state(m);
  }
  return l->n->hub || l->n->ledger.joined ? new_state(l->n) : N_("home");
}

static int list_all(struct listing *l, const struct kept_worker *kept, size_t count,
                    struct yz_error *err) {
  struct cli_array array = {0};
  struct table table;
  table_init(&table, 4);
  int rc = table_row(&table, (const char *[]){_("Worker"), _("Key"), _("State"), _("Locked")}, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    const char *state = state_of(l, &kept[i].key);
    char key[2 * YZ_KEY_LEN + 1];
    yz_to_hex(kept[i].key.bytes, YZ_KEY_LEN, key);
    if (l->cli->json) {
      rc = cli_array_item(&array,
                          json_pack("{s:s,s:s,s:s,s:b}", "worker", kept[i].name, "key", key,
                                    "state", state, "locked", (int)kept[i].locked),
                          err);
      continue;
    }
    key[16] = '\0';
    rc = table_row(
        &table, (const char *[]){kept[i].name, key, _(state), kept[i].locked ? _("yes") : _("no")},
        err);
  }
  if (rc == 0 && l->cli->json) rc = cli_array_end(&array, err);
  if (rc == 0 && !l->cli->json) table_print(&table);
  table_finish(&table);
  return rc;
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.cli = cli, .n = &n};
  struct kept_worker *kept = NULL;
  size_t count = 0;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = load_members(&l, err);
  if (rc == 0) rc = node_kept_workers(&n, &kept, &count, err);
  if (rc == 0) rc = list_all(&l, kept, count, err);
  free(kept);
  free(l.members);
  node_finish(&n);
  return rc;
}

const struct command cmd_worker_add = {
    "worker add", "NAME", 1, 1, N_("Add a worker who signs at this node"), add_options, add};
const struct command cmd_worker_list = {
    "worker list", NULL, 0, 0, N_("List the workers whose keys are kept here"), NULL, list};
