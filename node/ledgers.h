/* A node's ledgers, logs and workers, gathered from the store before they are
 * worked on, and the repositories that belong to them. Arrays are malloc'd, the
 * caller frees; *out is NULL where there are none. */
#ifndef YIZHAN_NODE_LEDGERS_H
#define YIZHAN_NODE_LEDGERS_H

#include "node.h"

int node_ledgers(struct node *n, struct yz_ledger_row **out, size_t *count,
                 struct yz_error *err) YZ_MUST_CHECK;
int node_logs(struct node *n, const struct yz_id *ledger, struct yz_log_row **out, size_t *count,
              struct yz_error *err) YZ_MUST_CHECK;
/* Heads of this node's own logs in a ledger, those that hold a record. */
int node_own_heads(struct node *n, const struct yz_id *ledger, struct yz_ack_head **out,
                   size_t *count, struct yz_error *err) YZ_MUST_CHECK;

/* A worker whose key is kept here, without the key. */
struct kept_worker {
  struct yz_key key;
  char name[YZ_MAX_NAME + 1];
  bool locked;
};
int node_kept_workers(struct node *n, struct kept_worker **out, size_t *count,
                      struct yz_error *err) YZ_MUST_CHECK;

/* The one of this name; YZ_E_NOT_FOUND, which says so. */
int node_find_kept(struct node *n, const char *name, struct kept_worker *out,
                   struct yz_error *err) YZ_MUST_CHECK;

/* Opens the repository of a ledger. Without create: YZ_E_NOT_FOUND where there is
 * none. The caller destroys it. */
int node_open_ledger(const struct node *n, const struct yz_ledger_row *row, bool create,
                     struct yz_ledger **out, struct yz_error *err) YZ_MUST_CHECK;
/* DIR/lock, for who exchanges, restores or rebuilds; waits 30 s. YZ_E_BUSY. */
int node_lock(const char *dir, struct yz_lock *lock, struct yz_error *err) YZ_MUST_CHECK;

/* yz_begin_log with all workers kept here, but those revoked in this ledger; what
 * b says of workers is not looked at. At a hub the first worker has all roles,
 * others those they have in the ledger already, else clerk. */
int node_begin_log(struct node *n, const struct yz_ledger_row *row, const struct yz_beginning *b,
                   struct yz_error *err) YZ_MUST_CHECK;

#endif
