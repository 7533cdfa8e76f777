/* Holding: what is written waits in memory, and goes to the disk as one pack with
 * one flush, where each object by itself would cost one. */
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "sync/git/git.h"

enum { BEFORE_ALL = 100 }; /* priority of the store in memory: writes go there */

int yz_ledger_hold(struct yz_ledger *l, struct yz_error *err) {
  int rc = git_mempack_new(&l->held);
  if (rc == 0) rc = git_odb_add_backend(l->odb, l->held, BEFORE_ALL);
  if (rc == 0) return 0;
  l->held = NULL;
  return yz_git_fail(err, rc, l->path);
}

static bool is_held(void *ctx, const git_oid *id) {
  git_odb_backend *held = ctx;
  return held->exists(held, id) != 0;
}

/* What the commits written meanwhile reach, as far as it lies in memory. */
static int write_held(struct yz_ledger *l, struct yz_error *err) {
  struct yz_packing p = {.wanted = is_held, .ctx = l->held};
  char name[YZ_GIT_PACK_NAME];
  int64_t size;
  int rc = yz_packing_init(&p, l->repo, l->odb, err);
  for (size_t i = l->held_commits.n; rc == 0 && i-- > 0;)
    rc = yz_packing_add(&p, &l->held_commits.ids[i], err);
  if (rc == 0) rc = yz_packing_write(&p, l->packs, name, &size, err);
  yz_packing_finish(&p);
  return rc;
}

int yz_ledger_release(struct yz_ledger *l, bool keep, struct yz_error *err) {
  int rc = keep && l->held_commits.n > 0 ? write_held(l, err) : 0;
  yz_oidlist_finish(&l->held_commits);
  l->held = NULL;
  /* libgit2 lets go of a store in memory only with the repository. */
  int reopened = yz_git_reopen(l, rc == 0 ? err : NULL);
  return rc == 0 ? reopened : rc;
}
