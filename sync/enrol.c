/* Who may be taken in at all: the first record of a log, and joining by
 * invitation. FORMAT.md §12. */
#include "intake.h"
#include "lists.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_MAX = YZ_MAX_SEGMENT };

/* What node.join and the worker.add records after it say. */
struct join {
  struct yz_hash mac;
  struct yz_key *workers;
  size_t n;
  json_t *old; /* borrowed from members */
  const struct intake *in;
  const struct yz_begin *begin;
  bool word_used, over;
  struct yz_invitation taken;
};

bool intake_members(const struct yz_segment *s, size_t i, const char *type,
                    struct yz_members *out) {
  memset(out, 0, sizeof *out);
  if (i >= s->n || !yz_record_signed(&s->records[i], &s->ids[i]) ||
      yz_record_parse(s->records[i].bytes, s->records[i].len, out, NULL))
    return false;
  if (strcmp(out->type, type) == 0) return true;
  yz_members_finish(out);
  return false;
}

/* Do the records after node.join add exactly these workers, in order? */
static bool workers_follow(const struct yz_segment *s, const struct yz_key *node,
                           const struct yz_key *workers, size_t n) {
  bool same = true;

  for (size_t i = 0; i < n && same; i++) {
    struct yz_members m;
    struct yz_key key;
    same = intake_members(s, 2 + i, "worker.add", &m) &&
           yz_equal(&s->records[2 + i].by, node, sizeof *node) &&
           yz_json_hex(m.json, "worker", key.bytes, YZ_KEY_LEN) &&
           yz_equal(&key, &workers[i], sizeof key);
    yz_members_finish(&m);
  }
  return same;
}

static int try_word(void *arg, const struct yz_invitation *invitation, bool used) {
  struct join *join = arg;
  const struct yz_world *world = join->in->st->world;
  struct yz_hash mac;

  yz_join_mac(invitation->word, &join->begin->node, &join->begin->log, &join->in->st->key,
              join->workers, join->n, &mac);
  if (!yz_equal(&mac, &join->mac, sizeof mac)) return 0;
  join->word_used = used;
  join->over = yz_invitation_over(invitation, world->now_ms(world->ctx));
  if (used || join->over) return 0;
  join->taken = *invitation;
  return 1;
}

static int write_grant(struct intake *in, const struct join *join) {
  const struct yz_author node = {in->st->key, in->st->seed};
  json_t *workers = json_array();
  for (size_t i = 0; i < join->n; i++)
    json_array_append_new(workers, list_hex(join->workers[i].bytes, YZ_KEY_LEN));
  json_t *plain = json_pack(
      "{s:o, s:o, s:o, s:O}", "node", list_hex(join->begin->node.bytes, YZ_KEY_LEN), "joined",
      list_hex(join->begin->log.bytes, YZ_ID_LEN), "workers", workers, "old", join->old);
  json_t *content = json_pack("{s:s, s:s}", "name", join->taken.village, "code", join->taken.code);
  const struct yz_draft draft = {.type = "roster.grant", .plain = plain, .content = content};
  int rc = plain && content && json_array_size(json_object_get(plain, "workers")) == join->n
               ? yz_append(in->st, &in->ledger->id, &node, &draft, NULL, NULL, in->err)
               : yz_no_memory(in->err);
  json_decref(plain);
  json_decref(content);
  return rc;
}

/* Takes the word and writes the grant, both or neither. */
static int grant(struct intake *in, struct join *join, const char **rule) {
  const struct yz_store *store = in->st->store;

  int rc = store->begin(store->ctx, in->err);
  if (rc) return rc;
  rc = store->take_invitation(store->ctx, &in->ledger->id, &join->begin->log, try_word, join,
                              in->err);
  if (rc == 0) *rule = join->word_used ? "join.used" : join->over ? "join.expired" : "join.mac";
  if (rc == 1) rc = write_grant(in, join);
  rc = station_end(in->st, rc, in->err);
  yz_wipe(&join->taken, sizeof join->taken);
  if (rc || *rule) return rc;
  yz_roster_destroy(in->roster);
  in->roster = NULL;
  in->granted = true;
  return intake_roster(in);
}

/* At a hub: does this first segment join by an invitation? Then the grant is written. */
static int enrol(struct intake *in, const struct yz_segment *segment, const struct yz_begin *begin,
                 const char **rule) {
  struct join join = {.in = in, .begin = begin};
  struct yz_members m = {0};
  struct yz_ack_head *old = NULL;
  size_t n_old;
  int rc = YZ_OK;

  *rule = "log.grant";
  if (!intake_members(segment, 1, "node.join", &m)) return YZ_OK;
  *rule = "join.mac";
  join.old = json_object_get(m.json, "old");
  if (yz_equal(&segment->records[1].by, &begin->node, sizeof begin->node) &&
      yz_json_hex(m.json, "mac", join.mac.bytes, YZ_HASH_LEN) &&
      list_places(join.old, &old, &n_old) &&
      list_keys(json_object_get(m.json, "workers"), &join.workers, &join.n) &&
      workers_follow(segment, &begin->node, join.workers, join.n)) {
    *rule = NULL;
    rc = grant(in, &join, rule);
  }
  free(old);
  free(join.workers);
  yz_members_finish(&m);
  return rc;
}

/* --- the row of a log -------------------------------------------------- */

static void fill_row(const struct intake *in, const struct yz_begin *b, struct yz_log_row *row) {
  *row = (struct yz_log_row){.id = b->log,
                             .ledger = in->ledger->id,
                             .hash = b->hash,
                             .node = b->node,
                             .box = b->box,
                             .incarnation = b->incarnation,
                             .own = yz_equal(&b->node, &in->st->key, sizeof b->node),
                             .hub = yz_roster_is_hub(in->roster, &b->node),
                             .old = !yz_equal(&b->ledger, &in->ledger->id, sizeof b->ledger),
                             .head = {0, b->hash}};
  memcpy(row->letter, b->letter, sizeof row->letter);
}

/* A log that names another hub: is it that hub's own, and its successor's who was named with
 * the recovery key? NULL, or why not. */
static const char *succession(const struct intake *in, const struct yz_segment *s,
                              const struct yz_begin *b) {
  struct yz_members m;

  if (!intake_members(s, 1, "hub.successor", &m)) return "log.id";
  const char *rule = yz_roster_succession(in->roster, b, &s->records[1], m.json);
  yz_members_finish(&m);
  return rule;
}

/* Is a log that begins so to be taken in? */
static int entitled(struct intake *in, const struct yz_segment *s, const struct yz_begin *b,
                    struct yz_log_row *row, const char **rule) {
  struct yz_place upto;

  /* A hub's log counts in its own ledger alone (§13); taken in here it would be lost to that, where
   * the hub is to get it back after a restore. */
  if (row->old && row->hub) {
    *rule = "log.id";
    return YZ_OK;
  }
  if (row->old) {
    /* Named is not enough: what another's node wrote is taken in where that node is. */
    bool named = yz_roster_old_log(in->roster, &b->log, &upto);
    if (!row->own && !(named && yz_roster_node_known(in->roster, &b->node))) *rule = "log.grant";
    return YZ_OK;
  }
  if (!b->has_hub || !yz_roster_is_hub(in->roster, &b->hub)) {
    *rule = succession(in, s, b);
    row->hub = *rule == NULL;
    return YZ_OK;
  }
  if (yz_roster_node_known(in->roster, &b->node)) return YZ_OK;
  if (in->st->hub) return enrol(in, s, b, rule);
  *rule = "log.grant";
  return YZ_OK;
}

static int row_from_segment(struct intake *in, const struct yz_id *log, struct yz_segment *s,
                            struct yz_log_row *row, const char **rule) {
  struct yz_begin begin = {0};
  struct yz_members m = {0};
  int rc = YZ_OK;

  if (s->first != 1 || !yz_equal(&s->log, log, sizeof *log) ||
      !intake_members(s, 0, "log.begin", &m) || yz_begin_read(&s->records[0], m.json, &begin, NULL))
    *rule = "log.id";
  else if (!yz_segment_signed(s, &begin.node))
    *rule = "segment.signature";
  else {
    fill_row(in, &begin, row);
    rc = entitled(in, s, &begin, row, rule);
  }
  yz_begin_finish(&begin);
  yz_members_finish(&m);
  return rc;
}

int intake_open_log(struct intake *in, const struct yz_id *log, const struct yz_oid *tip,
                    struct yz_log_row *row, const char **rule) {
  const struct yz_store *store = in->st->store;
  struct yz_buf bytes = {0};
  struct yz_segment *s = NULL;

  *rule = NULL;
  int rc = store->get_log(store->ctx, log, row, in->err);
  if (rc == YZ_OK && !yz_equal(&row->ledger, &in->ledger->id, sizeof row->ledger)) *rule = "log.id";
  if (rc != YZ_E_NOT_FOUND) return rc;
  rc = YZ_OK;
  if (yz_ledger_file(in->git, tip, "1/1.jsonl", FIRST_MAX, &bytes, NULL)) {
    *rule = "log.id";
    goto done;
  }
  s = malloc(sizeof *s);
  rc = s ? intake_roster(in) : yz_no_memory(in->err);
  if (!rc && !yz_segment_read((char *)bytes.data, bytes.len, s, rule, NULL))
    rc = row_from_segment(in, log, s, row, rule);
done:
  free(s);
  yz_buf_finish(&bytes);
  return rc;
}
