/* What arrived and could not be accepted. Of each ledger bytes are kept up to a cap: its row that
 * was put last knows how much all of them together keep. */
#include "db.h"

/* Of one ledger: the bytes that are kept, and all with what an entry takes by itself. Whoever
 * brings more than that has shown what they are. */
enum { QUARANTINE_MAX = 8 * 1024 * 1024, QUARANTINE_ALL = 4 * QUARANTINE_MAX, ENTRY = 256 };

static int put_refused(void *ctx, const struct yz_refused *e, struct yz_error *err) {
  static const char KEPT[] = "SELECT kept FROM refused WHERE ledger=? ORDER BY number DESC LIMIT 1";
  static const char SQL[] =
      "INSERT INTO refused(ledger, log, seq, rule, hash, ref, bytes, kept, at_ms)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(hash, rule, log, seq) DO NOTHING";
  struct store *s = ctx;
  int64_t kept;
  int rc = db_number(s, KEPT, ARGS(db_id(&e->ledger)), 0, &kept, err);
  if (rc != 0) return rc;
  kept += ENTRY;
  if (kept > QUARANTINE_ALL) return 0;
  bool fits = e->bytes != NULL && (int64_t)e->len <= QUARANTINE_MAX - kept;
  rc = db_run(
      s, SQL,
      ARGS(db_id(&e->ledger), db_id(&e->log), db_int(e->seq), db_text(e->rule), db_hash(&e->hash),
           db_text(e->ref != NULL ? e->ref : ""), fits ? db_blob(e->bytes, e->len) : db_null(),
           db_int(kept + (fits ? (int64_t)e->len : 0)), db_int(s->world->now_ms(s->world->ctx))),
      err);
  return rc == 0 && db_changed(s) ? 1 : rc;
}

struct walk {
  int (*fn)(void *arg, const struct refused_row *row);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct refused_row r = {
      .number = sqlite3_column_int64(row, 0),
      .entry = {.seq = sqlite3_column_int64(row, 3),
                .rule = db_get_text(row, 4),
                .ref = db_get_text(row, 6),
                .bytes = sqlite3_column_blob(row, 7),
                .len = (size_t)sqlite3_column_bytes(row, 7)},
      .at_ms = sqlite3_column_int64(row, 8),
      .released = sqlite3_column_int(row, 9) != 0,
  };
  db_get_blob(row, 1, r.entry.ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 2, r.entry.log.bytes, YZ_ID_LEN);
  db_get_blob(row, 5, r.entry.hash.bytes, YZ_HASH_LEN);
  return w->fn(w->arg, &r);
}

int store_each_refused(struct store *s, int (*fn)(void *arg, const struct refused_row *row),
                       void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT number, ledger, log, seq, rule, hash, ref, bytes, at_ms,"
                            " released FROM refused ORDER BY number";
  return db_each(s, SQL, NULL, 0, hand_on, &(struct walk){fn, arg}, err);
}

int store_release_refused(struct store *s, int64_t number, struct yz_error *err) {
  static const char SQL[] = "UPDATE refused SET released=1 WHERE number=?";
  int rc = db_run(s, SQL, ARGS(db_int(number)), err);
  if (rc != 0 || db_changed(s)) return rc;
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("There is nothing of this number in quarantine. List what is there."),
                 "%lld", (long long)number);
}

void quarantine_fill(struct yz_store *table) {
  table->put_refused = put_refused;
}
