/* A former log of this node's own, which it wrote before it was restored: others may have more of
 * it. What they have they give back at the contact at which they first see the log that is written
 * now, and acknowledge that one with it. */
#include "station_private.h"

struct asking {
  const struct yz_station *st;
  const struct yz_ledger_row *ledger;
  const struct yz_log_row *log;
  const struct yz_roster *roster;
  bool any, told; /* is there anyone to ask; has one told */
  struct yz_error *err;
};

/* Whom a village asks is the hub, which has all; whom a hub asks, a node of the village. */
static bool is_asked(const struct asking *a, const struct yz_log_row *row) {
  if (row->own || row->old) return false;
  if (!a->st->hub) return row->hub && yz_equal(&row->node, &a->ledger->hub, sizeof row->node);
  return !row->hub && !yz_roster_node_revoked(a->roster, &row->node);
}

/* It has seen the log of now, and has no more of the former one than is here. */
static bool is_told(const struct asking *a, const struct yz_ack *ack) {
  bool seen = false;
  for (size_t i = 0; i < ack->n_heads; i++) {
    const struct yz_ack_head *h = &ack->heads[i];
    seen = seen || yz_equal(&h->log, &a->ledger->own, sizeof h->log);
    if (yz_equal(&h->log, &a->log->id, sizeof h->log) && h->at.seq > a->log->head.seq) return false;
  }
  return seen;
}

static int ask(void *arg, const struct yz_log_row *row) {
  struct asking *a = arg;
  const struct yz_store *store = a->st->store;
  struct yz_buf line = {0};
  struct yz_ack ack = {0};

  if (a->told || !is_asked(a, row)) return YZ_OK;
  a->any = true;
  int rc = store->get_ack(store->ctx, &row->id, &line, a->err);
  if (!rc && yz_ack_read((char *)line.data, line.len, &row->node, &ack, NULL) == YZ_OK)
    a->told = is_told(a, &ack);
  yz_ack_finish(&ack);
  yz_buf_finish(&line);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

int station_regained(const struct yz_station *st, const struct yz_ledger_row *ledger,
                     const struct yz_log_row *log, bool *yes, struct yz_error *err) {
  struct asking a = {.st = st, .ledger = ledger, .log = log, .err = err};
  struct yz_roster *roster = NULL;

  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  a.roster = roster;
  if (!rc) rc = st->store->each_log(st->store->ctx, &ledger->id, ask, &a, err);
  yz_roster_destroy(roster);
  *yes = !a.any || a.told;
  return rc;
}
