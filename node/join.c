#include "join.h"

#include <stdlib.h>
#include <string.h>

#include "ledgers.h"
#include "practice.h"

static bool works_alone(const struct node *n) {
  static const struct yz_id none;
  return !yz_equal(&n->ledger.id, &none, YZ_ID_LEN);
}

static int check(struct node *n, const struct yz_invitation *i, struct yz_error *err) {
  bool practice = false;
  int rc = practice_is(n, &practice, err);
  if (rc != 0) return rc;
  if (practice)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This is a village to practise in; it never joins a township. Join with "
                         "your own."),
                   "%s", n->dir);
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

/* --- done before ------------------------------------------------------- */

struct by {
  const struct yz_invitation *invitation;
  const struct yz_key *node;
  bool is;
};

static bool holds(const struct by *b, const struct yz_stored *r, struct yz_key *keys) {
  const json_t *workers = json_object_get(r->json, "workers");
  struct yz_hash mac, said;
  size_t n = json_array_size(workers);
  for (size_t i = 0; i < n; i++) {
    const char *hex = json_string_value(json_array_get(workers, i));
    if (hex == NULL || !yz_from_hex(hex, strlen(hex), keys[i].bytes, YZ_KEY_LEN)) return false;
  }
  yz_join_mac(b->invitation->word, b->node, &r->log, &b->invitation->hub, keys, n, &mac);
  return yz_json_hex(r->json, "mac", said.bytes, YZ_HASH_LEN) && yz_equal(&mac, &said, sizeof mac);
}

static int look_at(void *arg, const struct yz_stored *r) {
  struct by *b = arg;
  if (strcmp(r->type, "node.join") != 0 || !yz_equal(&r->by, b->node, YZ_KEY_LEN)) return 0;
  struct yz_key *keys =
      calloc(json_array_size(json_object_get(r->json, "workers")) + 1, sizeof *keys);
  if (keys == NULL) return YZ_E_MEMORY;
  b->is = b->is || holds(b, r, keys);
  free(keys);
  return 0;
}

int node_joined_by(struct node *n, const struct yz_invitation *invitation, bool *out,
                   struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct by by = {.invitation = invitation, .node = &n->station.key};
  int rc = 0;
  if (!n->hub && n->ledger.joined && yz_equal(&n->ledger.id, &invitation->ledger, YZ_ID_LEN))
    rc = t->each_trust(t->ctx, &n->ledger.id, look_at, &by, err);
  *out = by.is;
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}
