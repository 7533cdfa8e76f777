#include "hub.h"

#include <string.h>

/* A quarantined record that is to be released: where it lies, and its id. */
struct target {
  int64_t number;
  bool found, releasable, released;
  struct yz_id ledger, log;
  struct yz_place place;
};

static int find_entry(void *arg, const struct refused_row *row) {
  struct target *t = arg;
  if (row->number != t->number) return 0;
  t->found = true;
  t->released = row->released;
  t->ledger = row->entry.ledger;
  t->log = row->entry.log;
  t->place.seq = row->entry.seq;
  t->releasable = row->entry.seq > 0 && row->entry.rule != NULL && !row->released &&
                  strncmp(row->entry.rule, "author.", 7) == 0;
  return 1;
}

/* Only a record that is kept in its place in the log can be made to count. */
static int find_record(void *arg, const struct yz_stored *record) {
  struct target *t = arg;
  t->releasable = record->status != YZ_ACCEPTED && record->rule != NULL &&
                  strncmp(record->rule, "author.", 7) == 0;
  t->place.id = record->id;
  return 1;
}

static int find_target(struct node *n, struct target *t, struct yz_error *err) {
  const struct yz_store *table = store_table(n->store);
  int rc = store_each_refused(n->store, find_entry, t, err);
  if (rc < 0) return rc;
  if (!t->found)
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("There is no such number in quarantine; its list shows what there is."),
                   "%lld", (long long)t->number);
  if (t->released) return 0;
  if (t->releasable) {
    t->releasable = false;
    rc = table->each_record(table->ctx, &t->log, t->place.seq, t->place.seq, find_record, t, err);
    if (rc < 0) return rc;
  }
  if (!t->releasable)
    return yz_fail(err, YZ_E_REFUSED,
                   YZ_N_("This cannot be released: only a well-signed record can whose author was "
                         "not entitled, and that does not count yet."),
                   "%lld", (long long)t->number);
  return 0;
}

static int append_release(struct node *n, const struct signer *who, const struct target *t,
                          struct yz_error *err) {
  char log[YZ_ID_HEX + 1], id[YZ_HASH_HEX + 1];
  yz_to_hex(t->log.bytes, YZ_ID_LEN, log);
  yz_to_hex(t->place.id.bytes, YZ_HASH_LEN, id);
  json_t *plain = json_pack("{s:[s,I,s]}", "place", log, (json_int_t)t->place.seq, id);
  if (plain == NULL) return yz_no_memory(err);
  struct yz_draft draft = {.type = "quarantine.release", .plain = plain};
  int rc = yz_append(&n->station, &t->ledger, &who->author, &draft, NULL, NULL, err);
  json_decref(plain);
  return rc;
}

int hub_release(struct node *n, const struct signer *who, int64_t number, bool *already,
                struct yz_error *err) {
  struct target t = {.number = number};
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = find_target(n, &t, err);
  if (rc == 0) rc = hub_check_administrator(n, &t.ledger, &who->author.key, err);
  *already = t.released;
  if (rc == 0 && !t.released) rc = append_release(n, who, &t, err);
  if (rc == 0 && !t.released) rc = store_release_refused(n->store, number, err);
  rc = store_end(n->store, rc, err);
  return rc != 0 ? rc : yz_rejudge(&n->station, &t.ledger, err);
}
