/* hub sample: whom the township asks itself. */
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../reading.h"
#include "admin.h"
#include "casework.h"
#include "commands.h"
#include "stats.h"
#include "table.h"

struct drawn {
  struct node *n;
  const char *as;
  bool json;
  struct hub_drawing drawing;
  struct cli_array array;
  struct table table;
  struct yz_error *err;
};

static int item(struct drawn *d, const struct case_row *row, json_t *village) {
  return cli_array_item(&d->array,
                        json_pack("{s:s?,s:o,s:O,s:s?,s:s?,s:s?,s:I,s:I,s:o}", "case", row->number,
                                  "id", admin_hex(row->id.bytes, YZ_HASH_LEN), "village", village,
                                  "resident", row->resident, "phone", row->phone, "title",
                                  row->title, "seed", (json_int_t)d->drawing.seed, "drawing",
                                  (json_int_t)d->drawing.number, "at",
                                  cli_json_time(d->drawing.at_ms, d->n->zone, 0)),
                        d->err);
}

static int take(void *arg, const struct yz_hash *id, const struct case_whole *whole) {
  struct drawn *d = arg;
  struct case_row row;
  json_t *village = NULL;
  casework_row(whole, id, &row);
  int rc = reading_note_named(d->n, id, d->as, d->err);
  if (rc == 0) rc = casework_village(d->n, id, &village, d->err);
  d->drawing.drawn++;
  if (rc == 0)
    rc = d->json ? item(d, &row, village)
                 : table_row(&d->table,
                             (const char *[]){row.number, json_string_value(village), row.resident,
                                              row.phone, row.title},
                             d->err);
  json_decref(village);
  return rc;
}

static void tell_drawing(const struct hub_drawing *d, int zone) {
  char at[CLI_TIME];
  cli_moment(d->at_ms, zone, at);
  cli_note(_("Drawn with the seed %lld, as of %s.\n"), (long long)d->seed, at);
  if (d->number > 1)
    cli_note(_("These cases have been drawn from with other seeds before: this is drawing %lld. "
               "`yizhan hub samples` lists them.\n"),
             (long long)d->number);
}

static int draw(struct drawn *d, const struct hub_sample *sample) {
  const char *titles[] = {_("Case"), _("Village"), _("Resident"), _("Telephone"), _("Title")};
  int rc = d->json ? 0 : table_row(&d->table, titles, d->err);
  if (rc == 0) rc = hub_number_drawing(d->n, &d->drawing, d->err);
  if (rc == 0) rc = hub_sample(d->n, sample, take, d, d->err);
  if (rc == 0) rc = hub_keep_drawing(d->n, &d->drawing, d->err);
  if (rc != 0) return rc;
  tell_drawing(&d->drawing, d->n->zone);
  if (d->json) return cli_array_end(&d->array, d->err);
  if (d->drawing.drawn > 0)
    table_print(&d->table);
  else
    cli_say("%s\n", _("There is none to draw."));
  return 0;
}

enum { MAX_SIZE = 1000000 };

static int read_size(struct cli *cli, int64_t *out, struct yz_error *err) {
  const char *text = cli->args[0];
  *out = strtoll(text, NULL, 10);
  if (text[strspn(text, "0123456789")] == '\0' && *out >= 1 && *out <= MAX_SIZE) return 0;
  return cli_usage_fail(cli, err, YZ_N_("Say how many cases to draw, from 1 to 1000000."), text);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct hub_sample sample = {0};
  struct reckoning_month month = reckoning_all;
  struct node n;
  int rc = read_size(cli, &sample.size, err);
  if (rc == 0) rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = stats_month(cli, n.zone, &month, err);
  sample.from_ms = month.from_ms;
  sample.to_ms = month.to_ms;
  sample.seed = cli_has(cli, "seed") ? cli_number(cli, "seed", 0) : hub_sample_seed(&n);
  struct drawn d = {.n = &n,
                    .as = cli->worker,
                    .json = cli->json,
                    .drawing = {.at_ms = n.world->now_ms(n.world->ctx),
                                .month = month.name[0] != '\0' ? month.name : NULL,
                                .seed = sample.seed,
                                .size = sample.size},
                    .err = err};
  table_init(&d.table, 5);
  if (rc == 0) rc = draw(&d, &sample);
  table_finish(&d.table);
  node_finish(&n);
  return rc;
}

/* --- which were drawn --------------------------------------------------------- */

static int list_one(void *arg, const struct hub_drawing *d) {
  struct drawn *l = arg;
  char at[CLI_TIME], number[24], seed[24], size[24], drawn[24];
  if (l->json)
    return cli_array_item(
        &l->array,
        json_pack("{s:o,s:s?,s:I,s:I,s:I,s:I}", "at", cli_json_time(d->at_ms, l->n->zone, 0),
                  "month", d->month, "seed", (json_int_t)d->seed, "size", (json_int_t)d->size,
                  "drawn", (json_int_t)d->drawn, "drawing", (json_int_t)d->number),
        l->err);
  cli_moment(d->at_ms, l->n->zone, at);
  (void)snprintf(number, sizeof number, "%lld", (long long)d->number);
  (void)snprintf(seed, sizeof seed, "%lld", (long long)d->seed);
  (void)snprintf(size, sizeof size, "%lld", (long long)d->size);
  (void)snprintf(drawn, sizeof drawn, "%lld", (long long)d->drawn);
  return table_row(&l->table, (const char *[]){at, d->month, number, seed, size, drawn}, l->err);
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct drawn l = {.n = &n, .json = cli->json, .err = err};
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 6);
  rc = table_row(
      &l.table,
      (const char *[]){_("As of"), _("Month"), _("Drawing"), _("Seed"), _("Asked for"), _("Drawn")},
      err);
  if (rc == 0) rc = hub_each_drawing(&n, list_one, &l, err);
  if (rc == 0 && cli->json) rc = cli_array_end(&l.array, err);
  if (rc == 0 && !cli->json && l.table.n == l.table.columns)
    cli_say("%s\n", _("No sample has been drawn."));
  else if (rc == 0 && !cli->json)
    table_print(&l.table);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "month", "YYYY-MM", N_("only cases opened in this month")},
    {CLI_NUMBER, false, 0, "seed", "S", N_("draw as was drawn with this seed; without it: anew")},
    {.kind = CLI_END},
};
const struct command cmd_hub_sample = {
    "hub sample", "N", 1, 1, N_("Draw cases at random that the township follows up itself"),
    options,      run};
const struct command cmd_hub_samples = {
    "hub samples", NULL, 0, 0, N_("List which samples were drawn, and when"), NULL, list};
