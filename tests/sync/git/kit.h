/* What the tests of the ledger share: a ledger in a folder of its own, a key to
 * sign with, and git as judge. A test cannot go on where these fail, so they
 * fail it. */
#ifndef YIZHAN_TESTS_SYNC_GIT_KIT_H
#define YIZHAN_TESTS_SYNC_GIT_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <yizhan/ledger.h>

#include "tests/harness/run.h"
#include "tests/harness/tmp.h"

#define KIT_ID "00112233445566778899aabbccddeeff"
#define KIT_OTHER "ffeeddccbbaa99887766554433221100"
#define KIT_LOG "refs/heads/log/" KIT_ID
#define KIT_KEYS "refs/heads/keys/" KIT_ID

struct kit {
  char *dir;
  char path[TMP_PATH]; /* dir/ledger.git */
  struct yz_ledger *l;
  struct yz_secret *seed;
  struct yz_key key;
  char name[17]; /* of the key */
};

/* For cmocka's setup and teardown: a new empty ledger, git's own settings off. */
int kit_start(void **state);
int kit_stop(void **state);

/* Holds that rc is 0, and shows the error if not. */
void kit_ok(int rc, const struct yz_error *err);

/* A commit of one file over parent (NULL: none), written, no ref moved. */
struct yz_oid kit_commit(struct kit *k, struct yz_ledger *l, const struct yz_oid *parent,
                         const char *path, const void *bytes, size_t n, int64_t time_ms);
/* The same with a text, on a ref, which is moved. */
struct yz_oid kit_put(struct kit *k, struct yz_ledger *l, const char *ref, const char *path,
                      const char *text);
struct yz_oid kit_oid(const char *hex);
const char *kit_hex(const struct yz_oid *oid, char out[static YZ_OID_HEX + 1]);

struct yz_push kit_push(const char *ref, bool force);
/* Holds that a repository's ref is there. */
void kit_is_at(const char *path, const char *ref, const struct yz_oid *want);

/* Runs git in a folder (words end with NULL) and gives what it printed without
 * the last line end; the caller frees. Fails the test when git fails. */
char *kit_git(const char *dir, ...);
/* The same for its exit status; what it said, on either channel, goes to *said
 * (NULL: nowhere), which the caller frees. */
int kit_git_status(char **said, const char *dir, ...);
/* git hash-object or mktree in a repository, given input. */
char *kit_git_in(const char *dir, const void *in, size_t n, const char *const words[]);
/* git fsck --strict has nothing to say but that there is no HEAD. */
void kit_fsck(const char *path);
/* What a folder below a repository takes, in bytes, and how many names end so. */
int64_t kit_size(const char *path, const char *below, const char *end, size_t *count);

#endif
