#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "world_private.h"

enum { READ_STEP = 16 * 1024, TEMP_NAME = 32 };

static int64_t clock_ms(clockid_t clock) {
  struct timespec t;
  (void)clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_now_ms(void *ctx) {
  (void)ctx;
  return clock_ms(CLOCK_REALTIME);
}

static int64_t real_ticks_ms(void *ctx) {
  (void)ctx;
  return clock_ms(CLOCK_MONOTONIC);
}

/* A kernel that cannot give random bytes leaves nothing safe to do: keys made
 * of anything else would be worse than none. */
static void real_random(void *ctx, void *bytes, size_t n) {
  (void)ctx;
  unsigned char *p = bytes;
  while (n > 0) {
    ssize_t got = getrandom(p, n, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) abort();
    p += got;
    n -= (size_t)got;
  }
}

/* Turns errno into an error about path. */
int world_fail(struct yz_error *err, int number, const char *path) {
  if (number == ENOSPC || number == EDQUOT)
    return yz_fail(err, YZ_E_FULL,
                   YZ_N_("The disk is full. Free some space on it, then try again."), "%s", path);
  if (number == ENOENT || number == ENOTDIR)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("There is no such file or folder. Check the name, and that the disk or "
                         "stick it is on is plugged in."),
                   "%s", path);
  if (number == ENOMEM)
    return yz_fail(err, YZ_E_MEMORY,
                   YZ_N_("There is no memory left. Close other programs and try again."), "%s",
                   path);
  if (number == EACCES || number == EPERM || number == EROFS)
    return yz_fail(err, YZ_E_IO,
                   YZ_N_("This user may not use this file or folder. Check who owns it, and that "
                         "the disk or stick is not write-protected."),
                   "%s", path);
  if (number == EISDIR || number == ENAMETOOLONG || number == ELOOP || number == EINVAL)
    return yz_fail(err, YZ_E_IO,
                   YZ_N_("This name cannot be used for a file here. Give another name."), "%s",
                   path);
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("The disk or stick failed. Check it and its cable, then try again."),
                 "%s: %s", path, strerrordesc_np(number));
}

static int fail_limit(struct yz_error *err, const char *path) {
  return yz_fail(err, YZ_E_LIMIT,
                 YZ_N_("The file is larger than a file of its kind can be. Check that it is the "
                       "right one."),
                 "%s", path);
}

/* Opens a plain file for reading. A pipe or device could hold us for ever, so
 * it is opened without waiting and turned down. */
static int open_plain(const char *path, size_t max, int *out, struct yz_error *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return world_fail(err, errno, path);
  struct stat st;
  int rc = 0;
  if (fstat(fd, &st) != 0)
    rc = world_fail(err, errno, path);
  else if (!S_ISREG(st.st_mode))
    rc = yz_fail(err, YZ_E_IO, YZ_N_("This is not a file. Give the name of a file."), "%s", path);
  else if ((uintmax_t)st.st_size > max)
    rc = fail_limit(err, path);
  if (rc != 0)
    (void)close(fd);
  else
    *out = fd;
  return rc;
}

/* Reads to the end. The file may have grown since its size was looked at. */
static int read_all(int fd, const char *path, size_t max, struct yz_buf *out,
                    struct yz_error *err) {
  unsigned char step[READ_STEP];
  size_t total = 0;
  for (;;) {
    ssize_t got = read(fd, step, sizeof step);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return world_fail(err, errno, path);
    if (got == 0) return 0;
    if ((size_t)got > max - total) return fail_limit(err, path);
    total += (size_t)got;
    if (yz_buf_append(out, step, (size_t)got) != 0) return world_fail(err, ENOMEM, path);
  }
}

static int real_read_file(void *ctx, const char *path, size_t max, struct yz_buf *out,
                          struct yz_error *err) {
  (void)ctx;
  int fd = -1;
  int rc = open_plain(path, max, &fd, err);
  if (rc != 0) return rc;
  size_t before = out->len;
  rc = read_all(fd, path, max, out, err);
  (void)close(fd);
  if (rc != 0 && out->data != NULL) {
    out->len = before;
    out->data[before] = '\0';
  }
  return rc;
}

/* The folder that holds path, opened; *name points to path's last part. */
int world_folder_of(const char *path, const char **name) {
  const char *slash = strrchr(path, '/');
  *name = slash != NULL ? slash + 1 : path;
  char *folder = NULL;
  if (slash == NULL)
    folder = strdup(".");
  else
    folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
  if (folder == NULL) return -1;
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(folder);
  return fd;
}

/* Some file systems (of sticks, of FUSE) cannot flush a folder: EINVAL. */
int world_flush_folder(int fd) {
  return fsync(fd) == 0 || errno == EINVAL ? 0 : -1;
}

int world_write_all(int fd, const void *bytes, size_t n) {
  const unsigned char *p = bytes;
  while (n > 0) {
    ssize_t put = write(fd, p, n);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return -1;
    p += put;
    n -= (size_t)put;
  }
  return 0;
}

/* Writes the whole file under the name temp, flushed. -1 and errno if not;
 * then it is gone again. */
static int write_temp(int folder, const char *temp, const void *bytes, size_t n) {
  int fd = openat(folder, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  int number = world_write_all(fd, bytes, n) != 0 || fsync(fd) != 0 ? errno : 0;
  if (close(fd) != 0 && number == 0) number = errno;
  if (number == 0) return 0;
  (void)unlinkat(folder, temp, 0);
  errno = number;
  return -1;
}

/* Gives temp its name. Without replace, a file system that knows no exclusive
 * rename (EINVAL) may know links. */
int world_publish(int folder, const char *temp, const char *name, int replace) {
  if (replace) return renameat(folder, temp, folder, name);
  if (renameat2(folder, temp, folder, name, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (linkat(folder, temp, folder, name, 0) != 0) return -1;
  (void)unlinkat(folder, temp, 0);
  return 0;
}

static int write_in(int folder, const char *name, const void *bytes, size_t n, int replace) {
  unsigned char random[8];
  char temp[TEMP_NAME];
  real_random(NULL, random, sizeof random);
  uint64_t tag;
  memcpy(&tag, random, sizeof tag);
  (void)snprintf(temp, sizeof temp, ".yz-%016llx.tmp", (unsigned long long)tag);
  if (write_temp(folder, temp, bytes, n) != 0) return -1;
  if (world_publish(folder, temp, name, replace) != 0) {
    int number = errno;
    (void)unlinkat(folder, temp, 0);
    errno = number;
    return -1;
  }
  return world_flush_folder(folder);
}

static int real_write_file(void *ctx, const char *path, const void *bytes, size_t n, int replace,
                           struct yz_error *err) {
  (void)ctx;
  const char *name;
  int folder = world_folder_of(path, &name);
  if (folder < 0) return world_fail(err, errno, path);
  int rc = 0;
  if (write_in(folder, name, bytes, n, replace) != 0) {
    if (errno == EEXIST && !replace)
      rc = yz_fail(err, YZ_E_EXISTS,
                   YZ_N_("A file of this name is there already. Give another name, or move the "
                         "old one away."),
                   "%s", path);
    else
      rc = world_fail(err, errno, path);
  }
  (void)close(folder);
  return rc;
}

/* Makes one folder; 0 also when it is there. A new one is flushed into the
 * folder above, or a power cut could take it away with all that is in it. */
static int make_one(const char *path) {
  if (mkdir(path, 0700) != 0) {
    struct stat st;
    if (errno != EEXIST) return -1;
    if (stat(path, &st) != 0) return -1;
    errno = ENOTDIR;
    return S_ISDIR(st.st_mode) ? 0 : -1;
  }
  const char *name;
  int above = world_folder_of(path, &name);
  if (above < 0) return -1;
  int rc = world_flush_folder(above);
  int number = errno;
  (void)close(above);
  errno = number;
  return rc;
}

static int make_all(char *path) {
  for (char *p = path + 1; *p != '\0'; p++) {
    if (*p != '/') continue;
    *p = '\0';
    int rc = make_one(path);
    *p = '/';
    if (rc != 0) return rc;
  }
  return make_one(path);
}

static int real_make_dir(void *ctx, const char *path, struct yz_error *err) {
  (void)ctx;
  size_t len = strlen(path);
  while (len > 1 && path[len - 1] == '/') len--;
  if (len == 0) return world_fail(err, ENOENT, path);
  char *copy = strndup(path, len);
  if (copy == NULL) return world_fail(err, ENOMEM, path);
  int rc = 0;
  if (make_all(copy) != 0) {
    if (errno == ENOTDIR)
      rc = yz_fail(err, YZ_E_IO,
                   YZ_N_("A file stands where a folder is needed. Move it away, or give another "
                         "folder."),
                   "%s", path);
    else
      rc = world_fail(err, errno, path);
  }
  free(copy);
  return rc;
}

/* Not the device's number: that may be another after a restart. */
static void real_file_identity(void *ctx, const char *path, char out[static YZ_FILE_IDENTITY]) {
  struct statx st;
  (void)ctx;
  out[0] = '\0';
  if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &st) != 0 ||
      (st.stx_mask & STATX_BTIME) == 0)
    return;
  (void)snprintf(out, YZ_FILE_IDENTITY, "%llu %lld.%09u", (unsigned long long)st.stx_ino,
                 (long long)st.stx_btime.tv_sec, st.stx_btime.tv_nsec);
}

static int64_t real_disk_free(void *ctx, const char *path) {
  (void)ctx;
  struct statvfs st;
  if (statvfs(path, &st) != 0) return -1;
  uint64_t blocks = st.f_bavail, size = st.f_frsize;
  if (size == 0) return -1;
  return blocks > INT64_MAX / size ? INT64_MAX : (int64_t)(blocks * size);
}

static int64_t real_file_room(void *ctx, const char *path) {
  struct stat st;
  (void)ctx;
  return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_blocks * 512 : 0;
}

/* Where the file system promises no room (FAT), something is written there. */
static int fill(int fd, int64_t from, int64_t to) {
  static const unsigned char nothing[READ_STEP];
  if (fallocate(fd, 0, from, to - from) == 0) return 0;
  if (errno != EOPNOTSUPP || lseek(fd, from, SEEK_SET) < 0) return -1;
  for (int64_t n; from < to; from += n) {
    n = to - from < READ_STEP ? to - from : READ_STEP;
    if (world_write_all(fd, nothing, (size_t)n) != 0) return -1;
  }
  return 0;
}

static int set_room(int fd, int64_t bytes) {
  struct stat st;
  if (fstat(fd, &st) != 0) return -1;
  if (bytes < st.st_size) return ftruncate(fd, bytes);
  if (fill(fd, 0, bytes) == 0) return 0;
  int number = errno;
  (void)!ftruncate(fd, st.st_size);
  errno = number;
  return -1;
}

static int real_hold_room(void *ctx, const char *path, int64_t bytes, struct yz_error *err) {
  (void)ctx;
  if (bytes == 0 && unlink(path) != 0 && errno != ENOENT) return world_fail(err, errno, path);
  if (bytes == 0) return 0;
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (fd < 0) return world_fail(err, errno, path);
  int rc = set_room(fd, bytes) != 0 ? world_fail(err, errno, path) : 0;
  (void)close(fd);
  return rc;
}

const struct yz_world *yz_world_real(void) {
  static const struct yz_world world = {
      .now_ms = real_now_ms,
      .ticks_ms = real_ticks_ms,
      .random = real_random,
      .read_file = real_read_file,
      .write_file = real_write_file,
      .make_dir = real_make_dir,
      .disk_free = real_disk_free,
      .file_room = real_file_room,
      .hold_room = real_hold_room,
      .file_identity = real_file_identity,
      .open_file = world_open_file,
      .read_some = world_read_some,
      .new_file = world_new_file,
      .write_some = world_write_some,
      .flush_file = world_flush_file,
      .close_file = world_close_file,
      .name_file = world_name_file,
      .drop_file = world_drop_file,
      .each_file = world_each_file,
  };
  return &world;
}
