/* The world as the program sees it: clock, random source, disk, network,
 * through one table of functions, so that tests can run villages in virtual
 * time and fail the Nth write. yz_world_real() is the machine itself.
 *
 * (SQLite and libgit2 do their own file work; tests reach those by a preload.) */
#ifndef YIZHAN_WORLD_H
#define YIZHAN_WORLD_H

#include <stdbool.h>
#include <yizhan/buf.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

enum { YZ_FILE_IDENTITY = 64 };

struct yz_file; /* an open file; the world's */

struct yz_world {
  void *ctx;
  /* Milliseconds since 1970, as this machine believes. */
  int64_t (*now_ms)(void *ctx);
  /* Milliseconds that only go forward, for measuring. */
  int64_t (*ticks_ms)(void *ctx);
  /* n random bytes fit for keys. Never fails: where the kernel has none to give,
   * nothing can be done safely and the process is aborted. */
  void (*random)(void *ctx, void *bytes, size_t n);
  /* Reads a whole plain file of at most max bytes and appends it to out, which is
   * unchanged on failure. YZ_E_NOT_FOUND, YZ_E_LIMIT, YZ_E_IO (also for a folder,
   * pipe or device), YZ_E_MEMORY. */
  int (*read_file)(void *ctx, const char *path, size_t max, struct yz_buf *out,
                   struct yz_error *err);
  /* Writes a file so that it is there whole or not at all: beside its name,
   * mode 0600, flushed, renamed, folder flushed. With `replace` false an
   * existing file is left alone: YZ_E_EXISTS. YZ_E_NOT_FOUND when the folder is
   * missing, YZ_E_FULL, YZ_E_IO, YZ_E_MEMORY. A failure leaves nothing behind,
   * but one in the very last step leaves the new file, whole. A power cut can
   * leave a file named .yz-<16 hex digits>.tmp, which may be removed. */
  int (*write_file)(void *ctx, const char *path, const void *bytes, size_t n, int replace,
                    struct yz_error *err);
  /* Makes a folder (0700) and the missing ones above it, flushed; one that is
   * there is left as it is. YZ_E_IO (also where a file stands in the way),
   * YZ_E_FULL, YZ_E_NOT_FOUND, YZ_E_MEMORY. */
  int (*make_dir)(void *ctx, const char *path, struct yz_error *err);
  /* Free bytes on the disk that holds path; -1 unknown. */
  int64_t (*disk_free)(void *ctx, const char *path);
  /* Bytes of the disk that a file takes; 0 when it is not there. */
  int64_t (*file_room)(void *ctx, const char *path);
  /* Makes path a file that takes this many bytes of the disk and says nothing, so that
   * nobody else takes them; fewer than before: the rest is free again. 0: it is removed.
   * YZ_E_FULL, YZ_E_NOT_FOUND, YZ_E_IO; a failure leaves the file as large as it was. */
  int (*hold_room)(void *ctx, const char *path, int64_t bytes, struct yz_error *err);
  /* --- files on a stick: long, foreign, soon pulled out ------------------
   * A link is never followed; what is no plain file is YZ_E_IO, and
   * is not opened. Besides what each says, all give
   * YZ_E_IO, YZ_E_MEMORY and, where something is written, YZ_E_FULL. */
  /* Opens one for reading from its front; past_cache: what the disk holds is wanted, not what
   * memory still knows of it, as far as the machine can tell them apart. YZ_E_NOT_FOUND. */
  int (*open_file)(void *ctx, const char *path, bool past_cache, struct yz_file **out,
                   int64_t *size, struct yz_error *err);
  /* Reads the next n bytes, fewer only at the end. */
  int (*read_some)(void *ctx, struct yz_file *file, void *bytes, size_t n, size_t *got,
                   struct yz_error *err);
  /* Makes a new one (0600) for writing. YZ_E_EXISTS: something is there already, and is left as it
   * is; YZ_E_NOT_FOUND: the folder is missing. */
  int (*new_file)(void *ctx, const char *path, struct yz_file **out, struct yz_error *err);
  int (*write_some)(void *ctx, struct yz_file *file, const void *bytes, size_t n,
                    struct yz_error *err);
  /* What was written is on the disk when this returns, and memory lets go of it. */
  int (*flush_file)(void *ctx, struct yz_file *file, struct yz_error *err);
  void (*close_file)(void *ctx, struct yz_file *file); /* NULL allowed */
  /* Gives a file its name, in the same folder, which is flushed. YZ_E_EXISTS: something has that
   * name, and both are as they were. */
  int (*name_file)(void *ctx, const char *from, const char *to, struct yz_error *err);
  void (*drop_file)(void *ctx, const char *path); /* removes one of ours, where it can */
  /* Calls fn with each name in a folder but "." and "..", in no order; plain: it is a file, and no
   * folder, link or device. A non-zero return of fn stops and is returned. YZ_E_NOT_FOUND: no such
   * folder. */
  int (*each_file)(void *ctx, const char *folder,
                   int (*fn)(void *arg, const char *name, bool plain), void *arg,
                   struct yz_error *err);

  /* What tells this file from a copy of it, as text (its number and the time it was
   * made); "" where the file system does not say. */
  void (*file_identity)(void *ctx, const char *path, char out[static YZ_FILE_IDENTITY]);
};

const struct yz_world *yz_world_real(void);

/* The kernel's lock on a file (flock), made if missing, freed when the process
 * (and a child forked meanwhile) ends; the file stays. Waits up to wait_ms for
 * another holder, 0: not at all, then YZ_E_BUSY. YZ_E_IO, also when path is a
 * symbolic link; YZ_E_FULL. On failure lock->fd is -1. */
struct yz_lock {
  int fd;
};
int yz_lock_acquire(struct yz_lock *lock, const char *path, int64_t wait_ms,
                    struct yz_error *err) YZ_MUST_CHECK;
void yz_lock_release(struct yz_lock *lock); /* NULL and never-acquired ({-1}) allowed */

#endif
