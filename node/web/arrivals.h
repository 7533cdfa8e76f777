/* What was pushed is taken in by one thread, some ledgers at a time in the order in which they
 * came, whoever waits for it. Whatever came while the server was not there is taken in when it
 * begins. */
#ifndef YIZHAN_NODE_WEB_ARRIVALS_H
#define YIZHAN_NODE_WEB_ARRIVALS_H

#include <pthread.h>
#include <stdbool.h>
#include <yizhan/store.h>
#include <yizhan/world.h>

struct arrival;
struct arrivals {
  const char *dir; /* the hub's */
  const struct yz_world *world;
  pthread_mutex_t mutex;
  pthread_cond_t came, taken;
  pthread_t thread;
  struct arrival *list; /* those that are being taken in first */
  size_t n, room, taking;
  uint64_t last, done; /* tickets: given, and taken in */
  bool running, all, ending;
  bool passed_over; /* some ledger could not be taken in: all are tried again later */
};

/* Without a thread (there was none to be had) nothing is taken in, and asking says so. */
void arrivals_start(struct arrivals *a, const char *dir, const struct yz_world *world);
/* Waits for what is under way; what is left is taken in at the next start. */
void arrivals_stop(struct arrivals *a);

/* After a push: has what lies in this ledger taken in and what the hub has to say there laid out,
 * and waits for that, but no longer than so; false: it will be done later. */
bool arrivals_wait(struct arrivals *a, const struct yz_id *ledger, int64_t wait_ms);
/* The same where it is to be done anyway, or the hub has news there; otherwise nothing is waited
 * for. */
void arrivals_catch_up(struct arrivals *a, const struct yz_id *ledger, bool news, int64_t wait_ms);

#endif
