/* Trees and commits as a ledger reads them (sync/git: history, object, tree; sync/path.c;
 * FORMAT.md §9), in an object store in memory. The input is objects, "\n%" between them, each
 * a letter and its bytes:
 *
 *   b  a blob
 *   t  a tree; behind the zero byte of a name stands one byte for the object's name
 *   T  a tree as it is
 *   c  a commit; "@" and one byte stand for an object's name
 *
 * The objects before are called A, B, …; any other byte is the name of none. */
#include "tests/fuzz/fuzz.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <yizhan/segment.h>

#include "sync/git/git.h"

enum { MAX_OBJECTS = 26 };

static struct {
  struct yz_ledger ledger;
  git_odb_backend *store;
  git_oid objects[MAX_OBJECTS], commits[MAX_OBJECTS];
  size_t n, n_commits;
} memory;

static void start(void) {
  if (memory.store) return;
  FUZZ_HOLDS(git_libgit2_init() > 0 && git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0) == 0);
  FUZZ_HOLDS(git_odb_new(&memory.ledger.odb) == 0 && git_mempack_new(&memory.store) == 0);
  FUZZ_HOLDS(git_odb_add_backend(memory.ledger.odb, memory.store, 1) == 0);
  FUZZ_HOLDS(git_repository_wrap_odb(&memory.ledger.repo, memory.ledger.odb) == 0);
  memory.ledger.path = (char *)(uintptr_t) "memory";
}

/* --- objects ------------------------------------------------------------ */

static git_oid named(char c) {
  git_oid none;
  size_t i = (size_t)(c - 'A');
  if (c >= 'A' && i < memory.n) return memory.objects[i];
  memset(&none, c, sizeof none);
  return none;
}

static void put(struct yz_buf *out, const void *bytes, size_t n) {
  FUZZ_HOLDS(yz_buf_append(out, bytes, n) == 0);
}

static void expand_tree(const char *at, const char *end, struct yz_buf *out) {
  while (at < end) {
    const char *zero = memchr(at, '\0', (size_t)(end - at));
    size_t n = (size_t)((zero ? zero + 1 : end) - at);
    put(out, at, n);
    at += n;
    if (!zero || at == end) continue;
    git_oid id = named(*at++);
    put(out, id.id, sizeof id.id);
  }
}

static void expand_commit(const char *at, const char *end, struct yz_buf *out) {
  char hex[YZ_OID_HEX + 1];
  for (; at < end; at++) {
    if (*at != '@' || at + 1 == end) {
      put(out, at, 1);
      continue;
    }
    git_oid id = named(*++at);
    put(out, git_oid_tostr(hex, sizeof hex, &id), YZ_OID_HEX);
  }
}

static void add_object(const char *at, const char *end) {
  struct yz_buf bytes = {0};
  char kind = at < end ? *at++ : 'b';
  git_object_t type = kind == 'c'                  ? GIT_OBJECT_COMMIT
                      : kind == 't' || kind == 'T' ? GIT_OBJECT_TREE
                                                   : GIT_OBJECT_BLOB;

  put(&bytes, "", 0);
  if (kind == 't')
    expand_tree(at, end, &bytes);
  else if (kind == 'c')
    expand_commit(at, end, &bytes);
  else
    put(&bytes, at, (size_t)(end - at));
  git_oid *id = &memory.objects[memory.n++];
  FUZZ_HOLDS(git_odb_write(id, memory.ledger.odb, bytes.data, bytes.len, type) == 0);
  if (type == GIT_OBJECT_COMMIT) memory.commits[memory.n_commits++] = *id;
  yz_buf_finish(&bytes);
}

static void add_objects(const char *at, const char *end) {
  memory.n = memory.n_commits = 0;
  while (at < end && memory.n < MAX_OBJECTS) {
    const char *next = memmem(at, (size_t)(end - at), "\n%", 2);
    add_object(at, next ? next : end);
    at = next ? next + 2 : end;
  }
}

/* --- reading ------------------------------------------------------------ */

struct files {
  const struct yz_oid *commit; /* in whose tree they lie; NULL: of a difference */
  size_t n;
  char before[YZ_GIT_MAX_PATH + 1];
};

static void hold_path(const char *path) {
  char again[YZ_MAX_PATH];
  const char *ending;
  struct yz_id log;
  int64_t first;

  FUZZ_HOLDS(strlen(path) <= YZ_GIT_MAX_PATH && path[0] != '/' && !strstr(path, "//"));
  FUZZ_HOLDS(!strstr(path, "/../") && strncmp(path, "../", 3) != 0);
  if (yz_path_read(path, &first, &ending)) {
    yz_path_of(first, ending, again);
    FUZZ_HOLDS(strcmp(again, path) == 0);
  }
  if (yz_path_read_other(path, &log, &first, &ending)) {
    yz_path_of_other(&log, first, ending, again);
    FUZZ_HOLDS(strcmp(again, path) == 0);
  }
}

static void hold_file(const struct yz_oid *commit, const char *path, const struct yz_oid *blob) {
  enum { MAX = 64 };
  struct yz_buf bytes = {0}, same = {0};
  int rc = yz_ledger_blob(&memory.ledger, blob, MAX, &bytes, NULL);
  int other = yz_ledger_file(&memory.ledger, commit, path, MAX, &same, NULL);

  FUZZ_HOLDS(rc == other && bytes.len <= MAX && bytes.len == same.len);
  FUZZ_HOLDS(rc || memcmp(bytes.data, same.data, same.len) == 0);
  yz_buf_finish(&bytes);
  yz_buf_finish(&same);
}

static int take_file(void *arg, const char *path, const struct yz_oid *blob, bool deleted) {
  struct files *f = arg;
  hold_path(path);
  FUZZ_HOLDS(strcmp(f->before, path) < 0);
  memcpy(f->before, path, strlen(path) + 1);
  FUZZ_HOLDS(++f->n <= YZ_GIT_MAX_DIFF);
  if (!f->commit) return 0;
  FUZZ_HOLDS(!deleted);
  hold_file(f->commit, path, blob);
  return 0;
}

static void read_commit(const struct yz_oid *commit) {
  struct files f = {.commit = commit};
  struct yz_commit_view view;
  struct yz_error err = {0};

  if (yz_ledger_read_commit(&memory.ledger, commit, &view, &err)) return;
  FUZZ_HOLDS(view.raw.len <= YZ_GIT_MAX_COMMIT);
  (void)yz_commit_signed_by(view.raw.data, view.raw.len, &fuzz_sample('n')->key);
  yz_commit_view_finish(&view);
  FUZZ_HOLDS(yz_ledger_files(&memory.ledger, commit, take_file, &f, &err) <= 0);
}

/* What differs one way differs the other way, where both can be read. */
static void compare(const struct yz_oid *a, const struct yz_oid *b) {
  struct files there = {0}, back = {0};
  int rc = yz_ledger_diff(&memory.ledger, a, b, take_file, &there, NULL);
  int reverse = yz_ledger_diff(&memory.ledger, b, a, take_file, &back, NULL);
  FUZZ_HOLDS(rc || reverse || there.n == back.n);
}

static void walk(const struct yz_oid *since, const struct yz_oid *tip) {
  struct yz_oid *list = NULL;
  size_t n = 0;

  if (!yz_ledger_new_commits(&memory.ledger, since, tip, MAX_OBJECTS, &list, &n, NULL) && n > 0) {
    FUZZ_HOLDS(n <= MAX_OBJECTS && memcmp(&list[n - 1], tip, sizeof *tip) == 0);
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < i; k++) FUZZ_HOLDS(memcmp(&list[i], &list[k], sizeof *tip) != 0);
  }
  free(list);
  if (since) (void)yz_ledger_contains(&memory.ledger, tip, since);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *bytes = (const char *)data;

  start();
  if (size > 0) add_objects(bytes, bytes + size);
  for (size_t i = 0; size > 0 && i < memory.n_commits; i++) {
    const struct yz_oid commit = yz_oid_of(&memory.commits[i]);
    read_commit(&commit);
    walk(NULL, &commit);
    for (size_t k = 0; k < i && k < 4; k++) {
      const struct yz_oid other = yz_oid_of(&memory.commits[k]);
      compare(&other, &commit);
      walk(&other, &commit);
    }
  }
  FUZZ_HOLDS(git_mempack_reset(memory.store) == 0);
  return 0;
}
