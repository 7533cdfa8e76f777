/* The shape of case records: what FORMAT.md gives is known, a member or value
 * more, less or other needs a newer version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/node/cases/case_set.h"

static const char *const types[] = {
    "case.note",      "case.assign", "case.escalate", "case.resolve",       "case.followup partly",
    "case.close",     "case.reopen", "case.edit",     "case.accept",        "case.refuse",
    "case.sign",      "case.return", "case.void",     "case.contact",       "case.visit",
    "case.supervise", "case.pause",  "case.resume",   "case.settle closed", "case.merge",
    "case.refer",     "case.extend",
};
enum { TYPES = sizeof types / sizeof *types };

/* One record of each type; the opening first. */
static int setup(void **state) {
  struct case_set *s = calloc(1, sizeof *s);
  set_open(s);
  for (size_t i = 0; i < TYPES; i++) set_add(s, types[i], HEADS(i));
  *state = s;
  return 0;
}

static int teardown(void **state) {
  set_finish(*state);
  free(*state);
  return 0;
}

static bool known(const struct case_record *r) {
  return case_record_known(r->type, r->plain, r->content);
}

static json_t *plain_of(struct case_record *r) {
  return (json_t *)r->plain;
}

static json_t *content_of(struct case_record *r) {
  return (json_t *)r->content;
}

static void each_type_is_known(void **state) {
  struct case_set *s = *state;
  for (size_t i = 0; i < s->n; i++) {
    assert_true(known(&s->records[i]));
    assert_true(case_record_known(s->records[i].type, s->records[i].plain, NULL));
  }
}

static void every_member_is_needed(void **state) {
  struct case_set *s = *state;
  static const char *const wordless[] = {
      "case.followup",  "case.close",  "case.reopen", "case.accept", "case.visit",
      "case.supervise", "case.resume", "case.settle", "case.edit",   "case.merge"};
  enum { WORDLESS = sizeof wordless / sizeof *wordless };
  for (size_t i = 0; i < s->n; i++) {
    json_t *whole = json_copy(plain_of(&s->records[i]));
    const char *name, *type = s->records[i].type;
    json_t *value;
    json_object_foreach(whole, name, value) {
      json_t *less = json_copy(whole);
      bool optional = false;
      for (size_t k = 0; k < WORDLESS; k++)
        optional = optional || (strcmp(name, "content") == 0 && strcmp(type, wordless[k]) == 0);
      optional = optional || strcmp(name, "state") == 0;
      json_object_del(less, name);
      if (case_record_known(type, less, NULL) != optional) fail_msg("%s without %s", type, name);
      json_decref(less);
    }
    json_decref(whole);
  }
}

static void every_member_has_its_kind(void **state) {
  struct case_set *s = *state;
  for (size_t i = 0; i < s->n; i++) {
    json_t *whole = json_copy(plain_of(&s->records[i]));
    const char *name, *type = s->records[i].type;
    json_t *value;
    json_object_foreach(whole, name, value) {
      json_t *other = json_copy(whole);
      json_object_set_new(other, name, json_null());
      if (case_record_known(type, other, NULL)) fail_msg("%s with %s null", type, name);
      json_decref(other);
    }
    json_decref(whole);
  }
}

static void a_member_more_is_not_known(void **state) {
  struct case_set *s = *state;
  for (size_t i = 0; i < s->n; i++) {
    struct case_record *r = &s->records[i];
    if (r->content != NULL) {
      json_object_set_new(content_of(r), "mood", json_string("x"));
      assert_false(known(r));
      json_object_del(content_of(r), "mood");
      assert_true(known(r));
    }
    json_object_set_new(plain_of(r), "mood", json_string("x"));
    assert_false(known(r));
  }
}

static void values_of_general_members(void **state) {
  struct case_set *s = *state;
  static const struct {
    const char *member, *json;
    bool known;
  } rows[] = {
      {"v", "2", false},
      {"seq", "0", false},
      {"type", "\"case.assign\"", false},
      {"at", "-1", true},
      {"at", "1.5", false},
      {"hlc", "[1,0]", true},
      {"hlc", "[-1,0]", false},
      {"hlc", "[1,1048576]", false},
      {"hlc", "[1]", false},
      {"log", "\"0123456789ABCDEF0123456789abcdef\"", false},
      {"log", "\"0123\"", false},
      {"heads", "[]", true},
      {"heads", "[\"00\"]", false},
      {"heads", "{}", false},
      {"content", "{\"village\":\"00\"}", false},
      {"content", "[]", false},
  };
  struct case_record *note = &s->records[1];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    json_t *plain = json_copy(plain_of(note));
    json_object_set_new(plain, rows[i].member, json_loads(rows[i].json, JSON_DECODE_ANY, NULL));
    if (case_record_known("case.note", plain, NULL) != rows[i].known)
      fail_msg("%s %s", rows[i].member, rows[i].json);
    json_decref(plain);
  }
}

static void at_most_64_heads(void **state) {
  struct case_set *s = *state;
  json_t *plain = plain_of(&s->records[1]);
  json_t *heads = json_object_get(plain, "heads");
  while (json_array_size(heads) < 64) json_array_append(heads, json_array_get(heads, 0));
  assert_true(known(&s->records[1]));
  json_array_append(heads, json_array_get(heads, 0));
  assert_false(known(&s->records[1]));
}

static void an_opening_has_no_heads(void **state) {
  struct case_set *s = *state;
  json_t *plain = plain_of(&s->records[0]);
  json_object_set_new(plain, "heads", json_array());
  assert_false(known(&s->records[0]));
}

static void values_of_contents(void **state) {
  struct case_set *s = *state;
  static const struct {
    size_t record;
    const char *content;
    bool known;
  } rows[] = {
      {0,
       "{'title':'a','text':'b','category':'c','channel':'d','urgency':'e','place':'f',"
       "'resident':'g','phone':'h','household':'i','anonymous':true,'source':'j'}",
       true},
      {0, "{'title':'a','anonymous':false}", false},
      {0, "{'title':'a','phone':139}", false},
      {0, "{'text':'a'}", false},
      {1, "{'text':null}", false},
      {1, "{}", false},
      {1, "[]", false},
      {2, "{'to':'a'}", true},
      {5, "{'text':'a'}", true},
      {6, "{'reason':'a'}", true},
      {7, "{'reason':'a'}", true},
      {8, "{'fields':{'title':'a','phone':null}}", true},
      {8, "{'fields':{'household':'a'}}", true},
      {8, "{'fields':{'assigned':'a'}}", false},
      {8, "{'fields':{'state':'closed'}}", false},
      {8, "{'fields':{'title':1}}", false},
      {8, "{'fields':{'class':'complex'}}", false},
      {8, "{'fields':[]}", false},
      {9, "{'text':'a'}", true},
      {9, "{'reason':'a'}", false},
      {10, "{'reason':'a','turn_to':'b'}", true},
      {10, "{'turn_to':'b'}", false},
      {12, "{}", false},
      {13, "{'text':'a'}", false},
      {14, "{}", false},
      {15, "{'text':'a'}", true},
      {16, "{'text':'a'}", true},
      {17, "{'reason':'a'}", true},
      {17, "{}", false},
      {18, "{'text':'a'}", true},
      {19, "{'fields':{'title':'a','phone':null,'assigned':'b'}}", true},
      {19, "{'fields':{'state':'closed'}}", false},
      {19, "{'fields':{'title':1}}", false},
      {19, "{'fields':{'class':'complex'}}", false},
      {20, "{'text':'a'}", true},
      {21, "{'to':'a','reason':'b'}", true},
      {21, "{'to':'a'}", false},
      {22, "{'reason':'a'}", true},
      {22, "{}", false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    set_content(s, rows[i].record, rows[i].content);
    if (known(&s->records[rows[i].record]) != rows[i].known) fail_msg("%s", rows[i].content);
  }
}

static void signing_has_no_words(void **state) {
  struct case_set *s = *state;
  struct case_record *sign = &s->records[11];
  assert_string_equal(sign->type, "case.sign");
  assert_true(known(sign));
  json_object_set_new(plain_of(sign), "content", json_object());
  assert_false(known(sign));
}

static void values_of_own_members(void **state) {
  struct case_set *s = *state;
  static const struct {
    const char *result;
    bool known;
  } rows[] = {{"satisfied", true},   {"partly", true}, {"dissatisfied", true},
              {"unreachable", true}, {"happy", false}, {"", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    json_object_set_new(plain_of(&s->records[5]), "result", json_string(rows[i].result));
    assert_int_equal(known(&s->records[5]), rows[i].known);
  }
  static const char *const solved[] = {"yes", "partly", "no", "perhaps"};
  json_object_set_new(plain_of(&s->records[5]), "result", json_string("partly"));
  for (size_t i = 0; i < sizeof solved / sizeof *solved; i++) {
    json_object_set_new(plain_of(&s->records[5]), "solved", json_string(solved[i]));
    assert_int_equal(known(&s->records[5]), i < 3);
  }
  json_object_set_new(plain_of(&s->records[6]), "no_follow_up", json_true());
  assert_true(known(&s->records[6]));
  json_object_set_new(plain_of(&s->records[6]), "no_follow_up", json_false());
  assert_false(known(&s->records[6]));
  json_object_set_new(plain_of(&s->records[19]), "state", json_string("open"));
  assert_false(known(&s->records[19]));
  json_object_set_new(plain_of(&s->records[0]), "history", json_true());
  assert_true(known(&s->records[0]));
  json_object_set_new(plain_of(&s->records[0]), "history", json_false());
  assert_false(known(&s->records[0]));
}

static void values_of_members_of_time_and_place(void **state) {
  struct case_set *s = *state;
  static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  static const char id[] = "0123456789abcdef0123456789abcdef";
  const struct {
    size_t record;
    const char *member;
    json_t *value;
    bool known;
  } rows[] = {
      {0, "class", json_string("petition"), true},
      {0, "class", json_string("hasty"), false},
      {0, "about", json_string(key), true},
      {0, "about", json_string(id), false},
      {2, "worker", json_string(key), true},
      {2, "worker", json_string("x"), false},
      {2, "office", json_true(), true},
      {2, "office", json_false(), false},
      {2, "ledger", json_string(id), true},
      {2, "ledger", json_string(key), false},
      {8, "class", json_string("complex"), true},
      {8, "class", json_integer(1), false},
      {19, "class", json_string("complex"), true},
      {19, "class", json_null(), false},
      {20, "into", json_string(key), true},
      {20, "into", json_string(id), false},
      {21, "ledger", json_string(id), true},
      {21, "ledger", json_true(), false},
      {22, "days", json_integer(3650), true},
      {22, "days", json_integer(3651), false},
      {22, "days", json_integer(0), false},
      {22, "days", json_integer(-1), false},
      {22, "days", json_string("5"), false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    json_t *plain = json_copy(plain_of(&s->records[rows[i].record]));
    json_object_set_new(plain, rows[i].member, rows[i].value);
    if (case_record_known(s->records[rows[i].record].type, plain, NULL) != rows[i].known)
      fail_msg("row %zu: %s", i, rows[i].member);
    json_decref(plain);
  }
}

static void an_unknown_type_is_not_known(void **state) {
  struct case_set *s = *state;
  struct case_record *r = &s->records[1];
  json_object_set_new(plain_of(r), "type", json_string("case.dream"));
  assert_false(case_record_known("case.dream", r->plain, r->content));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(each_type_is_known, setup, teardown),
      cmocka_unit_test_setup_teardown(every_member_is_needed, setup, teardown),
      cmocka_unit_test_setup_teardown(every_member_has_its_kind, setup, teardown),
      cmocka_unit_test_setup_teardown(a_member_more_is_not_known, setup, teardown),
      cmocka_unit_test_setup_teardown(values_of_general_members, setup, teardown),
      cmocka_unit_test_setup_teardown(at_most_64_heads, setup, teardown),
      cmocka_unit_test_setup_teardown(an_opening_has_no_heads, setup, teardown),
      cmocka_unit_test_setup_teardown(values_of_contents, setup, teardown),
      cmocka_unit_test_setup_teardown(signing_has_no_words, setup, teardown),
      cmocka_unit_test_setup_teardown(values_of_own_members, setup, teardown),
      cmocka_unit_test_setup_teardown(values_of_members_of_time_and_place, setup, teardown),
      cmocka_unit_test_setup_teardown(an_unknown_type_is_not_known, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
