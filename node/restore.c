#include "restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "incarnation.h"
#include "ledgers.h"
#include "rebuild.h"
#include "salvage.h"

void restored_finish(struct restored *r) {
  if (r == NULL) return;
  free(r->aside);
  *r = (struct restored){0};
}

/* Repositories that are still here know more than the backup. What they can give
 * back is taken; what they cannot comes at the next contact. */
static int take_back(struct node *n, const char *dir, const struct yz_ledger_row *row,
                     int64_t *records, struct yz_error *err) {
  char *staged = node_ledger_path(n, row), *path = NULL;
  if (staged == NULL || asprintf(&path, "%s%s", dir, staged + strlen(n->dir)) < 0) {
    free(staged);
    return yz_no_memory(err);
  }
  struct yz_error ignored = {0};
  (void)!node_take_back(n, row, path, records, &ignored);
  free(staged);
  free(path);
  return 0;
}

/* What a node is made of: a backup, or what can be saved of a damaged store. */
struct source {
  const char *backup;    /* NULL: none */
  struct store *damaged; /* closed on the way */
  yz_finding_fn fn;      /* told what could not be saved */
  void *arg;
};

/* Pieces are known by their hashes, so those that come lie among those that are here, whatever
 * becomes of the store. */
static int fill(const struct source *from, const char *staging, const char *dir,
                const struct yz_world *world, struct yz_error *err) {
  if (from->backup != NULL) return store_restore(from->backup, staging, dir, world, err);
  return store_salvage(from->damaged, staging, from->fn, from->arg, err);
}

static int begin_incarnation(const struct source *from, const char *staging, const char *dir,
                             const struct yz_world *world, struct restored *out,
                             struct yz_error *err) {
  struct node n;
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_open(&n, staging, world, err);
  if (rc != 0) return rc;
  rc = store_pieces_in(n.store, dir, err);
  if (rc == 0) rc = node_ledgers(&n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    rc = take_back(&n, dir, &rows[i], &out->taken_back, err);
  if (rc == 0 && from->damaged != NULL)
    rc = node_save_rest(&n, from->damaged, from->fn, from->arg, err);
  if (rc == 0) rc = node_begin_incarnation(&n, err);
  if (rc == 0) memcpy(out->letter, n.letter, sizeof out->letter);
  free(rows);
  node_finish(&n);
  return rc;
}

/* --- files ------------------------------------------------------------ */

struct sweeping {
  const struct yz_world *world;
  const char *folder;
};

static int sweep_file(void *arg, const char *name, bool plain) {
  const struct sweeping *s = arg;
  char *path = NULL;
  if (!plain) return 0;
  if (asprintf(&path, "%s/%s", s->folder, name) < 0) return YZ_E_MEMORY;
  s->world->drop_file(s->world->ctx, path);
  free(path);
  return 0;
}

/* What a restore that was cut short left in the staging folder. */
static int sweep(const struct yz_world *world, const char *staging, struct yz_error *err) {
  int rc =
      world->each_file(world->ctx, staging, sweep_file, &(struct sweeping){world, staging}, err);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}

static int flush_folder(const char *dir, struct yz_error *err) {
  int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int rc = fd < 0 || fsync(fd) != 0
               ? yz_fail(err, YZ_E_IO, YZ_N_("The folder could not be flushed to disk."), "%s", dir)
               : 0;
  if (fd >= 0) (void)close(fd);
  return rc;
}

/* A journal that is left, of a store too damaged to take it in, goes where that is kept; one
 * without a store by itself. Beside the new store it would be taken for that one's. */
static int move_journal(const char *path, const char *suffix, const char *aside,
                        const struct yz_world *world, struct yz_error *err) {
  char *from = NULL, *to = NULL, *alone = NULL;
  int rc = asprintf(&from, "%s%s", path, suffix) < 0 ? yz_no_memory(err) : 0;
  if (rc == 0 && aside == NULL) {
    rc = node_move_aside(world, from, &alone, err);
  } else if (rc == 0) {
    rc = asprintf(&to, "%s%s", aside, suffix) < 0 ? yz_no_memory(err) : 0;
    if (rc == 0 && rename(from, to) != 0 && errno != ENOENT)
      rc =
          yz_fail(err, YZ_E_IO,
                  YZ_N_("This could not be moved aside; look at its folder's rights."), "%s", from);
  }
  free(from);
  free(to);
  free(alone);
  return rc;
}

/* The old store stays in its place until the new one is renamed over it. Opening and closing it
 * first folds its journals in. */
static int keep_old_store(const char *dir, const struct yz_world *world, char **aside,
                          struct yz_error *err) {
  struct store *old = NULL;
  struct yz_error ignored = {0};
  char *path = NULL;
  if (store_open(&old, dir, false, world, &ignored) == 0) store_close(old);
  if (asprintf(&path, "%s/yizhan.db", dir) < 0) return yz_no_memory(err);
  int rc = node_keep_aside(world, path, aside, err);
  if (rc == 0) rc = move_journal(path, "-wal", *aside, world, err);
  if (rc == 0) rc = move_journal(path, "-shm", *aside, world, err);
  free(path);
  return rc;
}

/* What closing could not fold in would be left behind. */
static bool is_one_file(const char *path) {
  char *journal = NULL;
  bool one = asprintf(&journal, "%s-wal", path) >= 0 && access(journal, F_OK) != 0;
  free(journal);
  return one;
}

/* rename leaves two names of one file alone. */
static void put_back(const char *aside, const char *path) {
  if (aside != NULL && rename(aside, path) == 0) (void)unlink(aside);
}

/* The last step: the new store takes its place. */
static int put_in_place(const char *staging, const char *dir, const struct yz_world *world,
                        struct restored *out, struct yz_error *err) {
  char *from = NULL, *to = NULL;
  if (asprintf(&from, "%s/yizhan.db", staging) < 0) from = NULL;
  if (asprintf(&to, "%s/yizhan.db", dir) < 0) to = NULL;
  int rc = from == NULL || to == NULL ? yz_no_memory(err) : 0;
  if (rc == 0) rc = keep_old_store(dir, world, &out->aside, err);
  if (rc == 0 && (!is_one_file(from) || rename(from, to) != 0)) {
    rc =
        yz_fail(err, YZ_E_IO, YZ_N_("The restored store could not be put in its place."), "%s", to);
    put_back(out->aside, to);
  }
  free(from);
  free(to);
  return rc;
}

static int bring_back(struct source *from, const char *dir, const struct yz_world *world,
                      struct restored *out, struct yz_error *err) {
  struct yz_lock lock = {-1};
  char *staging = NULL;
  *out = (struct restored){0};
  if (asprintf(&staging, "%s/restoring", dir) < 0) return yz_no_memory(err);
  int rc = world->make_dir(world->ctx, dir, err);
  if (rc == 0) rc = node_lock(dir, &lock, err);
  if (rc == 0) rc = world->make_dir(world->ctx, staging, err);
  if (rc == 0) rc = sweep(world, staging, err);
  if (rc == 0) rc = fill(from, staging, dir, world, err);
  if (rc == 0) rc = begin_incarnation(from, staging, dir, world, out, err);
  /* Its journal would be taken for that of the new store. */
  store_close(from->damaged);
  if (rc == 0) rc = put_in_place(staging, dir, world, out, err);
  if (lock.fd >= 0) {
    (void)!sweep(world, staging, NULL);
    (void)rmdir(staging);
    if (rc == 0) rc = flush_folder(dir, err);
  }
  yz_lock_release(&lock);
  free(staging);
  return rc;
}

int node_restore(const char *file, const char *dir, const struct yz_world *world,
                 struct restored *out, struct yz_error *err) {
  struct source from = {.backup = file};
  return bring_back(&from, dir, world, out, err);
}

int node_salvage(const char *dir, const struct yz_world *world, yz_finding_fn fn, void *arg,
                 struct restored *out, struct yz_error *err) {
  struct source from = {.fn = fn, .arg = arg};
  int rc = store_open_damaged(&from.damaged, dir, world, err);
  return rc == 0 ? bring_back(&from, dir, world, out, err) : rc;
}
