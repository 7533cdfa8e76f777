/* Joining a township by its invitation (FORMAT.md §12): no network is needed. */
#ifndef YIZHAN_NODE_JOIN_H
#define YIZHAN_NODE_JOIN_H

#include "node.h"

/* Who signs first at a node that has no worker yet. */
struct first_worker {
  const char *name;
  const char *passphrase; /* NULL: the key is not locked */
  char recovery_code[RECOVERY_CODE];
};

/* Lets an open node that is no hub join, in one transaction: one that was just
 * made, or a village that worked alone until now, whose cases and logs go with it.
 * worker: made when not NULL. The node's name, code and ledger are the invited
 * ones afterwards. YZ_E_REFUSED: it is a hub, or has joined already. */
int node_join(struct node *n, const struct yz_invitation *invitation, struct first_worker *worker,
              struct yz_error *err) YZ_MUST_CHECK;
/* Did this node join by this very invitation? */
int node_joined_by(struct node *n, const struct yz_invitation *invitation, bool *out,
                   struct yz_error *err) YZ_MUST_CHECK;

#endif
