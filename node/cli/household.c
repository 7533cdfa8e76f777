/* household add, edit, visit: what is written in the registry. */
#include "household.h"

#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../tidy.h"
#include "commands.h"

int household_scope(struct cli *cli, struct node *n, struct yz_id *room,
                    const struct yz_id **ledger, struct yz_error *err) {
  struct yz_ledger_row row;
  const char *village = cli_get(cli, "village");
  *room = n->ledger.id;
  *ledger = n->hub ? NULL : room;
  if (village == NULL) return 0;
  if (!n->hub)
    return cli_usage_fail(cli, err, YZ_N_("Only at the hub there is a village to choose."),
                          village);
  int rc = hub_find_village(n, village, &row, err);
  if (rc != 0) return rc;
  *room = row.id;
  *ledger = room;
  return 0;
}

int household_open(struct cli *cli, struct node *n, struct signer *who,
                   struct registry_place *place, struct yz_error *err) {
  struct yz_id room;
  const struct yz_id *ledger;
  int rc = who != NULL ? cli_open_node(cli, n, err) : cli_open_reader(cli, n, err);
  if (rc != 0) return rc;
  rc = household_scope(cli, n, &room, &ledger, err);
  if (rc == 0 && who != NULL) rc = cli_open_signer(cli, n, who, err);
  if (rc == 0) rc = registry_find(n, ledger, cli->args[0], place, err);
  if (rc != 0) {
    signer_finish(who);
    node_finish(n);
  }
  return rc;
}

/* --- what was said --------------------------------------------------------- */

/* Place, phone, note and people as given; empty ones as null, or left out. */
static int read_words(const struct cli *cli, json_t *fields, bool with_empty,
                      struct yz_error *err) {
  static const char *const names[] = {"place", "phone", "note"};
  const char *people = cli_get(cli, "people");
  json_t *value;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *said = cli_get(cli, names[i]);
    if (said == NULL || (said[0] == '\0' && !with_empty)) continue;
    value = said[0] != '\0' ? json_string(said) : json_null();
    if (json_object_set_new(fields, names[i], value) != 0) return yz_no_memory(err);
  }
  if (people == NULL) return 0;
  int rc = registry_people(people, &value, err);
  if (rc != 0 || (json_is_null(value) && !with_empty)) return rc;
  return json_object_set_new(fields, "people", value) != 0 ? yz_no_memory(err) : 0;
}

/* --- writing --------------------------------------------------------------- */

/* name: what the household is to be called; NULL: as it is. */
static int write_entry(const struct cli *cli, struct node *n, const struct signer *who,
                       struct registry_entry *entry, const char *name, struct yz_error *err) {
  struct yz_hash record;
  char hex[YZ_HASH_HEX + 1], household[YZ_HASH_HEX + 1];
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  if (name != NULL) rc = registry_check_name(n, &entry->ledger, name, entry->household, err);
  if (rc == 0) rc = registry_write(n, who, entry, &record, err);
  rc = store_end(n->store, rc, err);
  if (rc != 0) return rc;
  yz_to_hex(record.bytes, YZ_HASH_LEN, hex);
  yz_to_hex(entry->household != NULL ? entry->household->bytes : record.bytes, YZ_HASH_LEN,
            household);
  if (cli->json)
    return cli_json(json_pack("{s:s,s:s}", "household", household, "record", hex), err);
  cli_say("%.*s\n", (int)REGISTRY_MIN_DIGITS, household);
  return 0;
}

static int add(struct cli *cli, struct node *n, const char *name, struct yz_error *err) {
  struct registry_entry entry = {.type = "household.add", .at_ms = INT64_MIN};
  struct signer who = {0};
  const struct yz_id *ledger;
  json_t *content = json_pack("{s:s}", "name", name);
  int rc =
      content != NULL ? household_scope(cli, n, &entry.ledger, &ledger, err) : yz_no_memory(err);
  if (rc == 0 && ledger == NULL)
    rc = cli_usage_fail(cli, err, YZ_N_("Say which village it is in: --village CODE."), NULL);
  if (rc == 0) rc = read_words(cli, content, false, err);
  entry.content = content;
  if (rc == 0) rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = write_entry(cli, n, &who, &entry, name, err);
  signer_finish(&who);
  json_decref(content);
  return rc;
}

static int run_add(struct cli *cli, struct yz_error *err) {
  struct node n;
  char *name;
  int rc = registry_name(cli->args[0], &name, err);
  if (rc != 0) return rc;
  rc = cli_open_node(cli, &n, err);
  if (rc == 0) {
    rc = add(cli, &n, name, err);
    node_finish(&n);
  }
  free(name);
  return rc;
}

/* What is to be changed, as members of the record; both may come out NULL. */
static int read_changes(struct cli *cli, const char *name, json_t **plain, json_t **content,
                        struct yz_error *err) {
  bool gone = cli_has(cli, "gone"), back = cli_has(cli, "back");
  json_t *fields = json_object();
  *plain = *content = NULL;
  if (gone && back) {
    json_decref(fields);
    return cli_usage_fail(cli, err, YZ_N_("A household is gone or back, not both."), "--gone");
  }
  int rc = fields == NULL ? yz_no_memory(err) : read_words(cli, fields, true, err);
  if (rc == 0 && name != NULL && json_object_set_new(fields, "name", json_string(name)) != 0)
    rc = yz_no_memory(err);
  bool words = rc == 0 && json_object_size(fields) > 0;
  if (words) *content = json_pack("{s:O}", "fields", fields);
  if (rc == 0 && (gone || back)) *plain = json_pack("{s:b}", "gone", (int)gone);
  json_decref(fields);
  if (rc == 0 && !words && !gone && !back)
    return cli_usage_fail(cli, err, YZ_N_("Say what is to be changed. --help says what can be."),
                          NULL);
  if (rc == 0 && (words != (*content != NULL) || (gone || back) != (*plain != NULL)))
    rc = yz_no_memory(err);
  return rc;
}

static int edit(struct cli *cli, const char *name, struct yz_error *err) {
  struct node n;
  struct registry_place place;
  struct signer who = {0};
  struct registry_entry entry = {.type = "household.edit", .at_ms = INT64_MIN};
  json_t *plain, *content;
  int rc = read_changes(cli, name, &plain, &content, err);
  if (rc == 0) rc = household_open(cli, &n, &who, &place, err);
  if (rc == 0) {
    entry.ledger = place.ledger;
    entry.household = &place.id;
    entry.plain = plain;
    entry.content = content;
    rc = write_entry(cli, &n, &who, &entry, name, err);
    signer_finish(&who);
    node_finish(&n);
  }
  json_decref(content);
  json_decref(plain);
  return rc;
}

static int run_edit(struct cli *cli, struct yz_error *err) {
  const char *said = cli_get(cli, "name");
  char *name = NULL;
  int rc = said != NULL ? registry_name(said, &name, err) : 0;
  if (rc == 0) rc = edit(cli, name, err);
  free(name);
  return rc;
}

static int run_visit(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct registry_place place;
  struct signer who = {0};
  const char *text = cli_get(cli, "text");
  json_t *content = text != NULL && text[0] != '\0' ? json_pack("{s:s}", "text", text) : NULL;
  if (text != NULL && text[0] != '\0' && content == NULL) return yz_no_memory(err);
  int rc = household_open(cli, &n, &who, &place, err);
  if (rc == 0) {
    struct registry_entry entry = {.type = "household.visit",
                                   .ledger = place.ledger,
                                   .household = &place.id,
                                   .content = content,
                                   .at_ms = cli_when(cli, "at", n.zone, INT64_MIN)};
    rc = write_entry(cli, &n, &who, &entry, NULL, err);
    signer_finish(&who);
    node_finish(&n);
  }
  json_decref(content);
  return rc;
}

#define WORDS_OPTIONS                                                                              \
  {CLI_LINE, false, 0, "place", "PLACE", N_("where they live")},                                   \
      {CLI_LINE, false, 0, "phone", "NUMBER", N_("their telephone number")},                       \
      {CLI_TEXT, false, 0, "note", "TEXT", N_("what else there is to know")}, {                    \
    CLI_LINE, false, 0, "people", "NAMES", N_("who lives there, with commas between the names")    \
  }

static const struct cli_option add_options[] = {
    WORDS_OPTIONS, HOUSEHOLD_VILLAGE_OPTION, {.kind = CLI_END}};
const struct command cmd_household_add = {
    "household add", "NAME", 1, 1, N_("Enter a household in the registry"), add_options, run_add};

static const struct cli_option edit_options[] = {
    {CLI_LINE, false, 0, "name", "NAME", N_("what it is called")},
    WORDS_OPTIONS,
    {CLI_FLAG, false, 0, "gone", NULL, N_("nobody lives there any more")},
    {CLI_FLAG, false, 0, "back", NULL, N_("they are there again")},
    HOUSEHOLD_VILLAGE_OPTION,
    {.kind = CLI_END},
};
const struct command cmd_household_edit = {
    "household edit",
    "HOUSEHOLD",
    1,
    1,
    N_("Correct what is said of a household; an empty value clears it"),
    edit_options,
    run_edit};

static const struct cli_option visit_options[] = {
    {CLI_TEXT, false, 0, "text", "TEXT", N_("what there is to say of it")},
    {CLI_WHEN, false, 0, "at", "TIME", N_("when it was; without it: now")},
    HOUSEHOLD_VILLAGE_OPTION,
    {.kind = CLI_END},
};
const struct command cmd_household_visit = {
    "household visit", "HOUSEHOLD", 1, 1, N_("Record that someone went to see a household"),
    visit_options,     run_visit};
