/* What accepted records do in the store beside being kept: names, ceilings, cases, households, what
 * the township settled, notices, pieces. Rows that only repeat the records, and are made anew from
 * them; one file a kind of thing. */
#ifndef YIZHAN_NODE_STORE_EFFECTS_H
#define YIZHAN_NODE_STORE_EFFECTS_H

#include "db.h"
#include "store_cases.h"

/* --- records and their effect ------------------------------------------ */

/* What put_record and judge_record know of a record besides what they were given. */
struct placed {
  int64_t n, log; /* row numbers */
  struct yz_id ledger;
  bool hub, own;
  const struct yz_stored *record;
  const struct yz_hash *case_id; /* an opening record's own id; NULL: of no case */
};
/* What a record may do: nothing; all that its line says without its words, where it waits for
 * these alone; everything, where it is accepted. */
enum reach { REACH_NOTHING, REACH_LINE, REACH_WHOLE };
enum reach reach_of(enum yz_status status, const char *rule);
/* Makes, or unmakes, what a record that reaches so far does to names, ceilings and cases. */
int effect_make(struct store *s, const struct placed *p, enum reach reach,
                struct yz_error *err) YZ_MUST_CHECK;
int effect_unmake(struct store *s, const struct placed *p, enum reach reach,
                  struct yz_error *err) YZ_MUST_CHECK;
/* What accepted records of a type do beside being kept, other than to a case: rows of tables
 * that can be made anew from the records. effects.c lists them all. */
struct effect_kind {
  const char *type; /* a whole type, or an area with its dot: "household." */
  int (*make)(struct store *s, const struct placed *p, struct yz_error *err);
  int (*unmake)(struct store *s, const struct placed *p, struct yz_error *err);
  int table;   /* of those in effects.c, which are emptied before all is made anew */
  bool unread; /* what its line says counts before its words can be read */
};
/* All of it anew: after a rebuild, and where an older version had kept records whose type it
 * did not know. */
int effects_remake(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* Each table of effects that does not say what the records say, to fn. Begins a transaction, and
 * takes it back. */
int effects_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* All that is folded from records of a log, from one on: the log's ledger, or its ceiling,
 * changed. */
int effects_mark_log(struct store *s, const struct yz_id *log, int64_t from,
                     struct yz_error *err) YZ_MUST_CHECK;
/* A log is the hub's now, or none of its any more: the hub's order changes, and what goes by it. */
int effects_mark_order(struct store *s, const struct yz_id *ledger,
                       struct yz_error *err) YZ_MUST_CHECK;
/* Folds what was marked, cases and households: before a commit, and before reading. */
int effects_settle(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* Makes the effect of this kind of every record of its type that reaches so far. */
int records_remake(struct store *s, const struct effect_kind *kind,
                   struct yz_error *err) YZ_MUST_CHECK;
/* A key's name as a record of the hub says it; forgotten with that record. */
int effect_hub_name(struct store *s, const struct placed *p, const struct yz_key *key,
                    const char *name, struct yz_error *err) YZ_MUST_CHECK;
int effect_forget_name(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* A log's names are of its ledger, and its hub's where it is one: either changed. */
int effects_place_names(struct store *s, const struct yz_log_row *log,
                        struct yz_error *err) YZ_MUST_CHECK;
/* The name of a key in a ledger (FORMAT.md §12); NULL: it has none. `k` is taken. */
#define NAMED(what, key_is, ledger_is)                                                             \
  "(SELECT " what " FROM key_name k WHERE k.key=" key_is " AND k.ledger=" ledger_is                \
  " ORDER BY k.rank DESC, k.ms DESC, k.count DESC, k.id DESC LIMIT 1)"
#define KEY_NAMED(key_is, ledger_is) NAMED("k.name", key_is, ledger_is)
#define BEARER(which)                                                                              \
  "(SELECT " which "(o.key) FROM key_name o WHERE o.ledger=k.ledger AND o.name=k.name"             \
  " AND o.rank<2)"
/* As people are shown it: where another worker bears that name there too, with the first digits
 * of the key. */
#define KEY_CALLED(key_is, ledger_is)                                                              \
  NAMED("k.name || iif(" BEARER("min") "<>" BEARER(                                                \
            "max") ", ' (' || lower(substr(hex(k.key), 1, 8)) || ')', '')",                        \
        key_is, ledger_is)

/* Whatever says who somebody is stands open there, not sealed (FORMAT.md §19). */
#define STANDS_OPEN(column) "(" column " IS NOT NULL AND substr(" column ", 1, 1)<>char(1))"
#define ANY_OPEN(a, b, c)                                                                          \
  "listed=1 AND (" STANDS_OPEN(a) " OR " STANDS_OPEN(b) " OR " STANDS_OPEN(c) ")"
#define CASE_NAMES_SOMEBODY ANY_OPEN("resident", "phone", "household")
#define HOME_NAMES_SOMEBODY ANY_OPEN("name", "phone", "people")

/* --- cases --------------------------------------------------------------- */

/* The audience whose content is read here. */
#define CASE_AUDIENCE "village"
/* Of what a case says, the words as c: it has them for one audience. */
#define JOIN_CASE_WORDS                                                                            \
  " LEFT JOIN content c ON c.record=r.n AND c.audience=(SELECT min(k.audience) FROM content k"     \
  "  WHERE k.record=r.n AND k.audience IN ('" YZ_FOR_VILLAGE "', '" YZ_FOR_TOWNSHIP "'))"
/* The case that a record is of: an opening record names none, it is one. NULL: of none. */
const struct yz_hash *record_case(const struct yz_stored *record);
/* A record's content object, a new reference; NULL: none that can be read. */
json_t *case_content(const struct yz_stored *record);

/* The hub's order (FORMAT.md §4), as tables for a statement that joins one's log as h and its
 * record as r: all logs of the hub in a ledger (a parameter; NULL: in each), with what they stand
 * by. */
#define HUB_ORDER(ledger_is)                                                                       \
  "WITH RECURSIVE hub_log AS MATERIALIZED"                                                         \
  " (SELECT l.n, l.id, l.ledger, l.node, b.line, b.status,"                                        \
  "   json_extract(b.line, '$[0].hlc[0]') AS ms"                                                   \
  "  FROM log l CROSS JOIN record b ON b.log=l.n AND b.seq=1"                                      \
  "  WHERE l.hub=1 AND (" ledger_is " IS NULL OR l.ledger=" ledger_is ")),"                        \
  " named(n, ledger, place) AS"                                                                    \
  " (SELECT l.n, l.ledger, p.value FROM hub_log l, json_each(l.line, '$[0].continues') p"          \
  "  WHERE l.status=0"                                                                             \
  "  UNION ALL SELECT l.n, l.ledger, p.value"                                                      \
  "  FROM hub_log l CROSS JOIN record s ON s.log=l.n AND s.seq=2 AND s.type='hub.successor'"       \
  "  CROSS JOIN json_each(s.line, '$[0].until') p WHERE s.status=0),"                              \
  " goes_on AS MATERIALIZED (SELECT x.n, l.n AS from_n FROM named x JOIN hub_log l"                \
  "  ON l.ledger=x.ledger AND lower(hex(l.id))=json_extract(x.place, '$[0]')),"                    \
  " after(n, from_n) AS (SELECT n, from_n FROM goes_on"                                            \
  "  UNION SELECT a.n, g.from_n FROM after a JOIN goes_on g ON g.n=a.from_n),"                     \
  " hubs AS MATERIALIZED (SELECT l.n, l.id, l.node, min(l.ms, coalesce((SELECT min(m.ms)"          \
  "   FROM after a JOIN hub_log m ON m.n=a.n WHERE a.from_n=l.n), l.ms)) AS began,"                \
  "  (SELECT count(*) FROM after a WHERE a.n=l.n) AS behind FROM hub_log l)"
#define HUB_ORDER_LAST " ORDER BY h.began DESC, h.behind DESC, h.id DESC, r.seq DESC LIMIT 1"
/* Had this worker the role `head` before a place in a hub's log, by that hub's word? */
int head_then(struct store *s, const struct yz_id *ledger, const struct yz_id *log, int64_t seq,
              const struct yz_key *worker, bool *head, struct yz_error *err) YZ_MUST_CHECK;
/* The accepted records of a case in one ledger, and their fold. n may be 0. */
int case_load(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
              struct case_whole *out, struct yz_error *err) YZ_MUST_CHECK;
/* The opening record in it; NULL: not here. */
const struct case_record *case_opening(const struct case_whole *w, const struct yz_hash *id);

/* Takes an accepted record into its case's row: at once where it opens the case
 * and nothing else of it is here, else the row is left for cases_settle. */
int case_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* Marks the rows that a case has in other ledgers: what stands in this one has changed. */
int case_mark_elsewhere(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                        struct yz_error *err) YZ_MUST_CHECK;
int case_mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
              struct yz_error *err) YZ_MUST_CHECK;
/* All cases of a log from a record on: the log's ledger, or its ceiling, changed. */
int case_mark_log(struct store *s, const struct yz_id *log, int64_t from,
                  struct yz_error *err) YZ_MUST_CHECK;
/* Folds what was marked: before a commit, and before reading. */
int cases_settle(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* Begins all rows anew, to be folded by cases_settle, and forgets the index. */
int cases_mark_all(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* A record of the case that changes nothing in its row but the heads: notes that it is the only one
 * now, where its writer knew all others (*told). */
int case_row_tell(struct store *s, const struct placed *p, bool *told,
                  struct yz_error *err) YZ_MUST_CHECK;
/* The row of a case as it stands (case_row.c): of one that was just opened (added: false where
 * there is a row), of a whole one; and is the row what a whole one gives? */
int case_row_add(struct store *s, const struct yz_id *ledger, const struct case_record *opening,
                 const struct case_view *view, const struct case_deadline *deadline, bool *added,
                 struct yz_error *err) YZ_MUST_CHECK;
int case_row_write(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                   const struct case_whole *w, struct yz_error *err) YZ_MUST_CHECK;
int case_row_is(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                const struct case_whole *w, bool *is, struct yz_error *err) YZ_MUST_CHECK;
/* Is the row what a fresh fold gives? 1: yes, 0: no. */
int case_row_holds(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                   struct yz_error *err) YZ_MUST_CHECK;

/* Columns of a case's row that figures are made of, and who opened it, as people call them; and
 * reading the former, from a column on. */
#define FIGURE_COLUMNS                                                                             \
  "cases.state, cases.result, cases.solved, cases.same_hand, cases.anonymous, cases.unasked,"      \
  " cases.history, cases.opened_ms, cases.answered_ms, cases.resolved_ms, cases.due_ms,"           \
  " cases.answer_due_ms, cases.resolve_due_ms, cases.breaches"
#define CASE_OPENER                                                                                \
  "coalesce(" KEY_CALLED("cases.opened_by", "cases.ledger") ", lower(hex(cases.opened_by)))"
/* To whom it is given, as people are shown it: a worker as they are called now. */
#define CASE_ASSIGNEE "coalesce(" KEY_CALLED("cases.to_worker", "cases.ledger") ", cases.assigned)"
void figure_read(sqlite3_stmt *row, int column, struct figure_facts *out);

/* --- households ------------------------------------------------------------ */

/* What a household's records do: they mark its row, which households_settle folds anew. */
int household_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int household_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* All households of a log, as case_mark_log. */
int household_mark_log(struct store *s, const struct yz_id *log, int64_t from,
                       struct yz_error *err) YZ_MUST_CHECK;
/* Before a commit, and before reading. */
int households_settle(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* Forgets all rows, before their records are taken anew. */
int households_clear(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* Its accepted records in one ledger, unfolded. n may be 0. */
int household_load(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                   struct case_whole *out, struct yz_error *err) YZ_MUST_CHECK;
/* Each row that is not what a fresh fold gives, or is missing, to fn. */
int households_check(struct store *s, yz_finding_fn fn, void *arg,
                     struct yz_error *err) YZ_MUST_CHECK;

/* What a case that names a household says of it, kept beside the case's row. */
struct case_home {
  char *home; /* the household's name, folded, malloc'd; NULL: none */
  bool open;
  int64_t visits, last_ms;
};
int home_find(const struct case_view *view, const struct case_record *records,
              struct case_home *out, struct yz_error *err) YZ_MUST_CHECK;
int home_put(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
             const struct case_home *home, struct yz_error *err) YZ_MUST_CHECK;
/* What a household's name is compared by (terms_name), however it is written; malloc'd. NULL for
 * NULL and for blanks. */
int home_fold(const char *name, char **out, struct yz_error *err) YZ_MUST_CHECK;
/* 1: kept so, 0: not. */
int home_holds(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
               const struct case_home *home, struct yz_error *err) YZ_MUST_CHECK;

/* --- what the township settled ------------------------------------------- */

int holiday_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int holiday_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int settings_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int settings_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* All cases of a ledger are folded anew. */
int township_mark(struct store *s, const struct yz_id *ledger, struct yz_error *err) YZ_MUST_CHECK;
/* What holds in a ledger, read once in a transaction; lives until the next call. */
int township_of(struct store *s, const struct yz_id *ledger, const struct township **out,
                struct yz_error *err) YZ_MUST_CHECK;
void township_forget(struct store *s);

/* --- letters for case numbers ---------------------------------------------- */

int letter_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int letter_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;

/* The case has a number that another of its ledger has: marked for store_each_clash. */
int number_mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
                const char *stem, int64_t counter, struct yz_error *err) YZ_MUST_CHECK;

/* --- notices --------------------------------------------------------------- */

int notice_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int notice_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;

/* --- from ledger to ledger -------------------------------------------------- */

/* Does what a row of `erased` says of its subject count? The hub's word does. A village that works
 * alone has nobody to ask: what it wrote then it erases then, of what it opened itself in that
 * time. */
#define ERASURE_COUNTS(e)                                                                          \
  "EXISTS(SELECT 1 FROM record er JOIN log el ON el.n=er.log WHERE er.n=" e                        \
  ".record AND (el.hub=1 OR"                                                                       \
  " ((el.old=1 OR EXISTS(SELECT 1 FROM ledger a WHERE a.id=el.ledger AND a.hub=zeroblob(32)))"     \
  "  AND EXISTS(SELECT 1 FROM record o JOIN log ol ON ol.n=o.log WHERE o.id=" e                    \
  ".of AND ol.node=el.node AND ol.old=el.old AND ol.ledger=el.ledger))))"
int erased_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int erased_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int kept_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int kept_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* How much the township was asked to erase: and has not, has, and has refused. */
int erased_count_asked(struct store *s, struct store_counts *out,
                       struct yz_error *err) YZ_MUST_CHECK;
/* What a log erased is of the ledger that it is in now. */
int erased_place(struct store *s, const struct yz_log_row *log, struct yz_error *err) YZ_MUST_CHECK;
int carried_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int carried_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* Something of a case changed in a ledger, or of who may write what: marked for
 * store_each_to_carry. */
int carry_mark(struct store *s, const struct yz_id *ledger, const struct yz_hash *id,
               struct yz_error *err) YZ_MUST_CHECK;
int carry_mark_all(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
int referral_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int referral_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int village_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int village_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* The village of a ledger is called what the hub said last. */
int village_follow(struct store *s, const struct yz_id *ledger, struct yz_error *err) YZ_MUST_CHECK;

/* --- pieces --------------------------------------------------------------- */

/* What a record names, as it is put. */
int pieces_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* A commit of this ledger brings a piece: it is no more to be sent there. */
int pieces_sent(struct store *s, const struct yz_id *ledger, const struct yz_hash *piece,
                struct yz_error *err) YZ_MUST_CHECK;
/* Those of this node that the other side is not known to have. */
int pieces_count(struct store *s, int64_t *pending, struct yz_error *err) YZ_MUST_CHECK;
/* Each that should be here and is not, or not as it was sealed, to fn. */
int pieces_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* Into a copy of the store, and out of it to where a store lies that is not opened yet. */
int pieces_pack(struct store *s, sqlite3 *to, struct yz_error *err) YZ_MUST_CHECK;
int pieces_unpack(sqlite3 *from, const struct yz_world *world, const char *dir,
                  struct yz_error *err) YZ_MUST_CHECK;

/* --- who somebody is -------------------------------------------------------- */

int identity_take(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
int identity_drop(struct store *s, const struct placed *p, struct yz_error *err) YZ_MUST_CHECK;
/* A sealed_fn: arg is the store. */
int identity_open(void *arg, const char *name, const char *text, struct yz_buf *out) YZ_MUST_CHECK;
/* A column as it is shown: itself, or opened into room; NULL, and *sealed, where it cannot be. */
int identity_show(struct store *s, const char *text, struct yz_buf *room, const char **out,
                  bool *sealed, struct yz_error *err) YZ_MUST_CHECK;
/* Are there names of households that are sealed, and is there somebody to open them? */
int identity_homes(struct store *s, bool *any, struct yz_error *err) YZ_MUST_CHECK;

/* --- search -------------------------------------------------------------- */

/* Brings the index up to date, in transactions of its own unless one is open. */
int index_catch_up(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
int index_clear(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
int index_forget(struct store *s, int64_t case_n, struct yz_error *err) YZ_MUST_CHECK;

#endif
