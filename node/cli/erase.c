/* erase: people's words, of a case or a household, taken away everywhere, or the township asked to.
 */
#include "../erase.h"
#include "../hub/hub.h"
#include "admin.h"
#include "casework.h"
#include "commands.h"

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
  int rc = erase_find(n, cli->args[0], &of, err);
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = hub_erase(n, &who, &of, cli_get(cli, "reason"), &ledgers, err);
  if (rc == 0) rc = hub_publish(n, err);
  if (rc == 0) rc = node_scrub(n, err);
  if (rc == 0) rc = answer(cli, &of, ledgers, err);
  signer_finish(&who);
  return rc;
}

static int answer_alone(const struct cli *cli, const struct yz_hash *of, bool already,
                        struct yz_error *err) {
  if (cli->json)
    return admin_answer(json_pack("{s:o,s:I}", "erased", admin_hex(of->bytes, YZ_HASH_LEN),
                                  "ledgers", (json_int_t)!already),
                        already, err);
  if (already) admin_say_already();
  cli_say("%s\n",
          _("The words are gone here. Backups made before still hold them: destroy those."));
  return 0;
}

static int answer_asked(const struct cli *cli, const struct yz_hash *of, bool already,
                        struct yz_error *err) {
  if (cli->json)
    return admin_answer(json_pack("{s:o}", "asked", admin_hex(of->bytes, YZ_HASH_LEN)), already,
                        err);
  if (already) admin_say_already();
  cli_say("%s\n",
          _("Erasing is the township's: it is asked for, with the next contact. Until the "
            "township's administrator does it the words stay; `yizhan status` says what is done."));
  return 0;
}

/* At a village: what it may erase itself it erases, else it asks. */
static int erase_village(const struct cli *cli, struct node *n, struct yz_error *err) {
  struct signer who = {0};
  struct yz_hash of;
  const char *reason = cli_get(cli, "reason");
  bool already = false, joined = n->ledger.joined;
  int rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = erase_find(n, cli->args[0], &of, err);
  if (rc == 0)
    rc = joined ? node_erase_ask(n, &who, &of, reason, &already, err)
                : node_erase_alone(n, &who, &of, reason, &already, err);
  if (rc == 0 && !joined) rc = node_scrub(n, err);
  signer_finish(&who);
  if (rc != 0) return rc;
  return joined ? answer_asked(cli, &of, already, err) : answer_alone(cli, &of, already, err);
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = n.hub ? erase(cli, &n, err) : erase_village(cli, &n, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, true, 0, "reason", "TEXT", N_("why, without words of people: this stays")},
    {.kind = CLI_END},
};
const struct command cmd_erase = {
    "erase", "CASE|HOUSEHOLD", 1, 1, N_("Take away what people said, everywhere"), options, run};
