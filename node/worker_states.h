/* How the workers stand whose keys are kept here. */
#ifndef YIZHAN_NODE_WORKER_STATES_H
#define YIZHAN_NODE_WORKER_STATES_H

#include "node.h"

/* An array of {"worker", "key", "state", "locked"}, as `worker list` and the page show them. state:
 * "home" at a village that works alone; "awaiting" where the township has not confirmed it yet;
 * "granted"; "revoked". *out: a new reference. */
int worker_states(struct node *n, json_t **out, struct yz_error *err) YZ_MUST_CHECK;
/* The state of one who is added now. */
const char *worker_state_new(const struct node *n);
/* Numbers of the cases that this worker, whose right has ended, left open: an array. *out: a new
 * reference. */
int worker_left_open(struct node *n, const struct yz_key *key, const char *name, json_t **out,
                     struct yz_error *err) YZ_MUST_CHECK;

#endif
