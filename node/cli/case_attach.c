/* case attach, case attachment: photos, scans and sound on a case. */
#include "../attach.h"
#include "../reading.h"

#include "casework.h"
#include "commands.h"

static int attach_one(const struct cli *cli, struct node *n, const struct signer *who,
                      const struct yz_hash *id, const char *path, json_t *list,
                      struct yz_error *err) {
  struct casework_made made;
  char hex[YZ_HASH_HEX + 1];
  bool tells = false;
  int rc = attach_file(n, who, id, path, &made, &tells, err);
  if (rc != 0) return rc;
  if (tells)
    cli_note("%s: %s\n", path,
             _("the camera wrote into this photo, often when and where it was taken. It stays in "
               "it: whoever may read the case can read that."));
  yz_to_hex(made.record.bytes, YZ_HASH_LEN, hex);
  if (!cli->json) {
    cli_say("%s  %s\n", made.number, path);
    return 0;
  }
  return json_array_append_new(list, json_pack("{s:s,s:s}", "case", made.number, "record", hex)) ==
                 0
             ? 0
             : yz_no_memory(err);
}

static int run_attach(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct yz_hash id;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  json_t *list = json_array();
  rc = list == NULL ? yz_no_memory(err) : node_find_case(&n, cli->args[0], &id, err);
  if (rc == 0) rc = cli_open_signer(cli, &n, &who, err);
  for (int i = 1; rc == 0 && i < cli->n_args; i++)
    rc = attach_one(cli, &n, &who, &id, cli->args[i], list, err);
  if (rc == 0 && cli->json) rc = cli_json(json_incref(list), err);
  json_decref(list);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

const struct command cmd_case_attach = {
    "case attach", "NUMBER FILE...", 2, CLI_MAX_ARGS, N_("Attach photos, scans or sound to a case"),
    NULL,          run_attach};

static int number_of(const char *text, size_t *out, struct yz_error *err) {
  *out = 0;
  for (const char *at = text; *at >= '0' && *at <= '9' && *out <= ATTACH_MAX; at++) {
    *out = 10 * *out + (size_t)(*at - '0');
    if (at[1] == '\0') return 0;
  }
  return yz_fail(err, YZ_E_INPUT, YZ_N_("This is not the number of an attachment."), "%s", text);
}

static int save(struct cli *cli, struct node *n, const struct yz_hash *id, struct yz_error *err) {
  struct case_whole whole = {0};
  struct attachment a;
  size_t number = 0;
  const char *path = cli_get(cli, "output");
  int rc = number_of(cli->args[1], &number, err);
  if (rc == 0) rc = store_load_case(n->store, id, &whole, err);
  size_t record = rc == 0 && number > 0 ? attachment_find(&whole, number) : CASE_NO_RECORD;
  if (rc == 0 && record == CASE_NO_RECORD)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("This case has no such attachment. `yizhan case show` lists them."), "%s",
                 cli->args[1]);
  if (rc == 0) rc = attachment_save(n, &whole, record, path, err);
  if (rc == 0 && !attachment_read(n, &whole, record, &a)) rc = YZ_E_INTERNAL;
  if (rc == 0 && cli->json) rc = cli_json(attachment_json(&a, number), err);
  if (rc == 0 && !cli->json) cli_say(_("Saved as %s (%s)\n"), path, a.media);
  case_whole_finish(&whole);
  return rc;
}

static int run_attachment(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_hash id;
  int rc = cli_open_reader(cli, &n, err);
  if (rc != 0) return rc;
  rc = node_find_case(&n, cli->args[0], &id, err);
  if (rc == 0) rc = reading_note_named(&n, &id, cli->worker, err);
  if (rc == 0) rc = save(cli, &n, &id, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option attachment_options[] = {
    {CLI_PATH, true, 'o', "output", "FILE", N_("where to write it; never over a file")},
    {.kind = CLI_END},
};
const struct command cmd_case_attachment = {
    "case attachment",  "NUMBER N",    2, 2, N_("Save an attachment of a case as a file"),
    attachment_options, run_attachment};
