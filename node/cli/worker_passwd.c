/* worker passwd: sets or changes the passphrase of a worker's key. */
#include <string.h>

#include "../relock.h"
#include "admin.h"

static const struct cli_option options[] = {
    {CLI_PATH, false, 0, "new-passphrase-file", "FILE",
     N_("the new passphrase; asked for if not given")},
    {CLI_PATH, false, 0, "recovery-code-file", "FILE",
     N_("the recovery code, where the passphrase is forgotten")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

/* The key, opened by what the worker knows. */
static int open_key(const struct cli *cli, struct node *n, const char *name, struct signer *who,
                    struct yz_error *err) {
  const char *file = cli_get(cli, "recovery-code-file");
  struct yz_secret *code = NULL;
  if (file == NULL) return signer_open(who, n, name, cli->passphrase_file, err);
  int rc = passphrase_read(cli->world, file, &code, err);
  if (rc == 0) rc = node_recover(n, name, (const char *)code->bytes, who, err);
  yz_secret_destroy(code);
  return rc;
}

static int read_new(const struct cli *cli, struct yz_secret **out, struct yz_error *err) {
  const char *file = cli_get(cli, "new-passphrase-file");
  return file != NULL ? passphrase_read(cli->world, file, out, err) : passphrase_ask_new(out, err);
}

static int answer(const struct cli *cli, const char *name, const char *code, struct yz_error *err) {
  if (cli->json)
    return cli_json(json_pack("{s:s,s:s}", "worker", name, "recovery_code", code), err);
  cli_say(_("The key of %s is locked with the new passphrase.\n"), name);
  admin_say_code(code);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_secret *passphrase = NULL;
  char code[RECOVERY_CODE] = "";
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = open_key(cli, &n, cli->n_args > 0 ? cli->args[0] : cli->worker, &who, err);
  if (rc == 0) rc = read_new(cli, &passphrase, err);
  if (rc == 0) rc = node_relock(&n, &who, (const char *)passphrase->bytes, code, err);
  if (rc == 0) rc = answer(cli, who.name, code, err);
  yz_wipe(code, sizeof code);
  yz_secret_destroy(passphrase);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

const struct command cmd_worker_passwd = {
    "worker passwd", "[NAME]", 0, 1, N_("Set or change the passphrase of a worker's key"),
    options,         run};
