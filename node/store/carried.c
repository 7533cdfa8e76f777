/* Cases that stand in several ledgers: which lines the hub has carried where, to which ledgers it
 * said that a case goes, and which villages have a successor. Rows repeat the records. */
#include "effects.h"
#include <string.h>
#include <yizhan/carried.h>

/* --- case.carry ------------------------------------------------------------ */

/* Whom people at this ledger cannot know otherwise is called so by the hub. */
static int take_author(struct store *s, const struct placed *p, const struct yz_key *by,
                       const json_t *content, struct yz_error *err) {
  const char *name = yz_json_string(content, "name");
  return name != NULL ? effect_hub_name(s, p, by, name, err) : 0;
}

int carried_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO carried(record, ledger, id, of) VALUES(?, ?, ?, ?)"
                            " ON CONFLICT(record) DO NOTHING";
  struct yz_carried c = {0};
  json_t *content = case_content(p->record);
  int rc = p->hub && case_carry_known(p->record->json, content)
               ? yz_carried_read(p->record->json, content, &c, NULL)
               : YZ_E_FORMAT;
  if (rc == 0) {
    rc = db_run(s, SQL, ARGS(db_int(p->n), db_id(&p->ledger), db_hash(&c.id), db_id(&c.record.log)),
                err);
    if (rc == 0) rc = take_author(s, p, &c.record.by, content, err);
    if (rc == 0) rc = case_mark_elsewhere(s, &p->ledger, p->record->case_id, err);
    yz_carried_finish(&c);
  } else {
    rc = rc == YZ_E_MEMORY ? yz_no_memory(err) : 0;
  }
  json_decref(content);
  return rc;
}

int carried_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM carried WHERE record=?";
  int rc = db_run(s, SQL, ARGS(db_int(p->n)), err);
  return rc == 0 ? effect_forget_name(s, p, err) : rc;
}

/* Of several ceilings all hold, so the lowest does. */
#define LINE                                                                                       \
  "SELECT r.id, r.line, l.id, l.node, l.hub, c.bytes, c.key,"                                      \
  " coalesce((SELECT p.id FROM record p WHERE p.log=r.log AND p.seq=r.seq-1), l.hash),"            \
  " coalesce((SELECT min(k.ms) FROM ceiling k WHERE k.log=l.id AND k.ledger=l.ledger"              \
  "  AND k.from_seq<=r.seq), 0)"                                                                   \
  " FROM record r JOIN log l ON l.n=r.log" JOIN_CASE_WORDS

struct walk {
  int (*fn)(void *arg, const struct case_line *line);
  void *arg;
  const struct yz_id *ledger;
};

static int hand_line(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  const struct walk *w = arg;
  struct yz_record r;
  struct yz_members m = {0};
  struct case_line line = {.line = db_get_text(row, 1),
                           .hub = sqlite3_column_int(row, 4) != 0,
                           .content = db_get_text(row, 5),
                           .ceiling_ms = sqlite3_column_int64(row, 8)};
  if (yz_record_read(line.line, (size_t)sqlite3_column_bytes(row, 1), &r, NULL) != 0 ||
      yz_record_parse(r.bytes, r.len, &m, NULL) != 0)
    return 0;
  line.seq = r.seq;
  line.by = r.by;
  for (size_t i = 0; i < m.n_content; i++)
    line.township |= strcmp(m.content[i].audience, YZ_FOR_TOWNSHIP) == 0;
  db_get_blob(row, 0, line.id.bytes, YZ_HASH_LEN);
  db_get_blob(row, 2, line.log.bytes, YZ_ID_LEN);
  db_get_blob(row, 3, line.node.bytes, YZ_KEY_LEN);
  if (line.content != NULL) db_get_blob(row, 6, line.key, YZ_CONTENT_KEY_LEN);
  db_get_blob(row, 7, line.before.bytes, YZ_HASH_LEN);
  int rc = line.hub ? head_then(s, w->ledger, &line.log, r.seq, &r.by, &line.head, err) : 0;
  yz_members_finish(&m);
  return rc == 0 ? w->fn(w->arg, &line) : rc;
}

int store_each_uncarried(struct store *s, const struct yz_hash *id, const struct yz_id *from,
                         const struct yz_id *to, int (*fn)(void *arg, const struct case_line *line),
                         void *arg, struct yz_error *err) {
  static const char SQL[] =
      LINE " WHERE r.case_id=?1 AND l.ledger=?2 AND r.status=0 AND substr(r.type, 1, 5)='case.'"
           " AND r.type<>'case.carry' AND NOT EXISTS"
           " (SELECT 1 FROM carried d WHERE d.id=r.id AND d.ledger=?3) ORDER BY r.n";
  return db_each(s, SQL, ARGS(db_hash(id), db_id(from), db_id(to)), hand_line,
                 &(struct walk){fn, arg, from}, err);
}

/* --- carried on ---------------------------------------------------------------- */

/* The line that a carrying record holds, as it came. */
static int hand_inner(const struct walk *w, const json_t *json, const json_t *content) {
  struct yz_carried c;
  int rc = yz_carried_read(json, content, &c, NULL);
  if (rc != 0) return rc == YZ_E_MEMORY ? rc : 0;
  struct case_line line = {.id = c.id,
                           .log = c.record.log,
                           .seq = c.record.seq,
                           .by = c.record.by,
                           .line = c.line,
                           .hub = c.hub,
                           .head = c.head,
                           .ceiling_ms = c.ceiling_ms};
  for (size_t i = 0; i < c.members.n_content; i++)
    line.township |= strcmp(c.members.content[i].audience, YZ_FOR_TOWNSHIP) == 0;
  if (c.content != NULL && yz_json_hex(content, "key", line.key, YZ_CONTENT_KEY_LEN))
    line.content = yz_json_string(content, "content");
  if (yz_json_hex(json, "prev", line.before.bytes, YZ_HASH_LEN) &&
      yz_json_hex(json, "node", line.node.bytes, YZ_KEY_LEN))
    rc = w->fn(w->arg, &line);
  yz_carried_finish(&c);
  return rc;
}

static int hand_carried(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s;
  const char *outer = db_get_text(row, 0), *words = db_get_text(row, 1);
  json_t *content = NULL;
  struct yz_record r;
  struct yz_members m = {0};
  int rc = yz_record_read(outer, (size_t)sqlite3_column_bytes(row, 0), &r, NULL);
  if (rc == 0) rc = yz_record_parse(r.bytes, r.len, &m, NULL);
  if (rc == 0 && words != NULL)
    rc = yz_json_parse(words, (size_t)sqlite3_column_bytes(row, 1), &content, NULL);
  if (rc != 0 && rc != YZ_E_MEMORY)
    rc = 0;
  else if (rc == 0)
    rc = hand_inner(arg, m.json, content);
  json_decref(content);
  yz_members_finish(&m);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : rc;
}

int store_each_carried(struct store *s, const struct yz_hash *id, const struct yz_id *from,
                       const struct yz_id *to, int (*fn)(void *arg, const struct case_line *line),
                       void *arg, struct yz_error *err) {
  static const char SQL[] =
      "SELECT r.line, c.bytes FROM record r JOIN carried d ON d.record=r.n JOIN log l ON "
      "l.n=r.log" JOIN_CASE_WORDS " WHERE r.case_id=?1 AND d.ledger=?2 AND NOT EXISTS"
      " (SELECT 1 FROM carried e WHERE e.id=d.id AND e.ledger=?3) AND NOT EXISTS"
      " (SELECT 1 FROM record q JOIN log k ON k.n=q.log"
      "  WHERE q.case_id=?1 AND q.id=d.id AND q.status=0 AND k.ledger=?3) ORDER BY l.id, r.seq";
  return db_each(s, SQL, ARGS(db_hash(id), db_id(from), db_id(to)), hand_carried,
                 &(struct walk){fn, arg, from}, err);
}

/* --- where to ---------------------------------------------------------------- */

int referral_take(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO referral(record, ledger, case_id, target)"
                            " VALUES(?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  struct yz_id target;
  if (!p->hub || p->record->case_id == NULL ||
      !yz_json_hex(p->record->json, "ledger", target.bytes, YZ_ID_LEN))
    return 0;
  return db_run(s, SQL,
                ARGS(db_int(p->n), db_id(&p->ledger), db_hash(p->record->case_id), db_id(&target)),
                err);
}

int referral_drop(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM referral WHERE record=?";
  return db_run(s, SQL, ARGS(db_int(p->n)), err);
}

struct hash_walk {
  int (*fn)(void *arg, const struct yz_hash *id);
  void *arg;
};

static int hand_hash(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct hash_walk *w = arg;
  struct yz_hash id;
  db_get_blob(row, 0, id.bytes, YZ_HASH_LEN);
  return w->fn(w->arg, &id);
}

int store_each_to_carry(struct store *s, int (*fn)(void *arg, const struct yz_hash *id), void *arg,
                        struct yz_error *err) {
  static const char SQL[] = "SELECT id FROM to_carry";
  return db_each(s, SQL, NULL, 0, hand_hash, &(struct hash_walk){fn, arg}, err);
}

int store_carried_all(struct store *s, const struct yz_hash *id, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM to_carry WHERE id=?";
  return db_run(s, SQL, ARGS(db_hash(id)), err);
}

/* Nobody else carries. */
#define IS_HUB " EXISTS(SELECT 1 FROM log WHERE own=1 AND hub=1)"

int carry_mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
               struct yz_error *err) {
  static const char SQL[] =
      "INSERT OR IGNORE INTO to_carry SELECT ?1 WHERE" IS_HUB
      " AND (EXISTS(SELECT 1 FROM referral WHERE case_id=?1)"
      "  OR EXISTS(SELECT 1 FROM cases WHERE id=?1 AND ledger<>?2)"
      "  OR EXISTS(SELECT 1 FROM village WHERE ledger=?2 AND into_ledger IS NOT NULL))";
  return db_run(s, SQL, ARGS(db_hash(id), db_id(ledger)), err);
}

int carry_mark_all(struct store *s, struct yz_error *err) {
  static const char SQL[] =
      "INSERT OR IGNORE INTO to_carry SELECT id FROM (SELECT case_id AS id FROM referral"
      " UNION SELECT r.case_id FROM carried d JOIN record r ON r.n=d.record"
      " UNION SELECT id FROM cases WHERE ledger IN"
      "  (SELECT ledger FROM village WHERE into_ledger IS NOT NULL)) WHERE" IS_HUB;
  return db_run(s, SQL, NULL, 0, err);
}

struct referral_walk {
  int (*fn)(void *arg, const struct yz_hash *record, const struct yz_id *target);
  void *arg;
};

static int hand_referral(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct referral_walk *w = arg;
  struct yz_hash record;
  struct yz_id target;
  db_get_blob(row, 0, record.bytes, YZ_HASH_LEN);
  db_get_blob(row, 1, target.bytes, YZ_ID_LEN);
  return w->fn(w->arg, &record, &target);
}

int store_each_referral(struct store *s, const struct yz_hash *id,
                        int (*fn)(void *arg, const struct yz_hash *record,
                                  const struct yz_id *target),
                        void *arg, struct yz_error *err) {
  static const char SQL[] = "SELECT r.id, f.target FROM referral f JOIN record r ON r.n=f.record"
                            " WHERE f.case_id=? ORDER BY r.n";
  return db_each(s, SQL, ARGS(db_hash(id)), hand_referral, &(struct referral_walk){fn, arg}, err);
}

struct place_walk {
  int (*fn)(void *arg, const struct yz_id *ledger);
  void *arg;
};

static int hand_place(struct store *s, sqlite3_stmt *row, void *arg, struct yz_error *err) {
  (void)s, (void)err;
  const struct place_walk *w = arg;
  struct yz_id ledger;
  db_get_blob(row, 0, ledger.bytes, YZ_ID_LEN);
  return w->fn(w->arg, &ledger);
}

int store_each_carried_place(struct store *s, const struct yz_hash *id,
                             int (*fn)(void *arg, const struct yz_id *ledger), void *arg,
                             struct yz_error *err) {
  static const char SQL[] =
      "SELECT d.ledger FROM record r JOIN carried d ON d.record=r.n WHERE r.case_id=?1"
      " UNION SELECT l.ledger FROM record r JOIN carried d ON d.record=r.n JOIN log l ON l.id=d.of"
      " WHERE r.case_id=?1 ORDER BY 1";
  return db_each(s, SQL, ARGS(db_hash(id)), hand_place, &(struct place_walk){fn, arg}, err);
}
