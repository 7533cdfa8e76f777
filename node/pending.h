/* What was written here and is not with the township yet, and why: what the page shows beside a
 * stick. */
#ifndef YIZHAN_NODE_PENDING_H
#define YIZHAN_NODE_PENDING_H

#include "node.h"

/* {"count", "items"}: the first PENDING_SHOWN records of this village's own logs that the newest
 * receipt does not have, or that wait or were refused there: each {"seq", "type", "at", "case",
 * "title", "why"}, why "pending", "waiting" or "refused"; rule beside the last two. New reference.
 */
enum { PENDING_SHOWN = 100 };
int pending_json(struct node *n, json_t **out, struct yz_error *err) YZ_MUST_CHECK;

#endif
