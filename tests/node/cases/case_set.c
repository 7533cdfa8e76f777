#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/node/cases/case_set.h"

uint64_t set_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

struct yz_hash set_id(uint64_t seed, size_t index) {
  uint64_t state = seed * 1000003 + index;
  struct yz_hash id;
  for (size_t i = 0; i < sizeof id.bytes; i += 8) {
    uint64_t word = set_random(&state);
    memcpy(id.bytes + i, &word, 8);
  }
  return id;
}

static json_t *hex(const struct yz_hash *id) {
  char text[YZ_HASH_HEX + 1];
  for (size_t i = 0; i < YZ_HASH_HEX; i++)
    text[i] = "0123456789abcdef"[id->bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
  text[YZ_HASH_HEX] = '\0';
  return json_string(text);
}

static struct case_record *grow(struct case_set *s) {
  if (s->n == s->cap) {
    s->cap = s->cap == 0 ? 16 : s->cap * 2;
    s->records = realloc(s->records, s->cap * sizeof *s->records);
    assert_non_null(s->records);
  }
  struct case_record *r = &s->records[s->n];
  struct yz_hash author = set_id(99, 0), log = set_id(97, s->n);
  *r = (struct case_record){.id = set_id(s->seed, s->n),
                            .stamp = {1000 * ((int64_t)s->n + 1), 0},
                            .seq = (int64_t)s->n + 1};
  memcpy(&r->by, &author, sizeof r->by);
  memcpy(&r->log, &log, sizeof r->log);
  return r;
}

static const char *own_content(const char *type) {
  static const char *const rows[][2] = {
      {"case.note", "{'text':'x'}"},       {"case.assign", "{'to':'x'}"},
      {"case.escalate", "{'reason':'x'}"}, {"case.resolve", "{'text':'x'}"},
      {"case.contact", "{'text':'x'}"},    {"case.pause", "{'reason':'x'}"},
      {"case.refuse", "{'reason':'x'}"},   {"case.return", "{'reason':'x'}"},
      {"case.void", "{'reason':'x'}"},     {"case.edit", "{'fields':{'title':'x'}}"},
      {"case.extend", "{'reason':'x'}"},   {"case.refer", "{'to':'x','reason':'x'}"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i][0], type) == 0) return rows[i][1];
  return "{}";
}

static json_t *general_members(const struct case_set *s, const char *type) {
  const struct case_record *r = &s->records[s->n];
  struct yz_hash any = set_id(99, 0);
  json_t *plain =
      json_pack("{s:i,s:s,s:I,s:o,s:[I,I],s:s,s:{s:o},s:I}", "v", 1, "log",
                "0123456789abcdef0123456789abcdef", "seq", (json_int_t)s->n + 1, "by", hex(&any),
                "hlc", (json_int_t)r->stamp.ms, (json_int_t)r->stamp.count, "type", type, "content",
                "village", hex(&any), "at", (json_int_t)r->stamp.ms);
  assert_non_null(plain);
  return plain;
}

size_t set_open(struct case_set *s) {
  struct case_record *r = grow(s);
  json_t *plain = general_members(s, "case.open");
  json_object_set_new(plain, "number", json_string("QS3-26-0142-K"));
  r->plain = plain;
  r->type = json_string_value(json_object_get(plain, "type"));
  s->n++;
  set_content(s, s->n - 1, "{'title':'Water'}");
  return s->n - 1;
}

static void add_own_members(json_t *plain, const char *name, const char *said) {
  struct yz_hash other = set_id(98, 0);
  bool extends = strcmp(name, "case.extend") == 0;
  const char *member = strcmp(name, "case.settle") == 0 ? "state" : "result";
  if (strcmp(name, "case.merge") == 0) json_object_set_new(plain, "into", hex(&other));
  if (extends)
    json_object_set_new(plain, "days", json_integer(said != NULL ? strtoll(said, NULL, 10) : 1));
  if (!extends && said != NULL) json_object_set_new(plain, member, json_string(said));
}

size_t set_add(struct case_set *s, const char *type, const size_t *heads) {
  struct case_record *r = grow(s);
  char name[64];
  size_t len = strcspn(type, " ");
  assert_true(len < sizeof name);
  memcpy(name, type, len);
  name[len] = '\0';
  json_t *plain = general_members(s, name), *array = json_array();
  struct yz_hash *ids = calloc(SET_HEADS, sizeof *ids), opening = set_id(s->seed, 0);
  assert_non_null(ids);
  for (; *heads != SET_END && r->n_heads < SET_HEADS; heads++) {
    ids[r->n_heads] = set_id(s->seed, *heads);
    json_array_append_new(array, hex(&ids[r->n_heads++]));
  }
  json_object_set_new(plain, "case", hex(&opening));
  json_object_set_new(plain, "heads", array);
  add_own_members(plain, name, type[len] == ' ' ? type + len + 1 : NULL);
  r->heads = ids;
  r->plain = plain;
  r->type = json_string_value(json_object_get(plain, "type"));
  s->n++;
  if (strcmp(name, "case.sign") == 0)
    json_object_del(plain, "content");
  else
    set_content(s, s->n - 1, own_content(name));
  return s->n - 1;
}

size_t set_add_hub(struct case_set *s, const char *type, const size_t *heads) {
  size_t index = set_add(s, type, heads);
  s->records[index].by_hub = true;
  return index;
}

size_t set_add_head(struct case_set *s, const char *type, const size_t *heads) {
  size_t index = set_add_hub(s, type, heads);
  s->records[index].by_head = true;
  return index;
}

static void drop(struct case_record *r) {
  json_decref((json_t *)r->plain);
  json_decref((json_t *)r->content);
  free((void *)r->heads);
}

void set_pop(struct case_set *s) {
  drop(&s->records[--s->n]);
}

void set_content(struct case_set *s, size_t index, const char *json) {
  char *text = strdup(json);
  assert_non_null(text);
  for (char *p = text; *p != '\0'; p++)
    if (*p == '\'') *p = '"';
  json_decref((json_t *)s->records[index].content);
  s->records[index].content = json_loads(text, 0, NULL);
  assert_non_null(s->records[index].content);
  free(text);
}

void set_fold(const struct case_set *s, struct case_view *v) {
  assert_int_equal(case_fold(s->records, s->n, NULL, v), 0);
}

void set_finish(struct case_set *s) {
  for (size_t i = 0; i < s->n; i++) drop(&s->records[i]);
  free(s->records);
  *s = (struct case_set){0};
}

int set_setup(void **state) {
  struct set_fixture *f = calloc(1, sizeof *f);
  set_open(&f->s);
  *state = f;
  return 0;
}

int set_teardown(void **state) {
  struct set_fixture *f = *state;
  case_view_finish(&f->v);
  set_finish(&f->s);
  free(f);
  return 0;
}

const struct case_view *set_view(struct set_fixture *f) {
  case_view_finish(&f->v);
  set_fold(&f->s, &f->v);
  return &f->v;
}
