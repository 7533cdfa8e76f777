#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "household.h"
#include "table.h"

static const int64_t DAY_MS = 86400000;

struct listing {
  bool json, hub;
  int zone;
  struct cli_array array;
  struct table table;
  size_t n;
  bool sealed; /* of some row */
  struct yz_error *err;
};

int household_people(const json_t *people, struct yz_buf *out, struct yz_error *err) {
  int rc = yz_buf_append(out, "", 0);
  for (size_t i = 0; rc == 0 && i < json_array_size(people); i++)
    rc = yz_buf_printf(out, "%s%s", i > 0 ? _(", ") : "",
                       json_string_value(json_array_get(people, i)));
  return rc != 0 ? yz_no_memory(err) : 0;
}

static int heading(struct listing *l) {
  const char *cells[7];
  size_t n = 0;
  cells[n++] = _("Id");
  if (l->hub) cells[n++] = _("Village");
  cells[n++] = _("Household");
  cells[n++] = _("Last visit");
  cells[n++] = _("Open cases");
  cells[n++] = _("Place");
  cells[n++] = _("People");
  table_init(&l->table, n);
  return table_row(&l->table, cells, l->err);
}

static int row_for_people(struct listing *l, const struct household_row *row) {
  char id[YZ_HASH_HEX + 1], last[CLI_TIME] = "-", open[24];
  const char *cells[7];
  struct yz_buf people = {0};
  size_t n = 0;
  yz_to_hex(row->id.bytes, YZ_HASH_LEN, id);
  id[REGISTRY_MIN_DIGITS] = '\0';
  if (row->last_visit_ms != HOUSEHOLD_NEVER) cli_time(row->last_visit_ms, l->zone, last);
  last[strcspn(last, "T")] = '\0';
  (void)snprintf(open, sizeof open, "%lld", (long long)row->open_cases);
  int rc = household_people(row->people, &people, l->err);
  if (rc == 0) {
    cells[n++] = id;
    if (l->hub) cells[n++] = row->code;
    cells[n++] = row->name == NULL && row->sealed ? _("(sealed)") : row->name;
    cells[n++] = last;
    cells[n++] = open;
    cells[n++] = row->place;
    cells[n++] = people.len > 0 ? (char *)people.data : NULL;
    rc = table_row(&l->table, cells, l->err);
  }
  yz_buf_finish(&people);
  return rc;
}

static int row_masked(struct listing *l, const struct household_row *row) {
  struct household_masked masked;
  if (!l->hub) return row_for_people(l, row);
  int rc = household_mask(row, &masked) == 0 ? 0 : yz_no_memory(l->err);
  if (rc != 0) return rc;
  rc = row_for_people(l, &masked.row);
  json_decref(masked.people);
  return rc;
}

static int take(void *arg, const struct household_row *row) {
  struct listing *l = arg;
  l->n++;
  l->sealed |= row->sealed;
  return l->json ? cli_array_item(&l->array, household_summary(row, l->hub, l->zone), l->err)
                 : row_masked(l, row);
}

static int list(struct cli *cli, struct node *n, struct listing *l) {
  struct yz_id room;
  struct household_query q = {
      .search = cli_get(cli, "search"), .gone = cli_has(cli, "gone"), .not_since_ms = INT64_MIN};
  int64_t days = cli_number(cli, "not-visited", -1), now = n->world->now_ms(n->world->ctx);
  /* Longer than there are clocks: only those who never had a visit. */
  if (days >= 0) q.not_since_ms = days < now / DAY_MS ? now - days * DAY_MS : INT64_MIN + 1;
  int rc = household_scope(cli, n, &room, &q.ledger, l->err);
  if (rc == 0) rc = heading(l);
  if (rc == 0) rc = store_list_households(n->store, &q, take, l, l->err);
  if (rc == 0 && l->json) return cli_array_end(&l->array, l->err);
  if (rc == 0 && l->n == 0) cli_say("%s\n", _("There are no such households."));
  if (rc == 0 && l->n > 0) table_print(&l->table);
  if (rc == 0 && l->sealed) cli_note_sealed();
  return rc;
}

static int run_list(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_reader(cli, &n, err);
  if (rc != 0) return rc;
  struct listing l = {.json = cli->json, .hub = n.hub, .zone = n.zone, .err = err};
  rc = list(cli, &n, &l);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "search", "WORDS",
     N_("only those in whose name, people, place, telephone number or note all of these occur")},
    {CLI_NUMBER, false, 0, "not-visited", "DAYS",
     N_("only those to whom nobody went for more than so many days, the longest first")},
    {CLI_FLAG, false, 0, "gone", NULL, N_("those that are gone, instead of those that are there")},
    HOUSEHOLD_VILLAGE_OPTION,
    {.kind = CLI_END},
};
const struct command cmd_household_list = {"household list",      NULL,    0,       0,
                                           N_("List households"), options, run_list};
