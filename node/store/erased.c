/* Whose words are erased: hub.erase, and village.erase of the time alone; which the township is
 * asked to erase: village.erase else; and what it says no to: hub.keep. Rows repeat the records.
 * What was erased is gone from the store with the record that says so, and does not come back with
 * it. */
#include "../shape.h"
#include "effects.h"
#include <string.h>

static bool known_words(const json_t *content) {
  static const struct shape_member words[] = {{"reason", shape_is_text, true}, {0}};
  return content == NULL || shape_exact(content, words);
}

static bool known(const json_t *plain, const json_t *content) {
  static const struct shape_member own[] = {{"of", shape_is_hash, true}, {0}};
  return shape_plain(plain, NULL, own) && known_words(content);
}

/* What was kept beside the records may still hold it: the index, pages, the log of pages. */
static int mark_store(struct store *s, struct yz_error *err) {
  return s->table.put_meta(s, "scrub", "1", 1, err);
}

/* All that is of this subject in this ledger. */
#define OF_SUBJECT                                                                                 \
  " record IN (SELECT r.n FROM record r JOIN log l ON l.n=r.log"                                   \
  "  WHERE l.ledger=?2 AND r.case_id=?1"                                                           \
  "  UNION SELECT o.record FROM household_of o JOIN record r ON r.n=o.record"                      \
  "  JOIN log l ON l.n=r.log WHERE l.ledger=?2 AND o.id=?1)"

#define COUNTS ERASURE_COUNTS("e")
#define DONE                                                                                       \
  " EXISTS(SELECT 1 FROM erased d WHERE d.of=e.of AND d.ledger=e.ledger AND " ERASURE_COUNTS(      \
      "d") ")"
/* A village's word that counts for nothing asks the township. */
#define REQUESTS " FROM erased x WHERE x.of=e.of AND x.ledger=e.ledger AND NOT " ERASURE_COUNTS("x")
#define REFUSED(x)                                                                                 \
  " EXISTS(SELECT 1 FROM record q JOIN kept k ON k.asked=q.id WHERE q.n=" x ".record AND k.of=" x  \
  ".of AND k.ledger=" x ".ledger)"
#define UNANSWERED REQUESTS " AND NOT" REFUSED("x")
/* Of each subject that stands there the first one says it. */
#define STANDS                                                                                     \
  " AND (EXISTS(SELECT 1 FROM cases c WHERE c.id=e.of AND c.ledger=e.ledger)"                      \
  " OR EXISTS(SELECT 1 FROM household h WHERE h.id=e.of AND h.ledger=e.ledger))"
#define FIRST " e.record=(SELECT min(x.record)" REQUESTS ")" STANDS
#define ASKED " e.record=(SELECT min(x.record)" UNANSWERED ")" STANDS

static int counts(struct store *s, int64_t record, bool *out, struct yz_error *err) {
  static const char SQL[] = "SELECT count(*) FROM erased e WHERE e.record=? AND " COUNTS;
  int64_t n = 0;
  int rc = db_number(s, SQL, ARGS(db_int(record)), 0, &n, err);
  *out = n > 0;
  return rc;
}

/* Their words go, and what a carried line's words called its author. */
static int drop_words(struct store *s, const struct yz_id *ledger, const struct yz_hash *of,
                      struct yz_error *err) {
  static const char NAMES[] = "DELETE FROM key_name WHERE" OF_SUBJECT;
  static const char WORDS[] = "DELETE FROM content WHERE" OF_SUBJECT;
  int rc = db_run(s, NAMES, ARGS(db_hash(of), db_id(ledger)), err);
  return rc == 0 ? db_run(s, WORDS, ARGS(db_hash(of), db_id(ledger)), err) : rc;
}

/* Only what is there: a subject that this node has never heard of makes no case. */
static int mark_subject(struct store *s, const struct yz_id *ledger, const struct yz_hash *of,
                        struct yz_error *err) {
  static const char CASES[] = "UPDATE cases SET stale=1, unindexed=1 WHERE id=? AND ledger=?";
  static const char HOUSEHOLDS[] = "UPDATE household SET stale=1 WHERE id=? AND ledger=?";
  s->stale = s->stale_households = true;
  int rc = db_run(s, CASES, ARGS(db_hash(of), db_id(ledger)), err);
  return rc == 0 ? db_run(s, HOUSEHOLDS, ARGS(db_hash(of), db_id(ledger)), err) : rc;
}

int erased_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO erased(record, ledger, of, at_ms) VALUES(?, ?, ?, ?)"
                            " ON CONFLICT(record) DO NOTHING";
  const struct yz_stored *r = p->record;
  json_t *content = case_content(r);
  bool is = p->hub == (strcmp(r->type, "hub.erase") == 0) && known(r->json, content);
  struct yz_hash of;
  int64_t at = 0;
  json_decref(content);
  if (!is || !yz_json_hex(r->json, "of", of.bytes, YZ_HASH_LEN) || !yz_json_int(r->json, "at", &at))
    return 0;
  int rc = db_run(s, SQL, ARGS(db_int(p->n), db_id(&p->ledger), db_hash(&of), db_int(at)), err);
  bool now = false;
  if (rc == 0 && db_changed(s)) rc = counts(s, p->n, &now, err);
  if (rc != 0 || !now) return rc;
  rc = drop_words(s, &p->ledger, &of, err);
  if (rc == 0) rc = mark_subject(s, &p->ledger, &of, err);
  return rc == 0 ? mark_store(s, err) : rc;
}

int erased_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM erased WHERE record=?";
  return db_run(s, SQL, ARGS(db_int(p->n)), err);
}

int kept_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO kept(record, ledger, of, asked, at_ms)"
                            " VALUES(?, ?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  static const struct shape_member own[] = {
      {"of", shape_is_hash, true}, {"asked", shape_is_hash, true}, {0}};
  const struct yz_stored *r = p->record;
  struct yz_hash of, asked;
  int64_t at = 0;
  json_t *content = case_content(r);
  bool is = p->hub && shape_plain(r->json, NULL, own) && known_words(content);
  json_decref(content);
  if (!is || !yz_json_hex(r->json, "of", of.bytes, YZ_HASH_LEN) ||
      !yz_json_hex(r->json, "asked", asked.bytes, YZ_HASH_LEN) || !yz_json_int(r->json, "at", &at))
    return 0;
  return db_run(s, SQL,
                ARGS(db_int(p->n), db_id(&p->ledger), db_hash(&of), db_hash(&asked), db_int(at)),
                err);
}

int kept_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM kept WHERE record=?";
  return db_run(s, SQL, ARGS(db_int(p->n)), err);
}

int erased_place(struct store *s, const struct yz_log_row *log, struct yz_error *err) {
  static const char SQL[] = "UPDATE erased SET ledger=?2 WHERE record IN"
                            " (SELECT r.n FROM log l CROSS JOIN record r ON r.log=l.n"
                            "  WHERE l.id=?1 AND r.type='village.erase')";
  return db_run(s, SQL, ARGS(db_id(&log->id), db_id(&log->ledger)), err);
}

/* --- asking -------------------------------------------------------------------- */

struct ledgers {
  int (*fn)(void *arg, const struct yz_id *ledger);
  void *arg;
};

static int hand_ledger(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct ledgers *w = arg;
  struct yz_id ledger;
  db_get_blob(row, 0, ledger.bytes, YZ_ID_LEN);
  return w->fn(w->arg, &ledger);
}

#define SUBJECTS                                                                                   \
  "SELECT l.ledger, r.case_id AS of FROM record r JOIN log l ON l.n=r.log"                         \
  " WHERE r.case_id IS NOT NULL UNION SELECT l.ledger, o.id FROM household_of o"                   \
  " JOIN record r ON r.n=o.record JOIN log l ON l.n=r.log"

int store_each_with_words(struct store *s, const struct yz_hash *of,
                          int (*fn)(void *arg, const struct yz_id *ledger), void *arg,
                          struct yz_error *err) {
  static const char SQL[] = "SELECT ledger FROM (" SUBJECTS ") WHERE of=?1"
                            " EXCEPT SELECT e.ledger FROM erased e WHERE e.of=?1 AND " COUNTS;
  return db_each(s, SQL, ARGS(db_hash(of)), hand_ledger, &(struct ledgers){fn, arg}, err);
}

struct rows {
  erasure_fn fn;
  void *arg;
};

static int hand_row(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct rows *w = arg;
  struct erasure e = {.at_ms = sqlite3_column_int64(row, 2)};
  struct yz_record record;
  json_t *content = NULL;
  const char *line = db_get_text(row, 3), *words = db_get_text(row, 4);
  db_get_blob(row, 0, e.ledger.bytes, YZ_ID_LEN);
  db_get_blob(row, 1, e.of.bytes, YZ_HASH_LEN);
  if (yz_record_read(line, (size_t)sqlite3_column_bytes(row, 3), &record, NULL) == 0)
    e.by = record.by;
  db_get_blob(row, 5, e.id.bytes, YZ_HASH_LEN);
  if (words != NULL)
    (void)!yz_json_parse(words, (size_t)sqlite3_column_bytes(row, 4), &content, NULL);
  e.reason = yz_json_string(content, "reason");
  int rc = w->fn(w->arg, &e);
  json_decref(content);
  return rc;
}

#define ROWS_OF(table)                                                                             \
  "SELECT e.ledger, e.of, e.at_ms, r.line, c.bytes, r.id FROM " table                              \
  " e JOIN record r ON r.n=e.record" JOIN_CASE_WORDS
#define ERASURES ROWS_OF("erased")

int store_each_erasure(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                       struct yz_error *err) {
  static const char ONE[] = ERASURES " WHERE e.of=?1 AND " COUNTS " ORDER BY e.record";
  static const char ALL[] = ERASURES " WHERE ?1 IS NULL AND " COUNTS " ORDER BY e.record";
  return db_each(s, of != NULL ? ONE : ALL, ARGS(db_hash(of)), hand_row, &(struct rows){fn, arg},
                 err);
}

int store_each_asked(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                     struct yz_error *err) {
  static const char ONE[] =
      ERASURES " WHERE e.of=?1 AND" ASKED " AND NOT" DONE " ORDER BY e.record";
  static const char ALL[] =
      ERASURES " WHERE ?1 IS NULL AND" ASKED " AND NOT" DONE " ORDER BY e.record";
  int rc = effects_settle(s, err);
  if (rc != 0) return rc;
  return db_each(s, of != NULL ? ONE : ALL, ARGS(db_hash(of)), hand_row, &(struct rows){fn, arg},
                 err);
}

int store_each_unanswered(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                          struct yz_error *err) {
  static const char SQL[] =
      ERASURES " WHERE e.of=?1 AND NOT " COUNTS " AND NOT" REFUSED("e") STANDS " AND NOT" DONE;
  int rc = effects_settle(s, err);
  return rc == 0 ? db_each(s, SQL, ARGS(db_hash(of)), hand_row, &(struct rows){fn, arg}, err) : rc;
}

int store_each_refusal(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                       struct yz_error *err) {
  static const char SQL[] =
      ROWS_OF("kept") " WHERE e.of=?1 AND NOT" DONE " AND EXISTS(SELECT 1" REQUESTS
                      ") AND NOT EXISTS(SELECT 1" UNANSWERED ") ORDER BY e.at_ms DESC, r.id";
  int rc = effects_settle(s, err);
  return rc == 0 ? db_each(s, SQL, ARGS(db_hash(of)), hand_row, &(struct rows){fn, arg}, err) : rc;
}

int erased_count_asked(struct store *s, struct store_counts *out, struct yz_error *err) {
  static const char OPEN[] = "SELECT count(*) FROM erased e WHERE" ASKED " AND NOT" DONE;
  static const char MET[] = "SELECT count(*) FROM erased e WHERE" FIRST " AND" DONE;
  static const char NOT_MET[] = "SELECT count(*) FROM erased e WHERE" FIRST " AND NOT" DONE
                                " AND NOT EXISTS(SELECT 1" UNANSWERED ")";
  int rc = effects_settle(s, err);
  if (rc == 0) rc = db_number(s, OPEN, NULL, 0, 0, &out->erase_asked, err);
  if (rc == 0) rc = db_number(s, NOT_MET, NULL, 0, 0, &out->erase_refused, err);
  return rc == 0 ? db_number(s, MET, NULL, 0, 0, &out->erase_done, err) : rc;
}

/* --- off the disk ----------------------------------------------------------------- */

static int execute(struct store *s, const char *sql, struct yz_error *err) {
  return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_fail(s->db, s->path, err);
}

/* 1: the log of pages is empty; 0: somebody is still reading what stands in it. */
static int empty_wal(struct store *s, struct yz_error *err) {
  int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) return rc == SQLITE_OK;
  return db_fail(s->db, s->path, err);
}

int store_empty_log(struct store *s, struct yz_error *err) {
  int rc = empty_wal(s, err);
  return rc < 0 ? rc : 0;
}

int store_scrub_due(struct store *s, bool *due, struct yz_error *err) {
  struct yz_buf mark = {0};
  int rc = s->table.get_meta(s, "scrub", &mark, err);
  *due = rc == 0 && mark.len > 0;
  yz_buf_finish(&mark);
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

/* The index forgets by writing what is no more; only put together anew is it without it. */
int store_scrub(struct store *s, struct yz_error *err) {
  bool due;
  int rc = store_scrub_due(s, &due, err);
  if (rc != 0 || !due) return rc;
  rc = index_catch_up(s, err);
  if (rc == 0) rc = execute(s, "INSERT INTO words(words) VALUES('optimize')", err);
  if (rc == 0) rc = execute(s, "VACUUM", err);
  if (rc == 0) rc = empty_wal(s, err);
  return rc == 1 ? s->table.put_meta(s, "scrub", "", 0, err) : rc;
}

/* --- the library's table ----------------------------------------------------- */

static int count_erased(void *ctx, const struct yz_id *ledger, int64_t *n, struct yz_error *err) {
  static const char SQL[] =
      "SELECT count(DISTINCT e.of) FROM erased e WHERE e.ledger=? AND " COUNTS;
  return db_number(ctx, SQL, ARGS(db_id(ledger)), 0, n, err);
}

static int is_erased(void *ctx, const struct yz_id *ledger, const struct yz_stored *r, bool *erased,
                     struct yz_error *err) {
  static const char SQL[] = "SELECT count(*) FROM erased e"
                            " WHERE e.ledger=?1 AND e.of IN (?2, ?3) AND " COUNTS;
  const struct yz_hash *of = record_case(r);
  struct yz_hash home;
  bool at_home = r->json != NULL && household_of(r->type, &r->id, r->json, &home);
  int64_t n = 0;
  int rc = 0;
  if (of != NULL || at_home)
    rc = db_number(ctx, SQL, ARGS(db_id(ledger), db_hash(of), db_hash(at_home ? &home : NULL)), 0,
                   &n, err);
  *erased = n > 0;
  return rc;
}

struct walk {
  int (*fn)(void *arg, int64_t seq);
  void *arg;
};

static int hand_seq(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct walk *w = arg;
  return w->fn(w->arg, sqlite3_column_int64(row, 0));
}

static int each_erased(void *ctx, const struct yz_id *log, int (*fn)(void *arg, int64_t seq),
                       void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT r.seq FROM log l JOIN erased e ON e.ledger=l.ledger"
      " JOIN record r ON r.case_id=e.of AND r.log=l.n WHERE l.id=?1 AND " COUNTS
      " UNION SELECT r.seq FROM log l JOIN erased e ON e.ledger=l.ledger"
      " JOIN household_of o ON o.id=e.of JOIN record r ON r.n=o.record AND r.log=l.n"
      " WHERE l.id=?1 AND " COUNTS " ORDER BY 1";
  return db_each(ctx, SQL, ARGS(db_id(log)), hand_seq, &(struct walk){fn, arg}, err);
}

void erased_fill(struct yz_store *table) {
  table->count_erased = count_erased;
  table->is_erased = is_erased;
  table->each_erased = each_erased;
}
