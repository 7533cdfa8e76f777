/* What the files of this room share; nothing here is seen outside it. Only here
 * and below sync/git is git2.h known.
 *
 * Invariant of every object store we write: what it holds, it holds with all
 * that it refers to. Blobs are written before trees, trees before commits, packs
 * whole, and what came from outside is looked through (incoming.c) before it
 * is moved in. So "is there" means "is there with everything below it". */
#ifndef YIZHAN_SYNC_GIT_GIT_H
#define YIZHAN_SYNC_GIT_GIT_H

#include <git2.h>
#include <yizhan/ledger.h>
#include <yizhan/world.h>

enum {
  YZ_GIT_MAX_COMMIT = YZ_LIMIT(64 * 1024, 1024),
  YZ_GIT_MAX_OBJECT = YZ_LIMIT(16 * 1024 * 1024, 512),  /* any object; ours are below 4 MiB */
  YZ_GIT_MAX_OBJECTS = YZ_LIMIT(4 * 1024 * 1024, 4096), /* in one pack */
  YZ_GIT_MAX_PATH = 100,
  YZ_GIT_MAX_LEVELS = YZ_LIMIT(24, 5),
  YZ_GIT_MAX_DIFF = YZ_LIMIT(100000, 12),
  YZ_GIT_MAX_RECEIVED = 1024 * 1024 * 1024, /* one fetch */
  YZ_GIT_LOCK_WAIT_MS = 30000
};

/* --- errors (fail.c) --------------------------------------------------- */

/* Fills err for what libgit2 just answered (rc < 0). The subject names the
 * object or ref concerned. */
int yz_git_fail(struct yz_error *err, int rc, const char *subject);
int yz_git_fail_oid(struct yz_error *err, int rc, const git_oid *id);
static inline int yz_git_no_memory(struct yz_error *err) {
  (void)yz_fail(err, YZ_E_MEMORY,
                YZ_N_("There is no memory left. Close other programs and try again."), NULL);
  return YZ_E_MEMORY;
}

/* --- names ------------------------------------------------------------- */

static inline git_oid yz_git_oid(const struct yz_oid *oid) {
  git_oid id;
  for (int i = 0; i < YZ_OID_LEN; i++) id.id[i] = oid->bytes[i];
  return id;
}

static inline struct yz_oid yz_oid_of(const git_oid *id) {
  struct yz_oid oid;
  for (int i = 0; i < YZ_OID_LEN; i++) oid.bytes[i] = id->id[i];
  return oid;
}

/* A set of object names (oidset.c). Zeroed is empty; finish frees. add: 1 when
 * it was not in yet, 0 when it was, YZ_E_MEMORY. */
struct yz_oidset {
  git_oid *slots;
  size_t n, cap;
};
int yz_oidset_add(struct yz_oidset *set, const git_oid *id) YZ_MUST_CHECK;
bool yz_oidset_has(const struct yz_oidset *set, const git_oid *id);
void yz_oidset_finish(struct yz_oidset *set);

/* A growable list of object names (oidset.c). */
struct yz_oidlist {
  git_oid *ids;
  size_t n, cap;
};
int yz_oidlist_push(struct yz_oidlist *list, const git_oid *id) YZ_MUST_CHECK;
void yz_oidlist_finish(struct yz_oidlist *list);

struct yz_ledger {
  git_repository *repo;
  git_odb *odb;
  char *path, *packs; /* its folder, and objects/pack in it */
  struct yz_lock lock;
  git_odb_backend *held; /* the store in memory while objects are held (hold.c) */
  struct yz_oidlist held_commits;
};

/* --- objects (object.c) ------------------------------------------------ */

/* Reads an object: its type and size are looked at first. YZ_E_NOT_FOUND,
 * YZ_E_FORMAT (another type), YZ_E_LIMIT, YZ_E_DAMAGED. The caller frees *out. */
int yz_git_read(git_odb *odb, const git_oid *id, git_object_t type, size_t max,
                git_odb_object **out, struct yz_error *err) YZ_MUST_CHECK;
/* Is it there? Does not look at the folder of packs again: the caller has
 * refreshed the store where that matters. */
bool yz_git_has(git_odb *odb, const git_oid *id);
/* YZ_E_FORMAT: it is no such thing as stands there. */
int yz_git_other_kind(struct yz_error *err, const git_oid *id);

/* Where a commit's opening lines end; true when raw begins as every commit does:
 * one tree, then its parents. Points into raw. */
struct yz_commit_head {
  git_oid tree;
  size_t n_parents;
  const char *parents; /* n_parents lines of 48 bytes */
  size_t len;          /* of these lines */
};
bool yz_commit_head_parse(const void *raw, size_t len, struct yz_commit_head *out);
git_oid yz_commit_head_parent(const struct yz_commit_head *head, size_t i);
/* Reads and parses; the caller frees *obj, into which *head points. */
int yz_git_read_head(git_odb *odb, const git_oid *id, git_odb_object **obj,
                     struct yz_commit_head *head, struct yz_error *err) YZ_MUST_CHECK;
/* A tree of bounded size; the caller frees. */
int yz_git_read_tree(git_repository *repo, git_odb *odb, const git_oid *id, git_tree **out,
                     struct yz_error *err) YZ_MUST_CHECK;
/* The tree of a commit. */
int yz_git_tree_of(struct yz_ledger *l, const struct yz_oid *commit, git_oid *tree,
                   struct yz_error *err) YZ_MUST_CHECK;

/* May a file or folder in a tree be called so (tree.c)? */
bool yz_git_name_is_good(const char *name, size_t n);

/* --- commits (commit.c) ------------------------------------------------ */

/* Makes the signed bytes of a commit (FORMAT.md §10). */
int yz_git_compose(const git_oid *tree, const struct yz_oid *parents, size_t n, const char *message,
                   int64_t time_ms, const struct yz_secret *seed, struct yz_buf *commit,
                   struct yz_error *err) YZ_MUST_CHECK;

/* --- repositories (repo.c, sweep.c) ------------------------------------ */

/* Opens a bare repository at path, nothing above or beside it. */
int yz_git_open_bare(git_repository **repo, git_odb **odb, const char *path,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Flushes a folder: the names in it. */
int yz_git_flush(const char *folder, struct yz_error *err) YZ_MUST_CHECK;
/* Gives odb the packs and loose objects of a folder (store.c); libgit2's answer. */
int yz_git_add_store(git_odb *odb, const char *objects, bool writable) YZ_MUST_CHECK;
/* <path>/yizhan.lock, waiting; then sweeps what killed runs left. */
int yz_git_lock(const char *path, struct yz_lock *lock, struct yz_error *err) YZ_MUST_CHECK;
/* Opens the handle's repository anew, so that packs which are gone are let go. */
int yz_git_reopen(struct yz_ledger *l, struct yz_error *err) YZ_MUST_CHECK;
/* Removes stale lock files and half-written packs; best effort. */
void yz_git_sweep(const char *path);
/* Where a push's branches were to stand on their way. */
void yz_git_sweep_steps(const char *path);
/* What a fetch brought and nobody accepted. */
void yz_git_sweep_incoming(const char *path);

/* Moves a ref of any repository as yz_ledger_move_ref does (refs.c). */
int yz_git_move_ref(git_repository *repo, git_odb *odb, const char *ref, const git_oid *from,
                    const git_oid *to, struct yz_error *err) YZ_MUST_CHECK;

/* All refs below a prefix, sorted (refs.c). finish frees. */
struct yz_git_ref {
  char *name;
  git_oid tip;
};
struct yz_reflist {
  struct yz_git_ref *refs;
  size_t n, cap;
};
int yz_reflist_read(git_repository *repo, const char *prefix, struct yz_reflist *out,
                    struct yz_error *err) YZ_MUST_CHECK;
int yz_reflist_add(struct yz_reflist *list, const char *name, const git_oid *tip,
                   struct yz_error *err) YZ_MUST_CHECK;
void yz_reflist_finish(struct yz_reflist *list);

/* --- packs (pack.c) ----------------------------------------------------- */

/* A pack being put together: objects that `wanted` names, from one repository. What is large comes
 * last: libgit2 looks at commits and folders again when it has all, and keeps as much in memory as
 * lies between them. */
struct yz_packing {
  git_repository *from;
  git_odb *odb;
  git_packbuilder *builder; /* NULL: what is added is looked at only */
  struct yz_oidset seen;
  struct yz_oidlist large; /* put off */
  bool (*wanted)(void *ctx, const git_oid *id);
  void *ctx;
  void (*tick)(void *tick_ctx); /* progress; may be NULL */
  void *tick_ctx;
};
int yz_packing_init(struct yz_packing *p, git_repository *from, git_odb *odb,
                    struct yz_error *err) YZ_MUST_CHECK;
void yz_packing_finish(struct yz_packing *p);
/* Adds the wanted ones of a commit, its ancestors and all their files. What is not wanted is not
 * looked into. YZ_E_FORMAT, YZ_E_LIMIT: it cannot be read, and what `seen` has may be without what
 * lies below it. */
int yz_packing_add(struct yz_packing *p, const git_oid *tip, struct yz_error *err) YZ_MUST_CHECK;
/* Writes the pack into a folder; gives its size and base name ("pack-<hex>").
 * Nothing to write: size 0, "". */
enum { YZ_GIT_PACK_NAME = 5 + 64 + 1 };
int yz_packing_write(struct yz_packing *p, const char *folder, char name[static YZ_GIT_PACK_NAME],
                     int64_t *size, struct yz_error *err) YZ_MUST_CHECK;
/* Copies what the tips reach and `to` lacks, as one pack. */
struct yz_git_copy {
  git_repository *from;
  git_odb *from_odb, *to;
  const char *folder; /* for the pack */
  void (*tick)(void *tick_ctx);
  void *tick_ctx;
  int64_t size;                /* out: the pack's */
  char name[YZ_GIT_PACK_NAME]; /* out */
};
int yz_git_copy(struct yz_git_copy *c, const git_oid *tips, size_t n,
                struct yz_error *err) YZ_MUST_CHECK;

/* A small pack of what commits add, for a side that has what they build on (thin.c). init, add for
 * each branch, seal: then out is the pack, unless it is too much: of more than max bytes, or with
 * more in it than is worth the trouble. finish frees, after a failed init too. */
struct yz_thin {
  struct yz_ledger *l;
  struct yz_buf out;
  struct yz_oidset seen;
  bool loose; /* set after init: objects are not compressed, since all will be at once */
  size_t n;   /* objects */
  size_t max, max_object;
  size_t max_commits; /* of a branch; where there are more, no work is done for it */
  bool too_much;
};
int yz_thin_init(struct yz_thin *t, struct yz_ledger *l, size_t max,
                 struct yz_error *err) YZ_MUST_CHECK;
/* The commits after since (NULL: all), which the other side has, up to tip. YZ_E_MEMORY,
 * YZ_E_NOT_FOUND, YZ_E_DAMAGED. */
int yz_thin_add(struct yz_thin *t, const struct yz_oid *since, const struct yz_oid *tip,
                struct yz_error *err) YZ_MUST_CHECK;
int yz_thin_seal(struct yz_thin *t, struct yz_error *err) YZ_MUST_CHECK;
void yz_thin_finish(struct yz_thin *t);
/* (sha1.c) */
void yz_git_sha1(const void *bytes, size_t len, unsigned char out[static YZ_OID_LEN]);

/* --- the road (road.c and what runs in its child) ----------------------- */

/* Where the other side is (address.c): a folder, or a server. finish frees. */
struct yz_address {
  char *path;                       /* the folder of a path or file://; NULL: a server */
  char *url;                        /* the server's, ssh:// or https://, with no secret in it */
  char *login;                      /* "user:token", of an https server; NULL: none */
  struct yz_hash pins[YZ_MAX_PINS]; /* of the server's public keys */
  size_t n_pins;
};
/* YZ_E_INPUT: no such kind of address. */
int yz_address_parse(const char *text, struct yz_address *out, struct yz_error *err) YZ_MUST_CHECK;
void yz_address_finish(struct yz_address *a);
bool yz_address_is_https(const struct yz_address *a);
/* The port of a https server. */
int yz_address_port(const struct yz_address *a);
/* The pin of an X.509 certificate (DER): SHA-256 of its public key with the name of its kind
 * (SubjectPublicKeyInfo). false: it is not one (pin.c). */
bool yz_pin_of(const void *certificate, size_t len, struct yz_hash *out);

struct yz_report; /* what parent and child share (road.c) */
struct yz_transfer {
  struct yz_ledger *l;
  const struct yz_address *to;
  const char *pass;             /* what an https server wants to see; NULL: nothing */
  const struct yz_secret *seed; /* of a key for an ssh server; NULL: none */
  bool files;                   /* a fetch: of files/ branches, else of all others */
  bool seen; /* a push: refs/remote/ is what the other side has shown in this contact */
  bool gzip; /* a push: it can be packed once more */
  struct yz_push *pushes;
  size_t n;
  bool busy;        /* the last try was asked to come again in a moment */
  bool turned_away; /* its pass did not hold */
  struct yz_report *report;
};
/* Keeps of the other side's branches those of this fetch; counts what is new in those left out. A
 * files/ branch that is gone there (a disk was) is forgotten whatever is fetched, so that it goes
 * again: no receipt speaks of pieces. */
int yz_transfer_part(struct yz_transfer *t, struct yz_reflist *theirs,
                     struct yz_error *err) YZ_MUST_CHECK;
/* The other side makes passes with another epoch: this one. */
void yz_transfer_epoch(struct yz_transfer *t, int64_t epoch);
/* The hub answered that its branches are those that we remember. */
void yz_transfer_same(struct yz_transfer *t);
/* Of what a fetch brought something is kept, though it was cut. */
void yz_transfer_kept(struct yz_transfer *t);
/* Progress, for the watchdog. Any thread. */
void yz_transfer_tick(void *transfer);
/* What the other side answered was taken; parent and child. */
void yz_transfer_replied(struct yz_transfer *t);
/* Bytes so far, of one connection or pack. settle: it is done, another may begin. */
void yz_transfer_count(struct yz_transfer *t, int64_t up, int64_t down);
void yz_transfer_settle(struct yz_transfer *t);

/* Is it for what a branch holds, not for the road or for us? */
bool yz_transfer_is_fault(int rc);
/* Takes such a branch off the list: it counts as not there. */
void yz_transfer_pass_over(struct yz_transfer *t, struct yz_reflist *theirs, size_t i);

int yz_transfer_local_fetch(struct yz_transfer *t, struct yz_error *err) YZ_MUST_CHECK;
int yz_transfer_local_push(struct yz_transfer *t, struct yz_error *err) YZ_MUST_CHECK;
int yz_transfer_remote_fetch(struct yz_transfer *t, struct yz_error *err) YZ_MUST_CHECK;
int yz_transfer_remote_push(struct yz_transfer *t, struct yz_error *err) YZ_MUST_CHECK;
/* Marks one push as refused; text may come from outside. */
void yz_push_reject(struct yz_push *push, const char *why);
/* Fast-forward, forced or new? Otherwise marks it as refused. */
bool yz_push_allowed(struct yz_ledger *l, struct yz_push *push, const git_oid *theirs,
                     const git_oid *ours);
/* Where a push is to put its ref. */
int yz_push_target(struct yz_ledger *l, const struct yz_push *push, git_oid *out,
                   struct yz_error *err) YZ_MUST_CHECK;
/* The name of a ref here that stands where the push is to put its own: libgit2 pushes nothing
 * else. One that is made for it lies below refs/step/ until yz_push_settle. */
int yz_push_source(struct yz_ledger *l, const struct yz_push *push, const git_oid *target,
                   char out[static YZ_MAX_REF + 1], struct yz_error *err) YZ_MUST_CHECK;
void yz_push_settle(const struct yz_ledger *l);
/* YZ_E_REFUSED if one was refused. */
int yz_push_verdict(const struct yz_transfer *t, struct yz_error *err) YZ_MUST_CHECK;

/* Remembers the other side's branches below refs/remote/ (track.c): of files/ those alone, or of
 * all others. */
bool yz_git_tracking_name(const char *ref, char out[static YZ_MAX_REF + 1]);
/* Is it a files/ branch, at either side? */
bool yz_git_is_files(const char *ref);
/* Does a branch say something else than we remember? */
bool yz_git_is_news(struct yz_ledger *l, const struct yz_git_ref *theirs);
/* What we remember of them, by the names that they have there. */
int yz_git_remembered(struct yz_ledger *l, struct yz_reflist *out,
                      struct yz_error *err) YZ_MUST_CHECK;
int yz_git_track(struct yz_ledger *l, const struct yz_reflist *theirs, bool files,
                 struct yz_error *err) YZ_MUST_CHECK;
/* Forgets what the other side has no more, of this part. */
int yz_git_forget(struct yz_ledger *l, const struct yz_reflist *theirs, bool files,
                  struct yz_error *err) YZ_MUST_CHECK;
/* One branch, others stay as they were. */
int yz_git_remember(struct yz_ledger *l, const struct yz_git_ref *theirs,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The names of all loose objects, and their files gone. */
int yz_git_list_loose(struct yz_ledger *l, struct yz_oidlist *out,
                      struct yz_error *err) YZ_MUST_CHECK;
void yz_git_remove_loose(struct yz_ledger *l, const struct yz_oidlist *loose);
/* The way of a fetch that was cut (way.c): pairs of commits and steps, kept in the ledger's folder.
 * finish frees; forget: all has come. */
struct yz_way_link {
  git_oid id, parent; /* the first; zero: none */
};
struct yz_way {
  char *path;
  struct yz_way_link *list; /* by id */
  size_t n, step;           /* step: commits at a time */
  unsigned quiet;           /* steps that went, one after the other */
  bool noted;               /* something was learned, or went */
  int fd;
};
int yz_way_load(struct yz_way *w, const char *ledger, bool files,
                struct yz_error *err) YZ_MUST_CHECK;
void yz_way_finish(struct yz_way *w);
void yz_way_forget(struct yz_way *w);
void yz_way_note(struct yz_way *w, const git_oid *id, const git_oid *parent);
/* Before a step, so that one which is cut leaves half of it behind; and after one that went. */
void yz_way_begin(struct yz_way *w);
void yz_way_went(struct yz_way *w, size_t bytes);
/* What to ask for next on the way to a tip; false: nothing is known of it, or it is here. base: the
 * last on that way that is here; zero: none. */
bool yz_way_next(const struct yz_way *w, git_odb *odb, const git_oid *tip, git_oid *want,
                 git_oid *base);
/* The commits with which a pack begins (inpack.c), fed as it comes, in pieces of any size; found is
 * told of each, as far as they are whole and hold. create: NULL where there is no memory. */
typedef void (*yz_commit_fn)(void *ctx, const void *commit, size_t size);
struct yz_inpack;
struct yz_inpack *yz_inpack_create(yz_commit_fn found, void *ctx);
void yz_inpack_feed(struct yz_inpack *in, const void *bytes, size_t n);
void yz_inpack_destroy(struct yz_inpack *in);
enum {
  YZ_GIT_GROWTH_TIMES = YZ_LIMIT(128, 16),
  YZ_GIT_GROWTH_FREE = YZ_LIMIT(64 * 1024 * 1024, 1024)
};
/* What a pack would grow to (growth.c), fed as it comes, in pieces of any size. YZ_E_LIMIT: to more
 * than it may; YZ_E_FORMAT: it is no pack; YZ_E_MEMORY. Nothing is fed after a failure. create:
 * NULL where there is no memory; destroy takes NULL. */
struct yz_growth;
struct yz_growth *yz_growth_create(void);
int yz_growth_feed(struct yz_growth *g, const void *bytes, size_t n,
                   struct yz_error *err) YZ_MUST_CHECK;
void yz_growth_destroy(struct yz_growth *g);
/* How much git works at putting a pack together (toil.c). begin: before its first bytes are read;
 * turn: all of it is there; is_over: since then more work was done than the reading of it allows,
 * once that is so it stays so. on_progress: of an indexer, with the toil as payload, ends it then.
 * fail: YZ_E_LIMIT. */
struct yz_toil {
  int64_t begun, turned; /* microseconds of work */
  bool over;
};
void yz_toil_begin(struct yz_toil *t);
void yz_toil_turn(struct yz_toil *t);
bool yz_toil_is_over(struct yz_toil *t);
int yz_toil_on_progress(const git_indexer_progress *stats, void *toil);
int yz_toil_fail(struct yz_error *err);
/* Packs that odb is given go to the folder, are taken only if they grow no further than growth.c
 * allows, and the commits in them are noted while they come (glean.c); way NULL: they are not.
 * packs and way live as long as odb. libgit2's answer. */
int yz_git_glean(git_odb *odb, const char *packs, struct yz_way *way) YZ_MUST_CHECK;

/* Where a fetch puts its packs until they have been looked through (incoming.c).
 * repo has the ledger's refs, and reads what is stored and what came in. finish
 * removes what was not accepted and frees, after a failed init too. */
struct yz_incoming {
  struct yz_ledger *l;
  char *objects, *packs; /* folders */
  git_repository *repo;
  git_odb *odb;
};
int yz_incoming_init(struct yz_incoming *in, struct yz_ledger *l,
                     struct yz_error *err) YZ_MUST_CHECK;
void yz_incoming_finish(struct yz_incoming *in);
/* Moves into the ledger what came: no object above the limits, none that refers
 * to one that is not there. YZ_E_FORMAT, YZ_E_LIMIT. */
int yz_incoming_accept(struct yz_incoming *in, struct yz_error *err) YZ_MUST_CHECK;
/* What a server answers to a push beside the verdict (reply.c). Does it begin like one? */
bool yz_git_is_reply(const void *bytes, size_t n);
/* The branches that it says have moved, and where its pack begins. false: it is none, or begins
 * somewhere else than where we saw these branches. */
enum { YZ_GIT_MAX_MOVED = 4, YZ_GIT_MAX_REPLY = 64 * 1024 };
struct yz_git_moved {
  char name[YZ_MAX_REF + 1];
  git_oid tip;
};
bool yz_git_read_reply(struct yz_ledger *l, const void *bytes, size_t n,
                       struct yz_git_moved out[static YZ_GIT_MAX_MOVED], size_t *count,
                       size_t *pack);
/* Takes it as a fetch is taken. 1: it was, 0: there was nothing to take; otherwise nothing of it
 * is remembered, and a fetch brings it. */
int yz_git_take_reply(struct yz_ledger *l, const void *bytes, size_t n,
                      struct yz_error *err) YZ_MUST_CHECK;
/* The other side's history refers to what it does not have: YZ_E_FORMAT. */
int yz_git_hole(struct yz_error *err, const char *subject);

/* The packs in a folder (packs.c). */
struct yz_packlist {
  char (*names)[YZ_GIT_PACK_NAME];
  int64_t *sizes;
  size_t n, cap;
};
int yz_packlist_read(const char *folder, struct yz_packlist *out,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Leaves out those that are marked .keep: another program has them in hand. */
void yz_packlist_drop_kept(const char *folder, struct yz_packlist *list);
void yz_packlist_finish(struct yz_packlist *list);
/* One pack as an object store of its own; the caller frees. */
int yz_git_open_pack(git_odb **out, const char *folder, const char *name,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Looks through the indexes in a folder (index.c): 1 and the name of a pack whose
 * index must not be gone by, or 0. */
int yz_git_unsound_pack(const char *folder, char name[static YZ_GIT_PACK_NAME],
                        struct yz_error *err) YZ_MUST_CHECK;
/* Removes a pack, the index last: without its pack it is swept. */
void yz_git_remove_pack(const char *folder, const char *name);

/* Wire bytes of this process's TCP connections (wire.c). */
void yz_wire_bytes(int64_t *up, int64_t *down);
/* Do all of them lead to this port? */
bool yz_wire_leads_to(int port);
/* Hangs up all of them: who reads or writes there is told so. */
void yz_wire_hang_up(void);
/* Closes the TCP connections that a forked child inherited. */
void yz_wire_close_inherited(void);
/* Starts a thread that ticks whenever bytes went over the wire. */
int yz_wire_watch(struct yz_transfer *t) YZ_MUST_CHECK;

#endif
