/* A branch being read, commit by commit: branch.c decides which commits, branch_commit.c
 * reads one. */
#ifndef YIZHAN_SYNC_BRANCH_H
#define YIZHAN_SYNC_BRANCH_H

#include "intake.h"

enum { FILES_MAX = 2100 }; /* files one commit may change; publish.c makes none so large */

struct file {
  char path[YZ_MAX_PATH];
  struct yz_oid blob;
  int64_t first;      /* 0: ack.json, epoch.json, a piece */
  bool other;         /* of another log's segment */
  const char *ending; /* within path */
};

struct changes {
  struct file *files;
  size_t n;
  struct yz_id log;  /* whose branch it is */
  enum yz_kind kind; /* of which branch of it */
  bool bad;          /* something that may not be there */
};

struct branch {
  struct intake *in;
  struct yz_log_row *row;
  char ref[REF_ROOM]; /* as the store names it: refs/heads/… */
  enum yz_kind kind;
  bool has_good;
  bool by_hub;        /* what counts was begun by the hub in its node's place; where has_good */
  struct yz_oid good; /* newest commit that counts */
  size_t taken;       /* bytes of files and commits since the transaction began */
};

/* What to make of something that git did not give: a fault of ours is returned and ends
 * the intake; one of what came breaks the rule commit.tree. */
int branch_unread(struct branch *b, int rc, const char **rule) YZ_MUST_CHECK;

/* Takes one commit that follows b->good, in an open transaction: *rule NULL when it
 * counts (it is b->good now), else only its evidence was kept. */
int branch_take_commit(struct branch *b, const struct yz_oid *oid, const char **rule) YZ_MUST_CHECK;
/* Would the commit count, and its segment agree with the records that are here?
 * Moves b->good; stores nothing. *last: the segment's last seq, if it has one. */
int branch_try_commit(struct branch *b, const struct yz_oid *oid, int64_t *last,
                      const char **rule) YZ_MUST_CHECK;

/* Keys that were refused may open what is erased: they do not stay in git. In an open transaction.
 */
int branch_leave_none(struct branch *b) YZ_MUST_CHECK;

/* Is it the hub that signed this commit in place of the branch's node? */
bool branch_by_hub(const struct branch *b, const struct yz_commit_view *view);

/* The epoch of a keys/ branch as taken in so far; 0: none. */
int branch_epoch(struct branch *b, int64_t *n) YZ_MUST_CHECK;

#endif
