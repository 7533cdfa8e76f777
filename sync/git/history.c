/* Which commits are new. Dates are never looked at: they come from wrong
 * clocks. A log is a line, so the usual answer is found by walking back from the
 * tip, at a cost that follows what is new; what is not a line costs more. */
#include <stdlib.h>

#include "sync/git/git.h"

enum { MAX_HISTORY = YZ_LIMIT(4 * 1024 * 1024, 16), SHORT_WALK = 1000 };

static int too_many(struct yz_error *err, const git_oid *tip) {
  char hex[YZ_OID_HEX + 1];
  return yz_fail(
      err, YZ_E_LIMIT,
      YZ_N_("A branch has more new commits than can be taken at once. Look at who wrote it."), "%s",
      git_oid_tostr(hex, sizeof hex, tip));
}

/* Pushes the parents of a commit that are not in `known`. */
static int push_parents(git_odb *odb, const git_oid *id, const struct yz_oidset *known,
                        struct yz_oidlist *list, struct yz_error *err) {
  git_odb_object *obj = NULL;
  struct yz_commit_head head;
  int rc = yz_git_read_head(odb, id, &obj, &head, err);
  if (rc == 0 && list->n + head.n_parents > MAX_HISTORY) rc = too_many(err, id);
  for (size_t i = 0; rc == 0 && i < head.n_parents; i++) {
    git_oid parent = yz_commit_head_parent(&head, i);
    if (known != NULL && yz_oidset_has(known, &parent)) continue;
    if (yz_oidlist_push(list, &parent) < 0) rc = yz_git_no_memory(err);
  }
  git_odb_object_free(obj);
  return rc;
}

/* Walks back from tip as long as there is one parent, listing newest first.
 * 1: came to `since`, or to the beginning where since is NULL. 0: did not,
 * within max commits. */
static int walk_line(git_odb *odb, const git_oid *since, const git_oid *tip, size_t max,
                     struct yz_oidlist *out, struct yz_error *err) {
  struct yz_oidlist parents = {0};
  git_oid at = *tip;
  int rc = 0;
  for (;;) {
    if (since != NULL && git_oid_equal(&at, since)) {
      rc = 1;
      break;
    }
    if (out->n == max) break;
    if (yz_oidlist_push(out, &at) < 0) rc = yz_git_no_memory(err);
    parents.n = 0;
    if (rc == 0) rc = push_parents(odb, &at, NULL, &parents, err);
    if (rc < 0 || parents.n > 1) break;
    if (parents.n == 0) {
      rc = since == NULL;
      break;
    }
    at = parents.ids[0];
  }
  yz_oidlist_finish(&parents);
  return rc;
}

/* A commit and its ancestors: all, or until one is met (NULL: none). */
static int mark_ancestors(git_odb *odb, const git_oid *of, const git_oid *until,
                          struct yz_oidset *set, struct yz_error *err) {
  struct yz_oidlist todo = {0};
  int rc = yz_oidlist_push(&todo, of) < 0 ? yz_git_no_memory(err) : 0;
  while (rc == 0 && todo.n > 0 && !(until != NULL && yz_oidset_has(set, until))) {
    git_oid id = todo.ids[--todo.n];
    int added = yz_oidset_add(set, &id);
    if (added < 0)
      rc = yz_git_no_memory(err);
    else if (set->n > MAX_HISTORY)
      rc = too_many(err, of);
    else if (added > 0)
      rc = push_parents(odb, &id, set, &todo, err);
  }
  yz_oidlist_finish(&todo);
  return rc;
}

/* Depth first. A commit stands twice on the way: when it is met, and, below the
 * zero name, when everything before it has been listed. */
static int list_after_parents(git_odb *odb, const git_oid *tip, struct yz_oidset *known, size_t max,
                              struct yz_oidlist *out, struct yz_error *err) {
  struct yz_oidlist todo = {0};
  const git_oid mark = {{0}};
  int rc = yz_oidlist_push(&todo, tip) < 0 ? yz_git_no_memory(err) : 0;
  while (rc == 0 && todo.n > 0) {
    git_oid id = todo.ids[--todo.n];
    if (git_oid_is_zero(&id)) {
      id = todo.ids[--todo.n];
      if (out->n == max)
        rc = too_many(err, tip);
      else if (yz_oidlist_push(out, &id) < 0)
        rc = yz_git_no_memory(err);
      continue;
    }
    int added = yz_oidset_add(known, &id);
    if (added == 0) continue;
    if (added < 0 || yz_oidlist_push(&todo, &id) < 0 || yz_oidlist_push(&todo, &mark) < 0)
      rc = yz_git_no_memory(err);
    else
      rc = push_parents(odb, &id, known, &todo, err);
  }
  yz_oidlist_finish(&todo);
  return rc;
}

static int walk_graph(git_odb *odb, const git_oid *since, const git_oid *tip, size_t max,
                      struct yz_oidlist *out, struct yz_error *err) {
  struct yz_oidset known = {0};
  int rc = since == NULL ? 0 : mark_ancestors(odb, since, NULL, &known, err);
  if (rc == 0) rc = list_after_parents(odb, tip, &known, max, out, err);
  yz_oidset_finish(&known);
  return rc;
}

static int give(const struct yz_oidlist *list, bool reversed, struct yz_oid **out, size_t *n,
                struct yz_error *err) {
  if (list->n == 0) return 0;
  *out = calloc(list->n, sizeof **out);
  if (*out == NULL) return yz_git_no_memory(err);
  for (size_t i = 0; i < list->n; i++)
    (*out)[i] = yz_oid_of(&list->ids[reversed ? list->n - 1 - i : i]);
  *n = list->n;
  return 0;
}

int yz_ledger_new_commits(struct yz_ledger *l, const struct yz_oid *since, const struct yz_oid *tip,
                          size_t max, struct yz_oid **out, size_t *n, struct yz_error *err) {
  struct yz_oidlist list = {0};
  git_oid to = yz_git_oid(tip), from;
  if (since != NULL) from = yz_git_oid(since);
  *out = NULL;
  *n = 0;
  int line = walk_line(l->odb, since == NULL ? NULL : &from, &to, max, &list, err);
  int rc = line < 0 ? line : 0;
  if (line == 0) {
    list.n = 0;
    rc = walk_graph(l->odb, since == NULL ? NULL : &from, &to, max, &list, err);
  }
  if (rc == 0) rc = give(&list, line == 1, out, n, err);
  yz_oidlist_finish(&list);
  return rc;
}

bool yz_ledger_contains(struct yz_ledger *l, const struct yz_oid *tip, const struct yz_oid *old) {
  struct yz_oidlist list = {0};
  struct yz_oidset before = {0};
  git_oid to = yz_git_oid(tip), from = yz_git_oid(old);
  int line = walk_line(l->odb, &from, &to, SHORT_WALK, &list, NULL);
  bool met = line == 1 || (line == 0 && mark_ancestors(l->odb, &to, &from, &before, NULL) == 0 &&
                           yz_oidset_has(&before, &from));
  yz_oidlist_finish(&list);
  yz_oidset_finish(&before);
  return met;
}
