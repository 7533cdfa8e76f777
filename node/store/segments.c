/* Segments of all logs, and the keys of batches that this node made. */
#include "db.h"

static int put_segment(void *ctx, const struct yz_segment_row *r, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO segment(log, first, last, closing)"
      " VALUES((SELECT n FROM log WHERE id=?1), ?2, ?3, ?4)"
      " ON CONFLICT(log, first) DO UPDATE SET last=excluded.last, closing=excluded.closing";
  return db_run(
      ctx, SQL,
      ARGS(db_id(&r->log), db_int(r->first), db_int(r->last), db_chars(r->closing, r->closing_len)),
      err);
}

static int last_segment(void *ctx, const struct yz_id *log, int64_t *out, struct yz_error *err) {
  static const char SQL[] = "SELECT last FROM segment WHERE log=(SELECT n FROM log WHERE id=?1)"
                            " ORDER BY first DESC LIMIT 1";
  sqlite3_stmt *row;
  int rc = db_first(ctx, SQL, ARGS(db_id(log)), &row, err);
  if (rc == 0) *out = sqlite3_column_int64(row, 0);
  db_give(ctx, row);
  return rc;
}

struct walk {
  const struct yz_id *log;
  int (*fn)(void *arg, const struct yz_segment_row *row);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct yz_segment_row r = {
      .log = *w->log,
      .first = sqlite3_column_int64(row, 0),
      .last = sqlite3_column_int64(row, 1),
      .closing = db_get_text(row, 2),
      .closing_len = (size_t)sqlite3_column_bytes(row, 2),
  };
  return w->fn(w->arg, &r);
}

/* Segments are consecutive, so all that end at `from` or later begin at or after
 * the last one that begins no later than it. */
static int each_segment(void *ctx, const struct yz_id *log, int64_t from,
                        int (*fn)(void *arg, const struct yz_segment_row *row), void *arg,
                        struct yz_error *err) {
  static const char SQL[] =
      "SELECT first, last, closing FROM segment WHERE log=(SELECT n FROM log WHERE id=?1)"
      " AND first>=coalesce((SELECT max(first) FROM segment"
      "  WHERE log=(SELECT n FROM log WHERE id=?1) AND first<=?2), 0)"
      " AND last>=?2 ORDER BY first";
  return db_each(ctx, SQL, ARGS(db_id(log), db_int(from)), hand_on, &(struct walk){log, fn, arg},
                 err);
}

static int each_loose_segment(void *ctx, const struct yz_id *log,
                              int (*fn)(void *arg, const struct yz_segment_row *row), void *arg,
                              struct yz_error *err) {
  static const char SQL[] =
      "SELECT first, last, closing FROM segment WHERE log=(SELECT n FROM log WHERE id=?1)"
      " AND git_commit IS NULL ORDER BY first";
  return db_each(ctx, SQL, ARGS(db_id(log)), hand_on, &(struct walk){log, fn, arg}, err);
}

static int put_batch_key(void *ctx, const struct yz_id *log, int64_t first, const char *audience,
                         const unsigned char key[YZ_BATCH_KEY_LEN], const struct yz_hash *receivers,
                         struct yz_error *err) {
  static const char SQL[] = "INSERT INTO batch_key(log, first, audience, key, receivers)"
                            " VALUES((SELECT n FROM log WHERE id=?1), ?2, ?3, ?4, ?5)"
                            " ON CONFLICT(log, first, audience) DO UPDATE SET key=?4, receivers=?5";
  return db_run(ctx, SQL,
                ARGS(db_id(log), db_int(first), db_text(audience), db_blob(key, YZ_BATCH_KEY_LEN),
                     db_hash(receivers)),
                err);
}

static int drop_batch_keys(void *ctx, const struct yz_id *log, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM batch_key WHERE log=(SELECT n FROM log WHERE id=?)";
  return db_run(ctx, SQL, ARGS(db_id(log)), err);
}

struct key_walk {
  int (*fn)(void *arg, int64_t first, const unsigned char key[YZ_BATCH_KEY_LEN]);
  void *arg;
};

static int hand_key(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct key_walk *w = arg;
  unsigned char key[YZ_BATCH_KEY_LEN];
  db_get_blob(row, 1, key, sizeof key);
  int rc = w->fn(w->arg, sqlite3_column_int64(row, 0), key);
  yz_wipe(key, sizeof key);
  return rc;
}

static int each_stale_batch_key(void *ctx, const struct yz_id *log, const char *audience,
                                const struct yz_hash *receivers,
                                int (*fn)(void *arg, int64_t first,
                                          const unsigned char key[YZ_BATCH_KEY_LEN]),
                                void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT first, key FROM batch_key WHERE log=(SELECT n FROM log WHERE id=?1)"
      " AND audience=?2 AND receivers<>?3 ORDER BY first";
  return db_each(ctx, SQL, ARGS(db_id(log), db_text(audience), db_hash(receivers)), hand_key,
                 &(struct key_walk){fn, arg}, err);
}

void segments_fill(struct yz_store *table) {
  table->put_segment = put_segment;
  table->last_segment = last_segment;
  table->each_segment = each_segment;
  table->each_loose_segment = each_loose_segment;
  table->put_batch_key = put_batch_key;
  table->drop_batch_keys = drop_batch_keys;
  table->each_stale_batch_key = each_stale_batch_key;
}
