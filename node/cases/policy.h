/* What the township has settled about time (FORMAT.md §14, hub.settings). Pure. */
#ifndef YIZHAN_NODE_POLICY_H
#define YIZHAN_NODE_POLICY_H

#include "node/cases/cases.h"

enum { POLICY_MAX_DAYS = 3650 };

struct case_policy {
  int64_t since_ms; /* in force for what is stamped then or later */
  int zone;         /* the township's, minutes east of UTC */
  int64_t accept;   /* working days until a case must be answered */
  /* Days until it must be resolved, and by which that can be put off once: calendar days for a
   * petition, working days for the others. */
  int64_t days[CASE_CLASSES], extension[CASE_CLASSES];
};
/* In the hub's order (FORMAT.md §4), which may not be that of their times: of several in force
 * the last holds. Each is whole: what it does not name is as it was before. */
struct case_policies {
  struct case_policy *list;
  size_t n;
};

/* What holds where nothing was settled. */
extern const struct case_policy case_policy_default;
/* What was in force at a stamp. policies NULL: nothing was settled. */
const struct case_policy *case_policy_at(const struct case_policies *policies,
                                         struct yz_stamp stamp);
/* May the time of a round be put off by so many days without the hub's head? earlier: how often
 * that was done in this round before. */
bool case_extension_within(const struct case_policy *policy, enum case_class class, int64_t days,
                           size_t earlier);

#endif
