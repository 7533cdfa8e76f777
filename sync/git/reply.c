/* What a server writes in answer to a push goes home in the push's own response, as a pack of the
 * new commits with their new files (FORMAT.md §16). Whoever gets it takes it for what a fetch could
 * have brought, no more: looked through, moved in, remembered as the other side's branches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum { MAX_COMMITS = 200, MAX_OBJECTS = 2000, LINE = YZ_MAX_REF + 2 * (1 + YZ_OID_HEX) + 1 };
static const char title[] = "yizhan-reply-v1\n";

/* --- writing --------------------------------------------------------------------- */

struct reply {
  struct yz_ledger *l;
  git_packbuilder *pack;
  size_t objects, max;
  struct yz_buf *out;
  bool too_much;
  struct yz_error *err;
};

static int insert(struct reply *r, const git_oid *id, const char *name) {
  r->too_much = r->too_much || ++r->objects > MAX_OBJECTS;
  int rc = r->too_much ? 0 : git_packbuilder_insert(r->pack, id, name);
  return rc < 0 ? yz_git_fail_oid(r->err, rc, id) : 0;
}

static int insert_tree(struct reply *r, const git_oid *id, const git_oid *old, int levels);

/* What a folder has and the old one (NULL: none) lacks. */
static int insert_entries(struct reply *r, const git_tree *tree, const git_tree *old, int levels) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < git_tree_entrycount(tree) && !r->too_much; i++) {
    const git_tree_entry *e = git_tree_entry_byindex(tree, i), *was = NULL;
    const git_oid *id = git_tree_entry_id(e);
    if (old != NULL) was = git_tree_entry_byname(old, git_tree_entry_name(e));
    if (was != NULL && git_oid_equal(git_tree_entry_id(was), id)) continue;
    bool folder = was != NULL && git_tree_entry_type(was) == GIT_OBJECT_TREE;
    rc = git_tree_entry_type(e) == GIT_OBJECT_TREE
             ? insert_tree(r, id, folder ? git_tree_entry_id(was) : NULL, levels + 1)
             : insert(r, id, git_tree_entry_name(e));
  }
  return rc;
}

static int insert_tree(struct reply *r, const git_oid *id, const git_oid *old, int levels) {
  git_tree *tree = NULL, *before = NULL;
  if (levels > YZ_GIT_MAX_LEVELS) r->too_much = true;
  int rc = r->too_much ? 0 : insert(r, id, "");
  if (rc == 0 && !r->too_much) rc = yz_git_read_tree(r->l->repo, r->l->odb, id, &tree, r->err);
  if (rc == 0 && tree != NULL && old != NULL)
    rc = yz_git_read_tree(r->l->repo, r->l->odb, old, &before, r->err);
  if (rc == 0 && tree != NULL) rc = insert_entries(r, tree, before, levels);
  git_tree_free(before);
  git_tree_free(tree);
  return rc;
}

static int insert_commit(struct reply *r, const struct yz_oid *commit) {
  struct yz_commit_view view = {0};
  const git_oid id = yz_git_oid(commit);
  git_oid tree, before;
  int rc = yz_ledger_read_commit(r->l, commit, &view, r->err);
  if (rc == 0) rc = yz_git_tree_of(r->l, commit, &tree, r->err);
  if (rc == 0 && view.n_parents > 0) rc = yz_git_tree_of(r->l, &view.parent, &before, r->err);
  if (rc == 0) rc = insert(r, &id, NULL);
  if (rc == 0) rc = insert_tree(r, &tree, view.n_parents > 0 ? &before : NULL, 0);
  yz_commit_view_finish(&view);
  return rc;
}

static int add_branch(struct reply *r, const struct yz_moved *m) {
  char from[YZ_OID_HEX + 1], to[YZ_OID_HEX + 1], line[LINE + 1];
  const git_oid old = m->has_from ? yz_git_oid(&m->from) : (git_oid){{0}}, now = yz_git_oid(&m->to);
  struct yz_oid *commits = NULL;
  size_t n = 0;
  int rc = yz_ledger_new_commits(r->l, m->has_from ? &m->from : NULL, &m->to, MAX_COMMITS, &commits,
                                 &n, r->err);
  if (rc == YZ_E_LIMIT) r->too_much = true;
  for (size_t i = 0; rc == 0 && i < n && !r->too_much; i++) rc = insert_commit(r, &commits[i]);
  free(commits);
  if (rc != 0) return r->too_much ? 0 : rc;
  (void)snprintf(line, sizeof line, "%s %s %s\n", m->ref, git_oid_tostr(from, sizeof from, &old),
                 git_oid_tostr(to, sizeof to, &now));
  return yz_buf_puts(r->out, line) != 0 ? yz_git_no_memory(r->err) : 0;
}

static int keep_part(void *bytes, size_t n, void *arg) {
  struct reply *r = arg;
  r->too_much = r->too_much || r->out->len + n > r->max;
  return r->too_much || yz_buf_append(r->out, bytes, n) != 0 ? GIT_EUSER : 0;
}

int yz_ledger_reply(struct yz_ledger *l, const struct yz_moved *moved, size_t n, size_t max,
                    struct yz_buf *out, struct yz_error *err) {
  struct reply r = {.l = l, .max = max, .out = out, .err = err};
  out->len = 0;
  int rc = git_packbuilder_new(&r.pack, l->repo);
  if (rc < 0) return yz_git_fail(err, rc, l->path);
  (void)git_packbuilder_set_threads(r.pack, 1);
  rc = yz_buf_puts(out, title) != 0 ? yz_git_no_memory(err) : 0;
  for (size_t i = 0; rc == 0 && i < n && !r.too_much; i++) rc = add_branch(&r, &moved[i]);
  if (rc == 0 && yz_buf_puts(out, "\n") != 0) rc = yz_git_no_memory(err);
  if (rc == 0 && !r.too_much && git_packbuilder_foreach(r.pack, keep_part, &r) < 0 && !r.too_much)
    rc = yz_git_no_memory(err);
  if (rc != 0 || r.too_much || r.objects == 0) out->len = 0;
  git_packbuilder_free(r.pack);
  return rc;
}

/* --- taking ----------------------------------------------------------------------- */

bool yz_git_is_reply(const void *bytes, size_t n) {
  return n >= strlen(title) && memcmp(bytes, title, strlen(title)) == 0;
}

static bool read_oid(const char *hex, git_oid *out) {
  return strspn(hex, "0123456789abcdef") >= YZ_OID_HEX &&
         git_oid_fromstrn(out, hex, YZ_OID_HEX) == 0;
}

/* One line; of a branch that we would fetch, and that moves from where we saw it. */
static bool read_line(struct yz_ledger *l, const char *line, struct yz_git_moved *out) {
  char ref[YZ_MAX_REF + 1], ours[YZ_MAX_REF + 1];
  size_t n = strcspn(line, " ");
  git_oid from, now;
  if (n > YZ_MAX_REF || strlen(line) != n + 2 * (1 + YZ_OID_HEX) || line[n + 1 + YZ_OID_HEX] != ' ')
    return false;
  (void)snprintf(ref, sizeof ref, "%.*s", (int)n, line);
  if (!yz_git_tracking_name(ref, ours) || !read_oid(line + n + 1, &from) ||
      !read_oid(line + n + 1 + YZ_OID_HEX + 1, &out->tip))
    return false;
  memcpy(out->name, ref, sizeof ref);
  if (git_reference_name_to_id(&now, l->repo, ours) < 0) now = (git_oid){{0}};
  return git_oid_equal(&now, &from);
}

bool yz_git_read_reply(struct yz_ledger *l, const void *bytes, size_t n,
                       struct yz_git_moved out[static YZ_GIT_MAX_MOVED], size_t *count,
                       size_t *pack) {
  const char *at = bytes, *end = at + n;
  if (!yz_git_is_reply(bytes, n)) return false;
  *count = 0;
  for (at += strlen(title);; (*count)++) {
    char line[LINE + 1];
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (stop == NULL || stop - at > LINE || memchr(at, '\0', (size_t)(stop - at)) != NULL)
      return false;
    memcpy(line, at, (size_t)(stop - at));
    line[stop - at] = '\0';
    at = stop + 1;
    if (line[0] == '\0') break;
    if (*count == YZ_GIT_MAX_MOVED || !read_line(l, line, &out[*count])) return false;
  }
  *pack = (size_t)(at - (const char *)bytes);
  return *count > 0 && *pack < n;
}

static int index_pack(struct yz_incoming *in, const char *bytes, size_t n, struct yz_error *err) {
  git_indexer_options how = {.version = GIT_INDEXER_OPTIONS_VERSION};
  git_indexer_progress progress = {0};
  git_indexer *indexer = NULL;
  int rc = git_indexer_new(&indexer, in->packs, 0, in->odb, &how);
  if (rc == 0) rc = git_indexer_append(indexer, bytes, n, &progress);
  if (rc == 0) rc = git_indexer_commit(indexer, &progress);
  git_indexer_free(indexer);
  if (rc < 0) return yz_git_fail(err, rc, in->packs);
  return yz_incoming_accept(in, err);
}

int yz_git_take_reply(struct yz_ledger *l, const void *bytes, size_t n, struct yz_error *err) {
  struct yz_git_moved moved[YZ_GIT_MAX_MOVED];
  struct yz_incoming in;
  size_t count, pack;
  if (!yz_git_read_reply(l, bytes, n, moved, &count, &pack)) return 0;
  int rc = yz_incoming_init(&in, l, err);
  if (rc == 0) rc = index_pack(&in, (const char *)bytes + pack, n - pack, err);
  yz_incoming_finish(&in);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    const struct yz_git_ref ref = {moved[i].name, moved[i].tip};
    struct yz_oid tip = yz_oid_of(&ref.tip);
    struct yz_commit_view view = {0};
    rc = yz_ledger_read_commit(l, &tip, &view, err);
    if (rc == 0) rc = yz_git_remember(l, &ref, err);
    yz_commit_view_finish(&view);
  }
  return rc == 0 ? 1 : rc;
}
