/* What the other side has said that it has: the head of its newest parcel, kept as a small named
 * value, "parcel.has.<ledger>.<node's short name>". It counts as long as its sender writes the
 * log that it named: one that was restored may have lost what it had. */
#include "parcel_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 12 + YZ_ID_HEX + 1 + 16 + 1, SHORT_BYTES = 8 };

static void has_name(const struct yz_id *ledger, const struct yz_key *node,
                     char out[static NAME_ROOM]) {
  char id[YZ_ID_HEX + 1], key[2 * SHORT_BYTES + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, id);
  yz_to_hex(node->bytes, SHORT_BYTES, key);
  (void)snprintf(out, NAME_ROOM, "parcel.has.%s.%s", id, key);
}

struct newest {
  const struct yz_key *node;
  struct yz_id log;
  bool found;
};

static int look_at_log(void *arg, const struct yz_log_row *row) {
  struct newest *w = arg;
  if (row->old || !yz_equal(&row->node, w->node, sizeof row->node)) return 0;
  w->log = row->id;
  w->found = true;
  return 0;
}

int parcel_newest_log(const struct yz_station *st, const struct yz_ledger_row *ledger,
                      const struct yz_key *node, struct yz_id *log, bool *found,
                      struct yz_error *err) {
  struct newest w = {.node = node};
  struct yz_roster *roster = NULL;
  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  if (rc != 0) return rc;
  if (yz_equal(yz_roster_hub(roster), node, sizeof *node))
    w.found = yz_roster_hub_log(roster, &w.log);
  else
    rc = st->store->each_log(st->store->ctx, &ledger->id, look_at_log, &w, err);
  yz_roster_destroy(roster);
  *log = w.log;
  *found = w.found;
  return rc;
}

static int read_has(const struct yz_station *st, const struct yz_id *ledger,
                    const struct yz_key *node, struct yz_parcel *out, struct yz_error *err) {
  char name[NAME_ROOM];
  struct yz_buf kept = {0};
  *out = (struct yz_parcel){0};
  has_name(ledger, node, name);
  int rc = st->store->get_meta(st->store->ctx, name, &kept, err);
  /* One that can't be read any more says nothing. */
  if (rc == 0 && (parcel_head_read((char *)kept.data, kept.len, out, NULL) != 0 ||
                  !yz_equal(&out->from, node, sizeof *node)))
    yz_parcel_finish(out);
  yz_buf_finish(&kept);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int parcel_get_has(const struct yz_station *st, const struct yz_ledger_row *ledger,
                   const struct yz_key *node, struct yz_parcel *out, struct yz_error *err) {
  struct yz_id log;
  bool found = false;
  int rc = read_has(st, &ledger->id, node, out, err);
  if (rc == 0 && out->n > 0) rc = parcel_newest_log(st, ledger, node, &log, &found, err);
  if (rc == 0 && out->n > 0 && (!found || !yz_equal(&log, &out->log, sizeof log)))
    yz_parcel_finish(out);
  return rc;
}

int parcel_put_has(const struct yz_station *st, const struct yz_ledger_row *ledger,
                   const struct yz_parcel *p, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_parcel known = {0};
  char name[NAME_ROOM];
  struct yz_id log;
  bool found = false;
  int rc = parcel_newest_log(st, ledger, &p->from, &log, &found, err);
  if (rc == 0 && found && yz_equal(&log, &p->log, sizeof log))
    rc = read_has(st, &ledger->id, &p->from, &known, err);
  else
    found = false;
  if (rc == 0 && found && !(yz_equal(&known.log, &p->log, sizeof log) && known.n >= p->n)) {
    has_name(&ledger->id, &p->from, name);
    rc = store->begin(store->ctx, err);
    if (rc == 0) rc = store->put_meta(store->ctx, name, p->head.data, p->head.len, err);
    rc = station_end(st, rc, err);
  }
  yz_parcel_finish(&known);
  return rc;
}

int parcel_next_n(const struct yz_station *st, const struct yz_ledger_row *ledger, int64_t *n,
                  struct yz_error *err) {
  const struct yz_store *store = st->store;
  char name[NAME_ROOM], id[YZ_ID_HEX + 1], text[24];
  struct yz_buf kept = {0};
  yz_to_hex(ledger->id.bytes, YZ_ID_LEN, id);
  (void)snprintf(name, sizeof name, "parcel.n.%s", id);
  int rc = store->begin(store->ctx, err);
  if (rc != 0) return rc;
  rc = store->get_meta(store->ctx, name, &kept, err);
  *n = 1 + (rc == 0 ? strtoll((char *)kept.data, NULL, 10) : 0);
  if (rc == YZ_E_NOT_FOUND) rc = 0;
  int len = snprintf(text, sizeof text, "%lld", (long long)*n);
  if (rc == 0) rc = store->put_meta(store->ctx, name, text, (size_t)len, err);
  yz_buf_finish(&kept);
  return station_end(st, rc, err);
}
