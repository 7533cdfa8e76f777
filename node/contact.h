/* A village's contact with its hub, whenever there is a road. */
#ifndef YIZHAN_NODE_CONTACT_H
#define YIZHAN_NODE_CONTACT_H

#include "node.h"

/* What came of it. */
struct contact_done {
  struct yz_exchanged got; /* the caller finishes got.taken */
  struct yz_standing before, after;
  int64_t ms;     /* how long it took */
  bool other_hub; /* the hub has a successor, which the village follows now */
};
/* How many own records were acknowledged in it. */
int64_t contact_acknowledged(const struct contact_done *d);

/* Is there a hub to meet? YZ_E_REFUSED: the village works alone. */
int contact_possible(const struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Makes one; waits for another that is going on. told: NULL for nobody. The standing
 * afterwards is there also where the road failed. As contact_possible, and what
 * yz_exchange says. */
int contact_make(struct node *n, const struct yz_told *told, struct contact_done *out,
                 struct yz_error *err) YZ_MUST_CHECK;

#endif
