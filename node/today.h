/* What a village has to do today, as its page shows it first. */
#ifndef YIZHAN_NODE_TODAY_H
#define YIZHAN_NODE_TODAY_H

#include "node.h"

/* {"overdue", "due_soon", "follow_up", "visits", "answers", "notices"}: each {"count", "more",
 * "items"}, the first few of them; more: there are more than are counted. Cases as in "case list",
 * households as in "household list" (those to whom nobody went for TODAY_VISIT_DAYS), notices as in
 * "notice show"; answers: what the township did on cases lately, newest first. New reference. */
enum { TODAY_SOON_DAYS = 3, TODAY_VISIT_DAYS = 90, TODAY_ANSWER_DAYS = 14 };
int today_json(struct node *n, json_t **out, struct yz_error *err) YZ_MUST_CHECK;

#endif
