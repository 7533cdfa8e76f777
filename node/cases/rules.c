/* The table of moves, as FORMAT.md §14 has it. */
#include <string.h>

#include "node/cases/moves.h"

#include <yizhan/error.h>

enum {
  ANY_STATE = (1 << CASE_STATES) - 1,
  ENDED = 1 << CASE_REFUSED | 1 << CASE_CLOSED | 1 << CASE_MERGED | 1 << CASE_VOID,
  SETTLED = 1 << CASE_RESOLVED | 1 << CASE_FOLLOWED_UP,
  GOING_ON = ANY_STATE & ~ENDED,
  UNRESOLVED = GOING_ON & ~SETTLED
};

static const char too_late[] =
    YZ_N_("Only a case that was just registered is accepted or refused. Go on working on it.");
static const char not_assigned[] = YZ_N_("This case is not assigned to anyone. Assign it first.");
static const char resolved[] = YZ_N_("This case is resolved already. Follow it up, or reopen it.");
static const char unresolved[] = YZ_N_("This case is not resolved yet. Resolve it first.");

static const struct shape_member open_plain[] = {{"number", shape_is_text, true},
                                                 {"history", case_is_true, false},
                                                 {"class", case_is_class, false},
                                                 {"about", shape_is_hash, false},
                                                 {0}};
static const struct shape_member open_content[] = {
    {"title", shape_is_text, true},      {"text", shape_is_text, false},
    {"category", shape_is_text, false},  {"channel", shape_is_text, false},
    {"urgency", shape_is_text, false},   {"place", shape_is_text, false},
    {"resident", shape_is_text, false},  {"phone", shape_is_text, false},
    {"household", shape_is_text, false}, {"anonymous", case_is_true, false},
    {"source", shape_is_text, false},    {0}};
static const struct shape_member text[] = {{"text", shape_is_text, true}, {0}};
static const struct shape_member maybe_text[] = {{"text", shape_is_text, false}, {0}};
static const struct shape_member reason[] = {{"reason", shape_is_text, true}, {0}};
static const struct shape_member maybe_reason[] = {{"reason", shape_is_text, false}, {0}};
static const struct shape_member refuse_content[] = {
    {"reason", shape_is_text, true}, {"turn_to", shape_is_text, false}, {0}};
static const struct shape_member assign_plain[] = {{"worker", shape_is_hash, false},
                                                   {"office", case_is_true, false},
                                                   {"ledger", shape_is_id, false},
                                                   {0}};
static const struct shape_member assign_content[] = {{"to", shape_is_text, true}, {0}};
static const struct shape_member attach_plain[] = {{"pieces", case_is_pieces, true}, {0}};
static const struct shape_member attach_content[] = {{"name", shape_is_name, true},
                                                     {"media", shape_is_text, true},
                                                     {"size", case_is_size, true},
                                                     {"key", case_is_key, true},
                                                     {0}};
static const struct shape_member merge_plain[] = {{"into", shape_is_hash, true}, {0}};
static const struct shape_member refer_plain[] = {{"ledger", shape_is_id, false}, {0}};
static const struct shape_member refer_content[] = {
    {"to", shape_is_text, true}, {"reason", shape_is_text, true}, {0}};
static const struct shape_member extend_plain[] = {{"days", case_is_days, true}, {0}};
static const struct shape_member followup_plain[] = {
    {"result", case_is_result, true}, {"solved", case_is_solved, false}, {0}};
static const struct shape_member close_plain[] = {{"no_follow_up", case_is_true, false}, {0}};
static const struct shape_member edit_plain[] = {{"class", case_is_class, false}, {0}};
static const struct shape_member edit_content[] = {{"fields", case_is_fields, false}, {0}};
static const struct shape_member settle_plain[] = {
    {"state", case_is_state, false}, {"class", case_is_class, false}, {0}};
static const struct shape_member settle_content[] = {{"fields", case_is_values, false}, {0}};

static const struct case_rule rules[CASE_MOVES] = {
    [CASE_OPEN] = {.type = "case.open",
                   .to = CASE_REGISTERED,
                   .plain = open_plain,
                   .content = open_content},
    [CASE_ACCEPT] = {.type = "case.accept",
                     .from = 1 << CASE_REGISTERED,
                     .to = CASE_ACCEPTED,
                     .refusal = too_late,
                     .content = maybe_text},
    [CASE_REFUSE] = {.type = "case.refuse",
                     .from = 1 << CASE_REGISTERED,
                     .to = CASE_REFUSED,
                     .refusal = too_late,
                     .content = refuse_content},
    [CASE_ASSIGN] = {.type = "case.assign",
                     .from = GOING_ON,
                     .to = CASE_ASSIGNED,
                     .plain = assign_plain,
                     .content = assign_content},
    [CASE_SIGN] = {.type = "case.sign",
                   .from = 1 << CASE_ASSIGNED,
                   .to = CASE_IN_HAND,
                   .refusal = not_assigned},
    [CASE_RETURN] = {.type = "case.return",
                     .from = 1 << CASE_ASSIGNED,
                     .to = CASE_RETURNED,
                     .refusal = not_assigned,
                     .content = reason},
    [CASE_NOTE] = {.type = "case.note", .from = ANY_STATE, .to = CASE_STATES, .content = text},
    [CASE_CONTACT] = {.type = "case.contact",
                      .from = ANY_STATE,
                      .to = CASE_STATES,
                      .content = text},
    [CASE_VISIT] = {.type = "case.visit",
                    .from = ANY_STATE,
                    .to = CASE_STATES,
                    .content = maybe_text},
    [CASE_ATTACH] = {.type = "case.attach",
                     .from = ANY_STATE,
                     .to = CASE_STATES,
                     .plain = attach_plain,
                     .content = attach_content},
    [CASE_ESCALATE] = {.type = "case.escalate",
                       .from = GOING_ON,
                       .to = CASE_STATES,
                       .flags = CASE_ESCALATED,
                       .content = reason},
    [CASE_SUPERVISE] = {.type = "case.supervise",
                        .from = ANY_STATE,
                        .to = CASE_STATES,
                        .flags = CASE_SUPERVISED,
                        .content = maybe_text},
    [CASE_PAUSE] = {.type = "case.pause", .from = GOING_ON, .to = CASE_STATES, .content = reason},
    [CASE_RESUME] = {.type = "case.resume",
                     .from = GOING_ON,
                     .to = CASE_STATES,
                     .content = maybe_text},
    [CASE_RESOLVE] = {.type = "case.resolve",
                      .from = UNRESOLVED,
                      .to = CASE_RESOLVED,
                      .refusal = resolved,
                      .content = text},
    [CASE_FOLLOWUP] = {.type = "case.followup",
                       .from = SETTLED | 1 << CASE_MERGED,
                       .from_hub = 1 << CASE_CLOSED,
                       .to = CASE_FOLLOWED_UP,
                       .refusal = unresolved,
                       .plain = followup_plain,
                       .content = maybe_text},
    [CASE_CLOSE] = {.type = "case.close",
                    .from = SETTLED | 1 << CASE_REFUSED,
                    .to = CASE_CLOSED,
                    .refusal = unresolved,
                    .plain = close_plain,
                    .content = maybe_reason},
    [CASE_REOPEN] = {.type = "case.reopen",
                     .from = SETTLED | 1 << CASE_REFUSED | 1 << CASE_CLOSED,
                     .to = CASE_IN_HAND,
                     .flags = CASE_REOPENED,
                     .refusal = YZ_N_("This case is open already. Go on working on it."),
                     .content = maybe_reason},
    [CASE_MAKE_VOID] = {.type = "case.void",
                        .from = UNRESOLVED,
                        .to = CASE_VOID,
                        .refusal = resolved,
                        .content = reason},
    [CASE_EDIT] = {.type = "case.edit",
                   .from = ANY_STATE,
                   .to = CASE_STATES,
                   .plain = edit_plain,
                   .content = edit_content},
    [CASE_MERGE] = {.type = "case.merge",
                    .from = GOING_ON,
                    .to = CASE_MERGED,
                    .plain = merge_plain,
                    .content = maybe_text},
    [CASE_REFER] = {.type = "case.refer",
                    .from = GOING_ON,
                    .to = CASE_STATES,
                    .flags = CASE_REFERRED,
                    .plain = refer_plain,
                    .content = refer_content},
    [CASE_EXTEND] = {.type = "case.extend",
                     .from = GOING_ON,
                     .to = CASE_STATES,
                     .plain = extend_plain,
                     .content = reason},
    [CASE_SETTLE] = {.type = "case.settle",
                     .from = ANY_STATE,
                     .to = CASE_STATES,
                     .plain = settle_plain,
                     .content = settle_content},
};

const struct case_rule *case_rule(enum case_move move) {
  return &rules[move];
}

const char *case_move_name(enum case_move move) {
  return rules[move].type + strlen("case.");
}

enum case_move case_move_from_type(const char *type) {
  size_t move = 0;
  while (move < CASE_MOVES && (type == NULL || strcmp(rules[move].type, type) != 0)) move++;
  return (enum case_move)move;
}

struct case_outcome case_outcome(enum case_move move, const json_t *plain) {
  enum case_result result =
      case_result_from_name(json_string_value(json_object_get(plain, "result")));
  const char *settled = json_string_value(json_object_get(plain, "state"));
  /* Someone who is not satisfied reopens the case, in whatever words. */
  bool reopens = move == CASE_REOPEN || result == RESULT_DISSATISFIED;
  const struct case_rule *rule = &rules[reopens ? CASE_REOPEN : move];
  if (move == CASE_REOPEN) result = RESULT_REOPENED;
  enum case_state to = move == CASE_SETTLE ? case_state_from_name(settled) : rule->to;
  return (struct case_outcome){to, rule->flags, result};
}

bool case_state_unresolved(enum case_state state) {
  return (UNRESOLVED >> state & 1) != 0;
}

bool case_state_ended(enum case_state state) {
  return (ENDED >> state & 1) != 0;
}

bool case_move_allowed(enum case_move move, enum case_state state, bool by_hub, bool contested) {
  const struct case_rule *rule = &rules[move];
  unsigned from = rule->from | (by_hub ? rule->from_hub : 0);
  return (from >> state & 1) != 0 || (contested && rule->to == state);
}

bool case_move_townships(enum case_move move, bool satisfied) {
  return move == CASE_REFUSE || move == CASE_MAKE_VOID || move == CASE_MERGE ||
         move == CASE_EXTEND || (move == CASE_CLOSE && !satisfied);
}

bool case_move_only_tells(enum case_move move) {
  return move == CASE_NOTE || move == CASE_CONTACT;
}

bool case_move_heads(enum case_move move) {
  return move == CASE_CLOSE || move == CASE_EXTEND || move == CASE_SETTLE;
}
