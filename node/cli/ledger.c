/* ledger allowed-signers: the file by which stock git checks our commits. */
#include <stdlib.h>

#include "../ledgers.h"
#include "admin.h"

struct signers {
  struct yz_key *keys;
  size_t n;
};

static int add_key(struct signers *s, const struct yz_key *key, struct yz_error *err) {
  for (size_t i = 0; i < s->n; i++)
    if (yz_equal(&s->keys[i], key, YZ_KEY_LEN)) return 0;
  struct yz_key *keys = reallocarray(s->keys, s->n + 1, sizeof *keys);
  if (keys == NULL) return yz_no_memory(err);
  s->keys = keys;
  s->keys[s->n++] = *key;
  return 0;
}

static int add_ledger(struct node *n, struct signers *s, const struct yz_ledger_row *row,
                      struct yz_error *err) {
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, &row->id, &logs, &count, err);
  if (rc == 0 && row->joined) rc = add_key(s, &row->hub, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = add_key(s, &logs[i].node, err);
  free(logs);
  return rc;
}

static int put_line(const struct yz_key *key, struct yz_buf *out) {
  char node[2 * YZ_KEY_LEN + 1];
  yz_to_hex(key->bytes, YZ_KEY_LEN, node);
  int rc = yz_buf_printf(out, "%.16s@yizhan.invalid namespaces=\"git\" ", node);
  if (rc == 0) rc = yz_ssh_public(key, out);
  return rc != 0 ? rc : yz_buf_puts(out, "\n");
}

static int print(const struct cli *cli, const struct signers *s, struct yz_error *err) {
  struct yz_buf text = {0};
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < s->n; i++) rc = put_line(&s->keys[i], &text);
  if (rc != 0)
    rc = yz_no_memory(err);
  else if (cli->json)
    rc = cli_json(json_pack("{s:s#}", "allowed_signers", (const char *)text.data, (int)text.len),
                  err);
  else
    cli_say("%s", text.data != NULL ? (const char *)text.data : "");
  yz_buf_finish(&text);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signers s = {0};
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = add_key(&s, &n.station.key, err);
  if (rc == 0) rc = node_ledgers(&n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = add_ledger(&n, &s, &rows[i], err);
  if (rc == 0) rc = print(cli, &s, err);
  free(rows);
  free(s.keys);
  node_finish(&n);
  return rc;
}

const struct command cmd_ledger_allowed_signers = {
    "ledger allowed-signers", NULL, 0, 0, N_("Print whose signatures git should trust"), NULL, run};
