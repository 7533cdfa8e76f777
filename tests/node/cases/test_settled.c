/* The shape of what the township settles, and what it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/settled.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A record of that type with these members of its own; ' stands for ". */
static json_t *record(const char *type, const char *members) {
  char text[1024];
  (void)snprintf(text, sizeof text,
                 "{'v':1,'log':'%032d','seq':3,'by':'%064d','hlc':[5,0],'type':'%s',%s}", 0, 0,
                 type, members);
  for (char *c = text; *c != '\0'; c++)
    if (*c == '\'') *c = '"';
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  if (json == NULL) fail_msg("%s", text);
  return json;
}

static void holidays_of_this_version(void **state) {
  (void)state;
  static const char *const strange[] = {
      "'at':1,'date':'2026-10-01'",
      "'at':1,'off':true",
      "'date':'2026-10-01','off':true",
      "'at':1,'date':'2026-10-32','off':true",
      "'at':1,'date':'2026-10-01','off':1",
      "'at':1,'date':20261001,'off':true",
      "'at':1,'date':'2026-10-01','off':null",
      "'at':1,'date':'2026-10-01','off':true,'name':'x'",
      "'at':1,'date':'2026-10-01','off':true,'content':{}",
      "'at':1,'date':'2026-10-01','off':true,'case':'00'",
      "'at':1.5,'date':'2026-10-01','off':true",
  };
  struct case_day day;
  json_t *json = record("hub.holiday", "'at':1,'date':'2026-10-01','off':true");
  assert_true(settled_holiday(json, &day));
  assert_true(day.off && day.day == calendar_from_date(2026, 10, 1));
  json_decref(json);
  json = record("hub.holiday", "'at':1,'date':'2026-10-10','off':false");
  assert_true(settled_holiday(json, &day) && !day.off);
  json_decref(json);
  for (size_t i = 0; i < COUNT(strange); i++) {
    json = record("hub.holiday", strange[i]);
    if (settled_holiday(json, &day)) fail_msg("%s", strange[i]);
    json_decref(json);
  }
}

static bool known(const char *members) {
  json_t *plain = record("hub.settings", members);
  bool is = settled_known(plain);
  json_decref(plain);
  return is;
}

static bool known_names(const char *content) {
  json_t *words = json_loads(content, 0, NULL);
  assert_non_null(words);
  bool is = settled_names(words);
  json_decref(words);
  return is;
}

static void settings_of_this_version(void **state) {
  (void)state;
  static const char *const strange[] = {"'at':1,'accept':0",
                                        "'at':1,'accept':3651",
                                        "'at':1,'accept':'1'",
                                        "'at':1,'accept':null",
                                        "'at':1,'ordinary':5",
                                        "'at':1,'ordinary':[5]",
                                        "'at':1,'ordinary':[0,5]",
                                        "'at':1,'ordinary':[5,-1]",
                                        "'at':1,'ordinary':[5,3651]",
                                        "'at':1,'ordinary':[5,5,5]",
                                        "'at':1,'ordinary':[5.0,5]",
                                        "'at':1,'urgent':[5,5]",
                                        "'at':1,'zone':480",
                                        "'at':1,'zone':null",
                                        "'at':1,'zone':'+8:00'",
                                        "'at':1,'zone':'+08:00:00'",
                                        "'at':1,'zone':'+08:10'",
                                        "'at':1,'zone':'-00:00'",
                                        "'at':1,'zone':'+14:15'",
                                        "'at':1,'zone':'-12:15'",
                                        "'at':1,'zone':'Asia/Shanghai'",
                                        "'accept':1",
                                        "'at':1,'accept':9007199254740993"};
  assert_true(known("'at':1"));
  assert_true(known("'at':1,'accept':1,'ordinary':[1,0],'complex':[3650,3650],'petition':[60,30]"));
  assert_true(known("'at':1,'content':{}"));
  assert_true(known("'at':1,'zone':'-03:30'"));
  assert_true(known("'at':1,'accept':1,'zone':'+14:00'"));
  for (size_t i = 0; i < COUNT(strange); i++)
    if (known(strange[i])) fail_msg("%s", strange[i]);
  assert_true(known_names("{\"offices\":[]}"));
  assert_true(known_names("{\"offices\":[\"民政办\"]}"));
  assert_false(known_names("{}"));
  assert_false(known_names("{\"offices\":[\"\"]}"));
  assert_false(known_names("{\"offices\":[1]}"));
  assert_false(known_names("{\"offices\":{}}"));
  assert_false(known_names("{\"offices\":[],\"names\":[]}"));
  assert_true(known_names("{\"offices\":[],\"categories\":[\"道路\"]}"));
  assert_false(known_names("{\"categories\":[\"道路\"]}"));
  assert_false(known_names("{\"offices\":[],\"categories\":[\"\"]}"));
  assert_false(known_names("{\"offices\":[],\"categories\":\"道路\"}"));
  assert_false(known_names("[]"));
}

static void as_many_offices_as_are_counted(void **state) {
  (void)state;
  json_t *offices = json_array();
  json_t *content = json_pack("{s:O}", "offices", offices);
  for (int i = 0; i < SETTLED_MAX_NAMES; i++) json_array_append_new(offices, json_string("x"));
  assert_true(settled_names(content));
  json_array_append_new(offices, json_string("x"));
  assert_false(settled_names(content));
  json_decref(content);
  json_decref(offices);
}

static void what_is_not_named_stays(void **state) {
  (void)state;
  struct case_policy p = case_policy_default;
  json_t *plain = record("hub.settings", "'at':1,'accept':2,'petition':[40,0]");
  settled_apply(plain, &p);
  json_decref(plain);
  assert_int_equal(p.accept, 2);
  assert_int_equal(p.days[CLASS_PETITION], 40);
  assert_int_equal(p.extension[CLASS_PETITION], 0);
  assert_int_equal(p.days[CLASS_ORDINARY], 5);
  assert_int_equal(p.extension[CLASS_COMPLEX], 15);
  assert_int_equal(p.zone, ZONE_DEFAULT);
}

static void the_zone_that_is_named(void **state) {
  (void)state;
  struct case_policy p = case_policy_default;
  json_t *plain = record("hub.settings", "'at':1,'zone':'-03:30'");
  settled_apply(plain, &p);
  json_decref(plain);
  assert_int_equal(p.zone, -210);
  assert_int_equal(p.accept, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(holidays_of_this_version),       cmocka_unit_test(settings_of_this_version),
      cmocka_unit_test(as_many_offices_as_are_counted), cmocka_unit_test(what_is_not_named_stays),
      cmocka_unit_test(the_zone_that_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
