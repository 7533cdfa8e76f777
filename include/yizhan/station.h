/* A station: one node's identity, world and store, and what it does with them:
 * write records, cut them into segments, take in those of others, exchange with
 * the other side. The same loop for villages and hub.
 *
 *   append   a record is signed and stored            (acknowledged at commit)
 *   cut      own records → segments, batches, commits (git last)
 *   ingest   branches → verified → judged → stored    (git, then one transaction)
 *   exchange fetch, ingest, cut, push                 (the road) */
#ifndef YIZHAN_STATION_H
#define YIZHAN_STATION_H

#include <yizhan/segment.h>
#include <yizhan/store.h>
#include <yizhan/world.h>

/* Who is told of the bytes of parcels as they are written and read: how many more, in the caller's
 * process. */
struct yz_counting {
  void (*fn)(void *ctx, int64_t written, int64_t read);
  void *ctx;
};

/* What a node says of itself beside what it has received. It is said when it differs from what was
 * said last, and each time makes a commit: so last is given, and what wavers stays as it was. */
struct yz_telling {
  void (*fn)(void *ctx, const struct yz_condition *last, struct yz_condition *now);
  void *ctx;
};

struct yz_station {
  const struct yz_world *world;
  const struct yz_store *store;
  const struct yz_secret *seed, *box; /* the node's; borrowed */
  struct yz_key key, box_key;
  bool hub;
  bool township;           /* reads what is for the hub alone */
  struct yz_hash recovery; /* of the key that may name the hub's successor; all zero: none */
  /* Box secrets of the hubs that this one goes on for, by their recovery key; borrowed. */
  const struct yz_secret *const *heritage;
  size_t n_heritage;
  const struct yz_counting *counting; /* NULL: nobody */
  struct yz_telling telling;          /* fn NULL: nothing is said */
};

/* Builds the roster of a ledger from what the store holds. The caller destroys. */
int yz_station_roster(const struct yz_station *st, const struct yz_id *ledger,
                      struct yz_roster **out, struct yz_error *err) YZ_MUST_CHECK;

/* Signs and stores one record at the end of this node's log in a ledger; needs
 * an open transaction. YZ_E_REFUSED: a hub that has a successor in this ledger. rest: plain members
 * after `by` but hlc, type, case, heads, content, which are added. content: JSON object or NULL.
 * case_id/heads: NULL/0 where none. Gives id and stamp (may be NULL). YZ_E_LIMIT.
 *
 * township: the words are for the hub alone. Where this node is none of the township's they are
 * sealed here and now, in a segment that ends with this record, and kept in no form that opens
 * here. YZ_E_REFUSED: this ledger has no hub. */
struct yz_draft {
  const char *type;
  const json_t *plain;   /* further plain members; NULL: none */
  const json_t *content; /* words; NULL: none */
  bool township;
  const struct yz_hash *case_id;
  const struct yz_hash *heads;
  size_t n_heads;
};
int yz_append(const struct yz_station *st, const struct yz_id *ledger,
              const struct yz_author *author, const struct yz_draft *draft, struct yz_place *out,
              struct yz_stamp *stamp, struct yz_error *err) YZ_MUST_CHECK;

/* Begins a new log of this node in a ledger: log.begin and, with an invitation,
 * node.join, or with a naming hub.successor; then a worker.add for each worker. Sets the ledger
 * row's own log. Needs an open transaction. The row must be put already, but for `own`. */
struct yz_new_worker {
  struct yz_key key;
  const char *name;
  unsigned roles; /* hub only */
};
/* Who becomes the hub of a ledger by beginning a log in it. */
struct yz_naming {
  const struct yz_secret *recovery; /* seed of the recovery key */
  struct yz_key of;                 /* the hub that it succeeds */
  struct yz_ack_head *until;        /* what still counts of that hub's logs; read only */
  size_t n_until;
};
struct yz_beginning {
  const char *name, *code, *letter;       /* the village's or township's */
  const struct yz_id *incarnation;        /* NULL: one drawn at random */
  const struct yz_invitation *invitation; /* NULL: none */
  const struct yz_naming *naming;         /* NULL: none */
  const struct yz_new_worker *workers;
  size_t n_workers;
  const struct yz_ack_head *continues; /* own logs that this goes on from */
  size_t n_continues;
  const struct yz_ack_head *old; /* logs of a village that worked alone */
  size_t n_old;
};
int yz_begin_log(const struct yz_station *st, const struct yz_id *ledger,
                 const struct yz_beginning *b, struct yz_id *log,
                 struct yz_error *err) YZ_MUST_CHECK;

/* Writes a worker.add by this author; needs an open transaction. */
int yz_append_worker(const struct yz_station *st, const struct yz_id *ledger,
                     const struct yz_author *author, const struct yz_new_worker *worker,
                     struct yz_error *err) YZ_MUST_CHECK;

struct yz_count {
  struct yz_id log;
  int64_t accepted, waiting, quarantined;
};
struct yz_taken {
  struct yz_count *logs; /* malloc'd; yz_taken_finish frees */
  size_t n;
  int64_t accepted, waiting, quarantined;
};
void yz_taken_finish(struct yz_taken *t);

/* Takes in what the branches below `prefix` ("refs/heads/" at a repository that
 * others push to, "refs/remote/" after a fetch) hold and the store does not. */
int yz_ingest(const struct yz_station *st, struct yz_ledger *git,
              const struct yz_ledger_row *ledger, const char *prefix, struct yz_taken *taken,
              struct yz_error *err) YZ_MUST_CHECK;

/* Looks into a repository of which nothing is known: fn is told of each log below `prefix`
 * that begins well signed by its node, with the hub.successor that its second record is
 * (NULL: it is none, or not well signed). Stores nothing. */
int yz_survey(struct yz_ledger *git, const char *prefix,
              int (*fn)(void *arg, const struct yz_begin *begin,
                        const struct yz_successor *successor),
              void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* Can what was fetched (below refs/remote/) be this ledger? YZ_E_REFUSED: logs lie there, none of
 * it, and some of another ledger that a hub made. */
int yz_check_place(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, struct yz_error *err) YZ_MUST_CHECK;
/* Fetches what lies at the ledger's url and asks that; takes nothing in. YZ_E_NETWORK, YZ_E_REFUSED
 * as above, and what yz_ledger_fetch says. */
int yz_look(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
            struct yz_error *err) YZ_MUST_CHECK;

/* Cuts own records that no segment holds yet, and this node's acknowledgement
 * if it changed, into commits; advances refs/heads. *records: how many. A repository that lacks
 * what the store knows of is built again first. */
int yz_cut(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
           int64_t *records, struct yz_error *err) YZ_MUST_CHECK;

struct yz_exchanged {
  int64_t sent, received, bytes_up, bytes_down;
  struct yz_taken taken;
  bool refused; /* the other side refused a branch */
};
/* How a contact goes on: this node's records, as yz_standing counts them, and bytes so far. */
struct yz_going {
  int64_t records, acknowledged, bytes_up, bytes_down;
};
/* Who is told of it, whenever something moved, in the caller's process. */
struct yz_told {
  void (*fn)(void *ctx, const struct yz_going *going);
  void *ctx;
};
/* One contact with the ledger's other side; where the ledger has no url, ours is
 * the one that others use, and only ingest and cut are done. What was cut stays
 * cut when the road fails: YZ_E_NETWORK. YZ_E_REFUSED: another ledger lies there
 * (yz_check_place); nothing was taken in or pushed. */
int yz_exchange(const struct yz_station *st, struct yz_ledger *git,
                const struct yz_ledger_row *ledger, struct yz_exchanged *out,
                struct yz_error *err) YZ_MUST_CHECK;
/* The same; told: NULL for nobody. */
int yz_exchange_told(const struct yz_station *st, struct yz_ledger *git,
                     const struct yz_ledger_row *ledger, const struct yz_told *told,
                     struct yz_exchanged *out, struct yz_error *err) YZ_MUST_CHECK;

/* Judges every record of a ledger anew that waits, was refused or is touched by a
 * revocation: after the roster changed or a batch came. Own transaction. */
int yz_rejudge(const struct yz_station *st, const struct yz_id *ledger,
               struct yz_error *err) YZ_MUST_CHECK;

/* At a hub: has its present log in a ledger a rival, which neither continues the other?
 * (The hub was copied, or restored twice.) A new log that continues both settles it. */
int yz_divided(const struct yz_station *st, const struct yz_ledger_row *ledger, bool *divided,
               struct yz_error *err) YZ_MUST_CHECK;

/* Merges the accepted tips of a ledger's log branches into the township's
 * repository (FORMAT.md §11). */
int yz_union(const struct yz_station *st, struct yz_ledger *township, struct yz_ledger *git,
             const struct yz_ledger_row *ledger, struct yz_error *err) YZ_MUST_CHECK;

/* How far own records are acknowledged, by the acknowledgement of the hub's
 * present log: counts over all own logs of the ledger. */
struct yz_standing {
  int64_t records, pending, waiting, refused, received;
  int64_t last_receipt_ms; /* time in the newest receipt; 0: none */
  int64_t clock_offset_ms; /* how far this clock is surely off: + ahead; 0: not known to be */
};
/* The newest acknowledgement by the hub's present log, which yz_standing counts by; the caller
 * finishes it. YZ_E_NOT_FOUND: none has come. */
int yz_receipt(const struct yz_station *st, const struct yz_ledger_row *ledger, struct yz_ack *out,
               struct yz_error *err) YZ_MUST_CHECK;
int yz_standing(const struct yz_station *st, const struct yz_ledger_row *ledger,
                struct yz_standing *out, struct yz_error *err) YZ_MUST_CHECK;

/* One sentence of verify: what is wrong, with what. */
typedef void (*yz_finding_fn)(void *ctx, const char *code, const char *subject, const char *text);
/* The one code that is a note, no damage: a branch is where it stood before what the store
 * wrote last, or is not there; yz_exchange, at a hub yz_ingest, brings it there. */
#define YZ_NOTE_BEHIND "git.behind"
/* Checks the store's records (chain, signatures, content hashes, judgement) of one
 * ledger and, where git is given, its branches against the store (its objects:
 * yz_ledger_check). *records counts those checked. */
int yz_audit(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
             yz_finding_fn fn, void *ctx, int64_t *records, struct yz_error *err) YZ_MUST_CHECK;
/* Builds the repository's branches again from the store. */
int yz_rebuild_git(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, struct yz_error *err) YZ_MUST_CHECK;

#endif
