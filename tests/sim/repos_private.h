/* Shared by repos.c (objects and refs) and repos_copy.c (what goes from one to another). */
#ifndef YIZHAN_TESTS_SIM_REPOS_PRIVATE_H
#define YIZHAN_TESTS_SIM_REPOS_PRIVATE_H

#include <git2/sys/odb_backend.h>

#include "repos.h"
#include "sync/git/git.h"

/* Objects never change: repositories share their bytes. */
struct object {
  git_oid id;
  git_object_t type;
  size_t len;
  unsigned char *bytes;
};

struct objects {
  struct object *slots; /* an empty one has no bytes */
  size_t n, cap;
};

struct backend {
  git_odb_backend parent;
  struct objects objects;
};

struct repo {
  char *path;
  git_odb *odb;
  git_repository *git;
  struct backend *backend; /* the odb's */
  struct repo_ref *refs;
  size_t n, cap;
};

/* NULL: it is not there. */
const struct object *objects_find(const struct objects *o, const git_oid *id);
void objects_put(struct objects *o, const struct object *object);
struct repo *repo_of(const struct yz_ledger *l);

#endif
