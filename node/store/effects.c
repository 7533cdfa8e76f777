/* What an accepted record does beside being kept: it names a key, bounds stamps,
 * or belongs to a case. */
#include "effects.h"
#include <string.h>

/* Who may name a key in a ledger: a node its workers, above it the hub, and above both whose key
 * it is. Every name is kept, for when another one counts no more. */
enum { RANK_NODE, RANK_HUB, RANK_SELF };

static int put_name(struct store *s, const struct placed *p, const struct yz_key *key,
                    const char *name, int rank, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO key_name(record, ledger, key, name, rank, ms, count, id)"
                            " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  const struct yz_stored *r = p->record;
  if (strlen(name) > YZ_MAX_NAME) return 0;
  return db_run(s, SQL,
                ARGS(db_int(p->n), db_id(&p->ledger), db_key(key), db_text(name), db_int(rank),
                     db_int(r->stamp.ms), db_int(r->stamp.count), db_hash(&r->id)),
                err);
}

int effect_hub_name(struct store *s, const struct placed *p, const struct yz_key *key,
                    const char *name, struct yz_error *err) {
  return put_name(s, p, key, name, RANK_HUB, err);
}

int effect_forget_name(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM key_name WHERE record=?";
  return db_run(s, SQL, ARGS(db_int(p->n)), err);
}

int effects_place_names(struct store *s, const struct yz_log_row *log, struct yz_error *err) {
  static const char SQL[] =
      "UPDATE key_name SET ledger=?2, rank=iif(rank=?3, rank, ?4) WHERE record IN"
      " (SELECT r.n FROM log l CROSS JOIN record r ON r.log=l.n WHERE l.id=?1)";
  return db_run(s, SQL,
                ARGS(db_id(&log->id), db_id(&log->ledger), db_int(RANK_SELF),
                     db_int(log->hub ? RANK_HUB : RANK_NODE)),
                err);
}

/* The `name` in the content of log.begin (of the node itself) and worker.add. */
static int take_name(struct store *s, const struct placed *p, struct yz_error *err) {
  const struct yz_stored *r = p->record;
  bool begins = strcmp(r->type, "log.begin") == 0;
  json_t *content = case_content(r);
  const char *name = yz_json_string(content, "name");
  struct yz_key key = r->by;
  int rank = begins ? RANK_SELF : p->hub ? RANK_HUB : RANK_NODE;
  bool named = begins || yz_json_hex(r->json, "worker", key.bytes, YZ_KEY_LEN);
  int rc = name != NULL && named ? put_name(s, p, &key, name, rank, err) : 0;
  json_decref(content);
  return rc;
}

int effects_mark_log(struct store *s, const struct yz_id *log, int64_t from, struct yz_error *err) {
  int rc = case_mark_log(s, log, from, err);
  if (rc == 0) rc = household_mark_log(s, log, from, err);
  return rc == 0 ? carry_mark_all(s, err) : rc;
}

static int take_ceiling(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO ceiling(record, ledger, log, from_seq, ms)"
                            " VALUES(?, ?, ?, ?, ?) ON CONFLICT(record) DO NOTHING";
  struct yz_id log;
  int64_t from, ms;
  if (!yz_json_hex(p->record->json, "of", log.bytes, YZ_ID_LEN) ||
      !yz_json_int(p->record->json, "from", &from) || !yz_json_int(p->record->json, "ceiling", &ms))
    return 0;
  int rc = db_run(
      s, SQL, ARGS(db_int(p->n), db_id(&p->ledger), db_id(&log), db_int(from), db_int(ms)), err);
  return rc == 0 ? effects_mark_log(s, &log, from, err) : rc;
}

static int drop_ceiling(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char FIND[] = "SELECT log, from_seq FROM ceiling WHERE record=?";
  static const char DROP[] = "DELETE FROM ceiling WHERE record=?";
  sqlite3_stmt *row;
  struct yz_id log;
  int rc = db_first(s, FIND, ARGS(db_int(p->n)), &row, err);
  if (rc != 0) return rc == YZ_E_NOT_FOUND ? 0 : rc;
  db_get_blob(row, 0, log.bytes, YZ_ID_LEN);
  int64_t from = sqlite3_column_int64(row, 1);
  db_give(s, row);
  rc = db_run(s, DROP, ARGS(db_int(p->n)), err);
  return rc == 0 ? effects_mark_log(s, &log, from, err) : rc;
}

/* Moves that only a head may make are judged anew where who is one changes. */
static int mark_heads_moves(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] =
      "INSERT INTO cases(ledger, id, stale) SELECT DISTINCT l.ledger, r.case_id, 1"
      " FROM log l CROSS JOIN record r ON r.log=l.n WHERE l.ledger=?1 AND l.hub=1 AND r.status=0"
      " AND r.type IN ('case.close', 'case.extend', 'case.settle') AND r.case_id IS NOT NULL"
      " ON CONFLICT(id, ledger) DO UPDATE SET stale=1";
  s->stale = true;
  return db_run(s, SQL, ARGS(db_id(&p->ledger)), err);
}

int effects_mark_order(struct store *s, const struct yz_id *ledger, struct yz_error *err) {
  int rc = village_follow(s, ledger, err);
  return rc == 0 ? township_mark(s, ledger, err) : rc;
}

/* A log that goes on from others can change the places of these too. */
static int reorder(struct store *s, const struct placed *p, struct yz_error *err) {
  const json_t *json = p->record->json;
  bool goes_on = json_array_size(json_object_get(json, "continues")) > 0 ||
                 json_array_size(json_object_get(json, "until")) > 0;
  return p->hub && goes_on ? effects_mark_order(s, &p->ledger, err) : 0;
}

static bool names_role(const json_t *json, const char *role) {
  const json_t *list = json_object_get(json, "roles"), *item;
  size_t i;
  json_array_foreach(list, i, item) {
    if (json_is_string(item) && strcmp(json_string_value(item), role) == 0) return true;
  }
  return false;
}

static int take_head(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "INSERT INTO head(record, ledger, worker) VALUES(?1, ?2, ?3)"
                            " ON CONFLICT(record) DO NOTHING";
  struct yz_key worker;
  if (!p->hub || !names_role(p->record->json, "head") ||
      !yz_json_hex(p->record->json, "worker", worker.bytes, YZ_KEY_LEN))
    return 0;
  int rc = db_run(s, SQL, ARGS(db_int(p->n), db_id(&p->ledger), db_key(&worker)), err);
  return rc == 0 ? mark_heads_moves(s, p, err) : rc;
}

static int drop_head(struct store *s, const struct placed *p, struct yz_error *err) {
  static const char SQL[] = "DELETE FROM head WHERE record=?";
  int rc = db_run(s, SQL, ARGS(db_int(p->n)), err);
  return rc == 0 && db_changed(s) ? mark_heads_moves(s, p, err) : rc;
}

/* --- by type ------------------------------------------------------------- */

/* What is made anew from the records alone. */
enum {
  KEY_NAME,
  HEAD,
  CEILING,
  HOUSEHOLD_OF,
  HOLIDAY,
  SETTLED,
  LETTER,
  NOTICE,
  CARRIED,
  REFERRAL,
  VILLAGE,
  ERASED,
  KEPT,
  IDENTITY,
  TABLES
};
struct table {
  const char *name, *clear, *keep, *differing;
};
#define TABLE(name)                                                                                \
  {                                                                                                \
    name, "DELETE FROM " name, "CREATE TEMP TABLE kept_" name " AS SELECT * FROM " name,           \
        "SELECT count(*) FROM (SELECT * FROM (SELECT * FROM " name                                 \
        " EXCEPT SELECT * FROM kept_" name ") UNION ALL SELECT * FROM (SELECT * FROM kept_" name   \
        " EXCEPT SELECT * FROM " name "))"                                                         \
  }
static const struct table tables[TABLES] = {
    [KEY_NAME] = TABLE("key_name"), [HEAD] = TABLE("head"),
    [CEILING] = TABLE("ceiling"),   [HOUSEHOLD_OF] = TABLE("household_of"),
    [HOLIDAY] = TABLE("holiday"),   [SETTLED] = TABLE("settled"),
    [LETTER] = TABLE("letter"),     [NOTICE] = TABLE("notice"),
    [CARRIED] = TABLE("carried"),   [REFERRAL] = TABLE("referral"),
    [VILLAGE] = TABLE("village"),   [ERASED] = TABLE("erased"),
    [KEPT] = TABLE("kept"),         [IDENTITY] = TABLE("identity"),
};

static const struct effect_kind kinds[] = {
    {"log.begin", take_name, effect_forget_name, KEY_NAME, false},
    {"log.begin", reorder, reorder, KEY_NAME, false},
    {"hub.successor", reorder, reorder, KEY_NAME, false},
    {"worker.add", take_name, effect_forget_name, KEY_NAME, false},
    {"worker.add", take_head, drop_head, HEAD, false},
    {"clock.ceiling", take_ceiling, drop_ceiling, CEILING, false},
    {"household.", household_take, household_drop, HOUSEHOLD_OF, false},
    {"hub.holiday", holiday_take, holiday_drop, HOLIDAY, false},
    {"hub.settings", settings_take, settings_drop, SETTLED, true},
    {"hub.letter", letter_take, letter_drop, LETTER, false},
    {"notice.post", notice_take, notice_drop, NOTICE, false},
    {"case.carry", carried_take, carried_drop, CARRIED, false},
    {"case.refer", referral_take, referral_drop, REFERRAL, false},
    {"case.assign", referral_take, referral_drop, REFERRAL, false},
    {"hub.village", village_take, village_drop, VILLAGE, false},
    {"hub.erase", erased_take, erased_drop, ERASED, true},
    {"village.erase", erased_take, erased_drop, ERASED, true},
    {"hub.keep", kept_take, kept_drop, KEPT, true},
    {"identity.key", identity_take, identity_drop, IDENTITY, false},
    {"hub.identity", identity_take, identity_drop, IDENTITY, false},
};

static bool is_of(const struct effect_kind *kind, const char *type) {
  size_t len = strlen(kind->type);
  return strncmp(type, kind->type, len) == 0 && (type[len] == '\0' || kind->type[len - 1] == '.');
}

enum reach reach_of(enum yz_status status, const char *rule) {
  if (status == YZ_ACCEPTED) return REACH_WHOLE;
  bool words = status == YZ_WAITING && rule != NULL && strncmp(rule, "content.", 8) == 0;
  return words ? REACH_LINE : REACH_NOTHING;
}

static bool does(const struct effect_kind *kind, const char *type, enum reach reach) {
  return is_of(kind, type) && reach >= (kind->unread ? REACH_LINE : REACH_WHOLE);
}

/* Who may write what says of lines that were carried whether they count elsewhere. */
static int mark_to_carry(struct store *s, const struct placed *p, bool of_case,
                         struct yz_error *err) {
  if (of_case) return carry_mark(s, &p->ledger, p->case_id, err);
  return yz_trust_type(p->record->type) ? carry_mark_all(s, err) : 0;
}

int effect_make(struct store *s, const struct placed *p, enum reach reach, struct yz_error *err) {
  bool of_case = reach == REACH_WHOLE && p->case_id != NULL;
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < sizeof kinds / sizeof *kinds; i++)
    if (does(&kinds[i], p->record->type, reach)) rc = kinds[i].make(s, p, err);
  if (rc == 0 && of_case) rc = case_take(s, p, err);
  return rc == 0 ? mark_to_carry(s, p, of_case, err) : rc;
}

int effect_unmake(struct store *s, const struct placed *p, enum reach reach, struct yz_error *err) {
  bool of_case = reach == REACH_WHOLE && p->case_id != NULL;
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < sizeof kinds / sizeof *kinds; i++)
    if (does(&kinds[i], p->record->type, reach)) rc = kinds[i].unmake(s, p, err);
  if (rc == 0 && of_case) rc = case_mark(s, &p->ledger, p->case_id, err);
  if (rc == 0 && of_case) rc = case_mark_elsewhere(s, &p->ledger, p->case_id, err);
  return rc == 0 ? mark_to_carry(s, p, of_case, err) : rc;
}

int effects_remake(struct store *s, struct yz_error *err) {
  int rc = 0;
  township_forget(s);
  for (size_t i = 0; rc == 0 && i < TABLES; i++) rc = db_run(s, tables[i].clear, NULL, 0, err);
  for (size_t i = 0; rc == 0 && i < sizeof kinds / sizeof *kinds; i++)
    rc = records_remake(s, &kinds[i], err);
  return rc == 0 ? carry_mark_all(s, err) : rc;
}

static int find_differing(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < TABLES; i++) {
    int64_t rows = 0;
    rc = db_number(s, tables[i].differing, NULL, 0, 0, &rows, err);
    if (rc == 0 && rows > 0)
      fn(arg, "store.effects", tables[i].name,
         YZ_N_("This table does not say what the records say; `yizhan rebuild --from ledger` makes "
               "it anew."));
  }
  return rc;
}

/* As they are, put aside; then made anew, compared, and all of it taken back. */
int effects_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) {
  int rc = store_begin(s, err);
  if (rc != 0) return rc;
  for (size_t i = 0; rc == 0 && i < TABLES; i++) rc = db_run(s, tables[i].keep, NULL, 0, err);
  if (rc == 0) rc = effects_remake(s, err);
  if (rc == 0) rc = find_differing(s, fn, arg, err);
  store_rollback(s);
  township_forget(s);
  return rc;
}

int effects_settle(struct store *s, struct yz_error *err) {
  int rc = cases_settle(s, err);
  return rc == 0 ? households_settle(s, err) : rc;
}
