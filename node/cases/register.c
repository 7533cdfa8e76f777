#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/register.h"

size_t case_writes_standing(const struct case_reach *r, struct case_write *writes, size_t n) {
  uint64_t *ended = r->scratch;
  size_t kept = n;
  memset(ended, 0, case_reach_words(r->graph->n) * sizeof *ended);
  /* From the last back: what a standing write has seen, those it ended have seen too. */
  for (size_t i = n; i-- > 0;) {
    size_t p = writes[i].position;
    if ((ended[p / 64] >> p % 64 & 1) != 0) continue;
    writes[--kept] = writes[i];
    if (writes[kept].weak) continue;
    const uint64_t *seen = case_reach_seen(r, p);
    for (size_t w = 0; w < case_reach_words(p); w++) ended[w] |= seen[w];
  }
  memmove(writes, writes + kept, (n - kept) * sizeof *writes);
  return n - kept;
}

bool case_value_equal(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int compare_weights(const void *a, const void *b) {
  const struct case_write *x = a, *y = b;
  return x->weight > y->weight ? -1 : x->weight < y->weight;
}

static int compare_values(const void *a, const void *b) {
  const struct case_write *x = a, *y = b;
  if (case_value_equal(x->value, y->value)) return compare_weights(a, b);
  if (x->value == NULL || y->value == NULL) return x->value == NULL ? -1 : 1;
  return strcmp(x->value, y->value);
}

int case_register(const struct case_graph *g, struct case_write *writes, size_t n,
                  struct case_field *field) {
  size_t different = 0;
  assert(n > 0);
  qsort(writes, n, sizeof *writes, compare_values);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || !case_value_equal(writes[i].value, writes[different - 1].value))
      writes[different++] = writes[i];
  qsort(writes, different, sizeof *writes, compare_weights);
  field->values = calloc(different, sizeof *field->values);
  if (field->values == NULL) return -1;
  field->n_values = different;
  for (size_t i = 0; i < different; i++)
    field->values[i] =
        (struct case_value){.value = writes[i].value, .record = g->order[writes[i].position]};
  return 0;
}
