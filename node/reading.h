/* At a hub: who reads what people said, and when. Lists show no whole name; whoever has one shown
 * in full, or a household, is written down, once for each and day, here and nowhere else. */
#ifndef YIZHAN_NODE_READING_H
#define YIZHAN_NODE_READING_H

#include "node.h"

/* Before a case or household is shown in full, or (of NULL) all cases are. by NULL: who reads was
 * not said. Nothing at a village. */
int reading_note(struct node *n, const struct yz_hash *of, const struct yz_key *by,
                 struct yz_error *err) YZ_MUST_CHECK;
/* The same for the worker of this name (NULL: the only one; of several it was not said), who signs
 * nothing by it. YZ_E_INPUT: there is none of that name, or several. */
int reading_note_named(struct node *n, const struct yz_hash *of, const char *name,
                       struct yz_error *err) YZ_MUST_CHECK;
/* Who read a case or household, or (of NULL) which: [{"case", "household" (masked), "id", "by",
 * "day"}], by null where it was not said. New reference; NULL with err. */
json_t *reading_list(struct node *n, const struct yz_hash *of, struct yz_error *err);

#endif
