/* A household whole: who lives there, the visits to it, its cases. */
#include <stdlib.h>
#include <string.h>

#include "casework.h"
#include "moment.h"
#include "reading.h"
#include "registry.h"

int household_mask(const struct household_row *row, struct household_masked *out) {
  size_t i;
  json_t *person;
  char one[PERSONAL_MASKED];
  *out = (struct household_masked){.row = *row, .people = json_array()};
  out->row.name = personal_masked(row->name, out->name);
  json_array_foreach((json_t *)row->people, i, person) {
    const char *shown = personal_masked(json_string_value(person), one);
    if (json_array_append_new(out->people, json_string(shown)) == 0) continue;
    json_decref(out->people);
    return YZ_E_MEMORY;
  }
  out->row.people = out->people;
  return out->people != NULL ? 0 : YZ_E_MEMORY;
}

static json_t *summary(const struct household_row *row, int zone) {
  char id[YZ_HASH_HEX + 1];
  yz_to_hex(row->id.bytes, YZ_HASH_LEN, id);
  json_t *people = row->people != NULL ? json_deep_copy(row->people) : json_array();
  return json_pack("{s:s,s:s?,s:s?,s:s?,s:o,s:o,s:I,s:I,s:b,s:b}", "id", id, "village", row->code,
                   "name", row->name, "place", row->place, "people", people, "last_visit",
                   moment_json(row->last_visit_ms, zone, HOUSEHOLD_NEVER), "visits",
                   (json_int_t)row->visits, "open_cases", (json_int_t)row->open_cases, "gone",
                   (int)row->gone, "sealed", (int)row->sealed);
}

json_t *household_summary(const struct household_row *row, bool hub, int zone) {
  struct household_masked masked;
  if (!hub) return summary(row, zone);
  if (household_mask(row, &masked) != 0) return NULL;
  json_t *object = summary(&masked.row, zone);
  json_decref(masked.people);
  return object;
}

/* A visit, of the registry or on a case, and its place among the others. */
struct visit {
  int64_t at_ms;
  struct yz_stamp stamp;
  struct yz_hash id;
  json_t *json;
};

/* The household, its cases and visits while they are gathered. */
struct dossier {
  struct node *n;
  struct yz_error *err;
  json_t *object, *cases;
  struct yz_hash *case_ids;
  size_t n_cases;
  struct visit *visits;
  size_t n_visits;
};

static void dossier_finish(struct dossier *d) {
  for (size_t i = 0; i < d->n_visits; i++) json_decref(d->visits[i].json);
  free(d->visits);
  free(d->case_ids);
  json_decref(d->cases);
  json_decref(d->object);
}

static int compare_visits(const void *a, const void *b) {
  const struct visit *x = a, *y = b;
  if (x->at_ms != y->at_ms) return x->at_ms < y->at_ms ? 1 : -1;
  if (x->stamp.ms != y->stamp.ms) return x->stamp.ms < y->stamp.ms ? 1 : -1;
  if (x->stamp.count != y->stamp.count) return x->stamp.count < y->stamp.count ? 1 : -1;
  return memcmp(&y->id, &x->id, sizeof x->id);
}

static int add_visit(struct dossier *d, const struct case_whole *whole, size_t i) {
  const struct case_record *r = &whole->records[i];
  struct yz_buf by = {0};
  struct visit *grown = reallocarray(d->visits, d->n_visits + 1, sizeof *grown);
  if (grown == NULL) return yz_no_memory(d->err);
  d->visits = grown;
  struct visit *v = &grown[d->n_visits];
  *v = (struct visit){.stamp = r->stamp, .id = r->id};
  (void)yz_json_int(r->plain, "at", &v->at_ms);
  int rc = casework_author(d->n, &whole->ledger, &whole->records[i].by, &by, d->err);
  if (rc == 0) {
    v->json = json_pack("{s:o,s:s,s:s?,s:s?}", "at", moment_json(v->at_ms, d->n->zone, INT64_MIN),
                        "by", (char *)by.data, "text", yz_json_string(r->content, "text"), "case",
                        whole->view.number);
    if (v->json != NULL)
      d->n_visits++;
    else
      rc = yz_no_memory(d->err);
  }
  yz_buf_finish(&by);
  return rc;
}

static int own_visits(struct dossier *d, const struct registry_place *place) {
  struct case_whole whole;
  int rc = store_load_household(d->n->store, &place->ledger, &place->id, &whole, d->err);
  if (rc != 0) return rc;
  for (size_t i = 0; rc == 0 && i < whole.n; i++)
    if (household_is_visit(&whole.records[i])) rc = add_visit(d, &whole, i);
  case_whole_finish(&whole);
  return rc;
}

static int case_visits(struct dossier *d, const struct yz_hash *id) {
  struct case_whole whole;
  int rc = store_load_case(d->n->store, id, &whole, d->err);
  if (rc != 0) return rc;
  for (size_t i = 0; rc == 0 && i < whole.n; i++)
    if (household_is_case_visit(&whole.view, whole.records, i)) rc = add_visit(d, &whole, i);
  case_whole_finish(&whole);
  return rc;
}

static int take_case(void *arg, const struct case_row *row) {
  struct dossier *d = arg;
  struct yz_hash *grown = reallocarray(d->case_ids, d->n_cases + 1, sizeof *grown);
  if (grown == NULL) return yz_no_memory(d->err);
  d->case_ids = grown;
  d->case_ids[d->n_cases++] = row->id;
  json_t *json = json_pack("{s:s?,s:s?,s:s}", "case", row->number, "title", row->title, "state",
                           case_state_name(row->state));
  return json_array_append_new(d->cases, json) != 0 ? yz_no_memory(d->err) : 0;
}

static int take_household(void *arg, const struct household_row *row) {
  struct dossier *d = arg;
  json_t *more = json_pack("{s:s?,s:s?,s:b}", "phone", row->phone, "note", row->note, "needs_newer",
                           (int)row->needs_newer);
  d->object = summary(row, d->n->zone);
  d->cases = json_array();
  bool ok = d->cases != NULL && json_object_update_new(d->object, more) == 0;
  if (!ok) return yz_no_memory(d->err);
  return store_household_cases(d->n->store, &row->ledger, row->name, take_case, d, d->err);
}

static int gather(struct dossier *d, const struct registry_place *place) {
  char id[YZ_HASH_HEX + 1];
  yz_to_hex(place->id.bytes, YZ_HASH_LEN, id);
  int rc = store_identified_households(d->n->store, &place->ledger, id, take_household, d, d->err);
  if (rc == 0) rc = own_visits(d, place);
  for (size_t i = 0; rc == 0 && i < d->n_cases; i++) rc = case_visits(d, &d->case_ids[i]);
  if (rc != 0) return rc;
  json_t *visits = json_array();
  bool ok = visits != NULL;
  if (d->n_visits > 0) qsort(d->visits, d->n_visits, sizeof *d->visits, compare_visits);
  for (size_t i = 0; ok && i < d->n_visits; i++)
    ok = json_array_append(visits, d->visits[i].json) == 0;
  ok = json_object_set_new(d->object, "visits", visits) == 0 && ok;
  ok = json_object_set(d->object, "cases", d->cases) == 0 && ok;
  json_t *erasing = casework_erasing(d->n, &place->id, d->err);
  if (erasing == NULL) return d->err->code;
  ok = json_object_update(d->object, erasing) == 0 && ok;
  json_decref(erasing);
  json_t *read = ok && d->n->hub ? reading_list(d->n, &place->id, d->err) : NULL;
  if (read == NULL && d->err->code != 0) return d->err->code;
  if (read != NULL) ok = json_object_set_new(d->object, "read", read) == 0;
  return ok ? 0 : yz_no_memory(d->err);
}

int household_object(struct node *n, const struct registry_place *place, json_t **out,
                     struct yz_error *err) {
  struct dossier d = {.n = n, .err = err};
  int rc = gather(&d, place);
  *out = rc == 0 ? json_incref(d.object) : NULL;
  dossier_finish(&d);
  return rc;
}
