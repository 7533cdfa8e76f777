/* At a hub: who may sign, invitations, and what could not be accepted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ending.h"
#include "../hub/hub.h"
#include "../hub/told.h"
#include "../i18n.h"
#include "../ledgers.h"
#include "../moment.h"
#include "../rules.h"
#include "../said.h"
#include "../worker_states.h"
#include "api_call.h"

enum { CREATED = 201, DAYS = 90, MAX_INVITATION = 64 * 1024, NAME_BYTES = 16 };

int api_administrator(struct api_call *c, struct yz_error *err) {
  unsigned roles;
  int rc = api_of_hub(c, err);
  if (rc == 0) rc = hub_roles(&c->node, &c->who.author.key, &roles, err);
  if (rc != 0 || (roles & YZ_ROLE_ADMINISTRATOR) != 0) return rc;
  return yz_fail(err, YZ_E_REFUSED, YZ_N_("Only an administrator of the township can do this."),
                 NULL);
}

static int say_array(struct api_call *c, int rc, const char *name, json_t *array,
                     struct yz_error *err) {
  if (rc == 0) c->said = json_pack("{s:O}", name, array);
  json_decref(array);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

/* --- quarantine ------------------------------------------------------------------ */

struct refusals {
  struct api_call *c;
  json_t *entries;
};

static int add_refused(void *arg, const struct refused_row *row) {
  struct refusals *r = arg;
  const char *why = rules_say(row->entry.rule);
  json_t *entry = told_refused(&r->c->node, row);
  if (entry == NULL ||
      json_object_set_new(entry, "why",
                          json_string(api_wants_english(r->c->request) ? why : _(why))) != 0) {
    json_decref(entry);
    return YZ_E_MEMORY;
  }
  return json_array_append_new(r->entries, entry) == 0 ? 0 : YZ_E_MEMORY;
}

int api_quarantine(struct api_call *c, struct yz_error *err) {
  struct refusals r = {.c = c, .entries = json_array()};
  int rc =
      r.entries == NULL ? YZ_E_MEMORY : store_each_refused(c->node.store, add_refused, &r, err);
  return say_array(c, rc, "entries", r.entries, err);
}

static int nothing_said(const struct api_call *c, struct yz_error *err) {
  static const struct api_field none[] = {{0}};
  return api_check(c->body, none, err);
}

int api_release(struct api_call *c, struct yz_error *err) {
  bool already = false;
  size_t n = strlen(c->named);
  int rc = nothing_said(c, err);
  if (rc == 0) rc = api_of_hub(c, err);
  if (rc == 0 && (n > 9 || strspn(c->named, "0123456789") != n)) rc = api_wrong_kind("number", err);
  if (rc == 0) rc = hub_release(&c->node, &c->who, strtoll(c->named, NULL, 10), &already, err);
  if (rc != 0) return rc;
  c->said = json_pack("{s:b}", "already", (int)already);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

/* --- roster ---------------------------------------------------------------------- */

/* The hub's own are the same in every ledger: told once. */
static int add_members(struct api_call *c, const struct yz_ledger_row *row, bool with_hub,
                       json_t *members, struct yz_error *err) {
  struct node *n = &c->node;
  struct yz_roster *roster = NULL;
  struct yz_member *list = NULL;
  size_t count = 0;
  int rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &list, &count) != 0) rc = YZ_E_MEMORY;
  for (size_t i = 0; rc == 0 && i < count; i++) {
    bool hub = list[i].hub;
    if (hub && !with_hub) continue;
    json_t *member =
        told_member(n, &row->id, hub ? n->name : row->name, hub ? n->code : row->code, &list[i]);
    if (json_array_append_new(members, member) != 0) rc = YZ_E_MEMORY;
  }
  free(list);
  yz_roster_destroy(roster);
  return rc;
}

int api_roster(struct api_call *c, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = api_of_hub(c, err);
  json_t *members = rc == 0 ? json_array() : NULL;
  if (rc == 0) rc = members == NULL ? YZ_E_MEMORY : node_ledgers(&c->node, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = add_members(c, &rows[i], i == 0, members, err);
  free(rows);
  return say_array(c, rc, "members", members, err);
}

unsigned api_role(const json_t *object) {
  const char *name = api_text(object, "role");
  for (unsigned i = 0; name != NULL && i < YZ_ROLES; i++)
    if (strcmp(name, yz_role_name(i)) == 0) return 1u << i;
  return 0;
}

/* More to say of what was done: new reference to *more, or NULL. */
static int change_village(struct api_call *c, bool revoke, bool *already, json_t **more,
                          struct yz_error *err) {
  struct yz_ledger_row village;
  struct hub_changed done;
  const char *whom = api_text(c->body, "whom"), *code = api_text(c->body, "village");
  bool stolen = json_is_true(json_object_get(c->body, "stolen"));
  if (code == NULL) return api_empty("village", err);
  int rc = hub_find_village(&c->node, code, &village, err);
  if (rc == 0)
    rc = revoke ? hub_revoke(&c->node, &c->who, &village, whom, &done, err)
                : hub_grant(&c->node, &c->who, &village, whom, &done, err);
  *already = rc == 0 && done.already;
  if (rc != 0 || !revoke || !stolen) return rc;
  json_t *readable = NULL;
  rc = told_readable(&c->node, &village.id, &readable, err);
  if (rc == 0 && (*more = json_pack("{s:o}", "readable", readable)) == NULL) rc = yz_no_memory(err);
  return rc;
}

/* One of the hub's own; what is left open is said. */
static int end_own(struct api_call *c, json_t **more, struct yz_error *err) {
  const char *whom = api_text(c->body, "whom");
  struct yz_key key;
  json_t *numbers = NULL;
  int rc = node_end_worker(&c->node, &c->who, whom, &key, err);
  if (rc == 0) rc = worker_left_open(&c->node, &key, whom, &numbers, err);
  if (rc == 0 && (*more = json_pack("{s:o}", "open_cases", numbers)) == NULL)
    rc = yz_no_memory(err);
  return rc;
}

static int give_role(struct api_call *c, bool *already, struct yz_error *err) {
  unsigned role = api_role(c->body), roles;
  struct yz_key key;
  if (role == 0) return api_empty("role", err);
  return hub_grant_role(&c->node, &c->who, api_text(c->body, "whom"), role, &key, &roles, already,
                        err);
}

int api_change_roster(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"do", API_CHOICE, true, "grant|revoke|role"},
      {"whom", API_LINE, true, NULL},
      {"village", API_LINE, false, NULL},
      {"role", API_CHOICE, false, "clerk|head|auditor|administrator"},
      {"stolen", API_BOOL, false, NULL},
      {0}};
  bool already = false;
  json_t *more = NULL;
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = api_administrator(c, err);
  if (rc != 0) return rc;
  const char *what = api_text(c->body, "do");
  bool revoke = strcmp(what, "revoke") == 0;
  if (strcmp(what, "role") == 0)
    rc = give_role(c, &already, err);
  else if (revoke && api_text(c->body, "village") == NULL)
    rc = end_own(c, &more, err);
  else
    rc = change_village(c, revoke, &already, &more, err);
  if (rc != 0) return rc;
  c->said = json_pack("{s:b}", "already", (int)already);
  bool ok = c->said != NULL && (more == NULL || json_object_update(c->said, more) == 0);
  json_decref(more);
  return ok ? 0 : yz_no_memory(err);
}

/* --- invitations ------------------------------------------------------------------ */

/* A name in the hub's folder that nothing has. */
static char *beside_the_store(const struct node *n) {
  unsigned char random[NAME_BYTES];
  char hex[2 * NAME_BYTES + 1], *path = NULL;
  n->world->random(n->world->ctx, random, sizeof random);
  yz_to_hex(random, sizeof random, hex);
  return asprintf(&path, "%s/.invitation-%s", n->dir, hex) < 0 ? NULL : path;
}

static int make(struct api_call *c, const char *file, int64_t until_ms, struct yz_ledger_row *row,
                struct yz_error *err) {
  const char *pc = api_text(c->body, "pc"), *village = api_text(c->body, "village");
  const char *given = api_text(c->body, "code");
  char code[YZ_MAX_CODE + 1], letter[4];
  bool already;
  if (pc != NULL) return hub_invite_pc(&c->node, pc, file, until_ms, row, letter, &already, err);
  if (village == NULL) return api_empty("village", err);
  if (given == NULL || !number_code(given, code)) return api_wrong_kind("code", err);
  int rc = said_check_name(village, err);
  return rc == 0 ? hub_invite(&c->node, village, code, NULL, file, until_ms, row, &already, err)
                 : rc;
}

static int say_invitation(struct api_call *c, const char *file, const struct yz_ledger_row *row,
                          int64_t until_ms, struct yz_error *err) {
  struct yz_buf text = {0};
  int rc = c->node.world->read_file(c->node.world->ctx, file, MAX_INVITATION, &text, err);
  if (rc == 0)
    c->said = json_pack("{s:s,s:s,s:s#,s:o}", "village", row->name, "code", row->code, "invitation",
                        (const char *)text.data, text.len, "until",
                        moment_json(until_ms, c->node.zone, 0));
  yz_buf_finish(&text);
  c->status = rc == 0 ? CREATED : 0;
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

int api_invite(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"village", API_LINE, false, NULL},
                                            {"code", API_LINE, false, NULL},
                                            {"pc", API_LINE, false, NULL},
                                            {0}};
  struct yz_ledger_row row;
  int64_t until_ms = c->node.world->now_ms(c->node.world->ctx) + (int64_t)DAYS * 24 * 3600 * 1000;
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = api_administrator(c, err);
  char *file = rc == 0 ? beside_the_store(&c->node) : NULL;
  if (rc != 0 || file == NULL) return rc != 0 ? rc : yz_no_memory(err);
  rc = make(c, file, until_ms, &row, err);
  if (rc == 0) rc = say_invitation(c, file, &row, until_ms, err);
  (void)unlink(file);
  free(file);
  return rc;
}
