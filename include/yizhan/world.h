/* The world as the program sees it: clock, random source, disk, network,
 * through one table of functions, so that tests can run villages in virtual
 * time and fail the Nth write. yz_world_real() is the machine itself.
 *
 * (SQLite and libgit2 do their own file work; tests reach those by a preload.) */
#ifndef YIZHAN_WORLD_H
#define YIZHAN_WORLD_H

#include <yizhan/buf.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

struct yz_world {
  void *ctx;
  /* Milliseconds since 1970, as this machine believes. */
  int64_t (*now_ms)(void *ctx);
  /* Milliseconds that only go forward, for measuring. */
  int64_t (*ticks_ms)(void *ctx);
  /* n random bytes fit for keys. Never fails. */
  void (*random)(void *ctx, void *bytes, size_t n);
  /* Reads a whole file of at most max bytes. YZ_E_NOT_FOUND, YZ_E_LIMIT, YZ_E_IO. */
  int (*read_file)(void *ctx, const char *path, size_t max, struct yz_buf *out,
                   struct yz_error *err);
  /* Writes a file so that it is there whole or not at all: beside its name,
   * mode 0600, flushed, renamed, folder flushed. With `replace` false an
   * existing file is left alone: YZ_E_EXISTS. YZ_E_FULL, YZ_E_IO. */
  int (*write_file)(void *ctx, const char *path, const void *bytes, size_t n, int replace,
                    struct yz_error *err);
  /* Makes a folder (0700) and the missing ones above it. */
  int (*make_dir)(void *ctx, const char *path, struct yz_error *err);
  /* Free bytes on the disk that holds path; -1 unknown. */
  int64_t (*disk_free)(void *ctx, const char *path);
};

const struct yz_world *yz_world_real(void);

/* The kernel's lock on a file (flock), made if missing, freed when the process
 * ends. wait_ms 0: YZ_E_BUSY at once if another holds it. */
struct yz_lock {
  int fd;
};
int yz_lock_acquire(struct yz_lock *lock, const char *path, int64_t wait_ms,
                    struct yz_error *err) YZ_MUST_CHECK;
void yz_lock_release(struct yz_lock *lock); /* NULL and never-acquired ({-1}) allowed */

#endif
