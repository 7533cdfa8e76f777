/* Taking away what people said: at a hub everywhere, by its administrator, who may refuse it where
 * it is asked for; at a village that works alone there; at one that has joined it is asked for. */
#include "../erase.h"
#include "../hub/hub.h"
#include "../hub/told.h"
#include "api_call.h"

enum { CREATED = 201 };

/* The other nodes do so at their next contact, which is begun: what it comes to is said there. */
static int erase_at_hub(struct api_call *c, const struct yz_hash *of, const char *reason,
                        bool *already, struct yz_error *err) {
  size_t ledgers = 0;
  int rc = api_administrator(c, err);
  if (rc == 0) rc = hub_erase(&c->node, &c->who, of, reason, &ledgers, err);
  *already = ledgers == 0;
  return rc;
}

static int erase_at_village(struct api_call *c, const struct yz_hash *of, const char *reason,
                            bool *already, struct yz_error *err) {
  int rc = signer_check(&c->who, &c->node, err);
  if (rc != 0) return rc;
  return c->node.ledger.joined ? node_erase_ask(&c->node, &c->who, of, reason, already, err)
                               : node_erase_alone(&c->node, &c->who, of, reason, already, err);
}

int api_erase(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"of", API_LINE, true, NULL},
                                            {"reason", API_LINE, true, NULL},
                                            {"refuse", API_BOOL, false, NULL},
                                            {0}};
  struct yz_hash of;
  const char *reason = api_text(c->body, "reason");
  bool already = false, asked = !c->node.hub && c->node.ledger.joined;
  bool refuse = json_is_true(json_object_get(c->body, "refuse"));
  int rc = api_check(c->body, fields, err);
  if (rc == 0 && (c->node.hub || refuse)) rc = api_administrator(c, err);
  if (rc == 0) rc = erase_find(&c->node, api_text(c->body, "of"), &of, err);
  if (rc == 0)
    rc = refuse        ? hub_keep(&c->node, &c->who, &of, reason, err)
         : c->node.hub ? erase_at_hub(c, &of, reason, &already, err)
                       : erase_at_village(c, &of, reason, &already, err);
  if (rc == 0 && !asked && !refuse) rc = node_scrub(&c->node, err);
  if (rc != 0) return rc;
  /* It is so whether the others are reached now or later. */
  if (c->node.hub)
    (void)!contact_begin(c->api->contact, CONTACT_LINK, NULL, api_wants_english(c->request), NULL);
  c->status = CREATED;
  c->said = json_pack("{s:b,s:b,s:b}", "asked", (int)asked, "already", (int)already, "refused",
                      (int)refuse);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

/* --- who has not yet, and what is asked for ------------------------------------------ */

struct listing {
  struct node *n;
  json_t *nodes, *asked;
  struct yz_error *err;
};

static int add_node(void *arg, const struct erasing_node *node) {
  struct listing *l = arg;
  return json_array_append_new(l->nodes, told_erasing(node)) == 0 ? 0 : yz_no_memory(l->err);
}

static int add_asked(void *arg, const struct erasure *e) {
  struct listing *l = arg;
  json_t *asked;
  int rc = told_asked(l->n, e, &asked, l->err);
  if (rc != 0) return rc;
  return json_array_append_new(l->asked, asked) == 0 ? 0 : yz_no_memory(l->err);
}

int api_erasures(struct api_call *c, struct yz_error *err) {
  struct listing l = {&c->node, json_array(), json_array(), err};
  int rc = api_of_hub(c, err);
  if (rc == 0 && (l.nodes == NULL || l.asked == NULL)) rc = yz_no_memory(err);
  if (rc == 0) rc = hub_each_erasing(&c->node, add_node, &l, err);
  if (rc == 0) rc = store_each_asked(c->node.store, NULL, add_asked, &l, err);
  if (rc == 0) c->said = json_pack("{s:O,s:O}", "nodes", l.nodes, "asked", l.asked);
  json_decref(l.nodes);
  json_decref(l.asked);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}
