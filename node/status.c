#include "status.h"

#include <stdlib.h>

#include "hub/hub.h"
#include "ledgers.h"
#include "moment.h"
#include "store/identity.h"

static int look_at_workers(struct node *n, struct status *s, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  s->any_worker = count > 0;
  s->all_locked = true;
  for (size_t i = 0; rc == 0 && i < count; i++) s->all_locked &= kept[i].locked;
  free(kept);
  return rc;
}

int node_status(struct node *n, struct status *out, struct yz_error *err) {
  struct status *s = out;
  *s = (struct status){0};
  int rc = store_count(n->store, &s->counts, err);
  if (rc == 0) rc = look_at_workers(n, s, err);
  if (rc == 0 && !n->hub && s->any_worker && s->all_locked)
    rc = store_count_named(n->store, &s->named, err);
  if (rc == 0) rc = node_get_time(n, "last_sync", &s->last_sync_ms, err);
  if (rc != 0) return rc;
  reserve_look(n->world, n->dir, &s->reserve);
  if (!n->hub) return yz_standing(&n->station, &n->ledger, &s->standing, err);
  s->standing.received = s->counts.accepted_foreign;
  s->standing.waiting = s->counts.waiting;
  return hub_is_succeeded(n, &s->succeeded, err);
}

static json_t *hex_json(const void *bytes, size_t n) {
  char hex[2 * YZ_HASH_LEN + 1];
  yz_to_hex(bytes, n, hex);
  return json_string(hex);
}

/* Whom a village trusts: the hub now, and the hash of the key that may name its successor. */
static json_t *trust_json(const struct node *n) {
  if (n->hub || !n->ledger.joined) return json_null();
  return json_pack("{s:o,s:o}", "hub", hex_json(n->ledger.hub.bytes, YZ_KEY_LEN), "recovery",
                   hex_json(n->station.recovery.bytes, YZ_HASH_LEN));
}

/* Who somebody is: open to anyone at this PC, or sealed to its workers, but for what was written
 * down before. A hub opens what is sealed to it. */
static const char *identities(const struct node *n, const struct status *s) {
  return !n->hub && s->any_worker && s->all_locked ? "sealed" : "open";
}

json_t *node_status_json(const struct node *n, const struct status *s) {
  char node[2 * YZ_KEY_LEN + 1];
  yz_to_hex(n->station.key.bytes, YZ_KEY_LEN, node);
  node[16] = '\0';
  json_t *object = json_pack(
      "{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:I,s:I,s:o,s:b,s:I,s:b,s:s,s:o,s:I,s:I,s:"
      "I,s:I,s:s,s:I}",
      "node", node, "role", n->hub ? "hub" : "village", "name", n->name, "code", n->code, "cases",
      (json_int_t)s->counts.cases, "conflicts", (json_int_t)s->counts.conflicts, "records",
      (json_int_t)s->counts.records, "pending", (json_int_t)s->standing.pending, "waiting",
      (json_int_t)s->standing.waiting, "received", (json_int_t)s->standing.received, "last_sync",
      moment_json(s->last_sync_ms, n->zone, 0), "last_receipt",
      moment_json(s->standing.last_receipt_ms, n->zone, 0), "quarantined",
      (json_int_t)s->counts.quarantined, "clock_offset_ms", (json_int_t)s->standing.clock_offset_ms,
      "disk_free",
      s->reserve.disk_free < 0 ? json_null() : json_integer((json_int_t)s->reserve.disk_free),
      "disk_low", (int)s->reserve.low, "reserve", (json_int_t)s->reserve.held, "joined",
      n->hub || n->ledger.joined, "keys", s->any_worker && s->all_locked ? "passphrase" : "node",
      "trust", trust_json(n), "pieces_pending", (json_int_t)(n->hub ? 0 : s->counts.pieces),
      "erase_asked", (json_int_t)s->counts.erase_asked, "erase_done",
      (json_int_t)s->counts.erase_done, "erase_refused", (json_int_t)s->counts.erase_refused,
      "identities", identities(n, s), "named", (json_int_t)s->named);
  if (object == NULL || !s->succeeded || json_object_set_new(object, "succeeded", json_true()) == 0)
    return object;
  json_decref(object);
  return NULL;
}
