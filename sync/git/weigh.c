/* What a commit brings that its parent has not: weighed as a pack would hold it. */
#include <zlib.h>

#include "sync/git/git.h"

enum { OBJECT_HEAD = 10, LEVELS = YZ_GIT_MAX_LEVELS };

/* As it lies in a pack, or a little more: deflated in haste. */
static int deflated(const void *bytes, size_t n, int64_t *out) {
  unsigned char sink[16384];
  z_stream z = {0};
  if (deflateInit(&z, Z_BEST_SPEED) != Z_OK) return YZ_E_MEMORY;
  z.next_in = (unsigned char *)(uintptr_t)bytes;
  z.avail_in = (uInt)n;
  do {
    z.next_out = sink;
    z.avail_out = sizeof sink;
    (void)deflate(&z, Z_FINISH);
  } while (z.avail_out == 0);
  *out += (int64_t)z.total_out + OBJECT_HEAD;
  (void)deflateEnd(&z);
  return 0;
}

static int weigh_object(struct yz_ledger *l, const git_oid *id, git_object_t type, int64_t *out,
                        struct yz_error *err) {
  git_odb_object *obj = NULL;
  int rc = yz_git_read(l->odb, id, type, YZ_GIT_MAX_OBJECT, &obj, err);
  if (rc < 0) return rc;
  rc = deflated(git_odb_object_data(obj), git_odb_object_size(obj), out);
  git_odb_object_free(obj);
  return rc < 0 ? yz_git_no_memory(err) : 0;
}

/* old: the folder of this name in the parent; NULL: none. */
static int weigh_tree(struct yz_ledger *l, const git_oid *old, const git_oid *id, int levels,
                      int64_t *out, struct yz_error *err) {
  git_tree *before = NULL, *now = NULL;
  int rc = weigh_object(l, id, GIT_OBJECT_TREE, out, err);
  if (rc == 0) rc = yz_git_read_tree(l->repo, l->odb, id, &now, err);
  if (rc == 0 && old != NULL) rc = yz_git_read_tree(l->repo, l->odb, old, &before, err);
  for (size_t i = 0; rc == 0 && levels < LEVELS && i < git_tree_entrycount(now); i++) {
    const git_tree_entry *e = git_tree_entry_byindex(now, i);
    const git_tree_entry *was =
        before == NULL ? NULL : git_tree_entry_byname(before, git_tree_entry_name(e));
    if (was != NULL && git_oid_equal(git_tree_entry_id(was), git_tree_entry_id(e))) continue;
    if (git_tree_entry_type(e) == GIT_OBJECT_BLOB)
      rc = weigh_object(l, git_tree_entry_id(e), GIT_OBJECT_BLOB, out, err);
    else if (git_tree_entry_type(e) == GIT_OBJECT_TREE)
      rc = weigh_tree(l,
                      was != NULL && git_tree_entry_type(was) == GIT_OBJECT_TREE
                          ? git_tree_entry_id(was)
                          : NULL,
                      git_tree_entry_id(e), levels + 1, out, err);
  }
  git_tree_free(before);
  git_tree_free(now);
  return rc;
}

int yz_ledger_weigh(struct yz_ledger *l, const struct yz_oid *commit, int64_t *bytes,
                    struct yz_error *err) {
  git_odb_object *obj = NULL;
  struct yz_commit_head head;
  git_oid id = yz_git_oid(commit), old;
  *bytes = 0;
  int rc = yz_git_read_head(l->odb, &id, &obj, &head, err);
  if (rc < 0) return rc;
  rc = deflated(git_odb_object_data(obj), git_odb_object_size(obj), bytes);
  if (rc < 0) rc = yz_git_no_memory(err);
  bool has_parent = head.n_parents > 0;
  if (rc == 0 && has_parent) {
    git_oid parent = yz_commit_head_parent(&head, 0);
    struct yz_oid of = yz_oid_of(&parent);
    rc = yz_git_tree_of(l, &of, &old, err);
  }
  if (rc == 0) rc = weigh_tree(l, has_parent ? &old : NULL, &head.tree, 0, bytes, err);
  git_odb_object_free(obj);
  return rc;
}
