/* What only a hub's page asks for. */
#include "../hub/villages.h"
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
