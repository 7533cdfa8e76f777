/* Passes: what nodes show at the hub's door (yizhan/pass.h). */
#include <stdlib.h>
#include <yizhan/pass.h>

#include "../ledgers.h"
#include "hub.h"

/* In the ledgers that are served here; elsewhere nobody shows us a pass. */
static int renew_all(struct node *n, size_t *ledgers, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  *ledgers = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    if (rows[i].url[0] != '\0' || hub_is_own(n, &rows[i])) continue;
    rc = yz_pass_renew(&n->station, &rows[i].id, err);
    ++*ledgers;
  }
  free(rows);
  return rc;
}

int hub_renew_passes(struct node *n, size_t *ledgers, struct yz_error *err) {
  int rc = store_begin(n->store, err);
  return rc != 0 ? rc : store_end(n->store, renew_all(n, ledgers, err), err);
}
