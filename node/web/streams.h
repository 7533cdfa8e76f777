/* Who has a stream of events open (api_events.c): so many at once, since others want connections
 * too. Each worker may have a few; of one who opens more the oldest ends. Where all places are
 * taken the oldest of whoever holds most ends, so that nobody keeps others out by leaving pages
 * open. Many threads may call at once. */
#ifndef YIZHAN_NODE_WEB_STREAMS_H
#define YIZHAN_NODE_WEB_STREAMS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <yizhan/identity.h>

enum {
  STREAMS_MOST = 32,
  STREAMS_OF_ONE = 6, /* as many connections as browsers make */
  STREAMS_OVER = 32   /* of those that are to end and have not yet */
};

struct stream {
  struct yz_key whose;
  atomic_bool over; /* it gave way: it ends when it looks next */
  struct stream *next;
};
struct streams {
  pthread_mutex_t mutex;
  struct stream *first; /* the newest */
};
void streams_init(struct streams *s);
/* All have left before. */
void streams_finish(struct streams *s);

/* A new one, of the caller's memory until it leaves; *gave_way: another one ends for it, and should
 * look. false: too many have not ended yet, and it is not in. */
bool streams_enter(struct streams *s, struct stream *one, const struct yz_key *whose,
                   bool *gave_way);
void streams_leave(struct streams *s, struct stream *one);

#endif
