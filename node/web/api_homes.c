/* Today, the registry of households, and the township's notices. */
#include <stdlib.h>
#include <string.h>

#include "../board.h"
#include "../reading.h"
#include "../registry.h"
#include "../tidy.h"
#include "../today.h"
#include "api_call.h"

enum { CREATED = 201, MAX_DAYS = 36600 };
static const int64_t DAY_MS = 86400000;

int api_today(struct api_call *c, struct yz_error *err) {
  return today_json(&c->node, &c->said, err);
}

/* --- notices ------------------------------------------------------------------------ */

int api_notices(struct api_call *c, struct yz_error *err) {
  struct board b;
  json_t *notices = json_array(), *json;
  int rc = notices != NULL ? board_load(&b, &c->node, err) : yz_no_memory(err);
  if (notices == NULL) return rc;
  for (size_t i = 0; rc == 0 && i < b.n_notices; i++) {
    rc = board_notice(&b, &b.notices[i], true, &json, err);
    if (rc == 0 && json_array_append_new(notices, json) != 0) rc = yz_no_memory(err);
  }
  board_finish(&b);
  if (rc == 0) c->said = json_pack("{s:O}", "notices", notices);
  json_decref(notices);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

/* --- households ----------------------------------------------------------------------- */

static const struct yz_id *ledger_of(const struct api_call *c) {
  return c->node.hub ? NULL : &c->node.ledger.id;
}

struct found {
  json_t *households;
  bool hub;
  int zone;
};

static int add_household(void *arg, const struct household_row *row) {
  const struct found *f = arg;
  return json_array_append_new(f->households, household_summary(row, f->hub, f->zone)) == 0
             ? 0
             : YZ_E_MEMORY;
}

int api_households(struct api_call *c, struct yz_error *err) {
  struct household_query q = {.ledger = ledger_of(c), .not_since_ms = INT64_MIN};
  int64_t days = 0, now_ms = c->node.world->now_ms(c->node.world->ctx);
  struct found found = {json_array(), c->node.hub, c->node.zone};
  int rc = api_argument(c, "search", &q.search, err);
  if (rc == 0) rc = api_tick(c, "gone", &q.gone, err);
  if (rc == 0) rc = api_count(c, "not_visited", MAX_DAYS, &days, err);
  if (days > 0) q.not_since_ms = now_ms - days * DAY_MS;
  if (rc == 0 && found.households == NULL) rc = YZ_E_MEMORY;
  if (rc == 0) rc = store_list_households(c->node.store, &q, add_household, &found, err);
  if (rc == 0) c->said = json_pack("{s:O}", "households", found.households);
  json_decref(found.households);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

/* Not by its name, which would stand in the logs of whatever the address goes through. */
static int find_named(struct api_call *c, struct registry_place *place, struct yz_error *err) {
  if (registry_is_id(c->named)) return registry_find(&c->node, ledger_of(c), c->named, place, err);
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("A household is asked for by its id, which the list of households says."),
                 NULL);
}

int api_household(struct api_call *c, struct yz_error *err) {
  struct registry_place place;
  int rc = find_named(c, &place, err);
  if (rc == 0) rc = reading_note(&c->node, &place.id, &c->who.author.key, err);
  return rc == 0 ? household_object(&c->node, &place, &c->said, err) : rc;
}

static int write_entry(struct api_call *c, struct registry_entry *entry, const char *name,
                       struct yz_error *err) {
  struct yz_hash record;
  char hex[YZ_HASH_HEX + 1];
  int rc = signer_check(&c->who, &c->node, err);
  if (rc == 0) rc = store_begin(c->node.store, err);
  if (rc != 0) return rc;
  if (name != NULL) rc = registry_check_name(&c->node, &entry->ledger, name, entry->household, err);
  if (rc == 0) rc = registry_write(&c->node, &c->who, entry, &record, err);
  rc = store_end(c->node.store, rc, err);
  if (rc != 0) return rc;
  yz_to_hex(entry->household != NULL ? entry->household->bytes : record.bytes, YZ_HASH_LEN, hex);
  c->status = CREATED;
  c->said = json_pack("{s:s}", "household", hex);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

/* What is said of place, telephone, people and what else there is to know; where it is changed,
 * empty takes it away. */
static int take_words(const json_t *body, json_t *into, bool with_empty, struct yz_error *err) {
  static const char *const names[] = {"place", "phone", "note"};
  json_t *value;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *text = json_string_value(json_object_get(body, names[i]));
    if (text == NULL || (text[0] == '\0' && !with_empty)) continue;
    value = text[0] != '\0' ? json_string(text) : json_null();
    if (json_object_set_new(into, names[i], value) != 0) return yz_no_memory(err);
  }
  const char *people = json_string_value(json_object_get(body, "people"));
  if (people == NULL || (people[0] == '\0' && !with_empty)) return 0;
  int rc = registry_people(people, &value, err);
  return rc == 0 && json_object_set_new(into, "people", value) != 0 ? yz_no_memory(err) : rc;
}

#define WORDS                                                                                      \
  {"place", API_LINE, false, NULL}, {"phone", API_LINE, false, NULL},                              \
      {"note", API_TEXT, false, NULL}, {                                                           \
    "people", API_LINE, false, NULL                                                                \
  }

int api_add_household(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"name", API_LINE, true, NULL}, WORDS, {0}};
  struct registry_entry entry = {
      .type = "household.add", .ledger = c->node.ledger.id, .at_ms = INT64_MIN};
  char *name = NULL;
  json_t *content = json_object();
  int rc = content != NULL ? api_check(c->body, fields, err) : yz_no_memory(err);
  if (rc == 0 && c->node.hub)
    rc = yz_fail(
        err, YZ_E_REFUSED,
        YZ_N_("A household is entered at the village's node, or here with `yizhan household "
              "add --village`."),
        NULL);
  if (rc == 0) rc = registry_name(api_text(c->body, "name"), &name, err);
  if (rc == 0 && json_object_set_new(content, "name", json_string(name)) != 0)
    rc = yz_no_memory(err);
  if (rc == 0) rc = take_words(c->body, content, false, err);
  entry.content = content;
  if (rc == 0) rc = write_entry(c, &entry, name, err);
  json_decref(content);
  free(name);
  return rc;
}

static int change(struct api_call *c, const struct registry_place *place, const char *name,
                  const json_t *fields, struct yz_error *err) {
  const json_t *gone = json_object_get(c->body, "gone");
  json_t *plain = gone != NULL ? json_pack("{s:b}", "gone", json_is_true(gone)) : NULL;
  json_t *content = json_object_size(fields) > 0 ? json_pack("{s:O}", "fields", fields) : NULL;
  struct registry_entry entry = {.type = "household.edit",
                                 .ledger = place->ledger,
                                 .household = &place->id,
                                 .plain = plain,
                                 .content = content,
                                 .at_ms = INT64_MIN};
  int rc =
      plain != NULL || content != NULL ? write_entry(c, &entry, name, err) : api_empty("name", err);
  json_decref(plain);
  json_decref(content);
  return rc;
}

int api_edit_household(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"name", API_LINE, false, NULL}, {"gone", API_BOOL, false, NULL}, WORDS, {0}};
  struct registry_place place;
  char *name = NULL;
  json_t *changed = json_object();
  int rc = changed != NULL ? api_check(c->body, fields, err) : yz_no_memory(err);
  if (rc == 0 && json_object_get(c->body, "name") != NULL)
    rc = api_text(c->body, "name") != NULL ? registry_name(api_text(c->body, "name"), &name, err)
                                           : api_empty("name", err);
  if (rc == 0) rc = find_named(c, &place, err);
  if (rc == 0 && name != NULL && json_object_set_new(changed, "name", json_string(name)) != 0)
    rc = yz_no_memory(err);
  if (rc == 0) rc = take_words(c->body, changed, true, err);
  if (rc == 0) rc = change(c, &place, name, changed, err);
  json_decref(changed);
  free(name);
  return rc;
}

int api_visit(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"text", API_TEXT, false, NULL}, {0}};
  struct registry_place place;
  const char *text = api_text(c->body, "text");
  int rc = api_check(c->body, fields, err);
  if (rc == 0 && text != NULL && tidy_is_blank(text)) rc = api_empty("text", err);
  if (rc == 0) rc = find_named(c, &place, err);
  if (rc != 0) return rc;
  json_t *content = text != NULL ? json_pack("{s:s}", "text", text) : NULL;
  struct registry_entry entry = {.type = "household.visit",
                                 .ledger = place.ledger,
                                 .household = &place.id,
                                 .content = content,
                                 .at_ms = INT64_MIN};
  rc = text != NULL && content == NULL ? yz_no_memory(err) : write_entry(c, &entry, NULL, err);
  json_decref(content);
  return rc;
}
