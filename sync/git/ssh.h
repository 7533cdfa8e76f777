/* A connection over ssh, as ssh.c makes it and transfer.c uses it; in the road's
 * child only. */
#ifndef YIZHAN_SYNC_GIT_SSH_H
#define YIZHAN_SYNC_GIT_SSH_H

#include "sync/git/git.h"

enum { YZ_SSH_MAX_REFS = 100000 };

struct yz_ssh {
  struct yz_transfer *t;
  git_remote *remote;
  unsigned tried, tried_files;
  bool stranger; /* the server's key is not known */
  bool too_much; /* more came than may */
};
/* The callbacks of every call; payload is s. */
git_remote_callbacks yz_ssh_callbacks(struct yz_ssh *s);
/* YZ_E_KEY, YZ_E_NETWORK. */
int yz_ssh_connect(struct yz_ssh *s, git_repository *repo, git_direction direction,
                   struct yz_error *err) YZ_MUST_CHECK;
/* The log/ and keys/ branches of the other side. */
int yz_ssh_list(struct yz_ssh *s, struct yz_reflist *out, struct yz_error *err) YZ_MUST_CHECK;
/* Fills err for what libgit2 answered. */
int yz_ssh_fail(const struct yz_ssh *s, int rc, struct yz_error *err);
/* Counts the bytes and hangs up. */
void yz_ssh_finish(struct yz_ssh *s);

#endif
