/* When things happened to a case: one walk along its order, over the records that count.
 * FORMAT.md §14. */
#ifndef YIZHAN_NODE_TIMES_H
#define YIZHAN_NODE_TIMES_H

#include "node/cases/reach.h"

/* Fills what the records say of time in a view whose order, stamps, effects, state and flags are
 * made; class and history stay as they are. reach: of the view's order, full. 0, or -1 when memory
 * ran out. finish frees. */
int case_times_init(struct case_times *t, const struct case_record *records,
                    const struct case_view *view, const struct case_reach *reach)
    __attribute__((warn_unused_result));
void case_times_finish(struct case_times *t);

#endif
