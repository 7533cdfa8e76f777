/* Who knew what: for each record of a graph the set of those it has seen (itself
 * and all ancestors), and which moves it knows to be superseded by others.
 * Rows of bits that fill three triangles, n^2 / 16 bytes each: 75 MB for 20,000
 * records, 5 MB for 5,000.
 *
 * Rows are filled in the graph's order: join(p), then supersede(p, …) if the move
 * at p counts and is of that kind. */
#ifndef YIZHAN_NODE_REACH_H
#define YIZHAN_NODE_REACH_H

#include "node/cases/graph.h"

enum case_mark {
  MARK_STATE,  /* sets the state */
  MARK_ANSWER, /* says whether someone is satisfied, or ends what was said of it */
  MARKS
};

struct case_reach {
  const struct case_graph *graph;
  uint64_t *seen;              /* rows by position */
  uint64_t *superseded[MARKS]; /* rows by position: what whoever names it knows to be superseded */
  uint64_t *moves[MARKS];      /* one row each: positions of the moves of that kind */
  uint64_t *scratch;           /* one row, for whoever needs it between two calls */
};

/* g must live as long. 0, or -1 when memory ran out. finish frees. */
int case_reach_init(struct case_reach *r, const struct case_graph *g)
    __attribute__((warn_unused_result));
void case_reach_finish(struct case_reach *r);

/* Words of the row of a position; its bits end with the position itself. */
size_t case_reach_words(size_t position);
const uint64_t *case_reach_seen(const struct case_reach *r, size_t position);
/* Has `later` seen `earlier` (or is it)? */
bool case_reach_has(const struct case_reach *r, size_t later, size_t earlier);

/* Fills the rows of p from those of its parents. */
void case_reach_join(struct case_reach *r, size_t p);
/* The move at p is of this kind: all such that it has seen is superseded for who sees it. */
void case_reach_supersede(struct case_reach *r, size_t p, enum case_mark mark);
/* A word of the moves of this kind that p's writer saw standing, p's own not among them. */
uint64_t case_reach_standing(const struct case_reach *r, size_t p, size_t word,
                             enum case_mark mark);

#endif
