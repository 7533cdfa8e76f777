/* worker revoke: ends a worker's right to sign at this node, and says what is left open. */
#include <stdlib.h>
#include <string.h>

#include "../ending.h"
#include "../ledgers.h"
#include "../worker_states.h"
#include "admin.h"

/* Who acts, where it is not said: the one who is left. *out is malloc'd, or NULL. */
static int the_other(struct node *n, const char *leaver, char **out, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  *out = NULL;
  for (size_t i = 0; rc == 0 && count == 2 && i < count; i++) {
    if (strcmp(kept[i].name, leaver) == 0 || strcmp(kept[1 - i].name, leaver) != 0) continue;
    *out = strdup(kept[i].name);
    if (*out == NULL) rc = yz_no_memory(err);
    break;
  }
  free(kept);
  return rc;
}

static int answer(const struct cli *cli, const struct yz_key *key, json_t *numbers,
                  struct yz_error *err) {
  if (cli->json)
    return cli_json(json_pack("{s:s,s:o,s:O}", "worker", cli->args[0], "key",
                              admin_hex(key->bytes, YZ_KEY_LEN), "open_cases", numbers),
                    err);
  cli_say(_("%s signs here no more; the key was removed. What was signed until now counts.\n"),
          cli->args[0]);
  if (json_array_size(numbers) == 0) return 0;
  cli_say(_("These cases of this worker are open; give them to someone else:\n"));
  for (size_t i = 0; i < json_array_size(numbers); i++)
    cli_say("%s\n", json_string_value(json_array_get(numbers, i)));
  return 0;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_key key;
  json_t *numbers = NULL;
  char *other = NULL;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  if (cli->worker == NULL) rc = the_other(&n, cli->args[0], &other, err);
  if (rc == 0)
    rc = signer_open(&who, &n, other != NULL ? other : cli->worker, cli->passphrase_file, err);
  if (rc == 0) rc = node_end_worker(&n, &who, cli->args[0], &key, err);
  if (rc == 0) rc = worker_left_open(&n, &key, cli->args[0], &numbers, err);
  if (rc == 0) rc = answer(cli, &key, numbers, err);
  json_decref(numbers);
  free(other);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

const struct command cmd_worker_revoke = {"worker revoke",
                                          "NAME",
                                          1,
                                          1,
                                          N_("End a worker's right to sign at this node, at once"),
                                          NULL,
                                          run};
