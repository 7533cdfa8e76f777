/* The road between a PC and the repository of its ledger: it loses, delays, doubles and
 * reorders what is sent, breaks off in between, and shows what lay there some time ago. */
#ifndef YIZHAN_TESTS_SIM_ROAD_H
#define YIZHAN_TESTS_SIM_ROAD_H

#include "chance.h"

/* A url that begins so is over a link: the library goes in steps there. */
#define ROAD_FAR "ssh://far"

/* How bad the roads are from now on: of each kind of fault one in so many contacts; 0: good. */
void road_set(struct chance *c, size_t one_in);
/* What is under way arrives, or does not any more. */
void road_arrive(struct chance *c);
size_t road_under_way(void);

#endif
