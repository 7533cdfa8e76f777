/* Cases as JSON: what scripts rely on. */
#include <stdlib.h>
#include <string.h>

#include "attach.h"
#include "casework.h"
#include "ledgers.h"
#include "moment.h"
#include "personal.h"
#include "reading.h"

static void row_facts(const struct case_whole *whole, struct figure_facts *out) {
  const struct case_view *view = &whole->view;
  *out = (struct figure_facts){.state = view->state,
                               .result = view->last_result,
                               .solved = view->solved,
                               .same_hand = view->same_hand,
                               .anonymous = view->anonymous,
                               .unasked = view->unasked,
                               .history = view->times.history,
                               .opened_ms = view->opened_ms,
                               .answered_ms = view->times.answered_ms,
                               .resolved_ms = view->times.resolved_ms,
                               .due_ms = whole->deadline.due_ms,
                               .answer_due_ms = whole->deadline.answer_due_ms,
                               .resolve_due_ms = whole->deadline.resolve_due_ms,
                               .breaches = whole->deadline.breaches};
}

void casework_row(const struct case_whole *whole, const struct yz_hash *id, struct case_row *out) {
  const struct case_view *view = &whole->view;
  const char *values[CASE_FIELDS];
  for (int i = 0; i < CASE_FIELDS; i++)
    values[i] = view->fields[i].n_values > 0 ? view->fields[i].values[0].value : NULL;
  *out = (struct case_row){.id = *id,
                           .number = view->number,
                           .title = values[FIELD_TITLE],
                           .text = values[FIELD_TEXT],
                           .category = values[FIELD_CATEGORY],
                           .channel = values[FIELD_CHANNEL],
                           .urgency = values[FIELD_URGENCY],
                           .place = values[FIELD_PLACE],
                           .resident = values[FIELD_RESIDENT],
                           .phone = values[FIELD_PHONE],
                           .household = values[FIELD_HOUSEHOLD],
                           .assigned =
                               whole->assigned.len > 0 ? (const char *)whole->assigned.data : NULL,
                           .class = values[FIELD_CLASS],
                           .state = view->state,
                           .flags = view->flags,
                           .opened_ms = view->opened_ms,
                           .anonymous = view->anonymous,
                           .needs_newer = view->needs_newer,
                           .requested = view->requested,
                           .due_ms = whole->deadline.due_ms,
                           .breaches = whole->deadline.breaches,
                           .of_acceptance = whole->deadline.of_acceptance,
                           .provisional = whole->deadline.provisional,
                           .conflict_count = (int64_t)view->conflict_count,
                           .sealed = whole->sealed,
                           .to_office = view->to_office};
  row_facts(whole, &out->facts);
}

static json_t *flags_json(const struct case_row *row) {
  json_t *flags = json_array();
  bool ok = flags != NULL;
  for (unsigned flag = 1; ok && flag < CASE_FLAGS; flag <<= 1)
    if ((row->flags & flag) != 0)
      ok = json_array_append_new(flags, json_string(case_flag_name((enum case_flag)flag))) == 0;
  if (ok && row->needs_newer) ok = json_array_append_new(flags, json_string("needs-newer")) == 0;
  if (ok) return flags;
  json_decref(flags);
  return NULL;
}

void casework_due_day(const struct case_row *row, int zone, char out[static CALENDAR_DATE]) {
  out[0] = '\0';
  if (row->due_ms != CASE_NO_DUE) (void)calendar_write(calendar_day(row->due_ms, zone) - 1, out);
}

bool casework_overdue(const struct case_row *row, int64_t now_ms) {
  return case_late(now_ms, row->due_ms);
}

json_t *casework_summary(const struct case_row *row, int64_t now_ms, int zone) {
  char id[YZ_HASH_HEX + 1];
  yz_to_hex(row->id.bytes, YZ_HASH_LEN, id);
  return json_pack(
      "{s:s?,s:s,s:s?,s:s?,s:s?,s:s,s:o,s:s?,s:s?,s:o,s:o,s:b,s:b,s:s?,s:s?,s:b,s:I,s:b}", "case",
      row->number, "id", id, "title", row->title, "category", row->category, "class", row->class,
      "state", case_state_name(row->state), "flags", flags_json(row), "channel", row->channel,
      "urgency", row->urgency, "opened", moment_json(row->opened_ms, zone, INT64_MIN), "due",
      moment_json(row->due_ms, zone, CASE_NO_DUE), "overdue", (int)casework_overdue(row, now_ms),
      "provisional", (int)row->provisional, "assigned", row->assigned, "resident",
      row->anonymous ? NULL : row->resident, "requested", (int)row->requested, "conflict_count",
      (json_int_t)row->conflict_count, "sealed", (int)row->sealed);
}

json_t *casework_listed(const struct case_row *row, const struct node *n, int64_t now_ms) {
  struct case_row shown = *row;
  char masked[PERSONAL_MASKED];
  if (n->hub) shown.resident = personal_masked(row->resident, masked);
  return casework_summary(&shown, now_ms, n->zone);
}

int casework_author(struct node *n, const struct yz_id *ledger, const struct yz_key *key,
                    struct yz_buf *out, struct yz_error *err) {
  char hex[2 * YZ_KEY_LEN + 1];
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = store_key_called(n->store, ledger, key, out, err);
  if (rc != YZ_E_NOT_FOUND) return rc;
  /* Whom a case is about that was told to the township is a worker of a village's ledger. */
  int found = n->hub ? node_ledgers(n, &rows, &count, err) : 0;
  for (size_t i = 0; found == 0 && rc == YZ_E_NOT_FOUND && i < count; i++)
    rc = store_key_called(n->store, &rows[i].id, key, out, err);
  free(rows);
  if (found != 0 || rc != YZ_E_NOT_FOUND) return found != 0 ? found : rc;
  yz_to_hex(key->bytes, YZ_KEY_LEN, hex);
  return yz_buf_puts(out, hex) != 0 ? yz_no_memory(err) : 0;
}

static json_t *author_json(struct node *n, const struct case_whole *whole, const struct yz_key *key,
                           struct yz_error *err) {
  struct yz_buf name = {0};
  int rc = casework_author(n, &whole->ledger, key, &name, err);
  json_t *json = rc == 0 ? json_stringn((const char *)name.data, name.len) : NULL;
  yz_buf_finish(&name);
  return json;
}

/* Content and the plain members that are the record's own, together. */
static json_t *body_json(const struct case_record *record) {
  static const char *const general[] = {"v",    "log",  "seq",   "by",      "hlc",
                                        "type", "case", "heads", "content", "at"};
  json_t *body = json_object();
  bool ok = body != NULL;
  if (ok && record->content != NULL) ok = json_object_update(body, (json_t *)record->content) == 0;
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)record->plain, name, value) {
    bool own = true;
    for (size_t i = 0; i < sizeof general / sizeof *general; i++)
      if (strcmp(name, general[i]) == 0) own = false;
    if (ok && own) ok = json_object_set(body, name, value) == 0;
  }
  if (ok) return body;
  json_decref(body);
  return NULL;
}

/* In place of what nobody but this program has a use for. */
static json_t *attached_json(struct node *n, const struct case_whole *whole, size_t i) {
  struct attachment a;
  size_t number = 1;
  if (!attachment_read(n, whole, i, &a)) return json_object();
  while (attachment_find(whole, number) != i) number++;
  return attachment_json(&a, number);
}

static json_t *event_json(struct node *n, const struct case_whole *whole, size_t i,
                          struct yz_error *err) {
  const struct case_record *record = &whole->records[i];
  char id[YZ_HASH_HEX + 1], log[YZ_ID_HEX + 1];
  int64_t at = INT64_MIN;
  (void)yz_json_int(record->plain, "at", &at);
  yz_to_hex(record->id.bytes, YZ_HASH_LEN, id);
  yz_to_hex(record->log.bytes, YZ_ID_LEN, log);
  json_t *by = author_json(n, whole, &record->by, err);
  if (by == NULL) return NULL;
  return json_pack("{s:s,s:s,s:o,s:o,s:s,s:I,s:s,s:o}", "record", id, "type", record->type, "at",
                   moment_json(at, n->zone, INT64_MIN), "by", by, "log", log, "seq",
                   (json_int_t)record->seq, "effect", case_effect_name(whole->view.effects[i]),
                   "body",
                   case_move_from_type(record->type) == CASE_ATTACH ? attached_json(n, whole, i)
                                                                    : body_json(record));
}

/* What the deadline is of; null where there is none. */
static json_t *due_of_json(const struct case_row *row) {
  if (row->due_ms == CASE_NO_DUE) return json_null();
  return json_string(row->of_acceptance ? "answer" : "resolve");
}

/* Who opened it; null where the opening is not here. */
static json_t *opener_json(struct node *n, const struct case_whole *whole, const struct yz_hash *id,
                           struct yz_error *err) {
  for (size_t i = 0; i < whole->n; i++)
    if (yz_equal(&whole->records[i].id, id, sizeof *id))
      return author_json(n, whole, &whole->records[i].by, err);
  return json_null();
}

int casework_village(struct node *n, const struct yz_hash *id, json_t **out, struct yz_error *err) {
  struct yz_buf code = {0};
  int rc = store_case_village(n->store, id, &code, err);
  if (rc == 0 && (*out = json_stringn((const char *)code.data, code.len)) == NULL)
    rc = yz_no_memory(err);
  yz_buf_finish(&code);
  return rc;
}

/* What figures are made of, beside what a list has. */
static json_t *facts_json(struct node *n, const struct case_whole *whole,
                          const struct case_row *row, struct yz_error *err) {
  const struct figure_facts *f = &row->facts;
  json_t *village = NULL;
  if (casework_village(n, &row->id, &village, err) != 0) return NULL;
  return json_pack(
      "{s:o,s:o,s:b,s:b,s:o,s:o,s:o,s:o,s:s?,s:s?,s:b,s:b}", "village", village, "opened_by",
      opener_json(n, whole, &row->id, err), "imported", (int)f->history, "office",
      (int)row->to_office, "answered", moment_json(f->answered_ms, n->zone, INT64_MAX),
      "answer_due", moment_json(f->answer_due_ms, n->zone, CASE_NO_DUE), "resolved",
      moment_json(f->resolved_ms, n->zone, INT64_MAX), "resolve_due",
      moment_json(f->resolve_due_ms, n->zone, CASE_NO_DUE), "result", f->result, "solved",
      f->solved, "same_hand", (int)f->same_hand, "no_follow_up", (int)f->unasked);
}

static json_t *history_json(struct node *n, const struct case_whole *whole, struct yz_error *err) {
  json_t *history = json_array();
  bool ok = history != NULL;
  for (size_t i = 0; ok && i < whole->n; i++)
    ok = json_array_append_new(history, event_json(n, whole, whole->view.order[i], err)) == 0;
  if (ok) return history;
  json_decref(history);
  return NULL;
}

static json_t *value_json(struct node *n, const struct case_whole *whole,
                          const struct case_value *value, struct yz_error *err) {
  char id[YZ_HASH_HEX + 1];
  if (value->record == CASE_NO_RECORD)
    return json_pack("{s:s?,s:n,s:n}", "value", value->value, "record", "by");
  yz_to_hex(whole->records[value->record].id.bytes, YZ_HASH_LEN, id);
  return json_pack("{s:s?,s:s,s:o}", "value", value->value, "record", id, "by",
                   author_json(n, whole, &whole->records[value->record].by, err));
}

static json_t *conflict_json(struct node *n, const struct case_whole *whole,
                             const struct case_field *field, struct yz_error *err) {
  json_t *values = json_array();
  bool ok = values != NULL;
  for (size_t i = 0; ok && i < field->n_values; i++)
    ok = json_array_append_new(values, value_json(n, whole, &field->values[i], err)) == 0;
  if (ok) return json_pack("{s:s,s:o}", "field", field->name, "values", values);
  json_decref(values);
  return NULL;
}

static json_t *conflicts_json(struct node *n, const struct case_whole *whole,
                              struct yz_error *err) {
  json_t *conflicts = json_array();
  bool ok = conflicts != NULL;
  for (int i = 0; ok && i < CASE_FIELDS; i++) {
    const struct case_field *field = &whole->view.fields[i];
    if (field->n_values > 1)
      ok = json_array_append_new(conflicts, conflict_json(n, whole, field, err)) == 0;
  }
  if (ok) return conflicts;
  json_decref(conflicts);
  return NULL;
}

static int add_number(void *arg, const struct case_row *row) {
  return json_array_append_new(arg, json_pack("s?", row->number)) == 0 ? 0 : YZ_E_MEMORY;
}

/* Numbers of the cases that were merged into this one. */
static json_t *matter_json(struct node *n, const struct yz_hash *id, struct yz_error *err) {
  json_t *numbers = json_array();
  int rc =
      numbers != NULL ? store_each_merged(n->store, id, add_number, numbers, err) : YZ_E_MEMORY;
  if (rc == 0) return numbers;
  json_decref(numbers);
  return NULL;
}

/* The number of the case that this one was merged into; null where it was not. */
static json_t *into_json(struct node *n, const struct case_view *view, struct yz_error *err) {
  struct case_whole target = {0};
  char hex[YZ_HASH_HEX + 1];
  if (!view->has_into) return json_null();
  int rc = store_load_case(n->store, &view->into, &target, err);
  yz_to_hex(view->into.bytes, YZ_HASH_LEN, hex);
  json_t *json = NULL;
  if (rc == 0 || rc == YZ_E_NOT_FOUND)
    json = json_string(target.view.number != NULL ? target.view.number : hex);
  case_whole_finish(&target);
  return json;
}

struct erasing {
  struct node *n;
  json_t *out;
  struct yz_error *err;
};

static int keep_first(void *arg, const struct erasure *e) {
  struct erasing *a = arg;
  struct yz_buf by = {0};
  if (a->out != NULL) return 0;
  int rc = casework_author(a->n, &e->ledger, &e->by, &by, a->err);
  if (rc == 0)
    a->out = json_pack("{s:o,s:s,s:s?}", "at", moment_json(e->at_ms, a->n->zone, INT64_MIN), "by",
                       (const char *)by.data, "reason", e->reason);
  yz_buf_finish(&by);
  return rc;
}

static json_t *first(struct erasing *a, int rc) {
  if (rc == 0) return a->out != NULL ? a->out : json_null();
  json_decref(a->out);
  return NULL;
}

typedef int (*each_erasure)(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                            struct yz_error *err);

static json_t *first_of(struct node *n, const struct yz_hash *of, each_erasure each,
                        struct yz_error *err) {
  struct erasing a = {.n = n, .err = err};
  return first(&a, each(n->store, of, keep_first, &a, err));
}

json_t *casework_erasing(struct node *n, const struct yz_hash *of, struct yz_error *err) {
  json_t *all = json_pack("{s:o,s:o,s:o}", "erased", first_of(n, of, store_each_erasure, err),
                          "erase_asked", first_of(n, of, store_each_asked, err), "erase_refused",
                          first_of(n, of, store_each_refusal, err));
  if (all == NULL && err->code == 0) (void)yz_no_memory(err);
  return all;
}

/* At a hub: who has read it in full. */
static int add_readings(struct node *n, const struct yz_hash *id, json_t **object,
                        struct yz_error *err) {
  json_t *list = reading_list(n, id, err);
  if (list != NULL && json_object_set_new(*object, "read", list) == 0) return 0;
  json_decref(*object);
  *object = NULL;
  return err->code != 0 ? err->code : yz_no_memory(err);
}

int casework_object(struct node *n, const struct yz_hash *id, json_t **out, struct yz_error *err) {
  struct case_whole whole = {0};
  struct yz_error cause = {0};
  struct case_row row;
  int rc = store_load_case(n->store, id, &whole, err);
  if (rc == YZ_E_NOT_FOUND) return yz_fail(err, rc, YZ_N_("There is no such case."), NULL);
  if (rc != 0) return rc;
  casework_row(&whole, id, &row);
  json_t *object = casework_summary(&row, n->world->now_ms(n->world->ctx), n->zone);
  json_t *facts = facts_json(n, &whole, &row, &cause);
  json_t *about =
      whole.view.has_about ? author_json(n, &whole, &whole.view.about, &cause) : json_null();
  json_t *erasing = casework_erasing(n, id, &cause);
  json_t *more = json_pack(
      "{s:o,s:o,s:o,s:s?,s:s?,s:s?,s:s?,s:b,s:o,s:I,s:o,s:o}", "about", about, "merged_into",
      into_json(n, &whole.view, &cause), "matter", matter_json(n, id, &cause), "text", row.text,
      "place", row.place, "phone", row.phone, "household", row.household, "anonymous",
      (int)row.anonymous, "due_of", due_of_json(&row), "breaches", (json_int_t)row.breaches,
      "history", history_json(n, &whole, &cause), "conflicts", conflicts_json(n, &whole, &cause));
  if (facts == NULL || more == NULL || erasing == NULL || json_object_update(object, facts) != 0 ||
      json_object_update(object, erasing) != 0 || json_object_update(object, more) != 0) {
    json_decref(object);
    rc = cause.message != NULL ? yz_fail(err, cause.code, cause.message, "%s", cause.subject)
                               : yz_no_memory(err);
  } else {
    *out = object;
  }
  json_decref(facts);
  json_decref(erasing);
  json_decref(more);
  case_whole_finish(&whole);
  if (rc == 0 && n->hub) rc = add_readings(n, id, out, err);
  return rc;
}
