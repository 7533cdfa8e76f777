/* What a worker who signs at this node is called. */
#ifndef YIZHAN_NODE_RENAMING_H
#define YIZHAN_NODE_RENAMING_H

#include "node.h"

/* Calls the worker of the name `from` `to` from now on, by `who`: here, and by another worker.add
 * (FORMAT.md §12, "Names") in every ledger that this node writes in, so that everyone shows it so,
 * whatever was signed before. Key, passphrase, rights and roles stay. *key: whose it is. *already:
 * from is to, and nothing was written. YZ_E_NOT_FOUND; YZ_E_EXISTS: another worker here has that
 * name; at a hub YZ_E_REFUSED: who acts is no administrator. */
int node_rename_worker(struct node *n, const struct signer *who, const char *from, const char *to,
                       struct yz_key *key, bool *already, struct yz_error *err) YZ_MUST_CHECK;

#endif
