/* ledger move: the ledger lies at another place from now on. */
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "admin.h"

static int move(struct node *n, struct yz_ledger_row *row, const char *url, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = store_begin(n->store, err);
  if (rc == 0) {
    rc = t->get_ledger(t->ctx, &row->id, row, err);
    memcpy(row->url, url, strlen(url) + 1);
    if (rc == 0) rc = t->put_ledger(t->ctx, row, err);
    rc = store_end(n->store, rc, err);
  }
  yz_lock_release(&lock);
  return rc;
}

static int check(const struct node *n, struct yz_error *err) {
  if (n->hub)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("A village says where its ledger lies; at a hub it is `hub invite "
                         "--ledger`."),
                   "%s", n->dir);
  if (!n->ledger.joined)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This village works alone and has no hub yet; ask the township for an "
                         "invitation and use `yizhan join`."),
                   "%s", n->dir);
  return 0;
}

static int answer(const struct cli *cli, const struct yz_ledger_row *row, struct yz_error *err) {
  if (cli->json)
    return cli_json(
        json_pack("{s:o,s:s}", "ledger", admin_hex(row->id.bytes, YZ_ID_LEN), "url", row->url),
        err);
  cli_say(_("From now on the ledger lies at %s. The next `yizhan sync` brings there what is "
            "lacking.\n"),
          row->url);
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  char *url = NULL;
  int rc = admin_url(cli, cli->args[0], true, &url, err);
  if (rc == 0) rc = cli_open_node(cli, &n, err);
  if (rc == 0) {
    rc = check(&n, err);
    if (rc == 0) rc = move(&n, &n.ledger, url, err);
    if (rc == 0) rc = answer(cli, &n.ledger, err);
    node_finish(&n);
  }
  free(url);
  return rc;
}

const struct command cmd_ledger_move = {
    "ledger move", "URL", 1, 1, N_("Say where the township's copy of the ledger lies now"),
    NULL,          run};
