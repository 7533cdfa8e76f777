/* What only a hub's page asks for. */
#include "../hub/hub.h"
#include "../hub/villages.h"
#include "../said.h"
#include "api_call.h"

int api_of_hub(const struct api_call *c, struct yz_error *err) {
  return c->node.hub
             ? 0
             : yz_fail(err, YZ_E_NOT_FOUND,
                       YZ_N_("Only the township's hub can do this; this is a village."), NULL);
}

struct listing {
  json_t *villages;
  int zone;
};

static int add_village(void *arg, const struct village_standing *v) {
  const struct listing *l = arg;
  return json_array_append_new(l->villages, hub_village_json(v, l->zone)) == 0 ? 0 : YZ_E_MEMORY;
}

int api_villages(struct api_call *c, struct yz_error *err) {
  int rc = api_of_hub(c, err);
  struct listing l = {.villages = rc == 0 ? json_array() : NULL, .zone = c->node.zone};
  if (rc == 0)
    rc = l.villages != NULL ? hub_each_village(&c->node, add_village, &l, err) : YZ_E_MEMORY;
  if (rc == 0) c->said = json_pack("{s:O}", "villages", l.villages);
  json_decref(l.villages);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

/* --- renamed, closed, merged ------------------------------------------------------ */

static int read_change(struct api_call *c, struct hub_village *change, char code[static 9],
                       struct yz_ledger_row *into, struct yz_error *err) {
  static const struct api_field fields[] = {{"name", API_LINE, false, NULL},
                                            {"code", API_LINE, false, NULL},
                                            {"closed", API_BOOL, false, NULL},
                                            {"into", API_LINE, false, NULL},
                                            {0}};
  const char *given = api_text(c->body, "code"), *next = api_text(c->body, "into");
  const json_t *closed = json_object_get(c->body, "closed");
  *change = (struct hub_village){.name = api_text(c->body, "name"),
                                 .closed = json_is_true(closed) || next != NULL};
  int rc = api_check(c->body, fields, err);
  /* What is closed is closed for good. */
  if (rc == 0 && json_is_false(closed)) rc = api_wrong_kind("closed", err);
  if (rc == 0 && change->name == NULL && given == NULL && !change->closed)
    rc = api_empty("name", err);
  if (rc == 0 && change->name != NULL) rc = said_check_name(change->name, err);
  if (rc == 0 && given != NULL && !number_code(given, code)) rc = api_wrong_kind("code", err);
  if (rc == 0 && given != NULL) change->code = code;
  if (rc == 0 && next != NULL) rc = hub_find_village(&c->node, next, into, err);
  if (rc == 0 && next != NULL) change->into = into;
  return rc;
}

int api_change_village(struct api_call *c, struct yz_error *err) {
  struct hub_village change;
  struct yz_ledger_row row, into;
  struct hub_village_done done;
  char code[YZ_MAX_CODE + 1];
  int rc = api_administrator(c, err);
  if (rc == 0) rc = read_change(c, &change, code, &into, err);
  if (rc == 0) rc = hub_find_village(&c->node, c->named, &row, err);
  if (rc == 0) rc = hub_change_village(&c->node, &c->who, &row, &change, &done, err);
  if (rc != 0) return rc;
  c->said = json_pack("{s:s,s:s,s:I,s:b}", "village", row.name, "code", row.code, "carried",
                      (json_int_t)done.carried, "already", (int)done.already);
  return c->said == NULL ? yz_no_memory(err) : 0;
}
