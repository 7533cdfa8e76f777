/* An object store: packs, and loose objects as files objects/<2 hex>/<38 hex>.
 *
 * A loose object is a zlib stream of "<type> <size>" NUL <size bytes>, nothing
 * after it; size in decimal without leading zeros. We read it ourselves: libgit2
 * 1.5 never comes back from a file that is cut short.
 *
 * A store elsewhere that objects/info/alternates names is not looked into: it
 * would let a stick say which of our folders are read. */
#include <errno.h>
#include <fcntl.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "sync/git/git.h"

enum {
  HEAD_MAX = 32,
  SIZE_MAX_DIGITS = 10,
  PRIORITY_PACKS = 3,
  PRIORITY_OURS = 2,
  PRIORITY_LOOSE = 1
};

struct loose {
  git_odb_backend parent;
  char *objects; /* folder */
};

struct inflation {
  z_stream z;
  int fd;
  bool ended;
  unsigned char in[16384];
};

static int damaged(void) {
  git_error_set_str(GIT_ERROR_ODB, "loose object is cut short or garbled");
  return GIT_ERROR;
}

static int no_memory(void) {
  git_error_set_oom();
  return GIT_ERROR;
}

static int inflation_init(struct inflation *f, const struct loose *l, const git_oid *id) {
  char hex[YZ_OID_HEX + 1], *file = NULL;
  memset(&f->z, 0, sizeof f->z);
  f->ended = false;
  git_oid_tostr(hex, sizeof hex, id);
  if (asprintf(&file, "%s/%.2s/%s", l->objects, hex, hex + 2) < 0) return no_memory();
  f->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  free(file);
  if (f->fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return GIT_ENOTFOUND;
  if (f->fd >= 0 && inflateInit(&f->z) == Z_OK) return 0;
  git_error_set_str(GIT_ERROR_OS, strerror(errno));
  if (f->fd >= 0) (void)close(f->fd);
  return GIT_ERROR;
}

static void inflation_finish(struct inflation *f) {
  (void)inflateEnd(&f->z);
  (void)close(f->fd);
}

/* Gives the next n bytes; fewer when the stream ends before, -1 when it breaks. */
static long inflate_some(struct inflation *f, void *out, size_t n) {
  f->z.next_out = out;
  f->z.avail_out = (uInt)n;
  while (f->z.avail_out > 0 && !f->ended) {
    if (f->z.avail_in == 0) {
      ssize_t got = read(f->fd, f->in, sizeof f->in);
      if (got <= 0) return -1;
      f->z.next_in = f->in;
      f->z.avail_in = (uInt)got;
    }
    int rc = inflate(&f->z, Z_NO_FLUSH);
    if (rc == Z_STREAM_END)
      f->ended = true;
    else if (rc != Z_OK)
      return -1;
  }
  f->z.next_out = NULL;
  return (long)(n - f->z.avail_out);
}

/* Byte by byte: what comes after the NUL is the object's. */
static int read_head(struct inflation *f, git_object_t *type, size_t *len) {
  char head[HEAD_MAX];
  size_t n = 0;
  do
    if (n == sizeof head || inflate_some(f, head + n, 1) != 1) return damaged();
  while (head[n++] != '\0');
  char *space = strchr(head, ' ');
  if (space == NULL) return damaged();
  *space = '\0';
  const char *digits = space + 1;
  size_t n_digits = strlen(digits);
  *type = git_object_string2type(head);
  if (!git_object_typeisloose(*type) || n_digits == 0 || n_digits > SIZE_MAX_DIGITS ||
      strspn(digits, "0123456789") != n_digits || (digits[0] == '0' && n_digits > 1))
    return damaged();
  unsigned long long size = strtoull(digits, NULL, 10);
  *len = (size_t)size;
  return size > INT32_MAX ? damaged() : 0;
}

static int loose_header(size_t *len, git_object_t *type, git_odb_backend *backend,
                        const git_oid *id) {
  struct inflation f;
  int rc = inflation_init(&f, (struct loose *)backend, id);
  if (rc < 0) return rc;
  rc = read_head(&f, type, len);
  inflation_finish(&f);
  return rc;
}

static int loose_read(void **data, size_t *len, git_object_t *type, git_odb_backend *backend,
                      const git_oid *id) {
  struct inflation f;
  char beyond;
  *data = NULL;
  int rc = inflation_init(&f, (struct loose *)backend, id);
  if (rc < 0) return rc;
  rc = read_head(&f, type, len);
  if (rc < 0) goto done;
  *data = git_odb_backend_data_alloc(backend, *len + 1);
  if (*data == NULL)
    rc = GIT_ERROR;
  else if (inflate_some(&f, *data, *len) != (long)*len || inflate_some(&f, &beyond, 1) != 0)
    rc = damaged();
  else
    ((char *)*data)[*len] = '\0';
done:
  if (rc < 0 && *data != NULL) git_odb_backend_data_free(backend, *data);
  inflation_finish(&f);
  return rc;
}

static void loose_free(git_odb_backend *backend) {
  struct loose *l = (struct loose *)backend;
  free(l->objects);
  free(l);
}

static git_odb_backend *loose_create(const char *objects) {
  struct loose *l = calloc(1, sizeof *l);
  if (l == NULL) return NULL;
  l->objects = strdup(objects);
  if (l->objects == NULL || git_odb_init_backend(&l->parent, GIT_ODB_BACKEND_VERSION) < 0) {
    free(l->objects);
    free(l);
    return NULL;
  }
  l->parent.read = loose_read;
  l->parent.read_header = loose_header;
  l->parent.free = loose_free;
  return &l->parent;
}

static int add(git_odb *odb, git_odb_backend *backend, int priority, bool writable) {
  int rc = writable ? git_odb_add_backend(odb, backend, priority)
                    : git_odb_add_alternate(odb, backend, priority);
  if (rc < 0) backend->free(backend);
  return rc;
}

int yz_git_add_store(git_odb *odb, const char *objects, bool writable) {
  git_odb_backend *packs = NULL, *writer = NULL, *ours = loose_create(objects);
  if (ours == NULL) return no_memory();
  int rc = add(odb, ours, PRIORITY_OURS, writable);
  if (rc == 0) rc = git_odb_backend_pack(&packs, objects);
  if (rc == 0) rc = add(odb, packs, PRIORITY_PACKS, writable);
  if (rc == 0) rc = git_odb_backend_loose(&writer, objects, -1, 1, 0, 0);
  if (rc == 0) rc = add(odb, writer, PRIORITY_LOOSE, writable);
  return rc;
}
