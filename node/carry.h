/* At a hub: cases that stand in several ledgers (转办). What one side writes is carried to the
 * others, each line inside a record of the hub, sealed anew to its readers: FORMAT.md §12, §14. */
#ifndef YIZHAN_NODE_CARRY_H
#define YIZHAN_NODE_CARRY_H

#include "node.h"

/* What came of it. */
struct carry_done {
  size_t carried, left_out; /* left_out: lines too large to be carried */
  struct yz_id *ledgers;    /* those that something was written in */
  size_t n_ledgers;
};
void carry_done_finish(struct carry_done *d);
/* Notes that something was written in this ledger. */
int carry_note(struct carry_done *d, const struct yz_id *ledger,
               struct yz_error *err) YZ_MUST_CHECK;

/* Carries what is not carried yet, in the caller's transaction: of one case, or of all of
 * which something changed since. Where there
 * is nothing new nothing is written. A case about a worker goes to no ledger in which that worker
 * signs, or ever signed. */
int carry_case(struct node *n, const struct yz_hash *id, struct carry_done *done,
               struct yz_error *err) YZ_MUST_CHECK;
int carry_all(struct node *n, struct carry_done *done, struct yz_error *err) YZ_MUST_CHECK;

/* The village whose code `to` is, for a case of a ledger to be carried to: *found, and in *out its
 * ledger. YZ_E_REFUSED: the case is that village's already, or it is closed, or the case is about
 * a worker who signs there. */
int carry_target(struct node *n, const char *to, const struct yz_id *ledger,
                 const struct case_view *view, struct yz_id *out, bool *found,
                 struct yz_error *err) YZ_MUST_CHECK;

#endif
