/* notice post, list, show: the township's notices, and at the hub who has received them. */
#include "../board.h"

#include <stdio.h>
#include <string.h>

#include "../hub/hub.h"
#include "../tidy.h"
#include "admin.h"
#include "casework.h"
#include "commands.h"
#include "table.h"

enum { ID_DIGITS = 8 };

static int open_board(const struct cli *cli, struct node *n, struct board *b,
                      struct yz_error *err) {
  *b = (struct board){0};
  int rc = cli_open_node(cli, n, err);
  if (rc != 0) return rc;
  rc = board_load(b, n, err);
  if (rc == 0) return 0;
  board_finish(b);
  node_finish(n);
  return rc;
}

/* --- posting ------------------------------------------------------------------ */

static int post(struct cli *cli, struct node *n, const struct yz_ledger_row *only,
                struct yz_error *err) {
  struct signer who = {0};
  struct yz_id id;
  char hex[YZ_ID_HEX + 1];
  size_t villages;
  int rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = store_begin(n->store, err);
  if (rc == 0)
    rc = store_end(n->store,
                   notices_post(n, &who, cli_get(cli, "title"), cli_get(cli, "text"), only, &id,
                                &villages, err),
                   err);
  signer_finish(&who);
  if (rc != 0) return rc;
  yz_to_hex(id.bytes, YZ_ID_LEN, hex);
  if (cli->json)
    return cli_json(json_pack("{s:s,s:I}", "notice", hex, "villages", (json_int_t)villages), err);
  cli_say("%.*s\n", (int)ID_DIGITS, hex);
  return 0;
}

static int run_post(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct yz_ledger_row village;
  const char *code = cli_get(cli, "village");
  if (tidy_is_blank(cli_get(cli, "title")) || tidy_is_blank(cli_get(cli, "text")))
    return cli_usage_fail(cli, err, YZ_N_("Say it in words: the value is empty."),
                          "--title, --text");
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  if (code != NULL) rc = hub_find_village(&n, code, &village, err);
  if (rc == 0) rc = post(cli, &n, code != NULL ? &village : NULL, err);
  node_finish(&n);
  return rc;
}

/* --- listing ------------------------------------------------------------------- */

static int add_row(struct board *b, struct table *table, const struct notice *notice,
                   struct yz_error *err) {
  char id[YZ_ID_HEX + 1], at[CLI_TIME] = "-", received[64];
  struct yz_buf by = {0};
  size_t of, n = board_received(b, notice, &of);
  yz_to_hex(notice->id.bytes, YZ_ID_LEN, id);
  id[ID_DIGITS] = '\0';
  cli_time(notice->at_ms, b->n->zone, at);
  at[strcspn(at, "T")] = '\0';
  (void)snprintf(received, sizeof received, "%zu/%zu", n, of);
  int rc = board_author(b, notice, &by, err);
  if (rc == 0)
    rc = table_row(
        table,
        (const char *[]){id, at, b->n->hub ? received : (char *)by.data,
                         notice->title != NULL ? notice->title : _("(not readable here)")},
        err);
  yz_buf_finish(&by);
  return rc;
}

static int list_for_people(struct board *b, struct yz_error *err) {
  struct table table;
  table_init(&table, 4);
  int rc = table_row(
      &table,
      (const char *[]){_("Id"), _("Posted"), b->n->hub ? _("Received by") : _("By"), _("Title")},
      err);
  for (size_t i = 0; rc == 0 && i < b->n_notices; i++) rc = add_row(b, &table, &b->notices[i], err);
  if (rc == 0 && b->n_notices == 0) cli_say("%s\n", _("There is no notice."));
  if (rc == 0 && b->n_notices > 0) table_print(&table);
  table_finish(&table);
  return rc;
}

static int list_as_json(struct board *b, struct yz_error *err) {
  struct cli_array array = {0};
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < b->n_notices; i++) {
    json_t *object;
    rc = board_notice(b, &b->notices[i], false, &object, err);
    if (rc == 0) rc = cli_array_item(&array, object, err);
  }
  return rc == 0 ? cli_array_end(&array, err) : rc;
}

static int run_list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct board b;
  int rc = open_board(cli, &n, &b, err);
  if (rc != 0) return rc;
  rc = cli->json ? list_as_json(&b, err) : list_for_people(&b, err);
  board_finish(&b);
  node_finish(&n);
  return rc;
}

/* --- showing -------------------------------------------------------------------- */

static int find(const struct board *b, const char *digits, const struct notice **out,
                struct yz_error *err) {
  size_t len = strlen(digits), found = 0;
  for (size_t i = 0; i < b->n_notices; i++) {
    char id[YZ_ID_HEX + 1];
    yz_to_hex(b->notices[i].id.bytes, YZ_ID_LEN, id);
    if (len < ID_DIGITS || strncmp(id, digits, len) != 0) continue;
    *out = &b->notices[i];
    found++;
  }
  if (found == 1) return 0;
  if (found > 1)
    return yz_fail(err, YZ_E_EXISTS,
                   YZ_N_("More than one notice has an id that begins so. Give more of its digits."),
                   "%s", digits);
  return yz_fail(
      err, YZ_E_NOT_FOUND,
      YZ_N_("There is no such notice; `yizhan notice list` shows the ids, of which eight "
            "digits are needed."),
      "%s", digits);
}

static void say_missing(const struct board *b, const struct notice *notice) {
  size_t of, received = board_received(b, notice, &of);
  int64_t at;
  char parts[48];
  (void)snprintf(parts, sizeof parts, "%zu/%zu", received, of);
  cli_say("\n");
  cli_say_field(_("Received by"), parts);
  for (size_t i = 0; i < b->n_villages; i++)
    if (notice_posted_to(notice, &b->villages[i]) && !notice_received(notice, &b->villages[i], &at))
      cli_say(_("Not yet: %s (%s)\n"), b->villages[i].row.name, b->villages[i].row.code);
}

static int say(struct board *b, const struct notice *notice, struct yz_error *err) {
  char at[CLI_TIME];
  struct yz_buf by = {0};
  int rc = board_author(b, notice, &by, err);
  if (rc == 0) {
    cli_moment(notice->at_ms, b->n->zone, at);
    cli_say("%s\n%s  %s\n\n%s\n", notice->title != NULL ? notice->title : _("(not readable here)"),
            at, (char *)by.data, notice->text != NULL ? notice->text : "-");
    if (b->n->hub) say_missing(b, notice);
  }
  yz_buf_finish(&by);
  return rc;
}

static int run_show(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct board b;
  const struct notice *notice = NULL;
  json_t *object;
  int rc = open_board(cli, &n, &b, err);
  if (rc != 0) return rc;
  rc = find(&b, cli->args[0], &notice, err);
  if (rc == 0 && notice != NULL && !cli->json) rc = say(&b, notice, err);
  if (rc == 0 && notice != NULL && cli->json &&
      (rc = board_notice(&b, notice, true, &object, err)) == 0)
    rc = cli_json(object, err);
  board_finish(&b);
  node_finish(&n);
  return rc;
}

static const struct cli_option post_options[] = {
    {CLI_LINE, true, 0, "title", "TEXT", N_("what it is about, in a few words")},
    {CLI_TEXT, true, 0, "text", "TEXT", N_("what is made known")},
    {CLI_LINE, false, 0, "village", "CODE", N_("only to this village; without it: to all")},
    {.kind = CLI_END},
};
const struct command cmd_notice_post = {
    "notice post", NULL,    0, 0, N_("At the hub: put a notice on the villages' boards"),
    post_options,  run_post};
const struct command cmd_notice_list = {
    "notice list", NULL, 0, 0, N_("List the township's notices, newest first"), NULL, run_list};
const struct command cmd_notice_show = {
    "notice show", "ID",    1, 1, N_("Show a notice and, at the hub, who has received it"),
    NULL,          run_show};
