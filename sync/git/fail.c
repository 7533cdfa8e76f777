/* libgit2's answers in our words. */
#include <errno.h>
#include <string.h>

#include "sync/git/git.h"

/* Where a pack could not be written libgit2 may say nothing at all. */
static bool says_nothing(const git_error *e) {
  return e == NULL || e->message == NULL || e->message[0] == '\0';
}

static bool disk_is_full(const git_error *e, int number) {
  if (says_nothing(e)) return number == ENOSPC || number == EDQUOT;
  return e->klass == GIT_ERROR_OS && (strstr(e->message, strerror(ENOSPC)) != NULL ||
                                      strstr(e->message, strerror(EDQUOT)) != NULL);
}

int yz_git_fail(struct yz_error *err, int rc, const char *subject) {
  int number = errno;
  const git_error *e = git_error_last();
  int klass = e == NULL ? GIT_ERROR_NONE : e->klass;
  if (klass == GIT_ERROR_NOMEMORY) return yz_git_no_memory(err);
  if (disk_is_full(e, number))
    return yz_fail(err, YZ_E_FULL,
                   YZ_N_("The disk is full. Free some space on it, then try again."), "%s",
                   subject);
  if (rc == GIT_ENOTFOUND)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("The ledger does not hold this. Fetch it from the other side again."),
                   "%s", subject);
  if (rc == GIT_ELOCKED)
    return yz_fail(
        err, YZ_E_BUSY,
        YZ_N_("Another program is writing to the ledger. Wait until it is done, then try again."),
        "%s", subject);
  if ((rc != GIT_EMISMATCH && klass == GIT_ERROR_OS) || (rc == GIT_ERROR && says_nothing(e)))
    return yz_fail(err, YZ_E_IO,
                   YZ_N_("A file of the ledger cannot be read or written. Check the disk and the "
                         "permissions of the ledger's folder."),
                   "%s: %s", subject, says_nothing(e) ? strerror(number) : e->message);
  return yz_fail(
      err, YZ_E_DAMAGED,
      YZ_N_("Something in the ledger is not what was written there. Check the disk, then rebuild "
            "the ledger."),
      "%s: %s", subject, says_nothing(e) ? "" : e->message);
}

int yz_git_fail_oid(struct yz_error *err, int rc, const git_oid *id) {
  char hex[YZ_OID_HEX + 1];
  return yz_git_fail(err, rc, git_oid_tostr(hex, sizeof hex, id));
}
