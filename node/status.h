/* How things stand at a node: what `status` says and the page's light shows. */
#ifndef YIZHAN_NODE_STATUS_H
#define YIZHAN_NODE_STATUS_H

#include "node.h"
#include "reserve.h"

struct status {
  struct store_counts counts;
  struct yz_standing
      standing; /* at a hub nothing is pending upward, and what counts is what came */
  struct reserve reserve;
  int64_t last_sync_ms; /* 0: never */
  bool any_worker, all_locked;
  int64_t named;  /* at a village whose keys are all locked: as store_count_named counts */
  bool succeeded; /* a hub, and another one was named its successor */
};
int node_status(struct node *n, struct status *out, struct yz_error *err) YZ_MUST_CHECK;
/* The object that `status --json` prints; NULL when memory ran out. */
json_t *node_status_json(const struct node *n, const struct status *s);

#endif
