/* The page's HTTP API, below /api/v1: JSON in, JSON out, as node/web/page/openapi.json says.
 *
 * What it changes it changes by the functions that the command line calls. Errors are
 * {"error": {"code", "message", "subject"?}} as with --json, the message in the language that
 * Accept-Language begins with: English for "en", else Chinese.
 *
 * It answers only who names the server as it is known on this PC (DNS rebinding), refuses what
 * another page sends, asks for a session's cookie and, before anything changes, for its guard in
 * X-Yizhan-Guard. */
#ifndef YIZHAN_NODE_WEB_API_H
#define YIZHAN_NODE_WEB_API_H

#include <pthread.h>
#include <stdatomic.h>

#include "contact.h"
#include "rounds.h"
#include "sessions.h"
#include "streams.h"
#include "tries.h"
#include "web.h"

enum { API_MAX_BODY = 256 * 1024 };

/* All outlive the API. */
struct api_options {
  const char *dir, *version;
  const struct yz_world *world;
  const char *address; /* listened on */
  const char *host;    /* and what others call it, "HOST:PORT"; NULL: nothing else */
  /* It is asked over the net, by HTTPS: whoever asks may be anyone, so that only workers whose keys
   * have a passphrase are let in, and their names are told to nobody. */
  bool far;
  bool behind; /* a server in front speaks for all who ask from afar */
};
struct api {
  struct api_options o;
  atomic_uint port; /* 0: not known yet, and nobody is answered */
  struct sessions *sessions;
  struct tries *tries;
  struct contact *contact;
  struct rounds *rounds;     /* NULL: none are made */
  struct streams streams;    /* of events, that are open */
  pthread_mutex_t unlocking; /* one passphrase at a time: each takes 64 MiB and all of a core */
};
int api_init(struct api *a, const struct api_options *o, struct yz_error *err) YZ_MUST_CHECK;
/* Begins a village's own rounds (rounds.h); where they cannot be made the page is served without.
 */
void api_begin_rounds(struct api *a);
/* Rounds and streams of events end: before the server waits for its requests. */
void api_close(struct api *a);
void api_finish(struct api *a);

/* Does a request name this server as it is known here? */
bool api_is_host(const struct api *a, const char *host);

/* The API's routes; a is their ctx. */
enum { API_ROUTES = 3 };
void api_routes(struct api *a, struct web_route out[static API_ROUTES]);

#endif
