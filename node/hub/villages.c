#include "villages.h"

#include <stdlib.h>
#include <string.h>
#include <yizhan/segment.h>

#include "../ledgers.h"
#include "../moment.h"
#include "hub.h"

/* What is less may be the way that a word took. */
enum { SURELY_MS = 24 * 60 * 60 * 1000 };

static int count_unsettled(void *arg, const struct yz_stored *record) {
  struct village_standing *v = arg;
  if (record->status == YZ_WAITING) v->waiting++;
  return 0;
}

static int count_refused(void *arg, const struct refused_row *row) {
  struct village_standing *v = arg;
  if (!row->released && yz_equal(&row->entry.ledger, &v->row.id, YZ_ID_LEN)) v->quarantined++;
  return 0;
}

/* --- what it has of the hub's, and when it said so ------------------------------ */

static int stamp_of(void *arg, const struct yz_stored *r) {
  *(int64_t *)arg = r->stamp.ms;
  return 0;
}

/* It says a time that has not come yet, or one before that of a record that it has. */
static void see_clock(struct village_standing *v, int64_t said_ms, int64_t of_last_ms) {
  if (v->last_heard_ms != 0 && said_ms - v->last_heard_ms > SURELY_MS)
    v->clock_offset_ms = said_ms - v->last_heard_ms;
  if (of_last_ms - said_ms > SURELY_MS) v->clock_offset_ms = said_ms - of_last_ms;
}

static int rank_of(const char *disk) {
  static const char *const ranks[] = {"ok", "low", "full"};
  for (int i = 0; i < 3; i++)
    if (strcmp(disk, ranks[i]) == 0) return i + 1;
  return 0;
}

static void see_condition(struct village_standing *v, const struct yz_condition *c) {
  size_t used = strlen(v->program), room = sizeof v->program - used;
  bool known = false;
  for (const char *at = v->program; *at != '\0' && !known; at += strspn(at, ", ")) {
    size_t n = strcspn(at, ",");
    known = n == strlen(c->program) && strncmp(at, c->program, n) == 0;
    at += n;
  }
  if (!known && c->program[0] != '\0' && strlen(c->program) + 3 <= room)
    (void)snprintf(v->program + used, room, "%s%s", used > 0 ? ", " : "", c->program);
  if (rank_of(c->disk) > rank_of(v->disk)) memcpy(v->disk, c->disk, sizeof v->disk);
}

static int see_ack(struct node *n, struct village_standing *v, const struct yz_log_row *of,
                   int64_t own_seq, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_buf line = {0};
  struct yz_ack ack = {0};
  int64_t acked = 0, of_last_ms = 0;
  int rc = t->get_ack(t->ctx, &of->id, &line, err);
  if (rc == 0) rc = yz_ack_read((const char *)line.data, line.len, &of->node, &ack, err);
  for (size_t i = 0; rc == 0 && i < ack.n_heads; i++)
    if (yz_equal(&ack.heads[i].log, &v->row.own, YZ_ID_LEN)) acked = ack.heads[i].at.seq;
  if (acked > own_seq) acked = own_seq;
  if (rc == 0 && acked > 0)
    rc = t->each_record(t->ctx, &v->row.own, acked, acked, stamp_of, &of_last_ms, err);
  if (rc == 0) see_clock(v, ack.time_ms, of_last_ms);
  if (rc == 0) see_condition(v, &ack.condition);
  if (own_seq - acked > v->unacknowledged) v->unacknowledged = own_seq - acked;
  yz_ack_finish(&ack);
  yz_buf_finish(&line);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* A log that its node goes on with in a later one says nothing any more. */
static bool is_last_of_node(const struct yz_log_row *logs, size_t count, size_t at) {
  for (size_t i = at + 1; i < count; i++)
    if (!logs[i].old && yz_equal(&logs[i].node, &logs[at].node, YZ_KEY_LEN)) return false;
  return !logs[at].old;
}

static int look_at_logs(struct node *n, struct village_standing *v, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int64_t own_seq = 0;
  int rc = yz_station_roster(&n->station, &v->row.id, &roster, err);
  if (rc == 0) rc = node_logs(n, &v->row.id, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (yz_equal(&logs[i].id, &v->row.own, YZ_ID_LEN)) own_seq = logs[i].head.seq;
  for (size_t i = 0; rc == 0 && i < count; i++) {
    bool known = yz_roster_node_known(roster, &logs[i].node);
    if (logs[i].hub) continue;
    v->records += logs[i].head.seq;
    v->joined |= known;
    if (known && is_last_of_node(logs, count, i)) rc = see_ack(n, v, &logs[i], own_seq, err);
  }
  free(logs);
  yz_roster_destroy(roster);
  return rc;
}

static int find_successor(struct node *n, struct village_standing *v, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_ledger_row row;
  struct yz_id into;
  int rc = store_get_village(n->store, &v->row.id, &v->closed, &into, err);
  if (rc == 0) rc = t->get_ledger(t->ctx, &into, &row, err);
  if (rc == 0) memcpy(v->into, row.code, sizeof v->into);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int look_at(struct node *n, struct village_standing *v, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  int rc = hub_last_heard(n, &v->row.id, &v->last_heard_ms, err);
  if (rc == 0) rc = look_at_logs(n, v, err);
  if (rc == 0) rc = find_successor(n, v, err);
  if (rc == 0) rc = t->each_unsettled(t->ctx, &v->row.id, count_unsettled, v, err);
  return rc != 0 ? rc : store_each_refused(n->store, count_refused, v, err);
}

static bool in_trouble(const struct village_standing *v) {
  return v->quarantined > 0 || v->waiting > 0 || v->clock_offset_ms != 0 || rank_of(v->disk) > 1;
}

int hub_each_village(struct node *n, village_fn fn, void *arg, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct village_standing *all = NULL;
  size_t count = 0, some = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && (all = calloc(count + 1, sizeof *all)) == NULL) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    if (hub_is_own(n, &rows[i])) continue;
    all[some].row = rows[i];
    rc = look_at(n, &all[some++], err);
  }
  for (int trouble = 1; trouble >= 0; trouble--)
    for (size_t i = 0; rc == 0 && i < some; i++)
      if (in_trouble(&all[i]) == (trouble == 1)) rc = fn(arg, &all[i]);
  free(all);
  free(rows);
  return rc;
}

json_t *hub_village_json(const struct village_standing *v, int zone) {
  char ledger[YZ_ID_HEX + 1];
  yz_to_hex(v->row.id.bytes, YZ_ID_LEN, ledger);
  return json_pack(
      "{s:s,s:s,s:s,s:b,s:b,s:s?,s:I,s:I,s:I,s:o,s:I,s:I,s:s?,s:s?}", "village", v->row.name,
      "code", v->row.code, "ledger", ledger, "joined", (int)v->joined, "closed", (int)v->closed,
      "into", v->into[0] != '\0' ? v->into : NULL, "records", (json_int_t)v->records, "waiting",
      (json_int_t)v->waiting, "quarantined", (json_int_t)v->quarantined, "last_heard",
      moment_json(v->last_heard_ms, zone, 0), "unacknowledged", (json_int_t)v->unacknowledged,
      "clock_offset_ms", (json_int_t)v->clock_offset_ms, "version",
      v->program[0] != '\0' ? v->program : NULL, "disk", v->disk[0] != '\0' ? v->disk : NULL);
}
