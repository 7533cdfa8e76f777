/* Either side of a node's memory built again from the other: git from the store,
 * the store's gaps and case tables from git. The caller holds DIR/lock. */
#ifndef YIZHAN_NODE_REBUILD_H
#define YIZHAN_NODE_REBUILD_H

#include "node.h"

/* Makes every repository anew from the store (a hub's township.git too). What was
 * there is not removed but moved aside; its new path goes to fn. Where one cannot
 * be built, what was there is put back. */
int node_rebuild_git(struct node *n, void (*fn)(void *arg, const char *aside), void *arg,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Takes in what the repositories hold and the store does not, then makes the case
 * tables anew. *records: how many came. */
int node_rebuild_store(struct node *n, int64_t *records, struct yz_error *err) YZ_MUST_CHECK;
/* The first half of it, for one ledger and the repository at path; nothing where
 * there is none. */
int node_take_back(struct node *n, const struct yz_ledger_row *row, const char *path,
                   int64_t *records, struct yz_error *err) YZ_MUST_CHECK;

/* Renames path to path.before-<time>, or a name like it that is free: *aside,
 * malloc'd; NULL when nothing is at path. */
int node_move_aside(const struct yz_world *world, const char *path, char **aside,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The same for a file, which also stays at path until something is renamed over it; where the
 * disk knows no links it is moved. */
int node_keep_aside(const struct yz_world *world, const char *path, char **aside,
                    struct yz_error *err) YZ_MUST_CHECK;

#endif
