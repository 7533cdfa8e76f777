/* hub readings: who has read what people said. */
#include "../hub/hub.h"
#include "../reading.h"
#include "admin.h"
#include "commands.h"
#include "table.h"

static int print(const json_t *list, struct yz_error *err) {
  const char *titles[] = {_("Day"), _("Case or household"), _("Who")};
  struct table table;
  const json_t *one;
  size_t i;
  if (json_array_size(list) == 0) {
    cli_say("%s\n", _("Nobody has read any."));
    return 0;
  }
  table_init(&table, 3);
  int rc = table_row(&table, titles, err);
  json_array_foreach(list, i, one) {
    const char *by = yz_json_string(one, "by");
    const char *number = yz_json_string(one, "case");
    const char *cells[] = {yz_json_string(one, "day"),
                           number != NULL ? number : yz_json_string(one, "household"),
                           by != NULL ? by : _("someone who was not named")};
    if (rc == 0) rc = table_row(&table, cells, err);
  }
  if (rc == 0) table_print(&table);
  table_finish(&table);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_hash id;
  json_t *list = NULL;
  bool one = cli->n_args > 0;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0) rc = hub_check_overseer(&n, &who.author.key, err);
  if (rc == 0 && one) rc = node_find_case(&n, cli->args[0], &id, err);
  if (rc == 0 && (list = reading_list(&n, one ? &id : NULL, err)) == NULL) rc = err->code;
  if (rc == 0) rc = cli->json ? cli_json(json_incref(list), err) : print(list, err);
  json_decref(list);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

const struct command cmd_hub_readings = {
    "hub readings",
    "[NUMBER]",
    0,
    1,
    N_("List who has read cases and households in full here, and on which day"),
    NULL,
    run};
