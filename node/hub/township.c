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

/* Puts the days of an object {date: off} over those that are there. */
static int read_days(json_t *days, struct case_calendar *c, struct yz_error *err) {
  const char *date;
  json_t *off;
  struct case_day *more = reallocarray(c->days, c->n + json_object_size(days) + 1, sizeof *c->days);
  if (more == NULL) return yz_no_memory(err);
  c->days = more;
  size_t known = c->n;
  json_object_foreach(days, date, off) {
    struct case_day d = {.off = json_is_true(off)};
    if (!calendar_read(date, &d.day)) continue;
    struct case_day *there = known > 0 ? bsearch(&d, c->days, known, sizeof d, by_day) : NULL;
    if (there != NULL)
      *there = d;
    else
      c->days[c->n++] = d;
  }
  qsort(c->days, c->n, sizeof *c->days, by_day);
  case_calendar_index(c);
  return 0;
}

/* What was said before there was a ledger is the last word. */
static int add_spoken(json_t *untold, struct township *t, struct yz_error *err) {
  struct case_policies *p = &t->policies;
  json_t *offices = json_object_get(untold, "offices");
  int rc = read_days(json_object_get(untold, "days"), &t->calendar, err);
  struct case_policy *more = reallocarray(p->list, p->n + 1, sizeof *more);
  if (rc == 0 && more == NULL) rc = yz_no_memory(err);
  if (more != NULL) {
    p->list = more;
    more[p->n] = p->n > 0 ? more[p->n - 1] : case_policy_default;
    settled_apply(json_object_get(untold, "settings"), &more[p->n++]);
  }
  if (rc != 0 || json_array_size(offices) == 0) return rc;
  json_decref(t->offices);
  t->offices = json_incref(offices);
  t->unread = false;
  return 0;
}

int hub_township(struct node *n, struct township *out, struct yz_error *err) {
  json_t *untold = NULL;
  int rc = store_load_township(n->store, NULL, out, err);
  if (rc != 0) return rc;
  rc = load_untold(n, &untold, err);
  if (rc == 0 && untold != NULL) rc = add_spoken(untold, out, err);
  json_decref(untold);
  if (rc != 0) township_finish(out);
  return rc;
}

/* --- telling --------------------------------------------------------------- */

/* One statement of what is settled, made in the ledgers that do not have it. */
struct telling {
  struct node *n;
  const struct yz_author *author;
  const struct township *all; /* what holds in the township */
  int64_t at_ms;
  size_t told;
};

static int tell(struct telling *t, const struct yz_id *ledger, const char *type, json_t *plain,
                const json_t *content, struct yz_error *err) {
  if (plain == NULL || json_object_set_new(plain, "at", json_integer(t->at_ms)) != 0)
    return yz_no_memory(err);
  struct yz_draft draft = {.type = type, .plain = plain, .content = content};
  int rc = yz_append(&t->n->station, ledger, t->author, &draft, NULL, NULL, err);
  if (rc == 0) t->told++;
  return rc;
}

static int tell_day(struct telling *t, const struct yz_id *ledger, const struct case_day *day,
                    struct yz_error *err) {
  char date[CALENDAR_DATE];
  (void)calendar_write(day->day, date);
  json_t *plain = json_pack("{s:s,s:b}", "date", date, "off", (int)day->off);
  int rc = tell(t, ledger, "hub.holiday", plain, NULL, err);
  json_decref(plain);
  return rc;
}

static bool has_day(const struct case_calendar *c, const struct case_day *day) {
  const struct case_day *found =
      c->n > 0 ? bsearch(day, c->days, c->n, sizeof *c->days, by_day) : NULL;
  return found != NULL && found->off == day->off;
}

static const struct case_policy *last_of(const struct township *t) {
  return t->policies.n > 0 ? &t->policies.list[t->policies.n - 1] : &case_policy_default;
}

/* The members of hub.settings in which one policy differs from another. */
static json_t *policy_members(const struct case_policy *p, const struct case_policy *other) {
  json_t *members = json_object();
  if (p->accept != other->accept &&
      json_object_set_new(members, "accept", json_integer(p->accept)) != 0)
    goto failed;
  for (int c = 0; c < CASE_CLASSES; c++) {
    if (p->days[c] == other->days[c] && p->extension[c] == other->extension[c]) continue;
    json_t *pair = json_pack("[I,I]", (json_int_t)p->days[c], (json_int_t)p->extension[c]);
    if (json_object_set_new(members, case_class_name((enum case_class)c), pair) != 0) goto failed;
  }
  return members;
failed:
  json_decref(members);
  return NULL;
}

/* Where the township's offices cannot be read here, nothing is said of them. */
static int tell_settings(struct telling *t, const struct yz_id *ledger, const struct township *has,
                         struct yz_error *err) {
  json_t *plain = policy_members(last_of(t->all), last_of(has)), *content = NULL;
  bool words = !t->all->unread && (has->unread || json_equal(has->offices, t->all->offices) == 0);
  int rc = plain == NULL ? yz_no_memory(err) : 0;
  if (rc == 0 && words) content = json_pack("{s:O}", "offices", t->all->offices);
  if (rc == 0 && words && content == NULL) rc = yz_no_memory(err);
  if (rc == 0 && (words || json_object_size(plain) > 0))
    rc = tell(t, ledger, "hub.settings", plain, content, err);
  json_decref(content);
  json_decref(plain);
  return rc;
}

/* Tells a ledger what it lacks, in the caller's transaction. */
static int tell_ledger(struct telling *t, const struct yz_id *ledger, struct yz_error *err) {
  const struct case_calendar *days = &t->all->calendar;
  struct township has;
  int rc = store_load_township(t->n->store, ledger, &has, err);
  if (rc != 0) return rc;
  for (size_t i = 0; rc == 0 && i < days->n; i++)
    if (!has_day(&has.calendar, &days->days[i])) rc = tell_day(t, ledger, &days->days[i], err);
  if (rc == 0) rc = tell_settings(t, ledger, &has, err);
  township_finish(&has);
  return rc;
}

/* *none: there is no ledger yet. */
static int tell_all(struct telling *t, bool *none, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(t->n, &rows, &count, err);
  *none = count == 0;
  if (rc == 0 && *none) rc = hub_check_first_worker(t->n, &t->author->key, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    rc = hub_check_administrator(t->n, &rows[i].id, &t->author->key, err);
    if (rc == 0) rc = tell_ledger(t, &rows[i].id, err);
  }
  free(rows);
  return rc;
}

static int64_t now_ms(const struct node *n) {
  return n->world->now_ms(n->world->ctx);
}

int hub_tell_day(struct node *n, const struct signer *who, const struct case_day *day,
                 bool *already, struct yz_error *err) {
  struct township all;
  struct telling t = {n, &who->author, &all, now_ms(n), 0};
  char date[CALENDAR_DATE];
  bool none, had;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &all, err);
  if (rc != 0) return store_end(n->store, rc, err);
  (void)calendar_write(day->day, date);
  json_t *spoken = json_pack("{s:b}", date, (int)day->off);
  had = has_day(&all.calendar, day);
  rc = spoken == NULL ? yz_no_memory(err) : read_days(spoken, &all.calendar, err);
  if (rc == 0) rc = tell_all(&t, &none, err);
  if (rc == 0 && none && !had) rc = add_untold(n, "days", spoken, err);
  *already = had && t.told == 0;
  json_decref(spoken);
  township_finish(&all);
  return store_end(n->store, rc, err);
}

/* --- offices --------------------------------------------------------------- */

static size_t find_office(const json_t *offices, const char *name) {
  size_t i = 0;
  while (i < json_array_size(offices) &&
         strcmp(json_string_value(json_array_get(offices, i)), name) != 0)
    i++;
  return i;
}

/* The offices that there are to be. */
static int change_offices(struct township *t, const char *office, const char *no_office,
                          struct yz_error *err) {
  if (office == NULL && no_office == NULL) return 0;
  if (t->unread)
    return yz_fail(
        err, YZ_E_REFUSED,
        YZ_N_("Which offices the township has cannot be read here yet, as the hub before "
              "settled them. Let the villages run `yizhan sync`, run `yizhan hub ingest`, "
              "then do it again."),
        "%s", office != NULL ? office : no_office);
  json_t *offices = json_copy(t->offices);
  if (offices == NULL) return yz_no_memory(err);
  json_decref(t->offices);
  t->offices = offices;
  if (no_office != NULL && find_office(t->past, no_office) == json_array_size(t->past) &&
      find_office(offices, no_office) == json_array_size(offices))
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("The township has no such office; `yizhan settings show` names them."),
                   "%s", no_office);
  if (no_office != NULL) (void)json_array_remove(offices, find_office(offices, no_office));
  if (office == NULL || find_office(offices, office) < json_array_size(offices)) return 0;
  if (json_array_size(offices) == SETTLED_MAX_OFFICES)
    return yz_fail(err, YZ_E_LIMIT,
                   YZ_N_("A township has at most 100 offices; take one out first."), "%s", office);
  return json_array_append_new(offices, json_string(office)) == 0 ? 0 : yz_no_memory(err);
}

/* What was settled with what is asked for in its place, as the last policy. */
static int change_policy(struct township *t, const struct hub_settings *asked,
                         struct yz_error *err) {
  struct case_policies *p = &t->policies;
  struct case_policy next = *last_of(t);
  if (asked->accept > 0) next.accept = asked->accept;
  for (int c = 0; c < CASE_CLASSES; c++) {
    if (asked->days[c] > 0) next.days[c] = asked->days[c];
    if (asked->days[c] > 0 && asked->extension[c] >= 0) next.extension[c] = asked->extension[c];
  }
  struct case_policy *more = reallocarray(p->list, p->n + 1, sizeof *more);
  if (more == NULL) return yz_no_memory(err);
  p->list = more;
  p->list[p->n++] = next;
  return 0;
}

static int keep_untold(struct node *n, const struct township *t, struct yz_error *err) {
  static const struct case_policy none;
  json_t *members = policy_members(last_of(t), &none);
  int rc = members == NULL ? yz_no_memory(err) : add_untold(n, "settings", members, err);
  if (rc == 0) rc = add_untold(n, "offices", t->offices, err);
  json_decref(members);
  return rc;
}

static int tell_changed(struct telling *t, struct township *all, const struct hub_settings *asked,
                        bool *already, struct yz_error *err) {
  const struct case_policy before = *last_of(all);
  json_t *offices = json_incref(all->offices), *changed = NULL;
  bool none;
  int rc = change_offices(all, asked->office, asked->no_office, err);
  if (rc == 0) rc = change_policy(all, asked, err);
  if (rc == 0) rc = tell_all(t, &none, err);
  if (rc == 0 && none) rc = keep_untold(t->n, all, err);
  if (rc == 0 && (changed = policy_members(last_of(all), &before)) == NULL) rc = yz_no_memory(err);
  *already = t->told == 0 && json_object_size(changed) == 0 && json_equal(offices, all->offices);
  json_decref(changed);
  json_decref(offices);
  return rc;
}

int hub_tell_settings(struct node *n, const struct signer *who, const struct hub_settings *asked,
                      bool *already, struct yz_error *err) {
  struct township all;
  struct telling t = {n, &who->author, &all, now_ms(n), 0};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &all, err);
  if (rc == 0) {
    rc = tell_changed(&t, &all, asked, already, err);
    township_finish(&all);
  }
  return store_end(n->store, rc, err);
}

/* --- by itself --------------------------------------------------------------- */

int hub_tell_again(struct node *n, const struct yz_id *ledger, struct yz_error *err) {
  const struct yz_author author = {n->station.key, n->station.seed};
  struct township all;
  struct telling t = {n, &author, &all, now_ms(n), 0};
  int rc = hub_township(n, &all, err);
  if (rc != 0) return rc;
  rc = tell_ledger(&t, ledger, err);
  if (rc == 0) rc = store_put_setting(n->store, UNTOLD, "", err);
  township_finish(&all);
  return rc;
}

/* Where the clock is far behind what was stamped, a word more would come before it. */
static bool is_ahead(const struct node *n, const struct township *t) {
  return t->newest.ms > now_ms(n) + 86400 * 1000;
}

int hub_tell_missing(struct node *n, struct yz_error *err) {
  const struct yz_author author = {n->station.key, n->station.seed};
  struct yz_ledger_row *rows = NULL;
  struct township all;
  struct telling t = {n, &author, &all, now_ms(n), 0};
  size_t count = 0;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &all, err);
  if (rc != 0) return store_end(n->store, rc, err);
  rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && !is_ahead(n, &all) && i < count; i++)
    rc = tell_ledger(&t, &rows[i].id, err);
  free(rows);
  township_finish(&all);
  return store_end(n->store, rc, err);
}
