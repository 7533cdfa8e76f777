/* What the case commands share. */
#ifndef YIZHAN_NODE_CLI_CASEWORK_H
#define YIZHAN_NODE_CLI_CASEWORK_H

#include "../casework.h"
#include "cli.h"

/* Makes a move on the case that the first argument names (CASE_OPEN: on none) and
 * prints {"case","record"}, or one line for people. Drops the move, also on failure. */
int casework_move(const struct cli *cli, const struct casework_move *m,
                  struct yz_error *err) YZ_MUST_CHECK;

/* Names for people, in their language; an unknown one as it is. */
const char *casework_state(enum case_state state);
const char *casework_class(enum case_class class);
const char *casework_move_label(const char *type);

#endif
