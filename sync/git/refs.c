/* Refs: few, each read and moved by its full name. */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

static int bad_name(struct yz_error *err, const char *ref) {
  return yz_fail(err, YZ_E_INPUT, YZ_N_("A branch cannot have this name. Give another one."),
                 "%.200s", ref);
}

static bool name_is_good(const char *ref) {
  int valid = 0;
  return strlen(ref) <= YZ_MAX_REF && strncmp(ref, "refs/", 5) == 0 &&
         git_reference_name_is_valid(&valid, ref) == 0 && valid;
}

int yz_ledger_ref(struct yz_ledger *l, const char *ref, struct yz_oid *out, struct yz_error *err) {
  git_reference *r = NULL;
  if (!name_is_good(ref)) return bad_name(err, ref);
  int rc = git_reference_lookup(&r, l->repo, ref);
  if (rc < 0) return yz_git_fail(err, rc, ref);
  const git_oid *id = git_reference_target(r);
  if (id != NULL)
    *out = yz_oid_of(id);
  else
    rc = yz_fail(
        err, YZ_E_DAMAGED,
        YZ_N_("A branch of the ledger points to another one, not to a commit. Check the disk, then "
              "rebuild the ledger."),
        "%s", ref);
  git_reference_free(r);
  return rc;
}

int yz_reflist_add(struct yz_reflist *list, const char *name, const git_oid *tip,
                   struct yz_error *err) {
  if (list->n == list->cap) {
    size_t cap = list->cap == 0 ? 16 : list->cap * 2;
    struct yz_git_ref *refs = reallocarray(list->refs, cap, sizeof *refs);
    if (refs == NULL) return yz_git_no_memory(err);
    list->refs = refs;
    list->cap = cap;
  }
  struct yz_git_ref ref = {strdup(name), *tip};
  if (ref.name == NULL) return yz_git_no_memory(err);
  list->refs[list->n++] = ref;
  return 0;
}

void yz_reflist_finish(struct yz_reflist *list) {
  if (list == NULL) return;
  for (size_t i = 0; i < list->n; i++) free(list->refs[i].name);
  free(list->refs);
  *list = (struct yz_reflist){0};
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct yz_git_ref *)a)->name, ((const struct yz_git_ref *)b)->name);
}

static int take(struct yz_reflist *list, const char *prefix, const git_reference *r,
                struct yz_error *err) {
  const char *name = git_reference_name(r);
  const git_oid *id = git_reference_target(r);
  if (id == NULL || strncmp(name, prefix, strlen(prefix)) != 0) return 0;
  return yz_reflist_add(list, name, id, err);
}

int yz_reflist_read(git_repository *repo, const char *prefix, struct yz_reflist *out,
                    struct yz_error *err) {
  git_reference_iterator *it = NULL;
  git_reference *r = NULL;
  int rc = git_reference_iterator_new(&it, repo);
  if (rc < 0) return yz_git_fail(err, rc, prefix);
  while ((rc = git_reference_next(&r, it)) == 0) {
    rc = take(out, prefix, r, err);
    git_reference_free(r);
    if (rc < 0) goto done;
  }
  rc = rc == GIT_ITEROVER ? 0 : yz_git_fail(err, rc, prefix);
  if (rc == 0 && out->n > 0) qsort(out->refs, out->n, sizeof *out->refs, by_name);
done:
  git_reference_iterator_free(it);
  return rc;
}

int yz_ledger_refs(struct yz_ledger *l, const char *prefix,
                   int (*fn)(void *ctx, const char *ref, const struct yz_oid *tip), void *ctx,
                   struct yz_error *err) {
  struct yz_reflist list = {0};
  int rc = yz_reflist_read(l->repo, prefix, &list, err);
  for (size_t i = 0; rc == 0 && i < list.n; i++) {
    struct yz_oid tip = yz_oid_of(&list.refs[i].tip);
    rc = fn(ctx, list.refs[i].name, &tip);
  }
  yz_reflist_finish(&list);
  return rc;
}

static bool is_at(git_repository *repo, const char *ref, const git_oid *id) {
  git_oid now;
  return git_reference_name_to_id(&now, repo, ref) == 0 && git_oid_equal(&now, id);
}

int yz_git_move_ref(git_repository *repo, git_odb *odb, const char *ref, const git_oid *from,
                    const git_oid *to, struct yz_error *err) {
  git_reference *r = NULL;
  size_t len;
  git_object_t type;
  if (!name_is_good(ref)) return bad_name(err, ref);
  int rc = git_odb_read_header(&len, &type, odb, to);
  if (rc < 0) return yz_git_fail_oid(err, rc, to);
  if (type != GIT_OBJECT_COMMIT)
    return yz_fail(err, YZ_E_FORMAT, YZ_N_("A branch can point to a commit only. Give a commit."),
                   "%s", ref);
  if (is_at(repo, ref, to)) return 0;
  rc = git_reference_create_matching(&r, repo, ref, to, from != NULL, from, NULL);
  git_reference_free(r);
  if (rc == GIT_EEXISTS || rc == GIT_EMODIFIED || rc == GIT_ENOTFOUND)
    return yz_fail(err, YZ_E_BUSY,
                   YZ_N_("A branch was changed meanwhile. Look at it again, then try again."), "%s",
                   ref);
  return rc < 0 ? yz_git_fail(err, rc, ref) : 0;
}

/* A stranger's `git clone` shows what HEAD names: the first log, once there is one. */
static int name_in_head(git_repository *repo, const char *ref, struct yz_error *err) {
  if (strncmp(ref, "refs/heads/log/", 15) != 0 || git_repository_head_unborn(repo) != 1) return 0;
  int rc = git_repository_set_head(repo, ref);
  return rc < 0 ? yz_git_fail(err, rc, ref) : 0;
}

int yz_ledger_move_ref(struct yz_ledger *l, const char *ref, const struct yz_oid *from,
                       const struct yz_oid *to, struct yz_error *err) {
  git_oid old, new;
  if (from != NULL) old = yz_git_oid(from);
  new = yz_git_oid(to);
  int rc = yz_git_move_ref(l->repo, l->odb, ref, from == NULL ? NULL : &old, &new, err);
  return rc == 0 ? name_in_head(l->repo, ref, err) : rc;
}

int yz_ledger_delete_ref(struct yz_ledger *l, const char *ref, struct yz_error *err) {
  if (!name_is_good(ref)) return bad_name(err, ref);
  int rc = git_reference_remove(l->repo, ref);
  return rc < 0 && rc != GIT_ENOTFOUND ? yz_git_fail(err, rc, ref) : 0;
}
