/* The table of moves: one row each (FORMAT.md §14). All that depends on which
 * move it is stands there; the rest of this room only walks over rows. */
#ifndef YIZHAN_NODE_MOVES_H
#define YIZHAN_NODE_MOVES_H

#include "node/cases/cases.h"

/* What a member's value may be. */
enum case_kind {
  KIND_TEXT,   /* a string */
  KIND_TRUE,   /* true; otherwise absent */
  KIND_RESULT, /* name of a result */
  KIND_SOLVED, /* "yes", "partly" or "no" */
  KIND_FIELDS, /* object: name of a field that `open` sets → string, or null to clear it */
  KIND_STATE,  /* name of a state */
  KIND_VALUES, /* object: name of a field that is content → string, or null */
  KIND_CLASS,  /* name of a class */
  KIND_DAYS,   /* an integer from 1 to 3650 */
  KIND_ONE,    /* the integer 1 */
  KIND_TIME,   /* an integer within ±2^53 */
  KIND_SEQ,    /* an integer from 1 */
  KIND_STAMP,  /* [ms, count] */
  KIND_ID,     /* 32 hex digits */
  KIND_HASH,   /* 64 hex digits */
  KIND_HEADS,  /* array of at most YZ_MAX_HEADS hashes */
  KIND_HASHES  /* object: audience → hash */
};
struct case_member {
  const char *name; /* NULL ends a list */
  enum case_kind kind;
  bool required;
};

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
  const struct case_member *plain;   /* its own members; NULL: none */
  const struct case_member *content; /* likewise; its record always has content where one of
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
