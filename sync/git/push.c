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
