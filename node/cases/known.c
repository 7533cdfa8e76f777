/* The shape of case records (FORMAT.md §4, §14). A record is known when
 *   - its type is in the table of moves;
 *   - its members are exactly the general ones (but `case` and `heads` in an
 *     opening, where there are none) and those of its type, none missing;
 *   - each is of its kind;
 *   - it has `content` where its type has a member that must stand there, and has
 *     none where its type has no content;
 *   - its content, where it can be read, has exactly the members of its type.
 * Anything else is for a newer version to judge. */
#include <string.h>

#include "node/cases/moves.h"

static const struct case_member general[] = {
    {"v", KIND_ONE, true},   {"log", KIND_ID, true},          {"seq", KIND_SEQ, true},
    {"by", KIND_HASH, true}, {"hlc", KIND_STAMP, true},       {"type", KIND_TEXT, true},
    {"at", KIND_TIME, true}, {"content", KIND_HASHES, false}, {0}};
static const struct case_member linked[] = {
    {"case", KIND_HASH, true}, {"heads", KIND_HEADS, true}, {0}};
static const struct case_member unlinked[] = {{0}};

static bool is_integer(const json_t *value, json_int_t min, json_int_t max) {
  json_int_t i = json_integer_value(value);
  return json_is_integer(value) && i >= min && i <= max;
}

static bool is_hex(const json_t *value, size_t digits) {
  if (!json_is_string(value) || json_string_length(value) != digits) return false;
  return strspn(json_string_value(value), "0123456789abcdef") == digits;
}

static bool is_stamp(const json_t *value) {
  return json_is_array(value) && json_array_size(value) == 2 &&
         is_integer(json_array_get(value, 0), 0, YZ_MAX_INT) &&
         is_integer(json_array_get(value, 1), 0, (1 << 20) - 1);
}

static bool is_heads(const json_t *value) {
  size_t n = json_array_size(value), i = 0;
  if (!json_is_array(value) || n > YZ_MAX_HEADS) return false;
  while (i < n && is_hex(json_array_get(value, i), YZ_HASH_HEX)) i++;
  return i == n;
}

static bool is_hashes(const json_t *value) {
  const char *name;
  json_t *hash;
  if (!json_is_object(value)) return false;
  json_object_foreach((json_t *)value, name, hash) {
    if (!is_hex(hash, YZ_HASH_HEX)) return false;
  }
  return true;
}

/* Is it one of the fields before `end`? */
static bool is_field(const char *name, enum case_field_index end) {
  for (int field = 0; field < (int)end; field++)
    if (strcmp(name, case_field_name((enum case_field_index)field)) == 0) return true;
  return false;
}

static bool is_fields(const json_t *value, enum case_field_index end) {
  const char *name;
  json_t *text;
  if (!json_is_object(value)) return false;
  json_object_foreach((json_t *)value, name, text) {
    if (!is_field(name, end) || !(json_is_string(text) || json_is_null(text))) return false;
  }
  return true;
}

static bool is_solved(const char *word) {
  return word != NULL &&
         (strcmp(word, "yes") == 0 || strcmp(word, "partly") == 0 || strcmp(word, "no") == 0);
}

static bool is_kind(const json_t *value, enum case_kind kind) {
  switch (kind) {
  case KIND_TEXT:
    return json_is_string(value);
  case KIND_TRUE:
    return json_is_true(value);
  case KIND_RESULT:
    return case_result_from_name(json_string_value(value)) != RESULT_NONE;
  case KIND_SOLVED:
    return is_solved(json_string_value(value));
  case KIND_FIELDS:
    return is_fields(value, FIELD_ASSIGNED);
  case KIND_VALUES:
    return is_fields(value, FIELD_CLASS);
  case KIND_CLASS:
    return case_class_from_name(json_string_value(value)) != CASE_CLASSES;
  case KIND_DAYS:
    return is_integer(value, 1, 3650);
  case KIND_STATE:
    return case_state_from_name(json_string_value(value)) != CASE_STATES;
  case KIND_ONE:
    return is_integer(value, 1, 1);
  case KIND_TIME:
    return is_integer(value, -YZ_MAX_INT, YZ_MAX_INT);
  case KIND_SEQ:
    return is_integer(value, 1, YZ_MAX_INT);
  case KIND_STAMP:
    return is_stamp(value);
  case KIND_ID:
    return is_hex(value, YZ_ID_HEX);
  case KIND_HASH:
    return is_hex(value, YZ_HASH_HEX);
  case KIND_HEADS:
    return is_heads(value);
  case KIND_HASHES:
    return is_hashes(value);
  }
  return false;
}

/* How many of the members the object has; -1 if one is missing or of another kind. */
static long count_members(const json_t *object, const struct case_member *members) {
  long count = 0;
  for (; members != NULL && members->name != NULL; members++) {
    const json_t *value = json_object_get(object, members->name);
    if (value == NULL ? members->required : !is_kind(value, members->kind)) return -1;
    count += value != NULL;
  }
  return count;
}

static bool content_fits(const struct case_member *members, bool has_content) {
  if (members == NULL) return !has_content;
  while (members->name != NULL && !members->required) members++;
  return has_content || members->name == NULL;
}

static bool plain_known(enum case_move move, const json_t *plain) {
  const struct case_rule *rule = case_rule(move);
  long n_general = count_members(plain, general);
  long n_linked = count_members(plain, move == CASE_OPEN ? unlinked : linked);
  long n_own = count_members(plain, rule->plain);
  if (n_general < 0 || n_linked < 0 || n_own < 0) return false;
  return (size_t)(n_general + n_linked + n_own) == json_object_size(plain) &&
         strcmp(json_string_value(json_object_get(plain, "type")), rule->type) == 0 &&
         content_fits(rule->content, json_object_get(plain, "content") != NULL);
}

bool case_record_known(const char *type, const json_t *plain, const json_t *content) {
  enum case_move move = case_move_from_type(type);
  if (move == CASE_MOVES || !plain_known(move, plain)) return false;
  if (content == NULL) return true;
  long n = count_members(content, case_rule(move)->content);
  return json_is_object(content) && n >= 0 && (size_t)n == json_object_size(content);
}
