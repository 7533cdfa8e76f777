/* backup: one file that holds the whole node. */
#include "../restore.h"
#include "admin.h"

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_backup(&n, cli->args[0], err);
  if (rc == 0 && cli->json)
    rc = cli_json(json_pack("{s:s}", "file", cli->args[0]), err);
  else if (rc == 0)
    cli_say(_("The whole node is in %s, with its keys: keep it as safe as this PC.\n"),
            cli->args[0]);
  node_finish(&n);
  return rc;
}

const struct command cmd_backup = {
    "backup", "FILE", 1, 1, N_("Copy the whole node, keys and all, into one file"), NULL, run};
