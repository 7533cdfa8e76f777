/* From a segment's bytes to stored records: verified, parsed, judged, accepted.
 * FORMAT.md §5, §13. */
#include "intake.h"
#include <stdlib.h>
#include <string.h>

struct known {
  const struct yz_segment *segment;
  bool fork;
};

static int compare_known(void *arg, const struct yz_stored *r) {
  struct known *k = arg;
  const struct yz_hash *ours =
      r->seq < k->segment->first ? &k->segment->prev : &k->segment->ids[r->seq - k->segment->first];
  if (!yz_equal(ours, &r->id, sizeof r->id)) k->fork = true;
  return YZ_OK;
}

/* Does the segment agree with what this log holds already? */
static int check_place(struct intake *in, const struct yz_log_row *row, const struct yz_segment *s,
                       const char **rule) {
  const struct yz_store *store = in->st->store;
  struct known known = {s, false};
  int64_t from = s->first > 1 ? s->first - 1 : 1;
  int64_t to = s->last < row->head.seq ? s->last : row->head.seq;
  int rc = YZ_OK;

  if (s->first == 1 && !yz_equal(&s->prev, &row->hash, sizeof s->prev)) {
    *rule = "segment.chain";
    return YZ_OK;
  }
  if (from <= to)
    rc = store->each_record(store->ctx, &row->id, from, to, compare_known, &known, in->err);
  if (known.fork) *rule = "log.fork";
  return rc;
}

/* The ledger's row says who the hub is now, and whom to seal to: the successor whose log
 * this is. */
static int follow_hub(struct intake *in, const struct yz_id *log) {
  const struct yz_store *store = in->st->store;
  struct yz_ledger_row row;
  struct yz_log_row hub;

  int rc = store->get_log(store->ctx, log, &hub, in->err);
  if (rc || !yz_equal(&hub.node, yz_roster_hub(in->roster), sizeof hub.node)) return rc;
  rc = store->get_ledger(store->ctx, &in->ledger->id, &row, in->err);
  if (rc) return rc;
  row.hub = hub.node;
  row.hub_box = hub.box;
  return store->put_ledger(store->ctx, &row, in->err);
}

static int add_rights(struct intake *in, const struct yz_record *r, const struct yz_members *m) {
  bool changed = false;
  int rc = yz_roster_add(in->roster, r, m, &changed, in->err);

  in->granted = in->granted || changed;
  if (rc || !changed) return rc;
  bool ends = station_ends_rights(m->type);
  in->revoked = in->revoked || ends;
  rc = station_mark_unjudged(in->st, &in->ledger->id, ends, in->err);
  return !rc && strcmp(m->type, "hub.successor") == 0 ? follow_hub(in, &r->log) : rc;
}

/* Records that wait for words which are erased wait no more. */
static int note_erasure(struct intake *in) {
  in->erases = in->granted = true;
  return station_mark_unjudged(in->st, &in->ledger->id, false, in->err);
}

/* A record as it is judged and stored. */
struct taking {
  struct yz_members members;
  struct yz_content picked[YZ_MAX_AUDIENCES];
  size_t n_picked;
  struct yz_stored stored;
  bool counts; /* for rights, which do not hang on words */
};

/* t: its members, where they are parsed already. */
static void judge_record(const struct intake *in, const struct yz_record *r,
                         const struct yz_hash *id, bool is_signed, const struct contents *contents,
                         struct taking *t) {
  const char *rule = NULL, *missing = NULL;
  enum yz_status status = YZ_REFUSED;

  if (!is_signed)
    rule = "record.signature";
  else if (!t->members.json && yz_record_parse(r->bytes, r->len, &t->members, NULL))
    rule = "record.syntax";
  else {
    status = yz_roster_judge(in->roster, r, id, t->members.type, &rule);
    t->counts = status == YZ_ACCEPTED || r->seq == 1;
    t->n_picked = contents_pick(in->st, contents, r->seq, &t->members, t->picked, &missing);
    if (status == YZ_ACCEPTED && missing) {
      status = YZ_WAITING;
      rule = missing;
    }
  }
  station_stored(&t->stored, r, id, r->bytes - 1, r->len + 1 + 1 + 1 + YZ_SIG_B64 + 1 + 1,
                 &t->members);
  t->stored.status = status;
  t->stored.rule = rule;
  t->stored.contents = t->picked;
  t->stored.n_contents = t->n_picked;
}

/* What follows from a record that is stored now. */
static int take_effect(struct intake *in, const struct yz_log_row *row, const struct yz_record *r,
                       const struct taking *t) {
  const struct yz_world *world = in->st->world;
  const struct yz_stored *s = &t->stored;
  int rc = YZ_OK;

  if (s->status != YZ_REFUSED && station_erases(s->type)) rc = note_erasure(in);
  if (!rc && t->counts) rc = add_rights(in, r, &t->members);
  if (!rc && s->status == YZ_ACCEPTED && strcmp(s->type, "hub.pins") == 0)
    rc = intake_pins(in, row, t->members.json);
  if (s->status == YZ_ACCEPTED) /* an absurd stamp hides no other */
    in->newest = yz_clock_seen(in->newest, t->members.stamp, world->now_ms(world->ctx));
  if (!rc && s->status == YZ_REFUSED)
    rc = intake_refuse(in, &row->id, r->seq, s->rule, "", s->line, s->line_len);
  return rc;
}

/* Judges record i of a segment and stores it. known: it was looked at ahead; NULL: it was not. */
static int take_record(struct intake *in, struct yz_log_row *row, const struct yz_segment *s,
                       size_t i, struct ahead *known, const struct contents *contents) {
  const struct yz_store *store = in->st->store;
  const struct yz_record *r = &s->records[i];
  const struct yz_hash *id = &s->ids[i];
  struct taking t = {0};

  bool is_signed = known ? ahead_signed(known, i, &t.members) : yz_record_signed(r, id);
  judge_record(in, r, id, is_signed, contents, &t);
  int rc = in->erases ? station_leave_erased(in->st, &in->ledger->id, &t.stored, in->err) : YZ_OK;
  if (!rc) rc = store->put_record(store->ctx, &t.stored, in->err);
  if (!rc) rc = take_effect(in, row, r, &t);
  row->head = (struct yz_place){r->seq, *id};
  struct yz_count *count = intake_count(in, &row->id);
  if (!rc && !count) rc = yz_no_memory(in->err);
  if (!rc) {
    count->accepted += t.stored.status == YZ_ACCEPTED;
    count->waiting += t.stored.status == YZ_WAITING;
  }
  contents_leave(t.picked, t.n_picked);
  yz_members_finish(&t.members);
  return rc;
}

/* What was looked at ahead of the segment in hand; NULL: nothing, or of another one. What the next
 * commit brings is looked at now. */
static struct ahead *look_ahead(struct intake *in, const struct yz_segment *s,
                                const struct yz_buf *bytes) {
  struct ahead *known = in->ahead;
  struct yz_buf next = {0};
  char path[YZ_MAX_PATH];

  in->ahead = NULL;
  if (!ahead_knows(known, bytes)) {
    ahead_end(known);
    known = NULL;
  }
  yz_path_of(s->last + 1, "jsonl", path);
  if (in->next && ahead_can() &&
      yz_ledger_file(in->git, in->next, path, YZ_MAX_SEGMENT, &next, NULL) == YZ_OK)
    in->ahead = ahead_begin(&next);
  yz_buf_finish(&next);
  return known;
}

static int take_records(struct intake *in, struct yz_log_row *row, const struct yz_segment *s,
                        struct ahead *known) {
  const struct yz_store *store = in->st->store;
  struct contents contents;

  int rc = intake_roster(in);
  /* The row first: records refer to it. */
  if (!rc) rc = store->put_log(store->ctx, row, in->err);
  if (rc) return rc;
  rc = contents_open(in->st, &in->ledger->id, &row->id, s->first, s->last, &contents, in->err);
  for (size_t i = 0; i < s->n && !rc; i++)
    if (s->records[i].seq == row->head.seq + 1) rc = take_record(in, row, s, i, known, &contents);
  contents_finish(&contents);
  return rc ? rc : store->put_log(store->ctx, row, in->err);
}

static int take_new(struct intake *in, struct yz_log_row *row, const struct yz_segment *s,
                    const struct yz_buf *bytes) {
  struct ahead *known = look_ahead(in, s, bytes);
  int rc = take_records(in, row, s, known);

  ahead_end(known);
  return rc;
}

/* The closing line, as it came. */
static int put_segment(struct intake *in, const struct yz_segment *s, const struct yz_buf *bytes) {
  const struct yz_store *store = in->st->store;
  const char *text = (const char *)bytes->data;
  const char *closing = memrchr(text, '\n', bytes->len - 1);
  const struct yz_segment_row row = {s->log, s->first, s->last, closing + 1,
                                     bytes->len - (size_t)(closing + 1 - text)};
  return store->put_segment(store->ctx, &row, in->err);
}

/* Reads and checks a segment for this log; on a rule *out is of no use. */
static int check_segment(struct intake *in, const struct yz_log_row *row, int64_t first,
                         const struct yz_buf *bytes, struct yz_segment *out, const char **rule) {
  if (yz_segment_read((char *)bytes->data, bytes->len, out, rule, NULL)) return YZ_OK;
  if (out->first != first || !yz_equal(&out->log, &row->id, sizeof out->log))
    *rule = "segment.syntax";
  else if (!yz_segment_signed(out, &row->node))
    *rule = "segment.signature";
  else
    return check_place(in, row, out, rule);
  return YZ_OK;
}

static int same_bounds(void *arg, const struct yz_segment_row *row) {
  const struct yz_segment *s = arg;
  return row->first == s->first && row->last == s->last;
}

/* Segments follow each other, none reaches into another; one may be here already, when
 * this node cut it and no commit took it. */
static int check_follows(struct intake *in, struct yz_segment *s, const char **rule) {
  const struct yz_store *store = in->st->store;
  int64_t last = 0;

  int rc = store->last_segment(store->ctx, &s->log, &last, in->err);
  if (rc && rc != YZ_E_NOT_FOUND) return rc;
  if (s->first == last + 1) return YZ_OK;
  rc = store->each_segment(store->ctx, &s->log, s->first, same_bounds, s, in->err);
  if (rc == 0) *rule = "commit.tree";
  return rc < 0 ? rc : YZ_OK;
}

int intake_segment(struct intake *in, struct yz_log_row *row, int64_t first,
                   const struct yz_buf *bytes, const char **rule) {
  struct yz_segment *s = malloc(sizeof *s);

  if (!s) return yz_no_memory(in->err);
  int rc = check_segment(in, row, first, bytes, s, rule);
  if (!rc && !*rule && s->first > row->head.seq + 1) *rule = "segment.gap";
  if (!rc && !*rule) rc = check_follows(in, s, rule);
  if (!rc && !*rule) rc = take_new(in, row, s, bytes);
  if (!rc && !*rule) rc = put_segment(in, s, bytes);
  free(s);
  return rc;
}

int intake_try_segment(struct intake *in, const struct yz_log_row *row, int64_t first,
                       const struct yz_buf *bytes, int64_t *last, const char **rule) {
  struct yz_segment *s = malloc(sizeof *s);

  if (!s) return yz_no_memory(in->err);
  int rc = check_segment(in, row, first, bytes, s, rule);
  if (!rc && !*rule && s->first != *last + 1) *rule = "commit.tree";
  if (!rc && !*rule) *last = s->last;
  free(s);
  return rc;
}
