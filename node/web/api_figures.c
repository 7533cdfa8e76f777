/* Figures, all together or group by group. */
#include <string.h>

#include "../pending.h"
#include "../reckoning.h"
#include "api_call.h"

enum { MONTHS = 12 };

struct telling {
  enum figures_by by;
  const struct reckoning_month *month;
  json_t *groups;
};

static int tell(void *arg, const struct reckoning_group *g) {
  struct telling *t = arg;
  const char *name = t->month->name[0] != '\0' ? t->month->name : NULL;
  json_t *group =
      json_pack("{s:s?,s:s?,s:s?}", "key", g->key, "of_village", g->village, "month", name);
  if (group == NULL || !reckoning_put(g->figures, group)) {
    json_decref(group);
    return YZ_E_MEMORY;
  }
  return json_array_append_new(t->groups, group) == 0 ? 0 : YZ_E_MEMORY;
}

/* That month and those before, the newest first. */
static int tell_months(struct api_call *c, struct reckoning_month *month, struct telling *t,
                       struct yz_error *err) {
  int rc = 0;
  int zone = c->node.zone;
  if (month->name[0] == '\0')
    reckoning_month_of(c->node.world->now_ms(c->node.world->ctx), zone, month);
  for (int i = 0; rc == 0 && i < MONTHS; i++) {
    rc = reckoning_each(&c->node, FIGURES_ALL, month, tell, t, err);
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

int api_figures(struct api_call *c, struct yz_error *err) {
  static const char months[] = "month";
  struct reckoning_month month;
  struct telling t = {.month = &month};
  const char *by;
  int rc = api_month(c, &month, err), way = FIGURES_ALL;
  if (rc == 0) rc = api_argument(c, "by", &by, err);
  if (rc != 0) return rc;
  bool by_month = by != NULL && strcmp(by, months) == 0;
  if (by != NULL && !by_month)
    for (way = FIGURES_BY_CATEGORY; way <= FIGURES_BY_OFFICE; way++)
      if (strcmp(reckoning_name((enum figures_by)way), by) == 0) break;
  if (way > FIGURES_BY_OFFICE) return api_wrong_kind("by", err);
  t.by = (enum figures_by)way;
  t.groups = json_array();
  rc = t.groups == NULL ? YZ_E_MEMORY
       : by_month       ? tell_months(c, &month, &t, err)
                        : reckoning_each(&c->node, t.by, &month, tell, &t, err);
  if (rc == 0) c->said = json_pack("{s:O}", "groups", t.groups);
  json_decref(t.groups);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

int api_pending(struct api_call *c, struct yz_error *err) {
  return pending_json(&c->node, &c->said, err);
}
