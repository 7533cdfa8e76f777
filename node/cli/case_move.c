/* The moves that need few words: note, assign, escalate, resolve, followup, close,
 * reopen. */
#include "casework.h"
#include "commands.h"

static int run_move(const struct cli *cli, struct node *n, const struct casework_move *m,
                    struct yz_error *err) {
  struct signer who = {0};
  struct yz_hash id, record;
  char number[NUMBER_MAX] = "", hex[YZ_HASH_HEX + 1];
  struct move move = {.move = m->move, .content = m->content, .plain = m->plain, .at_ms = m->at_ms};
  if (m->move != CASE_OPEN) {
    move.case_id = &id;
    int rc = node_find_case(n, cli->args[0], &id, err);
    if (rc != 0) return rc;
  }
  int rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc != 0) goto done;
  rc = store_end(n->store, node_move(n, &who, &move, number, &record, err), err);
  if (rc != 0) goto done;
  yz_to_hex(record.bytes, YZ_HASH_LEN, hex);
  if (cli->json)
    rc = cli_json(json_pack("{s:s,s:s}", "case", number, "record", hex), err);
  else
    cli_say("%s\n", number);
done:
  signer_finish(&who);
  return rc;
}

int casework_move(const struct cli *cli, const struct casework_move *m, struct yz_error *err) {
  struct node n;
  int rc = m->ok ? cli_open_node(cli, &n, err) : yz_no_memory(err);
  if (rc == 0) {
    rc = run_move(cli, &n, m, err);
    node_finish(&n);
  }
  json_decref(m->content);
  json_decref(m->plain);
  return rc;
}

/* A move whose content is at most one text: `option` of the command, as `member`. */
static int move_with_text(struct cli *cli, enum case_move move, const char *name,
                          struct yz_error *err) {
  const char *text = cli_get(cli, name);
  struct casework_move m = {.move = move, .at_ms = INT64_MIN, .ok = true};
  if (text != NULL && text[0] == '\0') {
    if (move != CASE_CLOSE && move != CASE_REOPEN)
      return cli_usage_fail(cli, err, YZ_N_("Say it in words: the value is empty."), name);
    text = NULL;
  }
  if (text != NULL) {
    m.content = json_pack("{s:s}", name, text);
    m.ok = m.content != NULL;
  }
  return casework_move(cli, &m, err);
}

static int run_note(struct cli *cli, struct yz_error *err) {
  return move_with_text(cli, CASE_NOTE, "text", err);
}
static int run_assign(struct cli *cli, struct yz_error *err) {
  return move_with_text(cli, CASE_ASSIGN, "to", err);
}
static int run_escalate(struct cli *cli, struct yz_error *err) {
  return move_with_text(cli, CASE_ESCALATE, "reason", err);
}
static int run_close(struct cli *cli, struct yz_error *err) {
  return move_with_text(cli, CASE_CLOSE, "reason", err);
}
static int run_reopen(struct cli *cli, struct yz_error *err) {
  return move_with_text(cli, CASE_REOPEN, "reason", err);
}

static int run_resolve(struct cli *cli, struct yz_error *err) {
  const char *text = cli_get(cli, "text");
  if (text[0] == '\0')
    return cli_usage_fail(cli, err, YZ_N_("Say it in words: the value is empty."), "text");
  struct casework_move m = {.move = CASE_RESOLVE,
                            .content = json_pack("{s:s}", "text", text),
                            .at_ms = cli_when(cli, "at", INT64_MIN)};
  m.ok = m.content != NULL;
  return casework_move(cli, &m, err);
}

static int run_followup(struct cli *cli, struct yz_error *err) {
  const char *text = cli_get(cli, "text");
  struct casework_move m = {.move = CASE_FOLLOWUP, .at_ms = INT64_MIN};
  m.plain = json_pack("{s:s}", "result", cli_get(cli, "result"));
  m.ok = m.plain != NULL;
  if (text != NULL && text[0] != '\0') {
    m.content = json_pack("{s:s}", "text", text);
    m.ok = m.ok && m.content != NULL;
  }
  return casework_move(cli, &m, err);
}

static const struct cli_option note_options[] = {
    {CLI_TEXT, true, 0, "text", "TEXT", N_("what is noted")},
    {.kind = CLI_END},
};
const struct command cmd_case_note = {"case note",  "NUMBER", 1, 1, N_("Note something on a case"),
                                      note_options, run_note};

static const struct cli_option assign_options[] = {
    {CLI_LINE, true, 0, "to", "WHOM", N_("who is to handle it")},
    {.kind = CLI_END},
};
const struct command cmd_case_assign = {
    "case assign", "NUMBER", 1, 1, N_("Give a case to someone"), assign_options, run_assign};

static const struct cli_option escalate_options[] = {
    {CLI_TEXT, true, 0, "reason", "TEXT", N_("why")},
    {.kind = CLI_END},
};
const struct command cmd_case_escalate = {
    "case escalate",  "NUMBER",    1, 1, N_("Ask the township to take a case up"),
    escalate_options, run_escalate};

static const struct cli_option resolve_options[] = {
    {CLI_TEXT, true, 0, "text", "TEXT", N_("what was done")},
    {CLI_WHEN, false, 0, "at", "TIME", N_("when it was done; without it: now")},
    {.kind = CLI_END},
};
const struct command cmd_case_resolve = {
    "case resolve",  "NUMBER",   1, 1, N_("Say that a case is resolved, and how"),
    resolve_options, run_resolve};

static const struct cli_option followup_options[] = {
    {CLI_CHOICE, true, 0, "result", "satisfied|partly|dissatisfied|unreachable",
     N_("what the resident said")},
    {CLI_TEXT, false, 0, "text", "TEXT", N_("in their words")},
    {.kind = CLI_END},
};
const struct command cmd_case_followup = {
    "case followup",  "NUMBER",    1, 1, N_("Record what the resident said of the outcome"),
    followup_options, run_followup};

static const struct cli_option reason_options[] = {
    {CLI_TEXT, false, 0, "reason", "TEXT", N_("why")},
    {.kind = CLI_END},
};
const struct command cmd_case_close = {"case close",       "NUMBER",       1,        1,
                                       N_("Close a case"), reason_options, run_close};
const struct command cmd_case_reopen = {"case reopen",  "NUMBER",  1, 1, N_("Take a case up again"),
                                        reason_options, run_reopen};
