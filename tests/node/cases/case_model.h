/* What FORMAT.md §14 says of a case, worked out the slow way and by its sentences, not by the
 * program's table: for the fold to be held against. Sets of at most MODEL_MAX records, in an
 * order in which heads come before what names them. */
#ifndef YIZHAN_TESTS_CASE_MODEL_H
#define YIZHAN_TESTS_CASE_MODEL_H

#include "tests/node/cases/case_set.h"

enum { MODEL_MAX = 24 };

struct case_model {
  const struct case_set *s;
  bool seen[MODEL_MAX][MODEL_MAX]; /* by index: is the second an ancestor of the first? */
  struct yz_stamp stamps[MODEL_MAX];
  bool valid[MODEL_MAX];
  enum case_state to[MODEL_MAX]; /* CASE_STATES: sets none */
  size_t chosen[MODEL_MAX];      /* of a settlement: what it settled on */
};

void case_model(struct case_model *m, const struct case_set *s);
/* The state that counts of the whole set, and all that stand, as bits. */
enum case_state case_model_state(const struct case_model *m, unsigned *states);
bool case_model_paused(const struct case_model *m);
/* By how many days it is put off; -1: it was taken up again, so there are several rounds. */
int64_t case_model_days(const struct case_model *m);

#endif
