/* Cases: lists, one whole, a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../casework.h"
#include "../hub/hub.h"
#include "../matter.h"
#include "../personal.h"
#include "../reading.h"
#include "api_call.h"

enum { CREATED = 201, USUAL_PAGE = 50, MAX_PAGE = 200, MAX_OFFERED = 5, KEY_MAX = 128 };

/* --- lists ------------------------------------------------------------- */

struct listing {
  json_t *cases;
  const struct node *n;
  int64_t limit, now_ms;
  bool matters;       /* each once, with how many people asked */
  char last[KEY_MAX]; /* the paging key of the last case listed */
  bool more;
};

static int list_one(void *arg, const struct case_row *row) {
  struct listing *l = arg;
  if ((int64_t)json_array_size(l->cases) == l->limit) {
    l->more = true;
    return 0;
  }
  (void)snprintf(l->last, sizeof l->last, "%s", row->key);
  json_t *summary = casework_listed(row, l->n, l->now_ms);
  if (summary != NULL && row->village != NULL)
    (void)json_object_set_new(summary, "village", json_string(row->village));
  if (summary != NULL && l->matters)
    (void)json_object_set_new(summary, "people", json_integer(row->people));
  return json_array_append_new(l->cases, summary) == 0 ? 0 : YZ_E_MEMORY;
}

/* What is to be done: by time, by what was asked, by flag, by what was said of it. */
static int read_work(const struct api_call *c, int64_t now_ms, struct case_query *q,
                     struct yz_error *err) {
  static const struct api_field fields[] = {
      {"flag", API_CHOICE, false,
       "escalated|reopened|paused|supervised|referred|about-worker|township-only"},
      {"result", API_CHOICE, false, "satisfied|partly|dissatisfied|unreachable"},
      {0}};
  bool overdue = false;
  int64_t within = -1;
  const char *flag = NULL;
  int rc = api_tick(c, "overdue", &overdue, err);
  if (rc == 0) rc = api_count(c, "due_within", 366, &within, err);
  if (rc == 0) rc = api_tick(c, "requested", &q->requested, err);
  if (rc == 0) rc = api_tick(c, "conflict", &q->conflicts, err);
  if (rc == 0) rc = api_argument(c, "flag", &flag, err);
  if (rc == 0) rc = api_argument(c, "result", &q->result, err);
  if (rc != 0) return rc;
  json_t *said = json_pack("{s:s*,s:s*}", "flag", flag, "result", q->result);
  rc = said != NULL ? api_check(said, fields, err) : yz_no_memory(err);
  json_decref(said);
  if (rc == 0) q->flags = casework_flag(flag);
  if (rc == 0) casework_ask_due(overdue, within, now_ms, c->node.zone, q);
  return rc;
}

/* At a hub: of one village, or what was told to the township. */
static int read_village(struct api_call *c, struct yz_ledger_row *row, struct case_query *q,
                        struct yz_error *err) {
  const char *village;
  int rc = api_argument(c, "village", &village, err);
  if (rc == 0 && village != NULL) {
    rc =
        c->node.hub ? hub_find_ledger(&c->node, village, row, err) : api_wrong_kind("village", err);
    q->ledger = &row->id;
  }
  return rc;
}

static int read_query(const struct api_call *c, int64_t now_ms, struct case_query *q,
                      struct yz_error *err) {
  struct reckoning_month month;
  *q = (struct case_query){.since_ms = INT64_MIN, .limit = USUAL_PAGE};
  int rc = api_argument(c, "state", &q->state, err);
  if (rc == 0) rc = api_argument(c, "category", &q->category, err);
  if (rc == 0) rc = api_argument(c, "search", &q->search, err);
  if (rc == 0) rc = api_argument(c, "who", &q->who, err);
  if (rc == 0) rc = api_argument(c, "place", &q->place, err);
  if (rc == 0) rc = api_argument(c, "after", &q->after, err);
  if (rc == 0) rc = api_month(c, &month, err);
  if (rc == 0 && month.name[0] != '\0') {
    q->since_ms = month.from_ms;
    q->before_ms = month.to_ms;
  }
  if (rc == 0) rc = api_argument(c, "assigned", &q->assigned, err);
  if (rc == 0) rc = api_tick(c, "matters", &q->matters, err);
  if (rc == 0) rc = api_count(c, "limit", MAX_PAGE, &q->limit, err);
  if (rc == 0) rc = read_work(c, now_ms, q, err);
  if (rc == 0 && q->state != NULL && case_state_from_name(q->state) == CASE_STATES)
    rc = api_wrong_kind("state", err);
  return rc;
}

int api_read_list(struct api_call *c, int64_t now_ms, struct yz_ledger_row *village,
                  struct case_query *q, struct yz_error *err) {
  int rc = read_query(c, now_ms, q, err);
  return rc == 0 ? read_village(c, village, q, err) : rc;
}

int api_list(struct api_call *c, struct yz_error *err) {
  struct case_query q;
  struct listing l = {.n = &c->node, .now_ms = c->node.world->now_ms(c->node.world->ctx)};
  struct yz_ledger_row village;
  int rc = api_read_list(c, l.now_ms, &village, &q, err);
  if (rc != 0) return rc;
  l.matters = q.matters;
  l.limit = q.limit++; /* one more tells whether there are more */
  l.cases = json_array();
  rc = l.cases != NULL ? store_list_cases(c->node.store, &q, list_one, &l, err) : YZ_E_MEMORY;
  if (rc == 0) c->said = json_pack("{s:O,s:s?}", "cases", l.cases, "next", l.more ? l.last : NULL);
  json_decref(l.cases);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

/* --- one ---------------------------------------------------------------- */

/* Is what stands there with the township, by its receipt? What came from elsewhere came by it. */
static bool is_received(const struct yz_id *own, const struct yz_ack *ack, const json_t *event) {
  const char *hex = json_string_value(json_object_get(event, "log"));
  json_int_t seq = json_integer_value(json_object_get(event, "seq"));
  struct yz_id log;
  bool received = false;
  if (hex == NULL || !yz_from_hex(hex, strlen(hex), log.bytes, YZ_ID_LEN)) return false;
  for (size_t i = 0; i < ack->n_heads; i++)
    if (yz_equal(&ack->heads[i].log, &log, sizeof log)) received = seq <= ack->heads[i].at.seq;
  for (size_t i = 0; i < ack->n_except; i++)
    if (yz_equal(&ack->except[i].log, &log, sizeof log) && ack->except[i].seq == seq)
      received = false;
  return received || !yz_equal(own, &log, sizeof log);
}

/* At a village that has a township, each event says "received". */
static int mark_received(struct api_call *c, struct yz_error *err) {
  struct node *n = &c->node;
  struct yz_ack ack = {0};
  size_t i;
  json_t *event;
  bool ok = true;
  if (n->hub || !n->ledger.joined) return 0;
  int rc = yz_receipt(&n->station, &n->ledger, &ack, err);
  if (rc != 0 && rc != YZ_E_NOT_FOUND) return rc;
  json_array_foreach(json_object_get(c->said, "history"), i, event) ok =
      ok && json_object_set_new(event, "received",
                                json_boolean(is_received(&n->ledger.own, &ack, event))) == 0;
  yz_ack_finish(&ack);
  return ok ? 0 : yz_no_memory(err);
}

int api_show(struct api_call *c, struct yz_error *err) {
  struct yz_hash id;
  json_t *moves = NULL;
  int rc = node_find_case(&c->node, c->named, &id, err);
  if (rc == 0) rc = reading_note(&c->node, &id, &c->who.author.key, err);
  if (rc == 0) rc = casework_object(&c->node, &id, &c->said, err);
  if (rc == 0) rc = mark_received(c, err);
  if (rc == 0) rc = casework_moves(&c->node, &c->who, &id, &moves, err);
  if (rc == 0 && json_object_set_new(c->said, "moves", moves) != 0) rc = yz_no_memory(err);
  return rc;
}

/* --- a new one ----------------------------------------------------------- */

#define OPEN_FIELDS                                                                                \
  {"title", API_TEXT, true, NULL}, {"text", API_TEXT, false, NULL},                                \
      {"category", API_LINE, false, NULL}, {"channel", API_LINE, false, NULL},                     \
      {"urgency", API_LINE, false, NULL}, {"place", API_LINE, false, NULL},                        \
      {"resident", API_LINE, false, NULL}, {"phone", API_LINE, false, NULL}, {                     \
    "household", API_LINE, false, NULL                                                             \
  }
static const struct api_field open_fields[] = {
    OPEN_FIELDS,
    {"class", API_CHOICE, false, "ordinary|complex|petition"},
    {"anonymous", API_BOOL, false, NULL},
    {"township_only", API_BOOL, false, NULL},
    {"solved", API_OBJECT, false, NULL},
    {0}};
static const struct api_field solved_fields[] = {
    {"done", API_TEXT, true, NULL},
    {"result", API_CHOICE, false, "satisfied|partly|dissatisfied|unreachable"},
    {"solved", API_CHOICE, false, "yes|partly|no"},
    {0}};

static struct casework_move opening(const json_t *body) {
  bool left_out;
  struct casework_move m = {
      .move = CASE_OPEN, .content = json_object(), .at_ms = INT64_MIN, .ok = true};
  for (int i = 0; m.content != NULL && m.ok && i < FIELD_ASSIGNED; i++) {
    enum case_field_index field = (enum case_field_index)i;
    const char *value = api_text(body, case_field_name(field));
    if (value != NULL)
      m.ok =
          json_object_set_new(m.content, case_field_name(field), casework_field(field, value)) == 0;
  }
  const char *class = api_text(body, "class");
  if (class != NULL) m.plain = json_pack("{s:s}", "class", class);
  m.ok = m.ok && m.content != NULL && (class == NULL || m.plain != NULL);
  m.township_only = json_is_true(json_object_get(body, "township_only"));
  if (m.ok && json_is_true(json_object_get(body, "anonymous")))
    m.ok = casework_make_anonymous(m.content, &left_out);
  return m;
}

static int offer(void *arg, const struct case_row *row) {
  json_t *likely = arg;
  char id[YZ_HASH_HEX + 1];
  if (json_array_size(likely) == MAX_OFFERED) return 0;
  yz_to_hex(row->id.bytes, YZ_HASH_LEN, id);
  return json_array_append_new(likely, json_pack("{s:s?,s:s,s:s?}", "case", row->number, "id", id,
                                                 "title", row->title)) == 0
             ? 0
             : YZ_E_MEMORY;
}

int api_likely(struct api_call *c, struct yz_error *err) {
  const char *title, *household;
  int rc = api_argument(c, "title", &title, err);
  if (rc == 0) rc = api_argument(c, "household", &household, err);
  if (rc != 0) return rc;
  json_t *likely = json_array();
  rc = likely == NULL
           ? YZ_E_MEMORY
           : matter_likely_new(&c->node, &c->node.ledger.id, title, household, offer, likely, err);
  if (rc == 0) c->said = json_pack("{s:O}", "cases", likely);
  json_decref(likely);
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

static int say_opened(struct api_call *c, const struct casework_made *made, json_t *warnings,
                      struct yz_error *err) {
  char id[YZ_HASH_HEX + 1];
  json_t *likely = json_array();
  yz_to_hex(made->record.bytes, YZ_HASH_LEN, id);
  int rc = likely != NULL ? matter_likely(&c->node, &made->record, offer, likely, err)
                          : yz_no_memory(err);
  if (rc == 0)
    c->said = json_pack("{s:s,s:s,s:O,s:O}", "case", made->number, "id", id, "duplicates", likely,
                        "warnings", warnings);
  json_decref(likely);
  c->status = rc == 0 ? CREATED : 0;
  return rc == YZ_E_MEMORY || (rc == 0 && c->said == NULL) ? yz_no_memory(err) : rc;
}

static int check_solved(const json_t *solved, struct yz_error *err) {
  int rc = api_check(solved, solved_fields, err);
  if (rc == 0 && api_text(solved, "solved") != NULL && api_text(solved, "result") == NULL)
    rc = api_empty("result", err);
  return rc;
}

int api_open(struct api_call *c, struct yz_error *err) {
  const json_t *solved = json_object_get(c->body, "solved");
  struct casework_move then[CASEWORK_SOLVING];
  struct casework_made made;
  int rc = api_check(c->body, open_fields, err);
  if (rc == 0 && solved != NULL) rc = check_solved(solved, err);
  if (rc == 0) rc = signer_check(&c->who, &c->node, err);
  if (rc != 0) return rc;
  struct casework_move m = opening(c->body);
  if (solved != NULL)
    casework_solve(&m, api_text(solved, "done"), api_text(solved, "result"),
                   api_text(solved, "solved"), then);
  json_t *warnings = personal_warnings(m.content);
  m.ok = m.ok && warnings != NULL;
  rc = casework_make(&c->node, &c->who, NULL, &m, &made, err);
  casework_drop(&m);
  if (rc == 0) rc = say_opened(c, &made, warnings, err);
  json_decref(warnings);
  return rc;
}
