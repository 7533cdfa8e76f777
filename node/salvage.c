#include "salvage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgers.h"

struct rest {
  struct node *n;
  struct store *old;
  struct yz_log_row *log; /* of n; its head moves */
  yz_finding_fn fn;
  void *arg;
  struct yz_error *err;
};

static void tell(struct rest *r, const char *text) {
  char hex[YZ_ID_HEX + 1], subject[YZ_ID_HEX + 32];
  yz_to_hex(r->log->id.bytes, YZ_ID_LEN, hex);
  (void)snprintf(subject, sizeof subject, "%s/%lld", hex, (long long)r->log->head.seq);
  r->fn(r->arg, "lost", subject, text);
}

/* Is it the next record of the log, as its author signed it? */
static bool follows(const struct yz_log_row *log, const struct yz_stored *stored) {
  struct yz_record record;
  struct yz_hash id;
  if (yz_record_read(stored->line, stored->line_len, &record, NULL) != 0 ||
      record.seq != log->head.seq + 1 || !yz_equal(&record.log, &log->id, sizeof record.log))
    return false;
  yz_record_id(&log->head.id, record.bytes, record.len, &id);
  return yz_equal(&id, &stored->id, sizeof id) && yz_record_signed(&record, &id);
}

/* The contents that are the signed ones; how many. */
static size_t pick(const struct yz_stored *stored, const struct yz_members *m,
                   struct yz_content out[static YZ_MAX_AUDIENCES]) {
  size_t n = 0;
  for (size_t i = 0; i < m->n_content; i++)
    for (size_t k = 0; k < stored->n_contents; k++) {
      struct yz_hash hash;
      const struct yz_content *c = &stored->contents[k];
      if (strcmp(c->audience, m->content[i].audience) != 0) continue;
      yz_content_hash(c, &hash);
      if (yz_equal(&hash, &m->content[i].hash, sizeof hash)) out[n++] = *c;
    }
  return n;
}

/* Of its contents those that this node reads. */
static size_t count_own(const struct node *n, const struct yz_members *m) {
  size_t own = 0;
  for (size_t i = 0; i < m->n_content; i++)
    own += n->station.township || strcmp(m->content[i].audience, YZ_FOR_TOWNSHIP) != 0;
  return own;
}

/* 1: the log ends here. */
static int append(void *arg, const struct yz_stored *stored) {
  struct rest *r = arg;
  const struct yz_store *t = store_table(r->n->store);
  struct yz_content contents[YZ_MAX_AUDIENCES];
  struct yz_stored whole = *stored;
  struct yz_members m;
  struct yz_record record;
  if (!follows(r->log, stored)) return 1;
  int rc = yz_record_read(stored->line, stored->line_len, &record, r->err);
  if (rc == 0) rc = yz_record_parse(record.bytes, record.len, &m, r->err);
  if (rc != 0) return rc;
  whole.contents = contents;
  whole.n_contents = pick(stored, &m, contents);
  r->log->head = (struct yz_place){stored->seq, stored->id};
  if (whole.n_contents < count_own(r->n, &m)) tell(r, YZ_N_("The words of this record are lost."));
  yz_members_finish(&m);
  rc = t->put_record(t->ctx, &whole, r->err);
  return rc != 0 ? rc : t->put_log(t->ctx, r->log, r->err);
}

static int save_log(struct rest *r) {
  const struct yz_store *t = store_table(r->n->store), *old = store_table(r->old);
  struct yz_error why = {0};
  struct yz_log_row was;
  if (old->get_log(old->ctx, &r->log->id, &was, &why) != 0) was = *r->log;
  int rc = t->begin(t->ctx, r->err);
  if (rc != 0) return rc;
  /* What cannot be read there ends the log like what does not hold. */
  (void)!old->each_record(old->ctx, &was.id, r->log->head.seq + 1, 0, append, r, &why);
  rc = store_end(r->n->store, r->err->code, r->err);
  if (rc == 0 && r->log->head.seq < was.head.seq)
    tell(r, YZ_N_("What follows this record could not be saved; what of it had gone out comes back "
                  "at the next contact."));
  return rc;
}

static int save_ledger(struct rest *r, const struct yz_ledger_row *row) {
  struct yz_log_row *logs = NULL;
  size_t count = 0;
  int rc = node_logs(r->n, &row->id, &logs, &count, r->err);
  for (size_t i = 0; rc == 0 && i < count; i++) {
    r->log = &logs[i];
    rc = save_log(r);
  }
  free(logs);
  return rc != 0 ? rc : yz_rejudge(&r->n->station, &row->id, r->err);
}

int node_save_rest(struct node *n, struct store *damaged, yz_finding_fn fn, void *arg,
                   struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  struct rest r = {.n = n, .old = damaged, .fn = fn, .arg = arg, .err = err};
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = save_ledger(&r, &rows[i]);
  free(rows);
  return rc;
}

/* --- is it needed? -------------------------------------------------------- */

static void count_finding(void *arg, const char *code, const char *subject, const char *text) {
  (void)subject, (void)text;
  *(int64_t *)arg += strcmp(code, YZ_NOTE_BEHIND) != 0;
}

static int check_ledger(struct node *n, const struct yz_ledger_row *row, int64_t *findings,
                        struct yz_error *err) {
  struct yz_ledger *git = NULL;
  struct yz_error why = {0};
  int64_t records = 0;
  (void)!node_open_ledger(n, row, false, &git, &why);
  int rc = yz_audit(&n->station, git, row, count_finding, findings, &records, err);
  yz_ledger_destroy(git);
  return rc;
}

int node_is_sound(struct node *n, bool *sound, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int64_t findings = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  for (size_t i = 0; rc == 0 && i < count; i++) rc = check_ledger(n, &rows[i], &findings, err);
  if (rc == 0) rc = store_check(n->store, count_finding, &findings, err);
  *sound = findings == 0;
  free(rows);
  return rc;
}
