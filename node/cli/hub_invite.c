/* hub invite: makes a village's ledger and the file by which it joins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../said.h"
#include "admin.h"
#include "qr.h"

static const struct cli_option options[] = {
    {CLI_LINE, false, 0, "village", "NAME", N_("the village's name")},
    {CLI_LINE, false, 0, "code", "CODE",
     N_("2 to 8 characters A-Z, 0-9 that begin its case numbers")},
    {CLI_LINE, false, 0, "pc", "CODE",
     N_("one more PC of this village, which has joined, or one in place of a lost one")},
    {CLI_LINE, false, 0, "ledger", "URL",
     N_("where its ledger lies: a folder, file://, ssh:// or https://; a folder of this hub if not "
        "given")},
    {CLI_NUMBER, false, 0, "days", "N",
     N_("how long it can be used: 1 to 3650 days; 90 if not given")},
    {CLI_FLAG, false, 0, "qr", NULL, N_("show it here too, as a QR code and as text to be typed")},
    {CLI_PATH, true, 'o', "output", "FILE", N_("the invitation to write")},
    {CLI_END, false, 0, NULL, NULL, NULL}};

enum { DAYS = 90, MOST_DAYS = 3650 };

static int read_until(struct cli *cli, int64_t *out, struct yz_error *err) {
  int64_t days = cli_number(cli, "days", DAYS);
  if (days < 1 || days > MOST_DAYS)
    return cli_usage_fail(cli, err, YZ_N_("An invitation can be used for 1 to 3650 days."),
                          cli_get(cli, "days"));
  *out = cli->world->now_ms(cli->world->ctx) + days * 24 * 3600 * 1000;
  return 0;
}

/* The invitation in the file, as text; "" where that was not asked for. */
static int make_text(const struct cli *cli, struct yz_buf *out, struct yz_error *err) {
  struct yz_invitation i = {0};
  struct yz_buf file = {0};
  int rc = 0;
  if (cli_has(cli, "qr")) {
    rc = admin_read(cli, cli_get(cli, "output"), YZ_MAX_INVITATION, &file, err);
    if (rc == 0) rc = yz_invitation_read((const char *)file.data, file.len, &i, err);
    if (rc == 0 && yz_invitation_write_text(&i, out) != 0) rc = yz_no_memory(err);
  }
  if (rc == 0 && yz_buf_append(out, "", 1) != 0) rc = yz_no_memory(err);
  if (file.data != NULL) yz_wipe(file.data, file.len);
  yz_wipe(&i, sizeof i);
  yz_buf_finish(&file);
  return rc;
}

/* In groups, as people type. */
static int say_text(const char *text, struct yz_error *err) {
  enum { GROUP = 6, A_LINE = 60 };
  struct yz_buf qr = {0};
  int rc = qr_draw(text, &qr, err);
  if (rc == 0 && yz_buf_append(&qr, "", 1) != 0) rc = yz_no_memory(err);
  if (rc == 0) (void)fputs((const char *)qr.data, stdout);
  for (size_t i = 0, n = strlen(text); rc == 0 && i < n; i += GROUP)
    cli_say("%.*s%s", GROUP, text + i, i + GROUP >= n || (i + GROUP) % A_LINE == 0 ? "\n" : " ");
  if (qr.data != NULL) yz_wipe(qr.data, qr.len);
  yz_buf_finish(&qr);
  return rc;
}

static int answer_text(const struct cli *cli, const struct node *n, const struct yz_ledger_row *row,
                       const char *letter, int64_t until_ms, const char *text, bool already,
                       struct yz_error *err) {
  const char *file = cli_get(cli, "output");
  char until[CLI_TIME];
  if (cli->json)
    return admin_answer(json_pack("{s:s,s:s,s:o,s:s,s:s*,s:o,s:s*}", "village", row->name, "code",
                                  row->code, "ledger", admin_hex(row->id.bytes, YZ_ID_LEN), "file",
                                  file, "letter", letter, "until",
                                  cli_json_time(until_ms, n->zone, 0), "text",
                                  text[0] != '\0' ? text : NULL),
                        already, err);
  if (already) admin_say_already();
  cli_say(_("The invitation of %s (%s) is in %s.\n"
            "Who has this file can join once in the village's name: hand it over in person.\n"),
          row->name, row->code, file);
  cli_moment(until_ms, n->zone, until);
  cli_say(_("It can be used until %s; the same command again prolongs it.\n"), until);
  return text[0] != '\0' ? say_text(text, err) : 0;
}

static int answer(const struct cli *cli, const struct node *n, const struct yz_ledger_row *row,
                  const char *letter, int64_t until_ms, bool already, struct yz_error *err) {
  struct yz_buf text = {0};
  int rc = make_text(cli, &text, err);
  if (rc == 0)
    rc = answer_text(cli, n, row, letter, until_ms, (const char *)text.data, already, err);
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&text);
  return rc;
}

/* One more PC: where its ledger lies and what the village is called is known. */
static int invite_pc(struct cli *cli, const char *pc, int64_t until_ms, struct yz_error *err) {
  struct node n;
  struct yz_ledger_row row;
  char letter[4];
  bool already;
  if (cli_has(cli, "village") || cli_has(cli, "code") || cli_has(cli, "ledger"))
    return cli_usage_fail(cli, err,
                          YZ_N_("--pc is for a village that is known: leave out --village, --code "
                                "and --ledger."),
                          pc);
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = hub_invite_pc(&n, pc, cli_get(cli, "output"), until_ms, &row, letter, &already, err);
  if (rc == 0) rc = answer(cli, &n, &row, letter, until_ms, already, err);
  node_finish(&n);
  return rc;
}

static int run(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_ledger_row row;
  char code[9], *url = NULL;
  bool already;
  int64_t until_ms = 0;
  const char *village = cli_get(cli, "village"), *file = cli_get(cli, "output");
  int rc = read_until(cli, &until_ms, err);
  if (rc != 0) return rc;
  if (cli_has(cli, "pc")) return invite_pc(cli, cli_get(cli, "pc"), until_ms, err);
  if (village == NULL || !cli_has(cli, "code"))
    return cli_usage_fail(cli, err,
                          YZ_N_("Say whom to invite: a village with --village and --code, or one "
                                "more PC with --pc."),
                          NULL);
  rc = said_check_name(village, err);
  if (rc == 0 && !number_code(cli_get(cli, "code"), code))
    rc = cli_usage_fail(cli, err, YZ_N_("A code is 2 to 8 characters of A-Z and 0-9."),
                        cli_get(cli, "code"));
  if (rc == 0 && cli_has(cli, "ledger")) rc = admin_url(cli, cli_get(cli, "ledger"), &url, err);
  if (rc == 0) rc = admin_open_hub(cli, &n, err);
  if (rc == 0) {
    rc = hub_invite(&n, village, code, url, file, until_ms, &row, &already, err);
    if (rc == 0) rc = answer(cli, &n, &row, NULL, until_ms, already, err);
    node_finish(&n);
  }
  free(url);
  return rc;
}

const struct command cmd_hub_invite = {
    "hub invite", NULL, 0, 0, N_("Make a village's ledger and its invitation"), options, run};
