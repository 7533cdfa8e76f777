#include "join.h"

#include <stdlib.h>
#include <string.h>

#include "ledgers.h"

static bool works_alone(const struct node *n) {
  static const struct yz_id none;
  return !yz_equal(&n->ledger.id, &none, YZ_ID_LEN);
}

static int check(const struct node *n, const struct yz_invitation *i, struct yz_error *err) {
  if (n->hub)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This is a township's hub; it cannot join one. Join in another folder."),
                   "%s", n->dir);
  if (n->ledger.joined)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This village has joined already; an invitation is for a new node. Use "
                         "another folder."),
                   "%s %s", n->ledger.code, n->ledger.name);
  if (works_alone(n) && yz_equal(&i->ledger, &n->ledger.id, YZ_ID_LEN))
    return yz_fail(err, YZ_E_REFUSED, YZ_N_("This invitation is for the ledger that is here."),
                   "%s", n->dir);
  return 0;
}

static int put_row(struct node *n, const struct yz_invitation *i, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_ledger_row row = {.id = i->ledger, .hub = i->hub, .hub_box = i->box, .joined = true};
  memcpy(row.url, i->url, sizeof row.url);
  memcpy(row.name, i->village, sizeof row.name);
  memcpy(row.code, i->code, sizeof row.code);
  n->ledger = row;
  return t->put_ledger(t->ctx, &row, err);
}

/* The logs of the time alone travel in the invited ledger from now on. */
static int move_logs(struct node *n, const struct yz_id *alone, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, alone, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    logs[i].ledger = n->ledger.id;
    logs[i].old = true;
    rc = t->put_log(t->ctx, &logs[i], err);
  }
  free(logs);
  return rc;
}

static int begin(struct node *n, const struct yz_invitation *i, const struct yz_ack_head *old,
                 size_t n_old, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_beginning b = {.name = i->village,
                           .code = i->code,
                           .letter = n->letter,
                           .invitation = i,
                           .old = old,
                           .n_old = n_old};
  int rc = node_begin_log(n, &n->ledger, &b, err);
  return rc != 0 ? rc : t->get_ledger(t->ctx, &i->ledger, &n->ledger, err);
}

static int put_hex(struct node *n, const char *name, const void *bytes, size_t len,
                   struct yz_error *err) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(bytes, len, hex);
  return store_put_setting(n->store, name, hex, err);
}

/* A letter other than A was chosen because A may be in use elsewhere: it stays. */
static void take_names(struct node *n, const struct yz_invitation *i) {
  memcpy(n->name, i->village, sizeof n->name);
  memcpy(n->code, i->code, sizeof n->code);
  if (strcmp(n->letter, "A") == 0) memcpy(n->letter, i->letter, sizeof n->letter);
}

static int put_settings(struct node *n, const struct yz_invitation *i, struct yz_error *err) {
  int rc = store_put_setting(n->store, "name", n->name, err);
  if (rc == 0) rc = store_put_setting(n->store, "code", n->code, err);
  if (rc == 0) rc = store_put_setting(n->store, "letter", n->letter, err);
  if (rc == 0) rc = store_put_setting(n->store, "township", i->township, err);
  if (rc == 0) rc = put_hex(n, "ledger", i->ledger.bytes, YZ_ID_LEN, err);
  return rc != 0 ? rc : put_hex(n, "recovery", i->recovery.bytes, YZ_HASH_LEN, err);
}

static int make_worker(struct node *n, struct first_worker *worker, struct yz_error *err) {
  struct yz_key key;
  if (worker == NULL) return 0;
  return node_new_worker(n, worker->name, worker->passphrase, &key, worker->recovery_code, err);
}

static int join(struct node *n, const struct yz_invitation *i, struct first_worker *worker,
                struct yz_error *err) {
  struct yz_id alone = n->ledger.id;
  struct yz_ack_head *old = NULL;
  size_t n_old = 0;
  bool was_alone = works_alone(n);
  int rc = make_worker(n, worker, err);
  if (rc == 0 && was_alone) rc = node_own_heads(n, &alone, &old, &n_old, err);
  if (rc == 0) rc = put_row(n, i, err);
  if (rc == 0 && was_alone) rc = move_logs(n, &alone, err);
  if (rc == 0) {
    take_names(n, i);
    rc = begin(n, i, old, n_old, err);
  }
  if (rc == 0) rc = put_settings(n, i, err);
  free(old);
  return rc;
}

int node_join(struct node *n, const struct yz_invitation *invitation, struct first_worker *worker,
              struct yz_error *err) {
  int rc = check(n, invitation, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = join(n, invitation, worker, err);
  return store_end(n->store, rc, err);
}
