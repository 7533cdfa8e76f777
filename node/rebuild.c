#include "rebuild.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hub/hub.h"
#include "ledgers.h"

/* --- moving aside ----------------------------------------------------- */

static char *aside_name(const struct yz_world *world, const char *path, int attempt) {
  char when[32] = "", *name = NULL;
  struct tm tm;
  time_t now = (time_t)(world->now_ms(world->ctx) / 1000);
  if (gmtime_r(&now, &tm) != NULL) (void)strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &tm);
  int n = attempt == 0 ? asprintf(&name, "%s.before-%s", path, when)
                       : asprintf(&name, "%s.before-%s-%d", path, when, attempt);
  return n < 0 ? NULL : name;
}

static int move(const char *path, const char *name) {
  return renameat2(AT_FDCWD, path, AT_FDCWD, name, RENAME_NOREPLACE);
}

static int keep(const char *path, const char *name) {
  if (link(path, name) == 0) return 0;
  return errno == EEXIST || errno == ENOENT ? -1 : move(path, name);
}

static int put_aside(const struct yz_world *world, const char *path,
                     int (*put)(const char *path, const char *name), char **aside,
                     struct yz_error *err) {
  *aside = NULL;
  for (int attempt = 0; attempt < 100; attempt++) {
    char *name = aside_name(world, path, attempt);
    if (name == NULL) return yz_no_memory(err);
    if (put(path, name) == 0) {
      *aside = name;
      return 0;
    }
    free(name);
    if (errno == ENOENT) return 0;
    if (errno != EEXIST) break;
  }
  return yz_fail(err, YZ_E_IO, YZ_N_("This could not be moved aside; look at its folder's rights."),
                 "%s", path);
}

int node_move_aside(const struct yz_world *world, const char *path, char **aside,
                    struct yz_error *err) {
  return put_aside(world, path, move, aside, err);
}

int node_keep_aside(const struct yz_world *world, const char *path, char **aside,
                    struct yz_error *err) {
  return put_aside(world, path, keep, aside, err);
}

/* --- git from the store ----------------------------------------------- */

static int build(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  struct yz_ledger *git = NULL;
  int rc = node_open_ledger(n, row, true, &git, err);
  if (rc == 0) rc = yz_rebuild_git(&n->station, git, row, err);
  yz_ledger_destroy(git);
  return rc;
}

static int build_township(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  (void)row;
  return hub_union(n, err);
}

/* Moves what is at path aside and builds it anew; a failure puts it back, and
 * leaves beside it what was half built. */
static int replace(struct node *n, const char *path, const struct yz_ledger_row *row,
                   int (*make)(struct node *, const struct yz_ledger_row *, struct yz_error *),
                   char **aside, struct yz_error *err) {
  char *half = NULL;
  int rc = node_move_aside(n->world, path, aside, err);
  if (rc != 0) return rc;
  rc = make(n, row, err);
  if (rc == 0 || *aside == NULL) return rc;
  if (node_move_aside(n->world, path, &half, NULL) == 0) (void)rename(*aside, path);
  free(half);
  free(*aside);
  *aside = NULL;
  return rc;
}

static int rebuild_at(struct node *n, char *path, const struct yz_ledger_row *row,
                      int (*make)(struct node *, const struct yz_ledger_row *, struct yz_error *),
                      void (*fn)(void *arg, const char *aside), void *arg, struct yz_error *err) {
  char *aside = NULL;
  if (path == NULL) return yz_no_memory(err);
  int rc = replace(n, path, row, make, &aside, err);
  if (rc == 0 && aside != NULL) fn(arg, aside);
  free(aside);
  free(path);
  return rc;
}

/* A ledger whose logs moved to another when the village joined has no repository. */
static int has_logs(struct node *n, const struct yz_id *ledger, bool *has, struct yz_error *err) {
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, ledger, &logs, &count, err);
  *has = count > 0;
  free(logs);
  return rc;
}

int node_rebuild_git(struct node *n, void (*fn)(void *arg, const char *aside), void *arg,
                     struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    bool has = false;
    rc = has_logs(n, &rows[i].id, &has, err);
    if (rc == 0 && has)
      rc = rebuild_at(n, node_ledger_path(n, &rows[i]), &rows[i], build, fn, arg, err);
  }
  if (rc == 0 && n->hub)
    rc = rebuild_at(n, node_path(n, "township.git"), NULL, build_township, fn, arg, err);
  free(rows);
  return rc;
}

/* --- the store from git ----------------------------------------------- */

int node_take_back(struct node *n, const struct yz_ledger_row *row, const char *path,
                   int64_t *records, struct yz_error *err) {
  static const char *const prefixes[] = {"refs/heads/", "refs/remote/"};
  struct yz_ledger *git = NULL;
  struct yz_error why = {0};
  int rc = yz_ledger_open(&git, path, false, &why);
  if (rc == YZ_E_NOT_FOUND) return 0;
  if (rc != 0) return yz_fail(err, why.code, why.message, "%s", why.subject);
  for (size_t i = 0; rc == 0 && i < 2; i++) {
    struct yz_taken taken = {0};
    rc = yz_ingest(&n->station, git, row, prefixes[i], &taken, err);
    *records += taken.accepted + taken.waiting;
    yz_taken_finish(&taken);
  }
  yz_ledger_destroy(git);
  return rc;
}

int node_rebuild_store(struct node *n, int64_t *records, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  *records = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    char *path = node_ledger_path(n, &rows[i]);
    if (path == NULL)
      rc = yz_no_memory(err);
    else
      rc = node_take_back(n, &rows[i], path, records, err);
    free(path);
  }
  free(rows);
  return rc != 0 ? rc : store_rebuild_cases(n->store, err);
}
