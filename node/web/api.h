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
#include "sessions.h"
#include "web.h"

enum { API_MAX_BODY = 256 * 1024 };

struct api {
  const char *dir, *version;
  const struct yz_world *world;
  const char *address; /* listened on */
  atomic_uint port;    /* 0: not known yet, and nobody is answered */
  struct sessions *sessions;
  struct contact *contact;
  pthread_mutex_t unlocking; /* one passphrase at a time: each takes 64 MiB and all of a core */
};
/* The strings and the world outlive it. */
int api_init(struct api *a, const char *dir, const char *version, const struct yz_world *world,
             const char *address, struct yz_error *err) YZ_MUST_CHECK;
void api_finish(struct api *a);

/* Does a request name this server as it is known here? */
bool api_is_host(const struct api *a, const char *host);

/* The API's routes; their server's ctx begins with a struct api. */
#define API_ROUTES                                                                                 \
  {"GET", API_PREFIX, 0, api_admit, api_answer},                                                   \
      {"POST", API_PREFIX, API_MAX_BODY, api_admit, api_answer}, {                                 \
    "DELETE", API_PREFIX, 0, api_admit, api_answer                                                 \
  }
#define API_PREFIX "/api/v1/"
unsigned api_admit(struct web_request *r);
void api_answer(struct web_request *r, struct web_answer *a);

#endif
