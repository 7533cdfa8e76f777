/* Packs: put together object by object, written whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sync/git/git.h"

/* Folders of someone else's repository: deeper than ours may be, never endless. */
enum { MAX_LEVELS = 64, NAMED = 4 * YZ_GIT_MAX_PATH };
enum { LARGE = 128 * 1024 };

static int on_progress(int stage, uint32_t current, uint32_t total, void *payload) {
  struct yz_packing *p = payload;
  (void)stage, (void)current, (void)total;
  if (p->tick != NULL) p->tick(p->tick_ctx);
  return 0;
}

int yz_packing_init(struct yz_packing *p, git_repository *from, git_odb *odb,
                    struct yz_error *err) {
  p->from = from;
  p->odb = odb;
  int rc = git_packbuilder_new(&p->builder, from);
  if (rc == 0) (void)git_packbuilder_set_threads(p->builder, 1);
  if (rc == 0) rc = git_packbuilder_set_callbacks(p->builder, on_progress, p);
  return rc < 0 ? yz_git_fail(err, rc, git_repository_path(from)) : 0;
}

void yz_packing_finish(struct yz_packing *p) {
  if (p == NULL) return;
  git_packbuilder_free(p->builder);
  yz_oidset_finish(&p->seen);
  yz_oidlist_finish(&p->large);
  p->builder = NULL;
}

/* 1: take it, it is new here; 0: not wanted, or in already. */
static int meet(struct yz_packing *p, const git_oid *id, const char *name, struct yz_error *err) {
  if (yz_oidset_has(&p->seen, id) || !p->wanted(p->ctx, id)) return 0;
  if (yz_oidset_add(&p->seen, id) < 0) return yz_git_no_memory(err);
  int rc = p->builder == NULL ? 0 : git_packbuilder_insert(p->builder, id, name);
  return rc < 0 ? yz_git_fail_oid(err, rc, id) : 1;
}

static int meet_file(struct yz_packing *p, const git_oid *id, const char *name,
                     struct yz_error *err) {
  if (yz_oidset_has(&p->seen, id) || !p->wanted(p->ctx, id)) return 0;
  size_t len;
  git_object_t type;
  int rc = git_odb_read_header(&len, &type, p->odb, id);
  if (rc < 0) return yz_git_fail_oid(err, rc, id);
  /* Met as a file, a folder would be taken without what is in it. */
  if (type != GIT_OBJECT_BLOB) return yz_git_other_kind(err, id);
  if (len <= LARGE) return meet(p, id, name, err);
  if (yz_oidset_add(&p->seen, id) < 0 || yz_oidlist_push(&p->large, id) < 0)
    return yz_git_no_memory(err);
  return 1;
}

/* The path tells the pack which objects are likely to be alike. */
static int add_tree(struct yz_packing *p, const git_oid *id, const char *path, int levels,
                    struct yz_error *err) {
  git_tree *tree = NULL;
  int rc = meet(p, id, path, err);
  if (rc <= 0) return rc;
  if (levels > MAX_LEVELS)
    return yz_fail(
        err, YZ_E_FORMAT,
        YZ_N_("Folders in the ledger lie too deep in one another. Whoever wrote them must "
              "write them again."),
        NULL);
  rc = yz_git_read_tree(p->from, p->odb, id, &tree, err);
  for (size_t i = 0; rc == 0 && i < git_tree_entrycount(tree); i++) {
    const git_tree_entry *e = git_tree_entry_byindex(tree, i);
    char name[NAMED];
    (void)snprintf(name, sizeof name, "%s/%s", path, git_tree_entry_name(e));
    if (git_tree_entry_type(e) == GIT_OBJECT_TREE)
      rc = add_tree(p, git_tree_entry_id(e), name, levels + 1, err);
    else if (git_tree_entry_type(e) == GIT_OBJECT_BLOB)
      rc = meet_file(p, git_tree_entry_id(e), name, err);
    if (rc > 0) rc = 0;
  }
  git_tree_free(tree);
  return rc;
}

static int add_commit(struct yz_packing *p, const git_oid *id, struct yz_oidlist *todo,
                      struct yz_error *err) {
  git_odb_object *obj = NULL;
  struct yz_commit_head head;
  int rc = meet(p, id, NULL, err);
  if (rc <= 0) return rc;
  if (p->tick != NULL) p->tick(p->tick_ctx);
  rc = yz_git_read_head(p->odb, id, &obj, &head, err);
  if (rc == 0) rc = add_tree(p, &head.tree, "", 0, err);
  for (size_t i = 0; rc == 0 && i < head.n_parents; i++) {
    git_oid parent = yz_commit_head_parent(&head, i);
    if (yz_oidlist_push(todo, &parent) < 0) rc = yz_git_no_memory(err);
  }
  git_odb_object_free(obj);
  return rc;
}

int yz_packing_add(struct yz_packing *p, const git_oid *tip, struct yz_error *err) {
  struct yz_oidlist todo = {0};
  int rc = yz_oidlist_push(&todo, tip) < 0 ? yz_git_no_memory(err) : 0;
  while (rc == 0 && todo.n > 0) {
    git_oid id = todo.ids[--todo.n];
    rc = add_commit(p, &id, &todo, err);
  }
  yz_oidlist_finish(&todo);
  return rc;
}

int yz_packing_write(struct yz_packing *p, const char *folder, char name[static YZ_GIT_PACK_NAME],
                     int64_t *size, struct yz_error *err) {
  char *file = NULL;
  struct stat st;
  name[0] = '\0';
  *size = 0;
  for (size_t i = 0; i < p->large.n; i++) {
    int added = git_packbuilder_insert(p->builder, &p->large.ids[i], NULL);
    if (added < 0) return yz_git_fail_oid(err, added, &p->large.ids[i]);
  }
  if (git_packbuilder_object_count(p->builder) == 0) return 0;
  int rc = git_packbuilder_write(p->builder, folder, 0, NULL, NULL);
  if (rc < 0) return yz_git_fail(err, rc, folder);
  (void)snprintf(name, YZ_GIT_PACK_NAME, "pack-%s", git_packbuilder_name(p->builder));
  if (asprintf(&file, "%s/%s.pack", folder, name) < 0) return yz_git_no_memory(err);
  if (stat(file, &st) == 0)
    *size = st.st_size;
  else
    rc = yz_fail(err, YZ_E_IO, YZ_N_("A new pack of the ledger is not there. Check the disk."),
                 "%s", file);
  free(file);
  return rc;
}

static bool is_missing(void *ctx, const git_oid *id) {
  return !yz_git_has(ctx, id);
}

int yz_git_copy(struct yz_git_copy *c, const git_oid *tips, size_t n, struct yz_error *err) {
  struct yz_packing p = {
      .wanted = is_missing, .ctx = c->to, .tick = c->tick, .tick_ctx = c->tick_ctx};
  int rc = git_odb_refresh(c->to);
  if (rc < 0) return yz_git_fail(err, rc, c->folder);
  rc = yz_packing_init(&p, c->from, c->from_odb, err);
  for (size_t i = 0; rc == 0 && i < n; i++) rc = yz_packing_add(&p, &tips[i], err);
  if (rc == 0) rc = yz_packing_write(&p, c->folder, c->name, &c->size, err);
  yz_packing_finish(&p);
  if (rc < 0) return rc;
  rc = git_odb_refresh(c->to);
  return rc < 0 ? yz_git_fail(err, rc, c->folder) : 0;
}
