/* Incarnations: one log has one writer, and a copy of a node is another writer. A
 * restored backup, and a store that finds itself copied (its file is not the one it
 * was), go on in new logs that name those they continue. sync/DESIGN.md (b). */
#ifndef YIZHAN_NODE_INCARNATION_H
#define YIZHAN_NODE_INCARNATION_H

#include "node.h"

/* Begins a new log in every ledger, with a letter for case numbers that no log known
 * here uses (n->letter). Own transaction. */
int node_begin_incarnation(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Before anything is written: begins a new incarnation if this store is a copy of the
 * one that was written last. */
int node_at_home(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

/* At a hub, after a contact: where logs of two of its incarnations came to light of
 * which neither continues the other, begins one in this ledger that continues both. */
int node_unite(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) YZ_MUST_CHECK;

/* In an open transaction: where the present log of a ledger does not name all that is here
 * of this node's earlier ones (taken back after a restore, written by a copy of it), begins
 * one that does. */
int node_gather(struct node *n, const struct yz_ledger_row *row,
                struct yz_error *err) YZ_MUST_CHECK;

#endif
