/* parcel write, list, open: what goes on a stick, and what lies there. */
#include "parcel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../history.h"
#include "../hub/hub.h"
#include "progress.h"

int parcel_check_joined(const struct node *n, struct yz_error *err) {
  if (n->hub || n->ledger.joined) return 0;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This village works alone and has no hub yet; ask the township for an "
                       "invitation and use `yizhan join`."),
                 "%s", n->dir);
}

/* --- write ------------------------------------------------------------------- */

int parcel_say_written(void *arg, const struct yz_ledger_row *row,
                       const struct yz_parcel_written *written) {
  struct parcel_writing *w = arg;
  const char *to = w->n->hub ? row->code : "hub";
  w->written++;
  if (!w->cli->json && w->n->hub)
    cli_say(_("%s for %s (%s), %lld bytes\n"), written->name, row->name, row->code,
            (long long)written->bytes);
  if (!w->cli->json && !w->n->hub)
    cli_say(_("%s for the hub, %lld bytes\n"), written->name, (long long)written->bytes);
  json_t *item = json_pack("{s:s,s:s,s:I}", "file", written->name, "to", to, "bytes",
                           (json_int_t)written->bytes);
  return json_array_append_new(w->list, item) != 0 ? YZ_E_MEMORY : 0;
}

void parcel_say_removed(const struct parcel_writing *w) {
  if (w->removed > 0 && !w->cli->json)
    cli_say(
        n_("%zu older parcel of ours was removed there: what it held is in the new ones, or has "
           "arrived.\n",
           "%zu older parcels of ours were removed there: what they held is in the new ones, or "
           "has arrived.\n",
           w->removed),
        w->removed);
}

/* --max: bytes, or with K, M or G behind. */
static int read_size(struct cli *cli, int64_t *out, struct yz_error *err) {
  static const char units[] = "KMG";
  const char *text = cli_get(cli, "max");
  char *end = NULL;
  *out = YZ_PARCEL_USUAL;
  if (text == NULL) return 0;
  errno = 0;
  long long n = text[0] >= '0' && text[0] <= '9' ? strtoll(text, &end, 10) : 0;
  const char *unit = end != NULL && *end != '\0' ? strchr(units, *end) : NULL;
  int shift = unit != NULL ? (int)(unit - units + 1) * 10 : 0;
  if (end == NULL || errno != 0 || (*end != '\0' && (unit == NULL || end[1] != '\0')) ||
      n > YZ_PARCEL_MAX >> shift || n << shift < YZ_PARCEL_MIN)
    return cli_usage_fail(cli, err,
                          YZ_N_("A size is a number of bytes, or one with K, M or G behind it, and "
                                "64K at least."),
                          text);
  *out = n << shift;
  return 0;
}

static int write_hub(struct cli *cli, struct node *n, const struct parcels_to *to,
                     struct yz_error *err) {
  struct yz_ledger_row row;
  const char *whom = cli_get(cli, "to");
  int rc = whom != NULL ? hub_find_village(n, whom, &row, err) : 0;
  if (rc == 0) rc = hub_cut(n, err);
  return rc != 0 ? rc : hub_send_parcels(n, whom != NULL ? &row : NULL, to, err);
}

static int write_village(struct cli *cli, struct node *n, const struct parcels_to *to,
                         struct yz_error *err) {
  const char *whom = cli_get(cli, "to");
  if (whom != NULL && strcmp(whom, "hub") != 0)
    return cli_usage_fail(cli, err, YZ_N_("A village writes parcels to its hub: --to hub."), whom);
  return parcels_send_here(n, to, err);
}

void parcel_note(const struct cli *cli, const char *kind, int64_t began_ms, json_t *said,
                 const struct yz_error *failed) {
  if (failed->code != 0) {
    json_decref(said);
    said = history_error(failed);
  }
  history_note(cli->dir, cli->world, kind, began_ms, said);
}

static int write_all(struct cli *cli, struct node *n, struct yz_error *err) {
  struct yz_error failed = {0};
  int64_t began_ms = cli->world->now_ms(cli->world->ctx);
  struct progress progress;
  const struct yz_counting counting = {progress_count, &progress};
  struct parcel_writing w = {.cli = cli, .n = n, .list = json_array()};
  struct parcels_to to = {
      .folder = cli->args[0], .fn = parcel_say_written, .arg = &w, .removed = &w.removed};
  progress_init(&progress, cli);
  n->station.counting = &counting;
  int rc = read_size(cli, &to.max_bytes, &failed);
  if (rc == 0) rc = n->hub ? write_hub(cli, n, &to, &failed) : write_village(cli, n, &to, &failed);
  if (rc == YZ_E_MEMORY) rc = yz_no_memory(&failed);
  n->station.counting = NULL;
  progress_end(&progress);
  if (!cli->usage)
    parcel_note(cli, "write", began_ms, json_pack("{s:O}", "parcels", w.list), &failed);
  if (rc != 0) (void)yz_fail(err, failed.code, failed.message, "%s", failed.subject);
  if (rc == 0 && cli->json) rc = cli_json(json_pack("{s:O}", "parcels", w.list), err);
  json_decref(w.list);
  if (rc == 0) parcel_say_removed(&w);
  if (rc == 0 && !cli->json)
    cli_say(w.written > 0 ? _("They are on the disk: the stick may be pulled out.\n")
                          : _("Nothing was written: the other side has said that it has all.\n"));
  return rc;
}

static int run_write(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = parcel_check_joined(&n, err);
  if (rc == 0) rc = write_all(cli, &n, err);
  node_finish(&n);
  return rc;
}

/* --- list ---------------------------------------------------------------------- */

static json_t *look_json(const struct parcel_item *item, const struct yz_parcel_seen *seen,
                         const char *state) {
  return json_pack("{s:s,s:s,s:I,s:i,s:o}", "file", item->name, "state", state, "bytes",
                   (json_int_t)seen->bytes, "version", (int)seen->version, "hub",
                   admin_hex(seen->hub.bytes, YZ_KEY_LEN));
}

static int list_one(const struct cli *cli, const struct parcel_item *item, struct cli_array *array,
                    struct yz_error *err) {
  struct yz_parcel_seen seen;
  struct yz_error why = {0};
  char hub[17];
  int rc = yz_parcel_look(cli->world, item->path, &seen, &why);
  const char *state = rc == YZ_E_FORMAT                               ? N_("no parcel")
                      : (rc == 0 || rc == YZ_E_VERSION) && seen.whole ? N_("whole")
                      : rc == 0 || rc == YZ_E_VERSION                 ? N_("broken")
                                                                      : N_("unread");
  if (cli->json) return cli_array_item(array, look_json(item, &seen, state), err);
  yz_to_hex(seen.hub.bytes, 8, hub);
  if (rc == 0 || rc == YZ_E_VERSION)
    cli_say(_("%s  %s  %lld bytes  hub %s\n"), item->name, _(state), (long long)seen.bytes, hub);
  else
    cli_say(_("%s  %s  %lld bytes\n"), item->name, _(state), (long long)seen.bytes);
  if (rc != 0 && rc != YZ_E_FORMAT && why.message != NULL)
    cli_note("yizhan: %s: %s\n", why.subject, _(why.message));
  return 0;
}

static int run_list(struct cli *cli, struct yz_error *err) {
  struct parcels p = {0};
  struct cli_array array = {0};
  int rc = parcels_list(cli->world, cli->args[0], &p, err);
  for (size_t i = 0; rc == 0 && i < p.n; i++) rc = list_one(cli, &p.items[i], &array, err);
  if (rc == 0 && cli->json) rc = cli_array_end(&array, err);
  if (rc == 0 && !cli->json && p.n == 0) cli_say(_("There is no parcel here.\n"));
  parcels_finish(&p);
  return rc;
}

/* --- open ---------------------------------------------------------------------- */

static int open_one(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct yz_parcel p = {0};
  const char *to = cli_get(cli, "output");
  int rc = yz_parcel_open(&n->station, cli->args[0], &p, err);
  if (rc == 0) rc = yz_parcel_extract(&n->station, &p, to, err);
  if (rc == 0 && cli->json)
    rc = cli_json(json_pack("{s:s,s:o,s:o,s:I}", "file", to, "ledger",
                            admin_hex(p.ledger.bytes, YZ_ID_LEN), "from",
                            admin_hex(p.from.bytes, YZ_KEY_LEN), "n", (json_int_t)p.n),
                  err);
  else if (rc == 0)
    cli_say(_("The git bundle inside is %s now.\n"), to);
  yz_parcel_finish(&p);
  return rc;
}

static int run_open(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = open_one(cli, &n, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option write_options[] = {
    {CLI_LINE, false, 0, "to", "hub|CODE", N_("whom to: the hub, or at a hub one village")},
    {CLI_LINE, false, 0, "max", "SIZE", N_("bytes of one file at most, as 600M; 1G if not given")},
    PROGRESS_OPTION,
    {CLI_END, false, 0, NULL, NULL, NULL}};
static const struct cli_option open_options[] = {
    {CLI_PATH, true, 'o', "output", "FILE", N_("the git bundle to write")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

const struct command cmd_parcel_write = {
    "parcel write",
    "DIR",
    1,
    1,
    N_("Write what the other side lacks into a folder, as on a stick"),
    write_options,
    run_write};
const struct command cmd_parcel_list = {
    "parcel list", "DIR",   1, 1, N_("Say which parcels in a folder are whole; needs no key"),
    NULL,          run_list};
const struct command cmd_parcel_open = {
    "parcel open", "FILE",  1, 1, N_("Take the git bundle out of a parcel that is sealed to us"),
    open_options,  run_open};
