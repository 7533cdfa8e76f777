/* The records by which a township settles time, hub.holiday and hub.settings: their shape, and
 * what they say (FORMAT.md §14). That they are the hub's is for the reader to see to. Pure. */
#ifndef YIZHAN_NODE_SETTLED_H
#define YIZHAN_NODE_SETTLED_H

#include "node/cases/calendar.h"
#include "node/cases/policy.h"

enum { SETTLED_MAX_OFFICES = 100 };

/* What a hub.holiday says of a day. false: it needs a newer version. */
bool settled_holiday(const json_t *plain, struct case_day *out);
/* Has the line of a hub.settings the shape that this version knows? */
bool settled_known(const json_t *plain);
/* The offices that its content names, as an array; NULL: none, or content of another shape. */
json_t *settled_offices(const json_t *content);
/* Puts what a hub.settings that is known names in the place of what was settled before. */
void settled_apply(const json_t *plain, struct case_policy *policy);

#endif
