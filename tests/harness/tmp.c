#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tests/harness/tmp.h>
#include <unistd.h>

static _Noreturn void broken(const char *what, const char *path) {
  fprintf(stderr, "harness: cannot %s %s: %s\n", what, path, strerror(errno));
  abort();
}

char *tmp_create(void) {
  const char *base = getenv("TMPDIR");
  char *dir = NULL;
  if (asprintf(&dir, "%s/yizhan-XXXXXX", base && *base ? base : "/tmp") < 0 || !mkdtemp(dir))
    broken("make a folder", dir ? dir : "");
  return dir;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

void tmp_destroy(char *dir) {
  if (!dir) return;
  if (nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS)) broken("remove", dir);
  free(dir);
}

void tmp_join(char out[static TMP_PATH], const char *dir, const char *name) {
  int n = snprintf(out, TMP_PATH, "%s/%s", dir, name);
  if (n >= 0 && n < TMP_PATH) return;
  errno = ENAMETOOLONG;
  broken("name", name);
}

void tmp_write(const char *path, const void *bytes, size_t n) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) broken("write", path);
  for (size_t done = 0; done < n;) {
    ssize_t some = write(fd, (const char *)bytes + done, n - done);
    if (some < 0) broken("write", path);
    done += (size_t)some;
  }
  if (close(fd)) broken("write", path);
}

void tmp_read(const char *path, struct yz_buf *out) {
  char some[16384];
  ssize_t n;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) broken("read", path);
  while ((n = read(fd, some, sizeof some)) > 0)
    if (yz_buf_append(out, some, (size_t)n)) broken("keep", path);
  if (n < 0) broken("read", path);
  close(fd);
}
