/* erase: people's words, of a case or a household, taken away everywhere. */
#include <string.h>

#include "../erase.h"
#include "../hub/hub.h"
#include "../registry.h"
#include "admin.h"
#include "casework.h"
#include "commands.h"
#include "table.h"

enum { DIGITS = 8 };

/* --- erasing ------------------------------------------------------------------- */

/* A case's number or id, or else a household's name or id. */
static int find(struct node *n, const char *text, struct yz_hash *of, struct yz_error *err) {
  struct yz_error why = {0};
  struct registry_place place;
  int rc = node_find_case(n, text, of, &why);
  bool id = yz_from_hex(text, strlen(text), of->bytes, YZ_HASH_LEN);
  if (rc == YZ_E_INPUT || (rc == YZ_E_NOT_FOUND && id)) {
    rc = registry_find(n, NULL, text, &place, err);
    if (rc == 0) *of = place.id;
    return rc;
  }
  return rc == 0 ? 0 : yz_fail(err, why.code, why.message, "%s", why.subject);
}

static int answer(const struct cli *cli, const struct yz_hash *of, size_t ledgers,
                  struct yz_error *err) {
  if (cli->json)
    return admin_answer(json_pack("{s:o,s:I}", "erased", admin_hex(of->bytes, YZ_HASH_LEN),
                                  "ledgers", (json_int_t)ledgers),
                        ledgers == 0, err);
  if (ledgers == 0) admin_say_already();
  cli_say("%s\n",
          _("The words are gone here. Every other node takes them away at its next contact; "
            "`yizhan hub erasures` lists who has not yet. Backups made before still hold "
            "them: destroy those."));
  return 0;
}

static int erase(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct signer who = {0};
  struct yz_hash of;
  size_t ledgers = 0;
  int rc = find(n, cli->args[0], &of, err);
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = hub_erase(n, &who, &of, cli_get(cli, "reason"), &ledgers, err);
  if (rc == 0) rc = hub_publish(n, err);
  if (rc == 0) rc = node_scrub(n, err);
  if (rc == 0) rc = answer(cli, &of, ledgers, err);
  signer_finish(&who);
  return rc;
}

/* At a village that works alone. */
static int erase_alone(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct signer who = {0};
  struct yz_hash of;
  bool already = false;
  int rc = find(n, cli->args[0], &of, err);
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = node_erase_alone(n, &who, &of, cli_get(cli, "reason"), &already, err);
  if (rc == 0) rc = node_scrub(n, err);
  signer_finish(&who);
  if (rc != 0) return rc;
  if (cli->json)
    return admin_answer(json_pack("{s:o,s:I}", "erased", admin_hex(of.bytes, YZ_HASH_LEN),
                                  "ledgers", (json_int_t)!already),
                        already, err);
  if (already) admin_say_already();
  cli_say("%s\n",
          _("The words are gone here. Backups made before still hold them: destroy those."));
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = n.hub ? erase(cli, &n, err) : erase_alone(cli, &n, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, true, 0, "reason", "TEXT", N_("why, without words of people: this stays")},
    {.kind = CLI_END},
};
const struct command cmd_erase = {
    "erase", "CASE|HOUSEHOLD", 1, 1, N_("Take away what people said, everywhere"), options, run};

/* --- who has not yet ---------------------------------------------------------------- */

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

static int run_list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct list l = {.n = &n, .json = cli->json, .err = err};
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 4);
  rc = list_all(&l);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

const struct command cmd_hub_erasures = {
    "hub erasures", NULL,    0, 0, N_("List the nodes that still hold what was erased"),
    NULL,           run_list};
