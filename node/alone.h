/* A village that works alone: useful at once, with its own ledger and one worker. */
#ifndef YIZHAN_NODE_ALONE_H
#define YIZHAN_NODE_ALONE_H

#include "join.h"

/* Makes the node in a folder, missing or without one, and leaves it open: the caller finishes n.
 * village and worker->name: as said_check_name has them; code: a number_code. practice: it is
 * marked as one to practise in (practice.h). YZ_E_EXISTS: a node is there. */
int node_begin_alone(struct node *n, const char *dir, const struct yz_world *world,
                     const char *village, const char *code, struct first_worker *worker,
                     bool practice, struct yz_error *err) YZ_MUST_CHECK;

#endif
