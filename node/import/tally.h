/* How often each of many hashes came. */
#ifndef YIZHAN_NODE_IMPORT_TALLY_H
#define YIZHAN_NODE_IMPORT_TALLY_H

#include <stddef.h>
#include <yizhan/types.h>

struct tally {
  struct tally_place {
    struct yz_hash hash;
    size_t count;
  } * places;
  size_t n, cap;
};
/* Counts one more, and sets *before to how many there were. YZ_E_MEMORY. An empty
 * tally is {0}. */
int tally_add(struct tally *t, const struct yz_hash *hash, size_t *before);
void tally_finish(struct tally *t);

#endif
