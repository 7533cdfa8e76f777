/* The township's union (FORMAT.md §11). */
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum { MAX_TIPS = 1000 }; /* their parent lines fit into one commit */

static const char message[] = "yizhan: union";

struct merge {
  struct yz_ledger *l, *from;
  struct yz_error *err;
  bool has_base;
  struct yz_oid base; /* the union's present tip */
  git_oid base_tree;
  git_tree *tree; /* its tree */
  git_treebuilder *builder;
  struct yz_oid *parents;
  size_t n_parents;
};

static int read_base(struct merge *m, const char *ref) {
  struct yz_error missing = {0};
  int rc = yz_ledger_ref(m->l, ref, &m->base, &missing);
  if (rc == YZ_E_NOT_FOUND) return 0;
  if (rc < 0) return yz_fail(m->err, missing.code, missing.message, "%s", missing.subject);
  m->has_base = true;
  m->parents[m->n_parents++] = m->base;
  rc = yz_git_tree_of(m->l, &m->base, &m->base_tree, m->err);
  return rc < 0 ? rc : yz_git_read_tree(m->l->repo, m->l->odb, &m->base_tree, &m->tree, m->err);
}

/* What was copied and stands in the union's tree needs no walk through all of
 * its history, which grows with every village. (Another commit with the very same
 * tree would be taken for it, and come in with the branch's next commit.) */
static int is_merged(struct merge *m, const struct yz_branch_tip *tip) {
  git_oid id = yz_git_oid(&tip->tip), tree;
  if (!m->has_base || !git_odb_exists(m->l->odb, &id)) return 0;
  int rc = yz_git_tree_of(m->l, &tip->tip, &tree, m->err);
  if (rc < 0) return rc;
  const git_tree_entry *e = git_tree_entry_byname(m->tree, tip->name);
  if (e != NULL && git_oid_equal(git_tree_entry_id(e), &tree)) return 1;
  return yz_ledger_contains(m->l, &m->base, &tip->tip);
}

static bool is_log_id(const char *name) {
  return strlen(name) == YZ_ID_HEX && strspn(name, "0123456789abcdef") == YZ_ID_HEX;
}

/* The tips that are not in the union yet, as parents; kept: their places. */
static int choose(struct merge *m, const struct yz_branch_tip *tips, size_t n, size_t *kept,
                  size_t *n_kept) {
  for (size_t i = 0; i < n; i++) {
    if (!is_log_id(tips[i].name))
      return yz_fail(m->err, YZ_E_INPUT,
                     YZ_N_("This is not the name of a log. Give 32 hex digits."), "%.100s",
                     tips[i].name);
    int rc = is_merged(m, &tips[i]);
    if (rc < 0) return rc;
    if (rc > 0) continue;
    kept[(*n_kept)++] = i;
    m->parents[m->n_parents++] = tips[i].tip;
  }
  return 0;
}

static int copy(struct merge *m, const struct yz_branch_tip *tips, const size_t *kept, size_t n) {
  struct yz_git_copy c = {
      .from = m->from->repo, .from_odb = m->from->odb, .to = m->l->odb, .folder = m->l->packs};
  git_oid *ids = calloc(n, sizeof *ids);
  if (ids == NULL) return yz_git_no_memory(m->err);
  for (size_t i = 0; i < n; i++) ids[i] = yz_git_oid(&tips[kept[i]].tip);
  int rc = yz_git_copy(&c, ids, n, m->err);
  free(ids);
  return rc;
}

static int build_tree(struct merge *m, const struct yz_branch_tip *tips, const size_t *kept,
                      size_t n, git_oid *tree) {
  int rc = git_treebuilder_new(&m->builder, m->l->repo, m->tree);
  if (rc < 0) return yz_git_fail(m->err, rc, m->l->path);
  for (size_t i = 0; i < n; i++) {
    const struct yz_branch_tip *tip = &tips[kept[i]];
    git_oid below;
    rc = yz_git_tree_of(m->l, &tip->tip, &below, m->err);
    if (rc < 0) return rc;
    rc = git_treebuilder_insert(NULL, m->builder, tip->name, &below, GIT_FILEMODE_TREE);
    if (rc < 0) return yz_git_fail(m->err, rc, tip->name);
  }
  rc = git_treebuilder_write(tree, m->builder);
  return rc < 0 ? yz_git_fail(m->err, rc, m->l->path) : 0;
}

static int commit(struct merge *m, const char *ref, const git_oid *tree, int64_t time_ms,
                  const struct yz_secret *seed) {
  struct yz_buf bytes = {0};
  struct yz_oid made;
  int rc = yz_git_compose(tree, m->parents, m->n_parents, message, time_ms, seed, &bytes, m->err);
  if (rc == 0) rc = yz_ledger_write_commit(m->l, bytes.data, bytes.len, &made, m->err);
  if (rc == 0) rc = yz_ledger_move_ref(m->l, ref, m->has_base ? &m->base : NULL, &made, m->err);
  yz_buf_finish(&bytes);
  return rc;
}

int yz_ledger_merge(struct yz_ledger *l, const char *ref, struct yz_ledger *from,
                    const struct yz_branch_tip *tips, size_t n, int64_t time_ms,
                    const struct yz_secret *seed, struct yz_error *err) {
  struct merge m = {.l = l, .from = from, .err = err};
  size_t n_kept = 0, *kept = NULL;
  git_oid tree;
  int rc = 0;
  if (n > MAX_TIPS)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("Too many branches for one commit. Merge fewer at once."),
                   NULL);
  m.parents = calloc(n + 1, sizeof *m.parents);
  kept = calloc(n + 1, sizeof *kept);
  if (m.parents == NULL || kept == NULL) rc = yz_git_no_memory(err);
  if (rc == 0) rc = read_base(&m, ref);
  if (rc == 0) rc = choose(&m, tips, n, kept, &n_kept);
  if (rc < 0 || n_kept == 0) goto done;
  rc = copy(&m, tips, kept, n_kept);
  if (rc == 0) rc = build_tree(&m, tips, kept, n_kept, &tree);
  if (rc == 0) rc = commit(&m, ref, &tree, time_ms, seed);
done:
  git_treebuilder_free(m.builder);
  git_tree_free(m.tree);
  free(kept);
  free(m.parents);
  return rc;
}
