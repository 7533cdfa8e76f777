/* Adding a worker who signs at this node. */
#ifndef YIZHAN_NODE_ADDING_H
#define YIZHAN_NODE_ADDING_H

#include "node.h"

/* Makes a worker whose key is kept here, and says so in every ledger that this node writes in, by
 * `who`, in a transaction of its own. role: at a hub, one of YZ_ROLE_*. passphrase NULL: the key is
 * not locked, and *code is "". YZ_E_EXISTS: one of this name signs here; YZ_E_REFUSED: at a hub,
 * who acts is no administrator, or there is no village yet and the role is another than clerk. */
int node_add_worker(struct node *n, const struct signer *who, const char *name, unsigned role,
                    const struct yz_secret *passphrase, struct yz_key *key,
                    char code[static RECOVERY_CODE], struct yz_error *err) YZ_MUST_CHECK;

#endif
