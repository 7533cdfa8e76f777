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
                           .scratch = calloc(row, sizeof *r->scratch)};
  bool all = r->seen != NULL && r->scratch != NULL;
  for (int m = 0; m < MARKS; m++) {
    r->superseded[m] = calloc(words, sizeof *r->superseded[m]);
    r->moves[m] = calloc(row, sizeof *r->moves[m]);
    all = all && r->superseded[m] != NULL && r->moves[m] != NULL;
  }
  if (all) return 0;
  case_reach_finish(r);
  return -1;
}

void case_reach_finish(struct case_reach *r) {
  free(r->seen);
  free(r->scratch);
  for (int m = 0; m < MARKS; m++) {
    free(r->superseded[m]);
    free(r->moves[m]);
  }
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
  uint64_t *rows[] = {r->seen, r->superseded[MARK_STATE], r->superseded[MARK_ANSWER]};
  uint64_t *seen = r->seen + row_start(p);
  for (size_t e = g->parents_from[p]; e < g->parents_from[p + 1]; e++) {
    size_t parent = g->parents[e];
    if (has_bit(seen, parent)) continue; /* a later parent has brought all it knows */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
      uint64_t *to = rows[i] + row_start(p);
      const uint64_t *from = rows[i] + row_start(parent);
      for (size_t w = 0; w < case_reach_words(parent); w++) to[w] |= from[w];
    }
  }
  seen[p / 64] |= bit(p);
}

void case_reach_supersede(struct case_reach *r, size_t p, enum case_mark mark) {
  const uint64_t *seen = r->seen + row_start(p);
  uint64_t *superseded = r->superseded[mark] + row_start(p);
  for (size_t w = 0; w < case_reach_words(p); w++) superseded[w] = seen[w];
  superseded[p / 64] &= ~bit(p);
  r->moves[mark][p / 64] |= bit(p);
}

uint64_t case_reach_standing(const struct case_reach *r, size_t p, size_t word,
                             enum case_mark mark) {
  size_t start = row_start(p) + word;
  return r->seen[start] & ~r->superseded[mark][start] & r->moves[mark][word];
}
