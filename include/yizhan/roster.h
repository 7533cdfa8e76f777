/* Trust: invitations, joining, the roster, and how a record is judged.
 * FORMAT.md §12 and §13. Pure functions over records. */
#ifndef YIZHAN_ROSTER_H
#define YIZHAN_ROSTER_H

#include <stdbool.h>
#include <yizhan/record.h>
#include <yizhan/segment.h>

/* --- invitation and join proof, §12 ----------------------------------- */

struct yz_invitation {
  char township[YZ_MAX_NAME + 1], village[YZ_MAX_NAME + 1], code[YZ_MAX_CODE + 1], letter[4];
  struct yz_id ledger;
  char url[1024]; /* where its repository is; of an https one with its pins (FORMAT.md §16) */
  struct yz_key hub, box;
  struct yz_hash recovery;
  unsigned char word[16];
  int64_t until_ms; /* 0: for ever. What the hub has kept counts, by its clock */
};
/* Is it over? */
bool yz_invitation_over(const struct yz_invitation *i, int64_t now_ms);
int yz_invitation_write(const struct yz_invitation *i, struct yz_buf *out) YZ_MUST_CHECK;
/* The same as text of letters and digits that can be typed, or scanned. YZ_E_FORMAT: its address is
 * none; YZ_E_MEMORY. */
#define YZ_INVITATION_TEXT "YZ1:"
int yz_invitation_write_text(const struct yz_invitation *i, struct yz_buf *out) YZ_MUST_CHECK;
/* Does it begin like that? */
bool yz_invitation_is_text(const char *bytes, size_t len);
/* Reads either. YZ_E_FORMAT, YZ_E_LIMIT, YZ_E_VERSION. */
int yz_invitation_read(const char *bytes, size_t len, struct yz_invitation *out,
                       struct yz_error *err) YZ_MUST_CHECK;
void yz_join_mac(const unsigned char word[16], const struct yz_key *node, const struct yz_id *log,
                 const struct yz_key *hub, const struct yz_key *workers, size_t n,
                 struct yz_hash *out);

/* --- the roster ------------------------------------------------------- */

/* Roles of a hub's workers: a set of bits. */
enum yz_role {
  YZ_ROLE_ADMINISTRATOR = 1,
  YZ_ROLE_HEAD = 2,
  YZ_ROLE_CLERK = 4,
  YZ_ROLE_AUDITOR = 8
};

enum { YZ_ROLES = 4 };
/* A role's name in records, e.g. "clerk"; of the k-th bit, k < YZ_ROLES. */
const char *yz_role_name(unsigned k);

struct yz_roster; /* opaque; one ledger's */
/* hub: the pinned key. home: this node's own key, whose worker.add records
 * count at once in its own logs; NULL for a bystander. NULL when memory ran out. */
struct yz_roster *yz_roster_create(const struct yz_id *ledger, const struct yz_key *hub,
                                   const struct yz_key *home);
void yz_roster_destroy(struct yz_roster *r);

/* What a log's first record says. */
struct yz_begin {
  struct yz_id log;
  struct yz_hash hash;
  struct yz_key node, box;
  struct yz_id incarnation, ledger;
  struct yz_key hub;
  bool has_hub;
  char letter[4];
  struct yz_ack_head *continues; /* owned; yz_begin_finish frees */
  size_t n_continues;
};
int yz_begin_read(const struct yz_record *record, const json_t *json, struct yz_begin *out,
                  struct yz_error *err) YZ_MUST_CHECK;
void yz_begin_finish(struct yz_begin *b);

/* Takes an accepted trust record (types log.begin, hub.successor, worker.add,
 * worker.end, roster.*, quarantine.release, hub.pass) into the roster; others are ignored (what a
 * clock.ceiling binds is the order of cases, which the store's tables keep). Within one log in
 * order of seq; a hub's log that another continues before that one. changed: set when someone's
 * rights changed. */
int yz_roster_add(struct yz_roster *r, const struct yz_record *record,
                  const struct yz_members *members, bool *changed,
                  struct yz_error *err) YZ_MUST_CHECK;
/* With which epoch passes are made (FORMAT.md §16). */
int64_t yz_roster_epoch(const struct yz_roster *r);
/* Is it a type of FORMAT.md §12? */
bool yz_trust_type(const char *type);

enum yz_status { YZ_ACCEPTED = 0, YZ_WAITING = 1, YZ_REFUSED = 2 };
/* Judges a well-signed record by the author.* rules of §13: its status, and
 * *rule NULL or the rule that failed. */
enum yz_status yz_roster_judge(const struct yz_roster *r, const struct yz_record *record,
                               const struct yz_hash *id, const char *type, const char **rule);

/* --- the hub's successor, §12 ------------------------------------------- */

/* What the second record of a new hub's log says. */
struct yz_successor {
  struct yz_key of;          /* the hub that it succeeds */
  struct yz_key recovery;    /* the public recovery key, whose hash was pinned */
  struct yz_ack_head *until; /* what still counts of that hub's logs; owned */
  size_t n_until;
  struct yz_sig sig; /* by the recovery key */
};
/* Signs it, for the log that begins so (log, ledger, node, box count), with the seed of the
 * recovery key, whose public half it fills in. */
int yz_successor_sign(struct yz_successor *s, const struct yz_begin *begin,
                      const struct yz_secret *recovery, struct yz_error *err) YZ_MUST_CHECK;
json_t *yz_successor_members(const struct yz_successor *s); /* new reference; NULL: no memory */
/* YZ_E_FORMAT; YZ_E_SIGNATURE: not signed so, for this log. */
int yz_successor_read(const json_t *json, const struct yz_begin *begin, struct yz_successor *out,
                      struct yz_error *err) YZ_MUST_CHECK;
void yz_successor_finish(struct yz_successor *s);

/* The hash of the recovery key as it was pinned; all zero, as without this call: no
 * successor is believed. */
void yz_roster_pin_recovery(struct yz_roster *r, const struct yz_hash *recovery);
/* Does this second record of a log make its node the hub? NULL, or why not: "log.fork",
 * another was named in the same place and was received first; "log.id". */
const char *yz_roster_succession(const struct yz_roster *r, const struct yz_begin *begin,
                                 const struct yz_record *record, const json_t *json);
/* The secret of that box, for this hub: FORMAT.md §7. The caller destroys; NULL without memory. */
struct yz_secret *yz_recovery_box(const struct yz_secret *recovery, const struct yz_key *hub);
/* The hubs, each the successor of the one before; they live as long as the roster. */
const struct yz_key *yz_roster_hubs(const struct yz_roster *r, size_t *n);
/* The hub now: the pinned one, or the last of its successors. */
const struct yz_key *yz_roster_hub(const struct yz_roster *r);
/* Is, or was, this node the hub? */
bool yz_roster_is_hub(const struct yz_roster *r, const struct yz_key *node);

/* --- asking the roster ---------------------------------------------------- */

/* May this node's logs be taken in at all (granted, home, or the hub itself)? */
bool yz_roster_node_known(const struct yz_roster *r, const struct yz_key *node);
/* Was the node as a whole revoked? */
bool yz_roster_node_revoked(const struct yz_roster *r, const struct yz_key *node);
/* Is the log admitted as an old log (up to which place)? */
bool yz_roster_old_log(const struct yz_roster *r, const struct yz_id *log, struct yz_place *upto);
/* The hub's log whose word counts now: not superseded by any other. false: none yet. */
bool yz_roster_hub_log(const struct yz_roster *r, struct yz_id *out);
/* Is this one of two logs of the hub of which neither continues the other, and not the
 * one received first? Its records wait until a log continues both: evidence of a hub
 * that was copied, or restored twice. */
bool yz_roster_rival(const struct yz_roster *r, const struct yz_id *log);
/* Has this hub log a rival, whichever came first? */
bool yz_roster_divided(const struct yz_roster *r, const struct yz_id *log);
/* Does another log of the hub continue this one? */
bool yz_roster_superseded(const struct yz_roster *r, const struct yz_id *log);
/* Does a node send what it wrote at this place of a log no more: is it revoked, or has it begun a
 * log that goes on from this one short of that place, as after a restore? */
bool yz_roster_left(const struct yz_roster *r, const struct yz_id *log, int64_t seq);
/* Box keys of all nodes that are to read: the hub (none that has a successor), granted
 * nodes that are not revoked, and home; of each the one it named last. *out malloc'd, the caller
 * frees. */
int yz_roster_receivers(const struct yz_roster *r, struct yz_key **out, size_t *n) YZ_MUST_CHECK;
/* The box that whoever succeeds the hub opens with the recovery key, as the hub's logs say, the
 * last first. false: they name none. */
bool yz_roster_recovery_box(const struct yz_roster *r, struct yz_key *out);
/* Roles of a worker of the hub as it is now; 0 if it is none. */
unsigned yz_roster_roles(const struct yz_roster *r, const struct yz_key *worker);

/* One (worker, node) pair as the roster knows it, for lists. */
struct yz_member {
  struct yz_key node, worker;
  bool hub, awaiting, revoked; /* awaiting: added by the village, not yet granted */
  unsigned roles;
};
int yz_roster_members(const struct yz_roster *r, struct yz_member **out, size_t *n) YZ_MUST_CHECK;

#endif
