/* hub recover: a new hub goes on for a lost one, by its recovery key. */
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../incarnation.h"
#include "../ledgers.h"
#include "../said.h"
#include "admin.h"

static const struct cli_option options[] = {
    {CLI_PATH, false, 0, "recovery-key-file", "FILE",
     N_("the recovery key; asked for if not given")},
    {CLI_LINE, false, 0, "township", "NAME", N_("the township's name, in a new folder")},
    {CLI_LINE, false, 0, "code", "CODE",
     N_("2 to 8 characters A-Z, 0-9 that begin its case numbers, in a new folder")},
    {CLI_LINE, false, 0, "worker", "NAME", N_("the first worker, who holds all roles")},
    {CLI_FLAG, false, 0, "passphrase", NULL, N_("lock the worker's key; asks for a passphrase")},
    {CLI_PATH, false, 0, "to", "FOLDER",
     N_("where the ledgers lie from now on, when what is given are copies")},
    {CLI_LINE, false, 0, "hub", "KEY", N_("first digits of the lost hub's key")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

struct recovering {
  struct cli *cli;
  struct node n;
  struct yz_secret *recovery, *passphrase;
  char code[9], recovery_code[RECOVERY_CODE];
  char *to;
  bool made;       /* the hub, with its first worker, in this run */
  json_t *ledgers; /* with --json */
  int status;
  bool taken, empty; /* a ledger was, is this hub's; nothing lies at a place */
};

static int read_key(const struct cli *cli, struct yz_secret **out, struct yz_error *err) {
  const char *file = cli_get(cli, "recovery-key-file");
  struct yz_secret *text = NULL;
  struct yz_error why = {0};
  int rc = file != NULL ? passphrase_read(cli->world, file, &text, err)
                        : passphrase_ask(_("Recovery key: "), &text, &why);
  if (file == NULL && rc != 0)
    return yz_fail(err, rc,
                   YZ_N_("There is no terminal to ask for the recovery key, or no answer. Give it "
                         "with --recovery-key-file."),
                   NULL);
  if (rc == 0) rc = hub_recovery_key((const char *)text->bytes, out, err);
  yz_secret_destroy(text);
  return rc;
}

/* --- the hub ----------------------------------------------------------- */

static int make_hub(struct recovering *r, struct yz_error *err) {
  struct cli *cli = r->cli;
  const char *township = cli_get(cli, "township");
  if (township == NULL || cli_get(cli, "code") == NULL)
    return cli_usage_fail(cli, err,
                          YZ_N_("There is no hub in this folder yet: say --township and --code."),
                          cli->dir);
  int rc = said_check_name(township, err);
  if (rc == 0) rc = said_check_name(admin_worker_name(cli), err);
  if (rc == 0 && !number_code(cli_get(cli, "code"), r->code))
    rc = cli_usage_fail(cli, err, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."),
                        cli_get(cli, "code"));
  if (rc == 0)
    rc = hub_create_heir(&r->n, cli->dir, cli->world, township, r->code, r->recovery, err);
  if (rc != 0) return rc;
  rc = admin_new_worker(&r->n, admin_worker_name(cli), r->passphrase, r->recovery_code, err);
  r->made = rc == 0;
  if (rc != 0) node_finish(&r->n);
  return rc;
}

static bool differs(const char *given, const char *kept) {
  return given != NULL && strcmp(given, kept) != 0;
}

/* The same command again goes on where it was. */
static int check_hub(struct recovering *r, struct yz_error *err) {
  struct cli *cli = r->cli;
  if (!r->n.hub)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("Only the township's hub can do this; this is a village."), "%s",
                   cli->dir);
  if (differs(cli_get(cli, "township"), r->n.name) ||
      (cli_has(cli, "code") &&
       (!number_code(cli_get(cli, "code"), r->code) || differs(r->code, r->n.code))))
    return cli_usage_fail(cli, err,
                          YZ_N_("The hub in this folder has another name or code; say only which "
                                "ledgers it is to go on with."),
                          cli->dir);
  return hub_check_recovery(&r->n, r->recovery, err);
}

/* Opens the hub that is here, or makes one where there is none yet. */
static int open_or_make(struct recovering *r, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  struct yz_error why = {0};
  size_t count = 0;
  int rc = node_open(&r->n, r->cli->dir, r->cli->world, &why);
  if (rc == YZ_E_NOT_FOUND) return make_hub(r, err);
  if (rc != 0) return yz_fail(err, why.code, why.message, "%s", why.subject);
  rc = node_kept_workers(&r->n, &kept, &count, err);
  free(kept);
  bool unmade = rc == 0 && count == 0 && r->n.hub; /* its making was cut short */
  if (rc == 0 && !unmade) rc = check_hub(r, err);
  if (rc != 0 || unmade) node_finish(&r->n);
  return unmade ? make_hub(r, err) : rc;
}

/* --- answering ---------------------------------------------------------- */

static json_t *failure_json(const struct yz_error *failed) {
  if (failed->message == NULL) return json_null();
  return json_pack("{s:s,s:s,s:s}", "code", yz_code_name(failed->code), "message",
                   _(failed->message), "subject", failed->subject);
}

static int add_json(struct recovering *r, const char *place, const struct yz_ledger_row *row,
                    const struct heritage *h, const struct yz_error *failed, bool begun) {
  char shown[ADMIN_ADDRESS];
  admin_shown_url(begun ? row->url : "", shown);
  json_t *item = json_pack("{s:s,s:o,s:o,s:o,s:o}", "place", place, "ledger",
                           begun ? admin_hex(row->id.bytes, YZ_ID_LEN) : json_null(), "url",
                           cli_json_text(begun ? shown : NULL), "succeeds",
                           begun ? admin_hex(h->succeeded.bytes, YZ_KEY_LEN) : json_null(), "error",
                           failure_json(failed));
  bool ok = item != NULL && admin_mark_already(item, begun && h->already) == 0;
  if (ok && h->empty) ok = json_object_set_new(item, "empty", json_true()) == 0;
  if (!ok) {
    json_decref(item);
    return -1;
  }
  return json_array_append_new(r->ledgers, item);
}

static void say(const char *place, const struct yz_ledger_row *row, const struct heritage *h,
                const struct yz_error *failed, bool begun) {
  char hub[2 * YZ_KEY_LEN + 1], shown[ADMIN_ADDRESS];
  bool named = failed->message != NULL && strstr(failed->subject, place) != NULL;
  if (named)
    cli_note("yizhan: %s: %s\n", failed->subject, _(failed->message));
  else if (failed->message != NULL)
    cli_note("yizhan: %s: %s %s\n", place, _(failed->message), failed->subject);
  if (!begun) return;
  if (h->already) admin_say_already();
  yz_to_hex(h->succeeded.bytes, YZ_KEY_LEN, hub);
  admin_shown_url(row->url, shown);
  cli_say(_("Ledger %s: this hub is the successor of the hub %.16s. It lies at %s.\n"), row->name,
          hub, shown);
}

static int gravest(int a, int b) {
  return a > b ? a : b;
}

/* One ledger; a failure is told and does not hold back the others. A place where nothing lies (a
 * village was invited, and has not joined) is no failure where another one was taken. */
static int take_one(struct recovering *r, const char *given, struct yz_error *err) {
  struct heritage h = {.recovery = r->recovery, .to = r->to, .hub = cli_get(r->cli, "hub")};
  static const struct yz_id none;
  struct yz_ledger_row row = {.joined = true};
  struct yz_error failed = {0};
  char *place = NULL, shown[ADMIN_ADDRESS];
  int rc = admin_url(r->cli, given, &place, err);
  if (rc != 0) return rc;
  admin_shown_url(place, shown);
  h.place = place;
  h.shown = shown;
  int done = hub_recover(&r->n, &h, &row, &failed);
  bool begun = done == 0 || (done == YZ_E_NETWORK && !yz_equal(&row.own, &none, sizeof none));
  r->taken = r->taken || begun;
  r->empty = r->empty || h.empty;
  if (done != 0 && !h.empty)
    r->status = gravest(r->status, done == YZ_E_NETWORK   ? EXIT_NETWORK
                                   : done == YZ_E_DAMAGED ? EXIT_DAMAGED
                                                          : EXIT_FAILED);
  say(shown, &row, &h, &failed, begun && !r->cli->json);
  if (r->cli->json && add_json(r, shown, &row, &h, &failed, begun) != 0) rc = yz_no_memory(err);
  yz_taken_finish(&h.got.taken);
  free(place);
  return rc;
}

static int answer(struct recovering *r, struct yz_error *err) {
  char hash[YZ_HASH_HEX + 1];
  struct node *n = &r->n;
  yz_to_hex(n->station.recovery.bytes, YZ_HASH_LEN, hash);
  if (!r->cli->json) {
    cli_say(_("The hub of %s (%s) is in %s. What villages and the lost hub wrote can be read here "
              "after their next contact; villages at a new place say `yizhan ledger move`.\n"
              "The recovery key's mark, which every village has pinned, is %.16s.\n"),
            n->name, n->code, n->dir, hash);
    if (r->made) admin_say_code(r->recovery_code);
    return 0;
  }
  json_t *object = json_pack("{s:s,s:s,s:o,s:s,s:O}", "township", n->name, "code", n->code, "node",
                             admin_hex(n->station.key.bytes, YZ_KEY_LEN), "recovery", hash,
                             "ledgers", r->ledgers);
  if (object == NULL || admin_answer_code(object, r->recovery_code) != 0) {
    json_decref(object);
    object = NULL;
  }
  return cli_json(object, err);
}

/* --- all ------------------------------------------------------------------ */

static int recover(struct recovering *r, struct yz_error *err) {
  struct yz_lock lock;
  int rc = node_lock(r->cli->dir, &lock, err);
  if (rc != 0) return rc;
  rc = open_or_make(r, err);
  if (rc == 0) {
    rc = node_at_home(&r->n, err);
    for (int i = 0; rc == 0 && i < r->cli->n_args; i++) rc = take_one(r, r->cli->args[i], err);
    if (r->empty && !r->taken) r->status = gravest(r->status, EXIT_FAILED);
    if (rc == 0) rc = answer(r, err);
    node_finish(&r->n);
  }
  yz_lock_release(&lock);
  return rc;
}

/* The folder that the ledgers move to, by its whole name; malloc'd. */
static int make_folder(struct cli *cli, const char *to, char **out, struct yz_error *err) {
  if (strstr(to, "://") != NULL)
    return cli_usage_fail(cli, err,
                          YZ_N_("Ledgers move to a folder; for another place make the repositories "
                                "there, copy the ledgers in and name those."),
                          to);
  int rc = cli->world->make_dir(cli->world->ctx, to, err);
  return rc != 0 ? rc : admin_url(cli, to, out, err);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct recovering r = {.cli = cli, .ledgers = json_array()};
  const char *to = cli_get(cli, "to");
  int rc = r.ledgers == NULL ? yz_no_memory(err) : read_key(cli, &r.recovery, err);
  if (rc == 0) rc = cli_new_passphrase(cli, &r.passphrase, err);
  if (rc == 0) rc = cli->world->make_dir(cli->world->ctx, cli->dir, err);
  if (rc == 0 && to != NULL) rc = make_folder(cli, to, &r.to, err);
  if (rc == 0) rc = recover(&r, err);
  yz_wipe(r.recovery_code, sizeof r.recovery_code);
  yz_secret_destroy(r.passphrase);
  yz_secret_destroy(r.recovery);
  json_decref(r.ledgers);
  free(r.to);
  return rc != 0 ? rc : r.status;
}

const struct command cmd_hub_recover = {
    "hub recover",
    "LEDGER...",
    1,
    CLI_MAX_ARGS,
    N_("Go on for a lost hub by its recovery key, with the ledgers that are left"),
    options,
    run};
