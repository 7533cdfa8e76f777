/* What only a hub does: it invites villages, says who may sign, takes in what
 * they bring, and decides about what could not be accepted. Its own work on
 * cases is everyone's: node.h.
 *
 * Who acts must have the role administrator in the ledger concerned:
 * YZ_E_REFUSED. Nothing here prints. */
#ifndef YIZHAN_NODE_HUB_H
#define YIZHAN_NODE_HUB_H

#include "../node.h"

enum { HUB_MAX_URL = 1023 };

/* Makes a hub in an empty or missing folder and opens it, with no worker and no
 * ledger yet. *recovery gets the seed of its offline recovery key, of which the
 * hub keeps nothing but the hash of the public key; the caller destroys it. */
int hub_create(struct node *n, const char *dir, const struct yz_world *world, const char *township,
               const char *code, struct yz_secret **recovery, struct yz_error *err) YZ_MUST_CHECK;

/* --- where it is found: address.c ---------------------------------------- */

/* Its address on the net, https://HOST[:PORT][/PATH]; url is "" where it has none. */
enum { HUB_MAX_ADDRESS = 511, HUB_MAX_OTHERS = 2 };
struct hub_address {
  char url[HUB_MAX_ADDRESS + 1], host[HUB_MAX_ADDRESS + 1];
  struct yz_hash pin, next; /* of its TLS key, and of the one that is to follow */
  bool has_next;
  struct yz_hash others[HUB_MAX_OTHERS]; /* of servers that stand in front */
  size_t n_others;
};
#define HUB_OTHERS "other_pins" /* the setting that keeps them */
/* All of them: what villages look for. */
size_t hub_all_pins(const struct hub_address *hub, struct yz_hash out[static YZ_MAX_PINS]);
int hub_get_address(struct node *n, struct hub_address *out, struct yz_error *err) YZ_MUST_CHECK;
int hub_check_address(const char *url, struct yz_error *err) YZ_MUST_CHECK; /* YZ_E_INPUT */
/* Makes the TLS key too, where there is none yet. YZ_E_INPUT. */
int hub_put_address(struct node *n, const char *url, struct yz_error *err) YZ_MUST_CHECK;
/* Where a village finds its ledger there, with the pins (FORMAT.md §16). */
void hub_ledger_address(const struct hub_address *hub, const struct yz_id *ledger,
                        char out[static HUB_MAX_URL + 1]);

/* --- its next TLS key: pins.c ------------------------------------------------ */

/* Makes the key that is to follow and tells every village served here to know the hub by both
 * (hub.pins). *already: there is one. YZ_E_NOT_FOUND: the hub has no address. */
int hub_next_key(struct node *n, bool *already, struct yz_error *err) YZ_MUST_CHECK;
/* Uses it from now on and tells so. YZ_E_NOT_FOUND: there is none. Without anyway YZ_E_REFUSED
 * where a village has not acknowledged it, which would not know the hub any more. */
int hub_renew_key(struct node *n, bool anyway, struct yz_error *err) YZ_MUST_CHECK;
/* Villages know the hub by these keys too, of servers that stand in front; they are told so. At
 * most HUB_MAX_OTHERS; 0: of none. */
int hub_other_keys(struct node *n, const struct yz_hash *pins, size_t count,
                   struct yz_error *err) YZ_MUST_CHECK;
/* Do all villages know a server whose key has this pin? YZ_E_REFUSED, which says what to do. */
int hub_check_known(struct node *n, const struct yz_hash *pin, struct yz_error *err) YZ_MUST_CHECK;
/* Villages of which some node has not acknowledged what was told last. fn's answer other than 0
 * ends it and is returned. */
int hub_each_untold(struct node *n, int (*fn)(void *arg, const struct yz_ledger_row *row),
                    void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* --- succession: recover.c, names.c ------------------------------------- */

/* A recovery key as people type it from paper: blanks, dashes and capitals do not matter.
 * YZ_E_INPUT. The caller destroys *out. */
int hub_recovery_key(const char *text, struct yz_secret **out, struct yz_error *err) YZ_MUST_CHECK;
void hub_recovery_hash(const struct yz_secret *recovery, struct yz_hash *out);
/* Does this hub go by that recovery key? YZ_E_KEY. */
int hub_check_recovery(const struct node *n, const struct yz_secret *recovery,
                       struct yz_error *err) YZ_MUST_CHECK;
/* hub_create with a recovery key that is there already. */
int hub_create_heir(struct node *n, const char *dir, const struct yz_world *world,
                    const char *township, const char *code, const struct yz_secret *recovery,
                    struct yz_error *err) YZ_MUST_CHECK;

/* Names in this hub's log of a ledger the box that its successor opens; one made before there were
 * such names none. In the caller's transaction. */
int hub_tell_recovery(struct node *n, const struct yz_id *ledger,
                      struct yz_error *err) YZ_MUST_CHECK;

/* A ledger of the lost hub's. */
struct heritage {
  const struct yz_secret *recovery;
  const char *place; /* where it lies, or a copy of it */
  const char *shown; /* the same, without what lets one in there */
  const char *to;    /* a folder in which it lies from now on; NULL: it stays at its place */
  const char *hub;   /* first digits of the lost hub's key; NULL: the only one that is found */
  struct yz_key succeeded; /* out: the hub that ours is the successor of */
  bool already;            /* out: it was ours before; what was not published is */
  bool empty;              /* out: no log of any hub or village lies there: YZ_E_NOT_FOUND */
  struct yz_exchanged got; /* out; the caller finishes got.taken */
};
/* Takes in what lies in a ledger, begins this hub's log there as the successor of its hub,
 * and publishes. Until its village was heard of it is called by its id and has no code. The
 * caller holds DIR/lock. YZ_E_NOT_FOUND, YZ_E_INPUT, YZ_E_LIMIT: no hub, several, or too many;
 * YZ_E_REFUSED: another one than the ledgers before were of; YZ_E_NETWORK: nothing was begun, or
 * (row->own is set) it was and is not published yet. */
int hub_recover(struct node *n, struct heritage *h, struct yz_ledger_row *row,
                struct yz_error *err) YZ_MUST_CHECK;
/* Is another hub the successor of this one in a ledger, as far as it has heard? check: YZ_E_REFUSED
 * then, before it invites anyone or opens a case. */
int hub_is_succeeded(struct node *n, bool *is, struct yz_error *err) YZ_MUST_CHECK;
int hub_check_present(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Name and code of a ledger that has none yet, as far as they can be read by now. */
int hub_learn_names(struct node *n, struct yz_ledger_row *row, struct yz_error *err) YZ_MUST_CHECK;

/* --- the township -------------------------------------------------------- */

/* Invites a village: makes its ledger (or a new word for one whose village has
 * not joined yet: same name and code) and writes the invitation to file, never
 * over an existing one. url NULL: the repository is ours, or as it was. code is
 * canonical (number_code). row: the ledger. *already: the file is there, is such an
 * invitation, and nobody has joined by it; nothing was made, but it holds until until_ms now. The
 * hub knows of an invitation before there is its file. YZ_E_EXISTS: the code is in use, or another
 * file is there; YZ_E_REFUSED: its numbers could be another's; YZ_E_INPUT; YZ_E_NOT_FOUND: the
 * file's folder. */
int hub_invite(struct node *n, const char *village, const char *code, const char *url,
               const char *file, int64_t until_ms, struct yz_ledger_row *row, bool *already,
               struct yz_error *err) YZ_MUST_CHECK;

/* Invites one more PC of a village that has joined, or one in place of a PC that was lost: to
 * the same ledger, with the next letter that no log and no invitation of it has. code as a
 * person wrote it. letter: which. YZ_E_NOT_FOUND; YZ_E_REFUSED: it has not joined yet;
 * YZ_E_EXISTS: another file is there. *already: as above. */
int hub_invite_pc(struct node *n, const char *code, const char *file, int64_t until_ms,
                  struct yz_ledger_row *row, char letter[static 4], bool *already,
                  struct yz_error *err) YZ_MUST_CHECK;

/* Makes a ledger with the hub's log in it, in the caller's transaction. */
int hub_make_ledger(struct node *n, const char *village, const char *code,
                    struct yz_ledger_row *row, struct yz_error *err) YZ_MUST_CHECK;
/* Is it the hub's own ledger, where what people bring to the township stays, and no village's? */
bool hub_is_own(const struct node *n, const struct yz_ledger_row *row);
/* That ledger, made where there is none yet, in the caller's transaction. */
int hub_own_ledger(struct node *n, struct yz_ledger_row *row, struct yz_error *err) YZ_MUST_CHECK;
/* The key of a worker who signs, or did, at a village's node: named as in hub_grant. */
int hub_find_worker(struct node *n, const struct yz_ledger_row *village, const char *whom,
                    struct yz_key *out, struct yz_error *err) YZ_MUST_CHECK;

/* What is said of a village from now on (撤村并居): what it is called, and whether it is closed,
 * and who goes on with its cases; told in its ledger, in a transaction of its own. A successor has
 * all its cases at once. carried: how many records went there; already: it was all so, and nothing
 * was written. YZ_E_REFUSED: not an administrator;
 * the code is in use, or was; it is closed already, or its successor is; YZ_E_INPUT: nothing
 * changes. */
struct hub_village {
  const char *name, *code; /* code canonical; NULL: as it is */
  bool closed;
  const struct yz_ledger_row *into; /* NULL: nobody */
};
struct hub_village_done {
  size_t carried;
  bool already;
};
int hub_change_village(struct node *n, const struct signer *who, struct yz_ledger_row *row,
                       const struct hub_village *change, struct hub_village_done *done,
                       struct yz_error *err) YZ_MUST_CHECK;

/* --- codes: codes.c ------------------------------------------------------- */

/* May a village have this code (canonical)? ledger: its own, whose numbers are no hindrance; NULL:
 * none. YZ_E_EXISTS: it is another one's, or was; YZ_E_REFUSED: case numbers of the two could be
 * the same. err->subject names that one. */
int hub_check_code(struct node *n, const char *code, const struct yz_id *ledger,
                   struct yz_error *err) YZ_MUST_CHECK;
/* Says that a village has this code, or had it: YZ_E_EXISTS. */
int hub_code_taken(const char *code, const struct yz_ledger_row *by, struct yz_error *err);
/* The ledger whose code this is or was, as far as is known here. */
int hub_find_former(struct node *n, const char *code, struct yz_ledger_row *out, bool *found,
                    struct yz_error *err) YZ_MUST_CHECK;

/* The ledger of a village named by its code, its name or its ledger's id.
 * YZ_E_NOT_FOUND: err->subject names the village whose code it was once; YZ_E_INPUT: two villages
 * have that name. */
int hub_find_village(struct node *n, const char *text, struct yz_ledger_row *out,
                     struct yz_error *err) YZ_MUST_CHECK;
/* The same, or the hub's own ledger by the township's name or code. */
int hub_find_ledger(struct node *n, const char *text, struct yz_ledger_row *out,
                    struct yz_error *err) YZ_MUST_CHECK;

/* Lets a worker of a village sign who waits for it: named by name or by key (8
 * digits or more). A whole key that nobody has here yet is a node's, whose log waits:
 * it is let in (*whole_node), and its workers then wait. done: whom; *already: may sign
 * already, and nothing was written. YZ_E_NOT_FOUND, YZ_E_REFUSED (revoked, which is for good),
 * YZ_E_INPUT (several are meant). */
struct hub_changed {
  struct yz_member member;
  bool whole_node, already;
};
int hub_grant(struct node *n, const struct signer *who, const struct yz_ledger_row *village,
              const char *whom, struct hub_changed *done, struct yz_error *err) YZ_MUST_CHECK;
/* Gives one of the hub's own workers a role more, in every ledger. *roles: those held then;
 * *already: it was held, and nothing was written. YZ_E_NOT_FOUND. */
int hub_grant_role(struct node *n, const struct signer *who, const char *whom, unsigned role,
                   struct yz_key *key, unsigned *roles, bool *already,
                   struct yz_error *err) YZ_MUST_CHECK;
/* The roles that a worker holds at this hub; before it has a ledger its first worker holds all.
 * json: their names, an array, new reference; NULL without memory. */
int hub_roles(struct node *n, const struct yz_key *worker, unsigned *out,
              struct yz_error *err) YZ_MUST_CHECK;
json_t *hub_roles_json(unsigned roles);
/* May this worker of the hub write on cases? 0, or YZ_E_REFUSED: an auditor and no more. */
int hub_check_writer(struct node *n, const struct yz_id *ledger, const struct yz_key *worker,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Ends it: for a worker, or for a whole node named by its key. What was received
 * until now keeps counting. done: the last one ended, for a node with its workers
 * whole_node is set; already: it was, and nothing was written. YZ_E_NOT_FOUND, YZ_E_INPUT. */
int hub_revoke(struct node *n, const struct signer *who, const struct yz_ledger_row *village,
               const char *whom, struct hub_changed *done, struct yz_error *err) YZ_MUST_CHECK;

/* Makes a record count whose author was not entitled (rules author.*), by its
 * number in quarantine. *already: it was released. YZ_E_NOT_FOUND; YZ_E_REFUSED: not of that kind.
 */
int hub_release(struct node *n, const struct signer *who, int64_t number, bool *already,
                struct yz_error *err) YZ_MUST_CHECK;

/* May this worker administer this ledger? 0, or YZ_E_REFUSED. */
/* May this worker of the hub see who has read what? YZ_E_REFUSED: neither administrator nor head
 * nor auditor. */
int hub_check_overseer(struct node *n, const struct yz_key *worker,
                       struct yz_error *err) YZ_MUST_CHECK;
int hub_check_administrator(struct node *n, const struct yz_id *ledger, const struct yz_key *worker,
                            struct yz_error *err) YZ_MUST_CHECK;

/* Where the hub has no ledger yet, its first worker is its administrator: YZ_E_REFUSED for others.
 */
int hub_check_first_worker(struct node *n, const struct yz_key *who,
                           struct yz_error *err) YZ_MUST_CHECK;

/* What the township has settled, told in its hub's log to every ledger that does not say so yet;
 * before there is one it is kept here, and told to the first. *already: it was so everywhere, and
 * nothing was written. The first two are transactions of their own.
 * Says of days that they are off or worked. YZ_E_REFUSED. */
int hub_tell_day(struct node *n, const struct signer *who, const struct case_day *day,
                 bool *already, struct yz_error *err) YZ_MUST_CHECK;
struct hub_settings {
  int64_t accept, days[CASE_CLASSES]; /* 0: as they are */
  int64_t extension[CASE_CLASSES];    /* looked at where days are given; -1: as it is */
  const char *zone;                   /* one that calendar_read_zone reads; NULL: as it is */
  /* One name more, and one that is to go; NULL: none. */
  const char *add[SETTLED_LISTS], *remove[SETTLED_LISTS];
};
/* YZ_E_NOT_FOUND: it never was an office, or a category; YZ_E_LIMIT; YZ_E_INPUT: a name that is
 * none by said_check_name; YZ_E_REFUSED: also where the names cannot be read here yet, and one is
 * to change. */
int hub_tell_settings(struct node *n, const struct signer *who, const struct hub_settings *asked,
                      bool *already, struct yz_error *err) YZ_MUST_CHECK;
/* What was settled: at a hub over all ledgers, at a village in its own. township_finish frees *out,
 * which is empty after a failure. */
int hub_township(struct node *n, struct township *out, struct yz_error *err) YZ_MUST_CHECK;
/* At a hub: its zone alone. */
int hub_zone(struct node *n, int *out, struct yz_error *err) YZ_MUST_CHECK;
/* Tells a ledger that is new here what the others know, in the caller's transaction. */
int hub_tell_again(struct node *n, const struct yz_id *ledger, struct yz_error *err) YZ_MUST_CHECK;
/* Tells every ledger what it lacks of what others say: a successor's do not all come as far, nor
 * can all be read at once. In a transaction of its own. */
int hub_tell_missing(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

/* Draws at random, of the cases that were followed up or closed, were opened in this span and have
 * someone to ask, those that the township follows up itself: it has not since they were last
 * resolved. The same seed draws the same of the same cases. fn gets each, loaded. */
enum { HUB_SEED_BITS = 40 }; /* short enough to be written down */
struct hub_sample {
  int64_t size, seed;
  int64_t from_ms, to_ms; /* the end is not in it */
};
typedef int (*hub_sample_fn)(void *arg, const struct yz_hash *id, const struct case_whole *whole);
int hub_sample(struct node *n, const struct hub_sample *sample, hub_sample_fn fn, void *arg,
               struct yz_error *err) YZ_MUST_CHECK;
int64_t hub_sample_seed(const struct node *n);

/* --- which samples were drawn: drawings.c --------------------------------------- */

struct hub_drawing {
  int64_t at_ms;     /* as of when */
  const char *month; /* "2026-03": of the cases opened then; NULL: of all */
  int64_t seed, size, drawn;
  int64_t number; /* how many seeds had been drawn with from these cases by then, this one too */
};
/* Fills number, of one that is about to be drawn. */
int hub_number_drawing(struct node *n, struct hub_drawing *d, struct yz_error *err) YZ_MUST_CHECK;
/* Keeps one that was drawn, in a transaction of its own, and fills number; the last 1000 are kept.
 */
int hub_keep_drawing(struct node *n, struct hub_drawing *d, struct yz_error *err) YZ_MUST_CHECK;
/* In the order drawn; fn's answer other than 0 ends it and is returned. */
int hub_each_drawing(struct node *n, int (*fn)(void *arg, const struct hub_drawing *d), void *arg,
                     struct yz_error *err) YZ_MUST_CHECK;

/* --- erasing: erase.c -------------------------------------------------------- */

/* Says in every ledger where a case or a household stands that its words are erased, in a
 * transaction of its own: they are gone from the store with it. reason: without words of people.
 * *ledgers: in how many; 0: it was so in all of them. YZ_E_REFUSED: not an administrator. */
int hub_erase(struct node *n, const struct signer *who, const struct yz_hash *of,
              const char *reason, size_t *ledgers, struct yz_error *err) YZ_MUST_CHECK;
/* Says no to all that is asked of that case or household and has no answer, in a transaction of its
 * own: its words stay, and who asked is told why. YZ_E_REFUSED: not an administrator.
 * YZ_E_NOT_FOUND: nothing is asked of it. */
int hub_keep(struct node *n, const struct signer *who, const struct yz_hash *of, const char *reason,
             struct yz_error *err) YZ_MUST_CHECK;
/* And where it stands since, having been carried there later. */
int hub_erase_again(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* A node of a ledger that has not said yet that what travels of it is without the erased words. */
struct erasing_node {
  struct yz_ledger_row village;
  struct yz_key node;
  bool revoked; /* and so never will */
};
int hub_each_erasing(struct node *n, int (*fn)(void *arg, const struct erasing_node *node),
                     void *arg, struct yz_error *err) YZ_MUST_CHECK;

/* Names another letter (hub.letter) for the later of two logs that gave one number. */
int hub_name_letters(struct node *n, const struct yz_ledger_row *row,
                     struct yz_error *err) YZ_MUST_CHECK;

/* One contact with every ledger, one after another, and then the township's
 * union in DIR/township.git. fn is told of each: got NULL and failed set where it
 * did not go well, which does not stop the others; its own non-zero return does.
 * Holds DIR/lock: YZ_E_BUSY. */
/* What some wrote on cases that stand in several ledgers is carried to the others. left_out: how
 * many records were too large for that. */
typedef int (*hub_ingest_fn)(void *arg, const struct yz_ledger_row *row,
                             const struct yz_exchanged *got, const struct yz_error *failed);
int hub_ingest(struct node *n, hub_ingest_fn fn, void *arg, size_t *left_out,
               struct yz_error *err) YZ_MUST_CHECK;
/* The same for those ledgers that are wanted (NULL: all), by another way than the road. */
struct hub_contact {
  int (*exchange)(void *arg, struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                  struct yz_exchanged *got, struct yz_error *err);
  bool (*wanted)(void *arg, const struct yz_ledger_row *row);
  void *arg;
};
int hub_meet(struct node *n, const struct hub_contact *by, hub_ingest_fn fn, void *arg,
             size_t *left_out, struct yz_error *err) YZ_MUST_CHECK;
/* yz_exchange. */
int hub_by_road(void *arg, struct node *n, const struct yz_ledger_row *row, struct yz_ledger *git,
                struct yz_exchanged *got, struct yz_error *err) YZ_MUST_CHECK;
/* Has a ledger a record of this hub that others cannot fetch yet? */
int hub_has_news(struct node *n, const struct yz_ledger_row *row, bool *news,
                 struct yz_error *err) YZ_MUST_CHECK;
/* The same as hub_ingest for those that have one. */
int hub_publish(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Passes that nodes have shown until now let in no more (yz_pass_renew); in how many ledgers. */
int hub_renew_passes(struct node *n, size_t *ledgers, struct yz_error *err) YZ_MUST_CHECK;
/* When something new last came from a village, by this hub's clock; 0: never. */
int hub_last_heard(struct node *n, const struct yz_id *ledger, int64_t *ms,
                   struct yz_error *err) YZ_MUST_CHECK;
/* --- parcels: parcels.c, ../parcels.h ------------------------------------- */

/* Takes in what the opened parcels bring, as hub_ingest does what was pushed; fn as there. */
struct parcels;
struct parcels_to;
int hub_take_parcels(struct node *n, struct parcels *p, hub_ingest_fn fn, void *arg,
                     size_t *left_out, struct yz_error *err) YZ_MUST_CHECK;
/* Writes what the nodes of a village (NULL: of all) lack. Holds DIR/lock. */
int hub_send_parcels(struct node *n, const struct yz_ledger_row *only, const struct parcels_to *to,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Cuts what the hub has to say in all ledgers, with no road. */
int hub_cut(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Merges what every ledger holds into the township's repository. */
int hub_union(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

#endif
