/* Reading everything that a ref reaches, from the files as they are now. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/git.h"

struct check {
  git_repository *repo;
  git_odb *odb;
  void (*fn)(void *ctx, const char *fault);
  void *ctx;
  struct yz_error *err;
  struct yz_oidset seen;
  struct yz_oidlist todo[2]; /* commits, then trees and blobs */
};

static void fault(struct check *c, const git_oid *id, const char *what) {
  char hex[YZ_OID_HEX + 1], text[128];
  (void)snprintf(text, sizeof text, "object %s is %s", git_oid_tostr(hex, sizeof hex, id), what);
  c->fn(c->ctx, text);
}

static int push(struct check *c, const git_oid *id, bool commit) {
  int added = yz_oidset_add(&c->seen, id);
  if (added < 0 || (added > 0 && yz_oidlist_push(&c->todo[commit ? 0 : 1], id) < 0))
    return yz_git_no_memory(c->err);
  return 0;
}

static int check_commit(struct check *c, const git_oid *id, git_odb_object *obj) {
  struct yz_commit_head head;
  if (git_odb_object_type(obj) != GIT_OBJECT_COMMIT ||
      !yz_commit_head_parse(git_odb_object_data(obj), git_odb_object_size(obj), &head)) {
    fault(c, id, "not a commit");
    return 0;
  }
  int rc = push(c, &head.tree, false);
  for (size_t i = 0; rc == 0 && i < head.n_parents; i++) {
    git_oid parent = yz_commit_head_parent(&head, i);
    rc = push(c, &parent, true);
  }
  return rc;
}

static int check_file(struct check *c, const git_oid *id, git_odb_object *obj) {
  git_tree *tree = NULL;
  int rc = 0;
  if (git_odb_object_type(obj) == GIT_OBJECT_BLOB) return 0;
  if (git_odb_object_type(obj) != GIT_OBJECT_TREE || git_tree_lookup(&tree, c->repo, id) < 0) {
    fault(c, id, "not a folder");
    return 0;
  }
  for (size_t i = 0; rc == 0 && i < git_tree_entrycount(tree); i++) {
    const git_tree_entry *e = git_tree_entry_byindex(tree, i);
    if (git_tree_entry_type(e) != GIT_OBJECT_COMMIT) rc = push(c, git_tree_entry_id(e), false);
  }
  git_tree_free(tree);
  return rc;
}

/* What cannot be opened because too much is open already is not damaged. */
static int check_means(struct check *c, const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) (void)close(fd);
  if (fd >= 0 || (errno != EMFILE && errno != ENFILE)) return 0;
  return yz_fail(c->err, YZ_E_IO,
                 YZ_N_("Too many files are open for this to be checked. Close other programs, then "
                       "try again."),
                 "%s", path);
}

/* git_odb_read compares the bytes with their name. */
static int check_one(struct check *c, const git_oid *id, bool commit) {
  git_odb_object *obj = NULL;
  size_t len;
  git_object_t type;
  int rc = git_odb_read_header(&len, &type, c->odb, id);
  if (rc == 0) rc = git_odb_read(&obj, c->odb, id);
  int means = rc < 0 ? check_means(c, git_repository_path(c->repo)) : 0;
  if (means < 0) return means;
  if (rc == GIT_ENOTFOUND)
    fault(c, id, "missing");
  else if (rc < 0)
    fault(c, id, "damaged");
  rc = rc < 0 ? 0 : commit ? check_commit(c, id, obj) : check_file(c, id, obj);
  git_odb_object_free(obj);
  return rc;
}

static int check_all(struct check *c) {
  int rc = 0;
  for (int kind = 0; rc == 0 && kind < 2; kind++)
    while (rc == 0 && c->todo[kind].n > 0) {
      git_oid id = c->todo[kind].ids[--c->todo[kind].n];
      rc = check_one(c, &id, kind == 0);
    }
  return rc;
}

/* libgit2 passes over refs that it cannot read. */
static int check_refs(struct check *c, const char *path) {
  char *folder = NULL;
  if (asprintf(&folder, "%s/refs", path) < 0) return yz_git_no_memory(c->err);
  FTS *tree = fts_open((char *[]){folder, NULL}, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
  for (FTSENT *e; tree != NULL && (e = fts_read(tree)) != NULL;) {
    const char *name = e->fts_path + strlen(path) + 1;
    char text[2 * YZ_MAX_REF];
    git_oid id;
    if (e->fts_info != FTS_F || git_reference_name_to_id(&id, c->repo, name) == 0) continue;
    (void)snprintf(text, sizeof text, "branch %s is damaged", name);
    c->fn(c->ctx, text);
  }
  if (tree != NULL) (void)fts_close(tree);
  free(folder);
  return 0;
}

/* 1: one is not to be gone by, so that nothing more can be read. */
static int check_packs(struct check *c, const char *folder) {
  char name[YZ_GIT_PACK_NAME], text[YZ_GIT_PACK_NAME + 32];
  int rc = yz_git_unsound_pack(folder, name, c->err);
  if (rc <= 0) return rc;
  (void)snprintf(text, sizeof text, "the index of %s is damaged", name);
  c->fn(c->ctx, text);
  return rc;
}

int yz_ledger_check(struct yz_ledger *l, void (*fn)(void *ctx, const char *fault), void *ctx,
                    struct yz_error *err) {
  struct check c = {.fn = fn, .ctx = ctx, .err = err};
  struct yz_reflist refs = {0};
  int rc = check_packs(&c, l->packs);
  if (rc != 0) return rc < 0 ? rc : 0;
  rc = yz_git_open_bare(&c.repo, &c.odb, l->path, err);
  if (rc == 0) rc = yz_reflist_read(c.repo, "refs/", &refs, err);
  for (size_t i = 0; rc == 0 && i < refs.n; i++) rc = push(&c, &refs.refs[i].tip, true);
  if (rc == 0) rc = check_refs(&c, l->path);
  if (rc == 0) rc = check_all(&c);
  yz_reflist_finish(&refs);
  yz_oidlist_finish(&c.todo[0]);
  yz_oidlist_finish(&c.todo[1]);
  yz_oidset_finish(&c.seen);
  git_odb_free(c.odb);
  git_repository_free(c.repo);
  return rc;
}
