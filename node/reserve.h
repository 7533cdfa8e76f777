/* A reserve of disk: DIR/reserve, a file without content that takes room from the start,
 * so that a node whose disk somebody else filled can still record what people ask for,
 * make a backup and hand its records on. It is as large as the store and 8 MiB more
 * (sync/DESIGN.md says why), shrinks as room is needed, and grows back when there is some. */
#ifndef YIZHAN_NODE_RESERVE_H
#define YIZHAN_NODE_RESERVE_H

#include <stdbool.h>
#include <yizhan/world.h>

enum { RESERVE_WRITE = 1 << 20 }; /* what must be free before something is written */

struct reserve {
  int64_t held, whole; /* bytes it holds, and should hold; 0 where there is no store */
  int64_t disk_free;   /* -1: unknown */
  bool low;            /* too little is free to keep the reserve whole, or soon will be */
};
/* Not there, or not to be asked: held is 0. */
void reserve_look(const struct yz_world *world, const char *dir, struct reserve *out);
/* How much room there is, by class: "ok", "low", "full"; "" where it is unknown. last: what was
 * said before ("": nothing); it stays so until there is clearly more or less. */
const char *reserve_class(int64_t disk_free, const char *last);
/* Makes the reserve whole, as far as the disk has room for it and for more. */
void reserve_keep(const struct yz_world *world, const char *dir);
/* Gives up as much of the reserve of dir as it takes for `need` bytes to be free in the
 * folder `where`. Whether they are is seen when they are written. */
void reserve_give(const struct yz_world *world, const char *dir, const char *where, int64_t need);

#endif
