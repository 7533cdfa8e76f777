#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../attach.h"
#include "../i18n.h"
#include "../identity.h"
#include "../registry.h"
#include "../reserve.h"
#include "api_call.h"

enum {
  CREATED = 201,
  BAD = 400,
  LOCKED_OUT = 401,
  FORBIDDEN = 403,
  NOT_THERE = 404,
  NOT_SO = 405,
  REFUSED = 409,
  TOO_LARGE = 413,
  MISDIRECTED = 421,
  FAULT = 500,
  BUSY = 503,
  DISK_FULL = 507
};

enum { READER_BYTES = 8 };

struct endpoint {
  const char *method, *path;
  bool everyone; /* without a session */
  bool idle;     /* asked for by the page alone: the session is not used by it */
  bool file;     /* its body is a file, as it is */
  bool early;    /* also where there is no node yet: its store is NULL then */
  int (*run)(struct api_call *c, struct yz_error *err);
};
static const struct endpoint endpoints[] = {
    {"GET", "node", true, false, false, true, api_node},
    {"POST", "setup", true, false, false, true, api_set_up},
    {"GET", "session", false, true, false, false, api_see_session},
    {"POST", "session", true, false, false, false, api_log_in},
    {"DELETE", "session", false, false, false, false, api_lock},
    {"POST", "session/passphrase", false, false, false, false, api_passphrase},
    {"GET", "contact", false, true, false, false, api_see_contact},
    {"POST", "contact", false, false, false, false, api_contact},
    {"POST", "contact/stop", false, false, false, false, api_stop_contact},
    {"GET", "events", false, true, false, false, api_events},
    {"GET", "status", false, true, false, false, api_status},
    {"GET", "cases", false, false, false, false, api_list},
    {"POST", "cases", false, false, false, false, api_open},
    {"GET", "cases/{case}", false, false, false, false, api_show},
    {"POST", "cases/{case}/moves", false, false, false, false, api_move},
    {"POST", "cases/{case}/attachments", false, false, true, false, api_attach},
    {"GET", "cases/{case}/attachments/{number}", false, false, false, false, api_attachment},
    {"GET", "today", false, false, false, false, api_today},
    {"GET", "notices", false, false, false, false, api_notices},
    {"GET", "households", false, false, false, false, api_households},
    {"POST", "households", false, false, false, false, api_add_household},
    {"GET", "households/{household}", false, false, false, false, api_household},
    {"POST", "households/{household}", false, false, false, false, api_edit_household},
    {"POST", "households/{household}/visits", false, false, false, false, api_visit},
    {"GET", "figures", false, false, false, false, api_figures},
    {"GET", "tables/cases", false, false, false, false, api_table_of_cases},
    {"GET", "tables/figures", false, false, false, false, api_table_of_figures},
    {"GET", "likely", false, false, false, false, api_likely},
    {"GET", "pending", false, false, false, false, api_pending},
    {"GET", "sticks", false, false, false, false, api_sticks},
    {"POST", "parcels", false, false, false, false, api_parcels},
    {"POST", "join", false, false, false, false, api_join},
    {"GET", "villages", false, false, false, false, api_villages},
    {"GET", "quarantine", false, false, false, false, api_quarantine},
    {"POST", "quarantine/{number}/release", false, false, false, false, api_release},
    {"GET", "roster", false, false, false, false, api_roster},
    {"POST", "roster", false, false, false, false, api_change_roster},
    {"GET", "workers", false, false, false, false, api_workers},
    {"POST", "workers", false, false, false, false, api_add_worker},
    {"POST", "workers/rename", false, false, false, false, api_rename_worker},
    {"POST", "workers/end", false, false, false, false, api_end_worker},
    {"POST", "villages/{village}", false, false, false, false, api_change_village},
    {"POST", "invitations", false, false, false, false, api_invite},
    {"GET", "erasures", false, false, false, false, api_erasures},
    {"POST", "erasures", false, false, false, false, api_erase},
    {"GET", "settings", false, false, false, false, api_settings},
    {"POST", "settings", false, false, false, false, api_settle},
    {"POST", "holidays", false, false, false, false, api_tell_day},
    {"POST", "notices", false, false, false, false, api_post_notice},
    {"GET", "audit", false, false, false, false, api_audit},
    {0},
};

int api_init(struct api *a, const struct api_options *o, struct yz_error *err) {
  *a = (struct api){.o = *o};
  a->sessions = sessions_create(o->world);
  a->tries = tries_create(o->world, !o->far || o->behind);
  a->contact = contact_create(o->dir, o->world);
  if (a->sessions == NULL || a->tries == NULL || a->contact == NULL) {
    sessions_destroy(a->sessions);
    tries_destroy(a->tries);
    contact_destroy(a->contact);
    *a = (struct api){0};
    return yz_no_memory(err);
  }
  (void)pthread_mutex_init(&a->unlocking, NULL);
  streams_init(&a->streams);
  return 0;
}

void api_begin_rounds(struct api *a) {
  a->rounds = rounds_begin(a->o.dir, a->o.world, a->contact);
}

void api_close(struct api *a) {
  contact_close(a->contact);
  rounds_end(a->rounds);
  a->rounds = NULL;
}

void api_finish(struct api *a) {
  if (a->sessions == NULL) return;
  contact_destroy(a->contact);
  sessions_destroy(a->sessions);
  tries_destroy(a->tries);
  streams_finish(&a->streams);
  (void)pthread_mutex_destroy(&a->unlocking);
}

/* --- who asks ----------------------------------------------------------------- */

static bool is_named(const char *host, const char *name, unsigned port) {
  char text[128];
  (void)snprintf(text, sizeof text, strchr(name, ':') != NULL ? "[%s]:%u" : "%s:%u", name, port);
  return strcmp(host, text) == 0;
}

/* Browsers leave out the usual port. */
static bool is_called(const char *host, const char *called) {
  size_t n = strlen(host);
  return strcmp(host, called) == 0 ||
         (strncmp(host, called, n) == 0 && strcmp(called + n, ":443") == 0);
}

bool api_is_host(const struct api *a, const char *host) {
  unsigned port = atomic_load(&a->port);
  return host != NULL && port != 0 &&
         (is_named(host, "127.0.0.1", port) || is_named(host, "localhost", port) ||
          is_named(host, "::1", port) || is_named(host, a->o.address, port) ||
          (a->o.host != NULL && is_called(host, a->o.host)));
}

/* Browsers say where a request comes from; other programs say nothing, and know no guard. */
static bool is_of_this_page(const struct api *a, const struct web_request *r) {
  const char *scheme = a->o.far ? "https://" : "http://";
  size_t n = strlen(scheme);
  const char *host = web_header(r, "Host"), *origin = web_header(r, "Origin");
  const char *site = web_header(r, "Sec-Fetch-Site");
  if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) return false;
  return origin == NULL ||
         (strncmp(origin, scheme, n) == 0 && host != NULL && strcmp(origin + n, host) == 0);
}

static int check_asker(struct api_call *c, struct yz_error *err) {
  if (!api_is_host(c->api, web_header(c->request, "Host"))) {
    c->status = MISDIRECTED;
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This is not the address of the page. Open it as `yizhan serve` says."),
                   NULL);
  }
  if (is_of_this_page(c->api, c->request)) return 0;
  c->status = FORBIDDEN;
  return yz_fail(err, YZ_E_REFUSED, YZ_N_("Another page sent this: nothing was done."), NULL);
}

/* Browsers keep cookies for a host, whatever the port: two nodes at one PC have two names. */
void api_token(const struct api_call *c, char out[static SESSION_TOKEN]) {
  char name[32];
  const char *at = web_header(c->request, "Cookie");
  int n = snprintf(name, sizeof name, "yizhan-%u=", atomic_load(&c->api->port));
  out[0] = '\0';
  while (at != NULL) {
    at += strspn(at, "; ");
    if (strncmp(at, name, (size_t)n) == 0 && strcspn(at + n, ";") == SESSION_TOKEN - 1) {
      memcpy(out, at + n, SESSION_TOKEN - 1);
      out[SESSION_TOKEN - 1] = '\0';
      return;
    }
    at = strchr(at, ';');
  }
}

/* For the log of who read what: the worker's key, as the roster shows it, and what stands in the
 * path, whole; a blank in a case's number is as good as a dash. What stands where the id of a
 * household should may be somebody's name, and is left out. */
static void note_reader(struct api_call *c, bool idle) {
  struct web_request *r = c->request;
  char key[2 * READER_BYTES + 1];
  yz_to_hex(c->who.author.key.bytes, READER_BYTES, key);
  (void)snprintf(r->client, sizeof r->client, "page %s", key);
  if (idle) return;
  r->kind = strcmp(r->route->method, "GET") == 0 ? "read" : "write";
  bool is_name = strncmp(r->tail, "households/", 11) == 0 && !registry_is_id(c->named);
  (void)snprintf(r->what, sizeof r->what, "%s", is_name ? "households/-" : r->tail);
  for (char *at = r->what; (at = strpbrk(at, " \n\t")) != NULL;) *at = '-';
}

static int check_session(struct api_call *c, const struct endpoint *e, struct yz_error *err) {
  char token[SESSION_TOKEN];
  const char *guard = web_header(c->request, "X-Yizhan-Guard");
  if (e->everyone) return 0;
  api_token(c, token);
  int rc = sessions_find(c->api->sessions, token, !e->idle, &c->who, &c->session, err);
  if (rc != 0) c->status = rc == YZ_E_KEY ? LOCKED_OUT : 0;
  if (rc == 0) note_reader(c, e->idle);
  if (rc != 0 || strcmp(e->method, "GET") == 0) return rc;
  if (guard != NULL && strlen(guard) == SESSION_TOKEN - 1 &&
      yz_equal(guard, c->session.guard, SESSION_TOKEN - 1))
    return 0;
  c->status = FORBIDDEN;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This did not come from the page as it is open now. Load it again."), NULL);
}

static int is_session_of(void *arg, const struct worker_row *w) {
  return yz_equal(&w->key, arg, sizeof w->key) ? 1 : 0;
}

/* Whose right has ended, by whatever way, is out at once. */
static int check_still_signs(struct api_call *c, const struct endpoint *e, struct yz_error *err) {
  struct yz_key key = c->who.author.key;
  if (e->everyone) return 0;
  int rc = store_each_worker(c->node.store, is_session_of, &key, err);
  if (rc != 0) return rc > 0 ? 0 : rc;
  sessions_end(c->api->sessions, c->session.token);
  c->status = LOCKED_OUT;
  return yz_fail(err, YZ_E_KEY, YZ_N_("You sign here no more: your right to has ended."), NULL);
}

/* --- what is asked ------------------------------------------------------------ */

/* Does a path fit one with a {name} in it, or two? Fills what stands there. */
static bool fits(struct api_call *c, const char *path, const char *pattern) {
  char *named[] = {c->named, c->second, NULL}, **out = named;
  c->named[0] = c->second[0] = '\0';
  while (*pattern != '\0') {
    if (*pattern != '{') {
      if (*path++ != *pattern++) return false;
      continue;
    }
    size_t n = strcspn(path, "/");
    if (n == 0 || n >= sizeof c->named || *out == NULL || !yz_text_ok(path, n)) return false;
    memcpy(*out, path, n);
    (*out++)[n] = '\0';
    path += n;
    pattern = strchr(pattern, '}') + 1;
  }
  return *path == '\0';
}

static const struct endpoint *find_endpoint(struct api_call *c, struct yz_error *err) {
  c->status = NOT_THERE;
  for (const struct endpoint *e = endpoints; e->method != NULL; e++) {
    if (!fits(c, c->request->tail, e->path)) continue;
    if (strcmp(c->request->route->method, e->method) == 0) {
      c->status = 0;
      return e;
    }
    c->status = NOT_SO;
  }
  (void)yz_fail(err, YZ_E_NOT_FOUND, YZ_N_("The page asked for something that is not here."), "%s",
                c->request->path);
  return NULL;
}

/* Where the disk is full what was written down is made again in the room that was kept for it;
 * where there is no node yet nothing was kept. */
static int run(struct api_call *c, const struct endpoint *e, struct yz_error *err) {
  const struct yz_world *world = c->api->o.world;
  struct yz_error first = {0};
  struct reserve r;
  int rc = e->run(c, &first);
  bool writes = strcmp(e->method, "POST") == 0;
  if (rc == YZ_E_FULL && writes && !e->early) {
    reserve_look(world, c->api->o.dir, &r);
    reserve_give(world, c->api->o.dir, c->api->o.dir, r.disk_free + 4 * RESERVE_WRITE);
    return e->run(c, err);
  }
  if (rc == 0 && writes) reserve_keep(world, c->api->o.dir);
  if (rc != 0) (void)yz_fail(err, (enum yz_code)rc, first.message, "%s", first.subject);
  return rc;
}

/* A village whose making was cut short is set up as one that is not there. */
static int open_node(struct api_call *c, const struct endpoint *e, struct yz_error *err) {
  struct yz_error why = {0};
  bool begun = true;
  int rc = node_open(&c->node, c->api->o.dir, c->api->o.world, &why);
  if (rc == 0 && e->early && !c->node.hub) rc = node_is_begun(&c->node, &begun, &why);
  if (rc != 0 || !begun) node_finish(&c->node);
  if (rc == 0 || (rc == YZ_E_NOT_FOUND && e->early && !c->api->o.far)) return 0;
  return yz_fail(err, why.code, why.message, "%s", why.subject);
}

static int obey(struct api_call *c, struct yz_error *err) {
  int rc = check_asker(c, err);
  if (rc != 0) return rc;
  const struct endpoint *e = find_endpoint(c, err);
  if (e == NULL) return YZ_E_NOT_FOUND;
  rc = check_session(c, e, err);
  if (rc == 0 && strcmp(e->method, "POST") == 0 && !e->file) rc = api_read_body(c, err);
  if (rc == 0) rc = open_node(c, e, err);
  if (rc != 0) return rc;
  rc = check_still_signs(c, e, err);
  if (rc == 0 && c->who.seed != NULL) rc = identity_read_as(&c->node, &c->who, err);
  if (rc == 0) rc = run(c, e, err);
  node_finish(&c->node);
  return rc;
}

/* --- answering ---------------------------------------------------------------- */

static unsigned status_of(int rc) {
  switch (rc) {
  case 0:
    return 200;
  case YZ_E_INPUT:
  case YZ_E_FORMAT:
    return BAD;
  case YZ_E_KEY:
    return LOCKED_OUT;
  case YZ_E_NOT_FOUND:
    return NOT_THERE;
  case YZ_E_REFUSED:
  case YZ_E_EXISTS:
    return REFUSED;
  case YZ_E_LIMIT:
    return TOO_LARGE;
  case YZ_E_BUSY:
    return BUSY;
  case YZ_E_FULL:
    return DISK_FULL;
  default:
    return FAULT;
  }
}

bool api_wants_english(const struct web_request *r) {
  const char *language = web_header(r, "Accept-Language");
  return language != NULL && strncmp(language, "en", 2) == 0;
}

/* The catalogue is the Chinese one; English is what stands in the sources. */
static json_t *error_json(const struct web_request *r, int rc, const struct yz_error *err) {
  bool english = api_wants_english(r);
  const char *message = err->message != NULL ? err->message : N_("It could not be done.");
  /* It may be what was asked for, which may be no text at all. */
  bool says_what = err->subject[0] != '\0' && yz_text_ok(err->subject, strlen(err->subject));
  return json_pack("{s:{s:s,s:s,s:s*}}", "error", "code", yz_code_name((enum yz_code)rc), "message",
                   english ? message : _(message), "subject", says_what ? err->subject : NULL);
}

static void say(struct web_answer *a, const json_t *json) {
  char *text = json_dumps(json, JSON_COMPACT);
  if (text == NULL) return;
  a->bytes = text;
  a->len = (int64_t)strlen(text);
  (void)snprintf(a->type, sizeof a->type, "application/json");
}

/* Files are large: nobody's are taken but of who may send them here, and where the disk has room.
 */
static bool may_send(struct api_call *c, const struct endpoint *e) {
  const struct yz_world *world = c->api->o.world;
  const char *length = web_header(c->request, "Content-Length");
  int64_t room = world->disk_free(world->ctx, c->api->o.dir);
  if (check_asker(c, NULL) != 0 || check_session(c, e, NULL) != 0) return false;
  return room < 0 || length == NULL || strtoll(length, NULL, 10) < room - STORE_PIECES_SPARE;
}

static unsigned admit(struct web_request *r) {
  struct api_call c = {.api = r->ctx, .request = r};
  r->kind = "page";
  const struct endpoint *e = find_endpoint(&c, NULL);
  if (e == NULL || !e->file) return 0;
  bool may = may_send(&c, e);
  signer_finish(&c.who);
  yz_wipe(&c.session, sizeof c.session);
  r->max_body = ATTACH_MAX;
  r->on_disk = true;
  return may ? 0 : WEB_NOW;
}

static void answer(struct web_request *r, struct web_answer *a) {
  struct api_call c = {.api = r->ctx, .request = r, .answer = a};
  struct yz_error err = {0};
  a->private = true;
  int rc = obey(&c, &err);
  if (rc != 0) {
    json_decref(c.said);
    c.said = error_json(r, rc, &err);
  }
  a->status = c.status != 0 ? c.status : status_of(rc);
  if (c.said != NULL) say(a, c.said);
  if (a->bytes == NULL && a->stream.read == NULL && a->file < 0) a->status = FAULT;
  json_decref(c.said);
  json_decref(c.body);
  signer_finish(&c.who);
  yz_wipe(&c.session, sizeof c.session);
}

void api_routes(struct api *a, struct web_route out[static API_ROUTES]) {
  static const char *const methods[API_ROUTES] = {"GET", "POST", "DELETE"};
  for (size_t i = 0; i < API_ROUTES; i++)
    out[i] = (struct web_route){.method = methods[i],
                                .prefix = "/api/v1/",
                                .max_body = strcmp(methods[i], "POST") == 0 ? API_MAX_BODY : 0,
                                .admit = admit,
                                .answer = answer,
                                .ctx = a};
}
