/* The hub's next TLS key: villages hear of it before it is used. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "../web/tls.h"
#include "hub.h"

/* --- telling ---------------------------------------------------------------- */

enum { NAME = 5 + YZ_ID_HEX + 1 };
/* The setting that says where in our log of a ledger it was told last. */
static void told_name(const struct yz_id *ledger, char out[static NAME]) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, hex);
  (void)snprintf(out, NAME, "pins.%s", hex);
}

static int add_pin(json_t *pins, const struct yz_hash *pin) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(pin->bytes, YZ_HASH_LEN, hex);
  return json_array_append_new(pins, json_string(hex));
}

static json_t *pins_of(const struct hub_address *hub) {
  struct yz_hash all[YZ_MAX_PINS];
  json_t *pins = json_array();
  size_t n = hub_all_pins(hub, all), i = 0;
  while (i < n && add_pin(pins, &all[i]) == 0) i++;
  if (i == n) return pins;
  json_decref(pins);
  return NULL;
}

static int tell_ledger(struct node *n, const struct yz_id *ledger, const json_t *pins,
                       struct yz_error *err) {
  const struct yz_author hub = {n->station.key, n->station.seed};
  char name[NAME], seq[24];
  struct yz_place place;
  json_t *plain = json_pack("{s:O}", "pins", pins);
  const struct yz_draft draft = {.type = "hub.pins", .plain = plain};
  int rc = plain == NULL ? yz_no_memory(err)
                         : yz_append(&n->station, ledger, &hub, &draft, &place, NULL, err);
  json_decref(plain);
  if (rc != 0) return rc;
  told_name(ledger, name);
  (void)snprintf(seq, sizeof seq, "%lld", (long long)place.seq);
  return store_put_setting(n->store, name, seq, err);
}

/* In the ledgers that are served here; elsewhere nobody looks at our key. */
static int tell(struct node *n, struct yz_error *err) {
  struct hub_address hub;
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = hub_get_address(n, &hub, err);
  json_t *pins = rc == 0 ? pins_of(&hub) : NULL;
  if (rc == 0 && pins == NULL) rc = yz_no_memory(err);
  if (rc == 0) rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (rows[i].url[0] == '\0' && !hub_is_own(n, &rows[i]))
      rc = tell_ledger(n, &rows[i].id, pins, err);
  free(rows);
  json_decref(pins);
  return rc;
}

/* --- who has not heard ----------------------------------------------------------- */

/* How far the nodes of a key have acknowledged a log of ours. */
static int heard_by(struct node *n, const struct yz_log_row *logs, size_t count,
                    const struct yz_key *node, const struct yz_id *own, int64_t *seq,
                    struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < count; i++) {
    struct yz_buf line = {0};
    struct yz_ack ack = {0};
    if (!yz_equal(&logs[i].node, node, sizeof *node)) continue;
    rc = t->get_ack(t->ctx, &logs[i].id, &line, err);
    if (rc == 0 && yz_ack_read((const char *)line.data, line.len, node, &ack, NULL) == 0)
      for (size_t h = 0; h < ack.n_heads; h++)
        if (yz_equal(&ack.heads[h].log, own, sizeof *own) && ack.heads[h].at.seq > *seq)
          *seq = ack.heads[h].at.seq;
    yz_ack_finish(&ack);
    yz_buf_finish(&line);
    if (rc == YZ_E_NOT_FOUND) rc = 0;
  }
  return rc;
}

/* All nodes that may come have, and there is one: who was invited and has not joined has not. */
static int has_heard(struct node *n, const struct yz_ledger_row *row, int64_t told, bool *heard,
                     struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  struct yz_log_row *logs = NULL;
  size_t n_members = 0, n_logs = 0, nodes = 0;
  int rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &n_members) != 0) rc = yz_no_memory(err);
  if (rc == 0) rc = node_logs(n, &row->id, &logs, &n_logs, err);
  *heard = true;
  for (size_t i = 0; rc == 0 && i < n_members && *heard; i++) {
    int64_t seq = 0;
    if (members[i].hub || members[i].awaiting || yz_roster_node_revoked(roster, &members[i].node))
      continue;
    rc = heard_by(n, logs, n_logs, &members[i].node, &row->own, &seq, err);
    nodes++;
    *heard = seq >= told;
  }
  *heard = *heard && nodes > 0;
  free(logs);
  free(members);
  yz_roster_destroy(roster);
  return rc;
}

static int told_at(struct node *n, const struct yz_id *ledger, int64_t *out, struct yz_error *err) {
  struct yz_buf seq = {0};
  char name[NAME];
  told_name(ledger, name);
  *out = 0;
  int rc = store_get_setting(n->store, name, &seq, err);
  if (rc == 0) rc = yz_buf_append(&seq, "", 1) != 0 ? yz_no_memory(err) : 0;
  if (rc == 0) *out = strtoll((const char *)seq.data, NULL, 10);
  yz_buf_finish(&seq);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int hub_each_untold(struct node *n, int (*fn)(void *arg, const struct yz_ledger_row *row),
                    void *arg, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    int64_t told;
    bool heard = true;
    rc = told_at(n, &rows[i].id, &told, err);
    if (rc == 0 && told > 0) rc = has_heard(n, &rows[i], told, &heard, err);
    if (rc == 0 && !heard) rc = fn(arg, &rows[i]);
  }
  free(rows);
  return rc;
}

/* --- the key --------------------------------------------------------------------- */

static int check_address(struct node *n, struct hub_address *hub, struct yz_error *err) {
  int rc = hub_get_address(n, hub, err);
  if (rc != 0 || hub->url[0] != '\0') return rc;
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("This hub has no address yet; say it with `yizhan hub config url`."), "%s",
                 n->dir);
}

int hub_next_key(struct node *n, bool *already, struct yz_error *err) {
  struct hub_address hub;
  int rc = check_address(n, &hub, err);
  *already = rc == 0 && hub.has_next;
  if (rc != 0 || *already) return rc;
  rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = tls_make_next(n, err);
  if (rc == 0) rc = tell(n, err);
  return store_end(n->store, rc, err);
}

static int name_first(void *arg, const struct yz_ledger_row *row) {
  *(struct yz_ledger_row *)arg = *row;
  return 1;
}

static int check_heard(struct node *n, struct yz_error *err) {
  struct yz_ledger_row row;
  int rc = hub_each_untold(n, name_first, &row, err);
  if (rc != 1) return rc;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Not all villages have heard of the next key, and those would not know the "
                       "hub any more: `yizhan hub certificate show` names them. Wait until they "
                       "were here twice, or say --anyway and tell them their address anew."),
                 "%s %s", row.code, row.name);
}

static bool is_told(const struct hub_address *hub, const struct yz_hash *pin) {
  struct yz_hash all[YZ_MAX_PINS];
  size_t n = hub_all_pins(hub, all);
  for (size_t i = 0; i < n; i++)
    if (yz_equal(&all[i], pin, sizeof *pin)) return true;
  return false;
}

int hub_check_known(struct node *n, const struct yz_hash *pin, struct yz_error *err) {
  struct hub_address hub;
  struct yz_ledger_row row;
  char hex[YZ_HASH_HEX + 1];
  int rc = hub_get_address(n, &hub, err);
  if (rc != 0) return rc;
  yz_to_hex(pin->bytes, YZ_HASH_LEN, hex);
  if (!is_told(&hub, pin))
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("Villages do not know this certificate's key. Tell them its pin with "
                         "`yizhan hub certificate other`, and show it once all have heard."),
                   "%s", hex);
  rc = hub_each_untold(n, name_first, &row, err);
  if (rc != 1) return rc;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Not all villages have heard of this certificate's key, and those would "
                       "not know the hub any more: `yizhan hub certificate show` names them. Show "
                       "it when they were here twice."),
                 "%s %s", row.code, row.name);
}

int hub_renew_key(struct node *n, bool anyway, struct yz_error *err) {
  struct hub_address hub;
  int rc = check_address(n, &hub, err);
  if (rc == 0 && !hub.has_next)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("There is no next key; make one with `yizhan hub certificate next`."), "%s",
                 n->dir);
  if (rc == 0 && !anyway) rc = check_heard(n, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = tls_use_next(n, err);
  if (rc == 0) rc = tell(n, err);
  return store_end(n->store, rc, err);
}

int hub_other_keys(struct node *n, const struct yz_hash *pins, size_t count, struct yz_error *err) {
  struct hub_address hub;
  char text[HUB_MAX_OTHERS * (YZ_HASH_HEX + 1) + 1] = "";
  int rc = check_address(n, &hub, err);
  for (size_t i = 0; i < count; i++) {
    char *at = text + i * (YZ_HASH_HEX + 1);
    yz_to_hex(pins[i].bytes, YZ_HASH_LEN, at);
    memcpy(at + YZ_HASH_HEX, " ", sizeof " ");
  }
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = store_put_setting(n->store, HUB_OTHERS, text, err);
  if (rc == 0) rc = tell(n, err);
  return store_end(n->store, rc, err);
}
