/* The records by which a township settles time, hub.holiday and hub.settings: their shape, and
 * what they say (FORMAT.md §14). That they are the hub's is for the reader to see to. Pure. */
#ifndef YIZHAN_NODE_SETTLED_H
#define YIZHAN_NODE_SETTLED_H

#include "node/cases/calendar.h"
#include "node/cases/policy.h"

/* What a township has names for. */
enum settled_list { SETTLED_OFFICES, SETTLED_CATEGORIES, SETTLED_LISTS };
enum { SETTLED_MAX_NAMES = 100 };
/* "offices", "categories": members of the content, and of what is printed. */
const char *settled_list_name(enum settled_list list);

/* What a hub.holiday says of a day. false: it needs a newer version. */
bool settled_holiday(const json_t *plain, struct case_day *out);
/* Has the line of a hub.settings the shape that this version knows? */
bool settled_known(const json_t *plain);
/* Has its content the shape that this version knows? What it does not name, there is none of. */
bool settled_names(const json_t *content);
/* Puts what a hub.settings that is known names in the place of what was settled before. */
void settled_apply(const json_t *plain, struct case_policy *policy);

#endif
