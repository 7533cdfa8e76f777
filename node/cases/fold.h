/* The fold of a case while it is being made: what fold.c and judge.c share. From here on a
 * record is known by its position in the case's order. */
#ifndef YIZHAN_NODE_FOLD_H
#define YIZHAN_NODE_FOLD_H

#include "node/cases/moves.h"
#include "node/cases/policy.h"
#include "node/cases/register.h"

struct fold {
  const struct case_record *records;
  const struct case_policies *policies; /* NULL: the township has settled nothing */
  struct case_graph graph;
  struct case_reach reach;
  enum case_move *moves;         /* by position; CASE_MOVES for a type that is not known */
  struct case_outcome *outcomes; /* by position; of records without effect: nothing */
  uint64_t *weights;             /* by position: of the moves made apart the greatest wins */
  size_t *settles;    /* by position: of a settlement that names a state, the move it settled on */
  uint64_t *township; /* bits: what makes the case the township's */
  uint64_t *unhappy;  /* bits: answers of someone who is not satisfied */
  struct case_write *writes; /* room for one of each record */
  struct case_view *view;
};

const struct case_record *fold_record(const struct fold *f, size_t p);
enum case_effect *fold_effect(const struct fold *f, size_t p);
/* Does it count, whether or not it won? */
bool fold_counts(const struct fold *f, size_t p);

/* A settlement at p, on what stands at `chosen`, made apart from another write: does it give
 * way? To one by someone who had seen what was chosen, since a settlement only says again what
 * was said; of two settlements to the weightier. So none makes a new conflict. */
bool fold_gives_way(const struct fold *f, size_t p, size_t chosen, size_t other);

/* Judges the records by what each one's writer knew, in order: their effects, outcomes, weights,
 * and the view's flags. The reach is full then. */
void fold_judge(struct fold *f);

#endif
