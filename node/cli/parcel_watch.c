/* parcel watch: sticks that are put in are read and answered by themselves. */
#include <stdio.h>
#include <stdlib.h>

#include "../reserve.h"
#include "../sticks.h"
#include "parcel.h"

/* In a child, on the stick. */
static int visit(void *ctx, const char *folder) {
  struct cli *cli = ctx;
  struct yz_error err = {0};
  struct node n;
  int status = 0;
  if (!cli->json) cli_say("%s:\n", folder);
  int rc = cli_open_node(cli, &n, &err);
  if (rc == 0) {
    rc = parcel_read(cli, &n, ".", PARCEL_ANSWER_HUB, &status, &err);
    node_finish(&n);
    reserve_keep(cli->world, cli->dir);
  }
  if (rc == 0) return status;
  cli_note("yizhan: %s: %s\n", folder,
           err.message != NULL ? _(err.message) : yz_code_name(err.code));
  return EXIT_FAILED;
}

static void on_ended(void *ctx, const char *folder, int status, bool lost) {
  const struct cli *cli = ctx;
  struct yz_error err = {0};
  if (cli->json) {
    if (cli_json(json_pack("{s:s,s:s,s:b,s:b}", "event", "stick", "folder", folder, "ok",
                           status == 0, "kept", !lost),
                 &err) != 0)
      cli_note("yizhan: %s\n", _(err.message));
  } else if (lost) {
    cli_note(_("%s: the stick went away, or does not keep what is written to it. Nothing is lost "
               "here: put it in again, or another one.\n"),
             folder);
  } else if (status != 0) {
    cli_note(_("%s: not all went well, as was said above. The stick may be pulled out now.\n"),
             folder);
  } else {
    cli_say(_("%s: all is done; the stick may be pulled out now.\n"), folder);
  }
  (void)fflush(stdout);
}

static int check(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = parcel_check_joined(&n, err);
  node_finish(&n);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  int rc = check(cli, err);
  if (rc != 0) return rc;
  const char *given = cli->dir;
  char *dir = realpath(given, NULL);
  if (dir == NULL) return yz_no_memory(err);
  cli->dir = dir;
  const struct sticks s = {.dir = dir,
                           .world = cli->world,
                           .any = cli_has(cli, "any"),
                           .visit = visit,
                           .ended = on_ended,
                           .ctx = cli};
  rc = sticks_run(&s, err);
  cli->dir = given;
  free(dir);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_FLAG, false, 0, "any", NULL,
     N_("any stick below /media, /run/media or /mnt: its folder YIZHAN is made")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

const struct command cmd_parcel_watch = {
    "parcel watch",
    NULL,
    0,
    0,
    N_("Read and answer each stick with a folder YIZHAN as it is put in"),
    options,
    run};
