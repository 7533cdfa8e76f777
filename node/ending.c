#include "ending.h"

#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "incarnation.h"
#include "ledgers.h"

/* Whose right is to end: of the workers here not the only one. */
static int find(struct node *n, const char *name, struct yz_key *key, struct yz_error *err) {
  struct kept_worker *kept = NULL, leaver;
  size_t count = 0;
  int rc = node_find_kept(n, name, &leaver, err);
  if (rc == 0) rc = node_kept_workers(n, &kept, &count, err);
  free(kept);
  if (rc == 0 && count == 1)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This is the only worker here. Add another one first with `yizhan worker "
                       "add`; then this one's right can end."),
                 "%s", name);
  if (rc == 0) *key = leaver.key;
  return rc;
}

/* Is there another administrator, whose key is kept here? */
static int check_another(struct node *n, const struct yz_ledger_row *row, const struct yz_key *key,
                         struct yz_error *err) {
  struct kept_worker *kept = NULL;
  struct yz_roster *roster = NULL;
  struct yz_member *members = NULL;
  size_t count = 0, n_kept = 0;
  bool another = false;
  int rc = node_kept_workers(n, &kept, &n_kept, err);
  if (rc == 0) rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc == 0 && yz_roster_members(roster, &members, &count) != 0) rc = yz_no_memory(err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    for (size_t k = 0; k < n_kept; k++)
      another |= members[i].hub && !members[i].revoked &&
                 (members[i].roles & YZ_ROLE_ADMINISTRATOR) != 0 &&
                 yz_equal(&members[i].worker, &kept[k].key, YZ_KEY_LEN) &&
                 !yz_equal(&kept[k].key, key, YZ_KEY_LEN);
  free(members);
  yz_roster_destroy(roster);
  free(kept);
  if (rc != 0 || another) return rc;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This is the only administrator of the hub. Give another worker that role "
                       "first, with `yizhan hub roster grant`."),
                 NULL);
}

static int end_in(struct node *n, const struct signer *who, const struct yz_ledger_row *row,
                  const struct yz_key *key, struct yz_error *err) {
  char hex[2 * YZ_KEY_LEN + 1];
  int rc = n->hub ? hub_check_administrator(n, &row->id, &who->author.key, err) : 0;
  if (rc == 0 && n->hub) rc = check_another(n, row, key, err);
  /* What was taken back after a restore stands in logs that the present one may not name. */
  if (rc == 0) rc = node_gather(n, row, err);
  if (rc != 0) return rc;
  yz_to_hex(key->bytes, YZ_KEY_LEN, hex);
  json_t *plain = json_pack("{s:s}", "worker", hex);
  if (plain == NULL) return yz_no_memory(err);
  const struct yz_draft draft = {.type = "worker.end", .plain = plain};
  rc = yz_append(&n->station, &row->id, &who->author, &draft, NULL, NULL, err);
  json_decref(plain);
  return rc;
}

/* The ledgers that this node writes in; a village's are those with its hub, or its own. */
static bool writes_in(const struct node *n, const struct yz_ledger_row *row) {
  return n->hub || yz_equal(&row->id, &n->ledger.id, YZ_ID_LEN);
}

int node_end_worker(struct node *n, const struct signer *who, const char *name, struct yz_key *key,
                    struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  /* In the transaction: two who end each other at once do not leave nobody. */
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = find(n, name, key, err);
  if (rc == 0) rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && n->hub && count == 0)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This hub has no village yet. Invite the first one, then end this worker's "
                       "right."),
                 "%s", name);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (writes_in(n, &rows[i])) rc = end_in(n, who, &rows[i], key, err);
  if (rc == 0) rc = store_drop_worker(n->store, key, err);
  rc = store_end(n->store, rc, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (writes_in(n, &rows[i])) rc = yz_rejudge(&n->station, &rows[i].id, err);
  free(rows);
  return rc;
}
