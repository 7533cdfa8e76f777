/* The node's memory: one SQLite file, DIR/yizhan.db. All SQL lives here.
 *
 * It fills the library's table (store_table) and keeps what the node itself
 * needs: settings, secrets, workers, invitations, the cases as they stand
 * (store_cases.h) and an index for search. A record and its effect on the case tables are one
 * transaction: WAL, synchronous=FULL, foreign keys on, busy timeout 30 s.
 * Migrations by user_version; a newer database is left untouched: YZ_E_VERSION.
 *
 * Functions return 0 or a negative code; "get" answers YZ_E_NOT_FOUND with err
 * untouched. Callbacks as in yizhan/store.h: what they are handed lives until they
 * return; non-zero stops and is returned. */
#ifndef YIZHAN_NODE_STORE_H
#define YIZHAN_NODE_STORE_H

#include "../cases/calendar.h"
#include "../cases/policy.h"
#include "../cases/settled.h"
#include <yizhan/station.h>
#include <yizhan/store.h>
#include <yizhan/world.h>

struct store;

/* Opens DIR/yizhan.db (0600); create makes it, YZ_E_EXISTS if it is there, else
 * YZ_E_NOT_FOUND if it is not. YZ_E_VERSION, YZ_E_DAMAGED, YZ_E_BUSY, YZ_E_FULL. */
int store_open(struct store **out, const char *dir, bool create, const struct yz_world *world,
               struct yz_error *err) YZ_MUST_CHECK;
/* A store that store_open may refuse, to read what can still be read. Nothing is written. */
int store_open_damaged(struct store **out, const char *dir, const struct yz_world *world,
                       struct yz_error *err) YZ_MUST_CHECK;
/* Closing leaves the store's file as it is, and its journal beside it: what the journal holds may
 * be another store's, which SQLite cannot tell. */
void store_leave_journal(struct store *s);
void store_close(struct store *s);
/* The library's table over this store; lives as long as it. */
const struct yz_store *store_table(struct store *s);
/* Much is to be written: 8 MB of pages are kept from now on, not 2, so that fewer are written
 * twice. */
int store_expect_much(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* begin/commit/rollback as in the table, for the node's own writes. */
int store_begin(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
int store_commit(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
void store_rollback(struct store *s);
/* Ends a transaction by what came of it: commits when rc is 0, else takes it back.
 * Returns rc, or why the commit failed. */
int store_end(struct store *s, int rc, struct yz_error *err) YZ_MUST_CHECK;

/* --- settings, secrets, workers --------------------------------------- */

/* Names in use: "role" (village|hub), "name", "code", "letter", "township", "ledger"
 * (a village's current ledger id, hex), "recovery" (hash, hex), "succeeds" (the key of the hub that
 * this one's ledgers were of at first), "url" (a hub's on the net), "last_sync",
 * "practice" (it is a village to practise in). get appends. */
int store_get_setting(struct store *s, const char *name, struct yz_buf *out,
                      struct yz_error *err) YZ_MUST_CHECK;
int store_put_setting(struct store *s, const char *name, const char *value,
                      struct yz_error *err) YZ_MUST_CHECK;

/* "node.seed", "node.box", "tls.key" (a hub's, PEM). */
int store_get_secret(struct store *s, const char *name, struct yz_secret **out,
                     struct yz_error *err) YZ_MUST_CHECK;
int store_put_secret(struct store *s, const char *name, const struct yz_secret *secret,
                     struct yz_error *err) YZ_MUST_CHECK;

/* A worker whose signing key this node keeps. locked: sealed under a passphrase
 * (yz_passphrase_seal), and again under a recovery code; else the seed itself. */
struct worker_row {
  struct yz_key key;
  char name[YZ_MAX_NAME + 1];
  bool locked;
  struct yz_buf sealed;   /* seed, or sealed seed; wiped by worker_row_finish */
  struct yz_buf recovery; /* sealed under the recovery code; empty when not locked */
};
void worker_row_finish(struct worker_row *w);
int store_put_worker(struct store *s, const struct worker_row *w,
                     struct yz_error *err) YZ_MUST_CHECK;
int store_each_worker(struct store *s, int (*fn)(void *arg, const struct worker_row *w), void *arg,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Forgets a worker's key. */
int store_drop_worker(struct store *s, const struct yz_key *key,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Every ledger, in the order made. */
int store_each_ledger(struct store *s, int (*fn)(void *arg, const struct yz_ledger_row *row),
                      void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* The name of a key's holder in a ledger, by its accepted records. Appends; YZ_E_NOT_FOUND. */
int store_key_name(struct store *s, const struct yz_id *ledger, const struct yz_key *key,
                   struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;
/* The same as people are shown it: where two workers bear one name, each with the first digits of
 * the key, "王 (a400f815)". */
int store_key_called(struct store *s, const struct yz_id *ledger, const struct yz_key *key,
                     struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

/* --- at a hub: invitations -------------------------------------------- */

int store_put_invitation(struct store *s, const struct yz_invitation *i,
                         struct yz_error *err) YZ_MUST_CHECK;
/* One that nobody has used ends then. */
int store_prolong_invitation(struct store *s, const struct yz_invitation *i, int64_t until_ms,
                             struct yz_error *err) YZ_MUST_CHECK;
struct invitation_row {
  struct yz_invitation invitation;
  bool used;
  struct yz_id used_by; /* a log */
};
int store_each_invitation(struct store *s, int (*fn)(void *arg, const struct invitation_row *row),
                          void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* --- what is erased ----------------------------------------------------- */

/* A case or a household whose words are erased in a ledger. reason: NULL where it cannot be read
 * here. */
struct erasure {
  struct yz_id ledger;
  struct yz_hash of;
  int64_t at_ms;
  struct yz_key by;
  const char *reason;
  struct yz_hash id; /* of the record that says so */
};
typedef int (*erasure_fn)(void *arg, const struct erasure *erasure);
/* of NULL: all, in the order in which they came here. */
int store_each_erasure(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                       struct yz_error *err) YZ_MUST_CHECK;
/* Likewise what the township was asked to erase and has not: each subject once in a ledger, by who
 * asked first. */
int store_each_asked(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Of one subject each such request that has no answer yet, whoever asked first. */
int store_each_unanswered(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                          struct yz_error *err) YZ_MUST_CHECK;
/* The refusals of a subject that was asked to be erased, is not, and of which nothing asked is
 * without an answer; the last one first. */
int store_each_refusal(struct store *s, const struct yz_hash *of, erasure_fn fn, void *arg,
                       struct yz_error *err) YZ_MUST_CHECK;
/* The ledgers that hold records of a subject and do not say that it is erased. */
int store_each_with_words(struct store *s, const struct yz_hash *of,
                          int (*fn)(void *arg, const struct yz_id *ledger), void *arg,
                          struct yz_error *err) YZ_MUST_CHECK;
/* What was overwritten leaves the log of pages too, where nobody reads it just now. */
int store_empty_log(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* Was something erased that is still to be taken off the disk? */
int store_scrub_due(struct store *s, bool *due, struct yz_error *err) YZ_MUST_CHECK;
/* Takes off the disk what was erased since: writes index and file anew and empties the log of
 * pages. Nothing was: nothing is done. What somebody still reads stays for the next time. Not in
 * a transaction. YZ_E_FULL: it needs room for a second store meanwhile. */
int store_scrub(struct store *s, struct yz_error *err) YZ_MUST_CHECK;

/* --- quarantine ------------------------------------------------------- */

struct refused_row {
  int64_t number; /* for people to name it by */
  struct yz_refused
      entry; /* bytes NULL where beyond the cap (8 MiB a ledger): hash and rule only */
  int64_t at_ms;
  bool released;
};
int store_each_refused(struct store *s, int (*fn)(void *arg, const struct refused_row *row),
                       void *arg, struct yz_error *err) YZ_MUST_CHECK;
int store_release_refused(struct store *s, int64_t number, struct yz_error *err) YZ_MUST_CHECK;

/* --- what the township settled ---------------------------------------- */

/* Holidays, days by class, and the names of its offices and categories, as its records say. */
struct township {
  struct case_calendar calendar; /* indexed */
  struct case_policies policies;
  json_t *names[SETTLED_LISTS]; /* arrays of strings */
  json_t *past[SETTLED_LISTS];  /* every name that stood there once, likewise */
  bool unread;                  /* other names were settled since, which cannot be read here yet */
  int64_t at_ms;                /* when names were settled last, as was said then */
};
/* What holds in a ledger, by the last word in the hub's order; ledger NULL: by what was said last
 * in any of them. One statement that was told to several (the same `at`) can be read where it can
 * be read in one. finish frees. */
int store_load_township(struct store *s, const struct yz_id *ledger, struct township *out,
                        struct yz_error *err) YZ_MUST_CHECK;
/* Its zone alone, as the last one says (ZONE_DEFAULT: none does); so of all that were said. */
int store_load_zone(struct store *s, const struct yz_id *ledger, int *out,
                    struct yz_error *err) YZ_MUST_CHECK;
void township_finish(struct township *t);

/* --- notices ------------------------------------------------------------ */

/* One record of a notice, in a hub's log. Strings live until the callback returns. */
struct notice_row {
  struct yz_id notice; /* the same in every ledger it was posted to */
  struct yz_id ledger, log;
  int64_t seq, at_ms;
  struct yz_key by;
  const char *title, *text; /* NULL: not readable here */
};
typedef int (*notice_row_fn)(void *arg, const struct notice_row *row);
/* All of them: newest notice first, the records of one together, the first of them first. */
int store_each_notice(struct store *s, notice_row_fn fn, void *arg,
                      struct yz_error *err) YZ_MUST_CHECK;

/* --- pieces of attachments --------------------------------------------- */

/* Keeps a sealed piece, before the record that names it is written: in DIR/pieces, flushed.
 * YZ_E_FULL too where the disk has less left than pieces leave to others. */
enum { STORE_PIECES_SPARE = 64 * 1024 * 1024 };
int store_put_piece(struct store *s, const struct yz_hash *piece, const void *bytes, size_t n,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Appends its bytes as they lie there, unchecked. YZ_E_NOT_FOUND: it is not here. */
int store_get_piece(struct store *s, const struct yz_hash *piece, struct yz_buf *out,
                    struct yz_error *err) YZ_MUST_CHECK;
bool store_has_piece(struct store *s, const struct yz_hash *piece);
/* They lie in that folder's `pieces` from now on: for a store that is made in another folder than
 * it is to work in. */
int store_pieces_in(struct store *s, const char *dir, struct yz_error *err) YZ_MUST_CHECK;
/* Removes one that no record came to name. */
void store_drop_piece(struct store *s, const struct yz_hash *piece);
/* Takes away each piece that no record here names, and those a killed process was making. Nobody
 * may be between writing pieces and recording them. */
int store_sweep_pieces(struct store *s, struct yz_error *err) YZ_MUST_CHECK;

/* --- counts, checks, copies ------------------------------------------- */

struct store_counts {
  int64_t cases, records, waiting, quarantined, accepted_foreign;
  int64_t conflicts; /* cases with something that was said apart and is not settled */
  int64_t pieces;    /* of attachments written here, which the other side is not known to have */
  /* What the township was asked to erase: and has not, has, and has refused. */
  int64_t erase_asked, erase_done, erase_refused;
};
int store_count(struct store *s, struct store_counts *out, struct yz_error *err) YZ_MUST_CHECK;
/* SQLite's own integrity check, and the case tables and all others that only repeat the records
 * against what these say; each fault to fn. Begins transactions of its own. */
int store_check(struct store *s, yz_finding_fn fn, void *arg, struct yz_error *err) YZ_MUST_CHECK;
/* Makes the case tables and the index anew from the records. */
int store_rebuild_cases(struct store *s, struct yz_error *err) YZ_MUST_CHECK;
/* A consistent copy of the whole store in one file (0600): beside its name, flushed,
 * checked, renamed; never over an existing file: YZ_E_EXISTS. */
int store_backup(struct store *s, const char *path, struct yz_error *err) YZ_MUST_CHECK;
/* Checks such a file and puts it at DIR/yizhan.db, and its pieces below the folder `pieces`;
 * YZ_E_EXISTS if a store is there. */
int store_restore(const char *path, const char *dir, const char *pieces,
                  const struct yz_world *world, struct yz_error *err) YZ_MUST_CHECK;
/* Makes a store in the folder `into` with what can still be read of a damaged one
 * that stands nowhere else: settings, keys, workers, invitations, quarantine, and the logs
 * with no record yet. What could not be read: to fn. */
int store_salvage(struct store *from, const char *into, yz_finding_fn fn, void *arg,
                  struct yz_error *err) YZ_MUST_CHECK;

#endif
