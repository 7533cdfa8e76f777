/* Objects, read with care. What a commit object begins with:
 *
 *   "tree " 40 hex LF, then for each parent "parent " 40 hex LF, then others. */
#include <string.h>

#include "sync/git/git.h"

enum { TREE_LINE = 5 + YZ_OID_HEX + 1, PARENT_LINE = 7 + YZ_OID_HEX + 1 };

int yz_git_other_kind(struct yz_error *err, const git_oid *id) {
  char hex[YZ_OID_HEX + 1];
  return yz_fail(
      err, YZ_E_FORMAT,
      YZ_N_("An object of the ledger is of another kind than where it stands. Whoever wrote it "
            "must write it again."),
      "%s", git_oid_tostr(hex, sizeof hex, id));
}

/* What it is and how large, before any of it is read. */
static int look(git_odb *odb, const git_oid *id, git_object_t type, size_t max,
                struct yz_error *err) {
  size_t len;
  git_object_t is;
  int rc = git_odb_read_header(&len, &is, odb, id);
  if (rc < 0) return yz_git_fail_oid(err, rc, id);
  char hex[YZ_OID_HEX + 1];
  git_oid_tostr(hex, sizeof hex, id);
  if (is != type) return yz_git_other_kind(err, id);
  if (len > max)
    return yz_fail(
        err, YZ_E_LIMIT,
        YZ_N_("An object of the ledger is larger than allowed. Whoever wrote it must write it "
              "again in smaller pieces."),
        "%s", hex);
  return 0;
}

int yz_git_read(git_odb *odb, const git_oid *id, git_object_t type, size_t max,
                git_odb_object **out, struct yz_error *err) {
  int rc = look(odb, id, type, max, err);
  if (rc < 0) return rc;
  rc = git_odb_read(out, odb, id);
  return rc < 0 ? yz_git_fail_oid(err, rc, id) : 0;
}

bool yz_git_has(git_odb *odb, const git_oid *id) {
  return git_odb_exists_ext(odb, id, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

static bool hex_line(const char *at, size_t left, const char *word, git_oid *id) {
  size_t word_len = strlen(word);
  struct yz_oid bytes;
  if (left < word_len + YZ_OID_HEX + 1 || memcmp(at, word, word_len) != 0) return false;
  if (at[word_len + YZ_OID_HEX] != '\n') return false;
  if (!yz_from_hex(at + word_len, YZ_OID_HEX, bytes.bytes, YZ_OID_LEN)) return false;
  *id = yz_git_oid(&bytes);
  return true;
}

bool yz_commit_head_parse(const void *raw, size_t len, struct yz_commit_head *out) {
  const char *text = raw;
  git_oid parent;
  if (!hex_line(text, len, "tree ", &out->tree)) return false;
  out->parents = text + TREE_LINE;
  out->n_parents = 0;
  out->len = TREE_LINE;
  while (hex_line(text + out->len, len - out->len, "parent ", &parent)) {
    out->n_parents++;
    out->len += PARENT_LINE;
  }
  return true;
}

git_oid yz_commit_head_parent(const struct yz_commit_head *head, size_t i) {
  git_oid id = {{0}};
  (void)hex_line(head->parents + i * PARENT_LINE, PARENT_LINE, "parent ", &id);
  return id;
}

int yz_git_read_head(git_odb *odb, const git_oid *id, git_odb_object **obj,
                     struct yz_commit_head *head, struct yz_error *err) {
  int rc = yz_git_read(odb, id, GIT_OBJECT_COMMIT, YZ_GIT_MAX_COMMIT, obj, err);
  if (rc < 0) return rc;
  if (yz_commit_head_parse(git_odb_object_data(*obj), git_odb_object_size(*obj), head)) return 0;
  git_odb_object_free(*obj);
  *obj = NULL;
  char hex[YZ_OID_HEX + 1];
  return yz_fail(
      err, YZ_E_FORMAT,
      YZ_N_("A commit does not begin as commits do. Whoever wrote it must write it again."), "%s",
      git_oid_tostr(hex, sizeof hex, id));
}

int yz_git_read_tree(git_repository *repo, git_odb *odb, const git_oid *id, git_tree **out,
                     struct yz_error *err) {
  int rc = look(odb, id, GIT_OBJECT_TREE, YZ_GIT_MAX_OBJECT, err);
  if (rc < 0) return rc;
  rc = git_tree_lookup(out, repo, id);
  if (rc == 0) return 0;
  const git_error *e = git_error_last();
  if (e == NULL || e->klass != GIT_ERROR_TREE) return yz_git_fail_oid(err, rc, id);
  char hex[YZ_OID_HEX + 1];
  return yz_fail(
      err, YZ_E_FORMAT,
      YZ_N_("A folder in the ledger cannot be understood. Whoever wrote it must write it again."),
      "%s", git_oid_tostr(hex, sizeof hex, id));
}

int yz_git_tree_of(struct yz_ledger *l, const struct yz_oid *commit, git_oid *tree,
                   struct yz_error *err) {
  git_oid id = yz_git_oid(commit);
  git_odb_object *obj = NULL;
  struct yz_commit_head head = {0};
  int rc = yz_git_read_head(l->odb, &id, &obj, &head, err);
  if (rc == 0) *tree = head.tree;
  git_odb_object_free(obj);
  return rc;
}

int yz_ledger_read_commit(struct yz_ledger *l, const struct yz_oid *oid, struct yz_commit_view *out,
                          struct yz_error *err) {
  git_oid id = yz_git_oid(oid);
  git_odb_object *obj = NULL;
  struct yz_commit_head head = {0};
  *out = (struct yz_commit_view){0};
  int rc = yz_git_read_head(l->odb, &id, &obj, &head, err);
  if (rc < 0) return rc;
  out->n_parents = head.n_parents;
  if (head.n_parents > 0) {
    git_oid parent = yz_commit_head_parent(&head, 0);
    out->parent = yz_oid_of(&parent);
  }
  rc = yz_buf_append(&out->raw, git_odb_object_data(obj), git_odb_object_size(obj));
  git_odb_object_free(obj);
  return rc < 0 ? yz_git_no_memory(err) : 0;
}

void yz_commit_view_finish(struct yz_commit_view *v) {
  if (v == NULL) return;
  yz_buf_finish(&v->raw);
  *v = (struct yz_commit_view){0};
}

int yz_ledger_blob(struct yz_ledger *l, const struct yz_oid *blob, size_t max, struct yz_buf *out,
                   struct yz_error *err) {
  git_oid id = yz_git_oid(blob);
  git_odb_object *obj = NULL;
  int rc = yz_git_read(l->odb, &id, GIT_OBJECT_BLOB, max, &obj, err);
  if (rc < 0) return rc;
  rc = yz_buf_append(out, git_odb_object_data(obj), git_odb_object_size(obj));
  git_odb_object_free(obj);
  return rc < 0 ? yz_git_no_memory(err) : 0;
}
