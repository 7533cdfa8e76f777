/* A village that finds the road by itself: it makes a contact whenever there may be a road or there
 * is something new, each in a child of its own at low priority, until SIGTERM or SIGINT.
 *
 *   a link comes up              a second later; one that is under way and stuck begins anew
 *   an address or route comes    likewise, where the road was closed
 *   new records, the road open   two seconds later
 *   it failed, or the hub has not acknowledged all    after 2 s, 4 s, ... a quarter of an hour
 *   all is done                  after a quarter of an hour, for what the hub has
 *
 * the two last by a chance of half as much more or less (when.h).
 *
 * `sync --watch` runs it, and so does the page's server, as a child (web/rounds.h). */
#ifndef YIZHAN_NODE_WATCH_H
#define YIZHAN_NODE_WATCH_H

#include "node.h"

/* What came of one contact. */
struct watch_word {
  int rc;              /* as of contact_make */
  struct yz_error err; /* where it is not 0 */
  int64_t sent, received, acknowledged, records, pending, quarantined, bytes_up, bytes_down, ms;
  bool other_hub, refused;
};

struct watch {
  const char *dir;
  const struct yz_world *world;
  /* All are told in the caller's process. */
  void (*going)(void *ctx, const struct yz_going *going);
  void (*ended)(void *ctx, const struct watch_word *word);
  void (*waits)(void *ctx, int64_t ms);
  void *ctx;
  int reader; /* a pipe or terminal that is told of all this: once nobody is at its other end, it is
               * as if a signal had come; -1: none */
};
/* Returns once a signal ends it. SIGTERM and SIGINT are blocked from then on. YZ_E_BUSY: another
 * process watches this folder; YZ_E_IO. */
int watch_run(const struct watch *w, struct yz_error *err) YZ_MUST_CHECK;

#endif
