/* A village alone: useful at once, with its own ledger and one worker. */
#include <stdio.h>
#include <string.h>

#include "../ledgers.h"
#include "../said.h"
#include "admin.h"
#include "commands.h"

struct made {
  struct yz_key worker;
  char name[YZ_MAX_NAME + 1]; /* the worker's */
  char recovery_code[RECOVERY_CODE];
};

/* Its ledger, whose other side there is none, and the log of its first records. */
static int begin_ledger(struct node *n, const struct made *made, struct yz_error *err) {
  struct yz_ledger_row row = {0};
  struct yz_new_worker worker = {.key = made->worker, .name = made->name};
  struct yz_beginning b = {
      .name = n->name, .code = n->code, .letter = n->letter, .workers = &worker, .n_workers = 1};
  char hex[YZ_ID_HEX + 1];
  struct yz_id log;
  const struct yz_store *store = n->station.store;
  n->world->random(n->world->ctx, row.id.bytes, YZ_ID_LEN);
  memcpy(row.name, n->name, sizeof row.name);
  memcpy(row.code, n->code, sizeof row.code);
  yz_to_hex(row.id.bytes, YZ_ID_LEN, hex);
  int rc = store->put_ledger(store->ctx, &row, err);
  if (rc == 0) rc = yz_begin_log(&n->station, &row.id, &b, &log, err);
  return rc != 0 ? rc : store_put_setting(n->store, "ledger", hex, err);
}

static int populate(struct node *n, const struct yz_secret *passphrase, struct made *made,
                    struct yz_error *err) {
  const char *word = passphrase != NULL ? (const char *)passphrase->bytes : NULL;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = node_new_worker(n, made->name, word, &made->worker, made->recovery_code, err);
  if (rc == 0) rc = begin_ledger(n, made, err);
  return store_end(n->store, rc, err);
}

static int print(const struct cli *cli, const struct node *n, const struct made *made,
                 struct yz_error *err) {
  char key[2 * YZ_KEY_LEN + 1];
  bool locked = made->recovery_code[0] != '\0';
  yz_to_hex(n->station.key.bytes, YZ_KEY_LEN, key);
  if (cli->json)
    return cli_json(json_pack("{s:s,s:s,s:s,s:s,s:s*}", "village", n->name, "code", n->code,
                              "worker", made->name, "node", key, "recovery_code",
                              locked ? made->recovery_code : NULL),
                    err);
  cli_say(_("%s (%s) is ready. %s works here.\n"), n->name, n->code, made->name);
  admin_say_code(made->recovery_code);
  return 0;
}

static int make(const struct cli *cli, const char *code, struct yz_error *err) {
  struct made made = {0};
  struct yz_lock lock = {-1};
  struct yz_secret *passphrase = NULL;
  struct node n = {0};
  const char *village = cli_get(cli, "village");
  (void)snprintf(made.name, sizeof made.name, "%s", admin_worker_name(cli));
  int rc = cli_new_passphrase(cli, &passphrase, err);
  if (rc == 0) rc = cli->world->make_dir(cli->world->ctx, cli->dir, err);
  if (rc == 0) rc = node_lock(cli->dir, &lock, err);
  if (rc == 0) rc = node_create(&n, cli->dir, cli->world, false, village, code, "A", err);
  if (rc == 0) rc = populate(&n, passphrase, &made, err);
  if (rc == 0) rc = print(cli, &n, &made, err);
  yz_wipe(made.recovery_code, sizeof made.recovery_code);
  node_finish(&n);
  yz_lock_release(&lock);
  yz_secret_destroy(passphrase);
  return rc;
}

static int run_init(struct cli *cli, struct yz_error *err) {
  const char *worker = cli_get(cli, "worker");
  char code[YZ_MAX_CODE + 1];
  int rc = said_check_name(cli_get(cli, "village"), err);
  if (rc == 0 && worker != NULL) rc = said_check_name(worker, err);
  if (rc == 0 && !number_code(cli_get(cli, "code"), code))
    rc = yz_fail(err, YZ_E_INPUT, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."), "%s",
                 cli_get(cli, "code"));
  if (rc != 0) {
    cli->usage = true;
    return rc;
  }
  return make(cli, code, err);
}

static const struct cli_option options[] = {
    {CLI_LINE, true, 0, "village", "NAME", N_("the village's name")},
    {CLI_LINE, true, 0, "code", "CODE",
     N_("2 to 8 characters A-Z, 0-9 that begin its case numbers")},
    {CLI_LINE, false, 0, "worker", "NAME", N_("who works here")},
    {CLI_FLAG, false, 0, "passphrase", NULL, N_("ask for a passphrase for the worker's key")},
    {.kind = CLI_END},
};
const struct command cmd_init = {
    "init", NULL, 0, 0, N_("Begin a village that works on its own"), options, run_init};
