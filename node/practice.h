/* A village to practise in: a node of its own, with sample cases, that never joins a township. */
#ifndef YIZHAN_NODE_PRACTICE_H
#define YIZHAN_NODE_PRACTICE_H

#include "node.h"

/* Is this node one? */
int practice_is(struct node *n, bool *out, struct yz_error *err) YZ_MUST_CHECK;
/* Where the one beside the node of a folder lies: malloc'd; NULL: no memory. */
char *practice_folder(const char *dir);
/* Makes it there, unless it is there. YZ_E_EXISTS: a node that is none lies there. */
int practice_begin(const char *dir, const struct yz_world *world,
                   struct yz_error *err) YZ_MUST_CHECK;

#endif
