/* What comes from outside comes into a folder of its own, beside the object
 * store, and is looked through before it is moved in: <ledger>/yizhan.incoming.
 * Objects that are in the store count as whole, so none may get in with holes.
 *
 * Valid: every object of a pack is a blob or tree of at most 16 MiB or a commit
 * of at most 64 KiB; whatever it refers to is there. (Submodules refer to
 * another repository; reading refuses them later.) */
#include <errno.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sync/git/git.h"

static int make_folders(struct yz_incoming *in, struct yz_error *err) {
  if ((mkdir(in->objects, 0700) == 0 || errno == EEXIST) &&
      (mkdir(in->packs, 0700) == 0 || errno == EEXIST))
    return 0;
  return yz_fail(err, errno == ENOSPC || errno == EDQUOT ? YZ_E_FULL : YZ_E_IO,
                 YZ_N_("There is no room for what comes in. Check the disk."), "%s: %s", in->packs,
                 strerror(errno));
}

/* A repository with no refs but those that the other side is to be told of (yz_git_tell), and both
 * stores: new packs go into ours. */
static int open_both(struct yz_incoming *in, struct yz_ledger *l, struct yz_error *err) {
  char *stored = NULL, *refs = NULL;
  git_repository_init_options how = {.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
                                     .flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR};
  int rc = asprintf(&stored, "%s/objects", l->path) < 0 ? -1 : 0;
  if (rc == 0 && asprintf(&refs, "%s/refs", in->objects) < 0) rc = -1;
  if (rc == 0) rc = git_repository_init_ext(&in->repo, refs, &how);
  if (rc == 0) rc = git_odb_new(&in->odb);
  if (rc == 0) rc = yz_git_add_store(in->odb, in->objects, true);
  if (rc == 0) rc = yz_git_add_store(in->odb, stored, false);
  if (rc == 0) rc = git_repository_set_odb(in->repo, in->odb);
  if (rc < 0) rc = yz_git_fail(err, rc, in->objects);
  free(refs);
  free(stored);
  return rc;
}

int yz_incoming_init(struct yz_incoming *in, struct yz_ledger *l, struct yz_error *err) {
  *in = (struct yz_incoming){.l = l};
  if (asprintf(&in->objects, "%s/yizhan.incoming", l->path) < 0) in->objects = NULL;
  if (asprintf(&in->packs, "%s/yizhan.incoming/pack", l->path) < 0) in->packs = NULL;
  if (in->objects == NULL || in->packs == NULL) return yz_git_no_memory(err);
  int rc = make_folders(in, err);
  return rc < 0 ? rc : open_both(in, l, err);
}

void yz_incoming_finish(struct yz_incoming *in) {
  if (in == NULL) return;
  yz_git_sweep_incoming(in->l->path);
  git_odb_free(in->odb);
  git_repository_free(in->repo);
  free(in->objects);
  free(in->packs);
}

struct look {
  struct yz_incoming *in;
  git_odb *pack;
  struct yz_error *err;
  int rc;
};

int yz_git_hole(struct yz_error *err, const char *subject) {
  return yz_fail(
      err, YZ_E_FORMAT,
      YZ_N_("The other side sent a history with holes. It should check its ledger; fetch "
            "by another road meanwhile."),
      "%s", subject);
}

static int refers(struct look *k, const git_oid *from, const git_oid *to) {
  char hex[YZ_OID_HEX + 1];
  if (yz_git_has(k->in->odb, to)) return 0;
  return yz_git_hole(k->err, git_oid_tostr(hex, sizeof hex, from));
}

static int look_at_commit(struct look *k, const git_oid *id) {
  git_odb_object *obj = NULL;
  struct yz_commit_head head;
  int rc = yz_git_read_head(k->pack, id, &obj, &head, k->err);
  if (rc == 0) rc = refers(k, id, &head.tree);
  for (size_t i = 0; rc == 0 && i < head.n_parents; i++) {
    git_oid parent = yz_commit_head_parent(&head, i);
    rc = refers(k, id, &parent);
  }
  git_odb_object_free(obj);
  return rc;
}

static int look_at_tree(struct look *k, const git_oid *id) {
  git_tree *tree = NULL;
  int rc = yz_git_read_tree(k->in->repo, k->in->odb, id, &tree, k->err);
  for (size_t i = 0; rc == 0 && i < git_tree_entrycount(tree); i++) {
    const git_tree_entry *e = git_tree_entry_byindex(tree, i);
    if (git_tree_entry_type(e) != GIT_OBJECT_COMMIT) rc = refers(k, id, git_tree_entry_id(e));
  }
  git_tree_free(tree);
  return rc;
}

static int look_at(const git_oid *id, void *ctx) {
  struct look *k = ctx;
  size_t len;
  git_object_t type;
  char hex[YZ_OID_HEX + 1];
  int rc = git_odb_read_header(&len, &type, k->pack, id);
  if (rc < 0)
    k->rc = yz_git_fail_oid(k->err, rc, id);
  else if (len > YZ_GIT_MAX_OBJECT)
    k->rc = yz_fail(
        k->err, YZ_E_LIMIT,
        YZ_N_("The other side sent a file that is larger than allowed. Look at who wrote it."),
        "%s", git_oid_tostr(hex, sizeof hex, id));
  else if (type == GIT_OBJECT_COMMIT)
    k->rc = look_at_commit(k, id);
  else if (type == GIT_OBJECT_TREE)
    k->rc = look_at_tree(k, id);
  return k->rc;
}

static int look_through(struct yz_incoming *in, const char *name, struct yz_error *err) {
  struct look k = {.in = in, .err = err};
  int rc = yz_git_open_pack(&k.pack, in->packs, name, err);
  if (rc < 0) return rc;
  rc = git_odb_foreach(k.pack, look_at, &k);
  if (rc < 0 && k.rc == 0) k.rc = yz_git_fail(err, rc, name);
  git_odb_free(k.pack);
  return k.rc;
}

/* The index last: only then is a pack one. */
static int move_in(struct yz_incoming *in, const char *name, struct yz_error *err) {
  static const char *const ends[] = {".pack", ".idx"};
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < sizeof ends / sizeof *ends; i++) {
    char *from = NULL, *to = NULL;
    if (asprintf(&from, "%s/%s%s", in->packs, name, ends[i]) < 0) from = NULL;
    if (asprintf(&to, "%s/objects/pack/%s%s", in->l->path, name, ends[i]) < 0) to = NULL;
    if (from == NULL || to == NULL)
      rc = yz_git_no_memory(err);
    else if (rename(from, to) != 0)
      rc = yz_fail(err, YZ_E_IO, YZ_N_("What came in could not be kept. Check the disk."), "%s: %s",
                   to, strerror(errno));
    free(from);
    free(to);
  }
  return rc;
}

int yz_incoming_accept(struct yz_incoming *in, struct yz_error *err) {
  struct yz_packlist packs = {0};
  int rc = yz_packlist_read(in->packs, &packs, err);
  if (rc == 0 && git_odb_refresh(in->odb) < 0) rc = yz_git_fail(err, -1, in->objects);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) rc = look_through(in, packs.names[i], err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) rc = move_in(in, packs.names[i], err);
  if (rc == 0 && packs.n > 0) rc = yz_git_flush(in->l->packs, err);
  yz_packlist_finish(&packs);
  if (rc < 0) return rc;
  rc = git_odb_refresh(in->l->odb);
  return rc < 0 ? yz_git_fail(err, rc, in->l->path) : 0;
}
