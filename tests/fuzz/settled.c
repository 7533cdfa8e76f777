/* What the township settles (node/cases/settled.h; FORMAT.md §14): hub.settings, hub.holiday and
 * the names among their words. The input is two lines: the members of a record, of which the
 * general ones are given where they are not there, and its content object. */
#include "tests/fuzz/fuzz.h"

#include "node/cases/settled.h"

static void hold_policy(const struct case_policy *p) {
  char text[CALENDAR_ZONE];
  int zone;
  calendar_write_zone(p->zone, text);
  FUZZ_HOLDS(calendar_read_zone(text, &zone) && zone == p->zone);
  FUZZ_HOLDS(p->accept >= 1 && p->accept <= POLICY_MAX_DAYS);
  for (int c = 0; c < CASE_CLASSES; c++) {
    FUZZ_HOLDS(p->days[c] >= 1 && p->days[c] <= POLICY_MAX_DAYS);
    FUZZ_HOLDS(p->extension[c] >= 0 && p->extension[c] <= POLICY_MAX_DAYS);
  }
}

/* What is settled twice is settled; what is not named stays. */
static void try_settings(json_t *plain) {
  struct case_policy policy = case_policy_default, again;
  if (!settled_known(plain)) return;
  settled_apply(plain, &policy);
  hold_policy(&policy);
  again = policy;
  settled_apply(plain, &again);
  FUZZ_HOLDS(memcmp(&again, &policy, sizeof policy) == 0);
  if (json_object_get(plain, "accept") == NULL)
    FUZZ_HOLDS(policy.accept == case_policy_default.accept);
  if (json_object_get(plain, "zone") == NULL) FUZZ_HOLDS(policy.zone == case_policy_default.zone);
  FUZZ_HOLDS(json_object_set_new(plain, "zz", json_true()) == 0);
  FUZZ_HOLDS(!settled_known(plain) && json_object_del(plain, "zz") == 0 && settled_known(plain));
}

/* A day is written as it was read. */
static void try_holiday(const json_t *plain) {
  struct case_day day;
  char text[CALENDAR_DATE];
  if (!settled_holiday(plain, &day)) return;
  FUZZ_HOLDS(calendar_write(day.day, text));
  FUZZ_HOLDS(strcmp(text, json_string_value(json_object_get(plain, "date"))) == 0);
  FUZZ_HOLDS(calendar_day(calendar_begin(day.day, ZONE_DEFAULT), ZONE_DEFAULT) == day.day);
}

static void try_names(json_t *content) {
  if (!settled_names(content)) return;
  for (int list = 0; list < SETTLED_LISTS; list++) {
    const json_t *names = json_object_get(content, settled_list_name((enum settled_list)list));
    FUZZ_HOLDS(names || list != SETTLED_OFFICES);
    FUZZ_HOLDS(json_array_size(names) <= SETTLED_MAX_NAMES);
    for (size_t i = 0; i < json_array_size(names); i++) {
      size_t n = json_string_length(json_array_get(names, i));
      FUZZ_HOLDS(n > 0 && n <= YZ_MAX_NAME);
    }
  }
  FUZZ_HOLDS(json_object_set_new(content, "zz", json_true()) == 0 && !settled_names(content));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *bytes = fuzz_copy(data, size);
  const char *lf = size > 0 ? memchr(bytes, '\n', size) : NULL;
  size_t first = lf ? (size_t)(lf - bytes) : size, second = lf ? first + 1 : size;
  json_t *rest = fuzz_object(bytes, first), *content = fuzz_object(bytes + second, size - second);
  struct yz_members members;

  if (rest && fuzz_record(rest, &members)) {
    try_settings(members.json);
    try_holiday(members.json);
    yz_members_finish(&members);
  }
  if (content) try_names(content);
  json_decref(rest);
  json_decref(content);
  free(bytes);
  return 0;
}
