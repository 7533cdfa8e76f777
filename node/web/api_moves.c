/* One move on a case. What it may say stands in the table of moves itself. */
#include <string.h>

#include "../cases/moves.h"
#include "../casework.h"
#include "../personal.h"
#include "api_call.h"

enum { CREATED = 201 };

/* Moves that are said in words and choices alone. */
static bool is_sayable(enum case_move move) {
  return move < CASE_MOVES && move != CASE_OPEN && move != CASE_EDIT && move != CASE_ATTACH;
}

static const struct shape_member *member(const struct shape_member *members, const char *name) {
  while (members != NULL && members->name != NULL && strcmp(members->name, name) != 0) members++;
  return members != NULL && members->name != NULL ? members : NULL;
}

/* Of the plain members those that a person says; the others the program finds out. */
static bool is_said(const char *name) {
  static const char *const said[] = {"result", "solved", "no_follow_up", "days"};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    if (strcmp(said[i], name) == 0) return true;
  return false;
}

static bool is_line(const char *name) {
  return strcmp(name, "to") == 0 || strcmp(name, "turn_to") == 0;
}

static int take_words(struct casework_move *m, const char *name, json_t *value,
                      struct yz_error *err) {
  const char *text = json_string_value(value);
  if (text == NULL || !yz_text_ok(text, json_string_length(value)) ||
      (is_line(name) && strpbrk(text, "\n\t") != NULL))
    return api_wrong_kind(name, err);
  if (text[0] == '\0') return 0;
  if (m->content == NULL) m->content = json_object();
  m->ok = m->ok && json_object_set(m->content, name, value) == 0;
  return 0;
}

static int take_plain(struct casework_move *m, const struct shape_member *of, json_t *value,
                      struct yz_error *err) {
  if (json_is_false(value) && of->is == case_is_true) return 0;
  if (!of->is(value)) return api_wrong_kind(of->name, err);
  if (m->plain == NULL) m->plain = json_object();
  m->ok = m->ok && json_object_set(m->plain, of->name, value) == 0;
  return 0;
}

static int take_all(const json_t *body, struct casework_move *m, struct yz_error *err) {
  const struct case_rule *rule = case_rule(m->move);
  const char *name;
  json_t *value;
  int rc = 0;
  json_object_foreach((json_t *)body, name, value) {
    const struct shape_member *plain = is_said(name) ? member(rule->plain, name) : NULL;
    if (strcmp(name, "move") == 0) continue;
    if (member(rule->content, name) != NULL)
      rc = take_words(m, name, value, err);
    else if (plain != NULL)
      rc = take_plain(m, plain, value, err);
    else
      rc = yz_fail(err, YZ_E_INPUT, YZ_N_("There is no such field."), "%s", name);
    if (rc != 0) return rc;
  }
  for (int kind = 0; kind < 2; kind++)
    for (const struct shape_member *of = kind == 0 ? rule->content : rule->plain;
         of != NULL && of->name != NULL; of++)
      if (of->required && json_object_get(kind == 0 ? m->content : m->plain, of->name) == NULL)
        return api_empty(of->name, err);
  return 0;
}

static enum case_move named_move(const json_t *body) {
  const char *name = json_string_value(json_object_get(body, "move"));
  int move = 0;
  while (name != NULL && move < CASE_MOVES &&
         strcmp(case_move_name((enum case_move)move), name) != 0)
    move++;
  return name != NULL ? (enum case_move)move : CASE_MOVES;
}

static int take_settling(const json_t *body, struct casework_move *m, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"move", API_LINE, true, NULL},
      {"field", API_CHOICE, true,
       "title|text|category|channel|urgency|place|resident|phone|household|assigned|class|state"},
      {"value", API_TEXT, false, NULL},
      {0}};
  int rc = api_check(body, fields, err);
  const char *value = api_text(body, "value");
  if (rc == 0) *m = casework_settle(api_text(body, "field"), value != NULL ? value : "");
  return rc;
}

/* The other case as people name it. */
static int take_merging(struct api_call *c, struct casework_move *m, struct yz_error *err) {
  static const struct api_field fields[] = {{"move", API_LINE, true, NULL},
                                            {"into", API_LINE, true, NULL},
                                            {"text", API_TEXT, false, NULL},
                                            {0}};
  struct yz_hash into;
  char hex[YZ_HASH_HEX + 1];
  const char *text = api_text(c->body, "text");
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = node_find_case(&c->node, api_text(c->body, "into"), &into, err);
  if (rc != 0) return rc;
  yz_to_hex(into.bytes, YZ_HASH_LEN, hex);
  m->plain = json_pack("{s:s}", "into", hex);
  m->content = text != NULL ? json_pack("{s:s}", "text", text) : NULL;
  m->ok = m->plain != NULL && (text == NULL || m->content != NULL);
  return 0;
}

static int take(struct api_call *c, struct casework_move *m, struct yz_error *err) {
  if (m->move == CASE_SETTLE) return take_settling(c->body, m, err);
  return m->move == CASE_MERGE ? take_merging(c, m, err) : take_all(c->body, m, err);
}

int api_move(struct api_call *c, struct yz_error *err) {
  struct casework_move m = {.move = named_move(c->body), .at_ms = INT64_MIN, .ok = true};
  struct casework_made made;
  struct yz_hash id;
  char hex[YZ_HASH_HEX + 1];
  if (!is_sayable(m.move)) return api_wrong_kind("move", err);
  int rc = take(c, &m, err);
  if (rc == 0) rc = node_find_case(&c->node, c->named, &id, err);
  if (rc == 0) rc = signer_check(&c->who, &c->node, err);
  json_t *warnings = personal_warnings(m.content);
  m.ok = m.ok && warnings != NULL;
  if (rc == 0) rc = casework_make(&c->node, &c->who, &id, &m, &made, err);
  casework_drop(&m);
  if (rc != 0) {
    json_decref(warnings);
    return rc;
  }
  yz_to_hex(made.record.bytes, YZ_HASH_LEN, hex);
  c->status = CREATED;
  c->said = json_pack("{s:s,s:s,s:b,s:o}", "case", made.number, "record", hex, "request",
                      (int)made.request, "warnings", warnings);
  return c->said == NULL ? yz_no_memory(err) : 0;
}
