#include <string.h>

#include "node/cases/moves.h"

#include <yizhan/error.h>

enum {
  ANY_STATE = (1 << CASE_STATES) - 1,
  ENDED = 1 << CASE_REFUSED | 1 << CASE_CLOSED | 1 << CASE_MERGED | 1 << CASE_VOID,
  SETTLED = 1 << CASE_RESOLVED | 1 << CASE_FOLLOWED_UP
};

static const char *const state_names[CASE_STATES] = {
    [CASE_REGISTERED] = "registered",
    [CASE_ACCEPTED] = "accepted",
    [CASE_REFUSED] = "refused",
    [CASE_ASSIGNED] = "assigned",
    [CASE_RETURNED] = "returned",
    [CASE_IN_HAND] = "in-hand",
    [CASE_RESOLVED] = "resolved",
    [CASE_FOLLOWED_UP] = "followed-up",
    [CASE_CLOSED] = "closed",
    [CASE_MERGED] = "merged",
    [CASE_VOID] = "void",
};
static const char *const effect_names[] = {
    [EFFECT_APPLIED] = "applied",
    [EFFECT_CONFLICT] = "conflict",
    [EFFECT_NONE] = "none",
    [EFFECT_NEWER] = "needs-newer",
};
static const char *const field_names[CASE_FIELDS] = {
    [FIELD_TITLE] = "title",       [FIELD_TEXT] = "text",       [FIELD_CATEGORY] = "category",
    [FIELD_CHANNEL] = "channel",   [FIELD_URGENCY] = "urgency", [FIELD_PLACE] = "place",
    [FIELD_RESIDENT] = "resident", [FIELD_PHONE] = "phone",     [FIELD_HOUSEHOLD] = "household",
    [FIELD_ASSIGNED] = "assigned", [FIELD_STATE] = "state",
};
static const char *const result_names[] = {
    [RESULT_NONE] = NULL,
    [RESULT_UNREACHABLE] = "unreachable",
    [RESULT_SATISFIED] = "satisfied",
    [RESULT_PARTLY] = "partly",
    [RESULT_REOPENED] = NULL,
    [RESULT_DISSATISFIED] = "dissatisfied",
};

static const struct case_member no_members[] = {{0}};
static const struct case_member open_plain[] = {
    {"number", KIND_TEXT, true}, {"history", KIND_TRUE, false}, {0}};
static const struct case_member open_content[] = {
    {"title", KIND_TEXT, true},      {"text", KIND_TEXT, false},    {"category", KIND_TEXT, false},
    {"channel", KIND_TEXT, false},   {"urgency", KIND_TEXT, false}, {"place", KIND_TEXT, false},
    {"resident", KIND_TEXT, false},  {"phone", KIND_TEXT, false},   {"household", KIND_TEXT, false},
    {"anonymous", KIND_TRUE, false}, {"source", KIND_TEXT, false},  {0}};
static const struct case_member text_content[] = {{"text", KIND_TEXT, true}, {0}};
static const struct case_member optional_text_content[] = {{"text", KIND_TEXT, false}, {0}};
static const struct case_member to_content[] = {{"to", KIND_TEXT, true}, {0}};
static const struct case_member reason_content[] = {{"reason", KIND_TEXT, true}, {0}};
static const struct case_member optional_reason_content[] = {{"reason", KIND_TEXT, false}, {0}};
static const struct case_member followup_plain[] = {{"result", KIND_RESULT, true}, {0}};
static const struct case_member edit_content[] = {{"fields", KIND_FIELDS, true}, {0}};

static const struct case_rule rules[CASE_MOVES] = {
    [CASE_OPEN] = {.type = "case.open",
                   .to = CASE_REGISTERED,
                   .content_needed = true,
                   .plain = open_plain,
                   .content = open_content},
    [CASE_NOTE] = {.type = "case.note",
                   .from = ANY_STATE,
                   .to = CASE_STATES,
                   .content_needed = true,
                   .plain = no_members,
                   .content = text_content},
    [CASE_ASSIGN] = {.type = "case.assign",
                     .from = ANY_STATE & ~ENDED,
                     .to = CASE_ASSIGNED,
                     .content_needed = true,
                     .plain = no_members,
                     .content = to_content},
    [CASE_ESCALATE] = {.type = "case.escalate",
                       .from = ANY_STATE & ~ENDED,
                       .to = CASE_STATES,
                       .flags = CASE_ESCALATED,
                       .content_needed = true,
                       .plain = no_members,
                       .content = reason_content},
    [CASE_RESOLVE] = {.type = "case.resolve",
                      .from = ANY_STATE & ~ENDED & ~SETTLED,
                      .to = CASE_RESOLVED,
                      .refusal =
                          YZ_N_("This case is resolved already. Follow it up, or reopen it."),
                      .content_needed = true,
                      .plain = no_members,
                      .content = text_content},
    [CASE_FOLLOWUP] = {.type = "case.followup",
                       .from = SETTLED,
                       .from_hub = 1 << CASE_CLOSED,
                       .to = CASE_FOLLOWED_UP,
                       .refusal = YZ_N_("This case is not resolved yet. Resolve it first."),
                       .plain = followup_plain,
                       .content = optional_text_content},
    [CASE_CLOSE] = {.type = "case.close",
                    .from = SETTLED | 1 << CASE_REFUSED,
                    .to = CASE_CLOSED,
                    .refusal = YZ_N_("This case is not resolved yet. Resolve it first."),
                    .plain = no_members,
                    .content = optional_reason_content},
    [CASE_REOPEN] = {.type = "case.reopen",
                     .from = SETTLED | 1 << CASE_REFUSED | 1 << CASE_CLOSED,
                     .to = CASE_IN_HAND,
                     .flags = CASE_REOPENED,
                     .refusal = YZ_N_("This case is open already. Go on working on it."),
                     .plain = no_members,
                     .content = optional_reason_content},
    [CASE_EDIT] = {.type = "case.edit",
                   .from = ANY_STATE,
                   .to = CASE_STATES,
                   .content_needed = true,
                   .plain = no_members,
                   .content = edit_content},
};

/* The index of name among n names, n when it is not there. */
static size_t index_of(const char *const *names, size_t n, const char *name) {
  size_t i = 0;
  while (i < n && (name == NULL || names[i] == NULL || strcmp(names[i], name) != 0)) i++;
  return i;
}

const char *case_state_name(enum case_state state) {
  return state_names[state];
}

enum case_state case_state_from_name(const char *name) {
  return (enum case_state)index_of(state_names, CASE_STATES, name);
}

const char *case_flag_name(enum case_flag flag) {
  return flag == CASE_ESCALATED ? "escalated" : "reopened";
}

const char *case_move_name(enum case_move move) {
  return rules[move].type + strlen("case.");
}

enum case_move case_move_from_type(const char *type) {
  size_t move = 0;
  while (move < CASE_MOVES && (type == NULL || strcmp(rules[move].type, type) != 0)) move++;
  return (enum case_move)move;
}

const char *case_effect_name(enum case_effect effect) {
  return effect_names[effect];
}

const char *case_field_name(enum case_field_index field) {
  return field_names[field];
}

const char *case_result_name(enum case_result result) {
  return result_names[result];
}

enum case_result case_result_from_name(const char *name) {
  size_t n = sizeof result_names / sizeof *result_names;
  size_t result = index_of(result_names, n, name);
  return result < n ? (enum case_result)result : RESULT_NONE;
}

const struct case_rule *case_rule(enum case_move move) {
  return &rules[move];
}

struct case_outcome case_outcome(enum case_move move, enum case_result result) {
  /* Someone who is not satisfied reopens the case, in whatever words. */
  bool reopens = move == CASE_REOPEN || result == RESULT_DISSATISFIED;
  const struct case_rule *rule = &rules[reopens ? CASE_REOPEN : move];
  if (move == CASE_REOPEN) result = RESULT_REOPENED;
  return (struct case_outcome){rule->to, rule->flags, result};
}

bool case_move_allowed(enum case_move move, enum case_state state, bool by_hub, bool contested) {
  const struct case_rule *rule = &rules[move];
  unsigned from = rule->from | (by_hub ? rule->from_hub : 0);
  return (from >> state & 1) != 0 || (contested && rule->to == state);
}

/* Why nothing more happens to a case in this state; NULL when something may. */
static const char *ended_sentence(enum case_state state) {
  switch (state) {
  case CASE_REFUSED:
    return YZ_N_("This case is refused. Reopen it first.");
  case CASE_CLOSED:
    return YZ_N_("This case is closed. Reopen it first.");
  case CASE_MERGED:
    return YZ_N_("This case was merged into another one. Work on that one.");
  case CASE_VOID:
    return YZ_N_("This case is void. Open a new one.");
  default:
    return NULL;
  }
}

const char *case_move_refused(enum case_move move, const struct case_view *view, bool by_hub,
                              bool has_reason) {
  if (move == CASE_OPEN)
    return view == NULL ? NULL : YZ_N_("This case is open already. Go on working on it.");
  bool contested = view->fields[FIELD_STATE].n_values > 1;
  if (!case_move_allowed(move, view->state, by_hub, contested)) {
    if (move == CASE_CLOSE && view->state == CASE_CLOSED)
      return YZ_N_("This case is closed already.");
    const char *ended = ended_sentence(view->state);
    return ended != NULL ? ended : rules[move].refusal;
  }
  bool satisfied = case_result_from_name(view->last_result) == RESULT_SATISFIED;
  if (move == CASE_CLOSE && !satisfied && !has_reason)
    return YZ_N_("No one has said yet that they are satisfied. Follow the case up, or give a "
                 "reason for closing it.");
  return NULL;
}
