/* What was settled before there was a ledger to tell it to, and what is settled in all. */
#include <stdlib.h>

#include "../cases/settled.h"
#include "township.h"

/* A setting, empty once the first ledger was told:
 * {"days": {date: off}, "settings": members of hub.settings, "offices": names,
 * "categories": names}. */
static const char UNTOLD[] = "untold";

/* *out NULL: there is nothing. */
static int load_untold(struct node *n, json_t **out, struct yz_error *err) {
  struct yz_buf text = {0};
  *out = NULL;
  int rc = store_get_setting(n->store, UNTOLD, &text, err);
  if (rc == 0 && text.len > 0) rc = yz_json_parse((const char *)text.data, text.len, out, err);
  yz_buf_finish(&text);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int untold_add(struct node *n, const char *name, json_t *members, struct yz_error *err) {
  json_t *untold;
  int rc = load_untold(n, &untold, err);
  if (rc != 0) return rc;
  if (untold == NULL) untold = json_pack("{s:{},s:{},s:[]}", "days", "settings", "offices");
  bool array = json_is_array(members);
  if (members != NULL && (array ? json_object_set(untold, name, members)
                                : json_object_update(json_object_get(untold, name), members)) != 0)
    rc = yz_no_memory(err);
  char *text = rc == 0 ? json_dumps(untold, JSON_COMPACT) : NULL;
  if (rc == 0)
    rc = text == NULL ? yz_no_memory(err) : store_put_setting(n->store, UNTOLD, text, err);
  free(text);
  json_decref(untold);
  return rc;
}

int untold_forget(struct node *n, struct yz_error *err) {
  return store_put_setting(n->store, UNTOLD, "", err);
}

/* What was said before there was a ledger is the last word. */
static int add_spoken(json_t *untold, struct township *t, struct yz_error *err) {
  struct case_policies *p = &t->policies;
  int rc = township_put_days(json_object_get(untold, "days"), &t->calendar, err);
  struct case_policy *more = reallocarray(p->list, p->n + 1, sizeof *more);
  if (rc == 0 && more == NULL) rc = yz_no_memory(err);
  if (more != NULL) {
    p->list = more;
    more[p->n] = p->n > 0 ? more[p->n - 1] : case_policy_default;
    settled_apply(json_object_get(untold, "settings"), &more[p->n++]);
  }
  for (int i = 0; rc == 0 && i < SETTLED_LISTS; i++) {
    json_t *names = json_object_get(untold, settled_list_name((enum settled_list)i));
    if (json_array_size(names) == 0) continue;
    json_decref(t->names[i]);
    t->names[i] = json_incref(names);
    t->unread = false;
  }
  return rc;
}

int hub_township(struct node *n, struct township *out, struct yz_error *err) {
  json_t *untold = NULL;
  int rc = store_load_township(n->store, n->hub ? NULL : &n->ledger.id, out, err);
  if (rc != 0) return rc;
  rc = load_untold(n, &untold, err);
  if (rc == 0 && untold != NULL) rc = add_spoken(untold, out, err);
  json_decref(untold);
  if (rc != 0) township_finish(out);
  return rc;
}

int hub_zone(struct node *n, int *out, struct yz_error *err) {
  struct case_policy last = case_policy_default;
  json_t *untold = NULL;
  int rc = store_load_zone(n->store, NULL, &last.zone, err);
  if (rc == 0) rc = load_untold(n, &untold, err);
  if (untold != NULL) settled_apply(json_object_get(untold, "settings"), &last);
  *out = last.zone;
  json_decref(untold);
  return rc;
}
