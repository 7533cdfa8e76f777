/* sync: one contact with the other side, whenever there is a road. */
#include <stdlib.h>

#include "../incarnation.h"
#include "../ledgers.h"
#include "hub_ingest.h"

struct outcome {
  struct yz_exchanged got;
  struct yz_standing before, after;
  int64_t ms;
  bool other_hub; /* the hub has a successor, which the village follows now */
};

static int64_t acknowledged(const struct yz_standing *s) {
  return s->records - s->pending;
}

static int note_hub(struct node *n, struct outcome *o, struct yz_error *err) {
  struct yz_key before = n->ledger.hub;
  int rc = node_reload(n, err);
  o->other_hub = rc == 0 && !yz_equal(&before, &n->ledger.hub, sizeof before);
  return rc;
}

/* The standing afterwards is wanted also where the road failed. */
static int exchange(struct node *n, struct outcome *o, struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_lock lock;
  int64_t began = n->world->ticks_ms(n->world->ctx);
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = node_at_home(n, err);
  if (rc == 0) rc = yz_standing(&n->station, &n->ledger, &o->before, err);
  if (rc == 0) rc = node_open_ledger(n, &n->ledger, true, &git, err);
  if (rc == 0) rc = yz_exchange(&n->station, git, &n->ledger, &o->got, err);
  if (rc == 0) rc = note_hub(n, o, err);
  if (rc == 0) rc = node_note_time(n, "last_sync", err);
  int looked = yz_standing(&n->station, &n->ledger, &o->after, rc == 0 ? err : NULL);
  if (rc == 0) rc = looked;
  yz_ledger_destroy(git);
  yz_lock_release(&lock);
  o->ms = n->world->ticks_ms(n->world->ctx) - began;
  return rc;
}

static json_t *as_json(const struct outcome *o) {
  return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "sent", (json_int_t)o->got.sent, "received",
                   (json_int_t)o->got.received, "acknowledged",
                   (json_int_t)(acknowledged(&o->after) - acknowledged(&o->before)), "pending",
                   (json_int_t)o->after.pending, "bytes_up", (json_int_t)o->got.bytes_up,
                   "bytes_down", (json_int_t)o->got.bytes_down, "ms", (json_int_t)o->ms);
}

static int answer(const struct cli *cli, const struct outcome *o, struct yz_error *err) {
  if (cli->json) return cli_json(as_json(o), err);
  cli_say(_("Sent %lld records, received %lld; %lld were acknowledged, %lld are still pending.\n"),
          (long long)o->got.sent, (long long)o->got.received,
          (long long)(acknowledged(&o->after) - acknowledged(&o->before)),
          (long long)o->after.pending);
  if (o->other_hub)
    cli_say(
        _("The township has another hub now, named with its recovery key: the next contacts bring "
          "it what it lacks.\n"));
  if (o->got.taken.quarantined > 0)
    cli_say(_("%lld records were kept apart: they could not be accepted.\n"),
            (long long)o->got.taken.quarantined);
  if (o->got.refused)
    cli_note("%s\n",
             _("The other side refused some of it; `yizhan status` says how things stand."));
  return 0;
}

/* The road failed: what was written is safe, and queued. */
static int answer_failed(const struct cli *cli, const struct outcome *o,
                         const struct yz_error *failed) {
  const char *message = failed->message != NULL ? _(failed->message) : yz_code_name(failed->code);
  cli_note("yizhan: %s: %s\n", failed->subject, message);
  cli_note(_("%lld records are safe here and go out at the next contact.\n"),
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

static int sync_village(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct outcome o = {0};
  struct yz_error failed = {0};
  if (!n->ledger.joined)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This village works alone and has no hub yet; ask the township for an "
                         "invitation and use `yizhan join`."),
                   "%s", n->dir);
  int rc = exchange(n, &o, &failed);
  if (rc == 0)
    rc = answer(cli, &o, err);
  else if (rc == YZ_E_NETWORK)
    rc = answer_failed(cli, &o, &failed);
  else
    (void)yz_fail(err, failed.code, failed.message, "%s", failed.subject);
  yz_taken_finish(&o.got.taken);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = n.hub ? ingest_and_report(cli, &n, err) : sync_village(cli, &n, err);
  node_finish(&n);
  return rc;
}

const struct command cmd_sync = {
    "sync", NULL, 0, 0, N_("Exchange with the hub (at the hub: with all villages)"), NULL, run};
