/* status: how things stand at this node. */
#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"
#include "../reserve.h"
#include "admin.h"

struct status {
  struct store_counts counts;
  struct yz_standing standing;
  struct reserve reserve;
  int64_t last_sync_ms;
  bool any_worker, all_locked;
};

static int look_at_workers(struct node *n, struct status *s, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  s->any_worker = count > 0;
  s->all_locked = true;
  for (size_t i = 0; rc == 0 && i < count; i++) s->all_locked &= kept[i].locked;
  free(kept);
  return rc;
}

/* At a hub nothing is pending upward, and what counts is what came. */
static int look(struct node *n, struct status *s, struct yz_error *err) {
  int rc = store_count(n->store, &s->counts, err);
  if (rc == 0) rc = look_at_workers(n, s, err);
  if (rc == 0) rc = node_get_time(n, "last_sync", &s->last_sync_ms, err);
  if (rc != 0) return rc;
  reserve_look(n->world, n->dir, &s->reserve);
  if (!n->hub) return yz_standing(&n->station, &n->ledger, &s->standing, err);
  s->standing.received = s->counts.accepted_foreign;
  s->standing.waiting = s->counts.waiting;
  return 0;
}

/* Whom a village trusts: the hub now, and the hash of the key that may name its successor. */
static json_t *trust_json(const struct node *n) {
  if (n->hub || !n->ledger.joined) return json_null();
  return json_pack("{s:o,s:o}", "hub", admin_hex(n->ledger.hub.bytes, YZ_KEY_LEN), "recovery",
                   admin_hex(n->station.recovery.bytes, YZ_HASH_LEN));
}

static json_t *as_json(const struct node *n, const struct status *s) {
  char node[2 * YZ_KEY_LEN + 1];
  yz_to_hex(n->station.key.bytes, YZ_KEY_LEN, node);
  node[16] = '\0';
  return json_pack(
      "{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:I,s:I,s:o,s:b,s:I,s:b,s:s,s:o}", "node", node,
      "role", n->hub ? "hub" : "village", "name", n->name, "code", n->code, "cases",
      (json_int_t)s->counts.cases, "records", (json_int_t)s->counts.records, "pending",
      (json_int_t)s->standing.pending, "waiting", (json_int_t)s->standing.waiting, "received",
      (json_int_t)s->standing.received, "last_sync", cli_json_time(s->last_sync_ms, 0),
      "last_receipt", cli_json_time(s->standing.last_receipt_ms, 0), "quarantined",
      (json_int_t)s->counts.quarantined, "clock_offset_ms", (json_int_t)s->standing.clock_offset_ms,
      "disk_free",
      s->reserve.disk_free < 0 ? json_null() : json_integer((json_int_t)s->reserve.disk_free),
      "disk_low", (int)s->reserve.low, "reserve", (json_int_t)s->reserve.held, "joined",
      n->hub || n->ledger.joined, "keys", s->any_worker && s->all_locked ? "passphrase" : "node",
      "trust", trust_json(n));
}

static void say_time(const char *format, int64_t ms) {
  char time[CLI_TIME];
  if (ms == 0) return;
  cli_time(ms, time);
  cli_say(format, time);
}

static void say_clock(int64_t offset_ms) {
  if (offset_ms == 0) return;
  long long minutes = (long long)(offset_ms < 0 ? -offset_ms : offset_ms) / 60000;
  if (offset_ms > 0)
    cli_say(_("This PC's clock is wrong: it is at least %lld minutes ahead. Set it.\n"), minutes);
  else
    cli_say(_("This PC's clock is wrong: it is at least %lld minutes behind. Set it.\n"), minutes);
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
  say_time(_("Last contact: %s\n"), s->last_sync_ms);
  say_time(_("Last receipt of the hub: %s\n"), s->standing.last_receipt_ms);
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
  if (s->counts.quarantined > 0)
    cli_say(_("Kept apart because it could not be accepted: %lld\n"),
            (long long)s->counts.quarantined);
  say_clock(s->standing.clock_offset_ms);
  say_disk(&s->reserve);
  if (s->any_worker && !s->all_locked)
    cli_say(_("Keys are held by this node without a passphrase: anyone at this PC can sign and "
              "read.\n"));
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct status s = {0};
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = look(&n, &s, err);
  if (rc == 0 && cli->json)
    rc = cli_json(as_json(&n, &s), err);
  else if (rc == 0)
    say(&n, &s);
  node_finish(&n);
  return rc;
}

const struct command cmd_status = {"status", NULL, 0, 0, N_("How things stand at this node"),
                                   NULL,     run};
