/* What the township has settled is told to every ledger that does not say so yet. */
#include "township.h"

#include <stdlib.h>

#include "../ledgers.h"

int telling_tell(struct telling *t, const struct yz_id *ledger, const char *type, json_t *plain,
                 const json_t *content, struct yz_error *err) {
  if (plain == NULL || json_object_set_new(plain, "at", json_integer(t->at_ms)) != 0)
    return yz_no_memory(err);
  struct yz_draft draft = {.type = type, .plain = plain, .content = content};
  int rc = yz_append(&t->n->station, ledger, t->author, &draft, NULL, NULL, err);
  if (rc == 0) t->told++;
  return rc;
}

/* Tells a ledger what it lacks, in the caller's transaction. */
static int tell_ledger(struct telling *t, const struct yz_id *ledger, struct yz_error *err) {
  struct township has;
  int rc = store_load_township(t->n->store, ledger, &has, err);
  if (rc != 0) return rc;
  rc = telling_days(t, ledger, &has, err);
  if (rc == 0) rc = telling_settings(t, ledger, &has, err);
  township_finish(&has);
  return rc;
}

int telling_all(struct telling *t, bool *none, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(t->n, &rows, &count, err);
  *none = count == 0;
  if (rc == 0 && *none) rc = hub_check_first_worker(t->n, &t->author->key, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    rc = hub_check_administrator(t->n, &rows[i].id, &t->author->key, err);
    if (rc == 0) rc = tell_ledger(t, &rows[i].id, err);
  }
  free(rows);
  return rc;
}

int64_t telling_now(const struct node *n) {
  return n->world->now_ms(n->world->ctx);
}

bool telling_lost_time(int64_t now_ms) {
  return now_ms < calendar_begin(calendar_from_date(2026, 1, 1), ZONE_DEFAULT);
}

/* --- by itself --------------------------------------------------------------- */

int hub_tell_again(struct node *n, const struct yz_id *ledger, struct yz_error *err) {
  const struct yz_author author = {n->station.key, n->station.seed};
  struct township all;
  struct telling t = {n, &author, &all, telling_now(n), 0};
  int rc = hub_township(n, &all, err);
  if (rc != 0) return rc;
  rc = tell_ledger(&t, ledger, err);
  if (rc == 0) rc = untold_forget(n, err);
  township_finish(&all);
  return rc;
}

int hub_tell_missing(struct node *n, struct yz_error *err) {
  const struct yz_author author = {n->station.key, n->station.seed};
  struct yz_ledger_row *rows = NULL;
  struct township all;
  struct telling t = {n, &author, &all, telling_now(n), 0};
  size_t count = 0;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &all, err);
  if (rc != 0) return store_end(n->store, rc, err);
  rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = tell_ledger(&t, &rows[i].id, err);
  free(rows);
  township_finish(&all);
  return store_end(n->store, rc, err);
}
