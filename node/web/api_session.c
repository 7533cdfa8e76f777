/* Who is at the page, and how things stand there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../ledgers.h"
#include "../practice.h"
#include "../relock.h"
#include "../status.h"
#include "api_call.h"

enum { CREATED = 201, REFUSED = 409, WAIT = 429 };

int api_node(struct api_call *c, struct yz_error *err) {
  struct node *n = &c->node;
  struct kept_worker *kept = NULL;
  size_t count = 0;
  json_t *workers = json_array();
  bool practice = false, there = n->store != NULL;
  int rc = there && !c->api->o.far ? node_kept_workers(n, &kept, &count, err) : 0;
  if (rc == 0 && there) rc = practice_is(n, &practice, err);
  bool ok = workers != NULL;
  for (size_t i = 0; rc == 0 && ok && i < count; i++)
    ok = json_array_append_new(workers, json_pack("{s:s,s:b}", "name", kept[i].name, "locked",
                                                  (int)kept[i].locked)) == 0;
  free(kept);
  if (rc == 0)
    c->said = json_pack("{s:s,s:s,s:s,s:s,s:b,s:b,s:O}", "name", n->name, "code", n->code, "role",
                        !there   ? "none"
                        : n->hub ? "hub"
                                 : "village",
                        "version", c->api->o.version, "far", (int)c->api->o.far, "practice",
                        (int)practice, "workers", workers);
  json_decref(workers);
  return rc == 0 && (!ok || c->said == NULL) ? yz_no_memory(err) : rc;
}

/* Is the key of this worker locked? Who is none is found out by signer_unlock. */
static int is_locked(struct node *n, const char *name, bool *out, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0;
  *out = false;
  int rc = node_kept_workers(n, &kept, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    *out |= kept[i].locked && strcmp(kept[i].name, name) == 0;
  free(kept);
  return rc;
}

/* What the worker may do at a hub; at a village all may do the same. */
static int roles_of(struct api_call *c, json_t **out, struct yz_error *err) {
  unsigned roles = 0;
  int rc = c->node.hub ? hub_roles(&c->node, &c->who.author.key, &roles, err) : 0;
  *out = rc == 0 ? hub_roles_json(roles) : NULL;
  return rc == 0 && *out == NULL ? yz_no_memory(err) : rc;
}

/* What the worker's browser seals under what was chosen and not sent yet: got of the worker's key,
 * so that it is the same after the next log in, and known to nobody before. */
static void draft_key(const struct signer *who, char out[static YZ_HASH_HEX + 1]) {
  static const char FOR[] = "yizhan drafts of the page v1";
  struct yz_hash key;
  yz_hmac(who->seed->bytes, who->seed->len, FOR, sizeof FOR - 1, &key);
  yz_to_hex(key.bytes, YZ_HASH_LEN, out);
  yz_wipe(&key, sizeof key);
}

static int say_session(struct api_call *c, struct yz_error *err) {
  json_t *roles = NULL;
  bool locked = false;
  char drafts[YZ_HASH_HEX + 1];
  int rc = roles_of(c, &roles, err);
  if (rc == 0) rc = is_locked(&c->node, c->who.name, &locked, err);
  draft_key(&c->who, drafts);
  if (rc == 0)
    c->said = json_pack("{s:s,s:s,s:i,s:O,s:b,s:s}", "worker", c->who.name, "guard",
                        c->session.guard, "idle_ms", SESSION_IDLE_MS, "roles", roles, "locked",
                        (int)locked, "drafts", drafts);
  yz_wipe(drafts, sizeof drafts);
  json_decref(roles);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

int api_see_session(struct api_call *c, struct yz_error *err) {
  return say_session(c, err);
}

/* --- logging in ----------------------------------------------------------- */

int api_passphrase_of(json_t *body, struct yz_secret **out, struct yz_error *err) {
  json_t *member = json_object_get(body, "passphrase");
  size_t len = json_string_length(member);
  *out = NULL;
  if (len == 0) return 0;
  if (len > PASSPHRASE_MAX) return api_wrong_kind("passphrase", err);
  *out = yz_secret_create(len + 1);
  if (*out != NULL) memcpy((*out)->bytes, json_string_value(member), len + 1);
  yz_wipe((char *)(uintptr_t)json_string_value(member), len);
  return *out == NULL ? yz_no_memory(err) : 0;
}

static int not_yet(struct api_call *c, int64_t wait_ms, struct yz_error *err) {
  c->status = WAIT;
  c->request->retry_s = (unsigned)(wait_ms / 1000 + 1);
  return yz_fail(err, YZ_E_BUSY,
                 YZ_N_("The passphrase was wrong several times. Wait as many seconds as are named "
                       "here, then try again."),
                 "%u", c->request->retry_s);
}

/* For as long as it takes with somebody: the time would tell, too. */
static void try_nobody(const struct yz_secret *passphrase) {
  static const unsigned char sealed[YZ_LOCKED_OVERHEAD + YZ_SEED_LEN];
  struct yz_secret *seed = NULL;
  (void)!yz_passphrase_open((const char *)passphrase->bytes, passphrase->len - 1, sealed,
                            sizeof sealed, &seed, NULL);
  yz_secret_destroy(seed);
}

/* Over the net nobody is told whether it was the name: who has no passphrase is nobody there. */
static int unlock_from_afar(struct api_call *c, const char *name,
                            const struct yz_secret *passphrase, bool locked, struct yz_error *err) {
  if (!locked) try_nobody(passphrase);
  if (locked && signer_unlock(&c->who, &c->node, name, passphrase, NULL) == 0) return 0;
  return yz_fail(err, YZ_E_KEY,
                 YZ_N_("There is no worker of this name with this passphrase. Who has none yet "
                       "sets one at the hub's own PC."),
                 NULL);
}

static int unlock(struct api_call *c, const char *name, const struct yz_secret *passphrase,
                  struct yz_error *err) {
  bool locked, far = c->api->o.far;
  int rc = is_locked(&c->node, name, &locked, err);
  int64_t wait = locked || far ? tries_wait(c->api->tries, &c->request->from, name) : 0;
  if (rc != 0) return rc;
  if ((locked || far) && passphrase == NULL) return api_empty("passphrase", err);
  if (wait > 0) return not_yet(c, wait, err);
  rc = far ? unlock_from_afar(c, name, passphrase, locked, err)
           : signer_unlock(&c->who, &c->node, name, passphrase, err);
  if ((locked || far) && (rc == 0 || rc == YZ_E_KEY))
    tries_made(c->api->tries, &c->request->from, name, rc == 0);
  return rc;
}

static void set_cookie(struct api_call *c, const char *value, const char *more) {
  (void)snprintf(c->answer->cookie, sizeof c->answer->cookie,
                 "yizhan-%u=%s; Path=/; HttpOnly; SameSite=Strict%s%s", atomic_load(&c->api->port),
                 value, c->api->o.far ? "; Secure" : "", more);
}

int api_log_in(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"worker", API_LINE, true, NULL}, {"passphrase", API_TEXT, false, NULL}, {0}};
  struct yz_secret *passphrase = NULL;
  char old[SESSION_TOKEN];
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = api_passphrase_of(c->body, &passphrase, err);
  if (rc == 0) {
    (void)pthread_mutex_lock(&c->api->unlocking);
    rc = unlock(c, api_text(c->body, "worker"), passphrase, err);
    (void)pthread_mutex_unlock(&c->api->unlocking);
  }
  yz_secret_destroy(passphrase);
  if (rc != 0) return rc;
  struct signer mine = c->who;
  api_token(c, old);
  sessions_end(c->api->sessions, old);
  sessions_begin(c->api->sessions, &mine, &c->session);
  c->status = CREATED;
  set_cookie(c, c->session.token, "");
  rc = say_session(c, err);
  c->who = (struct signer){0};
  return rc;
}

/* --- a passphrase, the first or another ----------------------------------- */

/* Who is logged in may have gone out: where there is a passphrase it is asked for again. */
static int prove(struct api_call *c, struct yz_error *err) {
  struct yz_secret *passphrase = NULL;
  struct signer same = {0};
  struct signer mine = c->who;
  int rc = api_passphrase_of(c->body, &passphrase, err);
  if (rc != 0) return rc;
  c->who = same;
  (void)pthread_mutex_lock(&c->api->unlocking);
  rc = unlock(c, mine.name, passphrase, err);
  (void)pthread_mutex_unlock(&c->api->unlocking);
  signer_finish(&c->who);
  c->who = mine;
  yz_secret_destroy(passphrase);
  return rc;
}

static int relock(struct api_call *c, struct yz_error *err) {
  json_t *member = json_object_get(c->body, "new");
  char code[RECOVERY_CODE] = "";
  int rc = json_string_length(member) <= PASSPHRASE_MAX
               ? node_relock(&c->node, &c->who, json_string_value(member), code, err)
               : api_wrong_kind("new", err);
  yz_wipe((char *)(uintptr_t)json_string_value(member), json_string_length(member));
  if (rc == 0) c->said = json_pack("{s:s}", "recovery_code", code);
  yz_wipe(code, sizeof code);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

int api_passphrase(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"passphrase", API_TEXT, false, NULL}, {"new", API_LINE, true, NULL}, {0}};
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = prove(c, err);
  if (rc == YZ_E_KEY) c->status = REFUSED;
  return rc == 0 ? relock(c, err) : rc;
}

int api_lock(struct api_call *c, struct yz_error *err) {
  sessions_end(c->api->sessions, c->session.token);
  set_cookie(c, "", "; Max-Age=0");
  c->said = json_object();
  return c->said == NULL ? yz_no_memory(err) : 0;
}

int api_status(struct api_call *c, struct yz_error *err) {
  struct status s;
  int rc = node_status(&c->node, &s, err);
  if (rc != 0) return rc;
  c->said = node_status_json(&c->node, &s);
  return c->said == NULL ? yz_no_memory(err) : 0;
}
