/* Packs as files in a folder: pack-<hex>.pack and .idx. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sync/git/git.h"

static char *file_of(const char *folder, const char *name, const char *end) {
  char *file = NULL;
  return asprintf(&file, "%s/%s%s", folder, name, end) < 0 ? NULL : file;
}

static int add(struct yz_packlist *list, const char *name, size_t len, int64_t size) {
  if (list->n == list->cap) {
    size_t cap = list->cap == 0 ? 32 : list->cap * 2;
    void *names = reallocarray(list->names, cap, sizeof *list->names);
    if (names == NULL) return YZ_E_MEMORY;
    list->names = names;
    int64_t *sizes = reallocarray(list->sizes, cap, sizeof *sizes);
    if (sizes == NULL) return YZ_E_MEMORY;
    list->sizes = sizes;
    list->cap = cap;
  }
  memcpy(list->names[list->n], name, len);
  list->names[list->n][len] = '\0';
  list->sizes[list->n++] = size;
  return 0;
}

/* A pack counts when its index is there too. */
static int take(struct yz_packlist *list, int dir, const char *file) {
  char other[NAME_MAX + 8];
  struct stat st;
  size_t n = strlen(file);
  if (n < 10 || strncmp(file, "pack-", 5) != 0 || strcmp(file + n - 5, ".pack") != 0) return 0;
  n -= 5;
  if (n >= YZ_GIT_PACK_NAME || fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  (void)snprintf(other, sizeof other, "%.*s.idx", (int)n, file);
  if (faccessat(dir, other, F_OK, 0) != 0) return 0;
  return add(list, file, n, st.st_size);
}

int yz_packlist_read(const char *folder, struct yz_packlist *out, struct yz_error *err) {
  DIR *d = opendir(folder);
  int rc = 0;
  if (d == NULL)
    return yz_fail(err, YZ_E_IO, YZ_N_("The ledger's packs cannot be listed. Check the disk."),
                   "%s: %s", folder, strerror(errno));
  for (struct dirent *e; rc == 0 && (e = readdir(d)) != NULL;)
    if (take(out, dirfd(d), e->d_name) < 0) rc = yz_git_no_memory(err);
  (void)closedir(d);
  return rc;
}

void yz_packlist_drop_kept(const char *folder, struct yz_packlist *list) {
  size_t kept = 0;
  for (size_t i = 0; i < list->n; i++) {
    char *mark = file_of(folder, list->names[i], ".keep");
    bool is_marked = mark == NULL || access(mark, F_OK) == 0;
    free(mark);
    if (is_marked) continue;
    memmove(list->names[kept], list->names[i], sizeof list->names[i]);
    list->sizes[kept++] = list->sizes[i];
  }
  list->n = kept;
}

void yz_packlist_finish(struct yz_packlist *list) {
  if (list == NULL) return;
  free(list->names);
  free(list->sizes);
  *list = (struct yz_packlist){0};
}

int yz_git_open_pack(git_odb **out, const char *folder, const char *name, struct yz_error *err) {
  git_odb_backend *backend = NULL;
  char *index = file_of(folder, name, ".idx");
  if (index == NULL) return yz_git_no_memory(err);
  *out = NULL;
  int rc = git_odb_backend_one_pack(&backend, index);
  if (rc == 0) rc = git_odb_new(out);
  if (rc == 0) {
    rc = git_odb_add_backend(*out, backend, 1);
    if (rc == 0) backend = NULL; /* the store's now */
  }
  if (rc < 0) {
    rc = yz_git_fail(err, rc, name);
    if (backend != NULL) backend->free(backend);
    git_odb_free(*out);
    *out = NULL;
  }
  free(index);
  return rc;
}

void yz_git_remove_pack(const char *folder, const char *name) {
  static const char *const ends[] = {".pack", ".rev", ".bitmap", ".mtimes", ".idx"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    char *file = file_of(folder, name, ends[i]);
    if (file != NULL) (void)unlink(file);
    free(file);
  }
}
