#include "hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../carry.h"
#include "../erase.h"
#include "../identity.h"
#include "../incarnation.h"
#include "../ledgers.h"

static void heard_name(const struct yz_id *ledger, char out[static 48]) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, hex);
  (void)snprintf(out, 48, "heard.%s", hex);
}

int hub_last_heard(struct node *n, const struct yz_id *ledger, int64_t *ms, struct yz_error *err) {
  char name[48];
  heard_name(ledger, name);
  return node_get_time(n, name, ms, err);
}

/* The villages' own words on how far they have received, put together: when they
 * change, a village was here, even with nothing new. */
static int read_acks(struct node *n, const struct yz_id *ledger, struct yz_buf *out,
                     struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(n, ledger, &logs, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    if (logs[i].own) continue;
    rc = t->get_ack(t->ctx, &logs[i].id, out, err);
    if (rc == YZ_E_NOT_FOUND) rc = 0;
  }
  free(logs);
  return rc;
}

static bool same(const struct yz_buf *a, const struct yz_buf *b) {
  return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

int hub_by_road(void *arg, struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                struct yz_exchanged *got, struct yz_error *err) {
  (void)arg;
  return yz_exchange(&n->station, git, row, got, err);
}

static int visit(struct node *n, const struct hub_contact *by, const struct yz_ledger_row *row,
                 struct yz_ledger *git, struct yz_exchanged *got, struct yz_error *err) {
  struct yz_buf before = {0}, after = {0};
  char heard[48];
  heard_name(&row->id, heard);
  int rc = read_acks(n, &row->id, &before, err);
  if (rc == 0) rc = by->exchange(by->arg, n, row, git, got, err);
  if (rc == 0) rc = node_unite(n, row, err);
  if (rc == 0 && got->taken.accepted > 0) rc = hub_name_letters(n, row, err);
  if (rc == 0) rc = read_acks(n, &row->id, &after, err);
  if (rc == 0 && (got->taken.accepted + got->taken.waiting > 0 || !same(&before, &after)))
    rc = node_note_time(n, heard, err);
  yz_buf_finish(&before);
  yz_buf_finish(&after);
  return rc;
}

static int open_township(struct node *n, struct yz_ledger **out, struct yz_error *err) {
  char *path = node_path(n, "township.git");
  *out = NULL;
  if (path == NULL) return yz_no_memory(err);
  int rc = yz_ledger_open(out, path, true, err);
  free(path);
  return rc;
}

/* A failed road does not keep what is here already from the union. */
static int visit_and_merge(struct node *n, const struct hub_contact *by, struct yz_ledger *township,
                           struct yz_ledger_row *row, hub_ingest_fn fn, void *arg) {
  struct yz_exchanged got = {0};
  struct yz_error failed = {0};
  struct yz_ledger *git = NULL;
  int rc = node_open_ledger(n, row, true, &git, &failed);
  if (rc == 0) rc = visit(n, by, row, git, &got, &failed);
  if (git != NULL) {
    struct yz_error *why = rc == 0 ? &failed : NULL;
    int merged = yz_union(&n->station, township, git, row, why);
    if (rc == 0) rc = merged;
  }
  yz_ledger_destroy(git);
  if (rc == 0) rc = hub_learn_names(n, row, &failed);
  rc = fn(arg, row, rc == 0 ? &got : NULL, &failed);
  yz_taken_finish(&got.taken);
  return rc;
}

/* The second visit of an ingest tells only what went wrong. */
struct quiet {
  hub_ingest_fn fn;
  void *arg;
};

static int only_failures(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                         const struct yz_error *failed) {
  const struct quiet *q = arg;
  return got == NULL ? q->fn(q->arg, row, got, failed) : 0;
}

static bool is_among(const struct carry_done *done, const struct yz_id *ledger) {
  for (size_t i = 0; i < done->n_ledgers; i++)
    if (yz_equal(&done->ledgers[i], ledger, sizeof *ledger)) return true;
  return false;
}

/* Who came since gets the keys that are theirs; whose ledgers got some is noted. */
static int wrap_keys(struct node *n, const struct hub_contact *by, const struct yz_ledger_row *rows,
                     size_t count, struct carry_done *done, struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < count; i++) {
    bool wrote = false;
    if (by->wanted != NULL && !by->wanted(by->arg, &rows[i])) continue;
    rc = identity_keep(n, NULL, &rows[i].id, &wrote, err);
    if (rc == 0 && wrote) rc = carry_note(done, &rows[i].id, err);
  }
  return rc;
}

/* Carries from ledger to ledger, and lays what was carried out where it is fetched. */
static int carry_over(struct node *n, const struct hub_contact *by, struct yz_ledger *township,
                      struct yz_ledger_row *rows, size_t count, hub_ingest_fn fn, void *arg,
                      size_t *left_out, struct yz_error *err) {
  struct carry_done done = {0};
  struct quiet quiet = {fn, arg};
  int rc = store_begin(n->store, err);
  if (rc == 0) {
    rc = carry_all(n, &done, err);
    if (rc == 0) rc = wrap_keys(n, by, rows, count, &done, err);
    rc = store_end(n->store, rc, err);
  }
  if (rc == 0) rc = hub_erase_again(n, err);
  *left_out = done.left_out;
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (is_among(&done, &rows[i].id))
      rc = visit_and_merge(n, by, township, &rows[i], only_failures, &quiet);
  carry_done_finish(&done);
  return rc;
}

int hub_meet(struct node *n, const struct hub_contact *by, hub_ingest_fn fn, void *arg,
             size_t *left_out, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct yz_ledger *township = NULL;
  struct yz_lock lock;
  size_t count = 0;
  *left_out = 0;
  int rc = node_lock(n->dir, &lock, err);
  if (rc != 0) return rc;
  rc = node_at_home(n, err);
  if (rc == 0) rc = store_expect_much(n->store, err);
  if (rc == 0) rc = hub_tell_missing(n, err);
  if (rc == 0) rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0) rc = open_township(n, &township, err);
  for (size_t i = 0; rc == 0 && i < count; i++)
    if (by->wanted == NULL || by->wanted(by->arg, &rows[i]))
      rc = visit_and_merge(n, by, township, &rows[i], fn, arg);
  if (rc == 0) rc = carry_over(n, by, township, rows, count, fn, arg, left_out, err);
  if (rc == 0) rc = node_scrub(n, err);
  if (rc == 0) rc = yz_ledger_upkeep(township, false, err);
  if (rc == 0) rc = node_note_time(n, "last_sync", err);
  yz_ledger_destroy(township);
  free(rows);
  yz_lock_release(&lock);
  return rc;
}

int hub_ingest(struct node *n, hub_ingest_fn fn, void *arg, size_t *left_out,
               struct yz_error *err) {
  static const struct hub_contact by = {.exchange = hub_by_road};
  return hub_meet(n, &by, fn, arg, left_out, err);
}

/* The first failure is the answer. */
static int keep_failure(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                        const struct yz_error *failed) {
  (void)row;
  return got != NULL ? 0 : yz_fail(arg, failed->code, failed->message, "%s", failed->subject);
}

static bool is_it(void *arg, const struct yz_ledger_row *row) {
  return yz_equal(arg, &row->id, YZ_ID_LEN);
}

static int meet_one(struct node *n, const struct yz_ledger_row *row, struct yz_error *err) {
  size_t left_out;
  struct yz_id only = row->id;
  const struct hub_contact by = {.exchange = hub_by_road, .wanted = is_it, .arg = &only};
  return hub_meet(n, &by, keep_failure, err, &left_out, err);
}

int hub_has_news(struct node *n, const struct yz_ledger_row *row, bool *news,
                 struct yz_error *err) {
  const struct yz_store *t = store_table(n->store);
  struct yz_log_row own = {0};
  int64_t last = 0;
  int rc = t->get_log(t->ctx, &row->own, &own, err);
  if (rc == 0) rc = t->last_segment(t->ctx, &row->own, &last, err);
  *news = (rc == 0 || rc == YZ_E_NOT_FOUND) && last < own.head.seq;
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

int hub_publish(struct node *n, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  bool news = false;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    rc = hub_has_news(n, &rows[i], &news, err);
    if (rc == 0 && news) rc = meet_one(n, &rows[i], err);
  }
  free(rows);
  return rc;
}

int hub_union(struct node *n, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct yz_ledger *township = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc == 0) rc = open_township(n, &township, err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    struct yz_ledger *git = NULL;
    rc = node_open_ledger(n, &rows[i], true, &git, err);
    if (rc == 0) rc = yz_union(&n->station, township, git, &rows[i], err);
    yz_ledger_destroy(git);
  }
  yz_ledger_destroy(township);
  free(rows);
  return rc;
}
