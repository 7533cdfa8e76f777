/* Taking in a ledger's branches: git → verified → parsed → judged → stored.
 * A log that must wait for another's word (a grant) is tried again while anything
 * moves; one log's fault holds back no other. */
#include "intake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOGS_MAX = 100000 };

struct found {
  struct yz_id log;
  struct yz_oid tip;
  bool done;
};

struct search {
  const char *prefix;
  struct found *logs;
  size_t n;
};

static int keep_ref(void *arg, const char *ref, const struct yz_oid *tip) {
  struct search *s = arg;
  struct yz_id log;

  if (s->n == LOGS_MAX || !station_ref_log(ref, s->prefix, "log", &log)) return 0;
  if (s->n % 64 == 0) {
    struct found *grown = realloc(s->logs, (s->n + 64) * sizeof *grown);
    if (!grown) return YZ_E_MEMORY;
    s->logs = grown;
  }
  s->logs[s->n++] = (struct found){log, *tip, false};
  return 0;
}

int intake_roster(struct intake *in) {
  return in->roster ? YZ_OK : yz_station_roster(in->st, &in->ledger->id, &in->roster, in->err);
}

struct yz_count *intake_count(struct intake *in, const struct yz_id *log) {
  struct yz_taken *t = in->taken;

  for (size_t i = 0; i < t->n; i++)
    if (yz_equal(&t->logs[i].log, log, sizeof *log)) return &t->logs[i];
  struct yz_count *grown = realloc(t->logs, (t->n + 1) * sizeof *grown);
  if (!grown) return NULL;
  t->logs = grown;
  t->logs[t->n] = (struct yz_count){.log = *log};
  return &t->logs[t->n++];
}

int intake_refuse(struct intake *in, const struct yz_id *log, int64_t seq, const char *rule,
                  const char *ref, const void *bytes, size_t len) {
  const struct yz_store *store = in->st->store;
  struct yz_refused entry = {.ledger = in->ledger->id,
                             .log = *log,
                             .seq = seq,
                             .rule = rule,
                             .ref = ref,
                             .bytes = bytes,
                             .len = len};
  const struct yz_part part = {bytes, len};

  yz_sha256(&part, bytes ? 1 : 0, &entry.hash);
  int rc = store->put_refused(store->ctx, &entry, in->err);
  if (rc < 0) return rc;
  struct yz_count *count = intake_count(in, log);
  if (!count) return yz_no_memory(in->err);
  count->quarantined += rc;
  return YZ_OK;
}

/* A log that cannot be taken in: written down once nothing moves any more. What is no
 * log of anyone's is not left where others fetch; what waits for a grant stays. */
static int note_waiting(struct intake *in, const struct found *f, const char *rule) {
  const struct yz_store *store = in->st->store;
  char ref[REF_ROOM];

  station_ref("refs/heads/", "log", &f->log, ref);
  int rc = store->begin(store->ctx, in->err);
  if (!rc) rc = intake_refuse(in, &f->log, 0, rule, ref, &f->tip, sizeof f->tip);
  rc = station_end(in->st, rc, in->err);
  if (!rc && intake_served(in) && strcmp(rule, "log.id") == 0)
    rc = yz_ledger_delete_ref(in->git, ref, in->err);
  return rc;
}

static int take_log(struct intake *in, struct found *f) {
  struct yz_log_row row;
  const char *rule;

  int rc = intake_open_log(in, &f->log, &f->tip, &row, &rule);
  if (rc) return rc;
  if (rule) return in->final ? note_waiting(in, f, rule) : YZ_OK;
  f->done = true;
  /* A new log's row must be there before its files. */
  const struct yz_store *store = in->st->store;
  if (row.head.seq == 0) {
    rc = store->begin(store->ctx, in->err);
    if (!rc) rc = store->put_log(store->ctx, &row, in->err);
    rc = station_end(in->st, rc, in->err);
  }
  if (!rc) rc = intake_keys(in, &row);
  return rc ? rc : intake_commits(in, &row, &f->tip);
}

/* This node's present log: others hold copies of it; only one that goes beyond
 * ours is worth a look. */
static bool own_and_known(struct intake *in, const struct found *f) {
  const struct yz_store *store = in->st->store;
  struct yz_oid tip;
  char ref[REF_ROOM];

  if (!yz_equal(&f->log, &in->ledger->own, sizeof f->log)) return false;
  station_ref("refs/heads/", "log", &f->log, ref);
  return store->get_tip(store->ctx, &in->ledger->id, ref, &tip, NULL) == YZ_OK &&
         yz_ledger_contains(in->git, &tip, &f->tip);
}

static int take_all(struct intake *in, struct search *s) {
  bool moved = true;
  int rc = YZ_OK;

  while (!rc && (moved || !in->final)) {
    in->final = !moved;
    moved = false;
    for (size_t i = 0; i < s->n && !rc; i++) {
      struct found *f = &s->logs[i];
      if (f->done) continue;
      if (own_and_known(in, f))
        f->done = true;
      else
        rc = take_log(in, f);
      moved = moved || f->done;
    }
  }
  return rc;
}

/* Pieces come after the records that name them, of all logs. Where the disk has no room for them
 * they wait in git, and hold up no record. */
static int take_files(struct intake *in, const struct search *s) {
  const struct yz_store *store = in->st->store;
  struct yz_error why = {0}, *err = in->err;
  struct yz_log_row row;
  int rc = YZ_OK;

  in->err = &why;
  for (size_t i = 0; !rc && i < s->n; i++) {
    rc = store->get_log(store->ctx, &s->logs[i].log, &row, &why);
    rc = rc == YZ_E_NOT_FOUND ? YZ_OK : rc ? rc : intake_files(in, &row);
  }
  in->err = err;
  return rc == 0 || rc == YZ_E_FULL ? YZ_OK : yz_fail(err, rc, why.message, "%s", why.subject);
}

/* A branch that someone removed from a repository of ours stands where it stood. */
static int put_back(void *arg, const struct yz_log_row *row) {
  struct intake *in = arg;
  const struct yz_store *store = in->st->store;
  char ref[REF_ROOM];
  struct yz_oid tip, now;

  for (int i = 0; i < YZ_KINDS; i++) {
    station_ref("refs/heads/", station_kinds[i], &row->id, ref);
    int rc = store->get_tip(store->ctx, &in->ledger->id, ref, &tip, in->err);
    if (rc == YZ_E_NOT_FOUND) continue;
    if (rc) return rc;
    if (yz_ledger_ref(in->git, ref, &now, NULL) == YZ_E_NOT_FOUND &&
        station_has_commit(in->git, &tip)) {
      rc = yz_ledger_move_ref(in->git, ref, NULL, &tip, in->err);
      if (rc) return rc;
    }
  }
  return YZ_OK;
}

/* --- branches of no log --------------------------------------------------------- */

/* Keys are pushed before their log, and pieces may be. More of them without one than an honest node
 * ever has are not left where others fetch. */
enum { STRAYS_MAX = YZ_LIMIT(64, 2) };

struct strays {
  struct intake *in;
  char (*refs)[REF_ROOM];
  size_t n;
};

static int look_for_stray(void *arg, const char *ref, const struct yz_oid *tip) {
  struct strays *s = arg;
  const struct yz_store *store = s->in->st->store;
  struct yz_log_row row;
  struct yz_oid at;
  struct yz_id log;
  enum yz_kind kind;
  char of[REF_ROOM];
  bool found;

  (void)tip;
  if (!station_ref_kind(ref, "refs/heads/", &log, &kind) || kind == YZ_KIND_LOG) return YZ_OK;
  int rc = store->get_log(store->ctx, &log, &row, s->in->err);
  if (rc != YZ_E_NOT_FOUND) return rc;
  station_ref("refs/heads/", "log", &log, of);
  rc = station_find_ref(s->in->git, of, &at, &found, s->in->err);
  if (rc || found) return rc;
  char(*grown)[REF_ROOM] = reallocarray(s->refs, s->n + 1, sizeof *grown);
  if (!grown) return yz_no_memory(s->in->err);
  s->refs = grown;
  snprintf(s->refs[s->n++], REF_ROOM, "%s", ref);
  return YZ_OK;
}

static int sweep_strays(struct intake *in) {
  struct strays s = {.in = in};
  int rc = yz_ledger_refs(in->git, "refs/heads/", look_for_stray, &s, in->err);

  for (size_t i = 0; !rc && s.n > STRAYS_MAX && i < s.n; i++)
    rc = yz_ledger_delete_ref(in->git, s.refs[i], in->err);
  free(s.refs);
  return rc;
}

static int follow_clock(struct intake *in) {
  const struct yz_store *store = in->st->store;
  int rc = store->begin(store->ctx, in->err);

  if (!rc) rc = station_clock_seen(in->st, in->newest, in->err);
  return station_end(in->st, rc, in->err);
}

int yz_ingest(const struct yz_station *st, struct yz_ledger *git,
              const struct yz_ledger_row *ledger, const char *prefix, struct yz_taken *taken,
              struct yz_error *err) {
  struct intake in = {
      .st = st, .git = git, .ledger = ledger, .prefix = prefix, .taken = taken, .err = err};
  struct search s = {prefix, NULL, 0};
  char logs[REF_ROOM];

  memset(taken, 0, sizeof *taken);
  snprintf(logs, sizeof logs, "%slog/", prefix);
  /* Left by an intake that died. */
  int rc = station_unjudged(st, &ledger->id, &in.granted, &in.revoked, err);
  int64_t erasures = 0;
  if (!rc) rc = st->store->count_erased(st->store->ctx, &ledger->id, &erasures, err);
  in.erases = erasures > 0;
  if (!rc) rc = yz_ledger_refs(git, logs, keep_ref, &s, err);
  if (!rc) rc = take_all(&in, &s);
  if (!rc) rc = take_files(&in, &s);
  if (!rc && intake_served(&in)) rc = sweep_strays(&in);
  if (!rc && intake_served(&in))
    rc = st->store->each_log(st->store->ctx, &ledger->id, put_back, &in, err);
  if (!rc && in.newest.ms) rc = follow_clock(&in);
  if (!rc && (in.granted || in.revoked || in.keys))
    rc = station_rejudge(st, &ledger->id, in.revoked, err);
  for (size_t i = 0; i < taken->n; i++) {
    taken->accepted += taken->logs[i].accepted;
    taken->waiting += taken->logs[i].waiting;
    taken->quarantined += taken->logs[i].quarantined;
  }
  ahead_end(in.ahead);
  yz_roster_destroy(in.roster);
  free(s.logs);
  return rc;
}
