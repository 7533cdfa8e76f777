/* How a stamp counts (FORMAT.md §4). Pure. */
#ifndef YIZHAN_NODE_STAMP_H
#define YIZHAN_NODE_STAMP_H

#include "node/cases/cases.h"

/* At most as five years past the newest that its writer knew, as counted (NULL: none), and as its
 * ceiling (0: none); at least as that newest one, which was there before it. */
struct yz_stamp case_stamp_counted(struct yz_stamp stamp, const struct yz_stamp *newest,
                                   int64_t ceiling_ms);

#endif
