#include "disk.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_private.h"

static struct {
  struct disk_file **files;
  size_t n, cap;
  uint64_t made; /* files so far: their identities */
  int64_t steps, fuse;
  bool dead;
} disk;

/* --- the process that acts ------------------------------------------------ */

void disk_set_fuse(int64_t steps) {
  disk.fuse = steps;
  disk.steps = 0;
  disk.dead = false;
}

int64_t disk_steps(void) {
  return disk.steps;
}

bool disk_step(void) {
  disk.steps++;
  if (disk.fuse > 0 && disk.steps >= disk.fuse) disk.dead = true;
  return !disk.dead;
}

bool disk_dead(void) {
  return disk.dead;
}

/* --- names ------------------------------------------------------------------ */

struct disk_file *disk_find(const char *path) {
  for (size_t i = 0; i < disk.n; i++)
    if (strcmp(disk.files[i]->path, path) == 0) return disk.files[i];
  return NULL;
}

static void *must(void *made) {
  assert(made != NULL);
  return made;
}

struct disk_file *disk_make(const char *path) {
  struct disk_file *f = must(calloc(1, sizeof *f));
  f->path = must(strdup(path));
  f->identity = ++disk.made;
  if (disk.n == disk.cap) {
    disk.cap = disk.cap == 0 ? 64 : 2 * disk.cap;
    disk.files = must(realloc(disk.files, disk.cap * sizeof *disk.files));
  }
  return disk.files[disk.n++] = f;
}

static void drop_saved(struct disk_file *f) {
  for (size_t i = 0; i < f->n_saved; i++) free(f->saved[i].bytes);
  f->n_saved = 0;
}

static void destroy(struct disk_file *f) {
  drop_saved(f);
  free(f->saved);
  free(f->bytes);
  free(f->path);
  free(f);
}

void disk_let_go(struct disk_file *f) {
  f->opens--;
  if (f->gone && f->opens == 0) destroy(f);
}

/* An open file without a name lives until it is closed. */
void disk_unlink(struct disk_file *f) {
  for (size_t i = 0; i < disk.n; i++) {
    if (disk.files[i] != f) continue;
    memmove(&disk.files[i], &disk.files[i + 1], (disk.n - i - 1) * sizeof f);
    disk.n--;
    break;
  }
  f->gone = true;
  if (f->opens == 0) destroy(f);
}

void disk_rename(struct disk_file *f, const char *to) {
  struct disk_file *there = disk_find(to);
  if (there == f) return;
  if (there != NULL) disk_unlink(there);
  free(f->path);
  f->path = must(strdup(to));
}

static bool begins(const char *path, const char *prefix) {
  return strncmp(path, prefix, strlen(prefix)) == 0;
}

bool disk_holds(const char *folder) {
  size_t n = strlen(folder);
  for (size_t i = 0; i < disk.n; i++)
    if (begins(disk.files[i]->path, folder) && disk.files[i]->path[n] == '/') return true;
  return false;
}

void disk_remove(const char *prefix) {
  for (size_t i = disk.n; i-- > 0;)
    if (begins(disk.files[i]->path, prefix)) disk_unlink(disk.files[i]);
}

int disk_each(const char *folder, int (*fn)(void *arg, const char *name, bool plain), void *arg) {
  size_t len = strlen(folder);
  int rc = 0;
  for (size_t i = disk.n; rc == 0 && i-- > 0;) {
    const char *path = disk.files[i]->path;
    if (begins(path, folder) && path[len] == '/' && strchr(path + len + 1, '/') == NULL)
      rc = fn(arg, path + len + 1, true);
  }
  return rc;
}

void disk_each_bytes(const char *prefix,
                     void (*fn)(void *arg, const char *path, const void *bytes, size_t n),
                     void *arg) {
  for (size_t i = 0; i < disk.n; i++)
    if (disk.files[i]->len > 0 && begins(disk.files[i]->path, prefix))
      fn(arg, disk.files[i]->path, disk.files[i]->bytes, disk.files[i]->len);
}

void disk_copy(const char *from, const char *to) {
  size_t n = disk.n;
  for (size_t i = 0; i < n; i++) {
    const struct disk_file *f = disk.files[i];
    char path[256];
    if (!begins(f->path, from)) continue;
    (void)snprintf(path, sizeof path, "%s%s", to, f->path + strlen(from));
    struct disk_file *copy = disk_make(path);
    disk_write(copy, f->bytes, f->len, 0);
    disk_flush(copy);
  }
}

uint64_t disk_identity(const char *path) {
  const struct disk_file *f = disk_find(path);
  return f != NULL ? f->identity : 0;
}

/* --- bytes ------------------------------------------------------------------ */

static void grow(struct disk_file *f, size_t len) {
  if (len <= f->cap) return;
  size_t cap = f->cap == 0 ? 4096 : f->cap;
  while (cap < len) cap *= 2;
  f->bytes = must(realloc(f->bytes, cap));
  f->cap = cap;
}

/* Keeps what the page held at the last flush, once. */
static void save(struct disk_file *f, size_t page) {
  for (size_t i = f->n_saved; i-- > 0;)
    if (f->saved[i].page == page) return;
  if (f->n_saved == 0) f->safe_len = f->len;
  if (f->n_saved == f->cap_saved) {
    f->cap_saved = f->cap_saved == 0 ? 16 : 2 * f->cap_saved;
    f->saved = must(realloc(f->saved, f->cap_saved * sizeof *f->saved));
  }
  struct disk_page *p = &f->saved[f->n_saved++];
  *p = (struct disk_page){page, must(calloc(1, DISK_PAGE))};
  size_t at = page * DISK_PAGE;
  if (at < f->len)
    memcpy(p->bytes, f->bytes + at, f->len - at < DISK_PAGE ? f->len - at : DISK_PAGE);
}

static void save_range(struct disk_file *f, size_t at, size_t n) {
  for (size_t page = at / DISK_PAGE; n > 0 && page <= (at + n - 1) / DISK_PAGE; page++)
    save(f, page);
}

void disk_write(struct disk_file *f, const void *bytes, size_t n, size_t at) {
  save_range(f, at, n);
  grow(f, at + n);
  if (at > f->len) memset(f->bytes + f->len, 0, at - f->len);
  if (n > 0) memcpy(f->bytes + at, bytes, n);
  if (at + n > f->len) f->len = at + n;
}

void disk_truncate(struct disk_file *f, size_t len) {
  if (len < f->len) save_range(f, len, f->len - len);
  grow(f, len);
  if (len > f->len) memset(f->bytes + f->len, 0, len - f->len);
  f->len = len;
}

void disk_flush(struct disk_file *f) {
  drop_saved(f);
}

static void lose(struct disk_file *f, struct chance *c) {
  if (f->n_saved == 0) return;
  if (chance_in(c, 2)) {
    grow(f, f->safe_len);
    if (f->safe_len > f->len) memset(f->bytes + f->len, 0, f->safe_len - f->len);
    f->len = f->safe_len;
  }
  for (size_t i = 0; i < f->n_saved; i++) {
    size_t at = f->saved[i].page * DISK_PAGE;
    if (chance_in(c, 2) || at >= f->len) continue;
    memcpy(f->bytes + at, f->saved[i].bytes, f->len - at < DISK_PAGE ? f->len - at : DISK_PAGE);
  }
  drop_saved(f);
}

void disk_power_cut(const char *prefix, struct chance *c) {
  for (size_t i = 0; i < disk.n; i++)
    if (begins(disk.files[i]->path, prefix)) lose(disk.files[i], c);
}

bool disk_is_safe(const char *prefix) {
  for (size_t i = 0; i < disk.n; i++)
    if (begins(disk.files[i]->path, prefix) && disk.files[i]->n_saved > 0) return false;
  return true;
}

/* --- whole files ------------------------------------------------------------- */

int disk_read_file(const char *path, size_t max, struct yz_buf *out, struct yz_error *err) {
  const struct disk_file *f = disk_find(path);
  if (f == NULL) return yz_fail(err, YZ_E_NOT_FOUND, "There is no such file.", "%s", path);
  if (f->len > max) return yz_fail(err, YZ_E_LIMIT, "The file is too large.", "%s", path);
  return yz_buf_append(out, f->bytes, f->len) != 0 ? yz_no_memory(err) : 0;
}

int disk_write_file(const char *path, const void *bytes, size_t n, bool replace,
                    struct yz_error *err) {
  struct disk_file *there = disk_find(path);
  if (there != NULL && !replace)
    return yz_fail(err, YZ_E_EXISTS, "There is such a file.", "%s", path);
  if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", path);
  if (there != NULL) disk_unlink(there);
  struct disk_file *f = disk_make(path);
  disk_write(f, bytes, n, 0);
  disk_flush(f);
  return 0;
}
