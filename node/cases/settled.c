#include "node/cases/settled.h"
#include "node/shape.h"

static bool is_days(const json_t *value, json_int_t min) {
  json_int_t days = json_integer_value(value);
  return json_is_integer(value) && days >= min && days <= POLICY_MAX_DAYS;
}

static bool is_accept(const json_t *value) {
  return is_days(value, 1);
}

/* [days, extension] */
static bool is_class(const json_t *value) {
  return json_is_array(value) && json_array_size(value) == 2 &&
         is_days(json_array_get(value, 0), 1) && is_days(json_array_get(value, 1), 0);
}

static bool are_names(const json_t *value) {
  size_t n = json_array_size(value), i = 0;
  if (!json_is_array(value) || n > SETTLED_MAX_NAMES) return false;
  while (i < n && shape_is_name(json_array_get(value, i))) i++;
  return i == n;
}

static bool is_zone(const json_t *value) {
  int zone;
  return json_is_string(value) && calendar_read_zone(json_string_value(value), &zone);
}

static bool is_date(const json_t *value) {
  int64_t day;
  return json_is_string(value) && calendar_read(json_string_value(value), &day);
}

bool settled_holiday(const json_t *plain, struct case_day *out) {
  static const struct shape_member own[] = {
      {"date", is_date, true}, {"off", shape_is_bool, true}, {0}};
  if (!shape_plain(plain, NULL, own) || json_object_get(plain, "content") != NULL) return false;
  *out = (struct case_day){.off = json_is_true(json_object_get(plain, "off"))};
  return calendar_read(json_string_value(json_object_get(plain, "date")), &out->day);
}

bool settled_known(const json_t *plain) {
  static const struct shape_member own[] = {
      {"accept", is_accept, false}, {"zone", is_zone, false},      {"ordinary", is_class, false},
      {"complex", is_class, false}, {"petition", is_class, false}, {0}};
  return shape_plain(plain, NULL, own);
}

const char *settled_list_name(enum settled_list list) {
  static const char *const names[] = {"offices", "categories"};
  return names[list];
}

bool settled_names(const json_t *content) {
  static const struct shape_member words[] = {
      {"offices", are_names, true}, {"categories", are_names, false}, {0}};
  return shape_exact(content, words);
}

void settled_apply(const json_t *plain, struct case_policy *policy) {
  const json_t *accept = json_object_get(plain, "accept"), *zone = json_object_get(plain, "zone");
  if (zone != NULL) (void)calendar_read_zone(json_string_value(zone), &policy->zone);
  if (accept != NULL) policy->accept = json_integer_value(accept);
  for (int c = 0; c < CASE_CLASSES; c++) {
    const json_t *pair = json_object_get(plain, case_class_name((enum case_class)c));
    if (pair == NULL) continue;
    policy->days[c] = json_integer_value(json_array_get(pair, 0));
    policy->extension[c] = json_integer_value(json_array_get(pair, 1));
  }
}
