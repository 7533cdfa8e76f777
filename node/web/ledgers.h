/* The routes by which villages reach their ledgers: git's smart HTTP.
 *
 *   GET  /ledger/<ledger id>/info/refs?service=git-upload-pack (or git-receive-pack)
 *   POST /ledger/<ledger id>/git-upload-pack, …/git-receive-pack
 *   GET  /healthz: 200 where villages can be answered, 503 where not
 *
 * Of the address nothing but these names and the digits of an id is looked at, so none leads
 * elsewhere. Who comes in shows a pass (yizhan/pass.h) and is in its own ledger only. */
#ifndef YIZHAN_NODE_WEB_LEDGERS_H
#define YIZHAN_NODE_WEB_LEDGERS_H

#include <semaphore.h>
#include <stdbool.h>
#include <yizhan/world.h>

#include "access.h"
#include "arrivals.h"

/* What the routes share: their context. */
struct ledgers {
  const char *dir; /* the hub's */
  const struct yz_world *world;
  bool held;            /* what ledgers share is made once */
  sem_t gits;           /* as many git processes at once, the others wait */
  struct clients nodes; /* what each has asked for */
  struct arrivals arrivals;
  struct access_log log;
};
void ledgers_init(struct ledgers *l, const char *dir, const struct yz_world *world);
void ledgers_finish(struct ledgers *l);
extern const struct web_route ledger_get, ledger_post, health_get;
/* For struct web_options. */
void ledgers_done(void *ctx, const struct web_request *r, const struct web_done *d);

#endif
