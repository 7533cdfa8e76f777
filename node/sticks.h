/* Sticks that are put in: the kernel tells of each file system that is mounted. One with a folder
 * YIZHAN (or any, where that is wanted) is visited in a child process, one after the other: what
 * the stick holds can at most end that one. The child follows no link out of the stick, opens
 * nothing of it but what the visit opens below that folder, writes all back to it, lets go of it
 * and asks udisks, where it is there, to unmount it. */
#ifndef YIZHAN_NODE_STICKS_H
#define YIZHAN_NODE_STICKS_H

#include "node.h"

enum { STICKS_PATH = 4096 };

struct sticks {
  const char *dir; /* the node's, absolute: one that watches a folder is enough */
  const struct yz_world *world;
  bool any; /* also what has no such folder, and is mounted below /media, /run/media or /mnt while
               this runs: it is made */
  /* In the child, whose current folder is the stick's: its exit status, 0 to 63. folder is what to
   * call it. */
  int (*visit)(void *ctx, const char *folder);
  /* In the caller's process, once the child has ended. lost: the stick did not keep what was
   * written, or went while that was under way. */
  void (*ended)(void *ctx, const char *folder, int status, bool lost);
  void *ctx;
};
/* Returns once SIGTERM or SIGINT ends it; both are blocked from then on, and SIGCHLD. YZ_E_BUSY:
 * another process does this for this folder; YZ_E_IO. */
int sticks_run(const struct sticks *s, struct yz_error *err) YZ_MUST_CHECK;

#endif
