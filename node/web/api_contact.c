/* A contact with the township, begun from the page. */
#include "api_call.h"

enum { ACCEPTED = 202 };

int api_see_contact(struct api_call *c, struct yz_error *err) {
  c->said = contact_state(c->api->contact);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

static int nothing_said(const struct api_call *c, struct yz_error *err) {
  static const struct api_field none[] = {{0}};
  return api_check(c->body, none, err);
}

int api_contact(struct api_call *c, struct yz_error *err) {
  int rc = nothing_said(c, err);
  if (rc == 0) rc = contact_begin(c->api->contact, api_wants_english(c->request), err);
  if (rc != 0) return rc;
  c->status = ACCEPTED;
  return api_see_contact(c, err);
}

int api_stop_contact(struct api_call *c, struct yz_error *err) {
  int rc = nothing_said(c, err);
  if (rc != 0) return rc;
  contact_stop(c->api->contact);
  c->status = ACCEPTED;
  return api_see_contact(c, err);
}
