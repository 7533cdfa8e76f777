#include "restore.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgers.h"
#include "rebuild.h"

void restored_finish(struct restored *r) {
  if (r == NULL) return;
  free(r->aside);
  *r = (struct restored){0};
}

static int no_memory(struct yz_error *err) {
  return yz_fail(err, YZ_E_MEMORY, YZ_N_("There is no memory left."), NULL);
}

/* --- the letter ------------------------------------------------------- */

/* Letters in use, of one and of two characters: A is 0, Z 25, AA 26, ZZ 701. */
enum { ONE = 26, TWO = 26 * 26, LETTERS = ONE + TWO };

static void letter_name(size_t i, char out[static 4]) {
  size_t at = 0;
  if (i >= ONE) {
    out[at++] = (char)('A' + (i - ONE) / 26);
    i = (i - ONE) % 26;
  }
  out[at++] = (char)('A' + i);
  out[at] = '\0';
}

static void mark_used(bool used[static LETTERS], const char *letter) {
  char name[4];
  for (size_t i = 0; i < LETTERS; i++) {
    letter_name(i, name);
    if (strcmp(name, letter) == 0) used[i] = true;
  }
}

static int mark_ledger(struct node *n, const struct yz_id *ledger, bool used[static LETTERS],
                       struct yz_error *err) {
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, ledger, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) mark_used(used, logs[i].letter);
  free(logs);
  return rc;
}

static size_t count_free(const bool used[static LETTERS], size_t from, size_t to) {
  size_t n = 0;
  for (size_t i = from; i < to; i++) n += used[i] ? 0 : 1;
  return n;
}

/* At random among the free ones: two nodes restored from one backup do not know of
 * each other. "A" is never free: numbers do not write it, so its owner is unknown.
 * A two-character letter never begins with A, for the same reason. */
static int choose_letter(struct node *n, bool used[static LETTERS], char out[static 4],
                         struct yz_error *err) {
  uint64_t random;
  used[0] = true;
  for (size_t i = ONE; i < ONE + 26; i++) used[i] = true;
  size_t from = 0, to = ONE, free_letters = count_free(used, from, to);
  if (free_letters == 0) {
    from = ONE;
    to = LETTERS;
    free_letters = count_free(used, from, to);
  }
  if (free_letters == 0)
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("Every letter for case numbers is in use."), NULL);
  n->world->random(n->world->ctx, &random, sizeof random);
  size_t skip = random % free_letters;
  for (size_t i = from; i < to; i++) {
    if (used[i] || skip-- > 0) continue;
    letter_name(i, out);
    break;
  }
  return 0;
}

/* --- the new incarnation ---------------------------------------------- */

/* A ledger that holds no log of ours any more (its logs went along when the village
 * joined) gets none. */
static int begin_again(struct node *n, const struct yz_ledger_row *row, const char *letter,
                       struct yz_error *err) {
  struct yz_ack_head *heads = NULL;
  size_t count = 0;
  int rc = node_own_heads(n, &row->id, &heads, &count, err);
  if (rc == 0 && count > 0) {
    struct yz_beginning b = {.name = n->name,
                             .code = n->code,
                             .letter = letter,
                             .continues = heads,
                             .n_continues = count};
    rc = node_begin_log(n, row, &b, err);
  }
  free(heads);
  return rc;
}

static int begin_all(struct node *n, const struct yz_ledger_row *rows, size_t count,
                     struct restored *out, struct yz_error *err) {
  bool used[LETTERS] = {false};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  for (size_t i = 0; rc == 0 && i < count; i++) rc = mark_ledger(n, &rows[i].id, used, err);
  if (rc == 0) rc = choose_letter(n, used, out->letter, err);
  if (rc == 0) rc = store_put_setting(n->store, "letter", out->letter, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = begin_again(n, &rows[i], out->letter, err);
  if (rc == 0) rc = store_commit(n->store, err);
  if (rc != 0) store_rollback(n->store);
  return rc;
}

/* Repositories that are still here know more than the backup. What they can give
 * back is taken; what they cannot comes at the next contact. */
static int take_back(struct node *n, const char *dir, const struct yz_ledger_row *row,
                     int64_t *records, struct yz_error *err) {
  char *staged = node_ledger_path(n, row), *path = NULL;
  if (staged == NULL || asprintf(&path, "%s%s", dir, staged + strlen(n->dir)) < 0) {
    free(staged);
    return no_memory(err);
  }
  struct yz_error ignored = {0};
  (void)!node_take_back(n, row, path, records, &ignored);
  free(staged);
  free(path);
  return 0;
}

static int begin_incarnation(const char *staging, const char *dir, const struct yz_world *world,
                             struct restored *out, struct yz_error *err) {
  struct node n;
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_open(&n, staging, world, err);
  if (rc != 0) return rc;
  rc = node_ledgers(&n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    rc = take_back(&n, dir, &rows[i], &out->taken_back, err);
  if (rc == 0) rc = begin_all(&n, rows, count, out, err);
  free(rows);
  node_finish(&n);
  return rc;
}

/* --- files ------------------------------------------------------------ */

static const char *const suffixes[] = {"-wal", "-shm", ""};
enum { SUFFIXES = sizeof suffixes / sizeof *suffixes };

/* What a restore that was cut short left in the staging folder. */
static int sweep(const char *staging, struct yz_error *err) {
  for (size_t i = 0; i < SUFFIXES; i++) {
    char *path = NULL;
    if (asprintf(&path, "%s/yizhan.db%s", staging, suffixes[i]) < 0) return no_memory(err);
    (void)unlink(path);
    free(path);
  }
  return 0;
}

static int flush_folder(const char *dir, struct yz_error *err) {
  int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int rc = fd < 0 || fsync(fd) != 0
               ? yz_fail(err, YZ_E_IO, YZ_N_("The folder could not be flushed to disk."), "%s", dir)
               : 0;
  if (fd >= 0) (void)close(fd);
  return rc;
}

/* The old store's journals go with it, under its new name. Opening and closing it
 * first folds them in, unless it is too damaged for that. */
static int move_old_store(const char *dir, const struct yz_world *world, char **aside,
                          struct yz_error *err) {
  struct store *old = NULL;
  struct yz_error ignored = {0};
  char *path = NULL, *from = NULL, *to = NULL;
  if (store_open(&old, dir, false, world, &ignored) == 0) store_close(old);
  if (asprintf(&path, "%s/yizhan.db", dir) < 0) return no_memory(err);
  int rc = node_move_aside(world, path, aside, err);
  for (size_t i = 0; rc == 0 && *aside != NULL && i < SUFFIXES - 1; i++) {
    if (asprintf(&from, "%s%s", path, suffixes[i]) < 0) from = NULL;
    if (asprintf(&to, "%s%s", *aside, suffixes[i]) < 0) to = NULL;
    if (from == NULL || to == NULL) rc = no_memory(err);
    if (rc == 0) (void)rename(from, to);
    free(from);
    free(to);
  }
  free(path);
  return rc;
}

/* The last step: the new store takes its place. */
static int put_in_place(const char *staging, const char *dir, const struct yz_world *world,
                        struct restored *out, struct yz_error *err) {
  char *from = NULL, *to = NULL;
  if (asprintf(&from, "%s/yizhan.db", staging) < 0) from = NULL;
  if (asprintf(&to, "%s/yizhan.db", dir) < 0) to = NULL;
  int rc = from == NULL || to == NULL ? no_memory(err) : 0;
  if (rc == 0) rc = move_old_store(dir, world, &out->aside, err);
  if (rc == 0 && rename(from, to) != 0) {
    rc =
        yz_fail(err, YZ_E_IO, YZ_N_("The restored store could not be put in its place."), "%s", to);
    if (out->aside != NULL) (void)rename(out->aside, to);
  }
  if (rc == 0) rc = flush_folder(dir, err);
  if (rc == 0) (void)rmdir(staging);
  free(from);
  free(to);
  return rc;
}

int node_restore(const char *file, const char *dir, const struct yz_world *world,
                 struct restored *out, struct yz_error *err) {
  struct yz_lock lock = {-1};
  char *staging = NULL;
  *out = (struct restored){0};
  if (asprintf(&staging, "%s/restoring", dir) < 0) return no_memory(err);
  int rc = world->make_dir(world->ctx, staging, err);
  if (rc == 0) rc = node_lock(dir, &lock, err);
  if (rc == 0) rc = sweep(staging, err);
  if (rc == 0) rc = store_restore(file, staging, world, err);
  if (rc == 0) rc = begin_incarnation(staging, dir, world, out, err);
  if (rc == 0) rc = put_in_place(staging, dir, world, out, err);
  if (rc != 0) {
    (void)!sweep(staging, NULL);
    (void)rmdir(staging);
  }
  yz_lock_release(&lock);
  free(staging);
  return rc;
}
