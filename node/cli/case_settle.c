/* Of values that were written apart, saying which is right. */
#include <string.h>

#include "casework.h"
#include "commands.h"

static int run(struct cli *cli, struct yz_error *err) {
  const char *field = cli_get(cli, "field"), *value = cli_get(cli, "value");
  struct casework_move m = {.move = CASE_SETTLE, .at_ms = INT64_MIN};
  if (strcmp(field, case_field_name(FIELD_STATE)) == 0 ||
      strcmp(field, case_field_name(FIELD_CLASS)) == 0) {
    m.plain = json_pack("{s:s}", field, value);
    m.ok = m.plain != NULL;
  } else {
    m.content = json_pack("{s:{s:o}}", "fields", field,
                          value[0] != '\0' ? json_string(value) : json_null());
    m.ok = m.content != NULL;
  }
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
