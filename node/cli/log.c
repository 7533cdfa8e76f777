/* Records as they were signed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ledgers.h"
#include "../reading.h"
#include "commands.h"

struct printing {
  const struct yz_hash *case_id; /* NULL: all */
  bool terminal, content;
  struct yz_error *err;
};

/* The line with what this node reads of its words as a third item, and why the record is
 * without effect, or null, as a fourth. */
static int with_content(const struct yz_stored *record, struct yz_buf *out, struct yz_error *err) {
  int rc = yz_buf_append(out, record->line, record->line_len - 1);
  if (rc == 0) rc = yz_buf_puts(out, ",{");
  for (size_t i = 0; rc == 0 && i < record->n_contents; i++) {
    const struct yz_content *c = &record->contents[i];
    rc = yz_buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", c->audience);
    if (rc == 0) rc = yz_buf_append(out, c->bytes, c->len);
  }
  if (rc == 0)
    rc = record->rule != NULL ? yz_buf_printf(out, "},\"%s\"]", record->rule)
                              : yz_buf_puts(out, "},null]");
  return rc != 0 ? yz_no_memory(err) : 0;
}

static void print_line(const struct printing *p, const char *line, size_t len) {
  if (p->terminal) {
    cli_say("%.*s\n", (int)len, line);
    return;
  }
  (void)fwrite(line, 1, len, stdout);
  (void)putchar('\n');
}

static int print_record(void *arg, const struct yz_stored *record) {
  const struct printing *p = arg;
  const struct yz_hash *of = record->case_id != NULL ? record->case_id : &record->id;
  if (p->case_id != NULL && memcmp(of->bytes, p->case_id->bytes, YZ_HASH_LEN) != 0) return 0;
  if (!p->content) {
    print_line(p, record->line, record->line_len);
    return 0;
  }
  struct yz_buf line = {0};
  int rc = with_content(record, &line, p->err);
  if (rc == 0) print_line(p, (const char *)line.data, line.len);
  yz_buf_finish(&line);
  return rc;
}

static int print_ledger(struct node *n, const struct yz_id *ledger, struct printing *p,
                        struct yz_error *err) {
  struct yz_log_row *logs = NULL;
  size_t n_logs = 0;
  const struct yz_store *store = n->station.store;
  int rc = node_logs(n, ledger, &logs, &n_logs, err);
  for (size_t i = 0; rc == 0 && i < n_logs; i++)
    rc = store->each_record(store->ctx, &logs[i].id, 1, 0, print_record, p, err);
  free(logs);
  return rc;
}

static int print_all(struct node *n, struct printing *p, struct yz_error *err) {
  struct yz_ledger_row *ledgers = NULL;
  size_t n_ledgers = 0;
  int rc = node_ledgers(n, &ledgers, &n_ledgers, err);
  for (size_t i = 0; rc == 0 && i < n_ledgers; i++) rc = print_ledger(n, &ledgers[i].id, p, err);
  free(ledgers);
  return rc;
}

static int run_log(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_hash id;
  struct printing p = {
      .terminal = isatty(STDOUT_FILENO) == 1, .content = cli_has(cli, "content"), .err = err};
  const char *number = cli_get(cli, "case");
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  if (number != NULL) {
    rc = node_find_case(&n, number, &id, err);
    p.case_id = &id;
  }
  if (rc == 0 && p.content) rc = reading_note_named(&n, p.case_id, cli->worker, err);
  if (rc == 0) rc = print_all(&n, &p, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "case", "NUMBER", N_("only the records of this case")},
    {CLI_FLAG, false, 0, "content", NULL, N_("with what was said, as this node can read it")},
    {.kind = CLI_END},
};
const struct command cmd_log = {
    "log", NULL, 0, 0, N_("Print the records as they were signed, one a line"), options, run_log};
