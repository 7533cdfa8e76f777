/* Records: put once, judged again and again, read back as they were put. What
 * stands in a record's line is parsed from the line each time; the columns beside
 * it only say where to look. */
#include "effects.h"
#include <assert.h>
#include <string.h>

const struct yz_hash *record_case(const struct yz_stored *r) {
  if (r->case_id != NULL) return r->case_id;
  return case_move_from_type(r->type) == CASE_OPEN ? &r->id : NULL;
}

static bool in_transaction(const struct store *s) {
  return sqlite3_get_autocommit(s->db) == 0;
}

static int find_log(struct store *s, const struct yz_id *id, struct placed *p,
                    struct yz_error *err) {
  static const char SQL[] = "SELECT n, ledger, hub, own FROM log WHERE id=?";
  sqlite3_stmt *row;
  int rc = db_first(s, SQL, ARGS(db_id(id)), &row, err);
  if (rc == YZ_E_NOT_FOUND)
    return yz_fail(err, YZ_E_INTERNAL,
                   YZ_N_("A record of a log that is not kept was to be stored; "
                         "that is a fault of ours. Please report it."),
                   NULL);
  if (rc != 0) return rc;
  p->log = sqlite3_column_int64(row, 0);
  db_get_blob(row, 1, p->ledger.bytes, YZ_ID_LEN);
  p->hub = sqlite3_column_int(row, 2) != 0;
  p->own = sqlite3_column_int(row, 3) != 0;
  db_give(s, row);
  return 0;
}

static int add_contents(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO content(record, audience, key, bytes) VALUES(?, ?, ?, ?)"
                            " ON CONFLICT(record, audience) DO NOTHING";
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < p->record->n_contents; i++) {
    const struct yz_content *c = &p->record->contents[i];
    rc = db_run(s, SQL,
                ARGS(db_int(p->n), db_text(c->audience), db_blob(c->key, YZ_CONTENT_KEY_LEN),
                     db_chars(c->bytes, c->len)),
                err);
  }
  return rc;
}

static int insert(struct store *s, struct placed *p, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO record(log, seq, id, line, status, rule, type, trust, case_id)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(log, seq) DO NOTHING";
  const struct yz_stored *r = p->record;
  int rc = db_run(s, SQL,
                  ARGS(db_int(p->log), db_int(r->seq), db_hash(&r->id),
                       db_chars(r->line, r->line_len), db_int(r->status), db_text(r->rule),
                       db_text(r->type), db_int(yz_trust_type(r->type)), db_hash(p->case_id)),
                  err);
  if (rc != 0) return rc;
  if (!db_changed(s))
    return yz_fail(err, YZ_E_EXISTS, YZ_N_("Another record has this place in its log already."),
                   "%lld", (long long)r->seq);
  p->n = sqlite3_last_insert_rowid(s->db);
  return pieces_take(s, p, err);
}

static int put_record(void *ctx, const struct yz_stored *record, struct yz_error *err) {
  assert(in_transaction(ctx));
  struct placed p = {.record = record, .case_id = record_case(record)};
  int rc = find_log(ctx, &record->log, &p, err);
  if (rc == 0) rc = insert(ctx, &p, err);
  if (rc == 0) rc = add_contents(ctx, &p, err);
  if (rc == 0) rc = effect_make(ctx, &p, reach_of(record->status, record->rule), err);
  return rc;
}

static int update(struct store *s, struct placed *p, enum reach *was, struct yz_error *err) {
  static const char FIND[] = "SELECT n, status, rule FROM record WHERE log=? AND seq=?";
  static const char SQL[] =
      "UPDATE record SET status=?2, rule=?3, type=?4, trust=?5, case_id=?6 WHERE n=?1";
  const struct yz_stored *r = p->record;
  sqlite3_stmt *row;
  int rc = db_first(s, FIND, ARGS(db_int(p->log), db_int(r->seq)), &row, err);
  if (rc == YZ_E_NOT_FOUND)
    return yz_fail(err, rc, YZ_N_("There is no record at this place of its log."), "%lld",
                   (long long)r->seq);
  if (rc != 0) return rc;
  p->n = sqlite3_column_int64(row, 0);
  *was = reach_of((enum yz_status)sqlite3_column_int(row, 1), db_get_text(row, 2));
  db_give(s, row);
  return db_run(s, SQL,
                ARGS(db_int(p->n), db_int(r->status), db_text(r->rule), db_text(r->type),
                     db_int(yz_trust_type(r->type)), db_hash(p->case_id)),
                err);
}

/* --- reading ------------------------------------------------------------- */

#define COLUMNS "r.n, r.id, r.line, r.status, r.rule, l.id"

/* The contents of one record. Their bytes lie in one buffer, which may move while
 * it grows, so they are pointed to at the end. */
struct contents {
  struct yz_content items[YZ_MAX_AUDIENCES];
  size_t at[YZ_MAX_AUDIENCES], n;
  struct yz_buf bytes;
};

static int add_content(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  struct contents *c = arg;
  if (c->n == YZ_MAX_AUDIENCES) return 0;
  struct yz_content *item = &c->items[c->n];
  db_get_chars(row, 0, item->audience, sizeof item->audience);
  db_get_blob(row, 1, item->key, YZ_CONTENT_KEY_LEN);
  item->len = (size_t)sqlite3_column_bytes(row, 2);
  c->at[c->n++] = c->bytes.len;
  return db_append(row, 2, &c->bytes, err);
}

static int read_contents(struct store *s, int64_t record, struct contents *out,
                         struct yz_error *err) {
  static const char SQL[] = "SELECT audience, key, bytes FROM content WHERE record=? ORDER BY 1";
  *out = (struct contents){0};
  int rc = db_each(s, SQL, ARGS(db_int(record)), add_content, out, err);
  for (size_t i = 0; rc == 0 && i < out->n; i++)
    out->items[i].bytes = (const char *)out->bytes.data + out->at[i];
  return rc;
}

/* The effect is made from all the words that are kept, not only from those that came now. */
static int judge_record(void *ctx, const struct yz_stored *record, struct yz_error *err) {
  struct yz_stored whole = *record;
  struct placed p = {.record = &whole, .case_id = record_case(record)};
  struct contents kept = {0};
  enum reach was = REACH_NOTHING, now = reach_of(record->status, record->rule);
  int rc = find_log(ctx, &record->log, &p, err);
  if (rc == 0) rc = update(ctx, &p, &was, err);
  if (rc == 0) rc = add_contents(ctx, &p, err);
  if (rc != 0 || (was == now && now != REACH_WHOLE)) return rc;
  rc = effect_unmake(ctx, &p, was, err);
  if (rc == 0) rc = read_contents(ctx, p.n, &kept, err);
  whole.contents = kept.items;
  whole.n_contents = kept.n;
  if (rc == 0) rc = effect_make(ctx, &p, now, err);
  yz_buf_finish(&kept.bytes);
  return rc;
}

/* The line, and what is read of it by offset. */
static int read_place(sqlite3_stmt *row, struct yz_stored *out, struct yz_record *place,
                      struct yz_error *err) {
  out->line = db_get_text(row, 2);
  out->line_len = (size_t)sqlite3_column_bytes(row, 2);
  out->type = "";
  if (yz_record_read(out->line, out->line_len, place, NULL) != 0)
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("A record in the store is not what was written. Keep a copy of the "
                         "node's folder and restore a backup."),
                   NULL);
  out->seq = place->seq;
  out->by = place->by;
  return 0;
}

/* What the line itself says; a record that cannot be parsed has no type. */
static int read_line(sqlite3_stmt *row, struct yz_stored *out, struct yz_members *m,
                     struct yz_error *err) {
  struct yz_record place;
  int rc = read_place(row, out, &place, err);
  if (rc != 0) return rc;
  rc = yz_record_parse(place.bytes, place.len, m, NULL);
  if (rc == YZ_E_MEMORY) return yz_no_memory(err);
  if (rc != 0) {
    *m = (struct yz_members){0};
    return 0;
  }
  out->json = m->json;
  out->type = m->type;
  out->stamp = m->stamp;
  out->case_id = m->has_case ? &m->case_id : NULL;
  out->heads = m->heads;
  out->n_heads = m->n_heads;
  return 0;
}

struct walk {
  int (*fn)(void *arg, const struct yz_stored *record);
  void *arg;
  bool as_it_is, no_words; /* as_it_is: the line is not parsed */
};

static int hand_on(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct walk *w = arg;
  struct yz_members m = {0};
  struct contents c = {0};
  struct yz_stored r = {.status = (enum yz_status)sqlite3_column_int(row, 3),
                        .rule = db_get_text(row, 4)};
  db_get_blob(row, 1, r.id.bytes, YZ_HASH_LEN);
  db_get_blob(row, 5, r.log.bytes, YZ_ID_LEN);
  struct yz_record place;
  int rc = w->as_it_is ? read_place(row, &r, &place, err) : read_line(row, &r, &m, err);
  if (rc == 0 && !w->no_words) rc = read_contents(s, sqlite3_column_int64(row, 0), &c, err);
  if (rc == 0) {
    r.contents = c.items;
    r.n_contents = c.n;
    rc = w->fn(w->arg, &r);
  }
  yz_buf_finish(&c.bytes);
  yz_members_finish(&m);
  return rc;
}

static int walk_log(struct store *s, const struct yz_id *log, int64_t first, int64_t last,
                    struct walk *w, struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM log l CROSS JOIN record r ON r.log=l.n"
                            " WHERE l.id=?1 AND r.seq BETWEEN ?2 AND ?3 ORDER BY r.seq";
  return db_each(s, SQL, ARGS(db_id(log), db_int(first), db_int(last == 0 ? INT64_MAX : last)),
                 hand_on, w, err);
}

static int each_record(void *ctx, const struct yz_id *log, int64_t first, int64_t last,
                       int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                       struct yz_error *err) {
  return walk_log(ctx, log, first, last, &(struct walk){.fn = fn, .arg = arg}, err);
}

static int each_line(void *ctx, const struct yz_id *log, int64_t first, int64_t last, bool words,
                     int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                     struct yz_error *err) {
  struct walk w = {.fn = fn, .arg = arg, .as_it_is = true, .no_words = !words};
  return walk_log(ctx, log, first, last, &w, err);
}

static int each_trust(void *ctx, const struct yz_id *ledger,
                      int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                      struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM log l CROSS JOIN record r ON r.log=l.n"
                            " WHERE l.ledger=?1 AND r.trust=1"
                            " AND (r.status=0 OR r.seq=1 OR r.rule LIKE 'content.%')"
                            " ORDER BY l.n, r.seq";
  return db_each(ctx, SQL, ARGS(db_id(ledger)), hand_on, &(struct walk){.fn = fn, .arg = arg}, err);
}

static int each_unsettled(void *ctx, const struct yz_id *ledger,
                          int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                          struct yz_error *err) {
  static const char SQL[] = "SELECT " COLUMNS " FROM log l CROSS JOIN record r ON r.log=l.n"
                            " WHERE l.ledger=?1 AND r.status<>0 ORDER BY l.n, r.seq";
  return db_each(ctx, SQL, ARGS(db_id(ledger)), hand_on, &(struct walk){.fn = fn, .arg = arg}, err);
}

/* --- effects made anew ------------------------------------------------------ */

static int remake_one(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct effect_kind *const *kind = arg;
  struct yz_members m = {0};
  struct contents c = {0};
  struct yz_stored r = {.status = YZ_ACCEPTED};
  struct placed p = {.n = sqlite3_column_int64(row, 0), .record = &r};
  db_get_blob(row, 1, r.id.bytes, YZ_HASH_LEN);
  db_get_blob(row, 5, r.log.bytes, YZ_ID_LEN);
  int rc = read_line(row, &r, &m, err);
  if (rc == 0) rc = find_log(s, &r.log, &p, err);
  if (rc == 0) rc = read_contents(s, p.n, &c, err);
  r.contents = c.items;
  r.n_contents = c.n;
  if (rc == 0) rc = (*kind)->make(s, &p, err);
  yz_buf_finish(&c.bytes);
  yz_members_finish(&m);
  return rc;
}

int records_remake(struct store *s, const struct effect_kind *kind, struct yz_error *err) {
  /* In the order of arrival, and so within each log by seq. */
  static const char SQL[] = "SELECT " COLUMNS " FROM record r JOIN log l ON r.log=l.n"
                            " WHERE (r.status=0 OR (?2 AND r.status=1 AND r.rule LIKE 'content.%'))"
                            " AND (r.type=?1 OR (substr(?1, -1)='.'"
                            "  AND substr(r.type, 1, length(?1))=?1)) ORDER BY r.n";
  return db_each(s, SQL, ARGS(db_text(kind->type), db_int(kind->unread)), remake_one, &kind, err);
}

void records_fill(struct yz_store *table) {
  table->put_record = put_record;
  table->judge_record = judge_record;
  table->each_record = each_record;
  table->each_line = each_line;
  table->each_trust = each_trust;
  table->each_unsettled = each_unsettled;
}
