/* hub init: makes a township's hub. */
#include "../hub/hub.h"
#include "../ledgers.h"
#include "../said.h"
#include "admin.h"

static const struct cli_option options[] = {
    {CLI_LINE, true, 0, "township", "NAME", N_("the township's name")},
    {CLI_LINE, true, 0, "code", "CODE",
     N_("2 to 8 characters A-Z, 0-9 that begin its case numbers")},
    {CLI_LINE, false, 0, "worker", "NAME", N_("the first worker, who holds all roles")},
    {CLI_FLAG, false, 0, "passphrase", NULL, N_("lock the worker's key; asks for a passphrase")},
    {CLI_LINE, false, 0, "url", "URL", N_("where villages find the hub: https://HOST:PORT")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

/* Groups of four, as people write it down. */
static void in_groups(const char hex[static 2 * YZ_SEED_LEN + 1],
                      char out[static 3 * YZ_SEED_LEN]) {
  size_t at = 0;
  for (size_t i = 0; i < 2 * YZ_SEED_LEN; i++) {
    if (i > 0 && i % 4 == 0) out[at++] = ' ';
    out[at++] = hex[i];
  }
  out[at] = '\0';
}

static void say(const struct node *n, const char *hex, const char *code) {
  char groups[3 * YZ_SEED_LEN];
  in_groups(hex, groups);
  cli_say(_("The hub of %s (%s) is ready in %s.\n"), n->name, n->code, n->dir);
  cli_say(_("Recovery key: %s\n"
            "It can name the hub's successor if this PC is lost. It is shown only now and kept "
            "nowhere: write it down and lock it away.\n"),
          groups);
  yz_wipe(groups, sizeof groups);
  admin_say_code(code);
}

static int answer(const struct cli *cli, const struct node *n, const struct yz_secret *recovery,
                  const char *code, struct yz_error *err) {
  char hex[2 * YZ_SEED_LEN + 1];
  int rc = 0;
  yz_to_hex(recovery->bytes, recovery->len, hex);
  if (!cli->json) {
    say(n, hex, code);
  } else {
    json_t *object = json_pack("{s:s,s:s,s:s,s:o,s:s}", "township", n->name, "code", n->code,
                               "worker", admin_worker_name(cli), "node",
                               admin_hex(n->station.key.bytes, YZ_KEY_LEN), "recovery_key", hex);
    if (object == NULL || admin_answer_code(object, code) != 0) {
      json_decref(object);
      object = NULL;
    }
    rc = cli_json(object, err);
  }
  yz_wipe(hex, sizeof hex);
  return rc;
}

static int check(struct cli *cli, char code[static 9], struct yz_error *err) {
  int rc = said_check_name(cli_get(cli, "township"), err);
  if (rc == 0 && cli_has(cli, "url")) rc = hub_check_address(cli_get(cli, "url"), err);
  if (rc == 0) rc = said_check_name(admin_worker_name(cli), err);
  if (rc == 0 && !number_code(cli_get(cli, "code"), code))
    rc = cli_usage_fail(cli, err, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."),
                        cli_get(cli, "code"));
  return rc;
}

/* Under DIR/lock, so that two that begin at once do not make one hub together. */
static int make(struct cli *cli, const char *code, const struct yz_secret *passphrase,
                struct yz_error *err) {
  struct yz_secret *recovery = NULL;
  struct yz_lock lock;
  struct node n;
  char recovery_code[RECOVERY_CODE] = "";
  int rc = node_lock(cli->dir, &lock, err);
  if (rc != 0) return rc;
  rc = hub_create(&n, cli->dir, cli->world, cli_get(cli, "township"), code, &recovery, err);
  if (rc == 0) {
    if (cli_has(cli, "url")) rc = hub_put_address(&n, cli_get(cli, "url"), err);
    if (rc == 0) rc = admin_new_worker(&n, admin_worker_name(cli), passphrase, recovery_code, err);
    if (rc == 0) rc = answer(cli, &n, recovery, recovery_code, err);
    node_finish(&n);
  }
  yz_lock_release(&lock);
  yz_wipe(recovery_code, sizeof recovery_code);
  yz_secret_destroy(recovery);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct yz_secret *passphrase = NULL;
  char code[9];
  int rc = check(cli, code, err);
  if (rc == 0) rc = cli_new_passphrase(cli, &passphrase, err);
  if (rc == 0) rc = cli->world->make_dir(cli->world->ctx, cli->dir, err);
  if (rc == 0) rc = make(cli, code, passphrase, err);
  yz_secret_destroy(passphrase);
  return rc;
}

const struct command cmd_hub_init = {
    "hub init", NULL, 0, 0, N_("Make the township's hub in an empty folder"), options, run};
