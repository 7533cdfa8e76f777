/* Cutting own records into segments, batches and keys files, and committing
 * them: FORMAT.md §5 to §10. The store holds all of it before a ref moves, so
 * that the same bytes come out whenever a repository is built again. */
#include "receivers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
  MAX_PLAIN = 2 * 1024 * 1024, /* lines, and contents, of one segment unless one record is larger */
  CUT_SEGMENTS = 64,           /* segments cut and committed at one time */
  LOGS_MAX = 64,               /* own logs of one ledger */
  MEASURE_BLOCKS = 5,          /* for zlib: small blocks, so that little is missing */
  CUT_FULL = 1
};

/* A segment in the making. */
struct cutter {
  const struct yz_station *st;
  const struct yz_log_row *log;
  const struct receivers *to;
  const struct yz_content *words; /* of the log's last record, where they are kept nowhere else */
  struct yz_buf items[AUDIENCES];
  z_stream measure; /* how much it will be, packed */
  size_t lines_len;
  struct yz_place prev, last; /* before its first record; its last */
  int sealed;                 /* segments */
  struct yz_error *err;
};

/* Adds bytes to the measure and returns the packed size so far, of which the last few KiB are
 * missing: to see them each time took a fifth of a first sync. */
static size_t measured(struct cutter *c, const void *bytes, size_t n) {
  unsigned char sink[16384];
  c->measure.next_in = (unsigned char *)(uintptr_t)bytes;
  c->measure.avail_in = (uInt)n;
  do {
    c->measure.next_out = sink;
    c->measure.avail_out = sizeof sink;
    deflate(&c->measure, Z_NO_FLUSH);
  } while (c->measure.avail_out == 0);
  return c->measure.total_out;
}

/* Seals one audience's batch. Its key is kept, to be wrapped anew, by who may open it. */
static int seal_batch(struct cutter *c, int64_t first, enum audience audience) {
  const struct yz_store *store = c->st->store;
  const struct yz_world *world = c->st->world;
  const char *name = audience_name(audience);
  const struct readers *to = &c->to->of[audience];
  unsigned char key[YZ_BATCH_KEY_LEN], nonce[YZ_NONCE_LEN];
  char ref[REF_ROOM], path[YZ_MAX_PATH];
  struct yz_buf batch = {0};

  world->random(world->ctx, key, sizeof key);
  world->random(world->ctx, nonce, sizeof nonce);
  int rc =
      yz_batch_seal(&c->log->id, first, c->last.seq, name, &c->items[audience], key, nonce, &batch);
  if (rc) yz_no_memory(c->err);
  station_ref("refs/heads/", "log", &c->log->id, ref);
  yz_path_of(first, name, path);
  if (!rc)
    rc = store->put_file(store->ctx, &c->log->ledger, ref, path, batch.data, batch.len, c->err);
  yz_path_of(first, "json", path);
  if (!rc)
    rc = receivers_wrap(c->st, c->log, path, &c->log->id, first, audience, key, to->keys, to->n,
                        c->err);
  if (!rc && station_reads(c->st, name))
    rc = store->put_batch_key(store->ctx, &c->log->id, first, name, key, &to->hash, c->err);
  if (!rc) rc = receivers_epoch(c->st, c->log, c->err);
  yz_wipe(key, sizeof key);
  yz_buf_finish(&batch);
  return rc;
}

/* What words there are is wiped: some may be for others alone. */
static void clear_items(struct cutter *c) {
  for (int a = 0; a < AUDIENCES; a++) {
    if (c->items[a].data) yz_wipe(c->items[a].data, c->items[a].len);
    yz_buf_clear(&c->items[a]);
  }
}

/* Closes the segment in the making, if it holds anything, and begins the next. */
static int seal(struct cutter *c) {
  const struct yz_store *store = c->st->store;
  struct yz_buf closing = {0};
  int64_t first = c->prev.seq + 1;

  if (c->last.seq < first) return YZ_OK;
  int rc = yz_segment_closing(&c->log->id, first, &c->prev.id, &c->last, c->st->seed, &closing);
  if (rc) yz_no_memory(c->err);
  const struct yz_segment_row row = {c->log->id, first, c->last.seq, (char *)closing.data,
                                     closing.len};
  if (!rc) rc = store->put_segment(store->ctx, &row, c->err);
  for (enum audience a = 0; !rc && a < AUDIENCES; a++)
    if (c->items[a].len) rc = seal_batch(c, first, a);
  yz_buf_finish(&closing);
  clear_items(c);
  deflateReset(&c->measure);
  c->sealed++;
  c->lines_len = 0;
  c->prev = c->last;
  return rc;
}

static size_t contents_len(const struct yz_stored *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->n_contents; i++) n += r->contents[i].len;
  return n;
}

static size_t items_len(const struct cutter *c) {
  size_t n = 0;
  for (int a = 0; a < AUDIENCES; a++) n += c->items[a].len;
  return n;
}

/* Counts the record in; does the segment still keep its bounds with it? */
static bool fits(struct cutter *c, const struct yz_stored *r) {
  int64_t n = c->last.seq - c->prev.seq;
  size_t packed = measured(c, r->line, r->line_len);

  for (size_t i = 0; i < r->n_contents; i++)
    packed = measured(c, r->contents[i].bytes, r->contents[i].len);
  return n == 0 ||
         (n < YZ_MAX_SEGMENT_RECORDS && packed <= YZ_SEGMENT_PACKED &&
          c->lines_len + r->line_len <= MAX_PLAIN && items_len(c) + contents_len(r) <= MAX_PLAIN);
}

static int add_words(struct cutter *c, int64_t seq, const struct yz_content *words) {
  for (enum audience a = 0; a < AUDIENCES; a++)
    if (strcmp(words->audience, audience_name(a)) == 0 && yz_batch_item(&c->items[a], seq, words))
      return yz_no_memory(c->err);
  return YZ_OK;
}

/* Returns CUT_FULL once CUT_SEGMENTS are sealed, so that memory stays small. */
static int add_record(void *arg, const struct yz_stored *r) {
  struct cutter *c = arg;

  if (!fits(c, r)) {
    int rc = seal(c);
    if (rc || c->sealed == CUT_SEGMENTS) return rc ? rc : CUT_FULL;
    fits(c, r);
  }
  int rc = YZ_OK;
  for (size_t i = 0; !rc && i < r->n_contents; i++) rc = add_words(c, r->seq, &r->contents[i]);
  if (!rc && c->words && r->seq == c->log->head.seq) rc = add_words(c, r->seq, c->words);
  if (rc) return rc;
  c->lines_len += r->line_len + 1;
  c->last = (struct yz_place){r->seq, r->id};
  return YZ_OK;
}

/* The place up to which a log's records lie in segments. */
static int segmented_upto(const struct yz_station *st, const struct yz_log_row *log,
                          struct yz_place *out, struct yz_error *err) {
  const struct yz_store *store = st->store;
  int64_t last = 0;

  *out = (struct yz_place){0, log->hash};
  int rc = store->last_segment(store->ctx, &log->id, &last, err);
  if (rc || last == 0) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  return station_place(st, &log->id, last, out, err);
}

static int cut_log(const struct yz_station *st, const struct yz_log_row *log,
                   const struct receivers *to, const struct yz_content *words, int64_t *records,
                   struct yz_error *err) {
  struct cutter c = {.st = st, .log = log, .to = to, .words = words, .err = err};
  const struct yz_store *store = st->store;
  struct yz_place from;

  int rc = segmented_upto(st, log, &from, err);
  if (rc || from.seq >= log->head.seq) return rc;
  c.prev = c.last = from;
  if (deflateInit2(&c.measure, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS, MEASURE_BLOCKS,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return yz_no_memory(err);
  rc = store->each_line(store->ctx, &log->id, from.seq + 1, 0, true, add_record, &c, err);
  if (rc == YZ_OK) rc = seal(&c);
  deflateEnd(&c.measure);
  clear_items(&c);
  for (int a = 0; a < AUDIENCES; a++) yz_buf_finish(&c.items[a]);
  *records += c.prev.seq - from.seq;
  return rc;
}

int station_cut_now(const struct yz_station *st, const struct yz_ledger_row *ledger,
                    const struct yz_log_row *log, const struct yz_content *words,
                    struct yz_error *err) {
  struct receivers to = {0};
  int64_t records = 0;
  int rc = receivers_init(&to, st, ledger, err), round = CUT_FULL;

  while (!rc && round == CUT_FULL) {
    round = cut_log(st, log, &to, words, &records, err);
    if (round < 0) rc = round;
  }
  receivers_finish(&to);
  return rc;
}

struct own_logs {
  const struct yz_station *st;
  const struct yz_roster *roster;
  const struct yz_id *now; /* which of them is written now */
  struct yz_log_row rows[LOGS_MAX];
  size_t n;
  struct yz_log_row *former; /* the others; at a hub also those whose nodes write no more */
  size_t n_former;
  struct yz_error *err;
};

/* A former hub is gone as one that was revoked is. */
static bool is_former(const struct own_logs *logs, const struct yz_log_row *row) {
  if (row->own) return !yz_equal(&row->id, logs->now, sizeof row->id);
  return logs->st->hub && (row->hub || yz_roster_node_revoked(logs->roster, &row->node));
}

static int keep_log(void *arg, const struct yz_log_row *row) {
  struct own_logs *logs = arg;
  if (row->own && logs->n < LOGS_MAX) logs->rows[logs->n++] = *row;
  if (!is_former(logs, row)) return YZ_OK;
  struct yz_log_row *grown = reallocarray(logs->former, logs->n_former + 1, sizeof *grown);
  if (!grown) return yz_no_memory(logs->err);
  logs->former = grown;
  logs->former[logs->n_former++] = *row;
  return YZ_OK;
}

static int read_logs(const struct yz_ledger_row *ledger, struct own_logs *logs) {
  const struct yz_store *store = logs->st->store;
  struct yz_roster *roster = NULL;
  int rc = logs->st->hub ? yz_station_roster(logs->st, &ledger->id, &roster, logs->err) : YZ_OK;

  logs->roster = roster;
  logs->now = &ledger->own;
  if (!rc) rc = store->each_log(store->ctx, &ledger->id, keep_log, logs, logs->err);
  logs->roster = NULL;
  yz_roster_destroy(roster);
  return rc;
}

/* One round: up to CUT_SEGMENTS segments a log, in one transaction. CUT_FULL: there are more. */
static int cut_round(const struct yz_station *st, const struct yz_ledger_row *ledger,
                     const struct own_logs *logs, const struct receivers *to, int64_t *records,
                     struct yz_error *err) {
  const struct yz_store *store = st->store;
  bool more = false;

  int rc = store->begin(store->ctx, err);
  if (rc) return rc;
  int64_t before = *records;
  for (size_t i = 0; i < logs->n && rc >= 0; i++) {
    rc = cut_log(st, &logs->rows[i], to, NULL, records, err);
    more = more || rc == CUT_FULL;
    if (rc >= 0 && !is_former(logs, &logs->rows[i]))
      rc = receivers_rewrap(to, st, &logs->rows[i], &ledger->own, &more, err);
  }
  for (size_t i = 0; i < logs->n_former && rc >= 0; i++)
    rc = receivers_rewrap(to, st, &logs->former[i], &ledger->own, &more, err);
  /* Those of others once all of one's own are done. */
  if (rc >= 0 && !more) rc = receivers_share(to, st, ledger, &more, err);
  if (rc >= 0) rc = station_put_ack(st, ledger, *records > before, err);
  rc = station_end(st, rc, err);
  return rc ? rc : more ? CUT_FULL : YZ_OK;
}

/* All of it is opened before any of their keys/ are emptied: one may hold the keys of another's. */
static int erase_former(const struct yz_station *st, struct yz_ledger *git,
                        const struct yz_ledger_row *ledger, const struct own_logs *logs,
                        int64_t epoch, bool *any, struct yz_error *err) {
  bool *done = calloc(logs->n_former + 1, sizeof *done);
  int rc = done ? YZ_OK : yz_no_memory(err);

  for (size_t i = 0; !rc && i < logs->n_former; i++)
    rc = station_erase_former(st, git, ledger, &logs->former[i], epoch, &done[i], err);
  for (size_t i = 0; !rc && i < logs->n_former; i++) {
    if (done[i]) continue;
    rc = station_empty_keys(st, &logs->former[i], epoch, err);
    *any = true;
  }
  free(done);
  return rc;
}

/* Words that were erased since: out of what travels, and the keys that opened it gone. */
static int erase_all(const struct yz_station *st, struct yz_ledger *git,
                     const struct yz_ledger_row *ledger, const struct own_logs *logs,
                     const struct receivers *to, struct yz_error *err) {
  const struct yz_store *store = st->store;
  bool begun, any = false;
  int64_t epoch = 0;

  int rc = store->begin(store->ctx, err);
  if (rc) return rc;
  rc = store->count_erased(store->ctx, &ledger->id, &epoch, err);
  if (!rc && epoch > 0) rc = erase_former(st, git, ledger, logs, epoch, &any, err);
  for (size_t i = 0; !rc && epoch > 0 && i < logs->n; i++) {
    if (is_former(logs, &logs->rows[i])) continue;
    rc = station_erase_log(st, &logs->rows[i], to, epoch, &begun, err);
    any = any || begun;
  }
  if (!rc && any) rc = receivers_share_anew(st, ledger, err);
  if (!rc && any) rc = station_mark_prune(st, &ledger->id, true, err);
  return station_end(st, rc, err);
}

static int publish_all(const struct yz_station *st, struct yz_ledger *git,
                       const struct own_logs *logs, struct yz_error *err) {
  int rc = YZ_OK;
  for (size_t i = 0; !rc && i < logs->n_former; i++)
    rc = station_publish_emptied(st, git, &logs->former[i], err);
  for (size_t i = 0; !rc && i < logs->n; i++)
    rc = station_publish_log(st, git, &logs->rows[i], err);
  return rc;
}

int yz_cut(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
           int64_t *records, struct yz_error *err) {
  struct own_logs *logs = calloc(1, sizeof *logs);
  struct receivers to = {0};
  int rc, round = CUT_FULL;

  *records = 0;
  if (logs) *logs = (struct own_logs){.st = st, .err = err};
  rc = logs ? read_logs(ledger, logs) : yz_no_memory(err);
  if (!rc) rc = station_mend(st, git, ledger, err);
  if (!rc) rc = receivers_init(&to, st, ledger, err);
  /* What an earlier run cut and did not publish, so that no more than one round waits. */
  if (!rc) rc = publish_all(st, git, logs, err);
  if (!rc) rc = erase_all(st, git, ledger, logs, &to, err);
  /* Before anyone else has joined there is nobody to send to, and no key to seal to. */
  while (!rc && round == CUT_FULL && (!st->hub || to.of[FOR_VILLAGE].n > 1)) {
    round = cut_round(st, ledger, logs, &to, records, err);
    rc = round < 0 ? round : publish_all(st, git, logs, err);
  }
  receivers_finish(&to);
  if (logs) free(logs->former);
  free(logs);
  return rc;
}
