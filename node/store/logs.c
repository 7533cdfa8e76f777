/* Logs and the acknowledgements of their writers. */
#include "effects.h"
#include <string.h>

#define COLUMNS "id, ledger, hash, node, box, incarnation, own, hub, old, letter, head_seq, head_id"

static void read_row(sqlite3_stmt *row, struct yz_log_row *out) {
  *out = (struct yz_log_row){
      .own = sqlite3_column_int(row, 6) != 0,
      .hub = sqlite3_column_int(row, 7) != 0,
      .old = sqlite3_column_int(row, 8) != 0,
      .head = {.seq = sqlite3_column_int64(row, 10)},
  };
  db_get_blob(row, 0, out->id.bytes, YZ_ID_LEN);
  db_get_blob(row, 1, out->ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 2, out->hash.bytes, YZ_HASH_LEN);
  db_get_blob(row, 3, out->node.bytes, YZ_KEY_LEN);
  db_get_blob(row, 4, out->box.bytes, YZ_KEY_LEN);
  db_get_blob(row, 5, out->incarnation.bytes, YZ_ID_LEN);
  db_get_chars(row, 9, out->letter, sizeof out->letter);
  db_get_blob(row, 11, out->head.id.bytes, YZ_HASH_LEN);
}

static int get_log(void *ctx, const struct yz_id *id, struct yz_log_row *out,
                   struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM log WHERE id=?";
  sqlite3_stmt *row;
  int rc = db_first(ctx, SQL, ARGS(db_id(id)), &row, err);
  if (rc == 0) read_row(row, out);
  db_give(ctx, row);
  return rc;
}

static int write_row(struct store *s, const struct yz_log_row *r, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO log(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
      " ON CONFLICT(id) DO UPDATE SET ledger=?2, hash=?3, node=?4, box=?5, incarnation=?6, own=?7,"
      " hub=?8, old=?9, letter=?10, head_seq=?11, head_id=?12";
  return db_run(s, SQL,
                ARGS(db_id(&r->id), db_id(&r->ledger), db_hash(&r->hash), db_key(&r->node),
                     db_key(&r->box), db_id(&r->incarnation), db_int(r->own), db_int(r->hub),
                     db_int(r->old), db_text(r->letter), db_int(r->head.seq), db_hash(&r->head.id)),
                err);
}

/* The head moves with every record, all else hardly ever. */
static int move_head(struct store *s, const struct yz_log_row *r, struct yz_error *err) {
  static const char SQL[] = "UPDATE log SET head_seq=?2, head_id=?3 WHERE id=?1";
  return db_run(s, SQL, ARGS(db_id(&r->id), db_int(r->head.seq), db_hash(&r->head.id)), err);
}

static bool same_but_head(const struct yz_log_row *a, const struct yz_log_row *b) {
  return yz_equal(&a->ledger, &b->ledger, sizeof a->ledger) &&
         yz_equal(&a->hash, &b->hash, sizeof a->hash) &&
         yz_equal(&a->node, &b->node, sizeof a->node) &&
         yz_equal(&a->box, &b->box, sizeof a->box) &&
         yz_equal(&a->incarnation, &b->incarnation, sizeof a->incarnation) && a->own == b->own &&
         a->hub == b->hub && a->old == b->old && strcmp(a->letter, b->letter) == 0;
}

/* A log that moves to another ledger (a village alone has joined) takes its cases and
 * households along: those it leaves and those it comes to are folded anew. */
static int put_log(void *ctx, const struct yz_log_row *r, struct yz_error *err) {
  struct yz_log_row before;
  int rc = get_log(ctx, &r->id, &before, err);
  if (rc == YZ_E_NOT_FOUND) return write_row(ctx, r, err);
  if (rc != 0) return rc;
  if (same_but_head(&before, r)) return move_head(ctx, r, err);
  bool moved = !yz_equal(&before.ledger, &r->ledger, sizeof r->ledger);
  if (moved) rc = effects_mark_log(ctx, &r->id, 1, err);
  if (rc == 0) rc = write_row(ctx, r, err);
  if (rc != 0 || (!moved && before.hub == r->hub)) return rc;
  rc = effects_place_names(ctx, r, err);
  if (rc == 0) rc = erased_place(ctx, r, err);
  if (rc == 0) rc = effects_mark_log(ctx, &r->id, 1, err);
  return rc == 0 && before.hub != r->hub ? effects_mark_order(ctx, &r->ledger, err) : rc;
}

struct walk {
  int (*fn)(void *arg, const struct yz_log_row *row);
  void *arg;
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  struct yz_log_row log;
  read_row(row, &log);
  return w->fn(w->arg, &log);
}

static int each_log(void *ctx, const struct yz_id *ledger,
                    int (*fn)(void *arg, const struct yz_log_row *row), void *arg,
                    struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM log WHERE ledger=? ORDER BY n";
  return db_each(ctx, SQL, ARGS(db_id(ledger)), hand_on, &(struct walk){fn, arg}, err);
}

static int get_ack(void *ctx, const struct yz_id *log, struct yz_buf *line, struct yz_error *err) {
  static const char SQL[] = "SELECT line FROM ack WHERE log=?";
  sqlite3_stmt *row;
  int rc = db_first(ctx, SQL, ARGS(db_id(log)), &row, err);
  if (rc == 0) rc = db_append(row, 0, line, err);
  db_give(ctx, row);
  return rc;
}

static int put_ack(void *ctx, const struct yz_id *log, const void *line, size_t n,
                   struct yz_error *err) {
  static const char SQL[] = "INSERT INTO ack(log, line) VALUES(?1, ?2)"
                            " ON CONFLICT(log) DO UPDATE SET line=?2";
  return db_run(ctx, SQL, ARGS(db_id(log), db_chars(line, n)), err);
}

void logs_fill(struct yz_store *table) {
  table->get_log = get_log;
  table->put_log = put_log;
  table->each_log = each_log;
  table->get_ack = get_ack;
  table->put_ack = put_ack;
}
