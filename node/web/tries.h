/* What wrong passphrases cost: whoever tries them waits, and hardly anyone else.
 *
 * Wrong ones are counted of a worker at an address, of an address, and of a worker wherever they
 * were tried. After TRIES_FREE, TRIES_FREE_ADDRESS or TRIES_FREE_WORKER of them the next try waits
 * for 1 second, and twice as long after each that follows, at most TRIES_MAX_WAIT_MS; one of each
 * is forgotten in that time. The right passphrase ends what was counted of a worker at an address,
 * and makes that worker known there: one who is known waits for the first count alone, so that
 * nobody who guesses elsewhere keeps a worker out of where that one has been.
 *
 * What is counted has one room for ever, and lies where a hash under a secret key says: nobody is
 * forgotten for others, and names that nobody bears are counted as those of workers. Two that fall
 * on one place, which is rare, wait for each other. Many threads may call at once. */
#ifndef YIZHAN_NODE_WEB_TRIES_H
#define YIZHAN_NODE_WEB_TRIES_H

#include <stdbool.h>
#include <yizhan/world.h>

#include "clients.h"

enum {
  TRIES_FREE = 3,
  TRIES_FREE_ADDRESS = 12,
  TRIES_FREE_WORKER = 48,
  TRIES_MAX_WAIT_MS = 5 * 60 * 1000
};

struct tries;
/* NULL: no memory. one_address: all come from one, so that it says nothing: only the first is
 * counted. The world outlives it. */
struct tries *tries_create(const struct yz_world *world, bool one_address);
void tries_destroy(struct tries *t);

/* How long, in ms, nobody may try this worker's passphrase from there; 0: now. */
int64_t tries_wait(struct tries *t, const struct client_key *from, const char *worker);
/* What came of a try. */
void tries_made(struct tries *t, const struct client_key *from, const char *worker, bool well);

#endif
