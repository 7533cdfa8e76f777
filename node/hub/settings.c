/* How many days a case may take, by class; the township's offices, categories and zone. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../cases/settled.h"
#include "../said.h"
#include "township.h"

static const struct case_policy *last_of(const struct township *t) {
  return t->policies.n > 0 ? &t->policies.list[t->policies.n - 1] : &case_policy_default;
}

/* It differs from any in everything. */
static const struct case_policy nothing = {.zone = INT_MIN};

/* The members of hub.settings in which one policy differs from another. */
static json_t *policy_members(const struct case_policy *p, const struct case_policy *other) {
  json_t *members = json_object();
  char zone[CALENDAR_ZONE];
  calendar_write_zone(p->zone, zone);
  if (p->zone != other->zone && json_object_set_new(members, "zone", json_string(zone)) != 0)
    goto failed;
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

/* What a ledger that has this is told beside names. */
static json_t *lacking(const struct telling *t, const struct township *has) {
  enum { DAY_MS = 86400 * 1000 };
  bool later = has->policies.n > 0 && last_of(has)->since_ms > t->at_ms + DAY_MS;
  return policy_members(last_of(t->all), later ? &nothing : last_of(has));
}

static bool same_names(const struct township *a, const struct township *b) {
  int i = 0;
  while (i < SETTLED_LISTS && json_equal(a->names[i], b->names[i])) i++;
  return i == SETTLED_LISTS;
}

/* All names that there are; none of which there are none, but for offices. NULL: no memory. */
static json_t *names_content(const struct township *t) {
  json_t *content = json_object();
  bool ok = content != NULL;
  for (int i = 0; ok && i < SETTLED_LISTS; i++)
    if (i == SETTLED_OFFICES || json_array_size(t->names[i]) > 0)
      ok = json_object_set(content, settled_list_name((enum settled_list)i), t->names[i]) == 0;
  if (ok) return content;
  json_decref(content);
  return NULL;
}

int telling_settings(struct telling *t, const struct yz_id *ledger, const struct township *has,
                     struct yz_error *err) {
  if (has->policies.n > 0 && telling_lost_time(t->at_ms)) return 0;
  json_t *plain = lacking(t, has), *content = NULL;
  bool words = !t->all->unread && (has->unread || !same_names(has, t->all));
  int rc = plain == NULL ? yz_no_memory(err) : 0;
  if (rc == 0 && words && (content = names_content(t->all)) == NULL) rc = yz_no_memory(err);
  if (rc == 0 && (words || json_object_size(plain) > 0))
    rc = telling_tell(t, ledger, "hub.settings", plain, content, err);
  json_decref(content);
  json_decref(plain);
  return rc;
}

/* --- changing ----------------------------------------------------------------- */

static size_t find_name(const json_t *names, const char *name) {
  size_t i = 0;
  while (i < json_array_size(names) &&
         strcmp(json_string_value(json_array_get(names, i)), name) != 0)
    i++;
  return i;
}

static bool is_among(const json_t *names, const char *name) {
  return find_name(names, name) < json_array_size(names);
}

static int no_such(enum settled_list list, const char *name, struct yz_error *err) {
  return yz_fail(
      err, YZ_E_NOT_FOUND,
      list == SETTLED_OFFICES
          ? YZ_N_("The township has no such office; `yizhan settings show` names them.")
          : YZ_N_("The township has no such category; `yizhan settings show` names them."),
      "%s", name);
}

static int too_many(enum settled_list list, const char *name, struct yz_error *err) {
  return yz_fail(err, YZ_E_LIMIT,
                 list == SETTLED_OFFICES
                     ? YZ_N_("A township has at most 100 offices; take one out first.")
                     : YZ_N_("A township has at most 100 categories; take one out first."),
                 "%s", name);
}

/* The names that there are to be. */
static int change_names(struct township *t, enum settled_list list, const char *add,
                        const char *remove, struct yz_error *err) {
  if (add == NULL && remove == NULL) return 0;
  if (t->unread)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("Which offices and categories the township has cannot be read here yet, "
                         "as the hub before settled them. Let the villages run `yizhan sync`, "
                         "run `yizhan hub ingest`, then do it again."),
                   "%s", add != NULL ? add : remove);
  json_t *names = json_copy(t->names[list]);
  if (names == NULL) return yz_no_memory(err);
  json_decref(t->names[list]);
  t->names[list] = names;
  if (remove != NULL && !is_among(t->past[list], remove) && !is_among(names, remove))
    return no_such(list, remove, err);
  if (remove != NULL) (void)json_array_remove(names, find_name(names, remove));
  if (add == NULL || is_among(names, add)) return 0;
  int rc = said_check_name(add, err);
  if (rc != 0) return rc;
  if (json_array_size(names) == SETTLED_MAX_NAMES) return too_many(list, add, err);
  return json_array_append_new(names, json_string(add)) == 0 ? 0 : yz_no_memory(err);
}

/* What was settled with what is asked for in its place, as the last policy. */
static int change_policy(struct township *t, const struct hub_settings *asked,
                         struct yz_error *err) {
  struct case_policies *p = &t->policies;
  struct case_policy next = *last_of(t);
  if (asked->accept > 0) next.accept = asked->accept;
  if (asked->zone != NULL) (void)calendar_read_zone(asked->zone, &next.zone);
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
  json_t *members = policy_members(last_of(t), &nothing);
  int rc = members == NULL ? yz_no_memory(err) : untold_add(n, "settings", members, err);
  for (int i = 0; rc == 0 && i < SETTLED_LISTS; i++)
    rc = untold_add(n, settled_list_name((enum settled_list)i), t->names[i], err);
  json_decref(members);
  return rc;
}

static int tell_changed(struct telling *t, struct township *all, const struct hub_settings *asked,
                        bool *already, struct yz_error *err) {
  const struct case_policy before = *last_of(all);
  struct township had = {0};
  json_t *changed = NULL;
  bool none;
  int rc = 0;
  for (int i = 0; i < SETTLED_LISTS; i++) had.names[i] = json_incref(all->names[i]);
  for (int i = 0; rc == 0 && i < SETTLED_LISTS; i++)
    rc = change_names(all, (enum settled_list)i, asked->add[i], asked->remove[i], err);
  if (rc == 0) rc = change_policy(all, asked, err);
  if (rc == 0) rc = telling_all(t, &none, err);
  if (rc == 0 && none) rc = keep_untold(t->n, all, err);
  if (rc == 0 && (changed = policy_members(last_of(all), &before)) == NULL) rc = yz_no_memory(err);
  *already = t->told == 0 && json_object_size(changed) == 0 && same_names(&had, all);
  json_decref(changed);
  township_finish(&had);
  return rc;
}

static int check_clock(const struct telling *t, struct yz_error *err) {
  if (t->all->policies.n == 0 || !telling_lost_time(t->at_ms)) return 0;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("This PC's clock has lost its time, and what is settled is in force from "
                       "the time at which it is said. Set the clock, then do it again."),
                 NULL);
}

int hub_tell_settings(struct node *n, const struct signer *who, const struct hub_settings *asked,
                      bool *already, struct yz_error *err) {
  struct township all;
  struct telling t = {n, &who->author, &all, telling_now(n), 0};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = hub_township(n, &all, err);
  if (rc == 0) {
    rc = check_clock(&t, err);
    if (rc == 0) rc = tell_changed(&t, &all, asked, already, err);
    township_finish(&all);
  }
  return store_end(n->store, rc, err);
}
