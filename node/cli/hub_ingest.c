/* hub ingest: takes in what the villages brought. */
#include "hub_ingest.h"

#include "../hub/hub.h"

struct report {
  const struct cli *cli;
  const struct node *n;
  struct cli_array array;
  struct yz_error *err;
  int64_t accepted, waiting, quarantined;
  int status; /* enum cli_exit, the gravest so far */
};

static json_t *count_json(const struct yz_ledger_row *row, const struct yz_count *c) {
  return json_pack("{s:s,s:s,s:o,s:I,s:I,s:I}", "village", row->name, "code", row->code, "log",
                   admin_hex(c->log.bytes, YZ_ID_LEN), "accepted", (json_int_t)c->accepted,
                   "waiting", (json_int_t)c->waiting, "quarantined", (json_int_t)c->quarantined);
}

/* A village that brought nothing is named all the same. */
static json_t *nothing_json(const struct yz_ledger_row *row) {
  return json_pack("{s:s,s:s,s:n,s:i,s:i,s:i}", "village", row->name, "code", row->code, "log",
                   "accepted", 0, "waiting", 0, "quarantined", 0);
}

static int report_failure(struct report *r, const struct yz_ledger_row *row,
                          const struct yz_error *failed) {
  const char *message = failed->message != NULL ? _(failed->message) : yz_code_name(failed->code);
  int status = failed->code == YZ_E_DAMAGED   ? EXIT_DAMAGED
               : failed->code == YZ_E_NETWORK ? EXIT_NETWORK
                                              : EXIT_FAILED;
  if (status > r->status) r->status = status;
  cli_note("yizhan: %s (%s): %s %s\n", row->name, row->code, message, failed->subject);
  if (!r->cli->json) return 0;
  json_t *item = json_pack("{s:s,s:s,s:n,s:i,s:i,s:i,s:{s:s,s:s}}", "village", row->name, "code",
                           row->code, "log", "accepted", 0, "waiting", 0, "quarantined", 0, "error",
                           "code", yz_code_name(failed->code), "message", message);
  return cli_array_item(&r->array, item, r->err);
}

static int report_one(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                      const struct yz_error *failed) {
  struct report *r = arg;
  if (got == NULL) return report_failure(r, row, failed);
  if (hub_is_own(r->n, row)) return 0;
  r->accepted += got->taken.accepted;
  r->waiting += got->taken.waiting;
  r->quarantined += got->taken.quarantined;
  if (!r->cli->json) {
    cli_say(_("%s (%s): %lld accepted, %lld waiting, %lld quarantined\n"), row->name, row->code,
            (long long)got->taken.accepted, (long long)got->taken.waiting,
            (long long)got->taken.quarantined);
    return 0;
  }
  int rc = got->taken.n == 0 ? cli_array_item(&r->array, nothing_json(row), r->err) : 0;
  for (size_t i = 0; rc == 0 && i < got->taken.n; i++)
    rc = cli_array_item(&r->array, count_json(row, &got->taken.logs[i]), r->err);
  return rc;
}

void ingest_say_left_out(size_t n) {
  if (n == 0) return;
  cli_note(
      n_("%zu record is too large to be carried to the other village; tell it what it says.\n",
         "%zu records are too large to be carried to the other village; tell it what they say.\n",
         n),
      n);
}

int ingest_and_report(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct report r = {.cli = cli, .n = n, .err = err};
  size_t left_out = 0;
  int rc = hub_ingest(n, report_one, &r, &left_out, err);
  if (rc == 0) ingest_say_left_out(left_out);
  if (rc == 0 && cli->json) rc = cli_array_end(&r.array, err);
  if (rc == 0 && !cli->json && r.quarantined > 0)
    cli_say(_("`yizhan hub quarantine list` says what could not be accepted, and why.\n"));
  return rc != 0 ? rc : r.status;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = ingest_and_report(cli, &n, err);
  node_finish(&n);
  return rc;
}

const struct command cmd_hub_ingest = {
    "hub ingest", NULL, 0, 0, N_("Take in what the villages brought"), NULL, run};
