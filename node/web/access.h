/* The access log: one line for each request, without secrets and without words of people.
 *
 *   TIME VILLAGE NODE METHOD KIND STATUS IN OUT MS
 *
 * UTC; the village's code and the first digits of the node's key, or "-" and an address where
 * nobody was let in; what was asked for; bytes of heads and body that came, of the body that was
 * the answer; milliseconds. At MAX_LOG bytes it is put aside as access.log.1. */
#ifndef YIZHAN_NODE_WEB_ACCESS_H
#define YIZHAN_NODE_WEB_ACCESS_H

#include <pthread.h>
#include <yizhan/world.h>

#include "web.h"

struct access_log {
  const char *dir;
  const struct yz_world *world;
  pthread_mutex_t mutex;
  int fd;
};
/* Where it cannot be written, requests are answered all the same. */
void access_init(struct access_log *a, const char *dir, const struct yz_world *world);
void access_finish(struct access_log *a);
void access_note(struct access_log *a, const struct web_request *r, const struct web_done *d);

#endif
