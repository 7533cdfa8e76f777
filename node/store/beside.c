/* Files that are there whole or not at all: made beside their place, flushed, then named. */
#include "db.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char PREFIX[] = ".yz-", SUFFIX[] = ".tmp";
enum { PREFIX_LEN = sizeof PREFIX - 1, RANDOM_LEN = 6, SUFFIX_LEN = sizeof SUFFIX - 1 };
enum { NAME_LEN = PREFIX_LEN + RANDOM_LEN + SUFFIX_LEN };
/* What SQLite leaves beside a file. */
static const char *const journals[] = {"-journal", "-wal", "-shm"};
enum { JOURNALS = sizeof journals / sizeof *journals };

int file_fail(struct yz_error *err, const char *path) {
  int why = errno;
  if (why == ENOSPC || why == EDQUOT)
    return yz_fail(err, YZ_E_FULL,
                   YZ_N_("The disk is full; no copy was made. Free some space and "
                         "do it again."),
                   "%s", path);
  if (why == EEXIST)
    return yz_fail(err, YZ_E_EXISTS,
                   YZ_N_("There is a file of this name already; it was left "
                         "alone. Choose another name."),
                   "%s", path);
  if (why == ENOENT)
    return yz_fail(err, YZ_E_NOT_FOUND, YZ_N_("There is no such file or folder. Check the name."),
                   "%s", path);
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("A file could not be written. Check the disk and the rights "
                       "of its folder."),
                 "%s: %s", path, strerror(why));
}

char *file_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return strdup(".");
  return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static int flush(const char *path, int flags, struct yz_error *err) {
  int fd = open(path, flags | O_CLOEXEC);
  if (fd < 0) return file_fail(err, path);
  int rc = fsync(fd) != 0 ? file_fail(err, path) : 0;
  (void)close(fd);
  return rc;
}

/* The file itself goes last, so that whatever is left can be told by it. */
static void remove_all(int folder, const char *name) {
  char beside[PATH_MAX];
  for (size_t i = 0; i < JOURNALS; i++) {
    (void)snprintf(beside, sizeof beside, "%s%s", name, journals[i]);
    (void)unlinkat(folder, beside, 0);
  }
  (void)unlinkat(folder, name, 0);
}

/* A file of ours that nobody is making any more, or journals of one that is gone. */
static void remove_left_over(int folder, const char *found) {
  char name[NAME_LEN + 1];
  if (strlen(found) < NAME_LEN || memcmp(found, PREFIX, PREFIX_LEN) != 0 ||
      memcmp(found + NAME_LEN - SUFFIX_LEN, SUFFIX, SUFFIX_LEN) != 0)
    return;
  memcpy(name, found, NAME_LEN);
  name[NAME_LEN] = '\0';
  int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 ? errno == ENOENT : flock(fd, LOCK_EX | LOCK_NB) == 0) remove_all(folder, name);
  if (fd >= 0) (void)close(fd);
}

void file_sweep(const char *folder) {
  DIR *d = opendir(folder);
  if (d == NULL) return;
  for (const struct dirent *e; (e = readdir(d)) != NULL;) remove_left_over(dirfd(d), e->d_name);
  (void)closedir(d);
}

/* Another one's sweep can come between a file's making and its lock. Where the disk knows no
 * locks nothing is ever removed. */
static int make_locked(struct beside *out) {
  struct stat st;
  for (;;) {
    out->fd = mkostemps(out->name, SUFFIX_LEN, O_CLOEXEC);
    if (out->fd < 0) return -1;
    int locked = flock(out->fd, LOCK_EX | LOCK_NB);
    if (locked != 0 && errno != EWOULDBLOCK) return 0;
    if (locked == 0 && fstat(out->fd, &st) == 0 && st.st_nlink > 0) return 0;
    (void)close(out->fd);
    memset(out->name + strlen(out->name) - SUFFIX_LEN - RANDOM_LEN, 'X', RANDOM_LEN);
  }
}

int file_beside(const char *path, struct beside *out, struct yz_error *err) {
  char *folder = file_folder(path);
  *out = (struct beside){.fd = -1};
  if (folder != NULL) file_sweep(folder);
  if (folder == NULL || asprintf(&out->name, "%s/%sXXXXXX%s", folder, PREFIX, SUFFIX) < 0) {
    free(folder);
    out->name = NULL;
    return yz_no_memory(err);
  }
  free(folder);
  if (make_locked(out) == 0) return 0;
  int rc = file_fail(err, path);
  assert(rc != 0);
  free(out->name);
  out->name = NULL;
  return rc;
}

void file_discard(struct beside *temp) {
  if (temp->name == NULL) return;
  remove_all(AT_FDCWD, temp->name);
  (void)close(temp->fd);
  free(temp->name);
  *temp = (struct beside){.fd = -1};
}

/* FAT has no hard links, and not every file system renames without replacing. */
static int give_name(const char *temp, const char *path) {
  if (renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  return link(temp, path) == 0 ? unlink(temp) : -1;
}

int file_publish(const struct beside *temp, const char *path, struct yz_error *err) {
  int rc = flush(temp->name, O_RDWR, err);
  if (rc == 0 && give_name(temp->name, path) != 0) rc = file_fail(err, path);
  if (rc != 0) return rc;
  char *folder = file_folder(path);
  if (folder == NULL) return yz_no_memory(err);
  rc = flush(folder, O_RDONLY | O_DIRECTORY, err);
  free(folder);
  return rc;
}
