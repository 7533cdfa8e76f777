/* A connection over ssh or https, as remote.c makes it and transfer.c uses it; in the
 * road's child only. */
#ifndef YIZHAN_SYNC_GIT_REMOTE_H
#define YIZHAN_SYNC_GIT_REMOTE_H

#include "sync/git/git.h"

enum {
  YZ_REMOTE_MAX_REFS = 100000,
  YZ_REMOTE_MAX_LIST = 16 * 1024 * 1024,  /* bytes that tell of them */
  YZ_REMOTE_MAX_WORDS = 1024 * 1024,      /* of them beside a pack, and in answer to a push */
  YZ_REMOTE_MAX_AROUND = 8 * 1024 * 1024, /* all that is no pack yet, libgit2 having told late */
  YZ_REMOTE_HEADERS = 4
};

struct yz_remote {
  struct yz_transfer *t;
  git_remote *remote;
  char *headers[YZ_REMOTE_HEADERS];
  size_t n_headers;
  struct yz_buf reply; /* to a push */
  size_t words;        /* bytes that came beside a pack */
  size_t received;     /* of a pack */
  unsigned tried, tried_files;
  bool tried_own;
  bool stranger; /* the server's key is not known, or not the pinned one */
  bool too_much; /* more came than may */
  bool asks;     /* for the epoch of passes alone */
  /* Of a push to the hub; NULL: as git does it. Both live as long as the connection. */
  const struct yz_reflist *seen; /* its branches, which need not be asked for */
  const struct yz_buf *pack;     /* what goes */
  bool gzip;                     /* what goes and what is asked for is packed once more */
};
/* The callbacks of every call; payload is s. */
git_remote_callbacks yz_remote_callbacks(struct yz_remote *s);
/* What every request says more than git does; lives as long as s. say adds a header: YZ_E_MEMORY.
 */
git_strarray yz_remote_headers(struct yz_remote *s);
int yz_remote_say(struct yz_remote *s, const char *format, ...) YZ_PRINTF(2, 3) YZ_MUST_CHECK;
/* YZ_E_KEY, YZ_E_NETWORK. */
int yz_remote_connect(struct yz_remote *s, git_repository *repo, git_direction direction,
                      struct yz_error *err) YZ_MUST_CHECK;
/* The log/ and keys/ branches of the other side. */
int yz_remote_list(struct yz_remote *s, struct yz_reflist *out, struct yz_error *err) YZ_MUST_CHECK;
/* Where the other side was asked for the epoch: what it says; false: nothing. */
bool yz_remote_epoch(struct yz_remote *s, int64_t *out);
/* (upload.c) As yz_transfer_remote_push, once. */
int yz_remote_push(struct yz_transfer *t, struct yz_error *err) YZ_MUST_CHECK;
/* Fills err for what libgit2 answered. */
int yz_remote_fail(const struct yz_remote *s, int rc, struct yz_error *err);
/* Counts the bytes and hangs up. */
void yz_remote_finish(struct yz_remote *s);

/* The way to the hub over https (spare.c): a git_transport_cb, whose payload is a yz_remote. */
int yz_spare_transport(git_transport **out, git_remote *owner, void *payload) YZ_MUST_CHECK;
/* Has the other side sent us on to another address (a redirection)? Then the line is hung up. */
bool yz_spare_is_sent_on(void);

#endif
