/* hub erasures: who still holds what was erased; what villages ask to be, and no to that. */
#include "../erase.h"
#include "../hub/hub.h"
#include "../hub/told.h"
#include "admin.h"
#include "casework.h"
#include "commands.h"
#include "table.h"

enum { DIGITS = 8 };

struct list {
  struct node *n;
  bool json;
  size_t count;
  struct cli_array array;
  struct table table;
  struct yz_error *err;
};

static int add(void *arg, const struct erasing_node *node) {
  struct list *l = arg;
  char hex[2 * DIGITS + 1];
  l->count++;
  if (l->json) return cli_array_item(&l->array, told_erasing(node), l->err);
  yz_to_hex(node->node.bytes, DIGITS / 2, hex);
  return table_row(&l->table,
                   (const char *[]){node->village.code, node->village.name, hex,
                                    node->revoked
                                        ? _("revoked: the hub does it, at its next contact")
                                        : _("not yet")},
                   l->err);
}

static int list_all(struct list *l) {
  const char *titles[] = {_("Code"), _("Village"), _("Node"), _("Erased")};
  int rc = l->json ? 0 : table_row(&l->table, titles, l->err);
  if (rc == 0) rc = hub_each_erasing(l->n, add, l, l->err);
  if (rc != 0) return rc;
  if (l->json) return cli_array_end(&l->array, l->err);
  if (l->count > 0)
    table_print(&l->table);
  else
    cli_say("%s\n", _("Every node has taken away what was erased."));
  return 0;
}

/* --- what is asked for ---------------------------------------------------------------- */

/* A case by its number, a household by as much of its id as names it. */
static int show_asked(struct list *l, const struct erasure *e, const json_t *asked) {
  char at[CLI_TIME], digits[DIGITS + 1];
  const char *number = yz_json_string(asked, "case");
  yz_to_hex(e->of.bytes, DIGITS / 2, digits);
  cli_moment(e->at_ms, l->n->zone, at);
  return table_row(&l->table,
                   (const char *[]){number != NULL ? number : digits, yz_json_string(asked, "code"),
                                    yz_json_string(asked, "by"), at, e->reason},
                   l->err);
}

static int add_asked(void *arg, const struct erasure *e) {
  struct list *l = arg;
  json_t *asked;
  l->count++;
  int rc = told_asked(l->n, e, &asked, l->err);
  if (rc != 0) return rc;
  if (l->json) return cli_array_item(&l->array, asked, l->err);
  rc = show_asked(l, e, asked);
  json_decref(asked);
  return rc;
}

static int list_asked(struct list *l) {
  const char *titles[] = {_("Case or household"), _("Code"), _("Who"), _("Asked"), _("Reason")};
  int rc = l->json ? 0 : table_row(&l->table, titles, l->err);
  if (rc == 0) rc = store_each_asked(l->n->store, NULL, add_asked, l, l->err);
  if (rc != 0) return rc;
  if (l->json) return cli_array_end(&l->array, l->err);
  if (l->count == 0) {
    cli_say("%s\n", _("Nothing is asked to be erased."));
    return 0;
  }
  table_print(&l->table);
  cli_note("%s\n", _("`yizhan erase` with what stands in the first column does it, `hub erasures "
                     "--refuse` says no."));
  return 0;
}

/* --- saying no ------------------------------------------------------------------------ */

static int refuse(struct cli *cli, struct node *n, struct yz_error *err) {
  struct signer who = {0};
  struct yz_hash of;
  int rc = erase_find(n, cli_get(cli, "refuse"), &of, err);
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = hub_keep(n, &who, &of, cli_get(cli, "reason"), err);
  if (rc == 0) rc = hub_publish(n, err);
  signer_finish(&who);
  if (rc != 0) return rc;
  if (cli->json)
    return cli_json(json_pack("{s:o}", "refused", admin_hex(of.bytes, YZ_HASH_LEN)), err);
  cli_say("%s\n",
          _("The words stay. Who asked sees this and why with the next contact, and may ask "
            "again."));
  return 0;
}

static int check_options(struct cli *cli, struct yz_error *err) {
  bool no = cli_has(cli, "refuse");
  if (no && cli_has(cli, "asked"))
    return cli_usage_fail(cli, err, YZ_N_("These two do not go together."), "--refuse, --asked");
  if (no != cli_has(cli, "reason"))
    return cli_usage_fail(cli, err, YZ_N_("Each of these two needs the other."),
                          "--refuse, --reason");
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  bool asked = cli_has(cli, "asked");
  struct list l = {.n = &n, .json = cli->json, .err = err};
  int rc = check_options(cli, err);
  if (rc == 0) rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, asked ? 5 : 4);
  rc = cli_has(cli, "refuse") ? refuse(cli, &n, err) : asked ? list_asked(&l) : list_all(&l);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_FLAG, false, 0, "asked", NULL, N_("what villages ask to be erased, and is not yet")},
    {CLI_LINE, false, 0, "refuse", "CASE|HOUSEHOLD",
     N_("say no to what is asked of it: its words stay")},
    {CLI_LINE, false, 0, "reason", "TEXT", N_("why, without words of people: this stays")},
    {.kind = CLI_END},
};
const struct command cmd_hub_erasures = {
    "hub erasures", NULL, 0, 0, N_("List the nodes that still hold what was erased"), options, run};
