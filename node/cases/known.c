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
#include <yizhan/piece.h>
#include <yizhan/record.h>

#include "node/cases/moves.h"
#include "node/cases/policy.h"
#include "node/sealed.h"

static bool is_heads(const json_t *value) {
  size_t n = json_array_size(value), i = 0;
  if (!json_is_array(value) || n > YZ_MAX_HEADS) return false;
  while (i < n && shape_is_hash(json_array_get(value, i))) i++;
  return i == n;
}

static const struct shape_member linked[] = {
    {"case", shape_is_hash, true}, {"heads", is_heads, true}, {0}};

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

bool case_is_fields(const json_t *value) {
  return is_fields(value, FIELD_ASSIGNED);
}

bool case_is_values(const json_t *value) {
  return is_fields(value, FIELD_CLASS);
}

bool case_is_true(const json_t *value) {
  return json_is_true(value);
}

bool case_is_result(const json_t *value) {
  return case_result_from_name(json_string_value(value)) != RESULT_NONE;
}

bool case_is_solved(const json_t *value) {
  const char *word = json_string_value(value);
  return word != NULL &&
         (strcmp(word, "yes") == 0 || strcmp(word, "partly") == 0 || strcmp(word, "no") == 0);
}

bool case_is_state(const json_t *value) {
  return case_state_from_name(json_string_value(value)) != CASE_STATES;
}

bool case_is_class(const json_t *value) {
  return case_class_from_name(json_string_value(value)) != CASE_CLASSES;
}

bool case_is_days(const json_t *value) {
  json_int_t days = json_integer_value(value);
  return json_is_integer(value) && days >= 1 && days <= POLICY_MAX_DAYS;
}

bool case_is_pieces(const json_t *value) {
  size_t n = json_array_size(value), i = 0;
  if (!json_is_array(value) || n == 0 || n > YZ_MAX_PIECES) return false;
  while (i < n && shape_is_hash(json_array_get(value, i))) i++;
  return i == n;
}

bool case_is_key(const json_t *value) {
  return shape_is_hash(value) || sealed_is_value(value);
}

bool case_is_size(const json_t *value) {
  return json_is_integer(value) && json_integer_value(value) >= 1 &&
         json_integer_value(value) <= YZ_MAX_INT;
}

static bool content_fits(const struct shape_member *members, bool has_content) {
  if (members == NULL) return !has_content;
  while (members->name != NULL && !members->required) members++;
  return has_content || members->name == NULL;
}

/* Words are for one audience of those that this version knows. */
static bool audience_known(const json_t *content) {
  return content == NULL ||
         (json_object_size(content) == 1 && (json_object_get(content, YZ_FOR_VILLAGE) != NULL ||
                                             json_object_get(content, YZ_FOR_TOWNSHIP) != NULL));
}

static bool plain_known(enum case_move move, const json_t *plain) {
  const struct case_rule *rule = case_rule(move);
  return audience_known(json_object_get(plain, "content")) &&
         shape_plain(plain, move == CASE_OPEN ? NULL : linked, rule->plain) &&
         strcmp(json_string_value(json_object_get(plain, "type")), rule->type) == 0 &&
         content_fits(rule->content, json_object_get(plain, "content") != NULL);
}

bool case_record_known(const char *type, const json_t *plain, const json_t *content) {
  enum case_move move = case_move_from_type(type);
  if (move == CASE_MOVES || !plain_known(move, plain)) return false;
  return content == NULL || shape_exact(content, case_rule(move)->content);
}

/* A place in a log: from 1. */
static bool is_place(const json_t *value) {
  return json_is_integer(value) && json_integer_value(value) >= 1 &&
         json_integer_value(value) <= YZ_MAX_INT;
}

bool case_carry_known(const json_t *plain, const json_t *content) {
  static const struct shape_member own[] = {{"of", shape_is_id, true},
                                            {"place", is_place, true},
                                            {"prev", shape_is_hash, true},
                                            {"line", shape_is_text, true},
                                            {"node", shape_is_hash, true},
                                            {"hub", case_is_true, false},
                                            {"head", case_is_true, false},
                                            {"ceiling", shape_is_time, false},
                                            {0}};
  static const struct shape_member words[] = {{"key", shape_is_id, false},
                                              {"content", shape_is_text, false},
                                              {"name", shape_is_text, false},
                                              {0}};
  return shape_plain(plain, linked, own) && (content == NULL || shape_exact(content, words));
}

bool case_draft_known(enum case_move move, const json_t *own, const json_t *content) {
  const struct case_rule *rule = case_rule(move);
  return shape_exact(own, rule->plain) && content_fits(rule->content, content != NULL) &&
         (content == NULL || shape_exact(content, rule->content));
}
