/* What goes from one repository to another, and what is taken away. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "repos_private.h"

static void *must(void *made) {
  assert(made != NULL);
  return made;
}

struct copying {
  struct repo *from;
  const struct objects *there; /* what is there already */
  struct objects *to;
  int64_t room, bytes;
  bool steps; /* each object is a step of the process that acts */
};

static bool copy_object(struct copying *c, const git_oid *id);

/* Entries of a tree: "<mode> <name>" NUL, then 20 bytes of id. */
static bool copy_tree(struct copying *c, const struct object *o) {
  for (size_t at = 0; at < o->len;) {
    git_oid id;
    at += strlen((const char *)o->bytes + at) + 1;
    memcpy(id.id, o->bytes + at, sizeof id.id);
    at += sizeof id.id;
    if (!copy_object(c, &id)) return false;
  }
  return true;
}

static bool copy_commit(struct copying *c, const struct object *o) {
  struct yz_commit_head head;
  if (!yz_commit_head_parse(o->bytes, o->len, &head)) return false;
  for (size_t i = 0; i < head.n_parents; i++) {
    git_oid parent = yz_commit_head_parent(&head, i);
    if (!copy_object(c, &parent)) return false;
  }
  return copy_object(c, &head.tree);
}

/* What it refers to first: what a repository holds it holds with all below it. */
static bool copy_object(struct copying *c, const git_oid *id) {
  const struct object *o = objects_find(&c->from->backend->objects, id);
  if (objects_find(c->there, id) != NULL || objects_find(c->to, id) != NULL) return true;
  if (o == NULL) return false;
  const struct object copy = *o;
  if (o->type == GIT_OBJECT_COMMIT ? !copy_commit(c, &copy)
                                   : o->type == GIT_OBJECT_TREE && !copy_tree(c, &copy))
    return false;
  if (c->bytes + (int64_t)copy.len > c->room || (c->steps && !disk_step())) return false;
  objects_put(c->to, &copy);
  c->bytes += (int64_t)copy.len;
  return true;
}

bool repo_copy(struct repo *from, struct repo *to, const struct yz_oid *tip, int64_t room,
               int64_t *bytes) {
  git_oid id = yz_git_oid(tip);
  struct objects *o = &to->backend->objects;
  struct copying c = {from, o, o, room, 0, true};
  bool all = copy_object(&c, &id);
  *bytes += c.bytes;
  return all;
}

struct repo_load {
  struct objects objects;
};

struct repo_load *repo_load_create(void) {
  return must(calloc(1, sizeof(struct repo_load)));
}

void repo_load_destroy(struct repo_load *load) {
  if (load == NULL) return;
  free(load->objects.slots);
  free(load);
}

bool repo_load_add(struct repo_load *load, struct repo *from, const struct repo *to,
                   const struct yz_oid *tip, int64_t room, int64_t *bytes) {
  git_oid id = yz_git_oid(tip);
  struct copying c = {from, &to->backend->objects, &load->objects, room, 0, true};
  bool all = copy_object(&c, &id);
  *bytes += c.bytes;
  return all;
}

void repo_unload(struct repo *to, const struct repo_load *load) {
  const struct objects *o = &load->objects;
  for (size_t i = 0; i < o->cap; i++)
    if (o->slots[i].bytes != NULL && objects_find(&to->backend->objects, &o->slots[i].id) == NULL)
      objects_put(&to->backend->objects, &o->slots[i]);
}

void repo_prune(struct repo *r) {
  struct objects left = {0};
  struct copying c = {r, &left, &left, INT64_MAX, 0, false};
  for (size_t i = 0; i < r->n; i++) {
    git_oid id = yz_git_oid(&r->refs[i].tip);
    (void)copy_object(&c, &id);
  }
  free(r->backend->objects.slots);
  r->backend->objects = left;
}

int yz_ledger_prune(struct yz_ledger *l, yz_may_go_fn may_go, void *ctx, struct yz_error *err) {
  (void)may_go, (void)ctx;
  if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
  repo_prune(repo_of(l));
  return 0;
}

void repo_each_blob(const struct repo *r, repo_blob_fn fn, void *arg) {
  const struct objects *o = &r->backend->objects;
  for (size_t i = 0; i < o->cap; i++)
    if (o->slots[i].bytes != NULL && o->slots[i].type == GIT_OBJECT_BLOB)
      fn(arg, o->slots[i].bytes, o->slots[i].len);
}

bool repo_has(const struct repo *r, const struct yz_oid *oid) {
  git_oid id = yz_git_oid(oid);
  return objects_find(&r->backend->objects, &id) != NULL;
}

bool repo_is_after(struct repo *r, const struct yz_oid *tip, const struct yz_oid *old) {
  struct yz_ledger *l = repo_handle(r);
  bool is = yz_ledger_contains(l, tip, old);
  yz_ledger_destroy(l);
  return is;
}

bool repo_take(struct yz_ledger *l, const struct yz_oid *oid, int type, const void *bytes,
               size_t len) {
  struct objects *o = &repo_of(l)->backend->objects;
  struct object object = {.id = yz_git_oid(oid), .type = (git_object_t)type, .len = len};
  if (objects_find(o, &object.id) != NULL) return true;
  object.bytes = malloc(len + 1);
  if (object.bytes == NULL) return false;
  memcpy(object.bytes, bytes, len);
  objects_put(o, &object);
  return true;
}
