/* How far a node has acknowledged a log/ branch, whichever road that came by, and what stands in
 * the hub's repository of the others: so that the first parcel after contacts by link does not
 * repeat what those brought. FORMAT.md §17. */
#include "parcel_private.h"
#include <string.h>

struct segment {
  int64_t first, last;
};

static int keep_bounds(void *arg, const struct yz_segment_row *row) {
  *(struct segment *)arg = (struct segment){row->first, row->last};
  return 1;
}

/* The last segment that lies wholly within what was acknowledged; first 0: none. */
static int last_within(const struct yz_station *st, const struct yz_id *log, int64_t seq,
                       int64_t *first, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct segment s = {0};

  *first = 0;
  int rc = store->each_segment(store->ctx, log, seq, keep_bounds, &s, err);
  if (rc > 0 && s.last > seq) {
    int64_t before = s.first - 1;
    s = (struct segment){0};
    rc = before > 0 ? store->each_segment(store->ctx, log, before, keep_bounds, &s, err) : 0;
  }
  if (rc > 0 && s.last <= seq) *first = s.first;
  return rc < 0 ? rc : 0;
}

struct search {
  char path[YZ_MAX_PATH];
  struct yz_oid *commit;
};

static int look_at_commit(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                          const char *const *paths, size_t n_paths) {
  struct search *s = arg;
  (void)bytes, (void)n;
  for (size_t i = 0; i < n_paths; i++)
    if (strcmp(paths[i], s->path) == 0) {
      *s->commit = *oid;
      return 1;
    }
  return 0;
}

/* How far a node says that it has a log; of its own, that it has written. NULL: nothing. */
static const struct yz_place *said_of(const struct yz_ack *ack, const struct yz_id *log) {
  if (yz_equal(&ack->log, log, sizeof *log)) return &ack->head;
  for (size_t i = 0; i < ack->n_heads; i++)
    if (yz_equal(&ack->heads[i].log, log, sizeof *log)) return &ack->heads[i].at;
  return NULL;
}

/* The place that its newest acknowledgement names for a log; seq 0: none, or not the one that is
 * here. */
static int acked_place(const struct yz_station *st, const struct yz_ledger_row *ledger,
                       const struct yz_key *node, const struct yz_id *log, int64_t *seq,
                       struct yz_error *err) {
  const struct yz_store *store = st->store;
  const struct yz_place *said = NULL;
  struct yz_place here = {0};
  struct yz_buf line = {0};
  struct yz_ack ack = {0};
  struct yz_id theirs;
  bool found = false;

  *seq = 0;
  int rc = parcel_newest_log(st, ledger, node, &theirs, &found, err);
  if (rc != 0 || !found) return rc;
  rc = store->get_ack(store->ctx, &theirs, &line, err);
  if (rc == 0 && yz_ack_read((char *)line.data, line.len, node, &ack, NULL) == 0)
    said = said_of(&ack, log);
  if (said != NULL && said->seq > 0) {
    rc = station_place(st, log, said->seq, &here, err);
    if (rc == 0 && yz_equal(&here.id, &said->id, sizeof here.id)) *seq = here.seq;
  }
  yz_ack_finish(&ack);
  yz_buf_finish(&line);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* What the other side was last seen to have, at a village; a hub's own repository is what they have
 * it from. */
static bool is_there(const struct yz_station *st, struct yz_ledger *git, const struct yz_id *log,
                     const struct yz_oid *commit) {
  char ref[REF_ROOM];
  struct yz_oid tip;

  if (st->hub) return true;
  station_ref("refs/remote/", "log", log, ref);
  return yz_ledger_ref(git, ref, &tip, NULL) == 0 && yz_ledger_contains(git, &tip, commit);
}

int parcel_acked(const struct yz_station *st, struct yz_ledger *git,
                 const struct yz_ledger_row *ledger, const struct yz_key *node,
                 const struct yz_id *log, struct yz_oid *commit, bool *found,
                 struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct search s = {.commit = commit};
  char ref[REF_ROOM];
  int64_t seq, first = 0;

  *found = false;
  int rc = acked_place(st, ledger, node, log, &seq, err);
  if (rc == 0 && seq > 0) rc = last_within(st, log, seq, &first, err);
  if (rc != 0 || first == 0) return rc;
  yz_path_of(first, "jsonl", s.path);
  station_ref("refs/heads/", "log", log, ref);
  rc = store->each_commit(store->ctx, &ledger->id, ref, look_at_commit, &s, err);
  *found = rc > 0 && station_has_commit(git, commit) && is_there(st, git, log, commit);
  return rc < 0 ? rc : 0;
}

/* A hub that was restored may have lost what stood there: it has then not acknowledged, in the log
 * that it writes now, all records that stood there too. */
int parcel_seen(const struct yz_station *st, struct yz_ledger *git,
                const struct yz_ledger_row *ledger, const struct yz_key *node, enum yz_kind kind,
                const struct yz_id *log, struct yz_oid *tip, bool *found, struct yz_error *err) {
  char ref[REF_ROOM];
  struct yz_oid acked, there;

  *found = false;
  if (st->hub || !station_hubs_road(ledger)) return 0;
  int rc = parcel_acked(st, git, ledger, node, &ledger->own, &acked, found, err);
  if (rc != 0 || !*found) return rc;
  station_ref("refs/remote/", "log", &ledger->own, ref);
  rc = station_find_ref(git, ref, &there, found, err);
  *found = rc == 0 && *found && yz_equal(&acked, &there, sizeof there);
  if (!*found) return rc;
  station_ref("refs/remote/", station_kinds[kind], log, ref);
  return station_find_ref(git, ref, tip, found, err);
}
