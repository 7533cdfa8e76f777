/* What moves records that the page asked for, over a link or by a stick: `yizhan sync`, `yizhan
 * parcel` and `yizhan join`, run as processes of their own, so that the page answers meanwhile and
 * they can be stopped. One at a time; many threads may call at once. */
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
/* Begins one, unless one goes on. with: the stick's folder, absolute; the words of the invitation;
 * NULL over a link. english: what it
 * says of an error. YZ_E_IO: no process. */
int contact_begin(struct contact *c, enum contact_kind kind, const char *with, bool english,
                  struct yz_error *err) YZ_MUST_CHECK;
/* What is sent is sent, and the rest goes out at the next one. */
void contact_stop(struct contact *c);
/* {"running", "kind", "began", "ended", "said", "past"}: kind and times or null; said: what the
 * command printed last with --json, an object, or null; past: those before, newest first, each
 * {"kind", "began", "ended", "said"}; times are in a zone. NULL: no memory. */
json_t *contact_state(struct contact *c, int zone);

#endif
