/* What moves records that the page asked for, over a link or by a stick: `yizhan sync`, `yizhan
 * parcel` and `yizhan join`, run as processes of their own, so that the page answers meanwhile and
 * they can be stopped. One at a time; and beside it what rounds.h does by itself. Many threads may
 * call at once, and wait for what changes. */
#ifndef YIZHAN_NODE_WEB_CONTACT_H
#define YIZHAN_NODE_WEB_CONTACT_H

#include <jansson.h>
#include <stdbool.h>
#include <yizhan/world.h>

struct contact;
/* NULL: no memory. dir and world outlive it; destroy stops one that goes on, and waits for it. */
struct contact *contact_create(const char *dir, const struct yz_world *world);
void contact_destroy(struct contact *c);

enum contact_kind {
  CONTACT_LINK,
  CONTACT_WRITE,  /* what the other side lacks, onto a stick */
  CONTACT_READ,   /* what a stick brings */
  CONTACT_ANSWER, /* likewise, and answers on it */
  CONTACT_JOIN    /* the village joins a township */
};
const char *contact_kind_name(enum contact_kind kind);
/* Begins one; over a link, unless one over a link goes on. with: the stick's folder, absolute; the
 * words of the invitation; NULL over a link. english: what it says of an error. YZ_E_BUSY: another
 * one goes on, and nothing was begun. YZ_E_IO: no process. */
int contact_begin(struct contact *c, enum contact_kind kind, const char *with, bool english,
                  struct yz_error *err) YZ_MUST_CHECK;
/* What is sent is sent, and the rest goes out at the next one. */
void contact_stop(struct contact *c);
/* {"running", "kind", "began", "ended", "progress", "said", "past", "rounds", "turn"}: kind and
 * times or null; progress: the last event of --progress json of the one that goes on, or null;
 * said: what the command printed last with --json, an object, or null; past: those that ended, by
 * whichever process, newest first (history.h), errors in the reader's language; rounds:
 * {"on", "progress"} of what goes on by itself; turn: how many ended since the server began. Times
 * are in a zone. NULL: no memory. */
json_t *contact_state(struct contact *c, bool english, int zone);
/* The same without said and past. */
json_t *contact_glance(struct contact *c, int zone);

/* What goes on by itself (rounds.h): an event of it; it has ended. */
void contact_told(void *contact, const json_t *event);
void contact_alone(struct contact *c);

/* Waits until the state is another one than *seen (begin with 0), which is brought up to date, or
 * for wait_ms. false: nothing changed. contact_close: nobody waits any more. */
bool contact_wait(struct contact *c, uint64_t *seen, int wait_ms);
/* Something beside changed that who waits may look at, as that the village has joined. */
void contact_touch(struct contact *c);
bool contact_is_closed(struct contact *c);
void contact_close(struct contact *c);

#endif
