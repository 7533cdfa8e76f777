/* Every command, each in a file of its own. */
#ifndef YIZHAN_NODE_CLI_COMMANDS_H
#define YIZHAN_NODE_CLI_COMMANDS_H

#include "cli.h"

extern const struct command cmd_init;

#endif
