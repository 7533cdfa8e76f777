/* Roles of the hub's own workers: the same in the hub's log of every ledger. */
#include "hub.h"

#include <stdlib.h>

#include "../ledgers.h"

/* Adds the worker anew with what there is and the role; *had: there was it already. */
static int grant_in(struct node *n, const struct signer *who, const struct yz_ledger_row *row,
                    const struct kept_worker *worker, unsigned role, unsigned *roles, bool *had,
                    struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = hub_check_administrator(n, &row->id, &who->author.key, err);
  if (rc == 0) rc = yz_station_roster(&n->station, &row->id, &roster, err);
  if (rc != 0) return rc;
  unsigned before = yz_roster_roles(roster, &worker->key);
  yz_roster_destroy(roster);
  *roles = before | role;
  *had = *had && before == *roles;
  if (before == *roles) return 0;
  const struct yz_new_worker again = {.key = worker->key, .name = worker->name, .roles = *roles};
  return yz_append_worker(&n->station, &row->id, &who->author, &again, err);
}

int hub_grant_role(struct node *n, const struct signer *who, const char *whom, unsigned role,
                   struct yz_key *key, unsigned *roles, bool *already, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct kept_worker worker = {.locked = false};
  size_t count = 0;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  *already = true;
  rc = node_find_kept(n, whom, &worker, err);
  if (rc == 0) rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && count == 0)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This hub has no village yet. Invite the first one, then give roles."), "%s",
                 whom);
  for (size_t i = 0; rc == 0 && i < count; i++)
    rc = grant_in(n, who, &rows[i], &worker, role, roles, already, err);
  rc = store_end(n->store, rc, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = yz_rejudge(&n->station, &rows[i].id, err);
  *key = worker.key;
  free(rows);
  return rc;
}

int hub_roles(struct node *n, const struct yz_key *worker, unsigned *out, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct yz_roster *roster = NULL;
  size_t count = 0;
  *out = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0 && count > 0) rc = yz_station_roster(&n->station, &rows[0].id, &roster, err);
  if (rc == 0 && count > 0) *out = yz_roster_roles(roster, worker);
  if (rc == 0 && count == 0 && hub_check_first_worker(n, worker, NULL) == 0)
    *out = (1u << YZ_ROLES) - 1;
  yz_roster_destroy(roster);
  free(rows);
  return rc;
}

json_t *hub_roles_json(unsigned roles) {
  json_t *array = json_array();
  for (unsigned i = 0; array != NULL && i < YZ_ROLES; i++)
    if ((roles & 1u << i) != 0 && json_array_append_new(array, json_string(yz_role_name(i))) != 0) {
      json_decref(array);
      return NULL;
    }
  return array;
}

int hub_check_writer(struct node *n, const struct yz_id *ledger, const struct yz_key *worker,
                     struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc != 0) return rc;
  if (yz_roster_roles(roster, worker) == YZ_ROLE_AUDITOR)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("An auditor reads, and writes nothing on cases. An administrator can give "
                       "another role with `yizhan hub roster grant`."),
                 NULL);
  yz_roster_destroy(roster);
  return rc;
}
