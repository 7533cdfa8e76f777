#include "repos_private.h"

#include <assert.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "sync/git/git.h"

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

const struct object *objects_find(const struct objects *o, const git_oid *id) {
  if (o->cap == 0) return NULL;
  const struct object *there = &o->slots[slot_of(o, id)];
  return there->bytes != NULL ? there : NULL;
}

void objects_put(struct objects *o, const struct object *object) {
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
  const struct object *o = objects_find(&((struct backend *)backend)->objects, id);
  if (o == NULL) return GIT_ENOTFOUND;
  *out = must(git_odb_backend_data_alloc(backend, o->len + 1));
  memcpy(*out, o->bytes, o->len);
  *len = o->len;
  *type = o->type;
  return 0;
}

static int b_read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
                         const git_oid *id) {
  const struct object *o = objects_find(&((struct backend *)backend)->objects, id);
  if (o == NULL) return GIT_ENOTFOUND;
  *len = o->len;
  *type = o->type;
  return 0;
}

static int b_exists(git_odb_backend *backend, const git_oid *id) {
  return objects_find(&((struct backend *)backend)->objects, id) != NULL;
}

static int b_write(git_odb_backend *backend, const git_oid *id, const void *bytes, size_t len,
                   git_object_t type) {
  struct objects *o = &((struct backend *)backend)->objects;
  if (objects_find(o, id) != NULL) return 0;
  if (!disk_step()) return GIT_ERROR;
  struct object object = {.id = *id, .type = type, .len = len, .bytes = must(malloc(len + 1))};
  memcpy(object.bytes, bytes, len);
  objects_put(o, &object);
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

/* Nothing is kept here that no ref reaches. */
int yz_ledger_size(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) {
  (void)l, (void)err;
  *bytes = 0;
  return 0;
}

int yz_ledger_waste(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) {
  return yz_ledger_size(l, bytes, err);
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

struct repo *repo_of(const struct yz_ledger *l) {
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
  const struct object *o = objects_find(&r->backend->objects, &id);
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
