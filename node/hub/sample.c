/* The township's own follow-up of a random sample: a drawing that anyone with the same cases can
 * make again from its seed. */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#include "../cases/sample.h"

struct ticket {
  struct yz_hash rank, id;
};
struct drawing {
  int64_t seed;
  struct ticket *tickets;
  size_t n, cap;
  struct yz_error *err;
};

static int add_ticket(void *arg, const struct yz_hash *id) {
  struct drawing *d = arg;
  if (d->n == d->cap) {
    size_t cap = d->cap > 0 ? 2 * d->cap : 256;
    struct ticket *tickets = realloc(d->tickets, cap * sizeof *tickets);
    if (tickets == NULL) return yz_no_memory(d->err);
    d->tickets = tickets;
    d->cap = cap;
  }
  struct ticket *ticket = &d->tickets[d->n++];
  ticket->id = *id;
  case_sample_rank(d->seed, id, &ticket->rank);
  return 0;
}

static int by_rank(const void *a, const void *b) {
  const struct ticket *x = a, *y = b;
  return memcmp(x->rank.bytes, y->rank.bytes, YZ_HASH_LEN);
}

/* Hands a case on, unless the township has asked there already: 1, 0, or negative. */
static int draw(struct node *n, const struct ticket *ticket, hub_sample_fn fn, void *arg,
                struct yz_error *err) {
  struct case_whole whole;
  int rc = store_load_case(n->store, &ticket->id, &whole, err);
  if (rc != 0) return rc;
  bool asked = case_asked_by_hub(whole.records, &whole.view);
  if (!asked) rc = fn(arg, &ticket->id, &whole);
  case_whole_finish(&whole);
  return rc != 0 ? rc : !asked;
}

int hub_sample(struct node *n, const struct hub_sample *sample, hub_sample_fn fn, void *arg,
               struct yz_error *err) {
  struct drawing d = {.seed = sample->seed, .err = err};
  int64_t drawn = 0;
  int rc = store_each_to_sample(n->store, sample->from_ms, sample->to_ms, add_ticket, &d, err);
  if (rc == 0 && d.n > 0) qsort(d.tickets, d.n, sizeof *d.tickets, by_rank);
  for (size_t i = 0; rc == 0 && i < d.n && drawn < sample->size; i++) {
    rc = draw(n, &d.tickets[i], fn, arg, err);
    drawn += rc == 1;
    if (rc == 1) rc = 0;
  }
  free(d.tickets);
  return rc;
}

int64_t hub_sample_seed(const struct node *n) {
  uint64_t seed;
  n->world->random(n->world->ctx, &seed, sizeof seed);
  return (int64_t)(seed >> (64 - HUB_SEED_BITS));
}
