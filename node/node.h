/* A node, open for work: its folder, store, keys and role; what every command
 * starts with. DIR/yizhan.db is the store, DIR/ledgers/ the git repositories,
 * DIR/lock the lock of whoever exchanges, restores or rebuilds. */
#ifndef YIZHAN_NODE_H
#define YIZHAN_NODE_H

#include "cases/calendar.h"
#include "passphrase.h"
#include "store/store.h"
#include "store/store_cases.h"
#include <yizhan/station.h>

struct node {
  char *dir;
  struct store *store;
  const struct yz_world *world;
  struct yz_secret *seed, *box;
  struct yz_secret **heritage; /* at a hub that goes on for others: what station.heritage has */
  struct yz_station station;
  bool hub;
  char name[YZ_MAX_NAME + 1], code[YZ_MAX_CODE + 1], letter[4]; /* the node's own */
  struct yz_ledger_row ledger; /* at a village: the one it works in */
  int zone;                    /* the township's, as last settled: minutes east of UTC */
  struct identity_last {       /* under which key it was last sealed who somebody is */
    struct yz_id ledger;
    const struct yz_secret *key; /* the store's; NULL: none */
  } identity;
};

/* Opens the node in dir. YZ_E_NOT_FOUND: there is none. finish closes, wipes. */
int node_open(struct node *n, const char *dir, const struct yz_world *world,
              struct yz_error *err) YZ_MUST_CHECK;
void node_finish(struct node *n);
/* Reads name, letter, ledger and zone again, after they changed in the store. */
int node_reload(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

/* At a hub: keeps the box that each of these hubs named for its successor, and reads with them. */
int node_keep_heritage(struct node *n, const struct yz_secret *recovery, const struct yz_key *hubs,
                       size_t count, struct yz_error *err) YZ_MUST_CHECK;

/* Makes a node (keys, store) in a folder, missing or without one, and opens it; with
 * no worker and no ledger yet. One whose making was cut short there is made anew. Who
 * may meet another doing the same holds DIR/lock. YZ_E_EXISTS: a node is there. */
int node_create(struct node *n, const char *dir, const struct yz_world *world, bool hub,
                const char *name, const char *code, const char *letter,
                struct yz_error *err) YZ_MUST_CHECK;

/* Has it a worker or a ledger? Else its making was cut short, and nothing is lost by making it
 * anew. */
int node_is_begun(struct node *n, bool *out, struct yz_error *err) YZ_MUST_CHECK;

/* A setting that is a time, ms since 1970; 0: not set. note: it is now. */
int node_get_time(struct node *n, const char *name, int64_t *ms,
                  struct yz_error *err) YZ_MUST_CHECK;
int node_note_time(struct node *n, const char *name, struct yz_error *err) YZ_MUST_CHECK;

/* The repository of a ledger: DIR/ledgers/<CODE>.git at a hub, DIR/ledgers/<ledger id>.git at a
 * village and where a hub does not know the code yet; malloc'd. */
char *node_ledger_path(const struct node *n, const struct yz_ledger_row *row);
/* At a hub: it stays where it is, whatever code the ledger will have; CODE is the first one's. */
int node_keep_path(struct node *n, const struct yz_ledger_row *row,
                   struct yz_error *err) YZ_MUST_CHECK;
char *node_path(const struct node *n, const char *name); /* DIR/name; malloc'd */

/* --- workers ---------------------------------------------------------- */

/* Who signs: `name` (or the only worker when NULL), with the passphrase where the key
 * is locked: from passphrase_file when not NULL, else asked on the terminal.
 * YZ_E_INPUT: which worker is not said, or no such one; YZ_E_KEY: wrong passphrase;
 * YZ_E_REFUSED: the hub has ended this worker's right. finish wipes. */
struct signer {
  struct yz_author author;
  struct yz_secret *seed;
  char name[YZ_MAX_NAME + 1];
};
/* Who is meant, whether or not they sign: the worker of this name, or (NULL) the only one. *said:
 * false where no name was given and there are several. YZ_E_INPUT: none of that name, or several.
 */
int node_who(struct node *n, const char *name, struct yz_key *out, bool *said,
             struct yz_error *err) YZ_MUST_CHECK;
int signer_open(struct signer *s, struct node *n, const char *name, const char *passphrase_file,
                struct yz_error *err) YZ_MUST_CHECK;
/* The same with a passphrase that is there already; one for a key that is not locked is not
 * looked at. */
int signer_unlock(struct signer *s, struct node *n, const char *name,
                  const struct yz_secret *passphrase, struct yz_error *err) YZ_MUST_CHECK;
/* Before one that was opened earlier signs again: YZ_E_REFUSED as above. */
int signer_check(const struct signer *s, struct node *n, struct yz_error *err) YZ_MUST_CHECK;
void signer_finish(struct signer *s);

/* Makes a key pair for a worker and keeps it, in the caller's transaction, locked
 * under a passphrase if one is given; then recovery_code opens it too
 * (passphrase.h), else that is "". YZ_E_EXISTS: a worker of this name is here. */
int node_new_worker(struct node *n, const char *name, const char *passphrase, struct yz_key *key,
                    char recovery_code[static RECOVERY_CODE], struct yz_error *err) YZ_MUST_CHECK;

/* --- casework --------------------------------------------------------- */

/* Makes one move on a case, or opens one, in the caller's transaction: judges it
 * against the case as it stands (case_move_refused: YZ_E_REFUSED), signs, stores.
 * number is filled, but "" for a fresh case.
 * at_ms: INT64_MIN for now. fields: content; plain: members beside `at`. */
struct move {
  enum case_move move;
  const struct yz_hash *case_id; /* NULL for CASE_OPEN */
  json_t *content, *plain;       /* borrowed; NULL: none */
  int64_t at_ms;
  bool township; /* at a hub: opens what people bring to the township, in a ledger of its own */
  bool township_only; /* opens one of which only the township is to read what is said */
  bool fresh;         /* the case was opened in this transaction and nothing else happened to it */
  const struct case_whole *whole; /* as node_move found the case; NULL from outside */
};
int node_move(struct node *n, const struct signer *who, const struct move *m,
              char number[static NUMBER_MAX], struct yz_hash *record,
              struct yz_error *err) YZ_MUST_CHECK;
/* The case a person names: folded, checked. YZ_E_NOT_FOUND with the near ones in
 * err->subject; YZ_E_INPUT when it is no number; YZ_E_EXISTS when two cases have it. */
int node_find_case(struct node *n, const char *text, struct yz_hash *id,
                   struct yz_error *err) YZ_MUST_CHECK;

#endif
