#include "pending.h"

#include <stdlib.h>
#include <string.h>

#include "casework.h"
#include "ledgers.h"
#include "moment.h"

struct listing {
  struct node *n;
  json_t *items; /* at most PENDING_SHOWN */
  int64_t count; /* of all */
  const char *why, *rule;
  struct yz_error *err;
};

/* Names the case that a record is of, where it is of one that can be read. */
static int name_case(struct listing *l, const struct yz_hash *id, json_t *item) {
  struct case_whole whole;
  struct case_row row;
  int rc = store_load_case(l->n->store, id, &whole, l->err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  casework_row(&whole, id, &row);
  bool ok = json_object_set_new(item, "case", json_pack("s?", row.number)) == 0 &&
            json_object_set_new(item, "title", json_pack("s?", row.title)) == 0;
  case_whole_finish(&whole);
  return ok ? 0 : yz_no_memory(l->err);
}

static int list_one(void *arg, const struct yz_stored *r) {
  struct listing *l = arg;
  int64_t at_ms = INT64_MIN;
  (void)yz_json_int(r->json, "at", &at_ms);
  json_t *item = json_pack("{s:I,s:s,s:o,s:n,s:n,s:s,s:s?}", "seq", (json_int_t)r->seq, "type",
                           r->type, "at", moment_json(at_ms, l->n->zone, INT64_MIN), "case",
                           "title", "why", l->why, "rule", l->rule);
  if (json_array_append_new(l->items, item) != 0) return yz_no_memory(l->err);
  if (strcmp(r->type, "case.open") == 0) return name_case(l, &r->id, item);
  return r->case_id != NULL ? name_case(l, r->case_id, item) : 0;
}

static int64_t received_of(const struct yz_ack *ack, const struct yz_id *log) {
  for (size_t i = 0; i < ack->n_heads; i++)
    if (yz_equal(&ack->heads[i].log, log, sizeof *log)) return ack->heads[i].at.seq;
  return 0;
}

/* Records of a log by their places: all are counted, and as many read as are still shown. */
static int list_some(struct listing *l, const struct yz_log_row *log, int64_t from, int64_t to) {
  const struct yz_store *t = store_table(l->n->store);
  int64_t room = PENDING_SHOWN - (int64_t)json_array_size(l->items);
  l->count += to - from + 1;
  if (to - from >= room) to = from + room - 1;
  return room > 0 ? t->each_record(t->ctx, &log->id, from, to, list_one, l, l->err) : 0;
}

/* First what is there without effect, then what is not there. */
static int list_log(struct listing *l, const struct yz_log_row *log, const struct yz_ack *ack) {
  int64_t received = received_of(ack, &log->id);
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < ack->n_except; i++) {
    const struct yz_exception *e = &ack->except[i];
    if (!yz_equal(&e->log, &log->id, sizeof e->log) || e->seq > received) continue;
    l->why = e->refused ? "refused" : "waiting";
    l->rule = e->rule;
    rc = list_some(l, log, e->seq, e->seq);
  }
  l->why = "pending";
  l->rule = NULL;
  return rc == 0 && received < log->head.seq ? list_some(l, log, received + 1, log->head.seq) : rc;
}

int pending_json(struct node *n, json_t **out, struct yz_error *err) {
  struct listing l = {.n = n, .items = json_array(), .err = err};
  struct yz_log_row *logs = NULL;
  struct yz_ack ack = {0};
  size_t count = 0;
  int rc = n->hub ? YZ_E_NOT_FOUND : yz_receipt(&n->station, &n->ledger, &ack, err);
  if (rc == YZ_E_NOT_FOUND) rc = 0;
  if (rc == 0 && !n->hub) rc = node_logs(n, &n->ledger.id, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (logs[i].own) rc = list_log(&l, &logs[i], &ack);
  *out = rc == 0 ? json_pack("{s:I,s:O}", "count", (json_int_t)l.count, "items", l.items) : NULL;
  json_decref(l.items);
  yz_ack_finish(&ack);
  free(logs);
  return rc == 0 && *out == NULL ? yz_no_memory(err) : rc;
}
