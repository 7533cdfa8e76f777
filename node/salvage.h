/* A store that is damaged made anew: from what can still be read of it, and from the
 * repositories beside it. */
#ifndef YIZHAN_NODE_SALVAGE_H
#define YIZHAN_NODE_SALVAGE_H

#include "node.h"

/* Appends to the logs of n, whose repositories have been taken in, what a damaged store
 * holds of them beyond that and what holds by its chain, signature and words. What does not
 * is told to fn. */
int node_save_rest(struct node *n, struct store *damaged, yz_finding_fn fn, void *arg,
                   struct yz_error *err) YZ_MUST_CHECK;
/* Do store and repositories hold what was written, and the same? */
int node_is_sound(struct node *n, bool *sound, struct yz_error *err) YZ_MUST_CHECK;

#endif
