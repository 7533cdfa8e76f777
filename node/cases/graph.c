#include <stdlib.h>
#include <string.h>

#include <yizhan/record.h>

#include "node/cases/graph.h"

enum { NOT_PLACED = -1 };

/* A record by its id; the prefix spares most comparisons a look elsewhere. */
struct by_id {
  uint64_t prefix;
  const struct case_record *record;
};

/* A record by stamp as counted, then id. */
struct by_stamp {
  struct yz_stamp stamp;
  uint32_t id_rank, index;
};

/* Edges of all records in one run: those of record i begin at from[i]. */
struct edges {
  size_t *from;
  uint32_t *to;
};

/* What is needed while the order is made; by index of record but for `ids`,
 * which is sorted by id, and `heap`, the records that may come next. */
struct builder {
  const struct case_record *records;
  size_t n, n_heap, n_placed;
  struct by_id *ids;
  uint32_t *before;      /* what its own log holds of the case right before it; n: nothing */
  struct edges up, down; /* to what its writer knew, and back from there */
  uint32_t *pending;     /* of these, how many are not placed yet */
  int32_t *position;
  struct by_stamp *counted;
  struct by_stamp *heap;
};

static int compare_ids(const void *a, const void *b) {
  const struct by_id *x = a, *y = b;
  if (x->prefix != y->prefix) return x->prefix < y->prefix ? -1 : 1;
  return memcmp(x->record->id.bytes, y->record->id.bytes, YZ_HASH_LEN);
}

/* Pointers to records by where they stand; of one place (a log in two versions) by id. */
static int compare_places(const void *a, const void *b) {
  const struct case_record *x = *(const struct case_record *const *)a,
                           *y = *(const struct case_record *const *)b;
  int by_log = memcmp(&x->log, &y->log, sizeof x->log);
  if (by_log != 0) return by_log;
  if (x->seq != y->seq) return x->seq < y->seq ? -1 : 1;
  return memcmp(&x->id, &y->id, sizeof x->id);
}

static int compare_stamps(const void *a, const void *b) {
  const struct by_stamp *x = a, *y = b;
  if (x->stamp.ms != y->stamp.ms) return x->stamp.ms < y->stamp.ms ? -1 : 1;
  if (x->stamp.count != y->stamp.count) return x->stamp.count < y->stamp.count ? -1 : 1;
  return x->id_rank < y->id_rank ? -1 : x->id_rank > y->id_rank;
}

static struct by_id id_key(const struct case_record *record) {
  struct by_id key = {0, record};
  for (int i = 0; i < 8; i++) key.prefix = key.prefix << 8 | record->id.bytes[i];
  return key;
}

static void sort_ids(struct builder *b) {
  for (size_t i = 0; i < b->n; i++) b->ids[i] = id_key(&b->records[i]);
  qsort(b->ids, b->n, sizeof *b->ids, compare_ids);
  for (size_t i = 0; i < b->n; i++) {
    size_t index = (size_t)(b->ids[i].record - b->records);
    b->counted[index].id_rank = (uint32_t)i;
    b->counted[index].index = (uint32_t)index;
  }
}

/* The index of the record with this id; n when it is not in the set. */
static size_t find(const struct builder *b, const struct yz_hash *id) {
  struct case_record wanted = {.id = *id};
  struct by_id key = id_key(&wanted);
  const struct by_id *found = bsearch(&key, b->ids, b->n, sizeof key, compare_ids);
  return found == NULL ? b->n : (size_t)(found->record - b->records);
}

/* A record that names the case it belongs to does not open it. */
static bool opens(const struct case_record *r) {
  return case_move_from_type(r->type) == CASE_OPEN && json_object_get(r->plain, "case") == NULL;
}

/* The index of the opening record; n when it is not in the set. */
static size_t find_opening(const struct builder *b) {
  for (size_t i = 0; i < b->n; i++)
    if (opens(b->ids[i].record)) return (size_t)(b->ids[i].record - b->records);
  return b->n;
}

/* Whoever writes in a log knows what it holds: fills b->before. */
static int find_before(struct builder *b) {
  const struct case_record **places = calloc(b->n + 1, sizeof(void *));
  const struct case_record *before = NULL, *last = NULL;
  if (places == NULL) return -1;
  for (size_t i = 0; i < b->n; i++) places[i] = &b->records[i];
  qsort(places, b->n, sizeof(void *), compare_places);
  for (size_t k = 0; k < b->n; k++) {
    const struct case_record *r = places[k];
    bool same_log = last != NULL && memcmp(&last->log, &r->log, sizeof r->log) == 0;
    if (!same_log)
      before = NULL;
    else if (last->seq < r->seq)
      before = last;
    b->before[r - b->records] = (uint32_t)(before != NULL ? (size_t)(before - b->records) : b->n);
    last = r;
  }
  free(places);
  return 0;
}

/* Fills b->up with the heads that are in the set, and what stands before in the record's log. */
static void link_heads(struct builder *b, size_t opening) {
  size_t edge = 0;
  for (size_t i = 0; i < b->n; i++) {
    const struct case_record *r = &b->records[i];
    b->up.from[i] = edge;
    for (size_t k = 0; i != opening && k < r->n_heads; k++) {
      size_t head = find(b, &r->heads[k]);
      if (head < b->n) b->up.to[edge++] = (uint32_t)head;
    }
    if (i != opening && b->before[i] < b->n) b->up.to[edge++] = b->before[i];
    if (edge == b->up.from[i] && i != opening && opening < b->n)
      b->up.to[edge++] = (uint32_t)opening;
    b->pending[i] = (uint32_t)(edge - b->up.from[i]);
  }
  b->up.from[b->n] = edge;
}

/* Turns every edge of `up` round into `down`. */
static void link_back(struct builder *b) {
  size_t *from = b->down.from, n_edges = b->up.from[b->n];
  for (size_t e = 0; e < n_edges; e++) from[b->up.to[e] + 2]++;
  for (size_t i = 2; i < b->n + 2; i++) from[i] += from[i - 1];
  /* from[i + 1] is where i's edges begin; filling moves it to where they end. */
  for (size_t i = 0; i < b->n; i++)
    for (size_t e = b->up.from[i]; e < b->up.from[i + 1]; e++)
      b->down.to[from[b->up.to[e] + 1]++] = (uint32_t)i;
}

/* (In a circle what is not placed yet counts as 0.) */
static struct yz_stamp counted_stamp(const struct builder *b, size_t i) {
  const struct yz_stamp *newest = NULL;
  for (size_t e = b->up.from[i]; e < b->up.from[i + 1]; e++) {
    const struct yz_stamp *known = &b->counted[b->up.to[e]].stamp;
    if (newest == NULL || yz_stamp_compare(*known, *newest) > 0) newest = known;
  }
  return case_stamp_counted(b->records[i].stamp, newest, b->records[i].ceiling_ms);
}

static void heap_swap(struct by_stamp *a, struct by_stamp *b) {
  struct by_stamp t = *a;
  *a = *b;
  *b = t;
}

static void heap_push(struct builder *b, size_t i) {
  b->counted[i].stamp = counted_stamp(b, i);
  size_t at = b->n_heap++;
  b->heap[at] = b->counted[i];
  for (; at > 0 && compare_stamps(&b->heap[at], &b->heap[(at - 1) / 2]) < 0; at = (at - 1) / 2)
    heap_swap(&b->heap[at], &b->heap[(at - 1) / 2]);
}

static size_t heap_pop(struct builder *b) {
  size_t index = b->heap[0].index;
  b->heap[0] = b->heap[--b->n_heap];
  for (size_t at = 0, next; (next = 2 * at + 1) < b->n_heap; at = next) {
    if (next + 1 < b->n_heap && compare_stamps(&b->heap[next + 1], &b->heap[next]) < 0) next++;
    if (compare_stamps(&b->heap[at], &b->heap[next]) <= 0) break;
    heap_swap(&b->heap[at], &b->heap[next]);
  }
  return index;
}

/* Gives the record its position; those that waited for it alone may be next. */
static void place(struct builder *b, size_t i, size_t *order) {
  b->position[i] = (int32_t)b->n_placed;
  order[b->n_placed++] = i;
  for (size_t e = b->down.from[i]; e < b->down.from[i + 1]; e++) {
    uint32_t child = b->down.to[e];
    if (b->pending[child] > 0 && --b->pending[child] == 0) heap_push(b, child);
  }
}

static void place_all(struct builder *b, size_t *order) {
  size_t least = 0;
  for (size_t i = 0; i < b->n; i++) {
    b->position[i] = NOT_PLACED;
    if (b->pending[i] == 0) heap_push(b, i);
  }
  while (b->n_placed < b->n) {
    if (b->n_heap == 0) { /* a circle */
      while (b->position[b->ids[least].record - b->records] != NOT_PLACED) least++;
      size_t i = (size_t)(b->ids[least].record - b->records);
      b->pending[i] = 0;
      heap_push(b, i);
    }
    place(b, heap_pop(b), order);
  }
}

/* The parents of each position: visited from the last, so that each list
 * begins with its latest. */
static void link_positions(struct builder *b, struct case_graph *g) {
  size_t *from = g->parents_from;
  for (size_t p = 0; p < b->n; p++) {
    size_t i = g->order[p];
    from[p + 1] = from[p] + (b->up.from[i + 1] - b->up.from[i]);
  }
  size_t *end = b->up.from; /* no longer needed: by position, where its next parent goes */
  memcpy(end, from, b->n * sizeof *end);
  for (size_t p = b->n; p-- > 0;) {
    size_t i = g->order[p];
    for (size_t e = b->down.from[i]; e < b->down.from[i + 1]; e++) {
      size_t child = (size_t)b->position[b->down.to[e]];
      if (child > p) g->parents[end[child]++] = (uint32_t)p;
    }
  }
  /* Edges that a broken circle dropped leave gaps: close them. */
  size_t edge = 0;
  for (size_t p = 0; p < b->n; p++) {
    size_t first = from[p];
    from[p] = edge;
    while (first < end[p]) g->parents[edge++] = g->parents[first++];
  }
  from[b->n] = edge;
}

static void rank_positions(struct builder *b, struct case_graph *g) {
  for (size_t i = 0; i < b->n; i++) g->stamps[i] = b->counted[i].stamp;
  qsort(b->counted, b->n, sizeof *b->counted, compare_stamps);
  for (size_t k = 0; k < b->n; k++) g->rank[b->position[b->counted[k].index]] = (uint32_t)k;
}

static int allocate(struct builder *b, struct case_graph *g) {
  size_t n = b->n, n_edges = 2 * n;
  for (size_t i = 0; i < n; i++) n_edges += b->records[i].n_heads;
  b->ids = calloc(n + 1, sizeof *b->ids);
  b->before = calloc(n + 1, sizeof *b->before);
  b->up.from = calloc(n + 1, sizeof *b->up.from);
  b->up.to = calloc(n_edges + 1, sizeof *b->up.to);
  b->down.from = calloc(n + 2, sizeof *b->down.from);
  b->down.to = calloc(n_edges + 1, sizeof *b->down.to);
  b->pending = calloc(n + 1, sizeof *b->pending);
  b->position = calloc(n + 1, sizeof *b->position);
  b->counted = calloc(n + 1, sizeof *b->counted);
  b->heap = calloc(n + 1, sizeof *b->heap);
  g->order = calloc(n + 1, sizeof *g->order);
  g->stamps = calloc(n + 1, sizeof *g->stamps);
  g->rank = calloc(n + 1, sizeof *g->rank);
  g->parents_from = calloc(n + 1, sizeof *g->parents_from);
  g->parents = calloc(n_edges + 1, sizeof *g->parents);
  bool all = b->ids && b->before && b->up.from && b->up.to && b->down.from && b->down.to &&
             b->pending && b->position && b->counted && b->heap && g->order && g->stamps &&
             g->rank && g->parents_from && g->parents;
  return all ? 0 : -1;
}

static void release(struct builder *b) {
  free(b->ids);
  free(b->before);
  free(b->up.from);
  free(b->up.to);
  free(b->down.from);
  free(b->down.to);
  free(b->pending);
  free(b->position);
  free(b->counted);
  free(b->heap);
}

int case_graph_init(struct case_graph *g, const struct case_record *records, size_t n) {
  struct builder b = {.records = records, .n = n};
  *g = (struct case_graph){.n = n};
  int rc = n > INT32_MAX ? -1 : allocate(&b, g);
  if (rc == 0) rc = find_before(&b);
  if (rc != 0) goto done;
  sort_ids(&b);
  size_t opening = find_opening(&b);
  link_heads(&b, opening);
  link_back(&b);
  place_all(&b, g->order);
  g->opening = opening < n ? (size_t)b.position[opening] : n;
  link_positions(&b, g);
  rank_positions(&b, g);
done:
  release(&b);
  if (rc != 0) case_graph_finish(g);
  return rc;
}

void case_graph_finish(struct case_graph *g) {
  free(g->order);
  free(g->stamps);
  free(g->rank);
  free(g->parents_from);
  free(g->parents);
  *g = (struct case_graph){0};
}
