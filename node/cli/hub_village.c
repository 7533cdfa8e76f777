/* hub village: villages renamed, merged and closed. */
#include <string.h>

#include "../hub/hub.h"
#include "../said.h"
#include "admin.h"

static int answer(const struct cli *cli, const struct yz_ledger_row *row,
                  const struct hub_village *change, const struct hub_village_done *done,
                  struct yz_error *err) {
  const char *into = change->into != NULL ? change->into->code : NULL;
  if (cli->json)
    return admin_answer(json_pack("{s:s,s:s,s:b,s:s?,s:I}", "village", row->name, "code", row->code,
                                  "closed", (int)change->closed, "into", into, "carried",
                                  (json_int_t)done->carried),
                        done->already, err);
  if (done->already) admin_say_already();
  if (into != NULL)
    cli_say(_("%s (%s) is closed; %s (%s) goes on with its cases. They are there after the next "
              "`yizhan hub ingest` and `yizhan sync`.\n"),
            row->name, row->code, change->into->name, into);
  else if (change->closed)
    cli_say(_("%s (%s) is closed: it opens no new cases. Those it has go on.\n"), row->name,
            row->code);
  else
    cli_say(_("From now on it is called %s (%s). Numbers given before stay valid.\n"), row->name,
            row->code);
  return 0;
}

/* The village meant; where that code has been changed already, the one that has the new one. */
static int find_changed(const struct cli *cli, struct node *n, const struct hub_village *asked,
                        struct yz_ledger_row *out, struct yz_error *err) {
  struct yz_error why = {0};
  int rc = hub_find_village(n, cli->args[0], out, &why);
  if (rc == YZ_E_NOT_FOUND && asked->code != NULL &&
      hub_find_village(n, asked->code, out, NULL) == 0 && strcmp(out->name, asked->name) == 0)
    return 0;
  return rc == 0 ? 0 : yz_fail(err, why.code, why.message, "%s", why.subject);
}

static int change_one(const struct cli *cli, struct node *n, const struct hub_village *asked,
                      const char *successor, struct yz_error *err) {
  struct hub_village change = *asked;
  struct yz_ledger_row row, into;
  struct signer who = {0};
  struct hub_village_done done;
  int rc = find_changed(cli, n, asked, &row, err);
  if (rc == 0 && successor != NULL) {
    rc = hub_find_village(n, successor, &into, err);
    change.into = &into;
  }
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = hub_change_village(n, &who, &row, &change, &done, err);
  if (rc == 0) rc = answer(cli, &row, &change, &done, err);
  signer_finish(&who);
  return rc;
}

static int run(struct cli *cli, const struct hub_village *change, const char *successor,
               struct yz_error *err) {
  struct node n;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = change_one(cli, &n, change, successor, err);
  node_finish(&n);
  return rc;
}

static int run_rename(struct cli *cli, struct yz_error *err) {
  char code[YZ_MAX_CODE + 1];
  struct hub_village change = {.name = cli_get(cli, "name")};
  int rc = said_check_name(change.name, err);
  if (rc == 0 && cli_has(cli, "code")) {
    if (!number_code(cli_get(cli, "code"), code))
      return cli_usage_fail(cli, err, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."),
                            cli_get(cli, "code"));
    change.code = code;
  }
  return rc == 0 ? run(cli, &change, NULL, err) : rc;
}

static int run_close(struct cli *cli, struct yz_error *err) {
  struct hub_village change = {.closed = true};
  return run(cli, &change, NULL, err);
}

static int run_merge(struct cli *cli, struct yz_error *err) {
  struct hub_village change = {.closed = true};
  return run(cli, &change, cli_get(cli, "into"), err);
}

static const struct cli_option rename_options[] = {
    {CLI_LINE, true, 0, "name", "NAME", N_("what it is called from now on")},
    {CLI_LINE, false, 0, "code", "NEW", N_("the code of its case numbers from now on")},
    {.kind = CLI_END},
};
const struct command cmd_hub_village_rename = {
    "hub village rename", "CODE",    1, 1, N_("Give a village another name"),
    rename_options,       run_rename};

static const struct cli_option merge_options[] = {
    {CLI_LINE, true, 0, "into", "CODE", N_("the village that goes on with its cases")},
    {.kind = CLI_END},
};
const struct command cmd_hub_village_merge = {
    "hub village merge", "CODE",   1, 1, N_("Close a village; another one goes on with its cases"),
    merge_options,       run_merge};

const struct command cmd_hub_village_close = {"hub village close",
                                              "CODE",
                                              1,
                                              1,
                                              N_("Close a village: it opens no new cases"),
                                              NULL,
                                              run_close};
