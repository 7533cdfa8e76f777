/* Who signs at this node: added, renamed, ended. At a hub by its administrators; at a village by
 * any of its workers, as the township confirms each. */
#include <string.h>

#include "../adding.h"
#include "../ending.h"
#include "../renaming.h"
#include "../said.h"
#include "../worker_states.h"
#include "api_call.h"

enum { CREATED = 201 };

/* Who may change who signs here? */
static int check_may(struct api_call *c, struct yz_error *err) {
  return c->node.hub ? api_administrator(c, err) : 0;
}

int api_workers(struct api_call *c, struct yz_error *err) {
  json_t *workers;
  int rc = worker_states(&c->node, &workers, err);
  if (rc != 0) return rc;
  c->said = json_pack("{s:o}", "workers", workers);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

/* A role is given at a hub, and there alone. */
static int check_role(const struct api_call *c, struct yz_error *err) {
  bool given = json_object_get(c->body, "role") != NULL;
  if (c->node.hub) return given ? 0 : api_empty("role", err);
  return given ? api_wrong_kind("role", err) : 0;
}

/* Each has a passphrase: over the net who has none is nobody, and at a village anyone who sits down
 * at the PC would be whoever has none. */
int api_add_worker(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"name", API_LINE, true, NULL},
      {"role", API_CHOICE, false, "clerk|head|auditor|administrator"},
      {"passphrase", API_LINE, true, NULL},
      {0}};
  struct yz_secret *passphrase = NULL;
  struct yz_key key;
  char code[RECOVERY_CODE] = "";
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = check_role(c, err);
  if (rc == 0) rc = check_may(c, err);
  if (rc == 0) rc = said_check_name(api_text(c->body, "name"), err);
  if (rc == 0) rc = api_passphrase_of(c->body, &passphrase, err);
  if (rc == 0)
    rc = node_add_worker(&c->node, &c->who, api_text(c->body, "name"), api_role(c->body),
                         passphrase, &key, code, err);
  if (rc == 0) c->said = json_pack("{s:s}", "recovery_code", code);
  c->status = rc == 0 ? CREATED : 0;
  yz_wipe(code, sizeof code);
  yz_secret_destroy(passphrase);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

/* Whose session it is knows the worker by the name before: that one logs in again. */
int api_rename_worker(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"worker", API_LINE, true, NULL}, {"name", API_LINE, true, NULL}, {0}};
  struct yz_key key;
  bool already = false;
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = check_may(c, err);
  if (rc == 0) rc = said_check_name(api_text(c->body, "name"), err);
  if (rc == 0)
    rc = node_rename_worker(&c->node, &c->who, api_text(c->body, "worker"),
                            api_text(c->body, "name"), &key, &already, err);
  if (rc != 0) return rc;
  bool own = !already && yz_equal(&key, &c->who.author.key, sizeof key);
  if (own) sessions_end(c->api->sessions, c->session.token);
  c->said = json_pack("{s:b,s:b}", "already", (int)already, "again", (int)own);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

int api_end_worker(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"worker", API_LINE, true, NULL}, {0}};
  const char *whom = api_text(c->body, "worker");
  struct yz_key key;
  json_t *numbers;
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = check_may(c, err);
  if (rc == 0) rc = node_end_worker(&c->node, &c->who, whom, &key, err);
  if (rc == 0) rc = worker_left_open(&c->node, &key, whom, &numbers, err);
  if (rc != 0) return rc;
  c->said = json_pack("{s:o}", "open_cases", numbers);
  return c->said == NULL ? yz_no_memory(err) : 0;
}
