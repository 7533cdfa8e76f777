/* Of values that were written apart, saying which is right. */
#include "casework.h"
#include "commands.h"

static int run(struct cli *cli, struct yz_error *err) {
  struct casework_move m = casework_settle(cli_get(cli, "field"), cli_get(cli, "value"));
  return casework_move(cli, &m, err);
}

static const struct cli_option options[] = {
    {CLI_CHOICE, true, 0, "field",
     "title|text|category|channel|urgency|place|resident|phone|household|assigned|class|state",
     N_("what was said apart")},
    {CLI_TEXT, true, 0, "value", "TEXT",
     N_("which of the values is right; an empty one: that there is none")},
    {.kind = CLI_END},
};
const struct command cmd_case_settle = {
    "case settle", "NUMBER", 1, 1, N_("Say which is right of what was said apart"), options, run};
