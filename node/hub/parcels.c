/* Parcels at a hub: all villages' are taken in as what they push is, and answered. */
#include "hub.h"

#include <stdlib.h>

#include "../ledgers.h"
#include "../parcels.h"

static bool brought_one(void *arg, const struct yz_ledger_row *row) {
  const struct parcels *p = arg;
  for (size_t i = 0; i < p->n; i++)
    if (p->items[i].state != PARCEL_OTHERS && p->items[i].state != PARCEL_FAILED &&
        yz_equal(&p->items[i].parcel.ledger, &row->id, YZ_ID_LEN))
      return true;
  return false;
}

static int take(void *arg, struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                struct yz_exchanged *got, struct yz_error *err) {
  return parcels_take(arg, n, row, git, got, err);
}

int hub_take_parcels(struct node *n, struct parcels *p, hub_ingest_fn fn, void *arg,
                     size_t *left_out, struct yz_error *err) {
  const struct hub_contact by = {.exchange = take, .wanted = brought_one, .arg = p};
  int rc = hub_meet(n, &by, fn, arg, left_out, err);
  for (size_t i = 0; i < p->n; i++)
    if (p->items[i].state == PARCEL_OPEN) p->items[i].state = PARCEL_OTHERS;
  return rc;
}

static int send_all(struct node *n, const struct yz_ledger_row *only, const struct parcels_to *to,
                    struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (only == NULL || yz_equal(&only->id, &rows[i].id, YZ_ID_LEN))
      rc = parcels_send(n, &rows[i], to, err);
  free(rows);
  return rc;
}

int hub_send_parcels(struct node *n, const struct yz_ledger_row *only, const struct parcels_to *to,
                     struct yz_error *err) {
  struct yz_lock lock;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = send_all(n, only, to, err);
  yz_lock_release(&lock);
  return rc;
}

/* --- what is here already, cut before it is sent ------------------------------ */

static int settle(void *arg, struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                  struct yz_exchanged *got, struct yz_error *err) {
  (void)arg;
  (void)got;
  return yz_parcel_settle(&n->station, git, row, err);
}

static int keep_failure(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                        const struct yz_error *failed) {
  (void)row;
  return got != NULL ? 0 : yz_fail(arg, failed->code, failed->message, "%s", failed->subject);
}

int hub_cut(struct node *n, struct yz_error *err) {
  static const struct hub_contact by = {.exchange = settle};
  size_t left_out = 0;
  return hub_meet(n, &by, keep_failure, err, &left_out, err);
}
