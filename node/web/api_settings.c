/* What the township settles and makes known. */
#include "../hub/hub.h"
#include "../hub/told.h"
#include "../ledgers.h"
#include "../notices.h"
#include "api_call.h"

enum { CREATED = 201 };

/* --- settings --------------------------------------------------------------------- */

int api_settings(struct api_call *c, struct yz_error *err) {
  struct node *n = &c->node;
  struct township t = {0};
  int rc = hub_township(n, &t, err);
  if (rc == 0) c->said = told_settings(&t);
  if (c->said != NULL && json_object_set_new(c->said, "holidays", told_days(&t)) != 0) {
    json_decref(c->said);
    c->said = NULL;
  }
  township_finish(&t);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

/* A member that is days, of a pair: [days, extension]. */
static int take_days(const json_t *body, struct hub_settings *s, struct yz_error *err) {
  json_t *accept = json_object_get(body, "accept");
  s->accept = json_integer_value(accept);
  if (accept != NULL && (!json_is_integer(accept) || s->accept < 1 || s->accept > POLICY_MAX_DAYS))
    return api_wrong_kind("accept", err);
  for (int k = 0; k < CASE_CLASSES; k++) {
    const char *name = case_class_name((enum case_class)k);
    json_t *pair = json_object_get(body, name);
    if (pair == NULL) continue;
    s->days[k] = json_integer_value(json_array_get(pair, 0));
    s->extension[k] = json_integer_value(json_array_get(pair, 1));
    if (json_array_size(pair) != 2 || !json_is_integer(json_array_get(pair, 0)) ||
        !json_is_integer(json_array_get(pair, 1)) || s->days[k] < 1 || s->extension[k] < 0 ||
        s->days[k] > POLICY_MAX_DAYS || s->extension[k] > POLICY_MAX_DAYS)
      return api_wrong_kind(name, err);
  }
  return 0;
}

/* Days are looked at by take_days. */
static int check_settings(const json_t *body, struct yz_error *err) {
  static const struct api_field words[] = {
      {"office", API_LINE, false, NULL},   {"no_office", API_LINE, false, NULL},
      {"category", API_LINE, false, NULL}, {"no_category", API_LINE, false, NULL},
      {"zone", API_LINE, false, NULL},     {0}};
  json_t *rest = json_copy((json_t *)body);
  (void)json_object_del(rest, "accept");
  for (int k = 0; k < CASE_CLASSES; k++)
    (void)json_object_del(rest, case_class_name((enum case_class)k));
  int rc = rest == NULL ? yz_no_memory(err) : api_check(rest, words, err);
  json_decref(rest);
  const char *zone = api_text(body, "zone");
  int minutes;
  if (rc == 0 && zone != NULL && !calendar_read_zone(zone, &minutes))
    return api_wrong_kind("zone", err);
  return rc == 0 && json_object_size(body) == 0 ? api_empty("office", err) : rc;
}

int api_settle(struct api_call *c, struct yz_error *err) {
  struct hub_settings s = {
      .zone = api_text(c->body, "zone"),
      .add = {api_text(c->body, "office"), api_text(c->body, "category")},
      .remove = {api_text(c->body, "no_office"), api_text(c->body, "no_category")}};
  bool already = false;
  int rc = check_settings(c->body, err);
  if (rc == 0) rc = take_days(c->body, &s, err);
  if (rc == 0) rc = api_administrator(c, err);
  if (rc == 0) rc = hub_tell_settings(&c->node, &c->who, &s, &already, err);
  return rc == 0 ? api_settings(c, err) : rc;
}

int api_tell_day(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"date", API_LINE, true, NULL}, {"off", API_BOOL, true, NULL}, {0}};
  struct case_day day = {.off = json_is_true(json_object_get(c->body, "off"))};
  bool already = false;
  int rc = api_check(c->body, fields, err);
  if (rc == 0 && !calendar_read(api_text(c->body, "date"), &day.day))
    rc = api_wrong_kind("date", err);
  if (rc == 0) rc = api_administrator(c, err);
  if (rc == 0) rc = hub_tell_day(&c->node, &c->who, &day, &already, err);
  return rc == 0 ? api_settings(c, err) : rc;
}

/* --- notices ---------------------------------------------------------------------- */

int api_post_notice(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"title", API_LINE, true, NULL},
                                            {"text", API_TEXT, true, NULL},
                                            {"village", API_LINE, false, NULL},
                                            {0}};
  struct yz_ledger_row village;
  struct yz_id id;
  char hex[YZ_ID_HEX + 1];
  size_t villages = 0;
  const char *code = api_text(c->body, "village");
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = api_of_hub(c, err);
  if (rc == 0 && code != NULL) rc = hub_find_village(&c->node, code, &village, err);
  if (rc == 0) rc = store_begin(c->node.store, err);
  if (rc != 0) return rc;
  rc = notices_post(&c->node, &c->who, api_text(c->body, "title"), api_text(c->body, "text"),
                    code != NULL ? &village : NULL, &id, &villages, err);
  rc = store_end(c->node.store, rc, err);
  if (rc != 0) return rc;
  yz_to_hex(id.bytes, YZ_ID_LEN, hex);
  c->status = CREATED;
  c->said = json_pack("{s:s,s:I}", "notice", hex, "villages", (json_int_t)villages);
  return c->said == NULL ? yz_no_memory(err) : 0;
}
