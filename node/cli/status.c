/* status: how things stand at this node. */
#include "../status.h"

#include "cli.h"

static void say_time(const char *format, int64_t ms, int zone) {
  char time[CLI_TIME];
  if (ms == 0) return;
  cli_moment(ms, zone, time);
  cli_say(format, time);
}

static void say_clock(int64_t offset_ms) {
  if (offset_ms == 0) return;
  long long minutes = (long long)(offset_ms < 0 ? -offset_ms : offset_ms) / 60000;
  if (offset_ms > 0)
    cli_say(n_("This PC's clock is wrong: it is at least %lld minute ahead. Set it.\n",
               "This PC's clock is wrong: it is at least %lld minutes ahead. Set it.\n", minutes),
            minutes);
  else
    cli_say(n_("This PC's clock is wrong: it is at least %lld minute behind. Set it.\n",
               "This PC's clock is wrong: it is at least %lld minutes behind. Set it.\n", minutes),
            minutes);
}

static void say_disk(const struct reserve *r) {
  const long long mib = RESERVE_WRITE;
  if (r->disk_free >= 0) cli_say(_("Free on the disk: %lld MiB\n"), (long long)r->disk_free / mib);
  if (!r->low) return;
  cli_say(_("The disk is nearly full. Free some space on it: empty the trash, move large files and "
            "old backups to a stick.\n"));
  if (r->held > 0)
    cli_say(_("A reserve of %lld MiB is kept meanwhile, for new cases, a backup and what goes to "
              "the township.\n"),
            (long long)r->held / mib);
}

static void say_village(const struct node *n, const struct status *s) {
  if (!n->ledger.joined) {
    cli_say(_("This village works alone: it has not joined a township.\n"));
    return;
  }
  cli_say(_("Received by the hub: %lld, pending: %lld, waiting there: %lld\n"),
          (long long)s->standing.received, (long long)s->standing.pending,
          (long long)s->standing.waiting);
  if (s->counts.pieces > 0)
    cli_say(_("Pieces of attachments that the hub is not known to have: %lld\n"),
            (long long)s->counts.pieces);
  say_time(_("Last contact: %s\n"), s->last_sync_ms, n->zone);
  say_time(_("Last receipt of the hub: %s\n"), s->standing.last_receipt_ms, n->zone);
}

static void say_erasing(const struct node *n, const struct store_counts *counts) {
  if (n->hub && counts->erase_asked > 0)
    cli_say(_("Asked by villages to be erased: %lld. `yizhan hub erasures --asked` lists them.\n"),
            (long long)counts->erase_asked);
  if (!n->hub && counts->erase_asked + counts->erase_done + counts->erase_refused > 0)
    cli_say(
        _("Of what the township was asked to erase, done: %lld, not yet: %lld, refused: %lld\n"),
        (long long)counts->erase_done, (long long)counts->erase_asked,
        (long long)counts->erase_refused);
}

static void say(const struct node *n, const struct status *s) {
  cli_say(n->hub ? _("Township hub %s (%s)\n") : _("Village %s (%s)\n"), n->name, n->code);
  cli_say(_("Cases: %lld, records: %lld\n"), (long long)s->counts.cases,
          (long long)s->counts.records);
  if (n->hub)
    cli_say(_("Accepted from villages: %lld, waiting: %lld\n"), (long long)s->standing.received,
            (long long)s->standing.waiting);
  else
    say_village(n, s);
  if (s->succeeded)
    cli_say("%s\n", _("Another hub was named this one's successor with the recovery key; what is "
                      "written here counts no more. Work there."));
  if (s->counts.quarantined > 0)
    cli_say(n->hub ? _("Kept apart because it could not be accepted: %lld. `yizhan hub quarantine "
                       "list` says why.\n")
                   : _("Kept apart because it could not be accepted: %lld. `yizhan quarantine "
                       "list` says why.\n"),
            (long long)s->counts.quarantined);
  if (s->counts.conflicts > 0)
    cli_say(_("Cases of which something was said apart, to be settled: %lld\n"),
            (long long)s->counts.conflicts);
  say_erasing(n, &s->counts);
  say_clock(s->standing.clock_offset_ms);
  say_disk(&s->reserve);
  if (s->any_worker && !s->all_locked)
    cli_say(_("Keys are held by this node without a passphrase: anyone at this PC can sign and "
              "read.\n"));
  if (s->any_worker && s->all_locked && n->hub)
    cli_say(_("Workers' keys are locked, but what people said is not: anyone at this PC can read "
              "it.\n"));
  if (s->any_worker && s->all_locked && !n->hub)
    cli_say(
        _("Workers' keys are locked: names, telephone numbers, households and attachments are "
          "sealed until a worker gives the passphrase. All other words can be read by anyone at "
          "this PC.\n"));
  if (s->named > 0)
    cli_say(_("Cases and households of which names can be read all the same, since they were "
              "written down without a passphrase: %lld. A correction seals what it says, not what "
              "stood there before, which is not counted here; only erasing takes that away.\n"),
            (long long)s->named);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct status s = {0};
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_status(&n, &s, err);
  if (rc == 0 && cli->json)
    rc = cli_json(node_status_json(&n, &s), err);
  else if (rc == 0)
    say(&n, &s);
  node_finish(&n);
  return rc;
}

const struct command cmd_status = {"status", NULL, 0, 0, N_("How things stand at this node"),
                                   NULL,     run};
