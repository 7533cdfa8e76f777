#include "repos.h"

#include <assert.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "sync/git/git.h"

/* Objects never change: repositories share their bytes. */
struct object {
  git_oid id;
  git_object_t type;
  size_t len;
  unsigned char *bytes;
};

struct objects {
  struct object *slots; /* an empty one has no bytes */
  size_t n, cap;
};

struct backend {
  git_odb_backend parent;
  struct objects objects;
};

struct repo {
  char *path;
  git_odb *odb;
  git_repository *git;
  struct backend *backend; /* the odb's */
  struct repo_ref *refs;
  size_t n, cap;
};

static struct {
  struct repo **list;
  size_t n;
} repos;

static void *must(void *made) {
  assert(made != NULL);
  return made;
}

/* --- objects ---------------------------------------------------------------- */

static size_t slot_of(const struct objects *o, const git_oid *id) {
  size_t at;
  memcpy(&at, id->id, sizeof at);
  at &= o->cap - 1;
  while (o->slots[at].bytes != NULL && git_oid_cmp(&o->slots[at].id, id) != 0)
    at = (at + 1) & (o->cap - 1);
  return at;
}

static const struct object *find(const struct objects *o, const git_oid *id) {
  if (o->cap == 0) return NULL;
  const struct object *there = &o->slots[slot_of(o, id)];
  return there->bytes != NULL ? there : NULL;
}

static void put(struct objects *o, const struct object *object) {
  if (2 * (o->n + 1) > o->cap) {
    struct objects grown = {.cap = o->cap == 0 ? 256 : 2 * o->cap, .n = o->n};
    grown.slots = must(calloc(grown.cap, sizeof *grown.slots));
    for (size_t i = 0; i < o->cap; i++)
      if (o->slots[i].bytes != NULL) grown.slots[slot_of(&grown, &o->slots[i].id)] = o->slots[i];
    free(o->slots);
    *o = grown;
  }
  o->slots[slot_of(o, &object->id)] = *object;
  o->n++;
}

static int b_read(void **out, size_t *len, git_object_t *type, git_odb_backend *backend,
                  const git_oid *id) {
  const struct object *o = find(&((struct backend *)backend)->objects, id);
  if (o == NULL) return GIT_ENOTFOUND;
  *out = must(git_odb_backend_data_alloc(backend, o->len + 1));
  memcpy(*out, o->bytes, o->len);
  *len = o->len;
  *type = o->type;
  return 0;
}

static int b_read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
                         const git_oid *id) {
  const struct object *o = find(&((struct backend *)backend)->objects, id);
  if (o == NULL) return GIT_ENOTFOUND;
  *len = o->len;
  *type = o->type;
  return 0;
}

static int b_exists(git_odb_backend *backend, const git_oid *id) {
  return find(&((struct backend *)backend)->objects, id) != NULL;
}

static int b_write(git_odb_backend *backend, const git_oid *id, const void *bytes, size_t len,
                   git_object_t type) {
  struct objects *o = &((struct backend *)backend)->objects;
  if (find(o, id) != NULL) return 0;
  if (!disk_step()) return GIT_ERROR;
  struct object object = {.id = *id, .type = type, .len = len, .bytes = must(malloc(len + 1))};
  memcpy(object.bytes, bytes, len);
  put(o, &object);
  return 0;
}

static void b_free(git_odb_backend *backend) {
  free(((struct backend *)backend)->objects.slots);
  free(backend);
}

/* --- repositories ------------------------------------------------------------- */

struct repo *repo_find(const char *path) {
  for (size_t i = 0; i < repos.n; i++)
    if (strcmp(repos.list[i]->path, path) == 0) return repos.list[i];
  return NULL;
}

struct repo *repo_make(const char *path) {
  struct repo *r = must(calloc(1, sizeof *r));
  struct backend *b = must(calloc(1, sizeof *b));
  git_config *config = NULL;
  b->parent = (git_odb_backend){.version = GIT_ODB_BACKEND_VERSION,
                                .read = b_read,
                                .read_header = b_read_header,
                                .write = b_write,
                                .exists = b_exists,
                                .free = b_free};
  r->path = must(strdup(path));
  r->backend = b;
  int rc = git_odb_new(&r->odb);
  if (rc == 0) rc = git_odb_add_backend(r->odb, &b->parent, 1);
  if (rc == 0) rc = git_repository_wrap_odb(&r->git, r->odb);
  /* Nothing is read of how git is set up on this machine. */
  if (rc == 0) rc = git_config_new(&config);
  if (rc == 0) rc = git_repository_set_config(r->git, config);
  git_config_free(config);
  assert(rc == 0);
  repos.list = must(reallocarray(repos.list, repos.n + 1, sizeof r));
  return repos.list[repos.n++] = r;
}

void repos_remove(const char *prefix) {
  for (size_t i = repos.n; i-- > 0;) {
    struct repo *r = repos.list[i];
    if (strncmp(r->path, prefix, strlen(prefix)) != 0) continue;
    git_repository_free(r->git);
    git_odb_free(r->odb);
    free(r->refs);
    free(r->path);
    free(r);
    repos.list[i] = repos.list[--repos.n];
  }
}

struct yz_ledger *repo_handle(struct repo *r) {
  struct yz_ledger *l = must(calloc(1, sizeof *l));
  *l = (struct yz_ledger){.repo = r->git, .odb = r->odb, .path = r->path};
  return l;
}

int yz_ledger_open(struct yz_ledger **out, const char *path, bool create, struct yz_error *err) {
  struct repo *r = repo_find(path);
  *out = NULL;
  if (r == NULL && !create) return yz_fail(err, YZ_E_NOT_FOUND, "There is no ledger.", "%s", path);
  if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", path);
  *out = repo_handle(r != NULL ? r : repo_make(path));
  return 0;
}

const char *yz_ledger_path(const struct yz_ledger *l) {
  return l->path;
}

void yz_ledger_destroy(struct yz_ledger *l) {
  free(l);
}

int yz_git_flush(const char *folder, struct yz_error *err) {
  return disk_step() ? 0 : yz_fail(err, YZ_E_IO, "The disk failed.", "%s", folder);
}

/* What is held is written at once. */
int yz_ledger_hold(struct yz_ledger *l, struct yz_error *err) {
  (void)l, (void)err;
  return 0;
}

int yz_ledger_release(struct yz_ledger *l, bool keep, struct yz_error *err) {
  (void)keep;
  return disk_step() ? 0 : yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
}

int yz_ledger_upkeep(struct yz_ledger *l, bool now, struct yz_error *err) {
  (void)now;
  return disk_step() ? 0 : yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
}

int yz_ledger_check(struct yz_ledger *l, void (*fn)(void *ctx, const char *fault), void *ctx,
                    struct yz_error *err) {
  (void)l, (void)fn, (void)ctx, (void)err;
  return 0;
}

/* The township's union is for audit alone: nothing is read from it. */
int yz_ledger_merge(struct yz_ledger *l, const char *ref, struct yz_ledger *from,
                    const struct yz_branch_tip *tips, size_t n, int64_t time_ms,
                    const struct yz_secret *seed, struct yz_error *err) {
  (void)ref, (void)from, (void)tips, (void)n, (void)time_ms, (void)seed;
  return disk_step() ? 0 : yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
}

/* --- refs --------------------------------------------------------------------- */

const struct repo_ref *repo_refs(const struct repo *r, size_t *n) {
  *n = r->n;
  return r->refs;
}

const struct repo_ref *repo_ref(const struct repo *r, const char *name) {
  for (size_t i = 0; i < r->n; i++)
    if (strcmp(r->refs[i].name, name) == 0) return &r->refs[i];
  return NULL;
}

void repo_set_ref(struct repo *r, const char *name, const struct yz_oid *tip) {
  size_t at = 0;
  while (at < r->n && strcmp(r->refs[at].name, name) < 0) at++;
  bool there = at < r->n && strcmp(r->refs[at].name, name) == 0;
  if (tip == NULL) {
    if (there) memmove(&r->refs[at], &r->refs[at + 1], (--r->n - at) * sizeof *r->refs);
    return;
  }
  if (!there) {
    if (r->n == r->cap) {
      r->cap = r->cap == 0 ? 16 : 2 * r->cap;
      r->refs = must(reallocarray(r->refs, r->cap, sizeof *r->refs));
    }
    memmove(&r->refs[at + 1], &r->refs[at], (r->n++ - at) * sizeof *r->refs);
    (void)snprintf(r->refs[at].name, sizeof r->refs[at].name, "%s", name);
  }
  r->refs[at].tip = *tip;
}

static struct repo *repo_of(const struct yz_ledger *l) {
  for (size_t i = 0; i < repos.n; i++)
    if (repos.list[i]->git == l->repo) return repos.list[i];
  assert(false);
  return NULL;
}

int yz_ledger_ref(struct yz_ledger *l, const char *ref, struct yz_oid *out, struct yz_error *err) {
  const struct repo_ref *there = repo_ref(repo_of(l), ref);
  if (there == NULL) return yz_fail(err, YZ_E_NOT_FOUND, "There is no such branch.", "%s", ref);
  *out = there->tip;
  return 0;
}

/* Of the refs as they are when it begins: fn may move them. */
int yz_ledger_refs(struct yz_ledger *l, const char *prefix,
                   int (*fn)(void *ctx, const char *ref, const struct yz_oid *tip), void *ctx,
                   struct yz_error *err) {
  const struct repo *r = repo_of(l);
  size_t n = r->n;
  (void)err;
  struct repo_ref *copy = must(malloc((n + 1) * sizeof *copy));
  if (n > 0) memcpy(copy, r->refs, n * sizeof *copy);
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < n; i++)
    if (strncmp(copy[i].name, prefix, strlen(prefix)) == 0)
      rc = fn(ctx, copy[i].name, &copy[i].tip);
  free(copy);
  return rc;
}

int yz_ledger_move_ref(struct yz_ledger *l, const char *ref, const struct yz_oid *from,
                       const struct yz_oid *to, struct yz_error *err) {
  struct repo *r = repo_of(l);
  const struct repo_ref *now = repo_ref(r, ref);
  git_oid id = yz_git_oid(to);
  const struct object *o = find(&r->backend->objects, &id);
  if (o == NULL) return yz_fail(err, YZ_E_NOT_FOUND, "There is no such commit.", "%s", ref);
  if (o->type != GIT_OBJECT_COMMIT) return yz_fail(err, YZ_E_FORMAT, "It is no commit.", "%s", ref);
  if (now != NULL && yz_equal(&now->tip, to, sizeof *to)) return 0;
  if ((now == NULL) != (from == NULL) || (from != NULL && !yz_equal(&now->tip, from, sizeof *from)))
    return yz_fail(err, YZ_E_BUSY, "The branch was changed meanwhile.", "%s", ref);
  if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", ref);
  repo_set_ref(r, ref, to);
  return 0;
}

int yz_ledger_delete_ref(struct yz_ledger *l, const char *ref, struct yz_error *err) {
  if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", ref);
  repo_set_ref(repo_of(l), ref, NULL);
  return 0;
}

/* --- copying ------------------------------------------------------------------- */

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
  const struct object *o = find(&c->from->backend->objects, id);
  if (find(c->there, id) != NULL || find(c->to, id) != NULL) return true;
  if (o == NULL) return false;
  const struct object copy = *o;
  if (o->type == GIT_OBJECT_COMMIT ? !copy_commit(c, &copy)
                                   : o->type == GIT_OBJECT_TREE && !copy_tree(c, &copy))
    return false;
  if (c->bytes + (int64_t)copy.len > c->room || (c->steps && !disk_step())) return false;
  put(c->to, &copy);
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
    if (o->slots[i].bytes != NULL && find(&to->backend->objects, &o->slots[i].id) == NULL)
      put(&to->backend->objects, &o->slots[i]);
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

int yz_ledger_prune(struct yz_ledger *l, struct yz_error *err) {
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
  return find(&r->backend->objects, &id) != NULL;
}

bool repo_is_after(struct repo *r, const struct yz_oid *tip, const struct yz_oid *old) {
  struct yz_ledger *l = repo_handle(r);
  bool is = yz_ledger_contains(l, tip, old);
  yz_ledger_destroy(l);
  return is;
}
