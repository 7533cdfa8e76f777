/* Preloaded into the real program: a stick that is pulled out, full, or lies. What lies below
 * STICK_FOLDER is on it, all else is as it is.
 *
 *   STICK_DO  gone   once STICK_AT bytes went to or from the stick, each call there fails by EIO
 *             full   once STICK_AT bytes were written to it, it takes no more: ENOSPC
 *             lie    what was written last to a file is said to be there, and flushed, and is not
 *             run    once STICK_AT bytes were read from it, the program STICK_RUN is run
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FDS = 1024 };

static int64_t moved; /* bytes to and from the stick */
static struct pending {
  void *bytes;
  size_t n;
} last[FDS]; /* "lie": what each file's last write held */

static bool below(const char *path) {
  const char *folder = getenv("STICK_FOLDER");
  size_t n = folder != NULL ? strlen(folder) : 0;
  return n > 0 && strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool on_stick(int fd) {
  char link[64], path[PATH_MAX];
  int was = errno;
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  path[n < 0 ? 0 : n] = '\0';
  errno = was;
  return n > 0 && below(path);
}

static bool is_at(int folder, const char *path) {
  return path[0] == '/' ? below(path) : folder != AT_FDCWD && on_stick(folder);
}

static bool does(const char *what) {
  const char *deed = getenv("STICK_DO");
  return deed != NULL && strcmp(deed, what) == 0;
}

static int64_t left(void) {
  const char *at = getenv("STICK_AT");
  int64_t n = (at != NULL ? strtoll(at, NULL, 10) : 0) - moved;
  return n > 0 ? n : 0;
}

static bool gone(void) {
  if (!does("gone") || left() > 0) return false;
  errno = EIO;
  return true;
}

static void run(void) {
  static bool ran;
  char *what = getenv("STICK_RUN"), *args[] = {what, NULL};
  int status = 0;
  pid_t child;
  if (ran || what == NULL || !does("run") || left() > 0) return;
  ran = true;
  (void)unsetenv("LD_PRELOAD");
  if (posix_spawn(&child, what, NULL, NULL, args, environ) != 0 ||
      waitpid(child, &status, 0) != child || status != 0)
    abort();
}

ssize_t read(int fd, void *bytes, size_t n) {
  bool there = on_stick(fd);
  if (there && gone()) return -1;
  ssize_t got = syscall(SYS_read, fd, bytes, n);
  if (there && got > 0 && !does("full")) moved += got;
  if (there) run();
  return got;
}

static ssize_t put_later(int fd, const void *bytes, size_t n) {
  struct pending *p = &last[fd];
  if (p->bytes != NULL && syscall(SYS_write, fd, p->bytes, p->n) != (long)p->n) return -1;
  free(p->bytes);
  p->bytes = malloc(n + 1);
  if (p->bytes == NULL) abort();
  memcpy(p->bytes, bytes, n);
  p->n = n;
  return (ssize_t)n;
}

ssize_t write(int fd, const void *bytes, size_t n) {
  if (!on_stick(fd)) return syscall(SYS_write, fd, bytes, n);
  if (does("lie") && fd < FDS) return put_later(fd, bytes, n);
  if (gone()) return -1;
  if (does("full") && left() == 0) {
    errno = ENOSPC;
    return -1;
  }
  if (does("full") && (int64_t)n > left()) n = (size_t)left();
  ssize_t put = syscall(SYS_write, fd, bytes, n);
  if (put > 0) moved += put;
  return put;
}

int close(int fd) {
  if (fd >= 0 && fd < FDS && last[fd].bytes != NULL) {
    free(last[fd].bytes);
    last[fd].bytes = NULL;
  }
  return (int)syscall(SYS_close, fd);
}

int fsync(int fd) {
  return on_stick(fd) && gone() ? -1 : (int)syscall(SYS_fsync, fd);
}
int syncfs(int fd) {
  return on_stick(fd) && gone() ? -1 : (int)syscall(SYS_syncfs, fd);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (is_at(AT_FDCWD, path) && gone()) return -1;
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  if (is_at(b, to) && gone()) return -1;
  return (int)syscall(SYS_renameat2, a, from, b, to, flags);
}

int unlink(const char *path) {
  if (is_at(AT_FDCWD, path) && gone()) return -1;
  return (int)syscall(SYS_unlink, path);
}
