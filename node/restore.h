/* Backups, and a node brought back from one, as a new incarnation: nobody can know what
 * was written after the backup was made, so nothing is ever written again where
 * the lost node may have written. */
#ifndef YIZHAN_NODE_RESTORE_H
#define YIZHAN_NODE_RESTORE_H

#include "node.h"

/* The whole node in one file: store_backup, after what was written here was cut into
 * segments, as far as that can be done. Waits for DIR/lock. */
int node_backup(struct node *n, const char *file, struct yz_error *err) YZ_MUST_CHECK;

struct restored {
  char *aside;        /* where the store that was here lies now; NULL: there was none */
  char letter[4];     /* of new case numbers */
  int64_t taken_back; /* records that repositories here held beyond the backup */
};
void restored_finish(struct restored *r);

/* Brings the backup in `file` to life in dir, where it becomes the node: in every
 * ledger a new log begins that continues those of the backup, with a letter for
 * case numbers that no known log uses. All of it is done beside the node's place
 * and takes its place as the last step. A store that is there is moved aside. Holds
 * DIR/lock: YZ_E_BUSY. The repositories are not built anew (node_rebuild_git). */
int node_restore(const char *file, const char *dir, const struct yz_world *world,
                 struct restored *out, struct yz_error *err) YZ_MUST_CHECK;
/* The same from what can be saved of the store that is there and from the repositories
 * beside it. What cannot be saved: to fn. */
int node_salvage(const char *dir, const struct yz_world *world, yz_finding_fn fn, void *arg,
                 struct restored *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
