/* How far own records are acknowledged, by the hub's present log: FORMAT.md §8. */
#include "station_private.h"
#include <stdlib.h>
#include <string.h>

struct sum {
  const struct yz_station *st;
  const struct yz_ack *ack; /* NULL: none yet */
  int64_t now_ms;           /* as our clock says */
  struct yz_standing *out;
  struct yz_error *err;
};

static int stamp_of(void *arg, const struct yz_stored *r) {
  *(int64_t *)arg = r->stamp.ms;
  return YZ_OK;
}

static int64_t acked_upto(const struct yz_ack *ack, const struct yz_id *log) {
  for (size_t i = 0; ack && i < ack->n_heads; i++)
    if (yz_equal(&ack->heads[i].log, log, sizeof *log)) return ack->heads[i].at.seq;
  return 0;
}

static int add_log(void *arg, const struct yz_log_row *row) {
  struct sum *s = arg;
  const struct yz_store *store = s->st->store;
  int64_t waiting = 0, refused = 0, newest = 0;

  if (!row->own) return YZ_OK;
  int64_t acked = acked_upto(s->ack, &row->id);
  if (acked > row->head.seq) acked = row->head.seq;
  for (size_t i = 0; s->ack && i < s->ack->n_except; i++) {
    const struct yz_exception *e = &s->ack->except[i];
    if (!yz_equal(&e->log, &row->id, sizeof e->log) || e->seq > acked) continue;
    refused += e->refused;
    waiting += !e->refused;
  }
  s->out->records += row->head.seq;
  s->out->pending += row->head.seq - acked;
  s->out->waiting += waiting;
  s->out->refused += refused;
  s->out->received += acked - waiting - refused;
  if (acked == 0 || !s->ack) return YZ_OK;
  /* A record that the hub had before its clock said so: ours is ahead by that much, unless it has
   * been put back since. */
  int rc = store->each_record(store->ctx, &row->id, acked, acked, stamp_of, &newest, s->err);
  if (!rc && newest <= s->now_ms && newest - s->ack->time_ms > s->out->clock_offset_ms)
    s->out->clock_offset_ms = newest - s->ack->time_ms;
  return rc;
}

int yz_receipt(const struct yz_station *st, const struct yz_ledger_row *ledger, struct yz_ack *out,
               struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_roster *roster;
  struct yz_buf line = {0};
  struct yz_id hub_log;

  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  if (rc) return rc;
  rc = yz_roster_hub_log(roster, &hub_log) ? store->get_ack(store->ctx, &hub_log, &line, err)
                                           : YZ_E_NOT_FOUND;
  if (!rc) rc = yz_ack_read((char *)line.data, line.len, yz_roster_hub(roster), out, err);
  yz_buf_finish(&line);
  yz_roster_destroy(roster);
  return rc;
}

int yz_standing(const struct yz_station *st, const struct yz_ledger_row *ledger,
                struct yz_standing *out, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_ack ack = {0};
  struct sum sum = {st, NULL, st->world->now_ms(st->world->ctx), out, err};
  bool upward = ledger->joined && !yz_equal(&ledger->hub, &st->key, sizeof ledger->hub);

  memset(out, 0, sizeof *out);
  int rc = upward ? yz_receipt(st, ledger, &ack, err) : YZ_E_NOT_FOUND;
  if (!rc) {
    sum.ack = &ack;
    out->last_receipt_ms = ack.time_ms;
  }
  if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  if (!rc) rc = store->each_log(store->ctx, &ledger->id, add_log, &sum, err);
  int64_t behind = sum.now_ms - ack.time_ms;
  if (!rc && sum.ack && behind < 0) out->clock_offset_ms = behind;
  if (!rc && st->hub) out->pending = 0;
  yz_ack_finish(&ack);
  return rc;
}
