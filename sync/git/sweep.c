/* What killed runs leave behind: lock files of refs and config, half-written
 * objects and packs, an index whose pack never came or is gone. Called only
 * while we hold the flock, so none of it is in use by a writer of ours. */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/git/git.h"

static bool ends_with(const char *name, const char *end) {
  size_t n = strlen(name), m = strlen(end);
  return n > m && strcmp(name + n - m, end) == 0;
}

static int sweep_ref_lock(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)at;
  if (kind == FTW_F && ends_with(path, ".lock")) (void)unlink(path);
  return 0;
}

static bool is_lock(int dir, const char *name) {
  (void)dir;
  return ends_with(name, ".lock") && strcmp(name, "yizhan.lock") != 0;
}

static bool is_half_written(int dir, const char *name) {
  (void)dir;
  return strstr(name, "_git2_") != NULL;
}

static bool is_pack_debris(int dir, const char *name) {
  char pack[NAME_MAX + 2];
  if (is_half_written(dir, name) || is_lock(dir, name)) return true;
  if (!ends_with(name, ".idx")) return false;
  (void)snprintf(pack, sizeof pack, "%.*s.pack", (int)strlen(name) - 4, name);
  return faccessat(dir, pack, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

static void sweep_folder(const char *path, const char *below,
                         bool (*is_debris)(int dir, const char *name)) {
  char *folder = NULL;
  if (asprintf(&folder, "%s%s", path, below) < 0) return;
  DIR *d = opendir(folder);
  free(folder);
  if (d == NULL) return;
  for (struct dirent *e; (e = readdir(d)) != NULL;)
    if (is_debris(dirfd(d), e->d_name)) (void)unlinkat(dirfd(d), e->d_name, 0);
  (void)closedir(d);
}

static bool is_any(int dir, const char *name) {
  (void)dir, (void)name;
  return true;
}

static int sweep_any(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)at;
  (void)(kind == FTW_DP ? rmdir(path) : unlink(path));
  return 0;
}

void yz_git_sweep_incoming(const char *path) {
  char *folder = NULL;
  if (asprintf(&folder, "%s/yizhan.incoming", path) < 0) return;
  (void)nftw(folder, sweep_any, 16, FTW_PHYS | FTW_DEPTH);
  free(folder);
}

void yz_git_sweep_steps(const char *path) {
  static const char *const folders[] = {"/refs/step/log", "/refs/step/keys", "/refs/step"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char *folder = NULL;
    sweep_folder(path, folders[i], is_any);
    if (asprintf(&folder, "%s%s", path, folders[i]) < 0) return;
    (void)rmdir(folder);
    free(folder);
  }
}

void yz_git_sweep(const char *path) {
  char *refs = NULL;
  yz_git_sweep_incoming(path);
  yz_git_sweep_steps(path);
  sweep_folder(path, "", is_lock);
  sweep_folder(path, "/objects", is_half_written);
  sweep_folder(path, "/objects/pack", is_pack_debris);
  if (asprintf(&refs, "%s/refs", path) < 0) return;
  (void)nftw(refs, sweep_ref_lock, 16, FTW_PHYS);
  free(refs);
}
