/* What stats and hub sample share: the month in which cases were opened. */
#ifndef YIZHAN_NODE_CLI_STATS_H
#define YIZHAN_NODE_CLI_STATS_H

#include "cli.h"

struct stats_month {
  const char *name;       /* "2026-03"; NULL: all months */
  int64_t from_ms, to_ms; /* in the township's zone; the end is not in it */
};
/* As --month says. */
int stats_month(struct cli *cli, struct stats_month *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
