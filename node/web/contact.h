/* A contact with the township that the page asked for: `yizhan sync`, run as a process of its own,
 * so that the page answers meanwhile and the contact can be stopped. One at a time; many threads
 * may call at once. */
#ifndef YIZHAN_NODE_WEB_CONTACT_H
#define YIZHAN_NODE_WEB_CONTACT_H

#include <jansson.h>
#include <stdbool.h>
#include <yizhan/world.h>

struct contact;
/* NULL: no memory. dir and world outlive it; destroy stops one that goes on, and waits for it. */
struct contact *contact_create(const char *dir, const struct yz_world *world);
void contact_destroy(struct contact *c);

/* Begins one, unless one goes on. english: what it says of an error. YZ_E_IO: no process. */
int contact_begin(struct contact *c, bool english, struct yz_error *err) YZ_MUST_CHECK;
/* What is sent is sent, and the rest goes out at the next one. */
void contact_stop(struct contact *c);
/* {"running", "began", "ended", "said"}: times or null; said: what `sync --json` printed last, an
 * object, or null. NULL: no memory. */
json_t *contact_state(struct contact *c);

#endif
