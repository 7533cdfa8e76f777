/* What only a hub's page asks for. */
#include "../hub/villages.h"
#include "api_call.h"

int api_of_hub(const struct api_call *c, struct yz_error *err) {
  return c->node.hub
             ? 0
             : yz_fail(err, YZ_E_NOT_FOUND,
                       YZ_N_("Only the township's hub can do this; this is a village."), NULL);
}

static int add_village(void *arg, const struct village_standing *v) {
  return json_array_append_new(arg, hub_village_json(v)) == 0 ? 0 : YZ_E_MEMORY;
}

int api_villages(struct api_call *c, struct yz_error *err) {
  int rc = api_of_hub(c, err);
  json_t *villages = rc == 0 ? json_array() : NULL;
  if (rc == 0)
    rc = villages != NULL ? hub_each_village(&c->node, add_village, villages, err) : YZ_E_MEMORY;
  if (rc == 0) c->said = json_pack("{s:O}", "villages", villages);
  json_decref(villages);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}
