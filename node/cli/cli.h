/* The command line's frame: what every command starts with and how it answers.
 *
 * A command is a `struct command` in a file of its own, named in commands.c. The
 * frame reads the options, then calls run, which
 *   - returns 0: done;
 *   - returns a negative code with err filled: the frame says the error and
 *     chooses the exit status;
 *   - returns a positive number: all is said, this is the exit status.
 *
 *   yizhan [--dir DIR] [--json] [--lang zh|en] [--as WORKER] COMMAND ...
 *
 * The same options are accepted after the command. With --json stdout holds one
 * JSON value and nothing else; an error is {"error":{"code","message","subject"}}
 * there, and a sentence on stderr. */
#ifndef YIZHAN_NODE_CLI_H
#define YIZHAN_NODE_CLI_H

#include "../i18n.h"
#include "../moment.h"
#include "../node.h"

enum cli_exit {
  EXIT_DONE = 0,
  EXIT_FAILED = 1,  /* refused, not found, wrong passphrase, rows that could not be read */
  EXIT_USAGE = 2,   /* the command line is wrong */
  EXIT_NETWORK = 3, /* the hub was not reached */
  EXIT_DAMAGED = 4  /* what is kept is not what was written */
};

enum { CLI_MAX_OPTIONS = 32, CLI_MAX_ARGS = 64, CLI_GROUP = 64, CLI_MAX_TEXT = 1024 * 1024 };

enum cli_kind {
  CLI_END,    /* the last one of a table */
  CLI_FLAG,   /* takes no value */
  CLI_LINE,   /* one line of valid text */
  CLI_TEXT,   /* text: "@FILE" reads a file, "-" standard input, else it is the text itself.
               * At most 1 MiB, valid, CR LF made LF, the last line's end dropped */
  CLI_PATH,   /* a file's name, as it is */
  CLI_CHOICE, /* one of the words of `arg`, which is "one|two|three" */
  CLI_NUMBER, /* 0 to 2^53 */
  CLI_WHEN    /* a time, as node/import/when.h reads it; without a zone the township's */
};

struct cli_option {
  enum cli_kind kind;
  bool required;
  char letter;      /* "-o" beside "--output"; 0: none */
  const char *name; /* "title" */
  const char *arg;  /* how help names the value: "TEXT"; NULL for a flag */
  const char *help; /* N_("…") */
};

struct cli;
struct command {
  const char *name; /* one to three words: "case open" */
  const char *args; /* how help names the arguments: "NUMBER"; NULL: none */
  int min_args, max_args;
  const char *summary;              /* N_("…"), one line */
  const struct cli_option *options; /* ended by {CLI_END}; NULL: none */
  int (*run)(struct cli *cli, struct yz_error *err);
};
/* All of them, in the order of help, ended by NULL. */
extern const struct command *const commands[];

struct cli {
  const struct yz_world *world;
  const struct command *command;
  const char *dir;             /* the node's folder */
  const char *worker;          /* who acts; NULL: not said */
  bool named;                  /* said on the command line */
  const char *passphrase_file; /* NULL: not said */
  bool json;
  const char *args[CLI_MAX_ARGS];
  int n_args;
  /* the frame's own */
  const char *version, *lang;
  char *default_dir;
  char *values[CLI_MAX_OPTIONS]; /* by index of the command's options; owned */
  bool help, show_version, usage;
  char group[CLI_GROUP]; /* help is asked for on the commands that begin so; "": on one, on all */
};

/* The program: 0 to 4, see enum cli_exit. */
int cli_main(int argc, char **argv, const struct yz_world *world, const char *version);

/* --- what was asked for ----------------------------------------------- */

/* The value of one of the command's options, NULL when it was not given; "" for a
 * flag that was. */
const char *cli_get(const struct cli *cli, const char *name);
bool cli_has(const struct cli *cli, const char *name);
/* A CLI_NUMBER's value, or `missing` when it was not given. */
int64_t cli_number(const struct cli *cli, const char *name, int64_t missing);
/* A CLI_WHEN's value, ms since 1970, or `missing`; in a zone, where it does not say one. */
int64_t cli_when(const struct cli *cli, const char *name, int zone, int64_t missing);
/* For what only the command itself can see to be wrong on the command line (two
 * options that exclude each other): like yz_fail with YZ_E_INPUT, and exit status 2. */
int cli_usage_fail(struct cli *cli, struct yz_error *err, const char *message, const char *subject);
/* The same of an option, by its name without dashes. */
int cli_option_fail(struct cli *cli, struct yz_error *err, const char *message, const char *option);

/* Opens the node in cli->dir. */
int cli_open_node(const struct cli *cli, struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* The same, to read what is sealed to workers: where --as stands on the command line, or a
 * passphrase's file was named, opened with that worker's key; else it stays sealed. */
int cli_open_reader(const struct cli *cli, struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Says on stderr how what is sealed is opened. */
void cli_note_sealed(void);
/* Who signs, as --as and --passphrase-file say. */
int cli_open_signer(const struct cli *cli, struct node *n, struct signer *s,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The passphrase for a new worker of commands that have the option "passphrase" (a
 * flag: asked for, twice) or were given --passphrase-file. *out NULL: none is
 * wanted; the caller destroys it. Its bytes end with a zero that len counts. */
int cli_new_passphrase(const struct cli *cli, struct yz_secret **out,
                       struct yz_error *err) YZ_MUST_CHECK;

/* --- answering -------------------------------------------------------- */

/* Prints one JSON value and a line end on stdout, and drops it (stolen, also on
 * failure). A NULL value means memory ran out: YZ_E_MEMORY. */
int cli_json(json_t *value, struct yz_error *err) YZ_MUST_CHECK;
/* An array printed item by item, so that it need not be held: begin, items, end.
 * item is stolen, also on failure. */
struct cli_array {
  size_t n;
};
int cli_array_item(struct cli_array *a, json_t *item, struct yz_error *err) YZ_MUST_CHECK;
int cli_array_end(struct cli_array *a, struct yz_error *err) YZ_MUST_CHECK;

/* For people, on stdout. Control characters, invalid bytes and marks that turn the
 * direction of text come out as '?', so that nothing from outside steers the
 * terminal. Line ends and tabs of format stay, those of arguments too. */
void cli_say(const char *format, ...) YZ_PRINTF(1, 2);
/* The same on stderr, whatever --json says: what a person should know beside. */
void cli_note(const char *format, ...) YZ_PRINTF(1, 2);

/* "Label: value" and a line end, as the language writes it. */
void cli_say_field(const char *label, const char *value);

/* moment_text and moment_json, as the commands call them. */
enum { CLI_TIME = MOMENT_MAX };
void cli_time(int64_t ms, int zone, char out[static CLI_TIME]);
/* The same for people, to the minute: "2026-11-23 18:04". */
void cli_moment(int64_t ms, int zone, char out[static CLI_TIME]);
json_t *cli_json_time(int64_t ms, int zone, int64_t none);
/* A JSON string, null for NULL. New reference. */
json_t *cli_json_text(const char *text);

#endif
