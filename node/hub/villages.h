/* The villages of a township, and how each stands: what `hub villages` and the township's page
 * show. */
#ifndef YIZHAN_NODE_HUB_VILLAGES_H
#define YIZHAN_NODE_HUB_VILLAGES_H

#include <yizhan/segment.h>

#include "../node.h"

enum { VILLAGE_PROGRAMS = 4 * (YZ_MAX_PROGRAM + 2) };
struct village_standing {
  struct yz_ledger_row row;
  bool joined, closed;
  char into[YZ_MAX_CODE + 1]; /* code of the village that goes on with its cases; "": none */
  int64_t records, waiting, quarantined;
  int64_t last_heard_ms;   /* by this hub's clock; 0: never */
  int64_t unacknowledged;  /* records of the hub that some PC of the village does not have yet */
  int64_t clock_offset_ms; /* how far its clock is surely off, as its last word shows: greater than
                            * 0 ahead, less behind; 0: nothing shows that it is */
  /* What its PCs say of themselves: versions that differ, with commas between; the fullest disk.
   * "": nothing. */
  char program[VILLAGE_PROGRAMS], disk[YZ_MAX_DISK + 1];
};
/* fn gets each, those in trouble first, else in the order in which they were invited; its answer
 * other than 0 ends it and is returned. */
typedef int (*village_fn)(void *arg, const struct village_standing *v);
int hub_each_village(struct node *n, village_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* The object that `hub villages --json` has for it; NULL when memory ran out. */
json_t *hub_village_json(const struct village_standing *v, int zone);

#endif
