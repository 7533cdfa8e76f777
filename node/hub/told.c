#include "told.h"

#include "../casework.h"
#include "../i18n.h"
#include "../moment.h"
#include "hub.h"

static json_t *hex(const void *bytes, size_t n) {
  char text[2 * YZ_HASH_LEN + 1];
  yz_to_hex(bytes, n, text);
  return json_string(text);
}

json_t *told_refused(struct node *n, const struct refused_row *row) {
  const struct yz_store *t = store_table(n->store);
  const struct yz_refused *e = &row->entry;
  struct yz_ledger_row ledger;
  if (t->get_ledger(t->ctx, &e->ledger, &ledger, NULL) != 0) ledger = (struct yz_ledger_row){0};
  return json_pack("{s:I,s:s,s:s,s:o,s:I,s:s,s:o,s:s,s:I,s:o,s:b}", "number",
                   (json_int_t)row->number, "village", ledger.name, "code", ledger.code, "log",
                   hex(e->log.bytes, YZ_ID_LEN), "seq", (json_int_t)e->seq, "rule", e->rule, "hash",
                   hex(e->hash.bytes, YZ_HASH_LEN), "ref", e->ref, "size", (json_int_t)e->len, "at",
                   moment_json(row->at_ms, n->zone, 0), "released", (int)row->released);
}

const char *told_state(const struct yz_member *m) {
  if (m->revoked) return N_("revoked");
  return m->awaiting ? N_("awaiting") : N_("granted");
}

json_t *told_member(struct node *n, const struct yz_id *ledger, const char *village,
                    const char *code, const struct yz_member *m) {
  struct yz_buf name = {0};
  json_t *worker = store_key_called(n->store, ledger, &m->worker, &name, NULL) == 0
                       ? json_stringn((const char *)name.data, name.len)
                       : json_null();
  yz_buf_finish(&name);
  return json_pack("{s:s,s:s,s:o,s:o,s:o,s:s,s:o}", "village", village, "code", code, "node",
                   hex(m->node.bytes, YZ_KEY_LEN), "worker", worker, "key",
                   hex(m->worker.bytes, YZ_KEY_LEN), "state", told_state(m), "roles",
                   hub_roles_json(m->roles));
}

const struct case_policy *told_policy(const struct township *t) {
  return t->policies.n > 0 ? &t->policies.list[t->policies.n - 1] : &case_policy_default;
}

json_t *told_settings(const struct township *t) {
  const struct case_policy *p = told_policy(t);
  char zone[CALENDAR_ZONE];
  calendar_write_zone(p->zone, zone);
  json_t *json = json_pack("{s:s,s:I}", "zone", zone, "accept", (json_int_t)p->accept);
  bool ok = json != NULL;
  for (int c = 0; ok && c < CASE_CLASSES; c++)
    ok = json_object_set_new(
             json, case_class_name((enum case_class)c),
             json_pack("[I,I]", (json_int_t)p->days[c], (json_int_t)p->extension[c])) == 0;
  for (int i = 0; ok && i < SETTLED_LISTS; i++)
    ok = json_object_set(json, settled_list_name((enum settled_list)i), t->names[i]) == 0;
  if (ok && t->unread) ok = json_object_set_new(json, "names_unread", json_true()) == 0;
  if (ok) return json;
  json_decref(json);
  return NULL;
}

json_t *told_days(const struct township *t) {
  json_t *days = json_array();
  bool ok = days != NULL;
  for (size_t i = 0; ok && i < t->calendar.n; i++) {
    char date[CALENDAR_DATE];
    (void)calendar_write(t->calendar.days[i].day, date);
    ok = json_array_append_new(
             days, json_pack("{s:s,s:b}", "date", date, "off", (int)t->calendar.days[i].off)) == 0;
  }
  if (ok) return days;
  json_decref(days);
  return NULL;
}

static int add_number(void *arg, const char *number) {
  return json_array_append_new(arg, json_string(number)) == 0 ? 0 : YZ_E_MEMORY;
}

/* All that its village and the township wrote there. */
int told_readable(struct node *n, const struct yz_id *ledger, json_t **out, struct yz_error *err) {
  int64_t records = 0;
  json_t *numbers = json_array();
  int rc = numbers == NULL
               ? YZ_E_MEMORY
               : store_each_readable(n->store, ledger, add_number, numbers, &records, err);
  if (rc == 0) {
    *out = json_pack("{s:I,s:I,s:O}", "cases", (json_int_t)json_array_size(numbers), "records",
                     (json_int_t)records, "numbers", numbers);
    if (*out == NULL) rc = YZ_E_MEMORY;
  }
  json_decref(numbers);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}

json_t *told_erasing(const struct erasing_node *node) {
  return json_pack("{s:s,s:s,s:o,s:b}", "village", node->village.name, "code", node->village.code,
                   "node", hex(node->node.bytes, YZ_KEY_LEN), "revoked", (int)node->revoked);
}

/* The case's number; "" where it is none, or a household. */
static int number_of(struct node *n, const struct yz_hash *of, struct yz_buf *number,
                     struct yz_error *err) {
  struct case_whole whole = {0};
  int rc = store_load_case(n->store, of, &whole, err);
  if (rc == 0 && whole.view.number != NULL && yz_buf_puts(number, whole.view.number) != 0)
    rc = yz_no_memory(err);
  case_whole_finish(&whole);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int told_asked(struct node *n, const struct erasure *e, json_t **out, struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_ledger_row village;
  struct yz_buf number = {0}, by = {0};
  int rc = number_of(n, &e->of, &number, err);
  if (rc == 0) rc = t->get_ledger(t->ctx, &e->ledger, &village, err);
  if (rc == 0) rc = casework_author(n, &e->ledger, &e->by, &by, err);
  if (rc == 0)
    *out = json_pack("{s:s?,s:o,s:s,s:s,s:o,s:s,s:s?}", "case",
                     number.len > 0 ? (const char *)number.data : NULL, "id",
                     hex(e->of.bytes, YZ_HASH_LEN), "village", village.name, "code", village.code,
                     "at", moment_json(e->at_ms, n->zone, INT64_MIN), "by", (const char *)by.data,
                     "reason", e->reason);
  if (rc == 0 && *out == NULL) rc = yz_no_memory(err);
  yz_buf_finish(&by);
  yz_buf_finish(&number);
  return rc;
}
