/* What a roster is made of; shared by roster.c (taking records in) and judge.c
 * (asking it). Small arrays, in the order in which records were taken in. */
#ifndef YIZHAN_SYNC_ROSTER_PRIVATE_H
#define YIZHAN_SYNC_ROSTER_PRIVATE_H

#include <string.h>
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
  struct yz_id log;                /* where it stands */
  bool end;                        /* by a worker.end: in `log` what comes before it counts too */
  int64_t seq;                     /* of the worker.end */
  const struct yz_ack_head *until; /* what still counts; lies in `untils` or in a beginning */
  size_t n_until;
};

/* A hub.successor in `log`: its node goes on for another hub. */
struct succession {
  struct yz_id log;
  struct yz_key node;
  struct yz_successor said;
};

struct recovery_box {
  struct yz_key hub, box;
};

struct yz_roster {
  struct yz_id ledger;
  struct yz_key pinned, home;
  struct yz_hash recovery;
  bool has_home, has_recovery;
  struct yz_key *hubs; /* each the successor of the one before; the last one is the hub */
  struct succession *successions;
  int64_t epoch; /* of passes */
  struct yz_begin *begins;
  struct pair *pairs;
  struct granted_node *nodes;
  struct yz_ack_head *olds, *releases;
  struct revocation *revocations;
  struct yz_ack_head **untils; /* each owned */
  struct recovery_box *boxes;
  size_t n_begins, n_pairs, n_nodes, n_olds, n_releases, n_revocations, n_untils, n_hubs,
      n_successions, n_boxes;
};

/* Of what everyone may know: not in constant time, which costs much where there are many. */
static inline bool same_key(const struct yz_key *a, const struct yz_key *b) {
  return memcmp(a, b, sizeof *a) == 0;
}
static inline bool same_id(const struct yz_id *a, const struct yz_id *b) {
  return memcmp(a, b, sizeof *a) == 0;
}
/* Does this begin a log of the hub's, or of a former one's, for this ledger? */
static inline bool hub_begin(const struct yz_roster *r, const struct yz_begin *b) {
  return yz_roster_is_hub(r, &b->node) && same_id(&b->ledger, &r->ledger);
}
const struct yz_begin *roster_begin(const struct yz_roster *r, const struct yz_id *log);
/* Has the record no member that its type does not know? false too for a type unknown here. */
bool roster_members_known(const char *type, const json_t *json);
/* Does a list of places cover this one: is it not past the one named for its log? */
bool roster_covered(const struct yz_ack_head *until, size_t n, const struct yz_id *log, int64_t seq,
                    const struct yz_hash *id);

/* --- succession.c: who the hub is --------------------------------------- */

int roster_init_line(struct yz_roster *r, const struct yz_key *pinned) YZ_MUST_CHECK;
void roster_finish_line(struct yz_roster *r);
int roster_add_succession(struct yz_roster *r, const struct yz_begin *begin,
                          const struct yz_record *record, const json_t *json, bool *changed,
                          struct yz_error *err) YZ_MUST_CHECK;
/* Was this node the hub, and has a successor? */
bool roster_former(const struct yz_roster *r, const struct yz_key *node);
/* Is it the record that makes the log's node the hub, now or already? */
bool roster_names_hub(const struct yz_roster *r, const struct yz_begin *begin,
                      const struct yz_record *record);
/* Is the record of a former hub's, and not among what its successor says still counts? */
bool roster_past_succession(const struct yz_roster *r, const struct yz_key *node,
                            const struct yz_record *record, const struct yz_hash *id);

#endif
