/* The roster from the store, and judging anew: FORMAT.md §12, §13. A record that
 * waits or was refused, or that a revocation touches, is asked about again whenever
 * rights changed or a batch's key came. */
#include "station_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct building {
  struct yz_roster *roster;
  bool hubs_only; /* take what says who the hub is */
  bool succeeded; /* such a record was among what came */
  struct yz_error *err;
};

static bool says_who_is_hub(const char *type) {
  return strcmp(type, "log.begin") == 0 || strcmp(type, "hub.successor") == 0;
}

static int add_trust(void *arg, const struct yz_stored *stored) {
  struct building *b = arg;
  struct yz_record record;
  bool changed;

  if (b->hubs_only && !says_who_is_hub(stored->type)) return YZ_OK;
  b->succeeded = b->succeeded || strcmp(stored->type, "hub.successor") == 0;
  int rc = yz_record_read(stored->line, stored->line_len, &record, b->err);
  if (rc) return rc;
  if (!stored->json)
    return yz_fail(b->err, YZ_E_DAMAGED,
                   YZ_N_("A record in the store is not what was written. Keep a copy of the "
                         "node's folder and restore a backup."),
                   NULL);
  const struct yz_members members = {.json = (json_t *)(uintptr_t)stored->json,
                                     .type = stored->type};
  return yz_roster_add(b->roster, &record, &members, &changed, b->err);
}

/* One walk over the ledger's trust records, into a roster that knows no one yet or, after
 * a walk with hubs_only, who the hub is. */
static int walk(const struct yz_station *st, const struct yz_ledger_row *row, struct building *b) {
  if (!b->roster) b->roster = yz_roster_create(&row->id, &row->hub, &st->key);
  if (!b->roster) return yz_no_memory(b->err);
  yz_roster_pin_recovery(b->roster, &st->recovery);
  return st->store->each_trust(st->store->ctx, &row->id, add_trust, b, b->err);
}

/* What a former hub granted counts whatever came first, its logs or its successor's: so
 * where there is a successor it is first seen who the hub is, then who may what. */
static int build(const struct yz_station *st, const struct yz_ledger_row *row, struct building *b) {
  int rc = walk(st, row, b);
  if (rc || !b->succeeded) return rc;
  yz_roster_destroy(b->roster);
  b->roster = NULL;
  b->hubs_only = true;
  rc = walk(st, row, b);
  b->hubs_only = false;
  return rc ? rc : walk(st, row, b);
}

int yz_station_roster(const struct yz_station *st, const struct yz_id *ledger,
                      struct yz_roster **out, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_ledger_row row;
  struct building b = {.err = err};

  *out = NULL;
  int rc = store->get_ledger(store->ctx, ledger, &row, err);
  if (rc) return yz_fail(err, rc, YZ_N_("There is no such ledger at this node."), NULL);
  rc = build(st, &row, &b);
  if (rc)
    yz_roster_destroy(b.roster);
  else
    *out = b.roster;
  return rc;
}

/* --- judging anew -------------------------------------------------------- */

struct place {
  struct yz_id log;
  int64_t seq;
};

struct again {
  const struct yz_station *st;
  const struct yz_ledger_row *ledger;
  struct yz_roster *roster;
  struct place *places; /* whose judgement may have changed */
  size_t n;
  bool revoked;                 /* look at accepted records too */
  bool changed;                 /* a trust record's status changed: once more */
  struct yz_segment_row opened; /* whose contents these are; last 0: none */
  struct contents contents;
  struct yz_error *err;
};

static int add_place(struct again *a, const struct yz_stored *r) {
  if (a->n % 256 == 0) {
    struct place *grown = realloc(a->places, (a->n + 256) * sizeof *grown);
    if (!grown) return yz_no_memory(a->err);
    a->places = grown;
  }
  a->places[a->n++] = (struct place){r->log, r->seq};
  return YZ_OK;
}

static bool unreadable(const struct yz_stored *r) {
  return r->rule &&
         (strcmp(r->rule, "record.signature") == 0 || strcmp(r->rule, "record.syntax") == 0);
}

static int keep_unsettled(void *arg, const struct yz_stored *r) {
  return unreadable(r) ? YZ_OK : add_place(arg, r);
}

/* An accepted record that would not be accepted now: someone was revoked. */
static int keep_revoked(void *arg, const struct yz_stored *r) {
  struct again *a = arg;
  struct yz_record record;
  const char *rule;

  if (r->status != YZ_ACCEPTED) return YZ_OK;
  int rc = yz_record_read(r->line, r->line_len, &record, a->err);
  if (rc || yz_roster_judge(a->roster, &record, &r->id, r->type, &rule) == YZ_ACCEPTED) return rc;
  return add_place(a, r);
}

static int look_at_log(void *arg, const struct yz_log_row *row) {
  struct again *a = arg;
  const struct yz_store *store = a->st->store;
  return store->each_record(store->ctx, &row->id, 1, 0, keep_revoked, a, a->err);
}

/* The contents of the segment that a record lies in, as far as they open now: opened
 * once for all its records. */
static int open_contents(struct again *a, const struct yz_stored *r) {
  const struct yz_store *store = a->st->store;
  struct yz_segment_row segment;

  if (yz_equal(&a->opened.log, &r->log, sizeof r->log) && a->opened.first <= r->seq &&
      r->seq <= a->opened.last)
    return YZ_OK;
  contents_finish(&a->contents);
  a->opened = (struct yz_segment_row){0};
  int rc = store->each_segment(store->ctx, &r->log, r->seq, station_bounds, &segment, a->err);
  if (rc <= 0 || segment.first > r->seq) return rc < 0 ? rc : YZ_OK;
  a->opened = segment;
  return contents_open(a->st, &a->ledger->id, &r->log, segment.first, segment.last, &a->contents,
                       a->err);
}

static int judge_one(void *arg, const struct yz_stored *r) {
  struct again *a = arg;
  const struct yz_store *store = a->st->store;
  struct yz_content picked[YZ_MAX_AUDIENCES];
  struct yz_members members = {0};
  struct yz_stored judged = *r;
  struct yz_record record;
  const char *missing = NULL;
  size_t n = 0;

  int rc = yz_record_read(r->line, r->line_len, &record, a->err);
  if (!rc) rc = yz_record_parse(record.bytes, record.len, &members, a->err);
  if (rc) return rc;
  judged.status = yz_roster_judge(a->roster, &record, &r->id, members.type, &judged.rule);
  if (r->n_contents < members.n_content) {
    rc = open_contents(a, r);
    n = contents_pick(a->st, &a->contents, r->seq, &members, picked, &missing);
    if (judged.status == YZ_ACCEPTED && missing) {
      judged.status = YZ_WAITING;
      judged.rule = missing;
    }
  }
  judged.contents = picked;
  judged.n_contents = n;
  if (!rc) rc = station_leave_erased(a->st, &a->ledger->id, &judged, a->err);
  bool same =
      judged.status == r->status && judged.n_contents == 0 &&
      (judged.rule == r->rule || (judged.rule && r->rule && strcmp(judged.rule, r->rule) == 0));
  if (!rc && !same) {
    rc = store->judge_record(store->ctx, &judged, a->err);
    a->changed = a->changed || (yz_trust_type(members.type) && judged.status != r->status);
  }
  contents_leave(picked, n);
  yz_members_finish(&members);
  return rc;
}

/* One round, in the open transaction: find whom it may concern, then judge them. */
static int round_of(struct again *a) {
  const struct yz_store *store = a->st->store;

  a->n = 0;
  a->changed = false;
  int rc = yz_station_roster(a->st, &a->ledger->id, &a->roster, a->err);
  if (!rc) rc = store->each_unsettled(store->ctx, &a->ledger->id, keep_unsettled, a, a->err);
  if (!rc && a->revoked) rc = store->each_log(store->ctx, &a->ledger->id, look_at_log, a, a->err);
  for (size_t i = 0; i < a->n && !rc; i++)
    rc = store->each_record(store->ctx, &a->places[i].log, a->places[i].seq, a->places[i].seq,
                            judge_one, a, a->err);
  contents_finish(&a->contents);
  a->opened = (struct yz_segment_row){0};
  yz_roster_destroy(a->roster);
  a->roster = NULL;
  return rc;
}

bool station_ends_rights(const char *type) {
  return strcmp(type, "roster.revoke") == 0 || strcmp(type, "worker.end") == 0 ||
         strcmp(type, "hub.successor") == 0;
}

enum { MARK_ROOM = sizeof "unjudged." + YZ_ID_HEX };

static void mark_name(const struct yz_id *ledger, char out[static MARK_ROOM]) {
  char hex[YZ_ID_HEX + 1];

  yz_to_hex(ledger->bytes, YZ_ID_LEN, hex);
  snprintf(out, MARK_ROOM, "unjudged.%s", hex);
}

int station_unjudged(const struct yz_station *st, const struct yz_id *ledger, bool *any, bool *ends,
                     struct yz_error *err) {
  struct yz_buf mark = {0};
  char name[MARK_ROOM];

  mark_name(ledger, name);
  int rc = st->store->get_meta(st->store->ctx, name, &mark, err);
  *any = rc == YZ_OK && mark.len > 0;
  *ends = *any && mark.data[0] == 'e';
  yz_buf_finish(&mark);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

int station_mark_unjudged(const struct yz_station *st, const struct yz_id *ledger, bool ends,
                          struct yz_error *err) {
  char name[MARK_ROOM];
  bool any, ended;

  int rc = station_unjudged(st, ledger, &any, &ended, err);
  if (rc || ended || (any && !ends)) return rc;
  mark_name(ledger, name);
  return st->store->put_meta(st->store->ctx, name, ends ? "ended" : "given", 5, err);
}

static int unmark(const struct yz_station *st, const struct yz_id *ledger, struct yz_error *err) {
  char name[MARK_ROOM];
  bool any, ends;

  int rc = station_unjudged(st, ledger, &any, &ends, err);
  if (rc || !any) return rc;
  mark_name(ledger, name);
  return st->store->put_meta(st->store->ctx, name, "", 0, err);
}

int station_rejudge(const struct yz_station *st, const struct yz_id *ledger, bool revoked,
                    struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_ledger_row row;
  struct again a = {.st = st, .ledger = &row, .revoked = revoked, .err = err};

  int rc = store->begin(store->ctx, err);
  if (rc) return rc;
  rc = store->get_ledger(store->ctx, ledger, &row, err);
  /* Rights given or taken by a record judged anew change others' once more; revoking
   * and granting cannot alternate for ever, but a bound costs nothing. */
  for (int round = 0; !rc && round < 16; round++) {
    rc = round_of(&a);
    if (!a.changed) break;
    a.revoked = true;
  }
  if (!rc) rc = unmark(st, ledger, err);
  rc = station_end(st, rc, err);
  free(a.places);
  return rc;
}

int yz_rejudge(const struct yz_station *st, const struct yz_id *ledger, struct yz_error *err) {
  return station_rejudge(st, ledger, true, err);
}

int yz_divided(const struct yz_station *st, const struct yz_ledger_row *ledger, bool *divided,
               struct yz_error *err) {
  struct yz_roster *roster;
  int rc = yz_station_roster(st, &ledger->id, &roster, err);

  if (rc) return rc;
  *divided = yz_roster_divided(roster, &ledger->own);
  yz_roster_destroy(roster);
  return YZ_OK;
}
