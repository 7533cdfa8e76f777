/* What stats and hub sample share: the month in which cases were opened. */
#ifndef YIZHAN_NODE_CLI_STATS_H
#define YIZHAN_NODE_CLI_STATS_H

#include "../reckoning.h"
#include "cli.h"

/* As --month says; the zone is the township's. */
int stats_month(struct cli *cli, int zone, struct reckoning_month *out,
                struct yz_error *err) YZ_MUST_CHECK;

#endif
