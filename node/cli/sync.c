/* sync: one contact with the other side, whenever there is a road. */
#include <stdlib.h>

#include "../contact.h"
#include "../history.h"
#include "hub_ingest.h"
#include "progress.h"
#include "sync_watch.h"

static json_t *as_json(const struct contact_done *o) {
  return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "sent", (json_int_t)o->got.sent, "received",
                   (json_int_t)o->got.received, "acknowledged", (json_int_t)contact_acknowledged(o),
                   "pending", (json_int_t)o->after.pending, "bytes_up", (json_int_t)o->got.bytes_up,
                   "bytes_down", (json_int_t)o->got.bytes_down, "ms", (json_int_t)o->ms);
}

static int answer(const struct cli *cli, const struct contact_done *o, struct yz_error *err) {
  if (cli->json) return cli_json(as_json(o), err);
  cli_say(_("Records sent: %lld, received: %lld, acknowledged: %lld, still pending: %lld.\n"),
          (long long)o->got.sent, (long long)o->got.received, (long long)contact_acknowledged(o),
          (long long)o->after.pending);
  if (o->other_hub)
    cli_say(
        _("The township has another hub now, named with its recovery key: the next contacts bring "
          "it what it lacks.\n"));
  if (o->got.taken.quarantined > 0)
    cli_say(
        n_("%lld record was kept apart: it could not be accepted. `yizhan quarantine list` says "
           "why.\n",
           "%lld records were kept apart: they could not be accepted. `yizhan quarantine "
           "list` says why.\n",
           o->got.taken.quarantined),
        (long long)o->got.taken.quarantined);
  if (o->got.refused)
    cli_note("%s\n",
             _("The other side refused some of it; `yizhan status` says how things stand."));
  return 0;
}

/* The road failed: what was written is safe, and queued. */
static int answer_failed(const struct cli *cli, const struct contact_done *o,
                         const struct yz_error *failed) {
  const char *message = failed->message != NULL ? _(failed->message) : yz_code_name(failed->code);
  cli_note("yizhan: %s: %s\n", failed->subject, message);
  cli_note(n_("%lld record is safe here and goes out at the next contact.\n",
              "%lld records are safe here and go out at the next contact.\n", o->after.pending),
           (long long)o->after.pending);
  if (!cli->json) return EXIT_NETWORK;
  json_t *object = as_json(o);
  json_t *error = json_pack("{s:s,s:s,s:s}", "code", yz_code_name(failed->code), "message", message,
                            "subject", failed->subject);
  if (object != NULL && json_object_set_new(object, "error", error) != 0) {
    json_decref(object);
    object = NULL;
  }
  return cli_json(object, NULL) != 0 ? EXIT_FAILED : EXIT_NETWORK;
}

/* For the history, which says errors as they stand in the sources. */
static void note(const struct cli *cli, int64_t began_ms, const struct contact_done *o,
                 const struct yz_error *failed) {
  json_t *said = failed->code == 0 ? as_json(o) : history_error(failed);
  history_note(cli->dir, cli->world, "link", began_ms, said);
}

static int sync_village(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct contact_done o = {.ms = 0};
  struct progress progress;
  struct yz_error failed = {0};
  int64_t began_ms = cli->world->now_ms(cli->world->ctx);
  progress_init(&progress, cli);
  int rc = contact_make(n, &(struct yz_told){progress_tell, &progress}, &o, &failed);
  progress_end(&progress);
  if (n->ledger.joined) note(cli, began_ms, &o, &failed);
  if (rc == 0)
    rc = answer(cli, &o, err);
  else if (rc == YZ_E_NETWORK)
    rc = answer_failed(cli, &o, &failed);
  else
    (void)yz_fail(err, failed.code, failed.message, "%s", failed.subject);
  yz_taken_finish(&o.got.taken);
  return rc;
}

static int check_watch(const struct node *n, struct yz_error *err) {
  if (n->hub)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("Villages come to the hub: use `yizhan hub serve` here."), "%s", n->dir);
  return contact_possible(n, err);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  if (cli_has(cli, "watch"))
    rc = check_watch(&n, err);
  else
    rc = n.hub ? ingest_and_report(cli, &n, err) : sync_village(cli, &n, err);
  node_finish(&n);
  return rc == 0 && cli_has(cli, "watch") ? sync_watch(cli, err) : rc;
}

static const struct cli_option options[] = {
    PROGRESS_OPTION,
    {CLI_FLAG, false, 0, "watch", NULL,
     N_("go on until it is ended, with a contact whenever there may be a road or something new")},
    {.kind = CLI_END},
};
const struct command cmd_sync = {
    "sync", NULL, 0, 0, N_("Exchange with the hub (at the hub: with all villages)"), options, run};
