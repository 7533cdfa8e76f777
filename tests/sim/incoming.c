/* What a parcel's bundle brings, in place of sync/git's incoming.c and what unbundle.c needs of
 * refs.c and track.c. libgit2's indexer wants a folder for the pack: a real one, in the machine's
 * place for such, which is empty and gone afterwards. What the pack holds is looked through, and
 * then in the repository in memory. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "repos.h"
#include "sync/git/git.h"

int yz_incoming_init(struct yz_incoming *in, struct yz_ledger *l, struct yz_error *err) {
  const char *base = getenv("TMPDIR");
  *in = (struct yz_incoming){.l = l};
  if (asprintf(&in->packs, "%s/yizhan-sim-XXXXXX", base != NULL ? base : "/tmp") < 0)
    return yz_no_memory(err);
  if (mkdtemp(in->packs) != NULL) return 0;
  return yz_fail(err, YZ_E_IO, "There is no place for what comes in.", "%s", in->packs);
}

/* unlink and rmdir are led to the disks in memory (disk_calls.c); remove is not. */
void yz_incoming_finish(struct yz_incoming *in) {
  struct yz_packlist packs = {0};
  if (in->packs == NULL || yz_packlist_read(in->packs, &packs, NULL) != 0) return;
  for (size_t i = 0; i < packs.n; i++) {
    static const char *const ends[] = {".pack", ".idx"};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
      char file[512];
      (void)snprintf(file, sizeof file, "%s/%s%s", in->packs, packs.names[i], ends[k]);
      (void)remove(file);
    }
  }
  (void)remove(in->packs);
  yz_packlist_finish(&packs);
  free(in->packs);
}

struct look {
  struct yz_ledger *l;
  git_odb *pack;
  bool whole;
};

static bool is_there(const struct look *k, const git_oid *id) {
  return yz_git_has(k->pack, id) || yz_git_has(k->l->odb, id);
}

/* Is all there that it refers to? */
static int look_at(const git_oid *id, void *arg) {
  struct look *k = arg;
  git_odb_object *o = NULL;
  struct yz_commit_head head;
  if (git_odb_read(&o, k->pack, id) < 0) return -1;
  const unsigned char *bytes = git_odb_object_data(o);
  size_t len = git_odb_object_size(o);
  if (git_odb_object_type(o) == GIT_OBJECT_COMMIT) {
    k->whole = k->whole && yz_commit_head_parse(bytes, len, &head) && is_there(k, &head.tree);
    for (size_t i = 0; k->whole && i < head.n_parents; i++) {
      git_oid parent = yz_commit_head_parent(&head, i);
      k->whole = is_there(k, &parent);
    }
  }
  for (size_t at = 0; git_odb_object_type(o) == GIT_OBJECT_TREE && at < len;) {
    git_oid entry;
    at += strlen((const char *)bytes + at) + 1;
    memcpy(entry.id, bytes + at, sizeof entry.id);
    at += sizeof entry.id;
    k->whole = k->whole && is_there(k, &entry);
  }
  git_odb_object_free(o);
  return 0;
}

static int put_in(const git_oid *id, void *arg) {
  const struct look *k = arg;
  struct yz_oid oid = yz_oid_of(id);
  git_odb_object *o = NULL;
  if (git_odb_read(&o, k->pack, id) < 0) return -1;
  bool put =
      repo_take(k->l, &oid, git_odb_object_type(o), git_odb_object_data(o), git_odb_object_size(o));
  git_odb_object_free(o);
  return put ? 0 : -1;
}

/* A pack is there whole or not at all. */
static int accept_pack(struct yz_incoming *in, const char *name, struct yz_error *err) {
  struct look k = {.l = in->l, .whole = true};
  int rc = yz_git_open_pack(&k.pack, in->packs, name, err);
  if (rc != 0) return rc;
  if (git_odb_foreach(k.pack, look_at, &k) < 0 || !k.whole)
    rc = yz_fail(err, YZ_E_FORMAT, "A history has holes.", "%s", name);
  if (rc == 0 && (!disk_step() || git_odb_foreach(k.pack, put_in, &k) < 0))
    rc = yz_fail(err, YZ_E_IO, "The disk failed.", "%s", in->l->path);
  git_odb_free(k.pack);
  return rc;
}

int yz_incoming_accept(struct yz_incoming *in, struct yz_error *err) {
  struct yz_packlist packs = {0};
  int rc = yz_packlist_read(in->packs, &packs, err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) rc = accept_pack(in, packs.names[i], err);
  yz_packlist_finish(&packs);
  return rc;
}

/* --- what unbundle.c asks of other files that are stood in for here ------------------ */

bool yz_git_tracking_name(const char *ref, char out[static YZ_MAX_REF + 1]) {
  static const char *const kinds[] = {"log/", "keys/", "files/"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strncmp(ref, "refs/heads/", 11) == 0 &&
        strncmp(ref + 11, kinds[i], strlen(kinds[i])) == 0) {
      (void)snprintf(out, YZ_MAX_REF + 1, "refs/remote/%s", ref + 11);
      return true;
    }
  return false;
}

int yz_reflist_add(struct yz_reflist *list, const char *name, const git_oid *tip,
                   struct yz_error *err) {
  struct yz_git_ref *grown = reallocarray(list->refs, list->n + 1, sizeof *grown);
  if (grown == NULL) return yz_no_memory(err);
  list->refs = grown;
  struct yz_git_ref *r = &list->refs[list->n++];
  *r = (struct yz_git_ref){.name = strdup(name), .tip = *tip};
  return r->name != NULL ? 0 : yz_no_memory(err);
}

void yz_reflist_finish(struct yz_reflist *list) {
  for (size_t i = 0; i < list->n; i++) free(list->refs[i].name);
  free(list->refs);
  *list = (struct yz_reflist){0};
}

int yz_git_move_ref(git_repository *repo, git_odb *odb, const char *ref, const git_oid *from,
                    const git_oid *to, struct yz_error *err) {
  struct yz_ledger l = {.repo = repo, .odb = odb};
  struct yz_oid old = from != NULL ? yz_oid_of(from) : (struct yz_oid){{0}}, new_ = yz_oid_of(to);
  return yz_ledger_move_ref(&l, ref, from != NULL ? &old : NULL, &new_, err);
}
