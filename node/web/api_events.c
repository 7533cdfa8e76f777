/* What goes on, told as it happens (text/event-stream): one message for each change of the contact,
 * {"running", "kind", ...} as contact_glance says it, the first at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_call.h"

enum {
  OK = 200,
  BEAT_MS = 5000,
  LIFE_MS = 10 * 60 * 1000, /* then the browser comes again by itself */
  RETRY_S = 30
};

/* One that gave way comes again later, or they would take turns. */
static const char later[] = "retry: 60000\n\n";

struct events {
  struct api *api;
  struct stream place;
  char token[SESSION_TOKEN];
  int zone;
  uint64_t seen;
  int64_t until_ms;
  bool last;
  char *text; /* what is being said; last: and nothing after it */
  size_t at, len;
};

static int64_t now_of(const struct events *e) {
  return e->api->o.world->ticks_ms(e->api->o.world->ctx);
}

/* Who was locked out meanwhile hears no more. */
static bool is_there(const struct events *e) {
  struct signer who = {0};
  struct session session;
  int rc = sessions_find(e->api->sessions, e->token, false, &who, &session, NULL);
  signer_finish(&who);
  yz_wipe(&session, sizeof session);
  return rc == 0;
}

static bool say(struct events *e, char *text) {
  e->text = text;
  e->len = text != NULL ? strlen(text) : 0;
  e->at = 0;
  return text != NULL;
}

/* The next message, or a comment that shows whether anyone is there still. */
static bool make_next(struct events *e) {
  char *text = NULL;
  if (e->last) return false;
  bool news = contact_wait(e->api->contact, &e->seen, BEAT_MS);
  e->last = atomic_load(&e->place.over);
  if (e->last) return say(e, strdup(later));
  if (contact_is_closed(e->api->contact) || now_of(e) >= e->until_ms || !is_there(e)) return false;
  json_t *state = news ? contact_glance(e->api->contact, e->zone) : NULL;
  char *json = state != NULL ? json_dumps(state, JSON_COMPACT) : NULL;
  int n = json != NULL ? asprintf(&text, "data: %s\n\n", json) : asprintf(&text, ":\n\n");
  free(json);
  json_decref(state);
  return say(e, n < 0 ? NULL : text);
}

static int64_t read_events(void *ctx, int64_t at, char *out, size_t n) {
  struct events *e = ctx;
  (void)at;
  if (e->text == NULL && !make_next(e)) return 0;
  size_t some = e->len - e->at < n ? e->len - e->at : n;
  memcpy(out, e->text + e->at, some);
  e->at += some;
  if (e->at == e->len) {
    free(e->text);
    e->text = NULL;
  }
  return (int64_t)some;
}

static void finish(void *ctx) {
  struct events *e = ctx;
  streams_leave(&e->api->streams, &e->place);
  yz_wipe(e->token, sizeof e->token);
  free(e->text);
  free(e);
}

static int too_many(struct api_call *c, struct yz_error *err) {
  c->request->retry_s = RETRY_S;
  return yz_fail(err, YZ_E_BUSY,
                 YZ_N_("Too many pages are open at once. Close those that nobody looks at."), NULL);
}

int api_events(struct api_call *c, struct yz_error *err) {
  struct events *e = calloc(1, sizeof *e);
  bool gave_way;
  if (e == NULL) return yz_no_memory(err);
  if (!streams_enter(&c->api->streams, &e->place, &c->who.author.key, &gave_way)) {
    free(e);
    return too_many(c, err);
  }
  if (gave_way) contact_touch(c->api->contact);
  e->api = c->api;
  e->zone = c->node.zone;
  memcpy(e->token, c->session.token, sizeof e->token);
  e->until_ms = now_of(e) + LIFE_MS;
  c->status = OK;
  c->answer->len = -1;
  c->answer->stream = (struct web_stream){read_events, finish, e, true};
  (void)snprintf(c->answer->type, sizeof c->answer->type, "text/event-stream");
  return 0;
}
