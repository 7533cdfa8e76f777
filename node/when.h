/* When a node that watches for the road makes its next contact (watch.h): a pure function of what
 * happened and when. Times are ms of a clock that nobody sets. After a link came up a contact
 * begins within WHEN_AT_MOST_MS, or one that is under way has got on since.
 *
 *   when_init, when_begins                 the first contact
 *   when_news, when_moved, when_ended ...  as it happens
 *   when_due, when_wait_ms                 what to do now, and how long there is nothing to do */
#ifndef YIZHAN_NODE_WHEN_H
#define YIZHAN_NODE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WHEN_AT_MOST_MS = 5000, WHEN_MOST_MS = 15 * 60 * 1000 };

struct when {
  bool under_way;       /* a contact */
  bool open;            /* the road, as the last contact had it */
  int64_t began, moved; /* the contact; when it last got on */
  int64_t news;         /* when a link came up while it was under way; -1 */
  int64_t next;         /* when the next one begins */
  int64_t changed;      /* when what is recorded here was written to first; -1 */
  unsigned tries;       /* that failed, one after the other */
};

void when_init(struct when *w);
/* A contact is begun; went: it is under way, else it could not be and is tried again. */
void when_begins(struct when *w, int64_t now, bool went);
/* It got on. */
void when_moved(struct when *w, int64_t now);
/* What the contact said of itself. more: of what is here something has no receipt. chance: any
 * number, so that not all villages come at once. Returns how long it waits. */
int64_t when_said(struct when *w, int64_t now, bool went, bool more, uint32_t chance);
/* It has ended, having said so or not. Returns how long it waits now, or -1: as it did. */
int64_t when_ended(struct when *w, int64_t now, bool said, uint32_t chance);
/* A link came up, or else (link false) there may be another road. As when_ended. */
int64_t when_news(struct when *w, int64_t now, bool link);
/* There is something new to bring. As when_ended. */
int64_t when_work(struct when *w, int64_t now);
/* What is recorded here was written to. */
void when_changed(struct when *w, int64_t now);

/* What is to be done: nothing; to look whether there is something new (which forgets that it was
 * written to); to begin a contact; to end the one that is under way and begin anew. */
enum when_due { WHEN_NOTHING, WHEN_LOOK, WHEN_BEGIN, WHEN_ANEW };
enum when_due when_due(struct when *w, int64_t now);
/* How long nothing is to be done unless something happens; -1: for ever. */
int when_wait_ms(const struct when *w, int64_t now);

#endif
