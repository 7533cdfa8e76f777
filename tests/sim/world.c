/* The world of a PC: the township's clock, wrong by what its own is, random bytes of the seed, and
 * the disks in memory. */
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "disk.h"
#include "sim.h"

/* No thread begins (sync/ahead.c has one, and does without): a seed replays exactly, and all that
 * stands in for the disk here is for one. The linker (--wrap) leads the calls here. */
int __wrap_pthread_create(pthread_t *out, const pthread_attr_t *how, void *(*run)(void *arg),
                          void *arg);
int __wrap_pthread_create(pthread_t *out, const pthread_attr_t *how, void *(*run)(void *arg),
                          void *arg) {
  (void)out, (void)how, (void)run, (void)arg;
  return EAGAIN;
}

/* What libsodium draws by itself (keys that seal once) is of the seed too: by its sizes, packed,
 * hangs how many files a parcel is. */
static const char *sealing_name(void) {
  return "seed";
}
static uint32_t sealing_word(void) {
  return (uint32_t)chance_next(&sim.sealing);
}
static void sealing_fill(void *const bytes, const size_t n) {
  chance_fill(&sim.sealing, bytes, n);
}

void world_seal_by_seed(void) {
  static randombytes_implementation seed = {
      .implementation_name = sealing_name, .random = sealing_word, .buf = sealing_fill};
  if (randombytes_set_implementation(&seed) != 0) abort();
}

static int64_t w_now(void *ctx) {
  return sim.now_ms + ((const struct pc *)ctx)->skew_ms;
}

static int64_t w_ticks(void *ctx) {
  (void)ctx;
  return sim.now_ms;
}

static void w_random(void *ctx, void *bytes, size_t n) {
  (void)ctx;
  chance_fill(&sim.world, bytes, n);
}

static int w_read(void *ctx, const char *path, size_t max, struct yz_buf *out,
                  struct yz_error *err) {
  (void)ctx;
  return disk_read_file(path, max, out, err);
}

static int w_write(void *ctx, const char *path, const void *bytes, size_t n, int replace,
                   struct yz_error *err) {
  (void)ctx;
  return disk_write_file(path, bytes, n, replace != 0, err);
}

static int w_make_dir(void *ctx, const char *path, struct yz_error *err) {
  (void)ctx, (void)path, (void)err;
  return 0;
}

static int64_t w_free(void *ctx, const char *path) {
  (void)ctx, (void)path;
  return -1;
}

static int64_t w_room(void *ctx, const char *path) {
  (void)ctx;
  return disk_length(path);
}

/* Disks here have no end: nothing is held of them. */
static int w_hold(void *ctx, const char *path, int64_t bytes, struct yz_error *err) {
  (void)ctx, (void)path, (void)bytes, (void)err;
  return 0;
}

static int w_open(void *ctx, const char *path, bool past_cache, struct yz_file **out, int64_t *size,
                  struct yz_error *err) {
  (void)ctx, (void)past_cache;
  return disk_open_file(path, out, size, err);
}

static int w_new(void *ctx, const char *path, struct yz_file **out, struct yz_error *err) {
  (void)ctx;
  return disk_new_file(path, out, err);
}

static int w_read_some(void *ctx, struct yz_file *f, void *bytes, size_t n, size_t *got,
                       struct yz_error *err) {
  (void)ctx;
  return disk_read_some(f, bytes, n, got, err);
}

static int w_write_some(void *ctx, struct yz_file *f, const void *bytes, size_t n,
                        struct yz_error *err) {
  (void)ctx;
  return disk_write_some(f, bytes, n, err);
}

static int w_flush(void *ctx, struct yz_file *f, struct yz_error *err) {
  (void)ctx;
  return disk_flush_file(f, err);
}

static void w_close(void *ctx, struct yz_file *f) {
  (void)ctx;
  disk_close_file(f);
}

static int w_name(void *ctx, const char *from, const char *to, struct yz_error *err) {
  (void)ctx;
  return disk_name_file(from, to, err);
}

static void w_drop(void *ctx, const char *path) {
  (void)ctx;
  (void)unlink(path);
}

static int w_each(void *ctx, const char *folder, int (*fn)(void *arg, const char *name, bool plain),
                  void *arg, struct yz_error *err) {
  (void)ctx, (void)err;
  return disk_each(folder, fn, arg);
}

static void w_identity(void *ctx, const char *path, char out[static YZ_FILE_IDENTITY]) {
  const struct pc *pc = ctx;
  if (pc->home[0] != '\0')
    (void)snprintf(out, YZ_FILE_IDENTITY, "%s", pc->home);
  else
    (void)snprintf(out, YZ_FILE_IDENTITY, "%llu", (unsigned long long)disk_identity(path));
}

void pc_fill_world(struct pc *pc) {
  pc->world = (struct yz_world){.ctx = pc,
                                .now_ms = w_now,
                                .ticks_ms = w_ticks,
                                .random = w_random,
                                .read_file = w_read,
                                .write_file = w_write,
                                .make_dir = w_make_dir,
                                .disk_free = w_free,
                                .file_room = w_room,
                                .hold_room = w_hold,
                                .open_file = w_open,
                                .read_some = w_read_some,
                                .new_file = w_new,
                                .write_some = w_write_some,
                                .flush_file = w_flush,
                                .close_file = w_close,
                                .name_file = w_name,
                                .drop_file = w_drop,
                                .each_file = w_each,
                                .file_identity = w_identity};
}
