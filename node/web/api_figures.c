/* Figures, all together or group by group. */
#include <string.h>

#include "../pending.h"
#include "../reckoning.h"
#include "api_call.h"

enum { MONTHS = 12 };

struct telling {
  const struct api_groups *asked;
  json_t *groups;
};

static int tell(void *arg, const struct reckoning_group *g) {
  struct telling *t = arg;
  const char *month = t->asked->month.name;
  json_t *group = json_pack("{s:s?,s:s?,s:s?}", "key", g->key, "of_village", g->village, "month",
                            month[0] != '\0' ? month : NULL);
  if (group == NULL || !reckoning_put(g->figures, group)) {
    json_decref(group);
    return YZ_E_MEMORY;
  }
  return json_array_append_new(t->groups, group) == 0 ? 0 : YZ_E_MEMORY;
}

/* That month and those before, the newest first. */
static int each_month(struct api_call *c, struct reckoning_month *month, reckoning_fn fn, void *arg,
                      struct yz_error *err) {
  int rc = 0;
  int zone = c->node.zone;
  if (month->name[0] == '\0')
    reckoning_month_of(c->node.world->now_ms(c->node.world->ctx), zone, month);
  for (int i = 0; rc == 0 && i < MONTHS; i++) {
    rc = reckoning_each(&c->node, FIGURES_ALL, month, fn, arg, err);
    reckoning_month_before(month, zone, month);
  }
  return rc;
}

int api_month(const struct api_call *c, struct reckoning_month *out, struct yz_error *err) {
  const char *month;
  int rc = api_argument(c, "month", &month, err);
  *out = reckoning_all;
  return rc == 0 && month != NULL && !reckoning_read_month(month, c->node.zone, out)
             ? api_wrong_kind("month", err)
             : rc;
}

int api_read_groups(const struct api_call *c, struct api_groups *out, struct yz_error *err) {
  const char *by;
  *out = (struct api_groups){.by = FIGURES_ALL};
  int rc = api_month(c, &out->month, err), way = FIGURES_ALL;
  if (rc == 0) rc = api_argument(c, "by", &by, err);
  if (rc != 0 || by == NULL) return rc;
  out->by_month = strcmp(by, "month") == 0;
  if (!out->by_month)
    for (way = FIGURES_BY_CATEGORY; way <= FIGURES_BY_OFFICE; way++)
      if (strcmp(reckoning_name((enum figures_by)way), by) == 0) break;
  if (way > FIGURES_BY_OFFICE) return api_wrong_kind("by", err);
  out->by = (enum figures_by)way;
  return 0;
}

int api_each_group(struct api_call *c, struct api_groups *asked, reckoning_fn fn, void *arg,
                   struct yz_error *err) {
  return asked->by_month ? each_month(c, &asked->month, fn, arg, err)
                         : reckoning_each(&c->node, asked->by, &asked->month, fn, arg, err);
}

int api_figures(struct api_call *c, struct yz_error *err) {
  struct api_groups asked;
  struct telling t = {.asked = &asked};
  int rc = api_read_groups(c, &asked, err);
  if (rc != 0) return rc;
  t.groups = json_array();
  rc = t.groups == NULL ? YZ_E_MEMORY : api_each_group(c, &asked, tell, &t, err);
  if (rc == 0) c->said = json_pack("{s:O}", "groups", t.groups);
  json_decref(t.groups);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

int api_pending(struct api_call *c, struct yz_error *err) {
  return pending_json(&c->node, &c->said, err);
}
