/* What `verify` does, for a node that was just brought back. */
#ifndef YIZHAN_NODE_CLI_VERIFY_H
#define YIZHAN_NODE_CLI_VERIFY_H

#include "../node.h"
#include "cli.h"

/* Checks everything that the node keeps, and says each finding as `verify` does, unless --json is
 * given. *findings: these, an array to be released with json_decref; NULL where this fails. */
int verify_restored(const struct cli *cli, struct node *n, json_t **findings,
                    struct yz_error *err) YZ_MUST_CHECK;

#endif
