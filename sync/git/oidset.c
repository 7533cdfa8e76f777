/* Sets and lists of object names. The set is an open hash table: object names
 * are hashes already. The zero name, which no object has, marks an empty slot
 * and counts as always in. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static size_t place_of(const git_oid *slots, size_t cap, const git_oid *id) {
  size_t at;
  memcpy(&at, id->id, sizeof at);
  for (at &= cap - 1; !git_oid_is_zero(&slots[at]) && !git_oid_equal(&slots[at], id);)
    at = (at + 1) & (cap - 1);
  return at;
}

static int grow(struct yz_oidset *set) {
  size_t cap = set->cap == 0 ? 256 : set->cap * 2;
  git_oid *slots = calloc(cap, sizeof *slots);
  if (slots == NULL) return YZ_E_MEMORY;
  for (size_t i = 0; i < set->cap; i++)
    if (!git_oid_is_zero(&set->slots[i]))
      slots[place_of(slots, cap, &set->slots[i])] = set->slots[i];
  free(set->slots);
  set->slots = slots;
  set->cap = cap;
  return 0;
}

int yz_oidset_add(struct yz_oidset *set, const git_oid *id) {
  if (yz_oidset_has(set, id)) return 0;
  if (set->n * 2 >= set->cap) {
    int rc = grow(set);
    if (rc < 0) return rc;
  }
  set->slots[place_of(set->slots, set->cap, id)] = *id;
  set->n++;
  return 1;
}

bool yz_oidset_has(const struct yz_oidset *set, const git_oid *id) {
  if (git_oid_is_zero(id)) return true;
  return set->cap > 0 && !git_oid_is_zero(&set->slots[place_of(set->slots, set->cap, id)]);
}

void yz_oidset_finish(struct yz_oidset *set) {
  if (set == NULL) return;
  free(set->slots);
  *set = (struct yz_oidset){0};
}

int yz_oidlist_push(struct yz_oidlist *list, const git_oid *id) {
  if (list->n == list->cap) {
    size_t cap = list->cap == 0 ? 64 : list->cap * 2;
    git_oid *ids = reallocarray(list->ids, cap, sizeof *ids);
    if (ids == NULL) return YZ_E_MEMORY;
    list->ids = ids;
    list->cap = cap;
  }
  list->ids[list->n++] = *id;
  return 0;
}

void yz_oidlist_finish(struct yz_oidlist *list) {
  if (list == NULL) return;
  free(list->ids);
  *list = (struct yz_oidlist){0};
}
