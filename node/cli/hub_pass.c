/* hub pass renew: what nodes have shown at the hub's door so far lets nobody in any more. */
#include "../hub/hub.h"
#include "admin.h"

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  size_t ledgers;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_renew_passes(&n, &ledgers, err);
  node_finish(&n);
  if (rc != 0) return rc;
  if (cli->json) return cli_json(json_pack("{s:I}", "ledgers", (json_int_t)ledgers), err);
  cli_say("%s\n", _("Passes that were shown until now let nobody in any more. Each node makes its "
                    "next one by itself when it comes."));
  return 0;
}

const struct command cmd_hub_pass_renew = {
    "hub pass renew",
    NULL,
    0,
    0,
    N_("Let in no more by the passes that were shown until now"),
    NULL,
    run};
