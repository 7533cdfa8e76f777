/* Whom batch keys are wrapped to, and wrapping them anew for who was granted later. */
#include "receivers.h"
#include <stdlib.h>
#include <string.h>

enum { STALE_MAX = 256 }; /* keys wrapped anew at one time */

static int by_bytes(const void *a, const void *b) {
  return memcmp(a, b, sizeof(struct yz_key));
}

static void add_receiver(struct readers *to, const struct yz_key *key) {
  static const struct yz_key none;
  if (memcmp(key, &none, sizeof none) == 0) return;
  for (size_t i = 0; i < to->n; i++)
    if (memcmp(&to->keys[i], key, sizeof *key) == 0) return;
  to->keys[to->n++] = *key;
}

void receivers_finish(struct receivers *to) {
  for (int a = 0; a < AUDIENCES; a++) free(to->of[a].keys);
  *to = (struct receivers){0};
}

static void seal_list(struct readers *to) {
  qsort(to->keys, to->n, sizeof *to->keys, by_bytes);
  const struct yz_part part = {to->keys, to->n * sizeof *to->keys};
  yz_sha256(&part, 1, &to->hash);
}

static int list_readers(struct receivers *to, const struct yz_station *st,
                        const struct yz_ledger_row *ledger, const struct yz_roster *roster,
                        const struct yz_key *granted, size_t n, struct yz_error *err) {
  struct readers *village = &to->of[FOR_VILLAGE], *township = &to->of[FOR_TOWNSHIP];
  struct yz_key recovery;

  village->keys = calloc(n + 2, sizeof *village->keys);
  township->keys = calloc(3, sizeof *township->keys);
  if (!village->keys || !township->keys) return yz_no_memory(err);
  add_receiver(village, &st->box_key);
  if (st->hub) add_receiver(township, &st->box_key);
  /* The pinned hub's, before its log has come; not one's that has a successor. */
  if (yz_equal(yz_roster_hub(roster), &ledger->hub, sizeof ledger->hub)) {
    add_receiver(village, &ledger->hub_box);
    add_receiver(township, &ledger->hub_box);
  }
  if (yz_roster_recovery_box(roster, &recovery)) add_receiver(township, &recovery);
  for (size_t i = 0; i < n; i++) add_receiver(village, &granted[i]);
  seal_list(village);
  seal_list(township);
  return YZ_OK;
}

int receivers_init(struct receivers *to, const struct yz_station *st,
                   const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct yz_key *granted = NULL;
  size_t n = 0;

  *to = (struct receivers){0};
  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  if (!rc && yz_roster_receivers(roster, &granted, &n)) rc = yz_no_memory(err);
  if (!rc) rc = list_readers(to, st, ledger, roster, granted, n, err);
  free(granted);
  yz_roster_destroy(roster);
  return rc;
}

int receivers_before(const struct yz_station *st, const struct yz_log_row *log, const char *path,
                     struct yz_buf *out, struct yz_error *err) {
  char ref[REF_ROOM];

  station_ref("refs/heads/", "keys", &log->id, ref);
  int rc = st->store->get_file(st->store->ctx, &log->ledger, ref, path, out, err);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

int receivers_wrap(const struct yz_station *st, const struct yz_log_row *own, const char *path,
                   const struct yz_id *log, int64_t first, enum audience audience,
                   const unsigned char key[YZ_BATCH_KEY_LEN], const struct yz_key *to, size_t n,
                   struct yz_error *err) {
  const struct yz_store *store = st->store;
  char ref[REF_ROOM];
  struct yz_buf before = {0}, keys = {0};

  station_ref("refs/heads/", "keys", &own->id, ref);
  int rc = receivers_before(st, own, path, &before, err);
  if (!rc) rc = yz_keys_write(log, first, &before, audience_name(audience), key, to, n, &keys, err);
  if (!rc) rc = store->put_file(store->ctx, &own->ledger, ref, path, keys.data, keys.len, err);
  yz_buf_finish(&before);
  yz_buf_finish(&keys);
  return rc;
}

/* Batch keys that were wrapped to others than they should be now. */
struct stale {
  struct yz_secret *keys;
  int64_t first[STALE_MAX];
  size_t n;
};

static int keep_stale(void *arg, int64_t first, const unsigned char key[YZ_BATCH_KEY_LEN]) {
  struct stale *s = arg;
  if (s->n == STALE_MAX) return YZ_OK;
  memcpy(s->keys->bytes + s->n * YZ_BATCH_KEY_LEN, key, YZ_BATCH_KEY_LEN);
  s->first[s->n++] = first;
  return YZ_OK;
}

static int rewrap_one(const struct yz_station *st, const struct yz_log_row *log,
                      const struct yz_id *whose, int64_t first, enum audience audience,
                      const unsigned char *key, const struct readers *to, struct yz_error *err) {
  const struct yz_log_row in = {.id = *whose, .ledger = log->ledger};
  const struct yz_store *store = st->store;
  char path[YZ_MAX_PATH];

  if (yz_equal(whose, &log->id, sizeof *whose))
    yz_path_of(first, "json", path);
  else
    yz_path_of_other(&log->id, first, "json", path);
  int rc = receivers_wrap(st, &in, path, &log->id, first, audience, key, to->keys, to->n, err);
  return rc ? rc
            : store->put_batch_key(store->ctx, &log->id, first, audience_name(audience), key,
                                   &to->hash, err);
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

static int rewrap_for(const struct readers *to, enum audience audience, const struct yz_station *st,
                      const struct yz_log_row *log, const struct yz_id *keys, bool *more,
                      struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct stale stale = {.keys = yz_secret_create(STALE_MAX * YZ_BATCH_KEY_LEN)};

  if (!stale.keys) return yz_no_memory(err);
  int rc = store->each_stale_batch_key(store->ctx, &log->id, audience_name(audience), &to->hash,
                                       keep_stale, &stale, err);
  for (size_t i = 0; !rc && i < stale.n; i++)
    rc = rewrap_one(st, log, keys, stale.first[i], audience,
                    stale.keys->bytes + i * YZ_BATCH_KEY_LEN, to, err);
  yz_secret_destroy(stale.keys);
  *more = *more || stale.n == STALE_MAX;
  return rc;
}

int receivers_rewrap(const struct receivers *to, const struct yz_station *st,
                     const struct yz_log_row *log, const struct yz_id *keys, bool *more,
                     struct yz_error *err) {
  int rc = YZ_OK;
  for (enum audience a = 0; !rc && a < AUDIENCES; a++)
    rc = rewrap_for(&to->of[a], a, st, log, keys, more, err);
  return rc;
}
