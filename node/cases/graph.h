/* The records of a case as a graph, in the case's order (sync/DESIGN.md (e)):
 * what a writer knew before what it wrote; then stamp as counted; then id. A writer knew
 * the heads that it names and, whether it says so or not, what its own log holds of the
 * case before. From here on a record is known by its position in that order. A function
 * of the set of records alone.
 *
 * What a set can hold that a case should not:
 *   - A head that is not in the set is ignored. The record then hangs on its
 *     other heads, and one that has none left on the opening record, which it
 *     names as its case. When what was missing comes the fold is another,
 *     and the same on every node that has it.
 *   - An opening has no heads, whatever it says. Of several the least id counts.
 *   - Two records at one place of a log: neither knew the other; who follows them in that
 *     log knew the one with the greater id.
 *   - A circle (or a record that names itself) cannot be made, as ids are hashes.
 *     If there were one, the least id that waits would come next, without those
 *     of its heads that come later. */
#ifndef YIZHAN_NODE_GRAPH_H
#define YIZHAN_NODE_GRAPH_H

#include "node/cases/stamp.h"

struct case_graph {
  size_t n;
  size_t opening;          /* position of the opening record; n when it is not in the set */
  size_t *order;           /* position → index of the record */
  struct yz_stamp *stamps; /* by index of record: as counted */
  uint32_t *rank;          /* by position: its place among all by stamp as counted, then id */
  size_t *parents_from;    /* by position: where its parents begin; n + 1 entries */
  uint32_t *parents;       /* positions of what its writer knew, all earlier, the latest first */
};

/* 0, or -1 when memory ran out (g is then empty). finish frees. */
int case_graph_init(struct case_graph *g, const struct case_record *records, size_t n)
    __attribute__((warn_unused_result));
void case_graph_finish(struct case_graph *g);

#endif
