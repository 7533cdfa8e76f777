/* Git repositories in memory, in place of sync/git's repo.c, refs.c, hold.c, check.c, merge.c
 * and road.c: objects in a store of their own below libgit2's, refs in a list. What commits and
 * trees are, how they are written, read, signed, compared and walked is the program's own
 * code (sync/git: commit.c, history.c, object.c, tree.c, write.c).
 *
 * An object, and a ref that moved, is safe at once: that libgit2's and the program's flushes are
 * there, and in the right order, is for other tests to say. Each is a step of the process that
 * acts (disk.h). */
#ifndef YIZHAN_TESTS_SIM_REPOS_H
#define YIZHAN_TESTS_SIM_REPOS_H

#include <yizhan/ledger.h>

struct repo;
/* NULL: there is none. */
struct repo *repo_find(const char *path);
struct repo *repo_make(const char *path);
/* Takes all repositories that begin so away. */
void repos_remove(const char *prefix);
/* Lets a handle look into it; the caller destroys. */
struct yz_ledger *repo_handle(struct repo *r);

struct repo_ref {
  char name[YZ_MAX_REF + 1];
  struct yz_oid tip;
};
/* By name. */
const struct repo_ref *repo_refs(const struct repo *r, size_t *n);
const struct repo_ref *repo_ref(const struct repo *r, const char *name);
/* NULL: takes it away. */
void repo_set_ref(struct repo *r, const char *name, const struct yz_oid *tip);
/* Copies a commit and all below it that is not there yet, up to `room` bytes, and adds to *bytes
 * how many. false: they were more, the process died meanwhile, or something lacks in `from`; what
 * came stays. */
bool repo_copy(struct repo *from, struct repo *to, const struct yz_oid *tip, int64_t room,
               int64_t *bytes);
/* What a push brings: nothing of it is there before all is. */
struct repo_load;
struct repo_load *repo_load_create(void);
void repo_load_destroy(struct repo_load *load);
/* As repo_copy: what of a commit is not there yet. */
bool repo_load_add(struct repo_load *load, struct repo *from, const struct repo *to,
                   const struct yz_oid *tip, int64_t room, int64_t *bytes);
void repo_unload(struct repo *to, const struct repo_load *load);
/* An object, as it is: no step. false: no memory. */
bool repo_take(struct yz_ledger *l, const struct yz_oid *oid, int type, const void *bytes,
               size_t len);
/* All that it holds, reached by a ref or not. */
typedef void (*repo_blob_fn)(void *arg, const void *bytes, size_t n);
/* Only what a ref reaches is left. */
void repo_prune(struct repo *r);
void repo_each_blob(const struct repo *r, repo_blob_fn fn, void *arg);
bool repo_has(const struct repo *r, const struct yz_oid *oid);
/* A commit's place in the line of its branch. */
bool repo_is_after(struct repo *r, const struct yz_oid *tip, const struct yz_oid *old);

#endif
