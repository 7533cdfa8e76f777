/* Opening the batches beside a segment: FORMAT.md §6, §7. */
#include "station_private.h"
#include <stdio.h>
#include <string.h>

const char *audience_name(enum audience audience) {
  static const char *const names[AUDIENCES] = {YZ_FOR_VILLAGE, YZ_FOR_TOWNSHIP};
  return names[audience];
}

bool station_reads(const struct yz_station *st, const char *audience) {
  return st->township || strcmp(audience, YZ_FOR_TOWNSHIP) != 0;
}

/* A batch that is to be opened, and with what. */
struct opening {
  const struct yz_station *st;
  const struct yz_id *ledger, *log;
  int64_t first, last;
  const char *audience;
  struct yz_buf batch, *items;
  unsigned char *key;    /* YZ_BATCH_KEY_LEN */
  struct yz_log_row row; /* of the log, once it is looked for in place of its own */
  int rc;                /* why the last one that was tried does not open it */
};

/* The batch key from a keys file, with this node's box or one that it inherited. */
static int read_key(const struct opening *o, const struct yz_buf *keys, struct yz_error *err) {
  const char *text = (const char *)keys->data;
  int rc = yz_keys_read(text, keys->len, o->log, o->first, o->audience, o->st->box, o->key, err);

  for (size_t i = 0; rc == YZ_E_KEY && i < o->st->n_heritage; i++)
    rc = yz_keys_read(text, keys->len, o->log, o->first, o->audience, o->st->heritage[i], o->key,
                      err);
  return rc;
}

/* What is missing or does not open is YZ_E_NOT_FOUND, YZ_E_KEY or YZ_E_FORMAT, as the
 * library below says. */
static int open_with(struct opening *o, const struct yz_id *whose, const char *path,
                     struct yz_error *err) {
  const struct yz_store *store = o->st->store;
  char ref[REF_ROOM];
  struct yz_buf keys = {0};

  station_ref("refs/heads/", "keys", whose, ref);
  int rc = store->get_file(store->ctx, o->ledger, ref, path, &keys, err);
  if (!rc) rc = read_key(o, &keys, err);
  yz_buf_clear(o->items);
  if (!rc)
    rc = yz_batch_open(o->batch.data, o->batch.len, o->log, o->first, o->last, o->audience, o->key,
                       o->items, err);
  yz_buf_finish(&keys);
  return rc;
}

static bool ours(int rc) {
  return rc == YZ_E_IO || rc == YZ_E_MEMORY || rc == YZ_E_DAMAGED || rc == YZ_E_BUSY;
}

/* 1: it opens. A key that does not is passed over: who wrote it gains nothing. */
static int try_other(void *arg, const struct yz_log_row *row) {
  struct opening *o = arg;
  struct yz_error why = {0};
  char path[YZ_MAX_PATH];

  if (yz_equal(&row->id, o->log, sizeof row->id)) return 0;
  yz_path_of_other(o->log, o->first, "json", path);
  int rc = open_with(o, &row->id, path, &why);
  if (rc == YZ_OK || ours(rc)) o->rc = rc;
  return rc == YZ_OK || ours(rc) ? 1 : 0;
}

static int read_batch(struct opening *o, const struct yz_id *whose, const char *path,
                      struct yz_error *err) {
  const struct yz_store *store = o->st->store;
  char ref[REF_ROOM];

  station_ref("refs/heads/", "log", whose, ref);
  yz_buf_clear(&o->batch);
  return store->get_file(store->ctx, o->ledger, ref, path, &o->batch, err);
}

/* What was sealed in place of the batch of a former log: by its own node, or by the hub.
 * 1: it opens. */
static int try_in_place(void *arg, const struct yz_log_row *row) {
  struct opening *o = arg;
  struct yz_error why = {0};
  char path[YZ_MAX_PATH];

  if (yz_equal(&row->id, o->log, sizeof row->id) ||
      (!row->hub && !yz_equal(&row->node, &o->row.node, sizeof row->node)))
    return 0;
  yz_path_of_other(o->log, o->first, o->audience, path);
  int rc = read_batch(o, &row->id, path, &why);
  if (rc == YZ_E_NOT_FOUND) return 0;
  if (!rc) rc = o->st->store->each_log(o->st->store->ctx, o->ledger, try_other, o, &why);
  if (rc < 0) o->rc = rc;
  return rc != 0;
}

static int try_all_in_place(struct opening *o, struct yz_error *err) {
  const struct yz_store *store = o->st->store;
  int rc = store->get_log(store->ctx, o->log, &o->row, err);
  return rc ? rc : store->each_log(store->ctx, o->ledger, try_in_place, o, err);
}

int contents_unseal(const struct yz_station *st, const struct yz_id *ledger,
                    const struct yz_id *log, int64_t first, int64_t last, enum audience audience,
                    unsigned char key[static YZ_BATCH_KEY_LEN], struct yz_buf *items,
                    struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct opening o = {.st = st,
                      .ledger = ledger,
                      .log = log,
                      .first = first,
                      .last = last,
                      .audience = audience_name(audience),
                      .items = items,
                      .key = key};
  char path[YZ_MAX_PATH];

  yz_path_of(first, o.audience, path);
  int rc = read_batch(&o, log, path, err);
  if (rc) goto done;
  yz_path_of(first, "json", path);
  o.rc = open_with(&o, log, path, err);
  if (o.rc && !ours(o.rc)) rc = store->each_log(store->ctx, ledger, try_other, &o, err);
  if (!rc && o.rc && !ours(o.rc)) rc = try_all_in_place(&o, err);
  if (rc >= 0) rc = o.rc;
done:
  yz_buf_finish(&o.batch);
  return rc;
}

/* Items up to the first that is out of order or bounds. */
static void list_items(struct contents *c, enum audience audience, int64_t first, int64_t last) {
  int64_t before = first - 1;
  size_t at = 0, most = c->n + YZ_MAX_SEGMENT_RECORDS;

  while (c->n < most) {
    struct yz_content *item = &c->list[c->n];
    int rc = yz_batch_next(&c->items[audience], &at, &c->seqs[c->n], item, NULL);
    if (rc <= 0 || c->seqs[c->n] <= before || c->seqs[c->n] > last) break;
    before = c->seqs[c->n];
    snprintf(item->audience, sizeof item->audience, "%s", audience_name(audience));
    c->n++;
  }
}

int contents_open(const struct yz_station *st, const struct yz_id *ledger, const struct yz_id *log,
                  int64_t first, int64_t last, struct contents *out, struct yz_error *err) {
  unsigned char key[YZ_BATCH_KEY_LEN];
  struct yz_error why = {0};

  memset(out, 0, sizeof *out);
  out->list = calloc((size_t)AUDIENCES * YZ_MAX_SEGMENT_RECORDS, sizeof *out->list);
  out->seqs = calloc((size_t)AUDIENCES * YZ_MAX_SEGMENT_RECORDS, sizeof *out->seqs);
  if (!out->list || !out->seqs) return yz_no_memory(err);
  for (enum audience a = 0; a < AUDIENCES; a++) {
    if (!station_reads(st, audience_name(a))) continue;
    int rc = contents_unseal(st, ledger, log, first, last, a, key, &out->items[a], &why);
    yz_wipe(key, sizeof key);
    if (ours(rc)) return yz_fail(err, rc, why.message, "%s", why.subject);
    if (!rc) list_items(out, a, first, last);
  }
  return YZ_OK;
}

void contents_finish(struct contents *c) {
  if (!c) return;
  free(c->list);
  free(c->seqs);
  for (int a = 0; a < AUDIENCES; a++) yz_buf_finish(&c->items[a]);
  memset(c, 0, sizeof *c);
}

static const struct yz_content *find(const struct contents *c, int64_t seq, const char *audience) {
  for (size_t i = 0; i < c->n; i++)
    if (c->seqs[i] == seq && strcmp(c->list[i].audience, audience) == 0) return &c->list[i];
  return NULL;
}

/* Within FORMAT.md §1? Asked only once the keyed hash held. */
static bool parse(struct yz_content *content) {
  return yz_json_parse(content->bytes, content->len, &content->json, NULL) == YZ_OK;
}

void contents_leave(struct yz_content *picked, size_t n) {
  for (size_t i = 0; i < n; i++) json_decref(picked[i].json);
}

size_t contents_pick(const struct yz_station *st, const struct contents *c, int64_t seq,
                     const struct yz_members *members,
                     struct yz_content out[static YZ_MAX_AUDIENCES], const char **rule) {
  struct yz_hash hash;
  size_t n = 0;

  *rule = NULL;
  for (size_t i = 0; i < members->n_content; i++) {
    const struct yz_content *item = find(c, seq, members->content[i].audience);
    if (!station_reads(st, members->content[i].audience)) continue;
    if (!item) {
      *rule = "content.missing";
      continue;
    }
    yz_content_hash(item, &hash);
    out[n] = *item;
    if (yz_equal(&hash, &members->content[i].hash, sizeof hash) && parse(&out[n]))
      n++;
    else
      *rule = "content.hash";
  }
  return n;
}
