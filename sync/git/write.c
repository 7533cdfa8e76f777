/* Writing: blobs and the trees above them, then the commit over them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static bool path_is_good(const char *path) {
  int levels = 1;
  for (;; levels++) {
    size_t n = strcspn(path, "/");
    if (!yz_git_name_is_good(path, n)) return false;
    if (path[n] == '\0') return levels <= YZ_GIT_MAX_LEVELS;
    path += n + 1;
  }
}

static int check_change(const struct yz_change *change, struct yz_error *err) {
  if (strlen(change->path) > YZ_GIT_MAX_PATH || change->len > YZ_GIT_MAX_OBJECT)
    return yz_fail(err, YZ_E_LIMIT,
                   YZ_N_("A file for the ledger is too large, or its path is too long. Give it in "
                         "pieces."),
                   "%.100s", change->path);
  if (path_is_good(change->path)) return 0;
  return yz_fail(err, YZ_E_INPUT,
                 YZ_N_("A file in the ledger cannot have this path. Give another one."), "%s",
                 change->path);
}

static int write_blobs(struct yz_ledger *l, const struct yz_change *changes, size_t n,
                       git_tree_update *updates, struct yz_error *err) {
  for (size_t i = 0; i < n; i++) {
    int rc = check_change(&changes[i], err);
    if (rc < 0) return rc;
    updates[i] = (git_tree_update){
        .action = GIT_TREE_UPDATE_UPSERT, .filemode = GIT_FILEMODE_BLOB, .path = changes[i].path};
    rc = git_odb_write(&updates[i].id, l->odb, changes[i].bytes, changes[i].len, GIT_OBJECT_BLOB);
    if (rc < 0) return yz_git_fail(err, rc, changes[i].path);
  }
  return 0;
}

static int write_empty_tree(struct yz_ledger *l, git_oid *tree, struct yz_error *err) {
  int rc = git_odb_write(tree, l->odb, "", 0, GIT_OBJECT_TREE);
  return rc < 0 ? yz_git_fail(err, rc, l->path) : 0;
}

/* Reads and writes only the trees along the changed paths. */
static int write_trees(struct yz_ledger *l, const git_oid *base, const struct yz_change *changes,
                       size_t n, git_oid *tree, struct yz_error *err) {
  git_tree *baseline = NULL;
  git_tree_update *updates = calloc(n > 0 ? n : 1, sizeof *updates);
  int rc = updates == NULL ? yz_git_no_memory(err) : 0;
  if (rc == 0 && base != NULL) rc = yz_git_read_tree(l->repo, l->odb, base, &baseline, err);
  if (rc == 0) rc = write_blobs(l, changes, n, updates, err);
  if (rc < 0) goto done;
  if (n == 0 && base == NULL) {
    rc = write_empty_tree(l, tree, err);
    goto done;
  }
  rc = git_tree_create_updated(tree, l->repo, baseline, n, updates);
  if (rc < 0) rc = yz_git_fail(err, rc, n > 0 ? changes[0].path : l->path);
done:
  git_tree_free(baseline);
  free(updates);
  return rc;
}

int yz_ledger_prepare(struct yz_ledger *l, const struct yz_oid *parent,
                      const struct yz_change *changes, size_t n, const char *message,
                      int64_t time_ms, const struct yz_secret *seed, struct yz_buf *commit,
                      struct yz_error *err) {
  git_oid base, tree;
  if (parent != NULL) {
    int rc = yz_git_tree_of(l, parent, &base, err);
    if (rc < 0) return rc;
  }
  int rc = write_trees(l, parent == NULL ? NULL : &base, changes, n, &tree, err);
  if (rc < 0) return rc;
  return yz_git_compose(&tree, parent, parent == NULL ? 0 : 1, message, time_ms, seed, commit, err);
}

static int not_a_commit(struct yz_error *err) {
  return yz_fail(
      err, YZ_E_FORMAT,
      YZ_N_("The kept bytes of a commit are not those of a commit. Restore the database from a "
            "backup."),
      NULL);
}

int yz_ledger_replay(struct yz_ledger *l, const struct yz_change *changes, size_t n,
                     const void *commit, size_t commit_len, struct yz_error *err) {
  struct yz_commit_head head;
  if (!yz_commit_head_parse(commit, commit_len, &head)) return not_a_commit(err);
  git_oid base, tree;
  if (head.n_parents > 0) {
    git_oid id = yz_commit_head_parent(&head, 0);
    struct yz_oid parent = yz_oid_of(&id);
    int rc = yz_git_tree_of(l, &parent, &base, err);
    if (rc < 0) return rc;
  }
  int rc = write_trees(l, head.n_parents > 0 ? &base : NULL, changes, n, &tree, err);
  if (rc < 0) return rc;
  if (git_oid_equal(&tree, &head.tree)) return 0;
  char hex[YZ_OID_HEX + 1];
  return yz_fail(
      err, YZ_E_DAMAGED,
      YZ_N_("What is kept gives other files than the commit that was made of it. Restore the "
            "database from a backup."),
      "%s", git_oid_tostr(hex, sizeof hex, &head.tree));
}

/* libgit2 flushes each object and its folder, but not the new folder's own name. */
static int flush_objects(struct yz_ledger *l, struct yz_error *err) {
  char *objects = NULL;
  if (asprintf(&objects, "%s/objects", l->path) < 0) return yz_git_no_memory(err);
  int rc = yz_git_flush(objects, err);
  free(objects);
  return rc;
}

int yz_ledger_write_commit(struct yz_ledger *l, const void *commit, size_t len, struct yz_oid *out,
                           struct yz_error *err) {
  struct yz_commit_head head;
  git_oid id;
  if (len > YZ_GIT_MAX_COMMIT || !yz_commit_head_parse(commit, len, &head))
    return not_a_commit(err);
  int rc = git_odb_write(&id, l->odb, commit, len, GIT_OBJECT_COMMIT);
  if (rc < 0) return yz_git_fail(err, rc, l->path);
  *out = yz_oid_of(&id);
  if (l->held == NULL) return flush_objects(l, err);
  return yz_oidlist_push(&l->held_commits, &id) == 0 ? 0 : yz_git_no_memory(err);
}
