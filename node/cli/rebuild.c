/* rebuild: makes the repositories anew from the store, or the store from them. */
#include "../rebuild.h"

#include <string.h>

#include "../ledgers.h"
#include "admin.h"

static const struct cli_option options[] = {
    {CLI_CHOICE, true, 0, "from", "ledger|store", N_("the side that is whole")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

struct moved {
  const struct cli *cli;
  json_t *aside;
};

static void note_aside(void *arg, const char *aside) {
  struct moved *m = arg;
  if (!m->cli->json) cli_say(_("What was there is kept as %s.\n"), aside);
  /* A list cut short for want of memory loses no file. */
  (void)json_array_append_new(m->aside, json_string(aside));
}

static int from_store(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct moved m = {.cli = cli, .aside = json_array()};
  if (m.aside == NULL) return yz_no_memory(err);
  int rc = node_rebuild_git(n, note_aside, &m, err);
  if (rc == 0 && cli->json)
    rc = cli_json(json_pack("{s:s,s:O}", "from", "store", "aside", m.aside), err);
  else if (rc == 0)
    cli_say(_("The repositories were built again from the store.\n"));
  json_decref(m.aside);
  return rc;
}

static int from_ledger(const struct cli *cli, struct node *n, struct yz_error *err) {
  int64_t records = 0;
  int rc = node_rebuild_store(n, &records, err);
  if (rc == 0 && cli->json)
    rc = cli_json(json_pack("{s:s,s:I}", "from", "ledger", "records", (json_int_t)records), err);
  else if (rc == 0)
    cli_say(_("%lld records came back from the repositories; the cases were put together again.\n"),
            (long long)records);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_lock lock;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_lock(cli->dir, &lock, err);
  if (rc == 0)
    rc = strcmp(cli_get(cli, "from"), "store") == 0 ? from_store(cli, &n, err)
                                                    : from_ledger(cli, &n, err);
  yz_lock_release(&lock);
  node_finish(&n);
  return rc;
}

const struct command cmd_rebuild = {
    "rebuild", NULL, 0, 0, N_("Build the repositories from the store, or the store from them"),
    options,   run};
