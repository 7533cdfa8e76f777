/* A household is what its records say, whatever their order; and the shape that they must have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/households/household.h"
#include <yizhan/crypto.h>

enum { MAX = 8 };
struct set {
  struct case_record records[MAX];
  size_t n;
};

/* The id of the k-th record; the first adds the household. */
static struct yz_hash id_of(size_t k) {
  struct yz_hash id;
  memset(id.bytes, (int)(0x10 + k), sizeof id.bytes);
  return id;
}

static json_t *plain_of(const char *type, bool has_content, json_t *more) {
  static const char hash[] = "1010101010101010101010101010101010101010101010101010101010101010";
  json_t *plain = json_pack("{s:i, s:s, s:i, s:s, s:[i,i], s:s, s:i}", "v", 1, "log",
                            "0123456789abcdef0123456789abcdef", "seq", 3, "by", hash, "hlc", 5, 0,
                            "type", type, "at", 7);
  if (has_content) json_object_set_new(plain, "content", json_pack("{s:s}", "village", hash));
  if (strcmp(type, "household.add") != 0)
    json_object_set_new(plain, "household", json_string(hash));
  if (more != NULL) json_object_update(plain, more);
  json_decref(more);
  return plain;
}

/* One more record; more: plain members; both are taken over. */
static struct case_record *add(struct set *s, const char *type, int64_t ms, json_t *more,
                               json_t *content) {
  struct case_record *r = &s->records[s->n];
  assert_true(s->n < MAX);
  *r = (struct case_record){.id = id_of(s->n), .stamp = {ms, 0}, .type = type};
  r->plain = plain_of(type, content != NULL, more);
  r->content = content;
  s->n++;
  return r;
}

static void finish(struct set *s) {
  for (size_t i = 0; i < s->n; i++) {
    json_decref((json_t *)s->records[i].plain);
    json_decref((json_t *)s->records[i].content);
  }
  *s = (struct set){0};
}

static const char *describe(const struct case_record *records, size_t n, char out[static 400]) {
  struct household h;
  household_fold(records, n, &h);
  char *people = h.people != NULL ? json_dumps(h.people, JSON_COMPACT) : NULL;
  (void)snprintf(out, 400, "%d%d %s|%s|%s|%s|%s %s %zu %lld", h.added, h.needs_newer,
                 h.name ? h.name : "-", h.place ? h.place : "-", h.phone ? h.phone : "-",
                 h.note ? h.note : "-", people ? people : "-", h.gone ? "gone" : "there", h.visits,
                 h.last_visit_ms == HOUSEHOLD_NEVER ? -1LL : (long long)h.last_visit_ms);
  free(people);
  return out;
}

/* Two wrote apart with one stamp, one erased its words, one is of a newer kind. */
static void fill(struct set *s) {
  add(s, "household.add", 10, NULL,
      json_pack("{s:s, s:s, s:[s,s]}", "name", "3组12号", "place", "村东", "people", "甲", "乙"));
  add(s, "household.edit", 20, json_pack("{s:b}", "gone", 1),
      json_pack("{s:{s:s, s:n}}", "fields", "phone", "138", "place"));
  add(s, "household.edit", 30, NULL, json_pack("{s:{s:s}}", "fields", "phone", "139"));
  add(s, "household.edit", 30, json_pack("{s:b}", "gone", 0),
      json_pack("{s:{s:s, s:[s]}}", "fields", "phone", "137", "people", "丙"));
  add(s, "household.visit", 15, json_pack("{s:i}", "at", 900), json_pack("{s:s}", "text", "好"));
  add(s, "household.visit", 40, json_pack("{s:i}", "at", 300), NULL);
  add(s, "household.edit", 50, json_pack("{s:i}", "stars", 5),
      json_pack("{s:{s:s}}", "fields", "name", "新"));
}

static const char FILLED[] = "11 3组12号|-|137|-|[\"丙\"] there 2 900";

/* Every order of all records, by Heap's algorithm. */
static void test_any_order(void **state) {
  (void)state;
  struct set s = {0};
  char said[400];
  size_t c[MAX] = {0}, orders = 1;
  fill(&s);
  assert_string_equal(describe(s.records, s.n, said), FILLED);
  struct set turned = s;
  for (size_t i = 1; i < s.n;) {
    if (c[i] >= i) {
      c[i++] = 0;
      continue;
    }
    size_t k = i % 2 == 0 ? 0 : c[i];
    struct case_record t = turned.records[k];
    turned.records[k] = turned.records[i];
    turned.records[i] = t;
    assert_string_equal(describe(turned.records, s.n, said), FILLED);
    orders++;
    c[i]++;
    i = 1;
  }
  assert_int_equal(orders, 5040);
  finish(&s);
}

static void test_without_adding(void **state) {
  (void)state;
  struct set s = {0};
  char said[400];
  fill(&s);
  assert_string_equal(describe(s.records, 0, said), "00 -|-|-|-|- there 0 -1");
  assert_string_equal(describe(s.records + 4, 2, said), "00 -|-|-|-|- there 2 900");
  finish(&s);
}

/* What cannot be read says nothing, and breaks nothing. */
static void test_unreadable(void **state) {
  (void)state;
  struct set s = {0};
  char said[400];
  fill(&s);
  for (size_t i = 0; i < s.n; i++) {
    json_decref((json_t *)s.records[i].content);
    s.records[i].content = NULL;
  }
  assert_string_equal(describe(s.records, s.n, said), "11 -|-|-|-|- there 2 900");
  finish(&s);
}

/* A stamp from the far future wins, until the hub names a ceiling. */
static void test_ceiling(void **state) {
  (void)state;
  struct set s = {0};
  char said[400];
  add(&s, "household.add", 10, NULL, json_pack("{s:s}", "name", "甲家"));
  add(&s, "household.edit", YZ_MAX_INT, NULL, json_pack("{s:{s:s}}", "fields", "name", "错"));
  add(&s, "household.edit", 30, NULL, json_pack("{s:{s:s}}", "fields", "name", "对"));
  assert_string_equal(describe(s.records, s.n, said), "10 错|-|-|-|- there 0 -1");
  s.records[1].ceiling_ms = 20;
  assert_string_equal(describe(s.records, s.n, said), "10 对|-|-|-|- there 0 -1");
  finish(&s);
}

/* --- shape ------------------------------------------------------------------ */

/* Is a record with these members and this content known? Both are taken over. */
static bool known(const char *type, json_t *more, json_t *content) {
  json_t *plain = plain_of(type, content != NULL, more);
  bool yes = household_record_known(type, plain, content);
  json_decref(content);
  json_decref(plain);
  return yes;
}

static json_t *text_of(size_t bytes) {
  char *text = malloc(bytes + 1);
  memset(text, 'x', bytes);
  text[bytes] = '\0';
  json_t *json = json_string(text);
  free(text);
  return json;
}

static json_t *people_of(size_t n) {
  json_t *people = json_array();
  while (json_array_size(people) < n) json_array_append_new(people, json_string("丁"));
  return people;
}

static json_t *named(const char *member, json_t *value) {
  return json_pack("{s:s, s:o}", "name", "n", member, value);
}

static void test_known(void **state) {
  (void)state;
  assert_true(known("household.add", NULL, json_pack("{s:s}", "name", "n")));
  assert_true(known("household.add", NULL, json_pack("{s:o}", "name", text_of(YZ_MAX_NAME))));
  assert_true(known("household.add", NULL, named("people", people_of(HOUSEHOLD_MAX_PEOPLE))));
  assert_true(known("household.add", NULL, named("note", text_of(100000))));
  assert_true(known("household.edit", json_pack("{s:b}", "gone", 0), NULL));
  assert_true(known("household.edit", NULL, json_pack("{s:{s:n}}", "fields", "people")));
  assert_true(known("household.visit", NULL, NULL));
}

static void test_wrong_kinds(void **state) {
  (void)state;
  const struct {
    const char *type;
    json_t *more, *content;
  } wrong[] = {
      {"household.add", NULL, NULL},
      {"household.add", NULL, json_pack("{s:i}", "name", 5)},
      {"household.add", NULL, json_pack("{s:s}", "name", "")},
      {"household.add", NULL, json_pack("{s:n}", "name")},
      {"household.add", NULL, json_pack("{s:s}", "place", "p")},
      {"household.add", NULL, json_pack("{s:o}", "name", text_of(YZ_MAX_NAME + 1))},
      {"household.add", NULL, json_pack("[s]", "name")},
      {"household.add", NULL, named("stars", json_string("5"))},
      {"household.add", NULL, named("place", json_null())},
      {"household.add", NULL, named("phone", json_integer(138))},
      {"household.add", NULL, named("people", json_string("甲"))},
      {"household.add", NULL, named("people", json_pack("[s,i]", "甲", 1))},
      {"household.add", NULL, named("people", json_pack("[[s]]", "甲"))},
      {"household.add", NULL, named("people", people_of(HOUSEHOLD_MAX_PEOPLE + 1))},
      {"household.add", json_pack("{s:s}", "household", "x"), json_pack("{s:s}", "name", "n")},
      {"household.add", json_pack("{s:b}", "gone", 1), json_pack("{s:s}", "name", "n")},
      {"household.add", json_pack("{s:s}", "at", "now"), json_pack("{s:s}", "name", "n")},
      {"household.add", json_pack("{s:[]}", "heads"), json_pack("{s:s}", "name", "n")},
      {"household.edit", json_pack("{s:i}", "gone", 1), NULL},
      {"household.edit", json_pack("{s:n}", "gone"), NULL},
      {"household.edit", json_pack("{s:s}", "household", "1010"), NULL},
      {"household.edit", json_pack("{s:n}", "household"), NULL},
      {"household.edit", NULL, json_pack("{s:s}", "name", "n")},
      {"household.edit", NULL, json_pack("{s:[]}", "fields")},
      {"household.edit", NULL, json_pack("{s:{s:n}}", "fields", "name")},
      {"household.edit", NULL, json_pack("{s:{s:s}}", "fields", "owner", "x")},
      {"household.visit", NULL, json_pack("{s:i}", "text", 5)},
      {"household.visit", json_pack("{s:s}", "with", "x"), NULL},
      {"household.burn", NULL, NULL},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (known(wrong[i].type, wrong[i].more, wrong[i].content)) fail_msg("%zu is known", i);
}

static void test_whose(void **state) {
  (void)state;
  struct yz_hash record = id_of(9), of;
  json_t *plain = plain_of("household.visit", false, NULL);
  struct yz_hash first = id_of(0);
  assert_true(household_of("household.visit", &record, plain, &of));
  assert_memory_equal(&of, &first, sizeof of);
  assert_true(household_of("household.add", &record, plain, &of));
  assert_memory_equal(&of, &record, sizeof of);
  json_object_set_new(plain, "household", json_integer(5));
  assert_false(household_of("household.visit", &record, plain, &of));
  json_object_del(plain, "household");
  assert_false(household_of("household.edit", &record, plain, &of));
  json_decref(plain);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_order),  cmocka_unit_test(test_without_adding),
      cmocka_unit_test(test_unreadable), cmocka_unit_test(test_ceiling),
      cmocka_unit_test(test_known),      cmocka_unit_test(test_wrong_kinds),
      cmocka_unit_test(test_whose),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
