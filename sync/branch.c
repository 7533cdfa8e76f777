/* Which commits of a branch are taken, and what becomes of the ref: FORMAT.md §9. */
#include "branch.h"
#include <stdlib.h>
#include <string.h>

/* TAKEN_AT_ONCE: bytes from which on a transaction is ended, a thousand records or so. */
enum { COMMITS_MAX = 200000, TAKEN_AT_ONCE = YZ_LIMIT(1024 * 1024, 4096) };

int branch_epoch(struct branch *b, int64_t *n) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  struct yz_buf known = {0};

  *n = 0;
  int rc = store->get_file(store->ctx, &in->ledger->id, b->ref, "epoch.json", &known, in->err);
  if (!rc && yz_epoch_read((char *)known.data, known.len, &b->row->id, n, NULL)) *n = 0;
  yz_buf_finish(&known);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* keys/ begun anew: never to an earlier epoch. */
static int check_epoch(struct branch *b, const struct yz_oid *tip, const char **rule) {
  struct yz_buf epoch = {0};
  int64_t n, n_known;

  int rc = branch_epoch(b, &n_known);
  if (yz_ledger_file(b->in->git, tip, "epoch.json", YZ_MAX_KEYS_FILE, &epoch, NULL) ||
      yz_epoch_read((char *)epoch.data, epoch.len, &b->row->id, &n, NULL) || n < n_known)
    *rule = "keys.epoch";
  yz_buf_finish(&epoch);
  return rc;
}

/* Would every commit up to the tip count? *last: the last seq of their segments. */
static int try_all(struct branch *b, const struct yz_oid *tip, int64_t *last, const char **rule) {
  struct branch trial = *b;
  struct yz_oid *commits = NULL;
  size_t n = 0;

  *last = 0;
  trial.has_good = false;
  int rc = yz_ledger_new_commits(b->in->git, NULL, tip, COMMITS_MAX, &commits, &n, NULL);
  if (rc) return branch_unread(b, rc, rule);
  for (size_t i = 0; i < n && !rc && !*rule; i++)
    rc = branch_try_commit(&trial, &commits[i], last, rule);
  free(commits);
  return rc;
}

static bool tip_by_hub(struct branch *b, const struct yz_oid *tip) {
  struct yz_commit_view view = {0};
  bool by_hub = b->kind == YZ_KIND_KEYS &&
                yz_ledger_read_commit(b->in->git, tip, &view, NULL) == YZ_OK &&
                branch_by_hub(b, &view);
  yz_commit_view_finish(&view);
  return by_hub;
}

/* keys/ that the hub began anew in the place of a node that is gone take the place of that one's,
 * whatever epoch it named; and are never given back for them. */
static int check_keys(struct branch *b, const struct yz_oid *tip, const char **rule) {
  bool by_hub = tip_by_hub(b, tip);

  if (by_hub ? b->row->own : b->by_hub) {
    *rule = "keys.epoch";
    return YZ_OK;
  }
  return by_hub == b->by_hub ? check_epoch(b, tip, rule) : YZ_OK;
}

/* log/ with another history: does it hold all that lies in segments here? */
static int check_reach(struct branch *b, int64_t last, const char **rule) {
  const struct yz_store *store = b->in->st->store;
  int64_t segmented = 0;

  int rc = store->last_segment(store->ctx, &b->row->id, &segmented, b->in->err);
  if (rc && rc != YZ_E_NOT_FOUND) return rc;
  if (last < segmented) *rule = "log.rollback";
  return YZ_OK;
}

/* A branch that does not go on from what was taken. What was is forgotten only for one
 * that counts as a whole: else anyone could make us forget. */
static int begin_anew(struct branch *b, const struct yz_oid *tip, const char **rule) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  int64_t last;
  int rc = YZ_OK;

  bool behind = yz_ledger_contains(in->git, &b->good, tip);
  /* What this node wrote before it was restored may have gone nowhere else yet. */
  if (behind && b->row->own && !intake_served(in)) return YZ_OK;
  if (behind || b->kind == YZ_KIND_FILES)
    *rule = "log.rollback";
  else if (b->kind == YZ_KIND_KEYS)
    rc = check_keys(b, tip, rule);
  if (!rc && !*rule) rc = try_all(b, tip, &last, rule);
  if (!rc && !*rule && b->kind == YZ_KIND_LOG) rc = check_reach(b, last, rule);
  if (rc || *rule) return rc;
  b->has_good = false;
  rc = store->begin(store->ctx, in->err);
  if (!rc) rc = store->drop_ref(store->ctx, &in->ledger->id, b->ref, in->err);
  if (!rc && b->kind == YZ_KIND_KEYS) rc = store->drop_batch_keys(store->ctx, &b->row->id, in->err);
  if (!rc && b->kind == YZ_KIND_KEYS)
    rc = station_mark_prune(in->st, &in->ledger->id, true, in->err);
  return station_end(in->st, rc, in->err);
}

int branch_leave_none(struct branch *b) {
  if (b->kind != YZ_KIND_KEYS || !b->in->erases) return YZ_OK;
  return station_mark_prune(b->in->st, &b->in->ledger->id, true, b->in->err);
}

static int refuse_tip(struct branch *b, const char *rule, const struct yz_oid *tip) {
  const struct yz_store *store = b->in->st->store;
  int rc = store->begin(store->ctx, b->in->err);

  if (!rc) rc = intake_refuse(b->in, &b->row->id, 0, rule, b->ref, tip, sizeof *tip);
  if (!rc) rc = branch_leave_none(b);
  return station_end(b->in->st, rc, b->in->err);
}

/* Takes commits from *at on in one transaction, which costs a flush and the pages that many of them
 * change, until enough came, none is left or one breaks a rule. Where it fails none of them is
 * stored, nor counted. */
static int take_some(struct branch *b, const struct yz_oid *commits, size_t n, size_t *at,
                     const char **rule) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  const struct yz_log_row row = *b->row;
  struct yz_count *count = intake_count(in, &row.id);

  if (!count) return yz_no_memory(in->err);
  const struct yz_count counted = *count;
  b->taken = 0;
  int rc = store->begin(store->ctx, in->err);
  while (!rc && !*rule && *at < n && b->taken < TAKEN_AT_ONCE) {
    const struct yz_oid *commit = &commits[(*at)++];
    in->next = b->kind == YZ_KIND_LOG && *at < n ? &commits[*at] : NULL;
    rc = branch_take_commit(b, commit, rule);
  }
  in->next = NULL;
  rc = station_end(in->st, rc, in->err);
  if (!rc) return YZ_OK;
  *b->row = row;
  *intake_count(in, &row.id) = counted;
  return rc;
}

static int read_branch(struct branch *b, const struct yz_oid *tip) {
  struct intake *in = b->in;
  const struct yz_store *store = in->st->store;
  struct yz_oid *commits = NULL;
  const char *rule = NULL;
  size_t n = 0;

  int rc = store->get_tip(store->ctx, &in->ledger->id, b->ref, &b->good, in->err);
  if (rc && rc != YZ_E_NOT_FOUND) return rc;
  b->has_good = rc == YZ_OK;
  if (b->has_good && yz_equal(&b->good, tip, sizeof *tip)) return YZ_OK;
  rc = b->kind == YZ_KIND_KEYS ? intake_roster(in) : YZ_OK;
  if (rc) return rc;
  b->by_hub = b->has_good && tip_by_hub(b, &b->good);
  if (b->has_good && !yz_ledger_contains(in->git, tip, &b->good)) rc = begin_anew(b, tip, &rule);
  if (rc) return rc;
  if (rule) return refuse_tip(b, rule, tip);
  rc = yz_ledger_new_commits(in->git, b->has_good ? &b->good : NULL, tip, COMMITS_MAX, &commits, &n,
                             NULL);
  if (rc) rc = branch_unread(b, rc, &rule);
  if (!rc && rule) rc = refuse_tip(b, rule, tip);
  for (size_t i = 0; i < n && !rc && !rule;) rc = take_some(b, commits, n, &i, &rule);
  if (!rc && b->kind == YZ_KIND_KEYS && n) in->keys = true;
  free(commits);
  return rc;
}

/* The ref that others see, or that we keep, stands at what counts. */
static int settle_ref(struct branch *b, const struct yz_oid *tip) {
  struct intake *in = b->in;
  bool served = intake_served(in), found;
  struct yz_oid now;

  if (!b->has_good) return served ? yz_ledger_delete_ref(in->git, b->ref, in->err) : YZ_OK;
  int rc = station_find_ref(in->git, b->ref, &now, &found, in->err);
  if (rc) return rc;
  /* Someone pushed meanwhile: the next intake looks at it. */
  if (found && served && !yz_equal(&now, tip, sizeof now)) return YZ_OK;
  return yz_ledger_move_ref(in->git, b->ref, found ? &now : NULL, &b->good, in->err);
}

static int take_branch(struct intake *in, struct yz_log_row *row, enum yz_kind kind,
                       const struct yz_oid *tip) {
  struct branch b = {.in = in, .row = row, .kind = kind};

  station_ref("refs/heads/", station_kinds[kind], &row->id, b.ref);
  int rc = read_branch(&b, tip);
  return rc ? rc : settle_ref(&b, tip);
}

static int take_beside(struct intake *in, const struct yz_log_row *row, enum yz_kind kind) {
  char ref[REF_ROOM];
  struct yz_oid tip;
  struct yz_log_row copy = *row;
  bool found;

  station_ref(in->prefix, station_kinds[kind], &row->id, ref);
  int rc = station_find_ref(in->git, ref, &tip, &found, in->err);
  return rc || !found ? rc : take_branch(in, &copy, kind, &tip);
}

int intake_keys(struct intake *in, const struct yz_log_row *row) {
  return take_beside(in, row, YZ_KIND_KEYS);
}

int intake_files(struct intake *in, const struct yz_log_row *row) {
  return take_beside(in, row, YZ_KIND_FILES);
}

int intake_commits(struct intake *in, struct yz_log_row *row, const struct yz_oid *tip) {
  return take_branch(in, row, YZ_KIND_LOG, tip);
}
