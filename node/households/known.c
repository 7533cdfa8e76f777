/* The shape of a household's records (FORMAT.md §14). */
#include <string.h>
#include <yizhan/crypto.h>

#include "node/households/household.h"
#include "node/sealed.h"
#include "node/shape.h"

static bool is_people(const json_t *value) {
  size_t n = json_array_size(value), i = 0;
  if (sealed_is_value(value)) return true;
  if (!json_is_array(value) || n > HOUSEHOLD_MAX_PEOPLE) return false;
  while (i < n && shape_is_name(json_array_get(value, i))) i++;
  return i == n;
}

static bool is_text_or_null(const json_t *value) {
  return json_is_string(value) || json_is_null(value);
}

static bool is_people_or_null(const json_t *value) {
  return is_people(value) || json_is_null(value);
}

/* A name is never cleared. */
static bool is_fields(const json_t *value) {
  static const struct shape_member fields[] = {
      {"name", shape_is_name, false},       {"place", is_text_or_null, false},
      {"phone", is_text_or_null, false},    {"note", is_text_or_null, false},
      {"people", is_people_or_null, false}, {0}};
  return shape_exact(value, fields);
}

static const struct shape_member add_content[] = {
    {"name", shape_is_name, true},   {"place", shape_is_text, false},
    {"phone", shape_is_text, false}, {"note", shape_is_text, false},
    {"people", is_people, false},    {0}};
static const struct shape_member edit_plain[] = {
    {"household", shape_is_hash, true}, {"gone", shape_is_bool, false}, {0}};
static const struct shape_member edit_content[] = {{"fields", is_fields, true}, {0}};
static const struct shape_member visit_plain[] = {{"household", shape_is_hash, true}, {0}};
static const struct shape_member visit_content[] = {{"text", shape_is_text, false}, {0}};

static const struct kind {
  const char *type;
  const struct shape_member *plain, *content;
  bool needs_content;
} kinds[] = {
    {"household.add", NULL, add_content, true},
    {"household.edit", edit_plain, edit_content, false},
    {"household.visit", visit_plain, visit_content, false},
};

static const struct kind *kind_of(const char *type) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(type, kinds[i].type) == 0) return &kinds[i];
  return NULL;
}

bool household_record_known(const char *type, const json_t *plain, const json_t *content) {
  const struct kind *kind = kind_of(type);
  if (kind == NULL || !shape_plain(plain, NULL, kind->plain)) return false;
  if (kind->needs_content && json_object_get(plain, "content") == NULL) return false;
  return content == NULL || shape_exact(content, kind->content);
}

bool household_of(const char *type, const struct yz_hash *record, const json_t *plain,
                  struct yz_hash *out) {
  const json_t *named = json_object_get(plain, "household");
  *out = *record;
  if (strcmp(type, "household.add") == 0) return true;
  return json_is_string(named) &&
         yz_from_hex(json_string_value(named), json_string_length(named), out->bytes, YZ_HASH_LEN);
}
