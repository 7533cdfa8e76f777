/* join: makes a village's node from its invitation, or lets a village join that
 * worked alone until now. */
#include "../join.h"
#include "../history.h"
#include "../said.h"

#include <stdlib.h>
#include <string.h>
#include <yizhan/pass.h>

#include "../ledgers.h"
#include "admin.h"

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "worker", "NAME", N_("the first worker, at a new node")},
    {CLI_FLAG, false, 0, "passphrase", NULL, N_("lock the worker's key; asks for a passphrase")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

static int read_invitation(const struct cli *cli, struct yz_invitation *out, struct yz_error *err) {
  const char *given = cli->args[0];
  struct yz_buf text = {0};
  if (yz_invitation_is_text(given, strlen(given)))
    return yz_invitation_read(given, strlen(given), out, err);
  int rc = admin_read(cli, given, YZ_MAX_INVITATION, &text, err);
  if (rc == 0) rc = yz_invitation_read((const char *)text.data, text.len, out, err);
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&text);
  return rc;
}

/* Opens the node, or makes one where there is none or its making was cut short.
 * *fresh: it has no worker yet. */
static int open_or_make(const struct cli *cli, struct node *n, const struct yz_invitation *i,
                        bool *fresh, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  struct yz_error why = {0};
  size_t count = 0;
  int rc = node_open(n, cli->dir, cli->world, &why);
  if (rc == 0) {
    rc = node_kept_workers(n, &kept, &count, err);
    free(kept);
    *fresh = count == 0 && !n->hub;
    if (rc != 0 || *fresh) node_finish(n);
    if (rc != 0 || !*fresh) return rc;
  } else if (rc != YZ_E_NOT_FOUND) {
    return yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  *fresh = true;
  return node_create(n, cli->dir, cli->world, false, i->village, i->code, i->letter, err);
}

/* Where the hub is on the net it is asked at once; it can be met later as well. */
struct enrolment {
  bool asked, granted;
  int rc;
  struct yz_error why;
};

static int enrol(struct node *n, struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_exchanged got = {0};
  int rc = node_open_ledger(n, &n->ledger, true, &git, err);
  if (rc == 0) rc = yz_exchange(&n->station, git, &n->ledger, &got, err);
  if (rc == 0) rc = node_reload(n, err);
  if (rc == 0) rc = node_note_time(n, "last_sync", err);
  yz_taken_finish(&got.taken);
  yz_ledger_destroy(git);
  return rc;
}

static int ask_at_once(struct node *n, struct enrolment *e, struct yz_error *err) {
  int rc = yz_pass_granted(&n->station, &n->ledger.id, &e->granted, err);
  e->asked = rc == 0 && !e->granted && strncmp(n->ledger.url, "https://", 8) == 0;
  if (!e->asked) return rc;
  e->rc = enrol(n, &e->why);
  return yz_pass_granted(&n->station, &n->ledger.id, &e->granted, err);
}

/* The village has joined by its own records, whatever the hub says. */
static int say_enrolment(const struct cli *cli, const struct enrolment *e) {
  if (e->granted && !cli->json) cli_say(_("The hub has let this node in.\n"));
  if (e->rc == 0) return 0;
  cli_note("yizhan: %s: %s\n", e->why.subject,
           e->why.message != NULL ? _(e->why.message) : yz_code_name(e->why.code));
  if (e->rc == YZ_E_NETWORK)
    cli_note("%s\n", _("The hub was not reached; the next `yizhan sync` asks it again."));
  return e->rc == YZ_E_NETWORK ? 0 : EXIT_FAILED;
}

static int answer(const struct cli *cli, const struct node *n, const struct yz_invitation *i,
                  const struct first_worker *worker, const struct enrolment *e, bool already,
                  struct yz_error *err) {
  const char *code = worker != NULL ? worker->recovery_code : "";
  if (!cli->json) {
    if (already) admin_say_already();
    cli_say(_("%s (%s) has joined %s. Cases can be recorded at once; `yizhan sync` brings them to "
              "the hub when there is a road.\n"),
            n->name, n->code, i->township);
    if (worker == NULL) return 0;
    cli_say(_("%s signs here from now on.\n"), worker->name);
    admin_say_code(code);
    return 0;
  }
  json_t *object =
      json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,s:b}", "village", n->name, "code", n->code, "township",
                i->township, "ledger", admin_hex(i->ledger.bytes, YZ_ID_LEN), "node",
                admin_hex(n->station.key.bytes, YZ_KEY_LEN), "worker",
                cli_json_text(worker != NULL ? worker->name : NULL), "granted", e->granted);
  if (object == NULL || admin_answer_code(object, code) != 0) {
    json_decref(object);
    object = NULL;
  }
  return admin_answer(object, already, err);
}

/* Is the worker of --worker one of those here? */
static int find_named(const struct cli *cli, struct node *n, bool *named, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  for (size_t i = 0; i < count && !*named; i++)
    *named = strcmp(kept[i].name, admin_worker_name(cli)) == 0;
  free(kept);
  return rc;
}

/* For the history; the recovery code is nobody's but the worker's. */
static void note(const struct cli *cli, int64_t began_ms, const struct node *n,
                 const struct yz_invitation *i, const struct enrolment *e) {
  json_t *said = e->rc != 0 ? history_error(&e->why) : json_object();
  if (said != NULL) {
    (void)json_object_set_new(said, "village", json_string(n->name));
    (void)json_object_set_new(said, "township", json_string(i->township));
  }
  history_note(cli->dir, cli->world, "join", began_ms, said);
}

static int join(struct cli *cli, const struct yz_invitation *i, struct first_worker *worker,
                struct yz_error *err) {
  struct node n;
  struct enrolment enrolment = {0};
  bool fresh = false, already = false, named = false;
  int64_t began_ms = cli->world->now_ms(cli->world->ctx);
  int rc = open_or_make(cli, &n, i, &fresh, err);
  if (rc != 0) return rc;
  rc = node_joined_by(&n, i, &already, err);
  if (rc == 0 && already) rc = find_named(cli, &n, &named, err);
  if (rc == 0 && !fresh && !(already && named) &&
      (cli_has(cli, "worker") || (cli_has(cli, "passphrase") && !already)))
    rc = cli_usage_fail(cli, err,
                        YZ_N_("This village has its workers already; join without --worker and add "
                              "more with `yizhan worker add`."),
                        NULL);
  if (rc == 0 && !already) rc = node_join(&n, i, fresh ? worker : NULL, err);
  if (rc == 0) rc = ask_at_once(&n, &enrolment, err);
  if (rc == 0 && !already) note(cli, began_ms, &n, i, &enrolment);
  if (rc == 0) rc = answer(cli, &n, i, fresh ? worker : NULL, &enrolment, already, err);
  if (rc == 0) rc = say_enrolment(cli, &enrolment);
  node_finish(&n);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct yz_invitation i = {0};
  struct yz_secret *passphrase = NULL;
  struct first_worker worker = {.name = admin_worker_name(cli)};
  struct yz_lock lock = {-1};
  int rc = said_check_name(worker.name, err);
  if (rc == 0) rc = read_invitation(cli, &i, err);
  if (rc == 0) rc = cli_new_passphrase(cli, &passphrase, err);
  if (rc == 0) rc = cli->world->make_dir(cli->world->ctx, cli->dir, err);
  if (rc == 0) rc = node_lock(cli->dir, &lock, err);
  if (rc == 0) {
    if (passphrase != NULL) worker.passphrase = (const char *)passphrase->bytes;
    rc = join(cli, &i, &worker, err);
  }
  yz_lock_release(&lock);
  yz_secret_destroy(passphrase);
  yz_wipe(&worker, sizeof worker);
  yz_wipe(&i, sizeof i);
  return rc;
}

const struct command cmd_join = {
    "join",
    "FILE|TEXT",
    1,
    1,
    N_("Join a township by its invitation (- reads it from standard input)"),
    options,
    run};
