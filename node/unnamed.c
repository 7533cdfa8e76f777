#include "unnamed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int unnamed_file(const char *folder) {
  char *name = NULL;
  if (folder == NULL) return memfd_create("body", MFD_CLOEXEC);
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) return fd;
  /* A file system that makes none without a name. */
  if (asprintf(&name, "%s/.yz-XXXXXX", folder) < 0) return -1;
  fd = mkostemp(name, O_CLOEXEC);
  if (fd >= 0) (void)unlink(name);
  free(name);
  return fd;
}
