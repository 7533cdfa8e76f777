/* What the township settles about time: days off and worked, days by class, its offices. */
#include <stdlib.h>
#include <string.h>

#include "../cases/settled.h"
#include "../ledgers.h"
#include "hub.h"

/* --- before there is a ledger ---------------------------------------------- */

/* A setting, empty once the first ledger was told:
 * {"days": {date: off}, "settings": members of hub.settings, "offices": names}. */
static const char UNTOLD[] = "untold";

/* *out NULL: there is nothing. */
static int load_untold(struct node *n, json_t **out, struct yz_error *err) {
  struct yz_buf text = {0};
  *out = NULL;
  int rc = store_get_setting(n->store, UNTOLD, &text, err);
  if (rc == 0 && text.len > 0) rc = yz_json_parse((const char *)text.data, text.len, out, err);
  yz_buf_finish(&text);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* Puts members, which may be NULL, over what stands below a name, and keeps it. */
static int add_untold(struct node *n, const char *name, json_t *members, struct yz_error *err) {
  json_t *untold;
  int rc = load_untold(n, &untold, err);
  if (rc != 0) return rc;
  if (untold == NULL) untold = json_pack("{s:{},s:{},s:[]}", "days", "settings", "offices");
  bool array = json_is_array(members);
  if (members != NULL && (array ? json_object_set(untold, name, members)
                                : json_object_update(json_object_get(untold, name), members)) != 0)
    rc = yz_no_memory(err);
  char *text = rc == 0 ? json_dumps(untold, JSON_COMPACT) : NULL;
  if (rc == 0)
    rc = text == NULL ? yz_no_memory(err) : store_put_setting(n->store, UNTOLD, text, err);
  free(text);
  json_decref(untold);
  return rc;
}

static int by_day(const void *a, const void *b) {
  const struct case_day *x = a, *y = b;
  return (x->day > y->day) - (x->day < y->day);
}

static int read_days(json_t *days, struct case_calendar *c, struct yz_error *err) {
  const char *date;
  json_t *off;
  c->days = calloc(json_object_size(days) + 1, sizeof *c->days);
  if (c->days == NULL) return yz_no_memory(err);
  json_object_foreach(days, date, off) {
    struct case_day d = {.off = json_is_true(off)};
    if (calendar_read(date, &d.day)) c->days[c->n++] = d;
  }
  qsort(c->days, c->n, sizeof *c->days, by_day);
  case_calendar_index(c);
  return 0;
}

static int read_untold(json_t *untold, struct township *out, struct yz_error *err) {
  json_t *settings = json_object_get(untold, "settings");
  int rc = read_days(json_object_get(untold, "days"), &out->calendar, err);
  if (rc != 0) return rc;
  out->policies.list = calloc(1, sizeof *out->policies.list);
  if (out->policies.list == NULL) return yz_no_memory(err);
  out->policies.list[0] = case_policy_default;
  out->policies.n = 1;
  settled_apply(settings, &out->policies.list[0]);
  out->offices = json_incref(json_object_get(untold, "offices"));
  return 0;
}

int hub_township(struct node *n, struct township *out, struct yz_error *err) {
  json_t *untold;
  *out = (struct township){0};
  int rc = load_untold(n, &untold, err);
  if (rc == 0 && untold == NULL) return store_load_township(n->store, NULL, out, err);
  if (rc == 0) rc = read_untold(untold, out, err);
  json_decref(untold);
  if (rc != 0) township_finish(out);
  return rc;
}

/* --- telling --------------------------------------------------------------- */

static int tell(struct node *n, const struct yz_id *ledger, const struct yz_author *author,
                const char *type, const json_t *members, const json_t *content,
                struct yz_error *err) {
  json_t *plain = json_pack("{s:I}", "at", (json_int_t)n->world->now_ms(n->world->ctx));
  if (plain == NULL || json_object_update(plain, (json_t *)members) != 0) {
    json_decref(plain);
    return yz_no_memory(err);
  }
  struct yz_draft draft = {.type = type, .plain = plain, .content = content};
  int rc = yz_append(&n->station, ledger, author, &draft, NULL, NULL, err);
  json_decref(plain);
  return rc;
}

/* Within a transaction. *none: there is no ledger yet. */
static int tell_all(struct node *n, const struct signer *who, const char *type,
                    const json_t *members, const json_t *content, bool *none,
                    struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  *none = count == 0;
  if (rc == 0 && *none) rc = hub_check_first_worker(n, &who->author.key, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    rc = hub_check_administrator(n, &rows[i].id, &who->author.key, err);
    if (rc == 0) rc = tell(n, &rows[i].id, &who->author, type, members, content, err);
  }
  free(rows);
  return rc;
}

static json_t *day_members(const struct case_day *day) {
  char date[CALENDAR_DATE];
  (void)calendar_write(day->day, date);
  return json_pack("{s:s,s:b}", "date", date, "off", (int)day->off);
}

int hub_tell_day(struct node *n, const struct signer *who, const struct case_day *day,
                 struct yz_error *err) {
  bool none;
  json_t *members = day_members(day);
  int rc = members == NULL ? yz_no_memory(err) : store_begin(n->store, err);
  if (rc != 0) goto done;
  rc = tell_all(n, who, "hub.holiday", members, NULL, &none, err);
  if (rc == 0 && none) {
    json_t *untold = json_pack("{s:O}", json_string_value(json_object_get(members, "date")),
                               json_object_get(members, "off"));
    rc = untold == NULL ? yz_no_memory(err) : add_untold(n, "days", untold, err);
    json_decref(untold);
  }
  rc = store_end(n->store, rc, err);
done:
  json_decref(members);
  return rc;
}

/* --- offices --------------------------------------------------------------- */

static size_t find_office(const json_t *offices, const char *name) {
  size_t i = 0;
  while (i < json_array_size(offices) &&
         strcmp(json_string_value(json_array_get(offices, i)), name) != 0)
    i++;
  return i;
}

/* *out: the content of hub.settings with the offices there are to be; NULL where they stay. */
static int change_offices(const json_t *now, const char *office, const char *no_office,
                          json_t **out, struct yz_error *err) {
  *out = NULL;
  if (office == NULL && no_office == NULL) return 0;
  json_t *offices = json_copy((json_t *)now);
  int rc = offices == NULL ? yz_no_memory(err) : 0;
  size_t there = office != NULL ? find_office(offices, office) : SIZE_MAX;
  if (rc == 0 && there < json_array_size(offices))
    rc = yz_fail(err, YZ_E_EXISTS, YZ_N_("The township has this office already."), "%s", office);
  size_t gone = no_office != NULL ? find_office(offices, no_office) : SIZE_MAX;
  if (rc == 0 && no_office != NULL && json_array_remove(offices, gone) != 0)
    rc = yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("The township has no such office; `yizhan settings show` names them."), "%s",
                 no_office);
  if (rc == 0 && office != NULL && json_array_append_new(offices, json_string(office)) != 0)
    rc = yz_no_memory(err);
  if (rc == 0 && json_array_size(offices) > SETTLED_MAX_OFFICES)
    rc = yz_fail(err, YZ_E_LIMIT, YZ_N_("A township has at most 100 offices; take one out first."),
                 "%s", office);
  if (rc == 0 && (*out = json_pack("{s:O}", "offices", offices)) == NULL) rc = yz_no_memory(err);
  json_decref(offices);
  return rc;
}

int hub_tell_settings(struct node *n, const struct signer *who, const json_t *plain,
                      const char *office, const char *no_office, struct yz_error *err) {
  struct township now = {0};
  json_t *content = NULL;
  bool none;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &now, err);
  if (rc == 0) rc = change_offices(now.offices, office, no_office, &content, err);
  if (rc == 0) rc = tell_all(n, who, "hub.settings", plain, content, &none, err);
  if (rc == 0 && none) rc = add_untold(n, "settings", (json_t *)plain, err);
  if (rc == 0 && none) rc = add_untold(n, "offices", json_object_get(content, "offices"), err);
  township_finish(&now);
  json_decref(content);
  return store_end(n->store, rc, err);
}

/* --- a new ledger ---------------------------------------------------------- */

static json_t *policy_members(const struct case_policy *p) {
  json_t *members = json_pack("{s:I}", "accept", (json_int_t)p->accept);
  for (int c = 0; members != NULL && c < CASE_CLASSES; c++) {
    json_t *pair = json_pack("[I,I]", (json_int_t)p->days[c], (json_int_t)p->extension[c]);
    if (json_object_set_new(members, case_class_name((enum case_class)c), pair) == 0) continue;
    json_decref(members);
    return NULL;
  }
  return members;
}

static int tell_settings_again(struct node *n, const struct yz_id *ledger,
                               const struct yz_author *author, const struct township *t,
                               struct yz_error *err) {
  if (t->policies.n == 0) return 0;
  json_t *members = policy_members(&t->policies.list[t->policies.n - 1]);
  json_t *content = NULL;
  if (json_array_size(t->offices) > 0) content = json_pack("{s:O}", "offices", t->offices);
  int rc = members == NULL ? yz_no_memory(err)
                           : tell(n, ledger, author, "hub.settings", members, content, err);
  json_decref(content);
  json_decref(members);
  return rc;
}

int hub_tell_again(struct node *n, const struct yz_id *ledger, struct yz_error *err) {
  struct yz_author author = {n->station.key, n->station.seed};
  struct township t;
  int rc = hub_township(n, &t, err);
  if (rc != 0) return rc;
  for (size_t i = 0; rc == 0 && i < t.calendar.n; i++) {
    json_t *members = day_members(&t.calendar.days[i]);
    rc = members == NULL ? yz_no_memory(err)
                         : tell(n, ledger, &author, "hub.holiday", members, NULL, err);
    json_decref(members);
  }
  if (rc == 0) rc = tell_settings_again(n, ledger, &author, &t, err);
  if (rc == 0) rc = store_put_setting(n->store, UNTOLD, "", err);
  township_finish(&t);
  return rc;
}
