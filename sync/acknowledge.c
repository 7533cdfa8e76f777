/* Acknowledgements, written and believed: FORMAT.md §8. */
#include "station_private.h"
#include <stdlib.h>
#include <string.h>

enum { EXCEPT_MAX = 1000 };

struct heads {
  struct yz_ack *ack;
  const struct yz_id *own;
};

static int keep_head(void *arg, const struct yz_log_row *row) {
  struct heads *h = arg;
  struct yz_ack *a = h->ack;

  if (yz_equal(&row->id, h->own, sizeof row->id)) {
    a->head = row->head;
    return YZ_OK;
  }
  if (row->head.seq == 0) return YZ_OK;
  struct yz_ack_head *grown = realloc(a->heads, (a->n_heads + 1) * sizeof *grown);
  if (!grown) return YZ_E_MEMORY;
  a->heads = grown;
  a->heads[a->n_heads++] = (struct yz_ack_head){row->id, row->head};
  return YZ_OK;
}

static int keep_exception(void *arg, const struct yz_stored *r) {
  struct yz_ack *a = arg;
  struct yz_exception *grown = realloc(a->except, (a->n_except + 1) * sizeof *grown);

  if (!grown) return YZ_E_MEMORY;
  a->except = grown;
  struct yz_exception *e = &a->except[a->n_except++];
  *e = (struct yz_exception){.log = r->log, .seq = r->seq, .refused = r->status == YZ_REFUSED};
  strncpy(e->rule, r->rule ? r->rule : "", sizeof e->rule - 1);
  return YZ_OK;
}

static int by_place(const void *a, const void *b) {
  const struct yz_exception *x = a, *y = b;
  int order = memcmp(&x->log, &y->log, sizeof x->log);
  return order ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

/* More exceptions than fit: what cannot be named is not acknowledged yet. */
static int shorten(const struct yz_station *st, struct yz_ack *a, struct yz_error *err) {
  int rc = YZ_OK;

  while (a->n_except > EXCEPT_MAX && !rc) {
    const struct yz_exception first = a->except[EXCEPT_MAX], *e = &first;
    size_t kept = EXCEPT_MAX;
    for (size_t i = 0; i < a->n_heads && !rc; i++) {
      if (memcmp(&a->heads[i].log, &e->log, sizeof e->log) != 0 || a->heads[i].at.seq < e->seq)
        continue;
      if (e->seq == 1)
        a->heads[i] = a->heads[--a->n_heads];
      else
        rc = station_place(st, &e->log, e->seq - 1, &a->heads[i].at, err);
    }
    /* The rest of this log's exceptions lie past its head now. */
    for (size_t i = EXCEPT_MAX; i < a->n_except; i++)
      if (memcmp(&a->except[i].log, &e->log, sizeof e->log) != 0) a->except[kept++] = a->except[i];
    if (kept == a->n_except) break;
    a->n_except = kept;
  }
  return rc;
}

static bool same_news(const struct yz_ack *a, const struct yz_ack *b) {
  if (a->n_heads != b->n_heads || a->n_except != b->n_except) return false;
  if (strcmp(a->condition.program, b->condition.program) != 0 ||
      strcmp(a->condition.disk, b->condition.disk) != 0)
    return false;
  for (size_t i = 0; i < a->n_heads; i++)
    if (memcmp(&a->heads[i], &b->heads[i], sizeof *a->heads) != 0) return false;
  for (size_t i = 0; i < a->n_except; i++)
    if (by_place(&a->except[i], &b->except[i]) != 0 ||
        a->except[i].refused != b->except[i].refused ||
        strcmp(a->except[i].rule, b->except[i].rule) != 0)
      return false;
  return true;
}

/* The one written last; n 0 when there was none. */
static int read_last(const struct yz_station *st, const struct yz_id *own, struct yz_ack *out,
                     struct yz_error *err) {
  struct yz_buf line = {0};

  memset(out, 0, sizeof *out);
  int rc = st->store->get_ack(st->store->ctx, own, &line, err);
  if (!rc) rc = yz_ack_read((char *)line.data, line.len, &st->key, out, err);
  yz_buf_finish(&line);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

static int keep_and_put(const struct yz_station *st, const struct yz_ledger_row *ledger,
                        const struct yz_ack *ack, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_buf line = {0};
  char ref[REF_ROOM];

  station_ref("refs/heads/", "log", &ledger->own, ref);
  int rc = yz_ack_write(ack, st->seed, &line, err);
  if (!rc) rc = store->put_ack(store->ctx, &ledger->own, line.data, line.len, err);
  if (!rc) rc = store->put_file(store->ctx, &ledger->id, ref, "ack.json", line.data, line.len, err);
  yz_buf_finish(&line);
  return rc;
}

int station_put_ack(const struct yz_station *st, const struct yz_ledger_row *ledger, bool cut,
                    struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_ack ack = {.log = ledger->own}, last = {0};
  struct heads heads = {&ack, &ledger->own};

  int rc = store->each_log(store->ctx, &ledger->id, keep_head, &heads, err);
  if (!rc) rc = store->each_unsettled(store->ctx, &ledger->id, keep_exception, &ack, err);
  if (rc == YZ_E_MEMORY) yz_no_memory(err);
  if (!rc && ack.n_except) qsort(ack.except, ack.n_except, sizeof *ack.except, by_place);
  if (!rc) rc = shorten(st, &ack, err);
  if (!rc) rc = read_last(st, &ledger->own, &last, err);
  if (!rc && st->telling.fn) st->telling.fn(st->telling.ctx, &last.condition, &ack.condition);
  if (!rc && ack.n_heads && (cut || !same_news(&ack, &last))) {
    ack.n = last.n + 1;
    ack.time_ms = st->world->now_ms(st->world->ctx);
    rc = keep_and_put(st, ledger, &ack, err);
  }
  yz_ack_finish(&ack);
  yz_ack_finish(&last);
  return rc;
}

/* --- believing -------------------------------------------------------- */

/* Does it say of our own records what they are? */
static int contradicts(const struct yz_station *st, const struct yz_ack *ack, bool *out,
                       struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_log_row row;
  int rc = YZ_OK;

  *out = false;
  for (size_t i = 0; i < ack->n_heads && !rc && !*out; i++) {
    const struct yz_ack_head *h = &ack->heads[i];
    struct yz_place here = {0};
    rc = store->get_log(store->ctx, &h->log, &row, err);
    if (rc == YZ_OK && row.own && h->at.seq > 0 && h->at.seq <= row.head.seq)
      rc = station_place(st, &h->log, h->at.seq, &here, err);
    *out = here.seq != 0 && !yz_equal(&here.id, &h->at.id, sizeof here.id);
    if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  }
  return rc;
}

int station_take_ack(const struct yz_station *st, const struct yz_log_row *log, const void *line,
                     size_t len, const char **rule, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_ack ack = {0}, known = {0};
  struct yz_buf old = {0};
  bool fork = false;

  *rule = NULL;
  int rc = yz_ack_read(line, len, &log->node, &ack, NULL);
  if (rc) {
    *rule = rc == YZ_E_SIGNATURE ? "ack.signature" : "ack.syntax";
    return YZ_OK;
  }
  if (!yz_equal(&ack.log, &log->id, sizeof ack.log)) {
    *rule = "ack.log";
    goto done;
  }
  rc = store->get_ack(store->ctx, &log->id, &old, err);
  if (rc && rc != YZ_E_NOT_FOUND) goto done;
  /* One that can't be read any more holds back no new one. */
  if (rc || yz_ack_read((char *)old.data, old.len, &log->node, &known, NULL)) known.n = 0;
  rc = YZ_OK;
  if (ack.n <= known.n) goto done;
  rc = contradicts(st, &ack, &fork, err);
  if (!rc && fork)
    *rule = "ack.fork";
  else if (!rc)
    rc = store->put_ack(store->ctx, &log->id, line, len, err);
done:
  yz_buf_finish(&old);
  yz_ack_finish(&known);
  yz_ack_finish(&ack);
  return rc;
}
