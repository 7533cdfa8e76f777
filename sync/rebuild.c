/* A repository's branches, built again from the store: the same files, the kept
 * commit bytes, and so the same names. */
#include "station_private.h"
#include <stdlib.h>

struct rebuilding {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  const struct yz_log_row *log;
  const char *ref;
  struct yz_oid tip;
  bool any;
  struct yz_error *err;
};

static int build_commit(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                        const char *const *paths, size_t n_paths) {
  struct rebuilding *r = arg;
  struct yz_change *changes = calloc(n_paths + 1, sizeof *changes);
  struct yz_buf *files = calloc(n_paths + 1, sizeof *files);
  int rc = changes && files ? YZ_OK : yz_no_memory(r->err);

  for (size_t i = 0; i < n_paths && !rc; i++) {
    rc = station_tree_file(r->st, r->log, r->ref, oid, paths[i], &files[i], r->err);
    if (rc)
      yz_fail(r->err, YZ_E_DAMAGED, YZ_N_("The store lacks a file that the ledger had."), "%s",
              paths[i]);
    changes[i] = (struct yz_change){paths[i], files[i].data, files[i].len};
  }
  if (!rc) rc = yz_ledger_replay(r->git, changes, n_paths, bytes, n, r->err);
  if (!rc) rc = yz_ledger_write_commit(r->git, bytes, n, &r->tip, r->err);
  if (!rc && !yz_equal(&r->tip, oid, sizeof *oid))
    rc = yz_fail(r->err, YZ_E_DAMAGED, YZ_N_("A commit kept in the store is damaged."), "%s",
                 r->ref);
  r->any = true;
  for (size_t i = 0; files && i < n_paths; i++) yz_buf_finish(&files[i]);
  free(files);
  free(changes);
  return rc;
}

static int build_ref(struct rebuilding *r, const char *kind) {
  const struct yz_store *store = r->st->store;
  char ref[REF_ROOM];
  struct yz_oid now;
  bool found;

  station_ref("refs/heads/", kind, &r->log->id, ref);
  r->ref = ref;
  r->any = false;
  int rc = store->each_commit(store->ctx, &r->ledger->id, ref, build_commit, r, r->err);
  if (rc || !r->any) return rc;
  rc = station_find_ref(r->git, ref, &now, &found, r->err);
  /* What others pushed since stays: it goes on from here. */
  if (rc || (found && yz_ledger_contains(r->git, &now, &r->tip))) return rc;
  return yz_ledger_move_ref(r->git, ref, found ? &now : NULL, &r->tip, r->err);
}

static int build_log(void *arg, const struct yz_log_row *row) {
  struct rebuilding *r = arg;
  r->log = row;
  int rc = YZ_OK;
  for (int i = 0; !rc && i < YZ_KINDS; i++) rc = build_ref(r, station_kinds[i]);
  return rc;
}

/* Who came before it was built again may have brought what had been here, keys among it that open
 * what was erased since: that is reached by nothing then, and is to go. */
static int leave_no_keys(struct rebuilding *r) {
  const struct yz_store *store = r->st->store;
  int64_t erased = 0;

  int rc = store->count_erased(store->ctx, &r->ledger->id, &erased, r->err);
  if (rc || erased == 0) return rc;
  rc = store->begin(store->ctx, r->err);
  if (!rc) rc = station_mark_prune(r->st, &r->ledger->id, true, r->err);
  return station_end(r->st, rc, r->err);
}

int yz_rebuild_git(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct rebuilding r = {.st = st, .git = git, .ledger = ledger, .err = err};
  int rc = leave_no_keys(&r);
  return rc ? rc : st->store->each_log(st->store->ctx, &ledger->id, build_log, &r, err);
}
