/* What is in a tree, and what differs between two.
 *
 * Valid: entries in git's order without a name twice, each a plain file (mode
 * 100644) or a folder (40000); names of printable ASCII that are not ".", ".." or
 * ".git"; paths of at most 100 bytes and 24 levels; at most 100,000 differences,
 * changed folders counted too, so that folders which hold one another many
 * times over cannot keep us busy. */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "sync/git/git.h"

struct diff {
  struct yz_ledger *l;
  yz_file_fn fn;
  void *ctx;
  struct yz_error *err;
  size_t left;
  char path[YZ_GIT_MAX_PATH + 1];
};

static bool is_folder(const git_tree_entry *e) {
  return git_tree_entry_filemode_raw(e) == GIT_FILEMODE_TREE;
}

/* git's order: a folder stands where its name and "/" would. */
static int compare(const git_tree_entry *a, const git_tree_entry *b) {
  const char *x = git_tree_entry_name(a), *y = git_tree_entry_name(b);
  size_t n = strlen(x), m = strlen(y), common = n < m ? n : m;
  int order = memcmp(x, y, common);
  if (order != 0) return order;
  unsigned char at_x = (unsigned char)x[common], at_y = (unsigned char)y[common];
  if (at_x == 0 && is_folder(a)) at_x = '/';
  if (at_y == 0 && is_folder(b)) at_y = '/';
  return at_x - at_y;
}

static int refuse(struct diff *d, const char *message) {
  return yz_fail(d->err, YZ_E_FORMAT, message, "%s", d->path);
}

static int load(struct diff *d, const git_oid *id, git_tree **out) {
  int rc = yz_git_read_tree(d->l->repo, d->l->odb, id, out, d->err);
  if (rc == YZ_E_NOT_FOUND) return YZ_E_DAMAGED;
  for (size_t i = 1; rc == 0 && i < git_tree_entrycount(*out); i++)
    if (compare(git_tree_entry_byindex(*out, i - 1), git_tree_entry_byindex(*out, i)) >= 0)
      rc = refuse(
          d,
          YZ_N_("A folder in the ledger is out of order. Whoever wrote it must write it again."));
  return rc;
}

bool yz_git_name_is_good(const char *name, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (name[i] < '!' || name[i] > '~' || name[i] == '/') return false;
  bool dots = n <= 2 && strspn(name, ".") >= n; /* also the empty name */
  return !dots && !(n == 4 && strncasecmp(name, ".git", n) == 0);
}

/* Appends "/name" (or "name" at the root) to the path. */
static int enter(struct diff *d, size_t len, const git_tree_entry *e, size_t *longer) {
  const char *name = git_tree_entry_name(e);
  size_t n = strlen(name), slash = len > 0 ? 1 : 0;
  unsigned mode = (unsigned)git_tree_entry_filemode_raw(e);
  if (!yz_git_name_is_good(name, n) || len + slash + n > YZ_GIT_MAX_PATH)
    return refuse(
        d, YZ_N_("A file in the ledger has a name that is not allowed. Whoever wrote it must "
                 "write it again."));
  if (slash) d->path[len] = '/';
  memcpy(d->path + len + slash, name, n + 1);
  *longer = len + slash + n;
  if (mode != GIT_FILEMODE_TREE && mode != GIT_FILEMODE_BLOB)
    return refuse(
        d, YZ_N_("Something in the ledger is neither a plain file nor a folder. Whoever wrote it "
                 "must write it again."));
  if (d->left == 0)
    return refuse(
        d, YZ_N_("There are more changed files in the ledger than can be taken at once. Look at "
                 "who wrote them."));
  d->left--;
  return 0;
}

static int diff_trees(struct diff *d, const git_oid *old, const git_oid *new, size_t len,
                      int levels);

/* One difference: an entry that is gone (new NULL), come (old NULL) or changed. */
static int differs(struct diff *d, const git_tree_entry *old, const git_tree_entry *new, size_t len,
                   int levels) {
  size_t longer = len;
  const git_tree_entry *e = new != NULL ? new : old;
  int rc = enter(d, len, e, &longer);
  if (rc < 0) return rc;
  if (is_folder(e))
    return diff_trees(d, old == NULL ? NULL : git_tree_entry_id(old),
                      new == NULL ? NULL : git_tree_entry_id(new), longer, levels + 1);
  struct yz_oid blob = yz_oid_of(git_tree_entry_id(e));
  return d->fn(d->ctx, d->path, &blob, new == NULL);
}

static int walk_both(struct diff *d, const git_tree *old, const git_tree *new, size_t len,
                     int levels) {
  size_t n_old = old == NULL ? 0 : git_tree_entrycount(old);
  size_t n_new = new == NULL ? 0 : git_tree_entrycount(new);
  for (size_t i = 0, j = 0; i < n_old || j < n_new;) {
    const git_tree_entry *a = i < n_old ? git_tree_entry_byindex(old, i) : NULL;
    const git_tree_entry *b = j < n_new ? git_tree_entry_byindex(new, j) : NULL;
    int order = a == NULL ? 1 : b == NULL ? -1 : compare(a, b);
    if (order <= 0) i++;
    if (order >= 0) j++;
    if (order == 0 && git_oid_equal(git_tree_entry_id(a), git_tree_entry_id(b)) &&
        git_tree_entry_filemode_raw(a) == git_tree_entry_filemode_raw(b))
      continue;
    int rc = differs(d, order <= 0 ? a : NULL, order >= 0 ? b : NULL, len, levels);
    if (rc != 0) return rc;
    d->path[len] = '\0';
  }
  return 0;
}

/* A path of n levels lies in n - 1 folders below the root. */
static int diff_trees(struct diff *d, const git_oid *old, const git_oid *new, size_t len,
                      int levels) {
  git_tree *a = NULL, *b = NULL;
  int rc = 0;
  if (levels > YZ_GIT_MAX_LEVELS)
    return refuse(
        d, YZ_N_("Folders in the ledger lie too deep in one another. Whoever wrote them must "
                 "write them again."));
  if (old != NULL) rc = load(d, old, &a);
  if (rc == 0 && new != NULL) rc = load(d, new, &b);
  if (rc == 0) rc = walk_both(d, a, b, len, levels);
  git_tree_free(a);
  git_tree_free(b);
  return rc;
}

int yz_ledger_diff(struct yz_ledger *l, const struct yz_oid *old, const struct yz_oid *new_,
                   yz_file_fn fn, void *ctx, struct yz_error *err) {
  struct diff d = {l, fn, ctx, err, YZ_GIT_MAX_DIFF, ""};
  git_oid a, b;
  if (old != NULL) {
    int rc = yz_git_tree_of(l, old, &a, err);
    if (rc < 0) return rc;
  }
  int rc = yz_git_tree_of(l, new_, &b, err);
  if (rc < 0 || (old != NULL && git_oid_equal(&a, &b))) return rc;
  return diff_trees(&d, old == NULL ? NULL : &a, &b, 0, 1);
}

int yz_ledger_files(struct yz_ledger *l, const struct yz_oid *commit, yz_file_fn fn, void *ctx,
                    struct yz_error *err) {
  return yz_ledger_diff(l, NULL, commit, fn, ctx, err);
}

/* The entry `name` (n bytes) of a tree, which must be a folder or a file. */
static int step(struct yz_ledger *l, git_oid *at, const char *name, size_t n, bool folder,
                const char *path, struct yz_error *err) {
  char one[YZ_GIT_MAX_PATH + 1];
  git_tree *tree = NULL;
  int rc = yz_git_read_tree(l->repo, l->odb, at, &tree, err);
  if (rc < 0) return rc;
  assert(n < sizeof one);
  memcpy(one, name, n);
  one[n] = '\0';
  const git_tree_entry *e = git_tree_entry_byname(tree, one);
  if (e == NULL)
    rc = yz_fail(err, YZ_E_NOT_FOUND, YZ_N_("There is no such file in the ledger. Check its name."),
                 "%s", path);
  else if (git_tree_entry_filemode_raw(e) != (folder ? GIT_FILEMODE_TREE : GIT_FILEMODE_BLOB))
    rc = yz_fail(
        err, YZ_E_FORMAT,
        YZ_N_("Something in the ledger is neither a plain file nor a folder. Whoever wrote it "
              "must write it again."),
        "%s", path);
  else
    *at = *git_tree_entry_id(e);
  git_tree_free(tree);
  return rc;
}

int yz_ledger_file(struct yz_ledger *l, const struct yz_oid *commit, const char *path, size_t max,
                   struct yz_buf *out, struct yz_error *err) {
  git_oid at;
  if (strlen(path) > YZ_GIT_MAX_PATH)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("There is no such file in the ledger. Check its name."), "%.100s", path);
  int rc = yz_git_tree_of(l, commit, &at, err);
  for (const char *name = path; rc == 0;) {
    size_t n = strcspn(name, "/");
    rc = step(l, &at, name, n, name[n] == '/', path, err);
    if (name[n] == '\0') break;
    name += n + 1;
  }
  if (rc < 0) return rc;
  struct yz_oid blob = yz_oid_of(&at);
  return yz_ledger_blob(l, &blob, max, out, err);
}
