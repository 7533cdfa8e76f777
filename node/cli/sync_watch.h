/* sync --watch: contacts whenever there may be a road. */
#ifndef YIZHAN_NODE_CLI_SYNC_WATCH_H
#define YIZHAN_NODE_CLI_SYNC_WATCH_H

#include "cli.h"

/* Until SIGTERM or SIGINT; then 0, and with --json one value that sums up. */
int sync_watch(const struct cli *cli, struct yz_error *err) YZ_MUST_CHECK;

#endif
