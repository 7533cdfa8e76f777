/* Whom batch keys are wrapped to, and wrapping them anew for who was granted later. */
#include "receivers.h"
#include <stdlib.h>
#include <string.h>

enum { STALE_MAX = 256 }; /* keys wrapped anew at one time */

static int by_bytes(const void *a, const void *b) {
  return memcmp(a, b, sizeof(struct yz_key));
}

static void add_receiver(struct receivers *to, const struct yz_key *key) {
  static const struct yz_key none;
  if (memcmp(key, &none, sizeof none) == 0) return;
  for (size_t i = 0; i < to->n; i++)
    if (memcmp(&to->keys[i], key, sizeof *key) == 0) return;
  to->keys[to->n++] = *key;
}

void receivers_finish(struct receivers *to) {
  free(to->keys);
  *to = (struct receivers){0};
}

int receivers_init(struct receivers *to, const struct yz_station *st,
                   const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_key *granted = NULL;
  size_t n = 0;

  *to = (struct receivers){0};
  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  if (!rc && yz_roster_receivers(roster, &granted, &n)) rc = yz_no_memory(err);
  if (!rc && !(to->keys = calloc(n + 2, sizeof *to->keys))) rc = yz_no_memory(err);
  if (!rc) {
    add_receiver(to, &st->box_key);
    /* The pinned hub's, before its log has come; not one's that has a successor. */
    if (yz_equal(yz_roster_hub(roster), &ledger->hub, sizeof ledger->hub))
      add_receiver(to, &ledger->hub_box);
    for (size_t i = 0; i < n; i++) add_receiver(to, &granted[i]);
    qsort(to->keys, to->n, sizeof *to->keys, by_bytes);
    const struct yz_part part = {to->keys, to->n * sizeof *to->keys};
    yz_sha256(&part, 1, &to->hash);
  }
  free(granted);
  yz_roster_destroy(roster);
  return rc;
}

/* Batch keys that were wrapped to others than they should be now. */
struct stale {
  struct yz_secret *keys;
  int64_t first[STALE_MAX];
  size_t n;
};

static int keep_stale(void *arg, int64_t first, const char *audience,
                      const unsigned char key[YZ_BATCH_KEY_LEN]) {
  struct stale *s = arg;
  if (s->n == STALE_MAX || strcmp(audience, VILLAGE_AUDIENCE) != 0) return YZ_OK;
  memcpy(s->keys->bytes + s->n * YZ_BATCH_KEY_LEN, key, YZ_BATCH_KEY_LEN);
  s->first[s->n++] = first;
  return YZ_OK;
}

static int rewrap_one(const struct yz_station *st, const struct yz_log_row *log, int64_t first,
                      const unsigned char *key, const struct receivers *to, struct yz_error *err) {
  const struct yz_store *store = st->store;
  char ref[REF_ROOM], path[YZ_MAX_PATH];
  struct yz_buf keys = {0};

  station_ref("refs/heads/", "keys", &log->id, ref);
  yz_path_of(first, "json", path);
  int rc = yz_keys_write(&log->id, first, VILLAGE_AUDIENCE, key, to->keys, to->n, &keys, err);
  if (!rc) rc = store->put_file(store->ctx, &log->ledger, ref, path, keys.data, keys.len, err);
  if (!rc)
    rc = store->put_batch_key(store->ctx, &log->id, first, VILLAGE_AUDIENCE, key, &to->hash, err);
  yz_buf_finish(&keys);
  return rc;
}

int receivers_epoch(const struct yz_station *st, const struct yz_log_row *log,
                    struct yz_error *err) {
  const struct yz_store *store = st->store;
  char ref[REF_ROOM];
  struct yz_buf epoch = {0};
  int64_t n = 0;

  station_ref("refs/heads/", "keys", &log->id, ref);
  int rc = store->get_file(store->ctx, &log->ledger, ref, "epoch.json", &epoch, err);
  if (rc == YZ_E_NOT_FOUND) {
    rc = store->count_erased(store->ctx, &log->ledger, &n, err);
    if (!rc && yz_epoch_write(&log->id, n, &epoch)) rc = yz_no_memory(err);
    if (!rc)
      rc = store->put_file(store->ctx, &log->ledger, ref, "epoch.json", epoch.data, epoch.len, err);
  }
  yz_buf_finish(&epoch);
  return rc;
}

int receivers_rewrap(const struct receivers *to, const struct yz_station *st,
                     const struct yz_log_row *log, bool *more, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct stale stale = {.keys = yz_secret_create(STALE_MAX * YZ_BATCH_KEY_LEN)};

  if (!stale.keys) return yz_no_memory(err);
  int rc = store->each_stale_batch_key(store->ctx, &log->id, &to->hash, keep_stale, &stale, err);
  for (size_t i = 0; !rc && i < stale.n; i++)
    rc = rewrap_one(st, log, stale.first[i], stale.keys->bytes + i * YZ_BATCH_KEY_LEN, to, err);
  yz_secret_destroy(stale.keys);
  *more = *more || stale.n == STALE_MAX;
  return rc;
}
