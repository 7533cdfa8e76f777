/* Opening the node and asking for passphrases, as the command line says. */
#include "../passphrase.h"
#include "cli.h"

int cli_open_node(const struct cli *cli, struct node *n, struct yz_error *err) {
  return node_open(n, cli->dir, cli->world, err);
}

int cli_open_reader(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct signer who = {0};
  int rc = cli_open_node(cli, n, err);
  if (rc != 0 || n->hub || (!cli->named && cli->passphrase_file == NULL)) return rc;
  rc = cli_open_signer(cli, n, &who, err);
  signer_finish(&who);
  if (rc != 0) node_finish(n);
  return rc;
}

void cli_note_sealed(void) {
  cli_note("%s\n", _("Names are sealed here: --as WORKER opens them, with that worker's "
                     "passphrase."));
}

int cli_open_signer(const struct cli *cli, struct node *n, struct signer *s, struct yz_error *err) {
  return signer_open(s, n, cli->worker, cli->passphrase_file, err);
}

int cli_new_passphrase(const struct cli *cli, struct yz_secret **out, struct yz_error *err) {
  *out = NULL;
  if (cli->passphrase_file != NULL)
    return passphrase_read(cli->world, cli->passphrase_file, out, err);
  return cli_has(cli, "passphrase") ? passphrase_ask_new(out, err) : 0;
}
