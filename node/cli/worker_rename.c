/* worker rename: what a worker is called, where it was written wrongly or has changed. */
#include "../renaming.h"
#include "../said.h"
#include "admin.h"

static int answer(const struct cli *cli, const struct yz_key *key, bool already,
                  struct yz_error *err) {
  if (cli->json)
    return admin_answer(json_pack("{s:s,s:s,s:o}", "worker", cli->args[1], "was", cli->args[0],
                                  "key", admin_hex(key->bytes, YZ_KEY_LEN)),
                        already, err);
  if (already) admin_say_already();
  if (!already) cli_say(_("%s is called %s from now on.\n"), cli->args[0], cli->args[1]);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_key key;
  bool already = false;
  int rc = said_check_name(cli->args[1], err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0) rc = node_rename_worker(&n, &who, cli->args[0], cli->args[1], &key, &already, err);
  if (rc == 0) rc = answer(cli, &key, already, err);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

const struct command cmd_worker_rename = {"worker rename",
                                          "NAME NEW-NAME",
                                          2,
                                          2,
                                          N_("Say what a worker of this node is called"),
                                          NULL,
                                          run};
