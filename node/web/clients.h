/* What each client has had lately, and how long it must wait for more. */
#ifndef YIZHAN_NODE_WEB_CLIENTS_H
#define YIZHAN_NODE_WEB_CLIENTS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum { CLIENT_KEY = 33, CLIENT_MAX_KINDS = 3 };
/* A client: an address, or a node. */
struct client_key {
  unsigned char bytes[CLIENT_KEY];
};
/* So much at once, and as much again in each period. Period 0: what was spent is given back by
 * spending less than nothing. */
struct allowance {
  int64_t most, period_ms;
};

struct client;
struct clients {
  const struct allowance *allowed; /* one for each kind of thing; lives as long */
  size_t n_allowed;                /* at most CLIENT_MAX_KINDS */
  struct client *list;
  pthread_mutex_t mutex;
};
/* Never fails: without memory nobody is held back. So many clients are remembered that whoever
 * is forgotten was not here lately. */
void clients_init(struct clients *c, const struct allowance *allowed, size_t n);
void clients_finish(struct clients *c);

/* 0: it may have more of this kind; otherwise the seconds after which it may. now: ticks. */
unsigned clients_wait(struct clients *c, const struct client_key *key, size_t kind, int64_t now_ms);
/* It had so much. More than is allowed may be spent: it waits the longer. */
void clients_spend(struct clients *c, const struct client_key *key, size_t kind, int64_t amount,
                   int64_t now_ms);

#endif
