/* What both roads say about a push. */
#include <stdio.h>
#include <string.h>

#include "sync/git/git.h"

void yz_push_reject(struct yz_push *push, const char *why) {
  push->rejected = true;
  (void)snprintf(push->why, sizeof push->why, "%s", why);
  for (char *at = push->why; *at != '\0'; at++)
    if (*at < ' ' || *at > '~') *at = '?';
}

bool yz_push_allowed(struct yz_ledger *l, struct yz_push *push, const git_oid *theirs,
                     const git_oid *ours) {
  struct yz_oid old = yz_oid_of(theirs), tip = yz_oid_of(ours);
  if (push->force || git_oid_is_zero(theirs) || yz_ledger_contains(l, &tip, &old)) return true;
  yz_push_reject(push, YZ_N_("The other side has something that is not here yet. Fetch first."));
  return false;
}

int yz_push_target(struct yz_ledger *l, const struct yz_push *push, git_oid *out,
                   struct yz_error *err) {
  struct yz_oid tip = push->tip;
  *out = yz_git_oid(&tip);
  if (!git_oid_is_zero(out)) return 0;
  int rc = yz_ledger_ref(l, push->ref, &tip, err);
  *out = yz_git_oid(&tip);
  return rc;
}

int yz_push_source(struct yz_ledger *l, const struct yz_push *push, const git_oid *target,
                   char out[static YZ_MAX_REF + 1], struct yz_error *err) {
  static const char heads[] = "refs/heads/";
  struct yz_oid tip;
  git_reference *made = NULL;
  int rc = yz_ledger_ref(l, push->ref, &tip, err);
  if (rc < 0) return rc;
  git_oid ours = yz_git_oid(&tip);
  bool stands = git_oid_equal(&ours, target);
  (void)snprintf(out, YZ_MAX_REF + 1, "%s%s", stands ? heads : "refs/step/",
                 push->ref + strlen(heads));
  if (stands) return 0;
  rc = git_reference_create(&made, l->repo, out, target, 1, NULL);
  git_reference_free(made);
  return rc < 0 ? yz_git_fail(err, rc, out) : 0;
}

void yz_push_settle(const struct yz_ledger *l) {
  yz_git_sweep_steps(l->path);
}

int yz_push_verdict(const struct yz_transfer *t, struct yz_error *err) {
  for (size_t i = 0; i < t->n; i++)
    if (t->pushes[i].rejected)
      return yz_fail(
          err, YZ_E_REFUSED,
          YZ_N_("The other side did not take a branch. Fetch, look at its reason, then try "
                "again."),
          "%s: %s", t->pushes[i].ref, t->pushes[i].why);
  return 0;
}
