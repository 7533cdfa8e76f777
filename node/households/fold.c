#include <string.h>

#include "node/households/household.h"
#include "node/sealed.h"

enum field { NAME, PLACE, PHONE, NOTE, PEOPLE, GONE, FIELDS };
static const char *const names[] = {"name", "place", "phone", "note", "people"};

/* The last write of a field so far. */
struct write {
  const struct case_record *by; /* NULL: none */
  const json_t *value;
};

static struct yz_stamp counted(const struct case_record *r) {
  if (r->ceiling_ms > 0 && r->stamp.ms > r->ceiling_ms) return (struct yz_stamp){r->ceiling_ms, 0};
  return r->stamp;
}

static bool is_later(const struct case_record *a, const struct case_record *b) {
  struct yz_stamp x = counted(a), y = counted(b);
  if (x.ms != y.ms) return x.ms > y.ms;
  if (x.count != y.count) return x.count > y.count;
  return memcmp(&a->id, &b->id, sizeof a->id) > 0;
}

static void take(struct write *w, const struct case_record *by, const json_t *value) {
  if (value == NULL || (w->by != NULL && !is_later(by, w->by))) return;
  *w = (struct write){by, value};
}

static void take_fields(struct write writes[static FIELDS], const struct case_record *r,
                        const json_t *fields) {
  for (int f = NAME; f <= PEOPLE; f++) take(&writes[f], r, json_object_get(fields, names[f]));
}

static void take_visit(struct household *out, const struct case_record *r) {
  int64_t at = json_integer_value(json_object_get(r->plain, "at"));
  out->visits++;
  if (at > out->last_visit_ms) out->last_visit_ms = at;
}

static void take_record(struct household *out, struct write writes[static FIELDS],
                        const struct case_record *r) {
  if (!household_record_known(r->type, r->plain, r->content)) {
    out->needs_newer = true;
  } else if (strcmp(r->type, "household.visit") == 0) {
    take_visit(out, r);
  } else if (strcmp(r->type, "household.add") == 0) {
    out->added = true;
    take_fields(writes, r, r->content);
  } else {
    take_fields(writes, r, json_object_get(r->content, "fields"));
    take(&writes[GONE], r, json_object_get(r->plain, "gone"));
  }
}

bool household_is_visit(const struct case_record *r) {
  return strcmp(r->type, "household.visit") == 0 &&
         household_record_known(r->type, r->plain, r->content);
}

bool household_is_case_visit(const struct case_view *view, const struct case_record *records,
                             size_t i) {
  return case_move_from_type(records[i].type) == CASE_VISIT && case_effect_counts(view->effects[i]);
}

void household_fold(const struct case_record *records, size_t n, struct household *out) {
  struct write writes[FIELDS] = {{0}};
  *out = (struct household){.last_visit_ms = HOUSEHOLD_NEVER};
  for (size_t i = 0; i < n; i++) take_record(out, writes, &records[i]);
  out->name = json_string_value(writes[NAME].value);
  out->place = json_string_value(writes[PLACE].value);
  out->phone = json_string_value(writes[PHONE].value);
  out->note = json_string_value(writes[NOTE].value);
  bool people = json_is_array(writes[PEOPLE].value) || sealed_is_value(writes[PEOPLE].value);
  out->people = people ? writes[PEOPLE].value : NULL;
  out->gone = json_is_true(writes[GONE].value);
}
