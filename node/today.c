#include "today.h"

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "casework.h"
#include "ledgers.h"
#include "moment.h"
#include "registry.h"

enum { MOST = 100, SHOWN = 5, LOOKED_AT = 200 };
static const int64_t DAY_MS = 86400000;

struct pile {
  const struct node *n;
  int64_t now_ms, count;
  bool more;
  json_t *items;
};

/* Takes one over, shown or only counted. */
static int add(struct pile *p, json_t *item) {
  if (item == NULL) return YZ_E_MEMORY;
  if (p->count == MOST) {
    p->more = true;
  } else {
    p->count++;
    if (json_array_size(p->items) < SHOWN) return json_array_append_new(p->items, item);
  }
  json_decref(item);
  return 0;
}

static int end(struct pile *p, int rc, json_t *today, const char *name, struct yz_error *err) {
  json_t *json = rc == 0 ? json_pack("{s:I,s:b,s:O}", "count", (json_int_t)p->count, "more",
                                     (int)p->more, "items", p->items)
                         : NULL;
  json_decref(p->items);
  if (rc != 0 && rc != YZ_E_MEMORY) return rc;
  return json == NULL || json_object_set_new(today, name, json) != 0 ? yz_no_memory(err) : 0;
}

/* --- cases and households ------------------------------------------------------ */

static int add_case(void *arg, const struct case_row *row) {
  struct pile *p = arg;
  return add(p, casework_listed(row, p->n, p->now_ms));
}

static int cases(struct node *n, const struct case_query *q, int64_t now_ms, json_t *today,
                 const char *name, struct yz_error *err) {
  struct pile p = {.n = n, .now_ms = now_ms, .items = json_array()};
  return end(&p, store_list_cases(n->store, q, add_case, &p, err), today, name, err);
}

static int all_cases(struct node *n, int64_t now_ms, json_t *today, struct yz_error *err) {
  struct case_query late = {.since_ms = INT64_MIN, .limit = MOST + 1}, soon = late, asked = late;
  casework_ask_due(true, -1, now_ms, n->zone, &late);
  casework_ask_due(false, TODAY_SOON_DAYS, now_ms, n->zone, &soon);
  asked.state = case_state_name(CASE_RESOLVED);
  int rc = cases(n, &late, now_ms, today, "overdue", err);
  if (rc == 0) rc = cases(n, &soon, now_ms, today, "due_soon", err);
  return rc == 0 ? cases(n, &asked, now_ms, today, "follow_up", err) : rc;
}

static int add_household(void *arg, const struct household_row *row) {
  struct pile *p = arg;
  return add(p, household_summary(row, p->n->hub, p->n->zone));
}

static int visits(struct node *n, int64_t now_ms, json_t *today, struct yz_error *err) {
  struct pile p = {.n = n, .items = json_array()};
  const struct household_query q = {.ledger = n->hub ? NULL : &n->ledger.id,
                                    .not_since_ms = now_ms - TODAY_VISIT_DAYS * DAY_MS};
  return end(&p, store_list_households(n->store, &q, add_household, &p, err), today, "visits", err);
}

/* --- from the township ---------------------------------------------------------- */

/* Records of the hub on cases, as they came: the last ones of its log. */
struct answers {
  struct node *n;
  int64_t since_ms;
  json_t *found; /* the oldest first */
  struct yz_error *err;
};

static int add_answer(void *arg, const struct yz_stored *r) {
  struct answers *a = arg;
  char id[YZ_HASH_HEX + 1];
  struct case_whole whole;
  struct case_row row;
  int64_t at_ms = 0;
  if (r->status != YZ_ACCEPTED || r->case_id == NULL || strncmp(r->type, "case.", 5) != 0) return 0;
  if (!yz_json_int(r->json, "at", &at_ms) || at_ms < a->since_ms) return 0;
  int rc = store_load_case(a->n->store, r->case_id, &whole, a->err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  casework_row(&whole, r->case_id, &row);
  yz_to_hex(r->case_id->bytes, YZ_HASH_LEN, id);
  json_t *json = json_pack("{s:s?,s:s,s:s?,s:s,s:s,s:o}", "case", row.number, "id", id, "title",
                           row.title, "state", case_state_name(row.state), "type", r->type, "at",
                           moment_json(at_ms, a->n->zone, INT64_MIN));
  rc = json_array_append_new(a->found, json) != 0 ? yz_no_memory(a->err) : 0;
  case_whole_finish(&whole);
  return rc;
}

static int gather_answers(struct answers *a) {
  const struct yz_store *t = store_table(a->n->store);
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(a->n, &a->n->ledger.id, &logs, &count, a->err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    int64_t last = logs[i].head.seq;
    if (logs[i].hub && last > 0)
      rc = t->each_record(t->ctx, &logs[i].id, last > LOOKED_AT ? last - LOOKED_AT : 1, last,
                          add_answer, a, a->err);
  }
  free(logs);
  return rc;
}

static int answers(struct node *n, int64_t now_ms, json_t *today, struct yz_error *err) {
  struct pile p = {.items = json_array()};
  struct answers a = {
      .n = n, .since_ms = now_ms - TODAY_ANSWER_DAYS * DAY_MS, .found = json_array(), .err = err};
  int rc = n->hub ? 0 : gather_answers(&a);
  for (size_t i = json_array_size(a.found); rc == 0 && i > 0; i--)
    rc = add(&p, json_incref(json_array_get(a.found, i - 1)));
  json_decref(a.found);
  return end(&p, rc, today, "answers", err);
}

static int notices(struct node *n, int64_t now_ms, json_t *today, struct yz_error *err) {
  struct pile p = {.items = json_array()};
  struct board b;
  json_t *json;
  int rc = board_load(&b, n, err);
  for (size_t i = 0; rc == 0 && i < b.n_notices; i++) {
    if (b.notices[i].at_ms < now_ms - TODAY_ANSWER_DAYS * DAY_MS) continue;
    rc = board_notice(&b, &b.notices[i], true, &json, err);
    if (rc == 0) rc = add(&p, json);
  }
  board_finish(&b);
  return end(&p, rc, today, "notices", err);
}

int today_json(struct node *n, json_t **out, struct yz_error *err) {
  int64_t now_ms = n->world->now_ms(n->world->ctx);
  json_t *today = json_object();
  int rc = today == NULL ? yz_no_memory(err) : all_cases(n, now_ms, today, err);
  if (rc == 0) rc = visits(n, now_ms, today, err);
  if (rc == 0) rc = answers(n, now_ms, today, err);
  if (rc == 0) rc = notices(n, now_ms, today, err);
  *out = rc == 0 ? today : NULL;
  if (rc != 0) json_decref(today);
  return rc;
}
