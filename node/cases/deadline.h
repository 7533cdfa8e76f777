/* Until when a case must be answered and resolved, and how often that was not kept: a pure
 * function of when things happened, the calendar and what was settled. FORMAT.md §14. */
#ifndef YIZHAN_NODE_DEADLINE_H
#define YIZHAN_NODE_DEADLINE_H

#include "node/cases/calendar.h"
#include "node/cases/policy.h"

#define CASE_NO_DUE INT64_MIN /* there is none, or it rests */

struct case_deadline {
  int64_t due_ms;     /* of what is to be done next */
  bool of_acceptance; /* that is to answer; else to resolve */
  bool provisional;   /* due_ms hangs on a day of a year that has no calendar */
  int64_t breaches;   /* rounds that ended after their due, and an answer after its own: those
                       * still to come are for the reader's clock */
  int64_t answer_due_ms;
  int64_t resolve_due_ms;       /* of the last round */
  int64_t asked_from, asked_to; /* the days of which it mattered whether they are worked */
};
/* pauses in times are by from_ms. */
void case_deadline(const struct case_times *times, const struct case_calendar *calendar,
                   const struct case_policies *policies, struct case_deadline *out);
/* Is a moment (INT64_MAX: none) too late for a due? That one is the first that is. */
bool case_late(int64_t ms, int64_t due_ms);

#endif
