/* Keys of batches that others made, wrapped anew for who came later: FORMAT.md §7. A PC that
 * replaces another reads so what the lost one wrote, though that one wraps nothing any more.
 *
 * Each log is gone through once for each set of receivers of an audience: meta "shared.<log id>",
 * "shared.township.<log id>" says for which set ("<hash>"), and up to which record. */
#include "receivers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  LOOKED_MAX = 1024, /* segments looked at, and keys wrapped, at one time */
  SHARED_MAX = 256,
  NAME_ROOM = sizeof "shared.township." + YZ_ID_HEX,
  MARK_ROOM = YZ_HASH_HEX + 32
};

struct share {
  const struct readers *to;
  enum audience audience;
  const struct yz_station *st;
  const struct yz_ledger_row *ledger;
  struct yz_log_row *logs; /* of the ledger */
  size_t n;
  const struct yz_log_row *log; /* whose batches these are */
  struct erased erased;         /* of that log */
  bool *has;                    /* by receiver: a key that this one can rely on */
  struct yz_key *lacking;
  size_t looked, shared;
  int64_t last; /* as far as the log was gone through */
  struct yz_error *err;
};

static int mark_file(struct share *s, const struct yz_id *whose, const char *path, int64_t first) {
  const struct yz_store *store = s->st->store;
  char ref[REF_ROOM];
  struct yz_buf keys = {0};

  station_ref("refs/heads/", "keys", whose, ref);
  int rc = store->get_file(store->ctx, &s->ledger->id, ref, path, &keys, s->err);
  if (!rc)
    yz_keys_mark((char *)keys.data, keys.len, &s->log->id, first, audience_name(s->audience),
                 s->to->keys, s->to->n, s->has);
  yz_buf_finish(&keys);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* A hub that has a successor may be in wrong hands: it is not relied on. */
static bool former(const struct share *s, const struct yz_log_row *log) {
  return log->hub && !yz_equal(&log->node, &s->ledger->hub, sizeof log->node);
}

/* Who has a key already: from the author, from this node's earlier logs, from the hub. What
 * other nodes say is not relied on, so that none can keep a key from anyone by a false one.
 * Then *lacking: whom the present log's file must name; *any: it does not name all of them. */
static int find_lacking(struct share *s, int64_t first, size_t *lacking, bool *any) {
  char path[YZ_MAX_PATH];

  memset(s->has, 0, s->to->n * sizeof *s->has);
  yz_path_of(first, "json", path);
  int rc = former(s, s->log) ? YZ_OK : mark_file(s, &s->log->id, path, first);
  yz_path_of_other(&s->log->id, first, "json", path);
  for (size_t i = 0; !rc && i < s->n; i++)
    if ((s->logs[i].own || s->logs[i].hub) && !former(s, &s->logs[i]) &&
        !yz_equal(&s->logs[i].id, &s->ledger->own, sizeof s->ledger->own))
      rc = mark_file(s, &s->logs[i].id, path, first);
  *lacking = 0;
  for (size_t i = 0; i < s->to->n; i++)
    if (!s->has[i]) s->lacking[(*lacking)++] = s->to->keys[i];
  if (!rc) rc = mark_file(s, &s->ledger->own, path, first);
  *any = false;
  for (size_t i = 0; i < s->to->n; i++) *any = *any || !s->has[i];
  return rc;
}

static int put_shared(struct share *s, int64_t first, const unsigned char *key, size_t lacking) {
  const struct yz_log_row own = {.id = s->ledger->own, .ledger = s->ledger->id};
  char path[YZ_MAX_PATH];

  yz_path_of_other(&s->log->id, first, "json", path);
  int rc = receivers_wrap(s->st, &own, path, &s->log->id, first, s->audience, key, s->lacking,
                          lacking, s->err);
  if (!rc) rc = receivers_epoch(s->st, &own, s->err);
  s->shared++;
  return rc;
}

/* 1: enough for this time. A batch that does not open here is for others to share. */
static int share_segment(void *arg, const struct yz_segment_row *row) {
  struct share *s = arg;
  unsigned char key[YZ_BATCH_KEY_LEN];
  struct yz_buf items = {0};
  struct yz_error why = {0};
  size_t lacking;
  bool any;

  if (s->looked == LOOKED_MAX || s->shared == SHARED_MAX) return 1;
  s->looked++;
  int rc = find_lacking(s, row->first, &lacking, &any);
  if (!rc && any) {
    rc = contents_unseal(s->st, &s->ledger->id, &s->log->id, row->first, row->last, s->audience,
                         key, &items, &why);
    if (rc == YZ_OK) /* a batch that holds what is erased waits for its author's new one */
      rc = erased_held(&s->erased, &items) ? YZ_OK : put_shared(s, row->first, key, lacking);
    else if (rc == YZ_E_NOT_FOUND || rc == YZ_E_KEY || rc == YZ_E_FORMAT || rc == YZ_E_LIMIT ||
             rc == YZ_E_VERSION)
      rc = YZ_OK;
    else
      rc = yz_fail(s->err, rc, why.message, "%s", why.subject);
  }
  yz_wipe(key, sizeof key);
  if (items.data) yz_wipe(items.data, items.len);
  yz_buf_finish(&items);
  s->last = row->last;
  return rc;
}

static void mark_name(const struct yz_id *log, enum audience audience, char out[static NAME_ROOM]) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, hex);
  snprintf(out, NAME_ROOM, "shared.%s%s", audience == FOR_TOWNSHIP ? "township." : "", hex);
}

/* As far as the log was gone through for these receivers; 0: not at all. */
static int read_mark(struct share *s, int64_t *last) {
  const struct yz_store *store = s->st->store;
  char name[NAME_ROOM], hash[YZ_HASH_HEX + 1];
  struct yz_buf mark = {0};

  *last = 0;
  mark_name(&s->log->id, s->audience, name);
  yz_to_hex(s->to->hash.bytes, YZ_HASH_LEN, hash);
  int rc = store->get_meta(store->ctx, name, &mark, s->err);
  if (!rc && mark.len > YZ_HASH_HEX && memcmp(mark.data, hash, YZ_HASH_HEX) == 0)
    *last = strtoll((char *)mark.data + YZ_HASH_HEX, NULL, 10);
  yz_buf_finish(&mark);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

static int write_mark(struct share *s) {
  const struct yz_store *store = s->st->store;
  char name[NAME_ROOM], hash[YZ_HASH_HEX + 1], mark[MARK_ROOM];

  mark_name(&s->log->id, s->audience, name);
  yz_to_hex(s->to->hash.bytes, YZ_HASH_LEN, hash);
  int n = snprintf(mark, sizeof mark, "%s %lld", hash, (long long)s->last);
  return store->put_meta(store->ctx, name, mark, (size_t)n, s->err);
}

static int share_log(struct share *s, bool *more) {
  const struct yz_store *store = s->st->store;
  int64_t before;

  int rc = read_mark(s, &before);
  if (rc) return rc;
  s->last = before;
  rc = erased_read(s->st, &s->log->id, &s->erased, s->err);
  if (!rc) rc = store->each_segment(store->ctx, &s->log->id, before + 1, share_segment, s, s->err);
  erased_finish(&s->erased);
  if (rc < 0) return rc;
  *more = *more || rc == 1;
  return s->last == before ? YZ_OK : write_mark(s);
}

static int keep_log(void *arg, const struct yz_log_row *row) {
  struct share *s = arg;
  struct yz_log_row *grown = realloc(s->logs, (s->n + 1) * sizeof *grown);

  if (!grown) return yz_no_memory(s->err);
  s->logs = grown;
  s->logs[s->n++] = *row;
  return YZ_OK;
}

static int share_for(const struct readers *to, enum audience audience, const struct yz_station *st,
                     const struct yz_ledger_row *ledger, bool *more, struct yz_error *err) {
  struct share s = {.to = to, .audience = audience, .st = st, .ledger = ledger, .err = err};

  s.has = calloc(to->n + 1, sizeof *s.has);
  s.lacking = calloc(to->n + 1, sizeof *s.lacking);
  int rc = s.has && s.lacking ? st->store->each_log(st->store->ctx, &ledger->id, keep_log, &s, err)
                              : yz_no_memory(err);
  for (size_t i = 0; !rc && i < s.n; i++) {
    s.log = &s.logs[i];
    if (!yz_equal(&s.log->id, &ledger->own, sizeof ledger->own)) rc = share_log(&s, more);
  }
  free(s.logs);
  free(s.lacking);
  free(s.has);
  return rc;
}

int receivers_share(const struct receivers *to, const struct yz_station *st,
                    const struct yz_ledger_row *ledger, bool *more, struct yz_error *err) {
  int rc = YZ_OK;
  for (enum audience a = 0; !rc && a < AUDIENCES; a++)
    if (station_reads(st, audience_name(a))) rc = share_for(&to->of[a], a, st, ledger, more, err);
  return rc;
}

struct forgetting {
  const struct yz_station *st;
  struct yz_error *err;
};

static int forget_mark(void *arg, const struct yz_log_row *row) {
  struct forgetting *f = arg;
  char name[NAME_ROOM];
  int rc = YZ_OK;

  for (enum audience a = 0; !rc && a < AUDIENCES; a++) {
    mark_name(&row->id, a, name);
    rc = f->st->store->put_meta(f->st->store->ctx, name, "", 0, f->err);
  }
  return rc;
}

int receivers_share_anew(const struct yz_station *st, const struct yz_ledger_row *ledger,
                         struct yz_error *err) {
  return st->store->each_log(st->store->ctx, &ledger->id, forget_mark,
                             &(struct forgetting){st, err}, err);
}
