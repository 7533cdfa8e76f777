/* Who oversees how the township reads what people said. */
#include <stdlib.h>

#include "../ledgers.h"
#include "hub.h"

int hub_check_overseer(struct node *n, const struct yz_key *worker, struct yz_error *err) {
  enum { OVERSEES = YZ_ROLE_ADMINISTRATOR | YZ_ROLE_HEAD | YZ_ROLE_AUDITOR };
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  bool may = false;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count && !may; i++) {
    struct yz_roster *roster = NULL;
    rc = yz_station_roster(&n->station, &rows[i].id, &roster, err);
    may = rc == 0 && (yz_roster_roles(roster, worker) & OVERSEES) != 0;
    yz_roster_destroy(roster);
  }
  free(rows);
  if (rc != 0 || may || count == 0) return rc;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Who has read what is for the township's administrator, head and auditor to "
                       "see. Who has read one case stands in that case."),
                 NULL);
}
