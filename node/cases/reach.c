#include <stdlib.h>

#include "node/cases/reach.h"

size_t case_reach_words(size_t position) {
  return position / 64 + 1;
}

/* Where a row begins: the words of all rows before it. */
static size_t row_start(size_t position) {
  size_t blocks = position / 64;
  return 64 * (blocks * (blocks + 1) / 2) + position % 64 * (blocks + 1);
}

static bool has_bit(const uint64_t *row, size_t position) {
  return (row[position / 64] >> position % 64 & 1) != 0;
}

static uint64_t bit(size_t position) {
  return UINT64_C(1) << position % 64;
}

int case_reach_init(struct case_reach *r, const struct case_graph *g) {
  size_t words = row_start(g->n) + 1, row = case_reach_words(g->n);
  *r = (struct case_reach){.graph = g,
                           .seen = calloc(words, sizeof *r->seen),
                           .superseded = calloc(words, sizeof *r->superseded),
                           .moves = calloc(row, sizeof *r->moves),
                           .scratch = calloc(row, sizeof *r->scratch)};
  if (r->seen != NULL && r->superseded != NULL && r->moves != NULL && r->scratch != NULL) return 0;
  case_reach_finish(r);
  return -1;
}

void case_reach_finish(struct case_reach *r) {
  free(r->seen);
  free(r->superseded);
  free(r->moves);
  free(r->scratch);
  *r = (struct case_reach){0};
}

const uint64_t *case_reach_seen(const struct case_reach *r, size_t position) {
  return r->seen + row_start(position);
}

bool case_reach_has(const struct case_reach *r, size_t later, size_t earlier) {
  return earlier <= later && has_bit(case_reach_seen(r, later), earlier);
}

void case_reach_join(struct case_reach *r, size_t p) {
  const struct case_graph *g = r->graph;
  uint64_t *seen = r->seen + row_start(p), *superseded = r->superseded + row_start(p);
  for (size_t e = g->parents_from[p]; e < g->parents_from[p + 1]; e++) {
    size_t parent = g->parents[e];
    if (has_bit(seen, parent)) continue; /* a later parent has brought all it knows */
    const uint64_t *more_seen = r->seen + row_start(parent);
    const uint64_t *more_superseded = r->superseded + row_start(parent);
    for (size_t w = 0; w < case_reach_words(parent); w++) {
      seen[w] |= more_seen[w];
      superseded[w] |= more_superseded[w];
    }
  }
  seen[p / 64] |= bit(p);
}

void case_reach_supersede(struct case_reach *r, size_t p) {
  const uint64_t *seen = r->seen + row_start(p);
  uint64_t *superseded = r->superseded + row_start(p);
  for (size_t w = 0; w < case_reach_words(p); w++) superseded[w] = seen[w];
  superseded[p / 64] &= ~bit(p);
  r->moves[p / 64] |= bit(p);
}

uint64_t case_reach_standing(const struct case_reach *r, size_t p, size_t word) {
  size_t start = row_start(p) + word;
  return r->seen[start] & ~r->superseded[start] & r->moves[word];
}
