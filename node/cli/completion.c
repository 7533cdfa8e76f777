/* completion: what bash needs to complete a command line, made of the table of commands
 * and of their options, so that it can't lag behind them. */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "commands.h"

/* What follows the tables. bash hands over the line cut at = : and @ as well, each a word of
 * its own; what is offered takes the place of the last piece alone, and of an @ before it. */
static const char engine[] =
    "_yizhan() {\n"
    "  local piece last full word said= command= option= glue= kept name kind i\n"
    "  local -a words=() offers=()\n"
    "  for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "    piece=${COMP_WORDS[i]}\n"
    "    if ((${#words[@]})) && [[ -n $glue || $piece == [=:]* ]]; then words[-1]+=$piece\n"
    "    else words+=(\"$piece\"); fi\n"
    "    glue=\n"
    "    [[ $piece != *[=:@] ]] || glue=1\n"
    "  done\n"
    "  last=$piece\n"
    "  [[ -z ${last//[=:@]/} ]] && last=\n"
    "  full=${words[-1]}\n"
    "  kept=${full%\"$last\"}\n"
    "  kept=${kept%@}\n"
    "  unset 'words[-1]'\n"
    "  for word in \"${words[@]}\"; do\n"
    "    if [[ -n $option ]]; then option=\n"
    "    elif [[ $word == --*=* ]]; then :\n"
    "    elif [[ $word == -* ]]; then\n"
    "      [[ -z ${_yizhan_values[$command $word]+is}${_yizhan_values[$word]+is} ]] || "
    "option=$word\n"
    "    elif [[ -n $said || $word != help ]]; then\n"
    "      said+=${said:+ }$word\n"
    "      [[ -z ${_yizhan_options[$said]+is} ]] || command=$said\n"
    "    fi\n"
    "  done\n"
    "  if [[ -z $option && $full == --*=* ]]; then\n"
    "    option=${full%%=*}\n"
    "    full=${full#*=}\n"
    "    kept=${kept#*=}\n"
    "  fi\n"
    "  if [[ -n $option ]]; then\n"
    "    kind=${_yizhan_values[$command $option]-${_yizhan_values[$option]-}}\n"
    "  elif [[ $full == -* ]]; then\n"
    "    kind=\"${_yizhan_options[${command:-none}]-} ${_yizhan_options[every]}\"\n"
    "  else\n"
    "    kind=${_yizhan_values[${command:-none}]-}\n"
    "    [[ -n $said ]] || kind=help\n"
    "    for name in \"${!_yizhan_options[@]}\"; do\n"
    "      [[ $name == every || $name != \"${said:+$said }\"* ]] && continue\n"
    "      name=${name#\"${said:+$said }\"}\n"
    "      kind+=\" ${name%% *}\"\n"
    "    done\n"
    "  fi\n"
    "  if [[ $kind == / || $kind == @ && $full == @* ]]; then\n"
    "    compopt -o filenames 2>/dev/null || :\n"
    "    [[ $kind == / ]] && kind= || kind=@\n"
    "    mapfile -t offers < <(compgen -P \"$kind\" -f -- \"${full#\"$kind\"}\")\n"
    "  elif [[ $kind != @ ]]; then\n"
    "    for word in $kind; do\n"
    "      [[ $word != \"$full\"* || \" ${offers[*]} \" == *\" $word \"* ]] || "
    "offers+=(\"$word\")\n"
    "    done\n"
    "  fi\n"
    "  COMPREPLY=(\"${offers[@]#\"$kept\"}\")\n"
    "}\n"
    "complete -F _yizhan yizhan\n";

static bool takes_file(const char *args) {
  return args != NULL && strstr(args, "FILE") != NULL;
}

static const struct cli_option *first(const struct cli_option *options) {
  static const struct cli_option none = {.kind = CLI_END};
  return options != NULL ? options : &none;
}

static int put_options(struct yz_buf *out, const char *command, const struct cli_option *options) {
  int rc = yz_buf_printf(out, "  ['%s']='", command);
  for (const struct cli_option *o = first(options); rc == 0 && o->kind != CLI_END; o++)
    rc = yz_buf_printf(out, "%s--%s", o == options ? "" : " ", o->name);
  return rc == 0 ? yz_buf_puts(out, "'\n") : rc;
}

/* How a value is completed: '/' any file, '@' a file after @, else one of these words. */
static int put_value(struct yz_buf *out, const char *command, const char *name,
                     const struct cli_option *o) {
  int rc = yz_buf_printf(out, "  ['%s%s']='", command, name);
  if (rc == 0 && o->kind == CLI_PATH) rc = yz_buf_puts(out, "/");
  if (rc == 0 && o->kind == CLI_TEXT) rc = yz_buf_puts(out, "@");
  for (const char *c = o->arg; rc == 0 && o->kind == CLI_CHOICE && *c != '\0'; c++)
    rc = yz_buf_append(out, *c == '|' ? " " : c, 1);
  return rc == 0 ? yz_buf_puts(out, "'\n") : rc;
}

static int put_values(struct yz_buf *out, const char *command, const struct cli_option *options) {
  char name[64];
  int rc = 0;
  for (const struct cli_option *o = first(options); rc == 0 && o->kind != CLI_END; o++) {
    if (o->kind == CLI_FLAG) continue;
    (void)snprintf(name, sizeof name, "--%s", o->name);
    rc = put_value(out, command, name, o);
    (void)snprintf(name, sizeof name, "-%c", o->letter);
    if (rc == 0 && o->letter != 0) rc = put_value(out, command, name, o);
  }
  return rc;
}

static int put_command_values(struct yz_buf *out, const struct command *command) {
  char words[64];
  (void)snprintf(words, sizeof words, "%s ", command->name);
  int rc = put_values(out, words, command->options);
  if (rc != 0 || !takes_file(command->args)) return rc;
  return yz_buf_printf(out, "  ['%s']='/'\n", command->name);
}

static int put_script(struct yz_buf *out) {
  int rc = yz_buf_puts(out, "# Completion of yizhan in bash, made by `yizhan completion`.\n"
                            "declare -gA _yizhan_options=(\n");
  if (rc == 0) rc = put_options(out, "every", cli_global_options);
  for (const struct command *const *c = commands; rc == 0 && *c != NULL; c++)
    rc = put_options(out, (*c)->name, (*c)->options);
  if (rc == 0) rc = yz_buf_puts(out, ")\ndeclare -gA _yizhan_values=(\n");
  if (rc == 0) rc = put_values(out, "", cli_global_options);
  for (const struct command *const *c = commands; rc == 0 && *c != NULL; c++)
    rc = put_command_values(out, *c);
  if (rc == 0) rc = yz_buf_puts(out, ")\n");
  return rc == 0 ? yz_buf_puts(out, engine) : rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct yz_buf script = {0};
  int rc = put_script(&script) != 0 ? yz_no_memory(err) : 0;
  if (rc == 0 && cli->json)
    rc = cli_json(json_pack("{s:s}", "script", (const char *)script.data), err);
  else if (rc == 0)
    cli_say("%s", (const char *)script.data);
  yz_buf_finish(&script);
  return rc;
}

const struct command cmd_completion = {
    "completion", NULL, 0, 0, N_("Print what completes command lines in bash"), NULL, run};
