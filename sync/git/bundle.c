/* Bundles, written: the header of gitformat-bundle(5), version 2, then a pack.
 *
 *   "# v2 git bundle" LF
 *   "-" <40 hex> LF            what the reader must have already, each once
 *   <40 hex> SP <ref> LF       what it gets
 *   LF
 *   pack
 *
 * The pack holds of each commit what its parent's tree does not have at the same place, so its
 * cost follows what is new. Pieces come last: libgit2 looks at commits and folders again when it
 * has all, and keeps as much in memory as lies between them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum { COMMITS_MAX = 200000 };
static const char FILES[] = "refs/heads/files/";

struct bundle {
  struct yz_ledger *l;
  git_packbuilder *builder;
  struct yz_oidset seen;
  bool files;               /* what is added is of a files/ branch */
  struct yz_oidlist pieces; /* its blobs */
  yz_put_fn put;
  void *ctx;
  struct yz_error *err;
  int rc; /* what put answered */
};

static int insert(struct bundle *b, const git_oid *id, const char *name) {
  int added = yz_oidset_add(&b->seen, id);
  if (added < 0) return yz_git_no_memory(b->err);
  if (added == 0) return 0;
  int rc = git_packbuilder_insert(b->builder, id, name);
  return rc < 0 ? yz_git_fail_oid(b->err, rc, id) : 0;
}

static int put_off(struct bundle *b, const git_oid *id) {
  return yz_oidlist_push(&b->pieces, id) < 0 ? yz_git_no_memory(b->err) : 0;
}

static int add_tree(struct bundle *b, const git_oid *new, const git_oid *old, const char *path,
                    int levels);

static int add_entry(struct bundle *b, const git_tree_entry *e, const git_tree *old,
                     const char *path, int levels) {
  char name[4 * YZ_GIT_MAX_PATH];
  const git_tree_entry *was =
      old != NULL ? git_tree_entry_byname(old, git_tree_entry_name(e)) : NULL;
  const git_oid *id = git_tree_entry_id(e), *before = was != NULL ? git_tree_entry_id(was) : NULL;
  if (before != NULL && git_oid_equal(before, id)) return 0;
  (void)snprintf(name, sizeof name, "%s/%s", path, git_tree_entry_name(e));
  if (git_tree_entry_type(e) == GIT_OBJECT_BLOB)
    return b->files ? put_off(b, id) : insert(b, id, name);
  if (git_tree_entry_type(e) != GIT_OBJECT_TREE) return 0;
  if (before != NULL && git_tree_entry_type(was) != GIT_OBJECT_TREE) before = NULL;
  return add_tree(b, id, before, name, levels + 1);
}

/* old: what stands at the same place in the parent's tree; NULL: nothing. */
static int add_tree(struct bundle *b, const git_oid *new, const git_oid *old, const char *path,
                    int levels) {
  git_tree *now = NULL, *was = NULL;
  if (levels > YZ_GIT_MAX_LEVELS)
    return yz_fail(
        b->err, YZ_E_FORMAT,
        YZ_N_("Folders in the ledger lie too deep in one another. Whoever wrote them must "
              "write them again."),
        NULL);
  int rc = insert(b, new, path);
  if (rc == 0) rc = yz_git_read_tree(b->l->repo, b->l->odb, new, &now, b->err);
  if (rc == 0 && old != NULL) rc = yz_git_read_tree(b->l->repo, b->l->odb, old, &was, b->err);
  for (size_t i = 0; rc == 0 && i < git_tree_entrycount(now); i++)
    rc = add_entry(b, git_tree_entry_byindex(now, i), was, path, levels);
  git_tree_free(was);
  git_tree_free(now);
  return rc;
}

static int add_commit(struct bundle *b, const struct yz_oid *oid) {
  git_oid id = yz_git_oid(oid), parent, old;
  git_odb_object *obj = NULL;
  struct yz_commit_head head;
  int rc = yz_git_read_head(b->l->odb, &id, &obj, &head, b->err);
  if (rc == 0) rc = insert(b, &id, NULL);
  bool has_parent = rc == 0 && head.n_parents > 0;
  if (has_parent) {
    parent = yz_commit_head_parent(&head, 0);
    struct yz_oid above = yz_oid_of(&parent);
    rc = yz_git_tree_of(b->l, &above, &old, b->err);
  }
  if (rc == 0 && !(has_parent && git_oid_equal(&head.tree, &old)))
    rc = add_tree(b, &head.tree, has_parent ? &old : NULL, "", 0);
  git_odb_object_free(obj);
  return rc;
}

static int add_ref(struct bundle *b, const struct yz_bundle_ref *r) {
  struct yz_oid *commits = NULL;
  size_t n = 0;
  b->files = strncmp(r->ref, FILES, sizeof FILES - 1) == 0;
  int rc = yz_ledger_new_commits(b->l, r->has_base ? &r->base : NULL, &r->tip, COMMITS_MAX,
                                 &commits, &n, b->err);
  for (size_t i = 0; rc == 0 && i < n; i++) rc = add_commit(b, &commits[i]);
  free(commits);
  return rc;
}

static int put_line(struct bundle *b, const char *before, const struct yz_oid *oid,
                    const char *after) {
  char line[YZ_OID_HEX + YZ_MAX_REF + 8], hex[YZ_OID_HEX + 1];
  yz_to_hex(oid->bytes, YZ_OID_LEN, hex);
  int n = snprintf(line, sizeof line, "%s%s%s%s\n", before, hex, *after != '\0' ? " " : "", after);
  return b->put(b->ctx, line, (size_t)n, b->err);
}

static int put_header(struct bundle *b, const struct yz_bundle_ref *refs, size_t n) {
  static const char first[] = YZ_BUNDLE_FIRST_LINE;
  struct yz_oidset named = {0};
  int rc = b->put(b->ctx, first, sizeof first - 1, b->err);
  for (size_t i = 0; rc == 0 && i < n; i++) {
    if (!refs[i].has_base) continue;
    git_oid base = yz_git_oid(&refs[i].base);
    int added = yz_oidset_add(&named, &base);
    if (added < 0)
      rc = yz_git_no_memory(b->err);
    else if (added > 0)
      rc = put_line(b, "-", &refs[i].base, "");
  }
  for (size_t i = 0; rc == 0 && i < n; i++) rc = put_line(b, "", &refs[i].tip, refs[i].ref);
  yz_oidset_finish(&named);
  return rc != 0 ? rc : b->put(b->ctx, "\n", 1, b->err);
}

static int put_pack(void *bytes, size_t n, void *payload) {
  struct bundle *b = payload;
  b->rc = b->put(b->ctx, bytes, n, b->err);
  return b->rc;
}

int yz_ledger_bundle(struct yz_ledger *l, const struct yz_bundle_ref *refs, size_t n, yz_put_fn put,
                     void *ctx, struct yz_error *err) {
  struct bundle b = {.l = l, .put = put, .ctx = ctx, .err = err};
  int rc = git_packbuilder_new(&b.builder, l->repo);
  if (rc < 0) return yz_git_fail(err, rc, l->path);
  (void)git_packbuilder_set_threads(b.builder, 1);
  for (size_t i = 0; rc == 0 && i < n; i++) rc = add_ref(&b, &refs[i]);
  for (size_t i = 0; rc == 0 && i < b.pieces.n; i++) rc = insert(&b, &b.pieces.ids[i], NULL);
  if (rc == 0) rc = put_header(&b, refs, n);
  if (rc == 0) {
    rc = git_packbuilder_foreach(b.builder, put_pack, &b);
    if (b.rc != 0)
      rc = b.rc;
    else if (rc < 0)
      rc = yz_git_fail(err, rc, l->path);
  }
  git_packbuilder_free(b.builder);
  yz_oidlist_finish(&b.pieces);
  yz_oidset_finish(&b.seen);
  return rc;
}
