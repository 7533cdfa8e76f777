/* worker: who signs at this node. */
#include <stdlib.h>
#include <string.h>

#include "../adding.h"
#include "../relock.h"
#include "../said.h"
#include "../worker_states.h"
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
                             admin_hex(key->bytes, YZ_KEY_LEN), "state", worker_state_new(n));
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

static int say_one(struct table *table, const json_t *worker, struct yz_error *err) {
  char key[17];
  (void)snprintf(key, sizeof key, "%s", yz_json_string(worker, "key"));
  bool locked = json_is_true(json_object_get(worker, "locked"));
  return table_row(table,
                   (const char *[]){yz_json_string(worker, "worker"), key,
                                    _(yz_json_string(worker, "state")),
                                    locked ? _("yes") : _("no")},
                   err);
}

static int say_all(const json_t *workers, struct yz_error *err) {
  struct table table;
  table_init(&table, 4);
  int rc = table_row(&table, (const char *[]){_("Worker"), _("Key"), _("State"), _("Locked")}, err);
  for (size_t i = 0; rc == 0 && i < json_array_size(workers); i++)
    rc = say_one(&table, json_array_get(workers, i), err);
  if (rc == 0) table_print(&table);
  table_finish(&table);
  return rc;
}

static int print_all(json_t *workers, struct yz_error *err) {
  struct cli_array array = {0};
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < json_array_size(workers); i++)
    rc = cli_array_item(&array, json_incref(json_array_get(workers, i)), err);
  return rc == 0 ? cli_array_end(&array, err) : rc;
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  json_t *workers;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = worker_states(&n, &workers, err);
  node_finish(&n);
  if (rc != 0) return rc;
  rc = cli->json ? print_all(workers, err) : say_all(workers, err);
  json_decref(workers);
  return rc;
}

const struct command cmd_worker_add = {
    "worker add", "NAME", 1, 1, N_("Add a worker who signs at this node"), add_options, add};
const struct command cmd_worker_list = {
    "worker list", NULL, 0, 0, N_("List the workers whose keys are kept here"), NULL, list};
