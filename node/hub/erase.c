/* Erasing what people said: said by the hub, done by every node at its next contact. */
#include <stdio.h>
#include <stdlib.h>

#include "../erase.h"
#include "../ledgers.h"
#include "hub.h"

/* --- saying so ----------------------------------------------------------------- */

struct telling {
  struct node *n;
  bool check; /* that the author is an administrator */
  struct erase_word word;
  size_t told;
  struct yz_error *err;
};

static int tell(void *arg, const struct yz_id *ledger) {
  struct telling *t = arg;
  int rc = t->check ? hub_check_administrator(t->n, ledger, &t->word.author->key, t->err) : 0;
  if (rc == 0) rc = node_tell_erased(t->n, ledger, &t->word, t->err);
  t->told += rc == 0;
  return rc;
}

int hub_erase(struct node *n, const struct signer *who, const struct yz_hash *of,
              const char *reason, size_t *ledgers, struct yz_error *err) {
  struct telling t = {n, true, {&who->author, "hub.erase", of, reason, NULL}, 0, err};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_end(n->store, store_each_with_words(n->store, of, tell, &t, err), err);
  *ledgers = t.told;
  return rc;
}

static int refuse(void *arg, const struct erasure *request) {
  struct telling *t = arg;
  t->word.asked = &request->id;
  return tell(t, &request->ledger);
}

int hub_keep(struct node *n, const struct signer *who, const struct yz_hash *of, const char *reason,
             struct yz_error *err) {
  struct telling t = {n, true, {&who->author, "hub.keep", of, reason, NULL}, 0, err};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_each_unanswered(n->store, of, refuse, &t, err);
  if (rc == 0 && t.told == 0)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("Nobody asks for these words to be erased, or it was answered."), NULL);
  return store_end(n->store, rc, err);
}

static int tell_again(void *arg, const struct erasure *erasure) {
  struct telling *t = arg;
  t->word.of = &erasure->of;
  return store_each_with_words(t->n->store, t->word.of, tell, t, t->err);
}

int hub_erase_again(struct node *n, struct yz_error *err) {
  const struct yz_author node = {n->station.key, n->station.seed};
  struct telling t = {.n = n, .word = {.author = &node, .type = "hub.erase"}, .err = err};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  return store_end(n->store, store_each_erasure(n->store, NULL, tell_again, &t, err), err);
}

/* --- who has done so -------------------------------------------------------------- */

struct looking {
  struct node *n;
  struct yz_roster *roster;
  const struct yz_ledger_row *row;
  int64_t epoch;
  int (*fn)(void *arg, const struct erasing_node *node);
  void *arg;
  struct yz_error *err;
};

/* A log of which no keys ever came has brought no words either. */
static int look_at_log(struct looking *l, const struct yz_log_row *log) {
  const struct yz_store *t = store_table(l->n->store);
  struct erasing_node found = {.village = *l->row, .node = log->node};
  char ref[YZ_MAX_REF + 1], hex[YZ_ID_HEX + 1];
  struct yz_buf file = {0};
  int64_t n = 0;
  yz_to_hex(log->id.bytes, YZ_ID_LEN, hex);
  (void)snprintf(ref, sizeof ref, "refs/heads/keys/%s", hex);
  int rc = t->get_file(t->ctx, &l->row->id, ref, "epoch.json", &file, l->err);
  if (rc == 0 && yz_epoch_read((const char *)file.data, file.len, &log->id, &n, NULL) != 0) n = 0;
  bool behind = rc == 0 && n < l->epoch;
  yz_buf_finish(&file);
  found.revoked = yz_roster_node_revoked(l->roster, &log->node);
  if (rc != 0 || !behind) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  return l->fn(l->arg, &found);
}

static int look_at(struct node *n, const struct yz_ledger_row *row,
                   int (*fn)(void *arg, const struct erasing_node *node), void *arg,
                   struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct looking l = {.n = n, .row = row, .fn = fn, .arg = arg, .err = err};
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = t->count_erased(t->ctx, &row->id, &l.epoch, err);
  if (rc != 0 || l.epoch == 0) return rc;
  rc = yz_station_roster(&n->station, &row->id, &l.roster, err);
  if (rc == 0) rc = node_logs(n, &row->id, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = look_at_log(&l, &logs[i]);
  free(logs);
  yz_roster_destroy(l.roster);
  return rc;
}

int hub_each_erasing(struct node *n, int (*fn)(void *arg, const struct erasing_node *node),
                     void *arg, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = look_at(n, &rows[i], fn, arg, err);
  free(rows);
  return rc;
}
