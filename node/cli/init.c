/* A village alone: useful at once, with its own ledger and one worker. */
#include <stdio.h>
#include <string.h>

#include "../alone.h"
#include "../said.h"
#include "admin.h"
#include "commands.h"

static int print(const struct cli *cli, const struct node *n, const struct first_worker *made,
                 struct yz_error *err) {
  char key[2 * YZ_KEY_LEN + 1];
  bool locked = made->recovery_code[0] != '\0';
  yz_to_hex(n->station.key.bytes, YZ_KEY_LEN, key);
  if (cli->json)
    return cli_json(json_pack("{s:s,s:s,s:s,s:s,s:s*}", "village", n->name, "code", n->code,
                              "worker", made->name, "node", key, "recovery_code",
                              locked ? made->recovery_code : NULL),
                    err);
  cli_say(_("%s (%s) is ready. %s works here.\n"), n->name, n->code, made->name);
  admin_say_code(made->recovery_code);
  return 0;
}

static int make(const struct cli *cli, const char *code, struct yz_error *err) {
  struct first_worker made = {.name = admin_worker_name(cli)};
  struct yz_secret *passphrase = NULL;
  struct node n = {0};
  int rc = cli_new_passphrase(cli, &passphrase, err);
  if (passphrase != NULL) made.passphrase = (const char *)passphrase->bytes;
  if (rc == 0)
    rc = node_begin_alone(&n, cli->dir, cli->world, cli_get(cli, "village"), code, &made, false,
                          err);
  if (rc == 0) rc = print(cli, &n, &made, err);
  yz_wipe(made.recovery_code, sizeof made.recovery_code);
  node_finish(&n);
  yz_secret_destroy(passphrase);
  return rc;
}

static int run_init(struct cli *cli, struct yz_error *err) {
  const char *worker = cli_get(cli, "worker");
  char code[YZ_MAX_CODE + 1];
  int rc = said_check_name(cli_get(cli, "village"), err);
  if (rc == 0 && worker != NULL) rc = said_check_name(worker, err);
  if (rc == 0 && !number_code(cli_get(cli, "code"), code))
    rc = yz_fail(err, YZ_E_INPUT, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."), "%s",
                 cli_get(cli, "code"));
  if (rc != 0) {
    cli->usage = true;
    return rc;
  }
  return make(cli, code, err);
}

static const struct cli_option options[] = {
    {CLI_LINE, true, 0, "village", "NAME", N_("the village's name")},
    {CLI_LINE, true, 0, "code", "CODE",
     N_("2 to 8 characters A-Z, 0-9 that begin its case numbers")},
    {CLI_LINE, false, 0, "worker", "NAME", N_("who works here")},
    {CLI_FLAG, false, 0, "passphrase", NULL, N_("ask for a passphrase for the worker's key")},
    {.kind = CLI_END},
};
const struct command cmd_init = {
    "init", NULL, 0, 0, N_("Begin a village that works on its own"), options, run_init};
