/* A small pack of what some commits add, written as differences from what the other side has: of a
 * record's commits, folders and files less than half is new. git, which reads it, calls it thin
 * (gitformat-pack(5)). */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sync/git/git.h"

enum { MAX_COMMITS = 200, MAX_OBJECTS = 2000, MAX_BASE = 64 * 1024, HEAD = 12, DIFFERENCE = 7 };

/* --- one object -------------------------------------------------------------------- */

struct object {
  git_odb_object *own;
  git_object_t type;
  struct yz_buf packed;
  size_t size;  /* unpacked */
  bool differs; /* it is what differs from another one */
};

static int pack_whole(struct object *o, struct yz_error *err) {
  o->size = git_odb_object_size(o->own);
  uLong room = compressBound((uLong)o->size);
  o->packed.data = malloc(room);
  o->packed.cap = room;
  if (o->packed.data == NULL || compress2(o->packed.data, &room, git_odb_object_data(o->own),
                                          (uLong)o->size, Z_BEST_COMPRESSION) != Z_OK)
    return yz_git_no_memory(err);
  o->packed.len = room;
  return 0;
}

/* libgit2 makes differences for binary diffs, packed as a pack has them. */
static int on_difference(const git_diff_delta *files, const git_diff_binary *diff, void *object) {
  struct object *o = object;
  const git_diff_binary_file *now = &diff->new_file;
  (void)files;
  if (now->type != GIT_DIFF_BINARY_DELTA || now->datalen + YZ_OID_LEN >= o->packed.len) return 0;
  yz_buf_clear(&o->packed);
  o->size = now->inflatedlen;
  o->differs = true;
  return yz_buf_append(&o->packed, now->data, now->datalen) == 0 ? 0 : GIT_EUSER;
}

/* In place of the whole, where it is less. */
static int pack_difference(const struct yz_thin *t, struct object *o, const git_oid *base,
                           struct yz_error *err) {
  git_diff_options how = {.version = GIT_DIFF_OPTIONS_VERSION,
                          .flags = GIT_DIFF_SHOW_BINARY | GIT_DIFF_FORCE_BINARY};
  git_odb_object *from = NULL;
  int rc = yz_git_read(t->l->odb, base, o->type, YZ_GIT_MAX_OBJECT, &from, err);
  if (rc < 0) return rc;
  if (git_odb_object_size(from) <= MAX_BASE)
    rc = git_diff_buffers(git_odb_object_data(from), git_odb_object_size(from), NULL,
                          git_odb_object_data(o->own), git_odb_object_size(o->own), NULL, &how,
                          NULL, on_difference, NULL, NULL, o);
  git_odb_object_free(from);
  return rc < 0 ? yz_git_no_memory(err) : 0;
}

/* Its bytes as they are, in the form of what is compressed. */
static int loosen(struct object *o, struct yz_error *err) {
  uLong n = (uLong)o->size, room = compressBound(n);
  unsigned char *bare = malloc(n + 1), *out = malloc(room);
  bool good = bare != NULL && out != NULL &&
              uncompress(bare, &n, o->packed.data, (uLong)o->packed.len) == Z_OK &&
              compress2(out, &room, bare, n, Z_NO_COMPRESSION) == Z_OK;
  free(bare);
  if (!good) {
    free(out);
    return yz_git_no_memory(err);
  }
  yz_buf_finish(&o->packed);
  o->packed = (struct yz_buf){.data = out, .len = room, .cap = room};
  return 0;
}

/* Kind and size, seven bits at a time but the first four; then the base's name. */
static int write_object(struct yz_thin *t, const struct object *o, const git_oid *base,
                        struct yz_error *err) {
  unsigned char head[16];
  size_t n = 0, left = o->size >> 4;
  head[n++] = (unsigned char)((o->differs ? DIFFERENCE : (unsigned)o->type) << 4 | (o->size & 15));
  for (; left > 0; left >>= 7) {
    head[n - 1] |= 0x80;
    head[n++] = left & 0x7f;
  }
  int rc = yz_buf_append(&t->out, head, n);
  if (rc == 0 && o->differs) rc = yz_buf_append(&t->out, base->id, YZ_OID_LEN);
  if (rc == 0) rc = yz_buf_append(&t->out, o->packed.data, o->packed.len);
  return rc == 0 ? 0 : yz_git_no_memory(err);
}

/* base: one like it that the other side has or that stands before it; NULL: none. */
static int put(struct yz_thin *t, const git_oid *id, git_object_t type, const git_oid *base,
               struct yz_error *err) {
  struct object o = {.type = type};
  int added = yz_oidset_add(&t->seen, id);
  if (added < 0) return yz_git_no_memory(err);
  t->too_much = t->too_much || (added > 0 && t->n == MAX_OBJECTS);
  if (added == 0 || t->too_much) return 0;
  int rc = yz_git_read(t->l->odb, id, type, YZ_GIT_MAX_OBJECT, &o.own, err);
  t->too_much = rc == 0 && git_odb_object_size(o.own) > t->max_object;
  if (rc == 0 && !t->too_much) rc = pack_whole(&o, err);
  if (rc == 0 && !t->too_much && base != NULL) rc = pack_difference(t, &o, base, err);
  if (rc == 0 && !t->too_much && t->loose) rc = loosen(&o, err);
  if (rc == 0 && !t->too_much) rc = write_object(t, &o, base, err);
  t->too_much = t->too_much || t->out.len + YZ_OID_LEN > t->max;
  t->n++;
  git_odb_object_free(o.own);
  yz_buf_finish(&o.packed);
  return rc;
}

/* --- what a commit adds ----------------------------------------------------------------- */

static const char *ending_of(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot == NULL ? "" : dot;
}

/* The file of this kind that was written last, as far as paths tell: the newest segment stands
 * last in the last folder. 1: found. */
static int find_like(const struct yz_thin *t, const git_oid *folder, const char *ending, int levels,
                     git_oid *out, struct yz_error *err) {
  git_tree *tree = NULL;
  int rc =
      levels > YZ_GIT_MAX_LEVELS ? 0 : yz_git_read_tree(t->l->repo, t->l->odb, folder, &tree, err);
  size_t n = rc == 0 && tree != NULL ? git_tree_entrycount(tree) : 0;
  for (int files = 0; files < 2; files++)
    for (size_t i = n; rc == 0 && i-- > 0;) {
      const git_tree_entry *e = git_tree_entry_byindex(tree, i);
      bool file = git_tree_entry_type(e) == GIT_OBJECT_BLOB;
      if (file != (files == 1)) continue;
      if (!file)
        rc = find_like(t, git_tree_entry_id(e), ending, levels + 1, out, err);
      else if (strcmp(ending_of(git_tree_entry_name(e)), ending) == 0) {
        *out = *git_tree_entry_id(e);
        rc = 1;
      }
    }
  git_tree_free(tree);
  return rc;
}

/* A commit's files beside those of its parent. */
struct beside {
  struct yz_thin *t;
  const git_oid *root; /* of the parent; NULL: it has none */
  struct yz_error *err;
};

static int put_file(struct beside *b, const git_tree_entry *e, const git_tree_entry *was) {
  git_oid like;
  if (was != NULL && git_tree_entry_type(was) == GIT_OBJECT_BLOB)
    return put(b->t, git_tree_entry_id(e), GIT_OBJECT_BLOB, git_tree_entry_id(was), b->err);
  int found = b->root == NULL
                  ? 0
                  : find_like(b->t, b->root, ending_of(git_tree_entry_name(e)), 0, &like, b->err);
  if (found < 0) return found;
  return put(b->t, git_tree_entry_id(e), GIT_OBJECT_BLOB, found == 1 ? &like : NULL, b->err);
}

static int put_folder(struct beside *b, const git_oid *id, const git_oid *old, int levels);

/* What a folder has and the old one (NULL: none) lacks. */
static int put_entries(struct beside *b, const git_tree *tree, const git_tree *old, int levels) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < git_tree_entrycount(tree) && !b->t->too_much; i++) {
    const git_tree_entry *e = git_tree_entry_byindex(tree, i), *was = NULL;
    const git_oid *id = git_tree_entry_id(e);
    if (old != NULL) was = git_tree_entry_byname(old, git_tree_entry_name(e));
    if (was != NULL && git_oid_equal(git_tree_entry_id(was), id)) continue;
    bool folder = was != NULL && git_tree_entry_type(was) == GIT_OBJECT_TREE;
    rc = git_tree_entry_type(e) == GIT_OBJECT_TREE
             ? put_folder(b, id, folder ? git_tree_entry_id(was) : NULL, levels + 1)
             : put_file(b, e, was);
  }
  return rc;
}

static int put_folder(struct beside *b, const git_oid *id, const git_oid *old, int levels) {
  struct yz_thin *t = b->t;
  git_tree *tree = NULL, *before = NULL;
  if (levels > YZ_GIT_MAX_LEVELS) t->too_much = true;
  int rc = t->too_much ? 0 : put(t, id, GIT_OBJECT_TREE, old, b->err);
  if (rc == 0 && !t->too_much) rc = yz_git_read_tree(t->l->repo, t->l->odb, id, &tree, b->err);
  if (rc == 0 && tree != NULL && old != NULL)
    rc = yz_git_read_tree(t->l->repo, t->l->odb, old, &before, b->err);
  if (rc == 0 && tree != NULL) rc = put_entries(b, tree, before, levels);
  git_tree_free(before);
  git_tree_free(tree);
  return rc;
}

static int put_commit(struct yz_thin *t, const struct yz_oid *commit, struct yz_error *err) {
  struct yz_commit_view view = {0};
  struct beside b = {.t = t, .err = err};
  const git_oid id = yz_git_oid(commit);
  git_oid tree, before, parent = {{0}};
  int rc = yz_ledger_read_commit(t->l, commit, &view, err);
  bool first = view.n_parents == 0;
  if (rc == 0) rc = yz_git_tree_of(t->l, commit, &tree, err);
  if (rc == 0 && !first) {
    parent = yz_git_oid(&view.parent);
    rc = yz_git_tree_of(t->l, &view.parent, &before, err);
  }
  b.root = first ? NULL : &before;
  if (rc == 0) rc = put(t, &id, GIT_OBJECT_COMMIT, first ? NULL : &parent, err);
  if (rc == 0) rc = put_folder(&b, &tree, b.root, 0);
  yz_commit_view_finish(&view);
  return rc;
}

/* --- all of them -------------------------------------------------------------------------- */

int yz_thin_init(struct yz_thin *t, struct yz_ledger *l, size_t max, struct yz_error *err) {
  static const char head[HEAD] = "PACK\0\0\0\2";
  *t = (struct yz_thin){.l = l, .max = max, .max_object = 16 * max, .max_commits = MAX_COMMITS};
  return yz_buf_append(&t->out, head, HEAD) == 0 ? 0 : yz_git_no_memory(err);
}

int yz_thin_add(struct yz_thin *t, const struct yz_oid *since, const struct yz_oid *tip,
                struct yz_error *err) {
  struct yz_oid *commits = NULL;
  size_t n = 0;
  struct yz_error why = {0};
  int rc = yz_ledger_new_commits(t->l, since, tip, t->max_commits, &commits, &n, &why);
  if (rc == YZ_E_LIMIT) t->too_much = true;
  if (rc != 0 && !t->too_much) rc = yz_fail(err, rc, why.message, "%s", why.subject);
  for (size_t i = 0; rc == 0 && i < n && !t->too_much; i++) rc = put_commit(t, &commits[i], err);
  free(commits);
  return t->too_much ? 0 : rc;
}

int yz_thin_seal(struct yz_thin *t, struct yz_error *err) {
  unsigned char sum[YZ_OID_LEN];
  const uint32_t n = htonl((uint32_t)t->n);
  memcpy(t->out.data + HEAD - sizeof n, &n, sizeof n);
  yz_git_sha1(t->out.data, t->out.len, sum);
  return yz_buf_append(&t->out, sum, sizeof sum) == 0 ? 0 : yz_git_no_memory(err);
}

void yz_thin_finish(struct yz_thin *t) {
  yz_oidset_finish(&t->seen);
  yz_buf_finish(&t->out);
}
