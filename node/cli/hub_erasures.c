/* hub erasures: who still holds what was erased, and what villages ask to be. */
#include "../hub/hub.h"
#include "../moment.h"
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
  if (l->json)
    return cli_array_item(
        &l->array,
        json_pack("{s:s,s:s,s:o,s:b}", "village", node->village.name, "code", node->village.code,
                  "node", admin_hex(node->node.bytes, YZ_KEY_LEN), "revoked", (int)node->revoked),
        l->err);
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
static int name_subject(struct list *l, const struct yz_hash *of, struct yz_buf *number,
                        char digits[static DIGITS + 1], struct yz_error *err) {
  struct case_whole whole = {0};
  yz_to_hex(of->bytes, DIGITS / 2, digits);
  int rc = store_load_case(l->n->store, of, &whole, err);
  if (rc == 0 && whole.view.number != NULL && yz_buf_puts(number, whole.view.number) != 0)
    rc = yz_no_memory(err);
  case_whole_finish(&whole);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

static int show_asked(struct list *l, const struct erasure *e, const char *number,
                      const char *digits, const struct yz_ledger_row *village) {
  char at[CLI_TIME];
  struct yz_buf by = {0};
  cli_moment(e->at_ms, l->n->zone, at);
  int rc = casework_author(l->n, &e->ledger, &e->by, &by, l->err);
  if (rc == 0 && l->json)
    rc = cli_array_item(&l->array,
                        json_pack("{s:s?,s:o,s:s,s:s,s:o,s:s,s:s?}", "case", number, "id",
                                  admin_hex(e->of.bytes, YZ_HASH_LEN), "village", village->name,
                                  "code", village->code, "at",
                                  moment_json(e->at_ms, l->n->zone, INT64_MIN), "by",
                                  (const char *)by.data, "reason", e->reason),
                        l->err);
  else if (rc == 0)
    rc = table_row(&l->table,
                   (const char *[]){number != NULL ? number : digits, village->code,
                                    (const char *)by.data, at, e->reason},
                   l->err);
  yz_buf_finish(&by);
  return rc;
}

static int add_asked(void *arg, const struct erasure *e) {
  struct list *l = arg;
  const struct yz_store *t = store_table(l->n->store);
  struct yz_ledger_row village;
  struct yz_buf number = {0};
  char digits[DIGITS + 1];
  l->count++;
  int rc = name_subject(l, &e->of, &number, digits, l->err);
  if (rc == 0) rc = t->get_ledger(t->ctx, &e->ledger, &village, l->err);
  if (rc == 0) rc = show_asked(l, e, (const char *)number.data, digits, &village);
  yz_buf_finish(&number);
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
  cli_note("%s\n", _("`yizhan erase` with what stands in the first column does it."));
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  bool asked = cli_has(cli, "asked");
  struct list l = {.n = &n, .json = cli->json, .err = err};
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, asked ? 5 : 4);
  rc = asked ? list_asked(&l) : list_all(&l);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_FLAG, false, 0, "asked", NULL, N_("what villages ask to be erased, and is not yet")},
    {.kind = CLI_END},
};
const struct command cmd_hub_erasures = {
    "hub erasures", NULL, 0, 0, N_("List the nodes that still hold what was erased"), options, run};
