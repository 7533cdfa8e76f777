/* Erasing what people said: FORMAT.md §7. Which words go, the store knows. Here they go from what
 * travels: each batch of an own log that holds some is sealed again without them, under a key of
 * its own, and keys/ begins anew, without history and without the key of the old one. */
#include "receivers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what is erased ------------------------------------------------------ */

static int keep_seq(void *arg, int64_t seq) {
  struct erased *e = arg;
  if ((e->n & (e->n - 1)) == 0) {
    int64_t *grown = reallocarray(e->seqs, e->n ? 2 * e->n : 1, sizeof *grown);
    if (!grown) return YZ_E_MEMORY;
    e->seqs = grown;
  }
  e->seqs[e->n++] = seq;
  return YZ_OK;
}

int erased_read(const struct yz_station *st, const struct yz_id *log, struct erased *out,
                struct yz_error *err) {
  *out = (struct erased){0};
  int rc = st->store->each_erased(st->store->ctx, log, keep_seq, out, err);
  if (rc == YZ_E_MEMORY) rc = yz_no_memory(err);
  if (rc) erased_finish(out);
  return rc;
}

void erased_finish(struct erased *e) {
  free(e->seqs);
  *e = (struct erased){0};
}

/* The first of them that is not before this one. */
static size_t from(const struct erased *e, int64_t seq) {
  size_t low = 0, high = e->n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (e->seqs[mid] < seq)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

bool erased_within(const struct erased *e, int64_t first, int64_t last) {
  size_t i = from(e, first);
  return i < e->n && e->seqs[i] <= last;
}

bool erased_held(const struct erased *e, const struct yz_buf *items) {
  struct yz_content item;
  int64_t seq;
  for (size_t at = 0; yz_batch_next(items, &at, &seq, &item, NULL) > 0;)
    if (erased_within(e, seq, seq)) return true;
  return false;
}

bool station_erases(const char *type) {
  return strcmp(type, "hub.erase") == 0 || strcmp(type, "village.erase") == 0;
}

int station_leave_erased(const struct yz_station *st, const struct yz_id *ledger,
                         struct yz_stored *record, struct yz_error *err) {
  bool erased = false;

  int rc = st->store->is_erased(st->store->ctx, ledger, record, &erased, err);
  if (rc || !erased) return rc;
  record->n_contents = 0;
  if (record->status == YZ_WAITING && record->rule && strncmp(record->rule, "content.", 8) == 0) {
    record->status = YZ_ACCEPTED;
    record->rule = NULL;
  }
  return YZ_OK;
}

/* --- an own log ------------------------------------------------------------ */

/* What keys/ say of a batch whose key is not known here. */
struct part {
  int64_t first;
  json_t *json;
};

struct eraser {
  const struct yz_station *st;
  const struct yz_log_row *log;
  struct erased erased;
  struct part *parts;
  size_t n_parts;
  bool other;                                 /* not the log that this node writes now */
  char log_ref[REF_ROOM], keys_ref[REF_ROOM]; /* log_ref: where new batches go */
  struct yz_error *err;
};

static int copy_rest(struct eraser *e, const struct yz_buf *items, struct yz_buf *rest) {
  struct yz_content item;
  int64_t seq;

  for (size_t at = 0; yz_batch_next(items, &at, &seq, &item, NULL) > 0;)
    if (!erased_within(&e->erased, seq, seq) && yz_batch_item(rest, seq, &item))
      return yz_no_memory(e->err);
  return YZ_OK;
}

/* A new batch for what is left; key: its own from now on. */
static int seal_rest(struct eraser *e, const struct yz_segment_row *row, enum audience audience,
                     const struct yz_buf *items, unsigned char key[static YZ_BATCH_KEY_LEN]) {
  const struct yz_store *store = e->st->store;
  const struct yz_world *world = e->st->world;
  unsigned char nonce[YZ_NONCE_LEN];
  struct yz_buf rest = {0}, batch = {0};
  char path[YZ_MAX_PATH];

  world->random(world->ctx, key, YZ_BATCH_KEY_LEN);
  world->random(world->ctx, nonce, sizeof nonce);
  if (e->other)
    yz_path_of_other(&e->log->id, row->first, audience_name(audience), path);
  else
    yz_path_of(row->first, audience_name(audience), path);
  int rc = copy_rest(e, items, &rest);
  if (!rc && yz_batch_seal(&e->log->id, row->first, row->last, audience_name(audience), &rest, key,
                           nonce, &batch))
    rc = yz_no_memory(e->err);
  if (!rc)
    rc = store->put_file(store->ctx, &e->log->ledger, e->log_ref, path, batch.data, batch.len,
                         e->err);
  if (rest.data) yz_wipe(rest.data, rest.len);
  yz_buf_finish(&rest);
  yz_buf_finish(&batch);
  return rc;
}

static int put_key(struct eraser *e, int64_t first, enum audience audience,
                   const unsigned char key[YZ_BATCH_KEY_LEN]) {
  static const struct yz_hash nobody; /* so that it is wrapped again */
  const struct yz_store *store = e->st->store;
  return store->put_batch_key(store->ctx, &e->log->id, first, audience_name(audience), key, &nobody,
                              e->err);
}

/* Its key is wrapped as it was, by who cannot open it. */
static int keep_part(struct eraser *e, int64_t first, enum audience audience) {
  char path[YZ_MAX_PATH];
  struct yz_buf file = {0};

  yz_path_of(first, "json", path);
  int rc = receivers_before(e->st, e->log, path, &file, e->err);
  json_t *json = rc || !file.len ? NULL
                                 : yz_keys_part((char *)file.data, file.len, &e->log->id, first,
                                                audience_name(audience));
  yz_buf_finish(&file);
  if (!json) return rc;
  struct part *grown = reallocarray(e->parts, e->n_parts + 1, sizeof *grown);
  if (!grown) {
    json_decref(json);
    return yz_no_memory(e->err);
  }
  e->parts = grown;
  grown[e->n_parts++] = (struct part){first, json};
  return YZ_OK;
}

struct named {
  const struct erased *erased;
  const char *audience;
  bool any, erased_too;
};

static int look_at_words(void *arg, const struct yz_stored *r) {
  struct named *n = arg;
  if (!json_object_get(json_object_get(r->json, "content"), n->audience)) return YZ_OK;
  n->any = true;
  n->erased_too = n->erased_too || erased_within(n->erased, r->seq, r->seq);
  return YZ_OK;
}

static int find_words(struct eraser *e, const struct yz_segment_row *row, enum audience audience,
                      struct named *out) {
  const struct yz_store *store = e->st->store;
  *out = (struct named){.erased = &e->erased, .audience = audience_name(audience)};
  return store->each_record(store->ctx, &e->log->id, row->first, row->last, look_at_words, out,
                            e->err);
}

/* What is written where words are erased already has no batch. */
static int has_batch(struct eraser *e, int64_t first, enum audience audience, bool *has) {
  char ref[REF_ROOM], path[YZ_MAX_PATH];
  struct yz_buf batch = {0};

  station_ref("refs/heads/", "log", &e->log->id, ref);
  yz_path_of(first, audience_name(audience), path);
  int rc = e->st->store->get_file(e->st->store->ctx, &e->log->ledger, ref, path, &batch, e->err);
  *has = rc == YZ_OK;
  yz_buf_finish(&batch);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* A batch that is for others alone: where the words of its record are erased an empty one takes its
 * place. (Such a batch holds one record's, as this node made it.) */
static int empty_foreign(struct eraser *e, const struct yz_segment_row *row,
                         enum audience audience) {
  unsigned char key[YZ_BATCH_KEY_LEN];
  const struct yz_buf none = {0};
  struct named named;
  bool has = false;

  int rc = find_words(e, row, audience, &named);
  if (!rc && named.erased_too) rc = has_batch(e, row->first, audience, &has);
  if (rc || !has) return rc;
  rc = seal_rest(e, row, audience, &none, key);
  if (!rc) rc = put_key(e, row->first, audience, key);
  yz_wipe(key, sizeof key);
  return rc;
}

/* The key of one batch, kept for keys/ to be begun anew with it; a new one where the batch had to
 * be sealed again. A batch that does not open here any more opens nowhere by this log's keys. */
static int keep_own(struct eraser *e, const struct yz_segment_row *row, enum audience audience) {
  unsigned char key[YZ_BATCH_KEY_LEN];
  struct yz_buf items = {0};
  struct yz_error why = {0};

  int rc = contents_unseal(e->st, &e->log->ledger, &e->log->id, row->first, row->last, audience,
                           key, &items, &why);
  if (rc == YZ_E_NOT_FOUND || rc == YZ_E_KEY || rc == YZ_E_FORMAT) {
    rc = YZ_OK;
    goto done;
  }
  if (rc) {
    rc = yz_fail(e->err, rc, why.message, "%s", why.subject);
    goto done;
  }
  if (erased_held(&e->erased, &items)) rc = seal_rest(e, row, audience, &items, key);
  if (!rc) rc = put_key(e, row->first, audience, key);
done:
  yz_wipe(key, sizeof key);
  if (items.data) yz_wipe(items.data, items.len);
  yz_buf_finish(&items);
  return rc;
}

static int keep_key(void *arg, const struct yz_segment_row *row) {
  struct eraser *e = arg;
  int rc = YZ_OK;

  for (enum audience a = 0; !rc && a < AUDIENCES; a++)
    rc = station_reads(e->st, audience_name(a)) ? keep_own(e, row, a) : empty_foreign(e, row, a);
  return rc;
}

static int keep_parts(void *arg, const struct yz_segment_row *row) {
  struct eraser *e = arg;
  struct named named;
  int rc = YZ_OK;

  for (enum audience a = 0; !rc && a < AUDIENCES; a++) {
    if (station_reads(e->st, audience_name(a))) continue;
    rc = find_words(e, row, a, &named);
    if (!rc && named.any && !named.erased_too) rc = keep_part(e, row->first, a);
  }
  return rc;
}

/* What was kept of the keys/ that are gone. */
static int put_parts(struct eraser *e) {
  const struct yz_store *store = e->st->store;
  char path[YZ_MAX_PATH];
  int rc = YZ_OK;

  for (size_t i = 0; !rc && i < e->n_parts; i++) {
    struct yz_buf file = {0};
    yz_path_of(e->parts[i].first, "json", path);
    rc = yz_keys_keep(&e->log->id, e->parts[i].first, audience_name(FOR_TOWNSHIP), e->parts[i].json,
                      &file, e->err);
    if (!rc)
      rc = store->put_file(store->ctx, &e->log->ledger, e->keys_ref, path, file.data, file.len,
                           e->err);
    yz_buf_finish(&file);
  }
  return rc;
}

static void eraser_finish(struct eraser *e) {
  for (size_t i = 0; i < e->n_parts; i++) json_decref(e->parts[i].json);
  free(e->parts);
  erased_finish(&e->erased);
}

/* Nothing in it but how many erasures it has seen, and keys of this node's that others alone can
 * unwrap. */
static int begin_empty(struct eraser *e, int64_t epoch) {
  const struct yz_store *store = e->st->store;
  struct yz_buf file = {0};
  int rc = YZ_OK;

  if (e->log->own) rc = store->each_segment(store->ctx, &e->log->id, 1, keep_parts, e, e->err);
  if (!rc) rc = store->drop_ref(store->ctx, &e->log->ledger, e->keys_ref, e->err);
  if (!rc && yz_epoch_write(&e->log->id, epoch, &file)) rc = yz_no_memory(e->err);
  if (!rc)
    rc = store->put_file(store->ctx, &e->log->ledger, e->keys_ref, "epoch.json", file.data,
                         file.len, e->err);
  yz_buf_finish(&file);
  return rc ? rc : put_parts(e);
}

static int begin_keys(struct eraser *e, const struct receivers *to, int64_t epoch) {
  bool more = true;

  int rc = begin_empty(e, epoch);
  while (!rc && more) {
    more = false;
    rc = receivers_rewrap(to, e->st, e->log, &e->log->id, &more, e->err);
  }
  return rc;
}

/* The epoch that this log's keys/ stand at; none: nothing of it ever travelled. */
static int read_epoch(struct eraser *e, int64_t *epoch, bool *none) {
  const struct yz_store *store = e->st->store;
  struct yz_buf file = {0};

  *epoch = 0;
  int rc = store->get_file(store->ctx, &e->log->ledger, e->keys_ref, "epoch.json", &file, e->err);
  *none = rc == YZ_E_NOT_FOUND;
  if (!rc && yz_epoch_read((char *)file.data, file.len, &e->log->id, epoch, NULL)) *epoch = 0;
  yz_buf_finish(&file);
  return *none ? YZ_OK : rc;
}

/* Of an own log none stays but of batches as they travel: a backup's may open what was erased
 * since. */
static int drop_kept(struct eraser *e) {
  return e->st->store->drop_batch_keys(e->st->store->ctx, &e->log->id, e->err);
}

int station_erase_log(const struct yz_station *st, const struct yz_log_row *log,
                      const struct receivers *to, int64_t epoch, bool *begun,
                      struct yz_error *err) {
  struct eraser e = {.st = st, .log = log, .err = err};
  int64_t now;
  bool none;

  *begun = false;
  station_ref("refs/heads/", "log", &log->id, e.log_ref);
  station_ref("refs/heads/", "keys", &log->id, e.keys_ref);
  int rc = read_epoch(&e, &now, &none);
  if (rc || none || now >= epoch) return rc;
  rc = erased_read(st, &log->id, &e.erased, err);
  if (!rc) rc = drop_kept(&e);
  if (!rc) rc = st->store->each_segment(st->store->ctx, &log->id, 1, keep_key, &e, err);
  if (!rc) rc = begin_keys(&e, to, epoch);
  eraser_finish(&e);
  *begun = rc == YZ_OK;
  return rc;
}

/* --- a former log: of a node that is gone, at the hub, or of this one before it was restored ---
 */

/* Was it done? At the hub, by it; what no commit holds yet in another's keys/ it has just put
 * there. */
static int is_done(struct eraser *e, struct yz_ledger *git, int64_t epoch, bool *done) {
  const struct yz_store *store = e->st->store;
  struct yz_commit_view view = {0};
  struct yz_oid tip;
  int64_t now;
  bool none;

  int rc = read_epoch(e, &now, &none);
  *done = none || (e->log->own && now >= epoch);
  if (rc || *done || now < epoch) return rc;
  rc = store->get_tip(store->ctx, &e->log->ledger, e->keys_ref, &tip, e->err);
  *done = rc == YZ_E_NOT_FOUND;
  if (rc) return *done ? YZ_OK : rc;
  *done = yz_ledger_read_commit(git, &tip, &view, NULL) == YZ_OK &&
          yz_commit_signed_by(view.raw.data, view.raw.len, &e->st->key);
  yz_commit_view_finish(&view);
  return YZ_OK;
}

int station_erase_former(const struct yz_station *st, struct yz_ledger *git,
                         const struct yz_ledger_row *ledger, const struct yz_log_row *log,
                         int64_t epoch, bool *done, struct yz_error *err) {
  struct eraser e = {.st = st, .log = log, .other = true, .err = err};

  station_ref("refs/heads/", "log", &ledger->own, e.log_ref);
  station_ref("refs/heads/", "keys", &log->id, e.keys_ref);
  int rc = is_done(&e, git, epoch, done);
  if (!rc && !*done && log->own) {
    bool back = false;
    rc = station_regained(st, ledger, log, &back, err);
    *done = !back;
  }
  if (rc || *done) return rc;
  rc = erased_read(st, &log->id, &e.erased, err);
  if (!rc && log->own) rc = drop_kept(&e);
  if (!rc) rc = st->store->each_segment(st->store->ctx, &log->id, 1, keep_key, &e, err);
  eraser_finish(&e);
  return rc;
}

int station_empty_keys(const struct yz_station *st, const struct yz_log_row *log, int64_t epoch,
                       struct yz_error *err) {
  struct eraser e = {.st = st, .log = log, .err = err};

  station_ref("refs/heads/", "keys", &log->id, e.keys_ref);
  int rc = erased_read(st, &log->id, &e.erased, err);
  if (!rc) rc = begin_empty(&e, epoch);
  eraser_finish(&e);
  return rc;
}
