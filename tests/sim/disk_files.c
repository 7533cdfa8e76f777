/* Files that are written and read in parts, as on a stick. */
#include <stdlib.h>
#include <string.h>

#include "disk_private.h"

struct yz_file {
  struct disk_file *file;
  size_t at;
};

static int failed(struct yz_error *err, const char *path) {
  return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", path);
}

static int handle(struct disk_file *f, struct yz_file **out, struct yz_error *err) {
  *out = calloc(1, sizeof **out);
  if (*out == NULL) return yz_no_memory(err);
  (*out)->file = f;
  f->opens++;
  return 0;
}

int disk_open_file(const char *path, struct yz_file **out, int64_t *size, struct yz_error *err) {
  struct disk_file *f = disk_find(path);
  if (f == NULL) return yz_fail(err, YZ_E_NOT_FOUND, "There is no such file.", "%s", path);
  *size = (int64_t)f->len;
  return handle(f, out, err);
}

int disk_new_file(const char *path, struct yz_file **out, struct yz_error *err) {
  if (disk_find(path) != NULL)
    return yz_fail(err, YZ_E_EXISTS, "There is such a file.", "%s", path);
  return disk_step() ? handle(disk_make(path), out, err) : failed(err, path);
}

int disk_read_some(struct yz_file *f, void *bytes, size_t n, size_t *got, struct yz_error *err) {
  size_t left = f->at < f->file->len ? f->file->len - f->at : 0;
  if (disk_dead()) return failed(err, f->file->path);
  *got = n < left ? n : left;
  if (*got > 0) memcpy(bytes, f->file->bytes + f->at, *got);
  f->at += *got;
  return 0;
}

int disk_write_some(struct yz_file *f, const void *bytes, size_t n, struct yz_error *err) {
  if (!disk_step()) return failed(err, f->file->path);
  disk_write(f->file, bytes, n, f->at);
  f->at += n;
  return 0;
}

int disk_flush_file(struct yz_file *f, struct yz_error *err) {
  if (!disk_step()) return failed(err, f->file->path);
  disk_flush(f->file);
  return 0;
}

void disk_close_file(struct yz_file *f) {
  if (f == NULL) return;
  disk_let_go(f->file);
  free(f);
}

int disk_name_file(const char *from, const char *to, struct yz_error *err) {
  struct disk_file *f = disk_find(from);
  if (f == NULL) return yz_fail(err, YZ_E_NOT_FOUND, "There is no such file.", "%s", from);
  if (disk_find(to) != NULL) return yz_fail(err, YZ_E_EXISTS, "There is such a file.", "%s", to);
  if (!disk_step()) return failed(err, to);
  disk_rename(f, to);
  return 0;
}

int64_t disk_length(const char *path) {
  const struct disk_file *f = disk_find(path);
  return f != NULL ? (int64_t)f->len : 0;
}

void disk_cut(const char *path, size_t len) {
  struct disk_file *f = disk_find(path);
  if (f == NULL || len >= f->len) return;
  disk_truncate(f, len);
  disk_flush(f);
}
