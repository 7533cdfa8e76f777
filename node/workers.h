/* How a worker's key is kept: private to who writes worker rows. */
#ifndef YIZHAN_NODE_WORKERS_H
#define YIZHAN_NODE_WORKERS_H

#include "node.h"

/* Fills key, locked, sealed and recovery of a row from the seed; passphrase NULL:
 * the seed itself is kept, and code is "". The caller finishes the row. */
int worker_row_fill(const struct yz_world *world, struct worker_row *row,
                    const struct yz_secret *seed, const char *passphrase,
                    char code[static RECOVERY_CODE], struct yz_error *err) YZ_MUST_CHECK;

#endif
