/* Ending a worker's right to sign at this node: local, at once, for good. */
#ifndef YIZHAN_NODE_ENDING_H
#define YIZHAN_NODE_ENDING_H

#include "node.h"

/* Writes a worker.end for the worker of this name into every ledger that this node writes
 * in, by `who`, and forgets the key. What the worker signed until now counts; what else
 * would be signed with the key counts nowhere. *key: whose it was. YZ_E_NOT_FOUND;
 * YZ_E_REFUSED: the last worker here, at a hub the last administrator; or, at a hub, who
 * acts is no administrator. */
int node_end_worker(struct node *n, const struct signer *who, const char *name, struct yz_key *key,
                    struct yz_error *err) YZ_MUST_CHECK;

#endif
