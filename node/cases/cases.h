/* What a case is: pure functions from a set of records to a state. No clock,
 * no disk, no arrival order: every node that has the same records shows the
 * same. FORMAT.md §14 holds the tables; sync/DESIGN.md (e) the reasons. */
#ifndef YIZHAN_NODE_CASES_H
#define YIZHAN_NODE_CASES_H

#include <jansson.h>
#include <stdbool.h>
#include <yizhan/types.h>

struct case_policies; /* node/cases/policy.h */

/* States, in the order of a case's life. The names (case_state_name) are what
 * scripts read; the page and the command line translate them. */
enum case_state {
  CASE_REGISTERED,
  CASE_ACCEPTED,
  CASE_REFUSED,
  CASE_ASSIGNED,
  CASE_RETURNED,
  CASE_IN_HAND,
  CASE_RESOLVED,
  CASE_FOLLOWED_UP,
  CASE_CLOSED,
  CASE_MERGED,
  CASE_VOID,
  CASE_STATES
};
const char *case_state_name(enum case_state state);
/* CASE_STATES when there is no such name. */
enum case_state case_state_from_name(const char *name);
/* Is there work to do on it still: is it neither resolved nor ended? */
bool case_state_unresolved(enum case_state state);
/* Refused, closed, merged or void: does nothing more happen to it, unless it is taken up again? */
bool case_state_ended(enum case_state state);

/* Flags beside the state; a set of bits. */
enum case_flag {
  CASE_ESCALATED = 1,      /* the township was asked to take it up */
  CASE_REOPENED = 2,       /* it was taken up again */
  CASE_PAUSED = 4,         /* the last of pause and resume is a pause */
  CASE_SUPERVISED = 8,     /* it is watched over */
  CASE_REFERRED = 16,      /* another village, or a body outside, was asked for */
  CASE_ABOUT_WORKER = 32,  /* it is about a worker: that one has no hand in it */
  CASE_TOWNSHIP_ONLY = 64, /* what is said of it is for the township alone */
  CASE_FLAGS = 128         /* beyond the last */
};
const char *case_flag_name(enum case_flag flag); /* "escalated", "reopened", … */

/* The moves: one row of the table each. */
enum case_move {
  CASE_OPEN,
  CASE_ACCEPT,
  CASE_REFUSE,
  CASE_ASSIGN,
  CASE_SIGN,
  CASE_RETURN,
  CASE_NOTE,
  CASE_CONTACT,
  CASE_VISIT,
  CASE_ATTACH, /* a photo, a scan or sound belongs to it */
  CASE_ESCALATE,
  CASE_SUPERVISE,
  CASE_PAUSE,
  CASE_RESUME,
  CASE_RESOLVE,
  CASE_FOLLOWUP,
  CASE_CLOSE,
  CASE_REOPEN,
  CASE_MAKE_VOID, /* "void" */
  CASE_EDIT,
  CASE_MERGE,  /* it is the same matter as another */
  CASE_REFER,  /* it is for another village, or a body outside */
  CASE_EXTEND, /* it needs more days */
  CASE_SETTLE, /* of values written apart, says which is right */
  CASE_MOVES
};
const char *case_move_name(enum case_move move); /* "open", "note", … */
/* From a record's type ("case.open"); CASE_MOVES for an unknown one. */
enum case_move case_move_from_type(const char *type);

/* What a record did to its case, as shown in its history. */
enum case_effect {
  EFFECT_APPLIED,  /* it counted */
  EFFECT_CONFLICT, /* it is valid, but another made apart from it won, and no one settled it yet */
  EFFECT_REQUEST, /* the township's to decide, as its writer could see: asked for, without effect */
  EFFECT_NONE,    /* its writer's own view did not allow it: no effect */
  EFFECT_NEWER    /* needs a newer version: unknown field, value or version */
};
/* "applied", "conflict", "request", "none", "needs-newer" */
const char *case_effect_name(enum case_effect effect);
/* Does its record count, whether or not it won? */
bool case_effect_counts(enum case_effect effect);

/* How much time a case is given: FORMAT.md §14. */
enum case_class { CLASS_ORDINARY, CLASS_COMPLEX, CLASS_PETITION, CASE_CLASSES };
const char *case_class_name(enum case_class class);
/* CASE_CLASSES when there is no such name. */
enum case_class case_class_from_name(const char *name);

/* One accepted record of a case, as the fold needs it. The strings and JSON
 * belong to the caller and must live as long as the view does. */
struct case_record {
  struct yz_hash id;
  struct yz_key by;
  struct yz_stamp stamp;
  struct yz_id log; /* where it stands itself, also if it was carried */
  int64_t seq;
  bool by_hub;      /* written in a log of the hub */
  bool by_head;     /* and its author has the role `head` there */
  const char *type; /* "case.note" */
  const struct yz_hash *heads;
  size_t n_heads;
  const json_t *plain;   /* the record object */
  const json_t *content; /* its content object; NULL when erased or not readable here */
  int64_t ceiling_ms;    /* a signed hub record's ceiling for its stamp; 0: none */
};

/* A field as it stands: values[0] is what counts and is always there, its
 * `value` NULL when unset, cleared or (assigned) not readable here. n_values > 1:
 * a conflict, the different values made apart, the one that won first. */
#define CASE_NO_RECORD SIZE_MAX
struct case_value {
  const char *value;
  size_t record;      /* index of the record that says so; CASE_NO_RECORD: none does */
  const char *sealed; /* what stands there sealed; NULL: nothing. Set by who opens it */
};
struct case_field {
  const char *name;
  struct case_value *values;
  size_t n_values;
};

/* Fields that `open` sets and `edit` changes, in this order. */
enum case_field_index {
  FIELD_TITLE,
  FIELD_TEXT,
  FIELD_CATEGORY,
  FIELD_CHANNEL,
  FIELD_URGENCY,
  FIELD_PLACE,
  FIELD_RESIDENT,
  FIELD_PHONE,
  FIELD_HOUSEHOLD,
  FIELD_ASSIGNED, /* set by assign, and settle */
  FIELD_CLASS,    /* a plain member of its records; values are class names */
  FIELD_STATE,    /* set by moves, settle among them; values are state names */
  CASE_FIELDS
};
const char *case_field_name(enum case_field_index field); /* "title", … "assigned", "state" */

/* From opening, or being taken up again, until it was resolved or ended. */
struct case_round {
  int64_t from_ms, to_ms; /* to_ms INT64_MAX: goes on */
  int64_t extension_days;
  struct yz_stamp stamp; /* of the record that began it, as counted */
};
/* While it rested; by from_ms. */
struct case_pause {
  int64_t from_ms, to_ms; /* to_ms INT64_MAX: rests still */
};
/* When things happened to a case, by the `at` of records that count: what deadlines and figures
 * are worked out from. INT64_MAX: it has not happened. */
struct case_times {
  int64_t answered_ms; /* first taken up (accepted, assigned, signed for, merged), refused or
                        * resolved */
  int64_t resolved_ms; /* last resolved */
  struct case_round *rounds;
  size_t n_rounds; /* 0 where the opening is not here */
  struct case_pause *pauses;
  size_t n_pauses;
  enum case_class class;
  bool history; /* came from an older table: has no deadlines */
};

/* A case as it stands. */
struct case_view {
  enum case_state state;
  unsigned flags;
  const char *number; /* from its opening record; NULL if that is not here */
  int64_t opened_ms;  /* `at` of the opening record; 0 if that is not here */
  bool anonymous;
  bool needs_newer; /* holds a record that a newer version must judge */
  struct case_field fields[CASE_FIELDS];
  size_t conflict_count;     /* fields with more than one value */
  size_t *order;             /* the case's order: indexes into the records */
  struct yz_stamp *stamps;   /* as counted; by index of record */
  enum case_effect *effects; /* by index of record, not of order */
  size_t n_records;
  size_t *heads; /* records that no writer of another knew: indexes, in order */
  size_t n_heads;
  const char *last_result; /* of the follow-up that counts; NULL: none since the last reopening */
  const char *solved;      /* what that one said of it: "yes", "partly", "no"; NULL: nothing */
  bool same_hand;          /* who asked for that answer is who had resolved */
  bool unasked;            /* closed as one whom no one can be asked about */
  bool requested;          /* something was asked of the township that it has not answered */
  bool has_about;
  struct yz_key about; /* the worker whom it is about */
  bool has_into;
  struct yz_hash into;         /* the opening of the case that it is the same matter as */
  struct yz_hash merge;        /* the record that says so, */
  struct yz_stamp merge_stamp; /* and its stamp as counted */
  bool to_office;              /* `assigned` names one of the township's offices */
  bool to_worker;              /* it names this one: */
  struct yz_key worker;
  struct case_times times;
};

/* Folds a set of records, in any order, duplicates not allowed, into a view. policies: what
 * the township has settled in this ledger; NULL: nothing.
 * Returns 0, or -1 when memory ran out (out is then empty). finish frees.
 *
 * The order is what a writer knew first (heads, and what its own log holds of the case
 * before), then stamp as counted (node/cases/stamp.h), then id. A head that is not in the
 * set is ignored; a record that has nothing else hangs on the opening. So what a record's writer
 * knew is known only as far as it is in the set: where something is missing a move can lack its
 * effect until it comes, and every node that holds the same set shows the same meanwhile. Of a set
 * that holds all ancestors of its records, more records change no order among them, and no
 * EFFECT_REQUEST, EFFECT_NONE or EFFECT_NEWER.
 *
 * 3 n^2 / 16 bytes of memory while it runs: 75 MB for 20,000 records. */
int case_fold(const struct case_record *records, size_t n, const struct case_policies *policies,
              struct case_view *out) __attribute__((warn_unused_result));
/* NULL allowed. */
void case_view_finish(struct case_view *view);

/* May this move be made on a case that looks like this? NULL: yes. Otherwise a
 * static translatable sentence that says why not and what to do instead.
 * has_reason: the move carries a reason (closing without a satisfied follow-up
 * needs one, but for a refused case, whose refusal says it), or says that no one can be followed up
 * where that is so. What rests is not paused again, what does not is not resumed, though a reader
 * lets either count. by_hub as above. view is
 * NULL for CASE_OPEN alone. Where moves made apart left several states standing, the move that
 * leads to the one that counts may be made again: it settles the conflict in its favour. */
const char *case_move_refused(enum case_move move, const struct case_view *view, bool by_hub,
                              bool has_reason);

/* Why this move is not for its author or for whom it names, where the case is about one of
 * them; NULL: nothing is against it. plain: the move's own members; NULL: none. */
const char *case_about_refused(enum case_move move, const struct case_view *view,
                               const struct yz_key *by, const json_t *plain);

/* Is this move the township's alone where the township has taken a case up? satisfied: the
 * answer that counts. */
bool case_move_townships(enum case_move move, bool satisfied);

/* Does this move only say something, and change nothing of how the case stands? */
bool case_move_only_tells(enum case_move move);

/* Can this move be one that is the township's head's alone? */
bool case_move_heads(enum case_move move);

/* The same as case_move_refused for what CASE_SETTLE says beside: are these values of the view that
 * were written apart? plain, content: the move's own members; NULL: none. */
const char *case_settle_refused(const struct case_view *view, const json_t *plain,
                                const json_t *content);

/* Are a move's own members, and its content, such as this version's own reader knows? own: what
 * its record has beside the general members. For who is about to write it. */
bool case_draft_known(enum case_move move, const json_t *own, const json_t *content);

/* Is the content of this record, and the record itself, of the shape that this
 * version knows (FORMAT.md §14)? false: it needs a newer version. */
bool case_record_known(const char *type, const json_t *plain, const json_t *content);
/* The same for `case.carry`, which is no move but holds a record of another ledger. */
bool case_carry_known(const json_t *plain, const json_t *content);

#endif
