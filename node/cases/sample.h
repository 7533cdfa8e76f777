/* Which cases the township follows up itself 抽样回访. Pure; FORMAT.md §14, "Samples". */
#ifndef YIZHAN_NODE_SAMPLE_H
#define YIZHAN_NODE_SAMPLE_H

#include "node/cases/cases.h"

/* A case's place in the drawing with this seed: those of the lowest are drawn. */
void case_sample_rank(int64_t seed, const struct yz_hash *id, struct yz_hash *out);
/* Has the township followed it up itself since it was last resolved? */
bool case_asked_by_hub(const struct case_record *records, const struct case_view *view);

#endif
