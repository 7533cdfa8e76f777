/* A repository: made, opened, locked, let go. */
#include <errno.h>
#include <fcntl.h>
#include <git2/sys/repository.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sync/git/git.h"

enum {
  CACHE_BYTES = 16 * 1024 * 1024,
  WINDOW_BYTES = 1024 * 1024,
  MAPPED_BYTES = 8 * WINDOW_BYTES
};

/* What other git programs that work here must know. Every branch HEAD could
 * name may be missing, so it names the township's. */
static const struct {
  const char *key, *value;
} settings[] = {
    {"core.fsync", "all"},
    {"core.logAllRefUpdates", "false"},
    {"gc.auto", "0"}, /* yz_ledger_upkeep does it */
    {"pack.threads", "1"},
    {"pack.windowMemory", "32m"},
    /* libgit2 looks for no deltas of what is larger than this, which finds next to none (lines
     * of hashes, sealed bytes) and took half the time of a first sync. */
    {"pack.deltaCacheSize", "4k"},
    {"receive.fsckObjects", "true"},
    {"receive.maxInputSize", "1g"},
    {"uploadpack.allowReachableSHA1InWant", "true"}, /* a fetch goes on in steps (way.c) */
    {"transfer.unpackLimit", "1"}, /* one pack costs fewer flushes than many files */
};
static const char head[] = "refs/heads/main";

/* libgit2's settings are the process's. Flushes are off unless asked for, and a
 * shared folder may belong to another user: nothing in a repository is ever run. */
static int start_libgit2(struct yz_error *err) {
  int rc = git_libgit2_init();
  if (rc < 0) return yz_git_fail(err, rc, "libgit2");
  rc = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  if (rc == 0) rc = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  if (rc == 0) rc = git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)CACHE_BYTES);
  /* Of packs no more is held than weak machines have: they grow with what is attached. */
  if (rc == 0) rc = git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)WINDOW_BYTES);
  if (rc == 0) rc = git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)MAPPED_BYTES);
  if (rc == 0) return 0;
  rc = yz_git_fail(err, rc, "libgit2");
  git_libgit2_shutdown();
  return rc;
}

static int open_store(git_repository *repo, git_odb **odb, const char *path) {
  char *objects = NULL;
  if (asprintf(&objects, "%s/objects", path) < 0) {
    git_error_set_oom();
    return GIT_ERROR;
  }
  int rc = git_odb_new(odb);
  if (rc == 0) rc = yz_git_add_store(*odb, objects, true);
  if (rc == 0) rc = git_repository_set_odb(repo, *odb);
  free(objects);
  return rc;
}

/* HEAD is the last thing that making a repository writes. */
static bool is_made(const char *path) {
  char *file = NULL;
  if (asprintf(&file, "%s/HEAD", path) < 0) return false;
  bool there = access(file, F_OK) == 0;
  free(file);
  return there;
}

static int not_there(const char *path, struct yz_error *err) {
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("There is no ledger in this folder. Check the folder's name."), "%s", path);
}

/* What has a HEAD was a repository once. */
static int not_whole(const char *path, struct yz_error *err) {
  return yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("Part of the ledger's folder is gone or is not what was written there. "
                       "Check the disk, then rebuild the ledger."),
                 "%s", path);
}

int yz_git_open_bare(git_repository **repo, git_odb **odb, const char *path, struct yz_error *err) {
  int rc = git_repository_open_ext(repo, path,
                                   GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE |
                                       GIT_REPOSITORY_OPEN_NO_DOTGIT,
                                   NULL);
  if (rc == GIT_ENOTFOUND) return is_made(path) ? not_whole(path, err) : not_there(path, err);
  if (rc == 0) rc = open_store(*repo, odb, path);
  return rc < 0 ? yz_git_fail(err, rc, path) : 0;
}

int yz_git_lock(const char *path, struct yz_lock *lock, struct yz_error *err) {
  char *file = NULL;
  if (asprintf(&file, "%s/yizhan.lock", path) < 0) return yz_git_no_memory(err);
  int rc = yz_lock_acquire(lock, file, YZ_GIT_LOCK_WAIT_MS, err);
  free(file);
  if (rc == 0) yz_git_sweep(path);
  return rc;
}

static int set_one(git_config *config, const char *key, const char *value) {
  git_buf now = GIT_BUF_INIT;
  int rc = git_config_get_string_buf(&now, config, key);
  bool same = rc == 0 && strcmp(now.ptr, value) == 0;
  git_buf_dispose(&now);
  return same ? 0 : git_config_set_string(config, key, value);
}

static int set_all(git_repository *repo, const char *path, struct yz_error *err) {
  git_config *whole = NULL, *own = NULL;
  int rc = git_repository_config(&whole, repo);
  if (rc == 0) rc = git_config_open_level(&own, whole, GIT_CONFIG_LEVEL_LOCAL);
  for (size_t i = 0; rc == 0 && i < sizeof settings / sizeof *settings; i++)
    rc = set_one(own, settings[i].key, settings[i].value);
  git_config_free(own);
  git_config_free(whole);
  return rc < 0 ? yz_git_fail(err, rc, path) : 0;
}

/* Everything that making it wrote, and its folder's name above it. */
static int flush(const char *path, struct yz_error *err) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int rc = fd < 0 || syncfs(fd) != 0 ? -1 : 0;
  if (fd >= 0) (void)close(fd);
  if (rc == 0) return 0;
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("The new ledger could not be written to the disk. Check the disk."),
                 "%s: %s", path, strerror(errno));
}

int yz_git_flush(const char *folder, struct yz_error *err) {
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int rc = fd < 0 || fsync(fd) != 0 ? -1 : 0;
  if (rc < 0)
    rc = yz_fail(err, YZ_E_IO,
                 YZ_N_("A folder of the ledger could not be written to the disk. Check the disk."),
                 "%s: %s", folder, strerror(errno));
  if (fd >= 0) (void)close(fd);
  return rc;
}

static int make_folder(const char *path, struct yz_error *err) {
  if (mkdir(path, 0700) == 0 || errno == EEXIST) return 0;
  if (errno == ENOSPC || errno == EDQUOT)
    return yz_fail(err, YZ_E_FULL,
                   YZ_N_("The disk is full. Free some space on it, then try again."), "%s", path);
  return yz_fail(
      err, YZ_E_IO,
      YZ_N_("The ledger's folder cannot be made. Check the folder above it and its permissions."),
      "%s: %s", path, strerror(errno));
}

/* The branches' folders, so that a first branch is no more than a flushed file. */
static int make_branch_folders(const char *path, struct yz_error *err) {
  static const char *const names[] = {"refs/heads/log", "refs/heads/keys"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *folder = NULL;
    if (asprintf(&folder, "%s/%s", path, names[i]) < 0) return yz_git_no_memory(err);
    int rc = make_folder(folder, err);
    free(folder);
    if (rc < 0) return rc;
  }
  return 0;
}

static int make_repository(const char *path, struct yz_error *err) {
  git_repository *repo = NULL;
  git_repository_init_options how = {.version = GIT_REPOSITORY_INIT_OPTIONS_VERSION,
                                     .flags = GIT_REPOSITORY_INIT_BARE,
                                     .initial_head = head};
  int rc = git_repository_init_ext(&repo, path, &how);
  if (rc < 0) return yz_git_fail(err, rc, path);
  rc = set_all(repo, path, err);
  git_repository_free(repo);
  if (rc == 0) rc = make_branch_folders(path, err);
  return rc < 0 ? rc : flush(path, err);
}

int yz_ledgers_begin(struct yz_error *err) {
  return start_libgit2(err);
}

void yz_ledgers_end(void) {
  git_libgit2_shutdown();
}

static int open_locked(struct yz_ledger *l, bool create, struct yz_error *err) {
  int rc = yz_git_lock(l->path, &l->lock, err);
  if (rc == 0 && create && !is_made(l->path)) rc = make_repository(l->path, err);
  if (rc == 0) rc = yz_git_open_bare(&l->repo, &l->odb, l->path, err);
  if (rc == 0) rc = set_all(l->repo, l->path, err);
  return rc;
}

int yz_ledger_open(struct yz_ledger **out, const char *path, bool create, struct yz_error *err) {
  *out = NULL;
  if (!create && !is_made(path)) return not_there(path, err);
  int rc = create ? make_folder(path, err) : 0;
  if (rc == 0) rc = start_libgit2(err);
  if (rc < 0) return rc;
  struct yz_ledger *l = calloc(1, sizeof *l);
  if (l == NULL) {
    git_libgit2_shutdown();
    return yz_git_no_memory(err);
  }
  l->lock.fd = -1;
  l->path = strdup(path);
  if (asprintf(&l->packs, "%s/objects/pack", path) < 0) l->packs = NULL;
  rc = l->path == NULL || l->packs == NULL ? yz_git_no_memory(err) : open_locked(l, create, err);
  if (rc == 0)
    *out = l;
  else
    yz_ledger_destroy(l);
  return rc;
}

int yz_ledger_count_branches(const char *path, size_t *n, struct yz_error *err) {
  git_repository *repo = NULL;
  git_odb *odb = NULL;
  struct yz_reflist refs = {0};
  *n = 0;
  if (!is_made(path)) return not_there(path, err);
  int rc = start_libgit2(err);
  if (rc < 0) return rc;
  rc = yz_git_open_bare(&repo, &odb, path, err);
  if (rc == 0) rc = yz_reflist_read(repo, "refs/heads/", &refs, err);
  *n = refs.n;
  yz_reflist_finish(&refs);
  git_odb_free(odb);
  git_repository_free(repo);
  git_libgit2_shutdown();
  return rc;
}

int yz_git_reopen(struct yz_ledger *l, struct yz_error *err) {
  git_repository *repo = NULL;
  git_odb *odb = NULL;
  int rc = yz_git_open_bare(&repo, &odb, l->path, err);
  if (rc < 0) {
    git_odb_free(odb);
    git_repository_free(repo);
    return rc;
  }
  git_odb_free(l->odb);
  git_repository_free(l->repo);
  l->repo = repo;
  l->odb = odb;
  return 0;
}

const char *yz_ledger_path(const struct yz_ledger *l) {
  return l->path;
}

void yz_ledger_destroy(struct yz_ledger *l) {
  if (l == NULL) return;
  git_odb_free(l->odb);
  git_repository_free(l->repo);
  yz_oidlist_finish(&l->held_commits);
  yz_lock_release(&l->lock);
  free(l->packs);
  free(l->path);
  free(l);
  git_libgit2_shutdown();
}
