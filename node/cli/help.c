#include <stdio.h>
#include <string.h>

#include "args.h"
#include "table.h"

enum { HELP_COLUMN = 32 };

/* An entry and what it means, at one column. */
static void entry(const char *left, const char *meaning) {
  size_t width = text_width(left);
  int pad = width + 2 < HELP_COLUMN ? (int)(HELP_COLUMN - width) : 2;
  cli_say("  %s%*s%s\n", left, pad, "", meaning);
}

static void options(const struct cli_option *option) {
  for (; option != NULL && option->kind != CLI_END; option++) {
    char left[128], letter[6] = "";
    if (option->letter != 0) (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name,
                   option->arg != NULL ? " " : "", option->arg != NULL ? option->arg : "");
    entry(left, _(option->help));
  }
}

static void help_command(const struct command *command) {
  cli_say(_("Usage: yizhan %s%s%s [OPTION...]\n"), command->name, command->args != NULL ? " " : "",
          command->args != NULL ? command->args : "");
  cli_say("%s\n\n", _(command->summary));
  options(command->options);
  if (command->options != NULL) cli_say("\n");
  cli_say("%s\n", _("Options of every command:"));
  options(cli_global_options);
  cli_say("\n%s\n", _("TEXT may be @FILE to read a file, or - to read standard input."));
}

static bool is_in(const struct command *command, const char *group) {
  size_t len = strlen(group);
  return len == 0 || (strncmp(command->name, group, len) == 0 && command->name[len] == ' ');
}

void cli_help(const struct command *command, const char *group) {
  if (command != NULL) {
    help_command(command);
    return;
  }
  cli_say("%s\n\n", _("Usage: yizhan [OPTION...] COMMAND ..."));
  for (const struct command *const *c = commands; *c != NULL; c++) {
    char left[128];
    if (!is_in(*c, group)) continue;
    (void)snprintf(left, sizeof left, "%s%s%s", (*c)->name, (*c)->args != NULL ? " " : "",
                   (*c)->args != NULL ? (*c)->args : "");
    entry(left, _((*c)->summary));
  }
  cli_say("\n%s\n", _("Options of every command:"));
  options(cli_global_options);
  cli_say("\n%s\n", _("`yizhan help COMMAND` says more."));
}
