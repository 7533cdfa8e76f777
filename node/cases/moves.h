/* The table of moves: one row each (FORMAT.md §14). All that depends on which
 * move it is stands there; the rest of this room only walks over rows. */
#ifndef YIZHAN_NODE_MOVES_H
#define YIZHAN_NODE_MOVES_H

#include "node/cases/cases.h"
#include "node/shape.h"

/* What a member's value may be, beside the kinds of node/shape.h. */
bool case_is_true(const json_t *value);   /* otherwise it is absent */
bool case_is_result(const json_t *value); /* name of a result */
bool case_is_solved(const json_t *value); /* "yes", "partly" or "no" */
bool case_is_state(const json_t *value);  /* name of a state */
bool case_is_class(const json_t *value);  /* name of a class */
bool case_is_days(const json_t *value);   /* an integer from 1 to POLICY_MAX_DAYS */
bool case_is_pieces(const json_t *value); /* an array of 1 to 200 hashes */
bool case_is_size(const json_t *value);   /* bytes: from 1 */
bool case_is_key(const json_t *value);    /* 64 hex digits, or sealed */
/* An object: name of a field that `open` sets (values: `assigned` too) → string, or null to clear
 * it. */
bool case_is_fields(const json_t *value);
bool case_is_values(const json_t *value);

/* Answers to a follow-up, and the reopening, by how much they say: of several
 * made apart the greatest counts. */
enum case_result {
  RESULT_NONE,
  RESULT_UNREACHABLE,
  RESULT_SATISFIED,
  RESULT_PARTLY,
  RESULT_REOPENED, /* no answer, but ends those before it */
  RESULT_DISSATISFIED
};
/* NULL for RESULT_NONE and RESULT_REOPENED. */
const char *case_result_name(enum case_result result);
/* RESULT_NONE when there is no such name, or it is NULL. */
enum case_result case_result_from_name(const char *name);

struct case_rule {
  const char *type;
  unsigned from;       /* states it may be made in; a set of bits 1 << state */
  unsigned from_hub;   /* further states where the hub may make it */
  enum case_state to;  /* CASE_STATES: the state stays */
  unsigned flags;      /* flags it sets */
  const char *refusal; /* why not, where no state's own sentence says it; NULL: never refused */
  const struct shape_member *plain;   /* its own members; NULL: none */
  const struct shape_member *content; /* likewise; its record always has content where one of
                                       * them is required, and never where it is NULL */
};
const struct case_rule *case_rule(enum case_move move);

/* What a record of this move does to the state when it counts. */
struct case_outcome {
  enum case_state to; /* CASE_STATES: nothing */
  unsigned flags;
  enum case_result result; /* RESULT_NONE: says nothing about satisfaction */
};
/* plain: the record; it was found to be known. */
struct case_outcome case_outcome(enum case_move move, const json_t *plain);

/* Reads a member of a record that is a key, in hex; false: it is none. */
bool case_member_key(const json_t *plain, const char *name, struct yz_key *out);
bool case_key_is(const struct yz_key *a, const struct yz_key *b);

/* May it be made where `state` is what counts? contested: moves made apart
 * left other states standing beside it. Then the move that leads to `state`
 * itself may be made as well, which settles the matter in its favour. */
bool case_move_allowed(enum case_move move, enum case_state state, bool by_hub, bool contested);

#endif
