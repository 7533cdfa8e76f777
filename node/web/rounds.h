/* A village's own rounds while its page is served: `yizhan sync --watch` (watch.h) as a child, from
 * when the village has joined a township until the server ends, however it ends. Where another
 * process watches this folder already nothing is done beside it. */
#ifndef YIZHAN_NODE_WEB_ROUNDS_H
#define YIZHAN_NODE_WEB_ROUNDS_H

#include "contact.h"

struct rounds;
/* The contact is told of what goes on, and outlives it, as dir and world do. NULL: no memory, no
 * thread. end, after contact_close, stops the child and waits for it; NULL allowed. */
struct rounds *rounds_begin(const char *dir, const struct yz_world *world, struct contact *contact);
void rounds_end(struct rounds *r);

#endif
