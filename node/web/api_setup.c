/* A PC where there is no node yet: it joins a township by its invitation, or is a village alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../alone.h"
#include "../history.h"
#include "../ledgers.h"
#include "../said.h"
#include "api_call.h"

enum { CREATED = 201 };

static const struct api_field fields[] = {
    {"invitation", API_TEXT, false, NULL}, {"village", API_LINE, false, NULL},
    {"code", API_LINE, false, NULL},       {"worker", API_LINE, true, NULL},
    {"passphrase", API_LINE, true, NULL},  {0}};

/* Its other name in the record of contacts, as the command has it. */
static void note(const struct api_call *c, int64_t began_ms, const struct yz_invitation *i) {
  history_note(c->api->o.dir, c->api->o.world, "join", began_ms,
               json_pack("{s:s,s:s}", "village", i->village, "township", i->township));
}

static int join_new(struct api_call *c, const struct yz_invitation *i, struct first_worker *worker,
                    struct yz_error *err) {
  const struct yz_world *world = c->api->o.world;
  const char *dir = c->api->o.dir;
  int64_t began_ms = world->now_ms(world->ctx);
  struct yz_lock lock = {-1};
  int rc = world->make_dir(world->ctx, dir, err);
  if (rc == 0) rc = node_lock(dir, &lock, err);
  if (rc == 0) rc = node_create(&c->node, dir, world, false, i->village, i->code, i->letter, err);
  if (rc == 0) rc = node_join(&c->node, i, worker, err);
  if (rc == 0) note(c, began_ms, i);
  yz_lock_release(&lock);
  contact_touch(c->api->contact);
  return rc;
}

static int join(struct api_call *c, struct first_worker *worker, struct yz_error *err) {
  const char *text = api_text(c->body, "invitation");
  struct yz_invitation invitation = {0};
  int rc = yz_invitation_read(text, strlen(text), &invitation, err);
  if (rc == 0) rc = join_new(c, &invitation, worker, err);
  yz_wipe(&invitation, sizeof invitation);
  return rc;
}

static int begin(struct api_call *c, struct first_worker *worker, struct yz_error *err) {
  const char *village = api_text(c->body, "village"), *said = api_text(c->body, "code");
  char code[YZ_MAX_CODE + 1];
  if (village == NULL) return api_empty("village", err);
  if (said == NULL) return api_empty("code", err);
  int rc = said_check_name(village, err);
  if (rc == 0 && !number_code(said, code))
    rc = yz_fail(err, YZ_E_INPUT, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."), "code");
  if (rc != 0) return rc;
  return node_begin_alone(&c->node, c->api->o.dir, c->api->o.world, village, code, worker, false,
                          err);
}

int api_set_up(struct api_call *c, struct yz_error *err) {
  struct first_worker worker = {0};
  json_t *secret = json_object_get(c->body, "passphrase");
  int rc = api_check(c->body, fields, err);
  if (rc == 0 && json_string_length(secret) > PASSPHRASE_MAX)
    rc = api_wrong_kind("passphrase", err);
  if (rc == 0) rc = said_check_name(api_text(c->body, "worker"), err);
  if (rc == 0 && c->node.store != NULL)
    rc = yz_fail(err, YZ_E_EXISTS, YZ_N_("There is a node here already. Load the page again."),
                 NULL);
  if (rc == 0) {
    worker.name = api_text(c->body, "worker");
    worker.passphrase = json_string_value(secret);
    rc = api_text(c->body, "invitation") != NULL ? join(c, &worker, err) : begin(c, &worker, err);
  }
  if (json_is_string(secret))
    yz_wipe((char *)(uintptr_t)json_string_value(secret), json_string_length(secret));
  if (rc == 0) c->said = json_pack("{s:s}", "recovery_code", worker.recovery_code);
  c->status = rc == 0 ? CREATED : 0;
  yz_wipe(&worker, sizeof worker);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}
