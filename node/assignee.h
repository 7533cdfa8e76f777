/* Whom a case is given to (派单): a worker, one of the township's offices, or a body outside. */
#ifndef YIZHAN_NODE_ASSIGNEE_H
#define YIZHAN_NODE_ASSIGNEE_H

#include "node.h"

/* The plain members by which a name says what it is in a ledger: `worker` with the key where a
 * worker who may sign there is meant (node/whom.h), else `office` where the township has an office
 * of that name, else none. *out: a new object. called: what a worker is shown as; left as it is
 * for others. YZ_E_INPUT: several workers can be meant. */
int assignee_members(struct node *n, const struct yz_id *ledger, const char *name, json_t **out,
                     struct yz_buf *called, struct yz_error *err) YZ_MUST_CHECK;

#endif
