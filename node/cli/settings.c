/* settings: within how many days cases are to be answered and resolved, the township's offices,
 * categories and zone. */

#include <stdlib.h>
#include <string.h>

#include "../hub/hub.h"
#include "../hub/told.h"
#include "admin.h"
#include "casework.h"
#include "table.h"

/* --- show ------------------------------------------------------------------- */

/* "already" beside where nothing was written. */
static json_t *as_json(const struct township *t, bool already) {
  json_t *json = told_settings(t);
  if (json == NULL || admin_mark_already(json, already) == 0) return json;
  json_decref(json);
  return NULL;
}

static int add_days(struct table *table, const char *what, int64_t days, int64_t extension,
                    bool all_days, struct yz_error *err) {
  char number[24], more[24];
  (void)snprintf(number, sizeof number, "%lld", (long long)days);
  (void)snprintf(more, sizeof more, "%lld", (long long)extension);
  return table_row(table,
                   (const char *[]){what, number, extension >= 0 ? more : NULL,
                                    all_days ? _("calendar days") : _("working days")},
                   err);
}

static void say_names(const char *label, const json_t *names) {
  for (size_t i = 0; i < json_array_size(names); i++)
    cli_say_field(label, json_string_value(json_array_get(names, i)));
}

static int say(const struct township *t, bool already, struct yz_error *err) {
  const struct case_policy *p = told_policy(t);
  char zone[CALENDAR_ZONE];
  struct table table;
  if (already) admin_say_already();
  table_init(&table, 4);
  int rc =
      table_row(&table, (const char *[]){_("Within"), _("Days"), _("Extension"), _("Kind")}, err);
  if (rc == 0) rc = add_days(&table, _("to answer"), p->accept, -1, false, err);
  for (int c = 0; rc == 0 && c < CASE_CLASSES; c++)
    rc = add_days(&table, casework_class((enum case_class)c), p->days[c], p->extension[c],
                  c == CLASS_PETITION, err);
  if (rc == 0) table_print(&table);
  table_finish(&table);
  calendar_write_zone(p->zone, zone);
  if (rc == 0) cli_say_field(_("Zone"), zone);
  if (rc == 0) say_names(_("Office"), t->names[SETTLED_OFFICES]);
  if (rc == 0) say_names(_("Category"), t->names[SETTLED_CATEGORIES]);
  if (rc == 0 && t->unread)
    cli_say("%s\n", _("The hub before settled offices and categories that cannot be read here "
                      "yet."));
  return rc;
}

static int answer(const struct cli *cli, struct node *n, bool already, struct yz_error *err) {
  struct township t;
  int rc = hub_township(n, &t, err);
  if (rc == 0) rc = cli->json ? cli_json(as_json(&t, already), err) : say(&t, already, err);
  township_finish(&t);
  return rc;
}

static int show(struct cli *cli, struct yz_error *err) {
  struct node n;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  rc = answer(cli, &n, false, err);
  node_finish(&n);
  return rc;
}

/* --- set -------------------------------------------------------------------- */

static bool read_days(const char **at, int64_t min, int64_t *out) {
  char *end;
  if (**at < '0' || **at > '9') return false;
  *out = strtoll(*at, &end, 10);
  *at = end;
  return *out >= min && *out <= POLICY_MAX_DAYS;
}

/* "DAYS" or "DAYS,EXTENSION"; without the latter it stays as it is. */
static bool read_pair(const char *text, int64_t *days, int64_t *extension) {
  *extension = -1;
  if (!read_days(&text, 1, days)) return false;
  if (*text != ',') return *text == '\0';
  text++;
  return read_days(&text, 0, extension) && *text == '\0';
}

static int read_asked(struct cli *cli, struct hub_settings *out, struct yz_error *err) {
  bool some = cli_has(cli, "accept") || cli_has(cli, "zone");
  int zone;
  *out = (struct hub_settings){.accept = cli_number(cli, "accept", 0),
                               .zone = cli_get(cli, "zone"),
                               .add = {cli_get(cli, "office"), cli_get(cli, "category")},
                               .remove = {cli_get(cli, "no-office"), cli_get(cli, "no-category")}};
  for (int i = 0; i < SETTLED_LISTS; i++)
    some = some || out->add[i] != NULL || out->remove[i] != NULL;
  if (cli_has(cli, "accept") && (out->accept < 1 || out->accept > POLICY_MAX_DAYS))
    return cli_usage_fail(cli, err, YZ_N_("Give from 1 to 3650 days."), cli_get(cli, "accept"));
  if (out->zone != NULL && !calendar_read_zone(out->zone, &zone))
    return cli_usage_fail(cli, err,
                          YZ_N_("Give hours and minutes from UTC, like +08:00 or -03:30: quarter "
                                "hours from -12:00 to +14:00."),
                          out->zone);
  for (int c = 0; c < CASE_CLASSES; c++) {
    const char *given = cli_get(cli, case_class_name((enum case_class)c));
    some = some || given != NULL;
    if (given != NULL && !read_pair(given, &out->days[c], &out->extension[c]))
      return cli_usage_fail(
          cli, err,
          YZ_N_("Give days, or days and extension like 15,10; days from 1, at most 3650."), given);
  }
  return some ? 0 : cli_usage_fail(cli, err, YZ_N_("Say what is to be settled."), NULL);
}

static int change(struct cli *cli, struct node *n, const struct hub_settings *asked,
                  struct yz_error *err) {
  struct signer who = {0};
  bool already = false;
  int rc = cli_open_signer(cli, n, &who, err);
  if (rc == 0) rc = hub_tell_settings(n, &who, asked, &already, err);
  if (rc == 0) rc = answer(cli, n, already, err);
  signer_finish(&who);
  return rc;
}

static int set(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct hub_settings asked;
  int rc = read_asked(cli, &asked, err);
  if (rc == 0) rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = change(cli, &n, &asked, err);
  node_finish(&n);
  return rc;
}

static const struct cli_option options[] = {
    {CLI_NUMBER, false, 0, "accept", "DAYS", N_("working days until a case must be answered")},
    {CLI_LINE, false, 0, "ordinary", "DAYS[,EXTENSION]",
     N_("working days until an ordinary case must be resolved")},
    {CLI_LINE, false, 0, "complex", "DAYS[,EXTENSION]",
     N_("working days until a complex case must be resolved")},
    {CLI_LINE, false, 0, "petition", "DAYS[,EXTENSION]",
     N_("calendar days until a petition must be resolved")},
    {CLI_LINE, false, 0, "zone", "OFFSET",
     N_("the township's zone: hours and minutes east of UTC, +08:00, or west of it, -03:30")},
    {CLI_LINE, false, 0, "office", "NAME", N_("an office of the township, from now on")},
    {CLI_LINE, false, 0, "no-office", "NAME", N_("an office that is one no longer")},
    {CLI_LINE, false, 0, "category", "NAME", N_("a category of cases, from now on")},
    {CLI_LINE, false, 0, "no-category", "NAME", N_("a category that is one no longer")},
    {.kind = CLI_END}};

const struct command cmd_settings_show = {
    "settings show",
    NULL,
    0,
    0,
    N_("Show within how many days cases are due, the zone, offices and categories"),
    NULL,
    show};
const struct command cmd_settings_set = {
    "settings set", NULL, 0, 0, N_("Settle that for the township"), options, set};
