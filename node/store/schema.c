/* The schema, version by version: PRAGMA user_version says how many of these
 * have been applied. A version that was released is never edited; what comes
 * later is appended.
 *
 * Ids, keys and hashes are blobs, what people read is text. `line` is a record's
 * line as it was signed; `content` holds its words, beside it, so that they can
 * go while it stays. "cases" and what follows it only repeat what the records
 * say and can be made anew from them. */
#include "effects.h"

/* What the node itself keeps, and what it did not accept. */
static const char *const node_1[] = {
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE secret(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE worker(n INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE CHECK(length(key)=32),"
    " name TEXT NOT NULL, locked INTEGER NOT NULL, sealed BLOB NOT NULL, recovery BLOB NOT NULL)",
    "CREATE TABLE refused(number INTEGER PRIMARY KEY,"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), log BLOB NOT NULL CHECK(length(log)=16),"
    " seq INTEGER NOT NULL, rule TEXT NOT NULL, hash BLOB NOT NULL CHECK(length(hash)=32),"
    " ref TEXT NOT NULL, bytes BLOB, kept INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    " released INTEGER NOT NULL DEFAULT 0, UNIQUE(hash, rule, log, seq))",
    "CREATE TABLE invitation(n INTEGER PRIMARY KEY, ledger BLOB NOT NULL CHECK(length(ledger)=16),"
    " township TEXT NOT NULL, village TEXT NOT NULL, code TEXT NOT NULL, letter TEXT NOT NULL,"
    " url TEXT NOT NULL, hub BLOB NOT NULL CHECK(length(hub)=32),"
    " box BLOB NOT NULL CHECK(length(box)=32), recovery BLOB NOT NULL CHECK(length(recovery)=32),"
    " word BLOB NOT NULL CHECK(length(word)=16), used_by BLOB CHECK(length(used_by)=16))",
    "CREATE INDEX invitation_ledger ON invitation(ledger)",
    NULL,
};

/* Ledgers, logs and records; what an accepted one does beside its case. */
static const char *const records_1[] = {
    "CREATE TABLE ledger(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK(length(id)=16),"
    " hub BLOB NOT NULL CHECK(length(hub)=32), hub_box BLOB NOT NULL CHECK(length(hub_box)=32),"
    " joined INTEGER NOT NULL, own BLOB NOT NULL CHECK(length(own)=16), url TEXT NOT NULL,"
    " name TEXT NOT NULL, code TEXT NOT NULL)",
    "CREATE TABLE log(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK(length(id)=16),"
    " ledger BLOB NOT NULL REFERENCES ledger(id), hash BLOB NOT NULL CHECK(length(hash)=32),"
    " node BLOB NOT NULL CHECK(length(node)=32), box BLOB NOT NULL CHECK(length(box)=32),"
    " incarnation BLOB NOT NULL CHECK(length(incarnation)=16), own INTEGER NOT NULL,"
    " hub INTEGER NOT NULL, old INTEGER NOT NULL, letter TEXT NOT NULL,"
    " head_seq INTEGER NOT NULL, head_id BLOB NOT NULL CHECK(length(head_id)=32))",
    "CREATE INDEX log_ledger ON log(ledger)",
    "CREATE TABLE record(n INTEGER PRIMARY KEY, log INTEGER NOT NULL REFERENCES log(n),"
    " seq INTEGER NOT NULL, id BLOB NOT NULL CHECK(length(id)=32), line TEXT NOT NULL,"
    " status INTEGER NOT NULL, rule TEXT, type TEXT NOT NULL, trust INTEGER NOT NULL,"
    " case_id BLOB CHECK(length(case_id)=32), UNIQUE(log, seq))",
    "CREATE INDEX record_case ON record(case_id) WHERE case_id IS NOT NULL",
    "CREATE INDEX record_trust ON record(log, seq) WHERE trust=1",
    "CREATE INDEX record_unsettled ON record(log, seq) WHERE status<>0",
    "CREATE TABLE content(record INTEGER NOT NULL REFERENCES record(n), audience TEXT NOT NULL,"
    " key BLOB NOT NULL CHECK(length(key)=16), bytes TEXT NOT NULL,"
    " PRIMARY KEY(record, audience)) WITHOUT ROWID",
    "CREATE TABLE key_name(key BLOB PRIMARY KEY CHECK(length(key)=32), name TEXT NOT NULL,"
    " rank INTEGER NOT NULL, node BLOB NOT NULL, record INTEGER) WITHOUT ROWID",
    "CREATE INDEX key_name_record ON key_name(record) WHERE record IS NOT NULL",
    "CREATE TABLE ceiling(record INTEGER PRIMARY KEY REFERENCES record(n), ledger BLOB NOT NULL,"
    " log BLOB NOT NULL, from_seq INTEGER NOT NULL, ms INTEGER NOT NULL)",
    "CREATE INDEX ceiling_log ON ceiling(log)",
    NULL,
};

/* What git carries. */
static const char *const git_1[] = {
    "CREATE TABLE ref(n INTEGER PRIMARY KEY, ledger BLOB NOT NULL, name TEXT NOT NULL,"
    " UNIQUE(ledger, name))",
    "CREATE TABLE git_commit(n INTEGER PRIMARY KEY,"
    " ref INTEGER NOT NULL REFERENCES ref(n) ON DELETE CASCADE,"
    " oid BLOB NOT NULL CHECK(length(oid)=20), bytes BLOB NOT NULL, UNIQUE(ref, oid))",
    "CREATE TABLE git_path(git_commit INTEGER NOT NULL REFERENCES git_commit(n) ON DELETE CASCADE,"
    " place INTEGER NOT NULL, path TEXT NOT NULL, PRIMARY KEY(git_commit, place)) WITHOUT ROWID",
    "CREATE TABLE file(n INTEGER PRIMARY KEY,"
    " ref INTEGER NOT NULL REFERENCES ref(n) ON DELETE CASCADE, path TEXT NOT NULL,"
    " first INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " git_commit INTEGER REFERENCES git_commit(n) ON DELETE CASCADE)",
    "CREATE INDEX file_path ON file(ref, path)",
    "CREATE INDEX file_commit ON file(git_commit)",
    "CREATE UNIQUE INDEX file_loose ON file(ref, path) WHERE git_commit IS NULL",
    "CREATE TABLE segment(log INTEGER NOT NULL REFERENCES log(n), first INTEGER NOT NULL,"
    " last INTEGER NOT NULL, closing TEXT NOT NULL,"
    " git_commit INTEGER REFERENCES git_commit(n) ON DELETE SET NULL, PRIMARY KEY(log, first))",
    "CREATE INDEX segment_commit ON segment(git_commit)",
    "CREATE INDEX segment_loose ON segment(log, first) WHERE git_commit IS NULL",
    "CREATE TABLE batch_key(log INTEGER NOT NULL REFERENCES log(n), first INTEGER NOT NULL,"
    " audience TEXT NOT NULL, key BLOB NOT NULL CHECK(length(key)=32),"
    " receivers BLOB NOT NULL CHECK(length(receivers)=32),"
    " PRIMARY KEY(log, first, audience)) WITHOUT ROWID",
    "CREATE TABLE ack(log BLOB PRIMARY KEY CHECK(length(log)=16), line TEXT NOT NULL) WITHOUT"
    " ROWID",

    NULL,
};

/* The cases as they stand, and the index for search. */
static const char *const cases_1[] = {
    "CREATE TABLE cases(n INTEGER PRIMARY KEY, ledger BLOB NOT NULL, id BLOB NOT NULL,"
    " stale INTEGER NOT NULL DEFAULT 0, unindexed INTEGER NOT NULL DEFAULT 1,"
    " listed INTEGER NOT NULL DEFAULT 0, number TEXT, stem TEXT, counter INTEGER, source TEXT,"
    " opened_ms INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT '',"
    " flags INTEGER NOT NULL DEFAULT 0, anonymous INTEGER NOT NULL DEFAULT 0,"
    " needs_newer INTEGER NOT NULL DEFAULT 0, conflicts INTEGER NOT NULL DEFAULT 0,"
    " title TEXT, text TEXT, category TEXT, channel TEXT, urgency TEXT, place TEXT, resident TEXT,"
    " phone TEXT, household TEXT, assigned TEXT, UNIQUE(id, ledger))",
    "CREATE INDEX cases_stale ON cases(stale) WHERE stale=1",
    "CREATE INDEX cases_unindexed ON cases(unindexed) WHERE unindexed=1",
    "CREATE INDEX cases_opened ON cases(opened_ms, id) WHERE listed=1",
    "CREATE INDEX cases_number ON cases(number) WHERE number IS NOT NULL",
    "CREATE INDEX cases_stem ON cases(stem, counter) WHERE stem IS NOT NULL",
    "CREATE INDEX cases_source ON cases(source) WHERE source IS NOT NULL",
    "CREATE TABLE indexed(n INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    /* One statement in two lines, no comma forgotten.
       NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
    "CREATE VIRTUAL TABLE words USING fts5(terms, content='', columnsize=0,"
    " tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\")",
    /* Parts of the index are put together later: it takes in more at once, and is searched as
       quickly. */
    "INSERT INTO words(words, rank) VALUES('automerge', 8)",
    NULL,
};

/* What the case tables say beside. */
static const char *const cases_2[] = {
    "ALTER TABLE cases ADD COLUMN history INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN class TEXT",
    "ALTER TABLE cases ADD COLUMN requested INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN merged_into BLOB",
    /* Where the merge that says so stands in the order: bytes that compare as merges do. */
    "ALTER TABLE cases ADD COLUMN merged_at BLOB",
    "ALTER TABLE cases ADD COLUMN about BLOB",
    "ALTER TABLE cases ADD COLUMN opened_by BLOB",
    "ALTER TABLE cases ADD COLUMN to_office INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN to_worker BLOB",
    "ALTER TABLE cases ADD COLUMN result TEXT",
    "ALTER TABLE cases ADD COLUMN solved TEXT",
    "ALTER TABLE cases ADD COLUMN same_hand INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN unasked INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN answered_ms INTEGER",
    "ALTER TABLE cases ADD COLUMN resolved_ms INTEGER",
    "ALTER TABLE cases ADD COLUMN due_ms INTEGER",
    "ALTER TABLE cases ADD COLUMN due_of TEXT",
    "ALTER TABLE cases ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN breaches INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN answer_due_ms INTEGER",
    "ALTER TABLE cases ADD COLUMN resolve_due_ms INTEGER",
    /* Ids of the records that no writer of another knew, by their bytes; empty: too many. */
    "ALTER TABLE cases ADD COLUMN heads BLOB NOT NULL DEFAULT x''",
    "CREATE INDEX cases_due ON cases(due_ms) WHERE due_ms IS NOT NULL",
    "CREATE INDEX cases_requested ON cases(opened_ms, id) WHERE listed=1 AND requested=1",
    "CREATE INDEX cases_to ON cases(assigned,opened_ms,id) WHERE listed=1 AND assigned NOT NULL",
    "CREATE INDEX cases_worker ON cases(to_worker) WHERE listed=1 AND to_worker NOT NULL",
    "CREATE INDEX cases_flagged ON cases(opened_ms, id) WHERE listed=1 AND flags<>0",
    "CREATE INDEX cases_merged ON cases(merged_into) WHERE merged_into IS NOT NULL",
    "CREATE INDEX cases_resolved ON cases(opened_ms, id) WHERE listed=1 AND state='resolved'",
    "CREATE INDEX cases_conflicts ON cases(opened_ms, id) WHERE listed=1 AND conflicts>0",
    "CREATE INDEX cases_named ON cases(n) WHERE " CASE_NAMES_SOMEBODY,
    NULL,
};

/* What the holders of keys are called, in each ledger, by every record that says so. */
static const char *const names_2[] = {
    "DROP TABLE key_name",
    "CREATE TABLE key_name(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), key BLOB NOT NULL CHECK(length(key)=32),"
    " name TEXT NOT NULL, rank INTEGER NOT NULL, ms INTEGER NOT NULL, count INTEGER NOT NULL,"
    " id BLOB NOT NULL CHECK(length(id)=32))",
    "CREATE INDEX key_name_key ON key_name(key, ledger,"
    " rank, ms, count, id)",
    "CREATE INDEX key_name_name ON key_name(ledger, name, key) WHERE rank<2",
    NULL,
};

/* Who has the role `head` at the hub, by the records that say so. */
static const char *const heads_2[] = {
    "CREATE TABLE head(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16),"
    " worker BLOB NOT NULL CHECK(length(worker)=32))",
    "CREATE INDEX head_worker ON head(worker)",
    NULL,
};

/* Households as they stand, which records are theirs, and of each case that names one what its
 * household needs to know. */
static const char *const households_2[] = {
    "CREATE TABLE household(n INTEGER PRIMARY KEY, ledger BLOB NOT NULL, id BLOB NOT NULL,"
    " stale INTEGER NOT NULL DEFAULT 0, listed INTEGER NOT NULL DEFAULT 0,"
    " needs_newer INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0,"
    " visits INTEGER NOT NULL DEFAULT 0, last_ms INTEGER NOT NULL DEFAULT 0, name TEXT, home TEXT,"
    " place TEXT, phone TEXT, note TEXT, people TEXT, words TEXT, UNIQUE(id, ledger))",
    "CREATE INDEX household_stale ON household(stale) WHERE stale=1",
    "CREATE INDEX household_home ON household(home) WHERE listed=1",
    "CREATE TABLE household_of(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " id BLOB NOT NULL CHECK(length(id)=32))",
    "CREATE INDEX household_of_id ON household_of(id)",
    "CREATE TABLE case_home(ledger BLOB NOT NULL, id BLOB NOT NULL, home TEXT NOT NULL,"
    " open INTEGER NOT NULL, visits INTEGER NOT NULL, last_ms INTEGER NOT NULL,"
    " PRIMARY KEY(home, ledger, id)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX case_home_case ON case_home(id, ledger)",
    NULL,
};

/* What the township has said of days, and of how many a case may take. */
static const char *const township_2[] = {
    "CREATE TABLE holiday(record INTEGER PRIMARY KEY REFERENCES record(n), ledger BLOB NOT NULL,"
    " day INTEGER NOT NULL, off INTEGER NOT NULL, at_ms INTEGER NOT NULL)",
    "CREATE INDEX holiday_ledger ON holiday(ledger)",
    "CREATE TABLE settled(record INTEGER PRIMARY KEY REFERENCES record(n), ledger BLOB NOT NULL,"
    " said TEXT NOT NULL, at_ms INTEGER NOT NULL)",
    "CREATE INDEX settled_ledger ON settled(ledger)",
    /* The days that a case's deadlines hang on. */
    "ALTER TABLE cases ADD COLUMN asked_from INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN asked_to INTEGER NOT NULL DEFAULT -1",
    NULL,
};

static const char *const notices_2[] = {
    "CREATE TABLE notice(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " notice BLOB NOT NULL CHECK(length(notice)=16), at_ms INTEGER NOT NULL)",
    "CREATE INDEX notice_notice ON notice(notice)",
    NULL,
};

/* Letters for case numbers that the hub named, each for a log. */
static const char *const letters_2[] = {
    "CREATE TABLE letter(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), log BLOB NOT NULL CHECK(length(log)=16),"
    " letter TEXT NOT NULL)",
    "CREATE INDEX letter_log ON letter(log)",
    NULL,
};

/* Which lines were carried into which ledger, where the hub said that a case is carried to, and
 * what it said of villages. */
static const char *const carried_2[] = {
    "CREATE TABLE carried(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), id BLOB NOT NULL CHECK(length(id)=32),"
    " of BLOB NOT NULL CHECK(length(of)=16))",
    "CREATE INDEX carried_id ON carried(id, ledger)",
    "CREATE TABLE referral(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16),"
    " case_id BLOB NOT NULL CHECK(length(case_id)=32),"
    " target BLOB NOT NULL CHECK(length(target)=16))",
    "CREATE INDEX referral_case ON referral(case_id)",
    "CREATE TABLE village(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), closed INTEGER NOT NULL,"
    " into_ledger BLOB CHECK(length(into_ledger)=16), name TEXT, code TEXT)",
    "CREATE INDEX village_ledger ON village(ledger)",
    NULL,
};

/* When an invitation ends; 0: never. */
static const char *const invitations_2[] = {
    "ALTER TABLE invitation ADD COLUMN until_ms INTEGER NOT NULL DEFAULT 0",
    NULL,
};

/* Whose words are erased: a case, or a household; and which requests for that were refused. */
static const char *const erased_2[] = {
    "CREATE TABLE erased(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), of BLOB NOT NULL CHECK(length(of)=32),"
    " at_ms INTEGER NOT NULL)",
    "CREATE INDEX erased_of ON erased(of, ledger)",
    "CREATE INDEX erased_ledger ON erased(ledger)",
    "CREATE TABLE kept(record INTEGER PRIMARY KEY REFERENCES record(n),"
    " ledger BLOB NOT NULL CHECK(length(ledger)=16), of BLOB NOT NULL CHECK(length(of)=32),"
    " asked BLOB NOT NULL CHECK(length(asked)=32), at_ms INTEGER NOT NULL)",
    "CREATE INDEX kept_of ON kept(of, ledger)",
    "CREATE INDEX kept_asked ON kept(asked)",
    NULL,
};

/* Which pieces a record names, in order; `here`: the bytes lie in the folder of pieces; `waits`: it
 * is this node's to send, and 1: no commit of the record's ledger has brought it, 2: one has, and
 * the other side is not known to have that. And what a backup carries of that folder: elsewhere
 * that table is empty. */
static const char piece_of_2[] =
    "CREATE TABLE piece_of(record INTEGER NOT NULL REFERENCES record(n), place INTEGER NOT NULL,"
    " piece BLOB NOT NULL CHECK(length(piece)=32), here INTEGER NOT NULL, waits INTEGER NOT NULL,"
    " PRIMARY KEY(record, place)) WITHOUT ROWID";
static const char *const pieces_2[] = {
    piece_of_2,
    "CREATE INDEX piece_of_piece ON piece_of(piece)",
    "CREATE INDEX piece_of_waits ON piece_of(record) WHERE waits=1",
    "CREATE INDEX piece_of_unheard ON piece_of(record) WHERE waits=2",
    "CREATE TABLE piece(piece BLOB PRIMARY KEY CHECK(length(piece)=32), bytes BLOB NOT NULL)",
    NULL,
};

/* Who read a case in full, on which day; by: empty where it was not said. */
static const char *const readings_2[] = {
    "CREATE TABLE reading(of BLOB NOT NULL CHECK(length(of)=32), by BLOB NOT NULL,"
    " day INTEGER NOT NULL, PRIMARY KEY(of, by, day)) WITHOUT ROWID",
    NULL,
};

/* Of each ledger so much is kept: before, of all together. */
static const char *const quarantine_2[] = {
    "CREATE INDEX refused_ledger ON refused(ledger)",
    "UPDATE refused SET kept=k.kept FROM (SELECT number, sum(coalesce(length(bytes), 0))"
    " OVER (PARTITION BY ledger ORDER BY number) AS kept FROM refused) k"
    " WHERE k.number=refused.number",
    NULL,
};

/* Keys under which it is sealed who somebody is, each wrapped to a box, by the first bytes of both.
 */
static const char *const identity_2[] = {
    "CREATE TABLE identity(record INTEGER NOT NULL REFERENCES record(n),"
    " key BLOB NOT NULL CHECK(length(key)=8),"
    " box BLOB NOT NULL CHECK(length(box)=8), wrapped BLOB NOT NULL CHECK(length(wrapped)=80),"
    " PRIMARY KEY(record, box)) WITHOUT ROWID",
    "CREATE INDEX identity_key ON identity(key, box)",
    NULL,
};

/* What is to be looked at, at the hub, after an intake: marked as the cases are made anew. */
static const char *const marks_3[] = {
    /* Numbers that several cases of a ledger have, until it was seen whose letter is to change. */
    "CREATE TABLE twice(ledger BLOB NOT NULL CHECK(length(ledger)=16), stem TEXT NOT NULL,"
    " counter INTEGER NOT NULL, PRIMARY KEY(ledger, stem, counter)) WITHOUT ROWID",
    /* Cases of which something may have to be carried. */
    "CREATE TABLE to_carry(id BLOB PRIMARY KEY CHECK(length(id)=32)) WITHOUT ROWID",
    NULL,
};

static const char *const *const version_1[] = {node_1, records_1, git_1, cases_1, NULL};
static const char *const *const version_2[] = {
    names_2,       cases_2,  heads_2,  households_2, township_2,   notices_2,  letters_2, carried_2,
    invitations_2, erased_2, pieces_2, readings_2,   quarantine_2, identity_2, NULL};
static const char *const *const version_3[] = {marks_3, NULL};
static const char *const *const *const versions[] = {version_1, version_2, version_3};
enum { CURRENT = (int)(sizeof versions / sizeof *versions) };

static int pragma(sqlite3 *db, const char *sql, int *out) {
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
  if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) *out = sqlite3_column_int(stmt, 0);
  return sqlite3_finalize(stmt) != SQLITE_OK ? -1 : rc == SQLITE_OK ? 0 : -1;
}

int schema_check(sqlite3 *db, const char *path, int *version, struct yz_error *err) {
  int id = 0;
  if (pragma(db, "PRAGMA application_id", &id) != 0 ||
      pragma(db, "PRAGMA user_version", version) != 0)
    return db_fail(db, path, err);
  if (id != DB_APPLICATION_ID)
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("This file is not a store of this program. Restore it from a backup."),
                   "%s", path);
  if (*version > CURRENT)
    return yz_fail(err, YZ_E_VERSION,
                   YZ_N_("The store was written by a newer version of this program; it was left "
                         "untouched. Install that version."),
                   "%s", path);
  return 0;
}

static int apply(sqlite3 *db, int from) {
  for (int v = from; v < CURRENT; v++)
    for (const char *const *const *part = versions[v]; *part != NULL; part++)
      for (const char *const *sql = *part; *sql != NULL; sql++)
        if (sqlite3_exec(db, *sql, NULL, NULL, NULL) != SQLITE_OK) return -1;
  /* What an older version kept without understanding it, this one may understand. */
  static const char REMAKE[] = "INSERT OR REPLACE INTO meta(name, value) VALUES('remake', x'01')";
  if (from > 0 && sqlite3_exec(db, REMAKE, NULL, NULL, NULL) != SQLITE_OK) return -1;
  char set[64];
  (void)sqlite3_snprintf((int)sizeof set, set, "PRAGMA user_version=%d", CURRENT);
  return sqlite3_exec(db, set, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

int schema_migrate(sqlite3 *db, const char *path, struct yz_error *err) {
  int version = 0;
  int rc = schema_check(db, path, &version, err);
  if (rc != 0 || version == CURRENT) return rc;
  if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    return db_fail(db, path, err);
  /* Another process may have done it while we waited. */
  rc = schema_check(db, path, &version, err);
  if (rc == 0 && apply(db, version) != 0) rc = db_fail(db, path, err);
  if (rc == 0 && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    rc = db_fail(db, path, err);
  if (rc != 0) (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return rc;
}
