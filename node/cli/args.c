#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"

enum global {
  GLOBAL_DIR,
  GLOBAL_JSON,
  GLOBAL_LANG,
  GLOBAL_AS,
  GLOBAL_PASSPHRASE,
  GLOBAL_HELP,
  GLOBAL_VERSION
};

const struct cli_option cli_global_options[] = {
    [GLOBAL_DIR] = {CLI_PATH, false, 0, "dir", "DIR", N_("the node's folder")},
    [GLOBAL_JSON] = {CLI_FLAG, false, 0, "json", NULL, N_("answer in JSON")},
    [GLOBAL_LANG] = {CLI_CHOICE, false, 0, "lang", "zh|en", N_("the language of messages")},
    [GLOBAL_AS] = {CLI_LINE, false, 0, "as", "WORKER", N_("who acts")},
    [GLOBAL_PASSPHRASE] = {CLI_PATH, false, 0, "passphrase-file", "FILE",
                           N_("where the worker's passphrase stands")},
    [GLOBAL_HELP] = {CLI_FLAG, false, 0, "help", NULL, N_("say how this is used")},
    [GLOBAL_VERSION] = {CLI_FLAG, false, 0, "version", NULL, N_("say which version this is")},
    {.kind = CLI_END},
};

/* argp's keys: a letter where an option has one, else the option's index above
 * what a letter can be. */
enum { KEY_OPTION = 0x100, KEY_GLOBAL = 0x200 };
enum { MAX_ARGP = CLI_MAX_OPTIONS + 16 };

struct reading {
  struct cli *cli;
  struct yz_error *err;
  int rc;
  int command_at; /* where the command's first word stands; 0: none */
};

static int usage_fail(struct reading *r, const char *message, const char *subject) {
  r->rc = cli_usage_fail(r->cli, r->err, message, subject);
  return EINVAL;
}

static int take_global(struct reading *r, enum global option, const char *arg) {
  struct cli *cli = r->cli;
  char *value = NULL;
  if (arg != NULL) {
    r->rc = cli_read_value(cli, &cli_global_options[option], arg, &value, r->err);
    free(value);
    if (r->rc != 0) return EINVAL;
  }
  switch (option) {
  case GLOBAL_DIR:
    cli->dir = arg;
    break;
  case GLOBAL_JSON:
    cli->json = true;
    break;
  case GLOBAL_LANG:
    cli->lang = arg;
    break;
  case GLOBAL_AS:
    cli->worker = arg;
    cli->named = true;
    break;
  case GLOBAL_PASSPHRASE:
    cli->passphrase_file = arg;
    break;
  case GLOBAL_HELP:
    cli->help = true;
    break;
  case GLOBAL_VERSION:
    cli->show_version = true;
    break;
  }
  return 0;
}

static int take_option(struct reading *r, int index, const char *arg) {
  char *value = NULL;
  r->rc = cli_read_value(r->cli, &r->cli->command->options[index], arg, &value, r->err);
  if (r->rc != 0) return EINVAL;
  if (r->cli->values[index] != NULL) {
    free(value);
    r->rc = cli_option_fail(r->cli, r->err,
                            YZ_N_("This option stands here twice. Give it once a command."),
                            r->cli->command->options[index].name);
    return EINVAL;
  }
  r->cli->values[index] = value;
  return 0;
}

static int take_argument(struct reading *r, const char *arg, struct argp_state *state) {
  struct cli *cli = r->cli;
  if (cli->command == NULL) {
    r->command_at = state->next - 1;
    state->next = state->argc;
    return 0;
  }
  if (cli->n_args == cli->command->max_args)
    return usage_fail(r,
                      YZ_N_("The command takes fewer arguments. Put text with spaces between "
                            "quotation marks."),
                      arg);
  cli->args[cli->n_args++] = arg;
  return 0;
}

/* The word that argp did not understand. */
static const char *culprit(const struct argp_state *state) {
  int at = state->next > 1 ? state->next - 1 : 1;
  return at < state->argc ? state->argv[at] : "";
}

static int letter_index(const struct command *command, int key) {
  for (int i = 0;
       command != NULL && command->options != NULL && command->options[i].kind != CLI_END; i++)
    if (command->options[i].letter == key) return i;
  return -1;
}

static error_t take(int key, char *arg, struct argp_state *state) {
  struct reading *r = state->input;
  if (key == ARGP_KEY_ARG) return take_argument(r, arg, state);
  if (key == ARGP_KEY_ERROR) {
    if (r->rc == 0)
      (void)usage_fail(r,
                       YZ_N_("This option is unknown, or its value is missing. --help says what "
                             "there is."),
                       culprit(state));
    return 0;
  }
  if (key >= KEY_GLOBAL && key < KEY_GLOBAL + 16)
    return take_global(r, (enum global)(key - KEY_GLOBAL), arg);
  if (key >= KEY_OPTION && key < KEY_GLOBAL) return take_option(r, key - KEY_OPTION, arg);
  int index = key > 0 && key < KEY_OPTION ? letter_index(r->cli->command, key) : -1;
  return index >= 0 ? take_option(r, index, arg) : ARGP_ERR_UNKNOWN;
}

static size_t add_options(struct argp_option *to, size_t n, const struct cli_option *from,
                          int key) {
  for (int i = 0; from != NULL && from[i].kind != CLI_END; i++) {
    assert(n < MAX_ARGP - 1);
    to[n++] = (struct argp_option){.name = from[i].name,
                                   .key = from[i].letter != 0 ? from[i].letter : key + i,
                                   .arg = from[i].arg};
  }
  return n;
}

/* One pass of argp: up to the command when it is not known yet, else behind it. */
static int pass(struct reading *r, int argc, char **argv) {
  struct argp_option options[MAX_ARGP] = {{0}};
  const struct command *command = r->cli->command;
  size_t n = add_options(options, 0, command != NULL ? command->options : NULL, KEY_OPTION);
  (void)add_options(options, n, cli_global_options, KEY_GLOBAL);
  struct argp argp = {.options = options, .parser = take};
  unsigned flags = ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_NO_ERRS | (command ? 0U : ARGP_IN_ORDER);
  int rc = argp_parse(&argp, argc, argv, flags, NULL, r);
  if (r->rc != 0 || rc == 0) return r->rc;
  if (rc == ENOMEM) return yz_no_memory(r->err);
  return cli_usage_fail(r->cli, r->err,
                        YZ_N_("The options could not be read. --help says what there is."), NULL);
}

/* How many of argv's first words name this command: 0 when they do not. */
static int words_of(const struct command *command, int argc, char **argv) {
  const char *rest = command->name;
  int n = 0;
  for (; n < argc; n++) {
    size_t len = strcspn(rest, " ");
    if (strlen(argv[n]) != len || strncmp(argv[n], rest, len) != 0) return 0;
    rest += len;
    if (*rest == '\0') return n + 1;
    rest++;
  }
  return 0;
}

/* Do several commands begin with these words? */
static bool is_group(const char *words) {
  size_t len = strlen(words);
  for (const struct command *const *c = commands; *c != NULL; c++)
    if (strncmp((*c)->name, words, len) == 0 && (*c)->name[len] == ' ') return true;
  return false;
}

/* No command is named: a group of them, or none that there is. */
static int find_group(struct cli *cli, int argc, char **argv, struct yz_error *err) {
  char words[CLI_GROUP] = "";
  int n = 0;
  while (n < argc && argv[n][0] != '-' && (n == 0 || is_group(words))) {
    size_t used = strlen(words);
    (void)snprintf(words + used, sizeof words - used, "%s%s", n > 0 ? " " : "", argv[n]);
    n++;
  }
  if (!is_group(words))
    return cli_usage_fail(cli, err,
                          YZ_N_("There is no such command. `yizhan help` names them all."), words);
  if (!cli->help && (n == argc || strcmp(argv[n], "--help") != 0))
    return cli_usage_fail(
        cli, err, YZ_N_("Several commands begin so. `yizhan help` with these words names them."),
        words);
  cli->help = true;
  memcpy(cli->group, words, sizeof words);
  return 0;
}

/* The command that most of the words name. */
static int find_command(struct cli *cli, int argc, char **argv, int *words, struct yz_error *err) {
  *words = 0;
  for (const struct command *const *c = commands; *c != NULL; c++) {
    int n = words_of(*c, argc, argv);
    if (n <= *words) continue;
    *words = n;
    cli->command = *c;
  }
  if (cli->command != NULL) return 0;
  return find_group(cli, argc, argv, err);
}

static int check_complete(struct cli *cli, struct yz_error *err) {
  const struct command *command = cli->command;
  if (cli->help) return 0;
  if (cli->n_args < command->min_args)
    return cli_usage_fail(cli, err, YZ_N_("An argument is missing. --help says which."),
                          command->args);
  const struct cli_option *option = command->options;
  for (int i = 0; option != NULL && option[i].kind != CLI_END; i++)
    if (option[i].required && cli->values[i] == NULL)
      return cli_option_fail(cli, err, YZ_N_("An option is missing. --help says what it means."),
                             option[i].name);
  return 0;
}

int cli_read_args(struct cli *cli, int argc, char **argv, struct yz_error *err) {
  struct reading r = {.cli = cli, .err = err};
  int rc = pass(&r, argc, argv);
  if (rc != 0) return rc;
  if (r.command_at == 0) {
    if (cli->help || cli->show_version) return 0;
    return cli_usage_fail(cli, err, YZ_N_("Say what to do. `yizhan help` names all commands."),
                          NULL);
  }
  int words;
  argc -= r.command_at;
  argv += r.command_at;
  if (strcmp(argv[0], "help") == 0) {
    cli->help = true;
    if (argc == 1) return 0;
    argc--, argv++;
  }
  rc = find_command(cli, argc, argv, &words, err);
  if (rc == 0 && cli->command == NULL) return 0;
  /* argp skips the first word: the command's last takes that place. */
  if (rc == 0) rc = pass(&r, argc - (words - 1), argv + (words - 1));
  return rc != 0 ? rc : check_complete(cli, err);
}
