/* The same matter from several people: merging a case into another. */
#include "casework.h"
#include "commands.h"

static int find_target(const struct cli *cli, char hex[static YZ_HASH_HEX + 1],
                       struct yz_error *err) {
  struct node n;
  struct yz_hash id;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_find_case(&n, cli_get(cli, "into"), &id, err);
  if (rc == 0) yz_to_hex(id.bytes, YZ_HASH_LEN, hex);
  node_finish(&n);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  char into[YZ_HASH_HEX + 1];
  const char *text = cli_get(cli, "text");
  int rc = find_target(cli, into, err);
  if (rc != 0) return rc;
  struct casework_move m = {
      .move = CASE_MERGE, .at_ms = INT64_MIN, .plain = json_pack("{s:s}", "into", into)};
  if (text != NULL && text[0] != '\0') m.content = json_pack("{s:s}", "text", text);
  m.ok = m.plain != NULL && (text == NULL || text[0] == '\0' || m.content != NULL);
  return casework_move(cli, &m, err);
}

static const struct cli_option options[] = {
    {CLI_LINE, true, 0, "into", "NUMBER", N_("the case that it is the same matter as")},
    {CLI_TEXT, false, 0, "text", "TEXT", N_("what there is to say of it")},
    {.kind = CLI_END},
};
const struct command cmd_case_merge = {
    "case merge", "NUMBER", 1, 1, N_("Say that a case is the same matter as another"),
    options,      run};
