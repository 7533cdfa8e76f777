/* quarantine, hub quarantine: what came and could not be accepted. */
#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../hub/told.h"
#include "../rules.h"
#include "admin.h"
#include "table.h"

struct listing {
  const struct cli *cli;
  struct node *n;
  struct cli_array array;
  struct table table;
  struct yz_error *err;
  int64_t number; /* to show; 0: all */
  bool found;
};

/* Names stay valid in *row. */
static void find_names(struct listing *l, const struct yz_id *ledger, struct yz_ledger_row *row) {
  const struct yz_store *t = store_table(l->n->store);
  if (t->get_ledger(t->ctx, ledger, row, NULL) != 0) *row = (struct yz_ledger_row){0};
}

/* A hub's command is for a hub alone, the other for any node. */
static int open_node(const struct cli *cli, struct node *n, struct yz_error *err) {
  bool hubs = strncmp(cli->command->name, "hub ", strlen("hub ")) == 0;
  return hubs ? admin_open_hub(cli, n, err) : cli_open_node(cli, n, err);
}

/* --- list ------------------------------------------------------------- */

static int add_row(struct listing *l, const struct refused_row *row) {
  char number[24], at[CLI_TIME];
  struct yz_ledger_row ledger;
  find_names(l, &row->entry.ledger, &ledger);
  (void)snprintf(number, sizeof number, "%lld", (long long)row->number);
  cli_moment(row->at_ms, l->n->zone, at);
  return table_row(&l->table,
                   (const char *[]){number, ledger.name, at, row->released ? _("yes") : _("no"),
                                    _(rules_say(row->entry.rule))},
                   l->err);
}

static int list_one(void *arg, const struct refused_row *row) {
  struct listing *l = arg;
  return l->cli->json ? cli_array_item(&l->array, told_refused(l->n, row), l->err)
                      : add_row(l, row);
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.cli = cli, .n = &n, .err = err};
  int rc = open_node(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&l.table, 5);
  rc = table_row(
      &l.table, (const char *[]){_("Number"), _("Village"), _("Received"), _("Released"), _("Why")},
      err);
  if (rc == 0) rc = store_each_refused(n.store, list_one, &l, err);
  if (rc == 0 && cli->json) rc = cli_array_end(&l.array, err);
  if (rc == 0 && !cli->json && l.table.n == l.table.columns)
    cli_say("%s\n", _("Nothing is in quarantine."));
  else if (rc == 0 && !cli->json)
    table_print(&l.table);
  table_finish(&l.table);
  node_finish(&n);
  return rc;
}

/* --- show ------------------------------------------------------------- */

/* The bytes as text where they are that, else as base64. */
static json_t *bytes_json(const struct yz_refused *e, const char **name) {
  *name = "text";
  if (e->bytes == NULL) return json_null();
  if (yz_text_ok(e->bytes, e->len)) return json_stringn(e->bytes, e->len);
  *name = "base64";
  char *text = malloc(4 * ((e->len + 2) / 3) + 1);
  if (text == NULL) return NULL;
  yz_to_base64(e->bytes, e->len, text);
  json_t *json = json_string(text);
  free(text);
  return json;
}

static void say_hex(const char *label, const void *bytes, size_t len) {
  char hex[YZ_HASH_HEX + 1];
  yz_to_hex(bytes, len, hex);
  cli_say_field(label, hex);
}

static void say_number(const char *label, int64_t number) {
  char text[24];
  (void)snprintf(text, sizeof text, "%lld", (long long)number);
  cli_say_field(label, text);
}

/* Where it came from, and what it would be. */
static void say_place(struct listing *l, const struct yz_refused *e) {
  struct yz_ledger_row ledger;
  find_names(l, &e->ledger, &ledger);
  if (ledger.code[0] != '\0')
    cli_say(_("Village: %s (%s)\n"), ledger.name, ledger.code);
  else if (ledger.name[0] != '\0')
    cli_say_field(_("Village"), ledger.name);
  say_hex(_("Log"), e->log.bytes, YZ_ID_LEN);
  if (e->seq > 0) say_number(_("Record"), e->seq);
  if (e->ref[0] != '\0') cli_say_field(_("Branch"), e->ref);
}

static void say_bytes(const struct yz_refused *e, const json_t *bytes, const char *name) {
  if (e->bytes == NULL) {
    cli_say("%s\n", _("Its bytes are not kept."));
    return;
  }
  say_number(_("Bytes"), (int64_t)e->len);
  say_hex(_("SHA-256"), e->hash.bytes, YZ_HASH_LEN);
  bool text = strcmp(name, "text") == 0;
  cli_say("%s\n%s\n", text ? _("Its text:") : _("Its bytes, in base64:"), json_string_value(bytes));
}

static void say(struct listing *l, const struct refused_row *row, const json_t *bytes,
                const char *name) {
  const struct yz_refused *e = &row->entry;
  char at[CLI_TIME];
  cli_moment(row->at_ms, l->n->zone, at);
  say_number(_("Number"), row->number);
  cli_say_field(_("Why"), _(rules_say(e->rule)));
  cli_say_field(_("Rule"), e->rule);
  say_place(l, e);
  cli_say_field(_("Received"), at);
  cli_say_field(_("Released"), row->released ? _("yes") : _("no"));
  say_bytes(e, bytes, name);
}

static int show_one(void *arg, const struct refused_row *row) {
  struct listing *l = arg;
  const char *name;
  if (row->number != l->number) return 0;
  l->found = true;
  json_t *bytes = bytes_json(&row->entry, &name), *object = NULL;
  int rc = bytes == NULL ? yz_no_memory(l->err) : 0;
  if (rc == 0 && l->cli->json) {
    object = told_refused(l->n, row);
    bool ok = object != NULL && json_object_set(object, name, bytes) == 0;
    if (!ok) json_decref(object);
    rc = cli_json(ok ? object : NULL, l->err);
  } else if (rc == 0) {
    say(l, row, bytes, name);
  }
  json_decref(bytes);
  return rc != 0 ? rc : 1;
}

static int read_number(struct cli *cli, int64_t *out, struct yz_error *err) {
  const char *text = cli->args[0];
  size_t len = strlen(text);
  if (len == 0 || len > 15 || strspn(text, "0123456789") != len)
    return cli_usage_fail(cli, err, YZ_N_("Say the number that the list shows."), text);
  *out = strtoll(text, NULL, 10);
  return 0;
}

static int show(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct listing l = {.cli = cli, .n = &n, .err = err};
  int rc = read_number(cli, &l.number, err);
  if (rc == 0) rc = open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = store_each_refused(n.store, show_one, &l, err);
  if (rc > 0) rc = 0;
  if (rc == 0 && !l.found)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("There is no such number in quarantine; its list shows what there is."),
                 "%s", cli->args[0]);
  node_finish(&n);
  return rc;
}

/* --- release ---------------------------------------------------------- */

static int release(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  int64_t number = 0;
  bool already = false;
  int rc = read_number(cli, &number, err);
  if (rc == 0) rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0) rc = hub_release(&n, &who, number, &already, err);
  if (rc == 0 && !cli->json && already) admin_say_already();
  if (rc == 0 && cli->json)
    rc = admin_answer(json_pack("{s:I,s:b}", "number", (json_int_t)number, "released", 1), already,
                      err);
  else if (rc == 0)
    cli_say(_("%s counts now, here and in the village at its next contact.\n"), cli->args[0]);
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

const struct command cmd_quarantine_list = {
    "quarantine list", NULL, 0, 0, N_("List what could not be accepted, and why"), NULL, list};
const struct command cmd_quarantine_show = {
    "quarantine show", "N", 1, 1, N_("Show one of them with its bytes"), NULL, show};
const struct command cmd_hub_quarantine_list = {
    "hub quarantine list", NULL, 0, 0, N_("List what could not be accepted, and why"), NULL, list};
const struct command cmd_hub_quarantine_show = {
    "hub quarantine show", "N", 1, 1, N_("Show one of them with its bytes"), NULL, show};
const struct command cmd_hub_quarantine_release = {
    "hub quarantine release",
    "N",
    1,
    1,
    N_("Make a record count whose author was not entitled"),
    NULL,
    release};
