/* What the household commands share. */
#ifndef YIZHAN_NODE_CLI_HOUSEHOLD_H
#define YIZHAN_NODE_CLI_HOUSEHOLD_H

#include "../registry.h"
#include "cli.h"

#define HOUSEHOLD_VILLAGE_OPTION                                                                   \
  { CLI_LINE, false, 0, "village", "CODE", N_("at the hub: of this village") }

/* Which villages are meant: *ledger is the own one, at the hub the one that --village names (kept
 * in room), else NULL: all. */
int household_scope(struct cli *cli, struct node *n, struct yz_id *room,
                    const struct yz_id **ledger, struct yz_error *err) YZ_MUST_CHECK;
/* Opens the node, with who signs (NULL: who reads), and finds the household that the first argument
 * names. After a failure all is closed. */
int household_open(struct cli *cli, struct node *n, struct signer *who,
                   struct registry_place *place, struct yz_error *err) YZ_MUST_CHECK;

/* Names, apart as people write them; appended to out. */
int household_people(const json_t *people, struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
