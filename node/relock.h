/* A worker's key locked anew: under a first passphrase, another, or after the old
 * one was forgotten. */
#ifndef YIZHAN_NODE_RELOCK_H
#define YIZHAN_NODE_RELOCK_H

#include "node.h"

/* Opens a worker's key by the recovery code, as people type it. name NULL: the only
 * worker. YZ_E_INPUT: which worker is not said, no such one, or no recovery code;
 * YZ_E_KEY: not this worker's. signer_finish wipes. */
int node_recover(struct node *n, const char *name, const char *code, struct signer *out,
                 struct yz_error *err) YZ_MUST_CHECK;

/* Keeps the key of an opened signer under a passphrase from now on; the old
 * passphrase and recovery code open nothing here any more. */
int node_relock(struct node *n, const struct signer *who, const char *passphrase,
                char recovery_code[static RECOVERY_CODE], struct yz_error *err) YZ_MUST_CHECK;

#endif
