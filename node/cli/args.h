/* Reading the command line: private to the frame. */
#ifndef YIZHAN_NODE_CLI_ARGS_H
#define YIZHAN_NODE_CLI_ARGS_H

#include "cli.h"

/* The options that stand before or after every command. */
extern const struct cli_option cli_global_options[];

/* Fills cli from argv: options, the command, its options and arguments. Without a
 * command cli->command stays NULL (--help, --version). YZ_E_INPUT with cli->usage
 * set when the command line is wrong; whatever a text option's file gives. */
int cli_read_args(struct cli *cli, int argc, char **argv, struct yz_error *err) YZ_MUST_CHECK;

/* The value of an option as its kind asks: checked, read; *out is malloc'd. */
int cli_read_value(const struct cli *cli, const struct cli_option *option, const char *given,
                   char **out, struct yz_error *err) YZ_MUST_CHECK;

/* Help on stdout: of one command, or (NULL) of those whose names begin with the words of group; "":
 * of them all. */
void cli_help(const struct command *command, const char *group);

#endif
