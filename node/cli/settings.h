/* What the commands about the township's settings share. */
#ifndef YIZHAN_NODE_CLI_SETTINGS_H
#define YIZHAN_NODE_CLI_SETTINGS_H

#include "cli.h"

/* What was settled: at a hub over all villages, at a village as its ledger says. */
int settings_load(struct node *n, struct township *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
