/* Registers that keep every value written apart: what no other write has seen
 * stands; several different values are a conflict, the weightiest counts. */
#ifndef YIZHAN_NODE_REGISTER_H
#define YIZHAN_NODE_REGISTER_H

#include "node/cases/reach.h"

struct case_write {
  size_t position;
  uint64_t weight;   /* of writes made apart the greatest counts; no two alike */
  const char *value; /* NULL: cleared */
  bool weak;         /* does not end what it has seen */
  size_t settles;    /* of a settlement: the position it settled on; CASE_NO_RECORD: it is none */
};

/* Keeps, of n writes in order of position, those that no later one has seen
 * (but weak ones, which end nothing). Returns how many; their order stays. */
size_t case_writes_standing(const struct case_reach *r, struct case_write *writes, size_t n);

/* Makes field's values from n standing writes, n > 0: each different value
 * once, the weightiest first. Reorders the writes. 0, or -1 when memory ran
 * out. field->values is the caller's to free. */
int case_register(const struct case_graph *g, struct case_write *writes, size_t n,
                  struct case_field *field) __attribute__((warn_unused_result));

/* The same value? NULL only as NULL. */
bool case_value_equal(const char *a, const char *b);

#endif
