/* Who is logged in at the page: a worker's opened key, kept in guarded memory for as long as that
 * worker is there.
 *
 * A session ends when it is locked, after SESSION_IDLE_MS without being used, after SESSION_LIFE_MS
 * whatever happens, and with the server. Many threads may call at once. */
#ifndef YIZHAN_NODE_WEB_SESSIONS_H
#define YIZHAN_NODE_WEB_SESSIONS_H

#include "../node.h"

enum {
  SESSION_TOKEN = 2 * 32 + 1, /* 256 random bits in hex, and zero */
  SESSION_IDLE_MS = 15 * 60 * 1000,
  SESSION_LIFE_MS = 12 * 60 * 60 * 1000,
  SESSIONS = 32 /* the one unused longest gives way to another */
};

/* token: what the browser shows (its cookie); guard: what its page must say beside to change
 * anything, which no other page can know. */
struct session {
  char token[SESSION_TOKEN], guard[SESSION_TOKEN];
};

struct sessions;
/* NULL: no memory. The world outlives it; destroy wipes every key. */
struct sessions *sessions_create(const struct yz_world *world);
void sessions_destroy(struct sessions *s);

/* Begins one for an opened signer, which is taken over. */
void sessions_begin(struct sessions *s, struct signer *who, struct session *out);
/* The session of this token: its signer as a copy, which the caller finishes. used: it is not idle.
 * YZ_E_KEY: there is none (any more). */
int sessions_find(struct sessions *s, const char *token, bool used, struct signer *who,
                  struct session *out, struct yz_error *err) YZ_MUST_CHECK;
/* One that is not there is ended already. */
void sessions_end(struct sessions *s, const char *token);

#endif
