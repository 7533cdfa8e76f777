#include <stdlib.h>
#include <string.h>
#include <yizhan/error.h>

#include "tally.h"

/* Open addressing. cap is a power of two, and a quarter of it is always free. */
static struct tally_place *find(struct tally_place *places, size_t cap,
                                const struct yz_hash *hash) {
  size_t at;
  memcpy(&at, hash->bytes, sizeof at);
  for (at &= cap - 1; places[at].count > 0; at = (at + 1) & (cap - 1))
    if (memcmp(places[at].hash.bytes, hash->bytes, YZ_HASH_LEN) == 0) break;
  return &places[at];
}

static int grow(struct tally *t) {
  size_t cap = t->cap > 0 ? 2 * t->cap : 256;
  struct tally_place *places = calloc(cap, sizeof *places);
  if (places == NULL) return YZ_E_MEMORY;
  for (size_t i = 0; i < t->cap; i++)
    if (t->places[i].count > 0) *find(places, cap, &t->places[i].hash) = t->places[i];
  free(t->places);
  t->places = places;
  t->cap = cap;
  return 0;
}

int tally_add(struct tally *t, const struct yz_hash *hash, size_t *before) {
  if (t->n >= t->cap / 4 * 3 && grow(t) != 0) return YZ_E_MEMORY;
  struct tally_place *place = find(t->places, t->cap, hash);
  *before = place->count++;
  if (*before == 0) {
    place->hash = *hash;
    t->n++;
  }
  return 0;
}

void tally_finish(struct tally *t) {
  free(t->places);
  *t = (struct tally){0};
}
