#include "alone.h"

#include <string.h>

#include "ledgers.h"

/* Its ledger, whose other side there is none, and the log of its first records. */
static int begin_ledger(struct node *n, const struct yz_new_worker *worker, struct yz_error *err) {
  struct yz_ledger_row row = {0};
  struct yz_beginning b = {
      .name = n->name, .code = n->code, .letter = n->letter, .workers = worker, .n_workers = 1};
  char hex[YZ_ID_HEX + 1];
  struct yz_id log;
  const struct yz_store *store = n->station.store;
  n->world->random(n->world->ctx, row.id.bytes, YZ_ID_LEN);
  memcpy(row.name, n->name, sizeof row.name);
  memcpy(row.code, n->code, sizeof row.code);
  yz_to_hex(row.id.bytes, YZ_ID_LEN, hex);
  int rc = store->put_ledger(store->ctx, &row, err);
  if (rc == 0) rc = yz_begin_log(&n->station, &row.id, &b, &log, err);
  return rc != 0 ? rc : store_put_setting(n->store, "ledger", hex, err);
}

static int populate(struct node *n, struct first_worker *first, bool practice,
                    struct yz_error *err) {
  struct yz_new_worker worker = {.name = first->name};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = node_new_worker(n, first->name, first->passphrase, &worker.key, first->recovery_code, err);
  if (rc == 0) rc = begin_ledger(n, &worker, err);
  if (rc == 0 && practice) rc = store_put_setting(n->store, "practice", "1", err);
  return store_end(n->store, rc, err);
}

int node_begin_alone(struct node *n, const char *dir, const struct yz_world *world,
                     const char *village, const char *code, struct first_worker *worker,
                     bool practice, struct yz_error *err) {
  struct yz_lock lock = {-1};
  *n = (struct node){0};
  int rc = world->make_dir(world->ctx, dir, err);
  if (rc == 0) rc = node_lock(dir, &lock, err);
  if (rc == 0) rc = node_create(n, dir, world, false, village, code, "A", err);
  if (rc == 0) rc = populate(n, worker, practice, err);
  if (rc == 0) rc = node_reload(n, err);
  yz_lock_release(&lock);
  return rc;
}
