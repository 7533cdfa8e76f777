#include "hub.h"

#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "../whom.h"

static int load_members(struct node *n, const struct yz_id *ledger, struct yz_member **out,
                        size_t *count, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc == 0 && yz_roster_members(roster, out, count) != 0) rc = yz_no_memory(err);
  yz_roster_destroy(roster);
  return rc;
}

static bool is_worker(const struct whom *w, const struct yz_member *m) {
  return !m->hub && whom_can_be(w, &m->worker);
}

static int not_found(struct yz_error *err, const char *whom) {
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("This village has no such worker or node; `yizhan hub roster list` shows "
                       "them."),
                 "%s", whom);
}

int hub_find_worker(struct node *n, const struct yz_ledger_row *village, const char *whom,
                    struct yz_key *out, struct yz_error *err) {
  struct yz_member *members = NULL;
  struct whom w = {.n = n, .ledger = &village->id, .text = whom};
  size_t count = 0;
  int rc = load_members(n, &village->id, &members, &count, err);
  for (int folded = 0; rc == 0 && w.found == 0 && folded < 2; folded++) {
    w.folded = folded == 1;
    for (size_t i = 0; i < count; i++)
      if (is_worker(&w, &members[i])) whom_note(&w, &members[i].worker);
  }
  free(members);
  if (rc == 0 && w.found == 0) rc = not_found(err, whom);
  if (rc == 0 && w.found > 1) rc = whom_several(&w, err);
  *out = w.key;
  return rc;
}

static int set_hex(json_t *object, const char *name, const void *bytes, size_t n) {
  char hex[2 * YZ_KEY_LEN + 1];
  yz_to_hex(bytes, n, hex);
  return json_object_set_new(object, name, json_string(hex));
}

static json_t *keys(const struct yz_key *key) {
  char hex[2 * YZ_KEY_LEN + 1];
  json_t *array = json_array();
  if (array == NULL || key == NULL) return array;
  yz_to_hex(key->bytes, YZ_KEY_LEN, hex);
  if (json_array_append_new(array, json_string(hex)) == 0) return array;
  json_decref(array);
  return NULL;
}

/* Signs one statement of the roster in the caller's transaction. plain and
 * content are dropped; plain NULL: memory ran out. */
static int state(struct node *n, const struct signer *who, const struct yz_id *ledger,
                 const char *type, json_t *plain, json_t *content, struct yz_error *err) {
  int rc;
  if (plain == NULL) {
    rc = yz_no_memory(err);
  } else {
    struct yz_draft draft = {.type = type, .plain = plain, .content = content};
    rc = yz_append(&n->station, ledger, &who->author, &draft, NULL, NULL, err);
  }
  json_decref(plain);
  json_decref(content);
  return rc;
}

/* Ends a transaction that changed the roster; then everything is judged by it. */
static int settle(struct node *n, const struct yz_id *ledger, int rc, struct yz_error *err) {
  rc = store_end(n->store, rc, err);
  return rc != 0 ? rc : yz_rejudge(&n->station, ledger, err);
}

/* --- grant ------------------------------------------------------------ */

/* A key that no member has, of a node that is not known yet. */
static bool choose_node(const char *whom, struct yz_member *out) {
  *out = (struct yz_member){.awaiting = true};
  return yz_from_hex(whom, strlen(whom), out->node.bytes, YZ_KEY_LEN);
}

/* The one member meant who may not sign yet. */
static int choose_granted(struct whom *w, const struct yz_member *members, size_t count,
                          struct hub_changed *out, struct yz_error *err) {
  size_t awaiting = 0, granted = 0, revoked = 0;
  *out = (struct hub_changed){.already = false};
  for (size_t i = 0; i < count; i++) {
    if (!is_worker(w, &members[i])) continue;
    if (members[i].revoked) {
      revoked++;
      continue;
    }
    if (members[i].awaiting || awaiting == 0) out->member = members[i];
    if (members[i].awaiting) whom_note(w, &members[i].worker);
    awaiting += members[i].awaiting;
    granted += !members[i].awaiting;
  }
  if (awaiting > 1) return whom_several(w, err);
  if (awaiting == 1) return 0;
  out->already = granted > 0;
  if (out->already) return 0;
  if (revoked > 0)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This key was revoked and stays so; let the village add the worker again, "
                         "which makes a new key."),
                   "%s", w->text);
  out->whole_node = choose_node(w->text, &out->member);
  return out->whole_node ? 0 : not_found(err, w->text);
}

/* worker NULL: the node as a whole. */
static json_t *grant_members(const struct yz_key *node, const struct yz_key *worker) {
  json_t *plain = json_object();
  int rc = plain == NULL ? -1 : set_hex(plain, "node", node->bytes, YZ_KEY_LEN);
  if (rc == 0) rc = json_object_set_new(plain, "old", json_array());
  if (rc == 0) rc = json_object_set_new(plain, "workers", keys(worker));
  if (rc == 0) return plain;
  json_decref(plain);
  return NULL;
}

int hub_grant(struct node *n, const struct signer *who, const struct yz_ledger_row *village,
              const char *whom, struct hub_changed *done, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct whom w = {.n = n, .ledger = &village->id, .text = whom};
  struct yz_ledger_row now;
  struct yz_member *members = NULL;
  size_t count = 0;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_check_administrator(n, &village->id, &who->author.key, err);
  if (rc == 0) rc = load_members(n, &village->id, &members, &count, err);
  if (rc == 0) rc = choose_granted(&w, members, count, done, err);
  if (rc == 0) rc = t->get_ledger(t->ctx, &village->id, &now, err);
  if (rc == 0 && !done->already)
    rc = state(n, who, &village->id, "roster.grant",
               grant_members(&done->member.node, done->whole_node ? NULL : &done->member.worker),
               json_pack("{s:s,s:s}", "name", now.name, "code", now.code), err);
  free(members);
  return settle(n, &village->id, rc, err);
}

/* --- revoke ----------------------------------------------------------- */

/* Where each log of the node stands here: what counts goes up to there. */
static json_t *until(const struct yz_log_row *logs, size_t count, const struct yz_key *node) {
  json_t *array = json_array();
  for (size_t i = 0; array != NULL && i < count; i++) {
    char log[YZ_ID_HEX + 1], id[YZ_HASH_HEX + 1];
    if (logs[i].head.seq == 0 || !yz_equal(&logs[i].node, node, YZ_KEY_LEN)) continue;
    yz_to_hex(logs[i].id.bytes, YZ_ID_LEN, log);
    yz_to_hex(logs[i].head.id.bytes, YZ_HASH_LEN, id);
    json_t *place = json_pack("[s,I,s]", log, (json_int_t)logs[i].head.seq, id);
    if (json_array_append_new(array, place) == 0) continue;
    json_decref(array);
    return NULL;
  }
  return array;
}

/* worker NULL: the node as a whole. */
static json_t *revoke_members(const struct yz_log_row *logs, size_t count,
                              const struct yz_key *node, const struct yz_key *worker) {
  json_t *plain = json_object();
  int rc = plain == NULL ? -1 : set_hex(plain, "node", node->bytes, YZ_KEY_LEN);
  if (rc == 0) rc = json_object_set_new(plain, "workers", keys(worker));
  if (rc == 0) rc = json_object_set_new(plain, "until", until(logs, count, node));
  if (rc == 0) return plain;
  json_decref(plain);
  return NULL;
}

/* The worker or node meant: of workers those who may sign, or else those who may no more
 * (out->already). */
static int choose_revoked(struct whom *w, const struct yz_member *members, size_t count,
                          struct hub_changed *out, struct yz_error *err) {
  bool found = false, several = false;
  for (size_t i = 0; i < count; i++) {
    const struct yz_member *m = &members[i], *o = &out->member;
    bool worker = m->revoked == out->already && is_worker(w, m);
    bool node = !m->hub && whom_is_key(w->text, &m->node);
    if (!worker && !node) continue;
    whom_note(w, &m->worker);
    bool same = yz_equal(&m->node, &o->node, YZ_KEY_LEN) && node == out->whole_node &&
                (node || yz_equal(&m->worker, &o->worker, YZ_KEY_LEN));
    several = several || (found && !same);
    out->member = *m;
    out->whole_node = node;
    found = true;
  }
  if (several) return whom_several(w, err);
  if (found) return 0;
  if (out->already) return not_found(err, w->text);
  out->already = true;
  return choose_revoked(w, members, count, out, err);
}

static int look_at_node(struct node *n, const struct yz_id *ledger, struct hub_changed *out,
                        struct yz_error *err) {
  struct yz_roster *roster = NULL;
  if (!out->whole_node) return 0;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc == 0) out->already = yz_roster_node_revoked(roster, &out->member.node);
  yz_roster_destroy(roster);
  return rc;
}

int hub_revoke(struct node *n, const struct signer *who, const struct yz_ledger_row *village,
               const char *whom, struct hub_changed *done, struct yz_error *err) {
  struct whom w = {.n = n, .ledger = &village->id, .text = whom};
  struct yz_member *members = NULL;
  struct yz_log_row *logs = NULL;
  size_t count = 0, n_logs = 0;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_check_administrator(n, &village->id, &who->author.key, err);
  if (rc == 0) rc = load_members(n, &village->id, &members, &count, err);
  *done = (struct hub_changed){.already = false};
  if (rc == 0) rc = choose_revoked(&w, members, count, done, err);
  if (rc == 0) rc = look_at_node(n, &village->id, done, err);
  if (rc == 0) rc = node_logs(n, &village->id, &logs, &n_logs, err);
  if (rc == 0 && !done->already)
    rc = state(n, who, &village->id, "roster.revoke",
               revoke_members(logs, n_logs, &done->member.node,
                              done->whole_node ? NULL : &done->member.worker),
               NULL, err);
  free(logs);
  free(members);
  return settle(n, &village->id, rc, err);
}
