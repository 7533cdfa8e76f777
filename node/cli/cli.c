#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../reserve.h"
#include "args.h"
#include "last_words.h"
#include "out.h"

static int option_index(const struct cli *cli, const char *name) {
  const struct cli_option *option = cli->command->options;
  for (int i = 0; option != NULL && option[i].kind != CLI_END; i++)
    if (strcmp(option[i].name, name) == 0) return i;
  assert(false && "a command asks for one of its own options");
  return 0;
}

const char *cli_get(const struct cli *cli, const char *name) {
  return cli->values[option_index(cli, name)];
}

bool cli_has(const struct cli *cli, const char *name) {
  return cli_get(cli, name) != NULL;
}

int64_t cli_number(const struct cli *cli, const char *name, int64_t missing) {
  const char *value = cli_get(cli, name);
  return value != NULL ? strtoll(value, NULL, 10) : missing;
}

int64_t cli_when(const struct cli *cli, const char *name, int zone, int64_t missing) {
  const char *value = cli_get(cli, name);
  int64_t ms = missing;
  if (value == NULL) return missing;
  return when_parse(value, strlen(value), zone, &ms) ? ms : missing;
}

int cli_usage_fail(struct cli *cli, struct yz_error *err, const char *message,
                   const char *subject) {
  cli->usage = true;
  return yz_fail(err, YZ_E_INPUT, message, "%s", subject != NULL ? subject : "");
}

int cli_option_fail(struct cli *cli, struct yz_error *err, const char *message,
                    const char *option) {
  cli->usage = true;
  return yz_fail(err, YZ_E_INPUT, message, "--%s", option);
}

/* A missing standard stream would lend its number to the next file opened, and
 * what is printed would be written into that. So each is open, and fails. */
static void keep_streams_apart(void) {
  static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[fd]) != fd)
      _exit(EXIT_FAILED);
}

/* Keys and opened names are in this memory: no core file takes it along, no other program of this
 * user looks into it, and what is freed is overwritten (forget.c). What is large is mapped by
 * itself, and of what is free little kept. */
static void keep_memory_apart(void) {
  static const struct rlimit none = {0, 0};
  enum { LARGE = 512 * 1024 };
  (void)setrlimit(RLIMIT_CORE, &none);
  /* A core that goes to a program instead of a file minds no limit. */
  (void)prctl(PR_SET_DUMPABLE, 0);
  (void)mallopt(M_MMAP_THRESHOLD, LARGE);
  (void)mallopt(M_TRIM_THRESHOLD, LARGE);
}

static const char *from_environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* $XDG_DATA_HOME/yizhan or ~/.local/share/yizhan; malloc'd, NULL when neither is known. */
static char *default_dir(void) {
  const char *data = from_environment("XDG_DATA_HOME"), *home = from_environment("HOME");
  char *dir = NULL;
  if (data != NULL && data[0] == '/') return asprintf(&dir, "%s/yizhan", data) < 0 ? NULL : dir;
  if (home == NULL) return NULL;
  return asprintf(&dir, "%s/.local/share/yizhan", home) < 0 ? NULL : dir;
}

/* Errors in the options must be said in the language and form that they ask for,
 * wherever on the line they stand. */
static void look_ahead(struct cli *cli, int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--json") == 0) cli->json = true;
    if (strncmp(argv[i], "--lang=", 7) == 0) cli->lang = argv[i] + 7;
    if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) cli->lang = argv[i + 1];
  }
}

static void set_up(struct cli *cli, int argc, char **argv) {
  cli->default_dir = default_dir();
  const char *dir = from_environment("YIZHAN_DIR");
  cli->dir = dir != NULL ? dir : cli->default_dir;
  cli->worker = from_environment("YIZHAN_WORKER");
  cli->passphrase_file = from_environment("YIZHAN_PASSPHRASE_FILE");
  look_ahead(cli, argc, argv);
  /* A language that is none is refused with the other options, in the usual one. */
  if (i18n_init(cli->lang) != 0 && i18n_init(NULL) != 0) cli->lang = NULL;
}

/* Keeps the reserve of the node that was worked on, and says where it was needed. */
static void tend_reserve(const struct cli *cli, int64_t held_before, int rc) {
  const struct yz_world *world = cli->world;
  struct reserve r;
  reserve_look(world, cli->dir, &r);
  if (rc == YZ_E_FULL && r.low)
    reserve_give(world, cli->dir, cli->dir, r.disk_free + 4 * RESERVE_WRITE);
  else
    reserve_keep(world, cli->dir);
  reserve_look(world, cli->dir, &r);
  if (r.held >= held_before) return;
  if (rc == YZ_E_FULL)
    cli_note(
        _("Room was made for it from the reserve, of which %lld MiB are left: do it again now, "
          "then free some space on the disk.\n"),
        (long long)(r.held / RESERVE_WRITE));
  else
    cli_note(_("The disk is full: this was written into the reserve, of which %lld MiB are left. "
               "Free some space on the disk.\n"),
             (long long)(r.held / RESERVE_WRITE));
}

static int work(struct cli *cli, struct yz_error *err) {
  struct reserve before;
  reserve_look(cli->world, cli->dir, &before);
  int rc = cli->command->run(cli, err);
  tend_reserve(cli, before.held, rc);
  return rc;
}

static int obey(struct cli *cli, int argc, char **argv, struct yz_error *err) {
  int rc = cli_read_args(cli, argc, argv, err);
  if (rc != 0) {
    cli->usage = cli->usage || rc == YZ_E_INPUT;
    return rc;
  }
  if (cli->show_version) {
    cli_say("yizhan %s\n", cli->version);
    return 0;
  }
  if (cli->help) {
    cli_help(cli->command, cli->group);
    return 0;
  }
  if (cli->dir == NULL || cli->dir[0] == '\0')
    return cli_usage_fail(cli, err, YZ_N_("Say where the node's folder is."), "--dir");
  if (yz_crypto_init() != 0)
    return yz_fail(err, YZ_E_INTERNAL, YZ_N_("This machine gives no random numbers fit for keys."),
                   NULL);
  return work(cli, err);
}

static int exit_status(const struct cli *cli, int rc) {
  if (rc >= 0) return rc;
  if (cli->usage) return EXIT_USAGE;
  if (rc == YZ_E_NETWORK) return EXIT_NETWORK;
  return rc == YZ_E_DAMAGED ? EXIT_DAMAGED : EXIT_FAILED;
}

int cli_main(int argc, char **argv, const struct yz_world *world, const char *version) {
  struct cli cli = {.world = world, .version = version};
  struct yz_error err = {0};
  keep_streams_apart();
  keep_memory_apart();
  (void)umask(077);
  /* A peer that hangs up, a reader that leaves and a file that may not grow are errors to
   * report, not ends. */
  (void)signal(SIGPIPE, SIG_IGN);
  (void)signal(SIGXFSZ, SIG_IGN);
  yz_json_watch();
  set_up(&cli, argc, argv);
  last_words(_("The program broke off: memory ran out, or there is a fault in it. What it said was "
               "saved is there. Do it again; if it breaks off once more, `yizhan verify` looks "
               "whether all is whole.\n"));
  int rc = obey(&cli, argc, argv, &err);
  /* Then what was shown, or found, may be wrong. */
  if (rc >= 0 && yz_json_lacked()) rc = yz_no_memory(&err);
  int status = exit_status(&cli, rc);
  if (rc < 0) {
    (void)yz_fail(&err, (enum yz_code)rc, YZ_N_("It could not be done."), NULL);
    out_error(&cli, &err);
  }
  if (!out_close(rc >= 0) && status == EXIT_DONE) status = EXIT_FAILED;
  for (size_t i = 0; i < CLI_MAX_OPTIONS; i++) free(cli.values[i]);
  free(cli.default_dir);
  return status;
}
