/* What a roster is made of; shared by roster.c (taking records in) and judge.c
 * (asking it). Small arrays, in the order in which records were taken in. */
#ifndef YIZHAN_SYNC_ROSTER_PRIVATE_H
#define YIZHAN_SYNC_ROSTER_PRIVATE_H

#include <yizhan/roster.h>

/* A worker whom a record of `log` (by its node, or by the hub for `node`) named. */
struct pair {
  struct yz_id log; /* of the worker.add or the roster.grant */
  struct yz_key node, worker;
  unsigned roles; /* at a hub */
  bool granted;   /* by the hub; else added by the node itself */
};
struct granted_node {
  struct yz_key node;
};
struct revocation {
  struct yz_key node, worker;
  bool whole_node;
  bool end;                  /* by a worker.end, which stands in `log` */
  struct yz_id log;          /* where it stands */
  struct yz_ack_head *until; /* what still counts; owned */
  size_t n_until;
};

struct yz_roster {
  struct yz_id ledger;
  struct yz_key hub, home;
  bool has_home;
  struct yz_begin *begins;
  struct pair *pairs;
  struct granted_node *nodes;
  struct yz_ack_head *olds, *releases;
  struct revocation *revocations;
  size_t n_begins, n_pairs, n_nodes, n_olds, n_releases, n_revocations;
};

static inline bool same_key(const struct yz_key *a, const struct yz_key *b) {
  return yz_equal(a, b, sizeof *a);
}
static inline bool same_id(const struct yz_id *a, const struct yz_id *b) {
  return yz_equal(a, b, sizeof *a);
}
/* Does this begin a log of the hub's for this ledger? */
static inline bool hub_begin(const struct yz_roster *r, const struct yz_begin *b) {
  return same_key(&b->node, &r->hub) && same_id(&b->ledger, &r->ledger);
}
const struct yz_begin *roster_begin(const struct yz_roster *r, const struct yz_id *log);

#endif
