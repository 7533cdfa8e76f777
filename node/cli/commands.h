/* Every command, each in a file of its own. */
#ifndef YIZHAN_NODE_CLI_COMMANDS_H
#define YIZHAN_NODE_CLI_COMMANDS_H

#include "cli.h"

extern const struct command cmd_init;
extern const struct command cmd_case_open;
extern const struct command cmd_case_note;
extern const struct command cmd_case_assign;
extern const struct command cmd_case_escalate;
extern const struct command cmd_case_resolve;
extern const struct command cmd_case_followup;
extern const struct command cmd_case_close;
extern const struct command cmd_case_reopen;
extern const struct command cmd_case_edit;
extern const struct command cmd_case_show;
extern const struct command cmd_case_list;
extern const struct command cmd_case_import;
extern const struct command cmd_export;
extern const struct command cmd_log;

#endif
