/* What the program asks of the C library about files of its store (copies, restoring), for
 * paths below DISK_ROOT; the linker (--wrap) leads those calls here. Folders are not kept:
 * every one is there, and flushing one has nothing to do. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yizhan/world.h>

#include "disk_private.h"

enum { FD_FOLDER = 1000000, FD_FILE, OPEN_MOST = 8 };

int __wrap_access(const char *path, int mode);
int __wrap_open(const char *path, int flags, ...);
int __wrap___open_2(const char *path, int flags);
int __wrap_close(int fd);
int __wrap_fsync(int fd);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
int __wrap_mkostemps(char *path, int suffix, int flags);
int __wrap_unlink(const char *path);
int __wrap_rmdir(const char *path);
int __wrap_rename(const char *from, const char *to);
int __wrap_renameat2(int a, const char *from, int b, const char *to, unsigned flags);
int __wrap_link(const char *from, const char *to);
int __wrap_stat(const char *path, struct stat *out);
char *__wrap_realpath(const char *path, char *out);

static int fail(int number) {
  errno = number;
  return -1;
}

/* "./" before a path and the like do not occur below the root. */
int __wrap_access(const char *path, int mode) {
  (void)mode;
  return disk_find(path) != NULL || disk_holds(path) ? 0 : fail(ENOENT);
}

/* By number, from FD_FILE. */
static struct opened {
  struct disk_file *file;
  size_t at;
} opened[OPEN_MOST];

static int give_number(struct disk_file *f) {
  for (int i = 0; i < OPEN_MOST; i++) {
    if (opened[i].file != NULL) continue;
    opened[i] = (struct opened){f, 0};
    f->opens++;
    return FD_FILE + i;
  }
  return fail(EMFILE);
}

static struct opened *numbered(int fd) {
  bool is = fd >= FD_FILE && fd < FD_FILE + OPEN_MOST && opened[fd - FD_FILE].file != NULL;
  return is ? &opened[fd - FD_FILE] : NULL;
}

static int open_it(const char *path, int flags) {
  if ((flags & O_DIRECTORY) != 0) return FD_FOLDER;
  struct disk_file *f = disk_find(path);
  return f != NULL ? give_number(f) : fail(ENOENT);
}

int __wrap_open(const char *path, int flags, ...) {
  return open_it(path, flags);
}

int __wrap___open_2(const char *path, int flags) {
  return open_it(path, flags);
}

int __wrap_close(int fd) {
  struct opened *o = numbered(fd);
  if (o != NULL) disk_let_go(o->file);
  if (o != NULL) o->file = NULL;
  return 0;
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n) {
  struct opened *o = numbered(fd);
  if (o == NULL) return fail(EBADF);
  if (!disk_step()) return fail(EIO);
  disk_write(o->file, bytes, n, o->at);
  o->at += n;
  return (ssize_t)n;
}

int __wrap_fsync(int fd) {
  if (!disk_step()) return fail(EIO);
  struct opened *o = numbered(fd);
  if (o != NULL) disk_flush(o->file);
  return 0;
}

int __wrap_mkostemps(char *path, int suffix, int flags) {
  static unsigned made;
  char number[7];
  (void)flags;
  if (!disk_step()) return fail(EIO);
  (void)snprintf(number, sizeof number, "%06u", made++ % 1000000);
  memcpy(path + strlen(path) - (size_t)suffix - 6, number, 6);
  return give_number(disk_make(path));
}

int __wrap_unlink(const char *path) {
  struct disk_file *f = disk_find(path);
  if (!disk_step()) return fail(EIO);
  if (f == NULL) return fail(ENOENT);
  disk_unlink(f);
  return 0;
}

int __wrap_rmdir(const char *path) {
  (void)path;
  return 0;
}

int __wrap_rename(const char *from, const char *to) {
  struct disk_file *f = disk_find(from);
  if (!disk_step()) return fail(EIO);
  if (f == NULL) return fail(ENOENT);
  disk_rename(f, to);
  return 0;
}

int __wrap_renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  (void)a, (void)b, (void)flags;
  return disk_find(to) != NULL ? fail(EEXIST) : __wrap_rename(from, to);
}

int __wrap_link(const char *from, const char *to) {
  (void)from, (void)to;
  return fail(EPERM);
}

int __wrap_stat(const char *path, struct stat *out) {
  bool folder = disk_find(path) == NULL;
  if (folder && !disk_holds(path)) return fail(ENOENT);
  *out = (struct stat){.st_mode = folder ? S_IFDIR | 0700 : S_IFREG | 0600};
  return 0;
}

char *__wrap_realpath(const char *path, char *out) {
  (void)out;
  return strdup(path);
}

/* Processes act one after another: nobody waits. */
int yz_lock_acquire(struct yz_lock *lock, const char *path, int64_t wait_ms, struct yz_error *err) {
  (void)path, (void)wait_ms, (void)err;
  lock->fd = 0;
  return 0;
}

void yz_lock_release(struct yz_lock *lock) {
  if (lock != NULL) lock->fd = -1;
}

/* Guarded pages cost a dozen calls of the kernel a key, and these keys guard nothing. */
void *__wrap_sodium_malloc(size_t n);
void __wrap_sodium_free(void *p);

void *__wrap_sodium_malloc(size_t n) {
  return malloc(n);
}

void __wrap_sodium_free(void *p) {
  free(p);
}
