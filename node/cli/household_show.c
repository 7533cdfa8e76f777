/* A household whole: who lives there, the visits to it, its cases. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reading.h"
#include "casework.h"
#include "commands.h"
#include "household.h"

/* --- for people ------------------------------------------------------------- */

static void say_line(const char *label, const char *text) {
  if (text != NULL) cli_say_field(label, text);
}

static void say_heading(const char *label, const json_t *array) {
  char count[24];
  (void)snprintf(count, sizeof count, "%zu", json_array_size(array));
  cli_say("\n");
  cli_say_field(label, count);
}

/* When it was, as the JSON has it but to the minute. */
static void moment_of(const json_t *visit, char out[static CLI_TIME]) {
  const char *at = yz_json_string(visit, "at");
  if (at != NULL && strlen(at) >= strlen("2026-11-23T18:04"))
    (void)snprintf(out, CLI_TIME, "%.10s %.5s", at, at + 11);
  else
    (void)snprintf(out, CLI_TIME, "-");
}

static void say_visits(const json_t *visits) {
  size_t i;
  json_t *visit;
  say_heading(_("Visits"), visits);
  json_array_foreach(visits, i, visit) {
    const char *text = yz_json_string(visit, "text");
    const char *number = yz_json_string(visit, "case");
    char at[CLI_TIME];
    moment_of(visit, at);
    cli_say("%s  %s%s%s\n", at, yz_json_string(visit, "by"), number != NULL ? "  " : "",
            number != NULL ? number : "");
    if (text != NULL) cli_say("  %s\n", text);
  }
}

static void say_cases(const json_t *cases) {
  size_t i;
  json_t *item;
  say_heading(_("Cases"), cases);
  json_array_foreach(cases, i, item) {
    const char *number = yz_json_string(item, "case"), *title = yz_json_string(item, "title");
    cli_say("%s  %s  %s\n", number != NULL ? number : "-",
            casework_state(case_state_from_name(yz_json_string(item, "state"))),
            title != NULL ? title : "-");
  }
}

static int say(const json_t *object, bool hub, struct yz_error *err) {
  struct yz_buf people = {0};
  const char *name = yz_json_string(object, "name");
  int rc = household_people(json_object_get(object, "people"), &people, err);
  if (rc != 0) return rc;
  bool sealed = json_is_true(json_object_get(object, "sealed"));
  cli_say("%s\n", name != NULL ? name : sealed ? _("(sealed)") : _("(not readable here)"));
  say_line(_("Id"), yz_json_string(object, "id"));
  if (hub) say_line(_("Village"), yz_json_string(object, "village"));
  say_line(_("Place"), yz_json_string(object, "place"));
  say_line(_("Telephone"), yz_json_string(object, "phone"));
  if (people.len > 0) say_line(_("People"), (char *)people.data);
  say_line(_("Note"), yz_json_string(object, "note"));
  if (json_is_true(json_object_get(object, "gone")))
    cli_say("%s\n", _("Nobody lives there any more."));
  if (json_is_true(json_object_get(object, "needs_newer")))
    cli_say("%s\n", _("Something in it needs a newer version of this program."));
  casework_say_erasing(object);
  say_visits(json_object_get(object, "visits"));
  say_cases(json_object_get(object, "cases"));
  casework_say_readings(json_object_get(object, "read"));
  if (sealed) cli_note_sealed();
  yz_buf_finish(&people);
  return 0;
}

static int run_show(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct registry_place place;
  int rc = household_open(cli, &n, NULL, &place, err);
  if (rc != 0) return rc;
  json_t *object = NULL;
  rc = reading_note_named(&n, &place.id, cli->worker, err);
  if (rc == 0) rc = household_object(&n, &place, &object, err);
  if (rc == 0) rc = cli->json ? cli_json(json_incref(object), err) : say(object, n.hub, err);
  json_decref(object);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {HOUSEHOLD_VILLAGE_OPTION, {.kind = CLI_END}};
const struct command cmd_household_show = {
    "household show",
    "HOUSEHOLD",
    1,
    1,
    N_("Show a household, who lives there, the visits to it and its cases"),
    options,
    run_show};
