/* Preloaded: ends the process, as a power cut would, before its Nth call that
 * puts something on disk (fsync, fdatasync, rename, unlink, link). Children count
 * together with their parent, in a file. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void count(void) {
  const char *at = getenv("KILL_AT"), *file = getenv("KILL_COUNT");
  struct stat st;
  if (at == NULL || file == NULL) return;
  int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, ".", 1) != 1 || fstat(fd, &st) != 0) abort();
  (void)close(fd);
  if (st.st_size == strtol(at, NULL, 10)) (void)kill(0, SIGKILL);
}

#define WATCH(ret, name, params, args)                                                             \
  ret name params {                                                                                \
    ret(*real) params = (ret(*) params)dlsym(RTLD_NEXT, #name);                                    \
    count();                                                                                       \
    return real args;                                                                              \
  }

WATCH(int, fsync, (int fd), (fd))
WATCH(int, fdatasync, (int fd), (fd))
WATCH(int, rename, (const char *from, const char *to), (from, to))
WATCH(int, link, (const char *from, const char *to), (from, to))
WATCH(int, unlink, (const char *path), (path))
