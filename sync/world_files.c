/* Files on a stick: long, foreign, soon pulled out. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world_private.h"

enum { BLOCK = 64 * 1024, ALIGNED = 4096 };

struct yz_file {
  int fd;
  bool direct;          /* read past the cache, in whole blocks */
  unsigned char *block; /* where it is direct: what was read, `used` of `have` given */
  size_t have, used;
  char path[];
};

static struct yz_file *create(const char *path) {
  size_t n = strlen(path) + 1;
  struct yz_file *f = calloc(1, sizeof *f + n);
  if (f == NULL) return NULL;
  f->fd = -1;
  memcpy(f->path, path, n);
  return f;
}

void world_close_file(void *ctx, struct yz_file *f) {
  (void)ctx;
  if (f == NULL) return;
  if (f->fd >= 0) (void)close(f->fd);
  free(f->block);
  free(f);
}

static int open_plain(struct yz_file *f, int flags) {
  f->fd = open(f->path, flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  return f->fd;
}

/* Where the file system can't (EINVAL), memory was asked to let go of the file when it was
 * flushed; it is asked again. */
static int open_past_cache(struct yz_file *f) {
  f->block = aligned_alloc(ALIGNED, BLOCK);
  f->direct = f->block != NULL && open_plain(f, O_DIRECT) >= 0;
  if (f->direct) return f->fd;
  if (open_plain(f, 0) >= 0) (void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_DONTNEED);
  return f->fd;
}

static int check_plain(const struct stat *st, const char *path, struct yz_error *err) {
  if (S_ISREG(st->st_mode)) return 0;
  return yz_fail(err, YZ_E_IO,
                 YZ_N_("This is no file but a folder, a link or a device, and was not opened. Give "
                       "the name of a file."),
                 "%s", path);
}

int world_open_file(void *ctx, const char *path, bool past_cache, struct yz_file **out,
                    int64_t *size, struct yz_error *err) {
  struct stat st = {0};
  struct yz_file *f = create(path);
  *out = NULL;
  if (f == NULL) return world_fail(err, ENOMEM, path);
  /* To open a device can do something, as to a tape: so it is looked first. */
  int rc = lstat(path, &st) != 0 ? world_fail(err, errno, path) : check_plain(&st, path, err);
  if (rc != 0) {
    world_close_file(ctx, f);
    return rc;
  }
  if ((past_cache ? open_past_cache(f) : open_plain(f, 0)) < 0 || fstat(f->fd, &st) != 0)
    rc = world_fail(err, errno, path);
  else
    rc = check_plain(&st, path, err);
  if (rc == 0) {
    *size = st.st_size;
    *out = f;
  } else {
    world_close_file(ctx, f);
  }
  return rc;
}

static ssize_t read_fd(struct yz_file *f, void *bytes, size_t n) {
  for (;;) {
    ssize_t got = read(f->fd, bytes, n);
    if (got < 0 && errno == EINTR) continue;
    if (got >= 0 || errno != EINVAL || !f->direct) return got;
    /* It was opened so, but cannot be read so. */
    f->direct = false;
    if (fcntl(f->fd, F_SETFL, O_NONBLOCK) != 0) return -1;
  }
}

/* The next bytes through the block. */
static ssize_t read_block(struct yz_file *f, void *bytes, size_t n) {
  if (f->used == f->have) {
    ssize_t got = read_fd(f, f->block, BLOCK);
    if (got <= 0) return got;
    f->used = 0;
    f->have = (size_t)got;
  }
  if (n > f->have - f->used) n = f->have - f->used;
  memcpy(bytes, f->block + f->used, n);
  f->used += n;
  return (ssize_t)n;
}

int world_read_some(void *ctx, struct yz_file *f, void *bytes, size_t n, size_t *got,
                    struct yz_error *err) {
  (void)ctx;
  unsigned char *at = bytes;
  *got = 0;
  while (*got < n) {
    ssize_t some =
        f->block != NULL ? read_block(f, at + *got, n - *got) : read_fd(f, at + *got, n - *got);
    if (some < 0) return world_fail(err, errno, f->path);
    if (some == 0) break;
    *got += (size_t)some;
  }
  return 0;
}

int world_new_file(void *ctx, const char *path, struct yz_file **out, struct yz_error *err) {
  struct yz_file *f = create(path);
  *out = NULL;
  if (f == NULL) return world_fail(err, ENOMEM, path);
  f->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  int number = errno;
  if (f->fd >= 0) {
    *out = f;
    return 0;
  }
  world_close_file(ctx, f);
  if (number != EEXIST) return world_fail(err, number, path);
  return yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("A file of this name is there already. Give another name, or move the "
                       "old one away."),
                 "%s", path);
}

int world_write_some(void *ctx, struct yz_file *f, const void *bytes, size_t n,
                     struct yz_error *err) {
  (void)ctx;
  return world_write_all(f->fd, bytes, n) == 0 ? 0 : world_fail(err, errno, f->path);
}

int world_flush_file(void *ctx, struct yz_file *f, struct yz_error *err) {
  (void)ctx;
  if (fsync(f->fd) != 0) return world_fail(err, errno, f->path);
  (void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_DONTNEED);
  return 0;
}

/* FAT knows neither an exclusive rename nor links everywhere: then it is looked first. */
static int give_name(int folder, const char *from, const char *to) {
  if (world_publish(folder, from, to, false) == 0) return 0;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return -1;
  if (faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  return errno == ENOENT ? renameat(folder, from, folder, to) : -1;
}

int world_name_file(void *ctx, const char *from, const char *to, struct yz_error *err) {
  const char *old, *new;
  (void)ctx;
  int folder = world_folder_of(from, &old);
  if (folder < 0) return world_fail(err, errno, from);
  new = strrchr(to, '/');
  new = new != NULL ? new + 1 : to;
  int rc = 0;
  if (give_name(folder, old, new) != 0 || world_flush_folder(folder) != 0)
    rc = errno != EEXIST
             ? world_fail(err, errno, to)
             : yz_fail(err, YZ_E_EXISTS,
                       YZ_N_("A file of this name is there already. Give another name, or move the "
                             "old one away."),
                       "%s", to);
  (void)close(folder);
  return rc;
}

void world_drop_file(void *ctx, const char *path) {
  (void)ctx;
  (void)unlink(path);
}

static bool is_plain(int folder, const struct dirent *e) {
  struct stat st;
  if (e->d_type != DT_UNKNOWN) return e->d_type == DT_REG;
  return fstatat(folder, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

int world_each_file(void *ctx, const char *folder,
                    int (*fn)(void *arg, const char *name, bool plain), void *arg,
                    struct yz_error *err) {
  (void)ctx;
  int rc = 0;
  DIR *d = opendir(folder);
  if (d == NULL) return world_fail(err, errno, folder);
  for (;;) {
    errno = 0;
    const struct dirent *e = readdir(d);
    if (e == NULL && errno != 0) rc = world_fail(err, errno, folder);
    if (e == NULL || rc != 0) break;
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    rc = fn(arg, e->d_name, is_plain(dirfd(d), e));
    if (rc != 0) break;
  }
  (void)closedir(d);
  return rc;
}
