/* holiday: which days are off, and which are worked in their stead. */
#include <string.h>

#include "../hub/hub.h"
#include "admin.h"
#include "table.h"

static const char *word_of(const struct case_day *day) {
  return day->off ? _("off") : _("worked");
}

static json_t *as_json(const struct case_day *day, bool already) {
  char date[CALENDAR_DATE];
  (void)calendar_write(day->day, date);
  json_t *json = json_pack("{s:s,s:b}", "date", date, "off", (int)day->off);
  if (json == NULL || admin_mark_already(json, already) == 0) return json;
  json_decref(json);
  return NULL;
}

/* --- add -------------------------------------------------------------------- */

/* A day in one of the forms that dates are written in. */
static bool read_day(const char *text, int zone, int64_t *day) {
  int64_t ms;
  if (!when_parse(text, strlen(text), zone, &ms)) return false;
  *day = calendar_day(ms, zone);
  return calendar_begin(*day, zone) == ms;
}

static int read_add(struct cli *cli, int zone, struct case_day *day, struct yz_error *err) {
  day->off = cli_has(cli, "off");
  if (day->off == cli_has(cli, "work"))
    return cli_usage_fail(cli, err, YZ_N_("Say either --off or --work."), NULL);
  if (!read_day(cli->args[0], zone, &day->day))
    return cli_usage_fail(cli, err, YZ_N_("This is no day; write it like 2026-10-01."),
                          cli->args[0]);
  return 0;
}

static int add(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct signer who = {0};
  struct case_day day = {0};
  char date[CALENDAR_DATE];
  bool already = false;
  int rc = admin_open_hub(cli, &n, err);
  if (rc != 0) return rc;
  rc = read_add(cli, n.zone, &day, err);
  if (rc == 0) rc = cli_open_signer(cli, &n, &who, err);
  if (rc == 0) rc = hub_tell_day(&n, &who, &day, &already, err);
  (void)calendar_write(day.day, date);
  if (rc == 0 && !cli->json && already) admin_say_already();
  if (rc == 0 && cli->json)
    rc = cli_json(as_json(&day, already), err);
  else if (rc == 0)
    cli_say(_("%s is %s, here and in every village from its next contact on.\n"), date,
            word_of(&day));
  signer_finish(&who);
  node_finish(&n);
  return rc;
}

/* --- list ------------------------------------------------------------------- */

static int list_days(struct cli *cli, const struct case_calendar *c, struct table *table,
                     struct yz_error *err) {
  struct cli_array array = {0};
  int64_t year = cli_number(cli, "year", -1);
  int rc = table_row(table, (const char *[]){_("Day"), _("Is")}, err);
  size_t n = 0;
  for (size_t i = 0; rc == 0 && i < c->n; i++) {
    const struct case_day *d = &c->days[i];
    char date[CALENDAR_DATE];
    if (year >= 0 && calendar_year(d->day) != year) continue;
    (void)calendar_write(d->day, date);
    rc = cli->json ? cli_array_item(&array, as_json(d, false), err)
                   : table_row(table, (const char *[]){date, word_of(d)}, err);
    n++;
  }
  if (rc == 0 && cli->json) return cli_array_end(&array, err);
  if (rc == 0 && n > 0) table_print(table);
  if (rc == 0 && n == 0)
    cli_say("%s\n", _("Nothing was said of any day: Saturdays and Sundays are off, and what is "
                      "reckoned by that is provisional."));
  return rc;
}

static int list(struct cli *cli, struct yz_error *err) {
  struct node n;
  struct township t;
  struct table table;
  int rc = cli_open_node(cli, &n, err);
  if (rc != 0) return rc;
  table_init(&table, 2);
  rc = hub_township(&n, &t, err);
  if (rc == 0) rc = list_days(cli, &t.calendar, &table, err);
  table_finish(&table);
  township_finish(&t);
  node_finish(&n);
  return rc;
}

static const struct cli_option add_options[] = {
    {CLI_FLAG, false, 0, "off", NULL, N_("no one works on that day")},
    {CLI_FLAG, false, 0, "work", NULL, N_("it is worked, although it is a Saturday or Sunday")},
    {.kind = CLI_END}};
static const struct cli_option list_options[] = {
    {CLI_NUMBER, false, 0, "year", "YEAR", N_("only days of this year")}, {.kind = CLI_END}};

const struct command cmd_holiday_add = {
    "holiday add", "DATE", 1, 1, N_("Say of a day that it is off, or worked"), add_options, add};
const struct command cmd_holiday_list = {
    "holiday list", NULL, 0, 0, N_("List the days of which that was said"), list_options, list};
