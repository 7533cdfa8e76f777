/* A ledger: the bare git repository that carries one village's logs.
 *
 * Branch refs/heads/log/<log id>: segments, sealed batches and the writer's
 * acknowledgement. Branch refs/heads/keys/<log id>: the batches' keys. Branch
 * refs/heads/files/<log id>: pieces that records name. FORMAT.md §9 to §11. This room moves bytes
 * and checks shapes; it knows no record. All of libgit2 lives in sync/git, behind this header.
 *
 * Guarantees: fsync is on. Refs are advanced last and only from the value the
 * caller saw. Writers of a repository on this machine hold the flock of
 * <repository>/yizhan.lock; stale *.lock files and pack debris of killed runs
 * are swept while it is held. The object store stays small (yz_ledger_upkeep).
 *
 * Calling order: open (or create) → read or write → destroy. */
#ifndef YIZHAN_LEDGER_H
#define YIZHAN_LEDGER_H

#include <stdbool.h>
#include <yizhan/buf.h>
#include <yizhan/crypto.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

struct yz_ledger;

/* The kinds of branches that a log can have, in the order in which they go. */
enum yz_kind { YZ_KIND_KEYS, YZ_KIND_LOG, YZ_KIND_FILES, YZ_KINDS };

enum { YZ_OID_LEN = 20, YZ_OID_HEX = 40, YZ_MAX_REF = 80 };
struct yz_oid {
  unsigned char bytes[YZ_OID_LEN];
};

/* Opens a bare repository; with create, makes it (0700) first if missing.
 * Takes its flock for the life of the handle, waiting up to 30 s: YZ_E_BUSY.
 * Sweeps debris. YZ_E_NOT_FOUND, YZ_E_DAMAGED, YZ_E_IO. */
int yz_ledger_open(struct yz_ledger **out, const char *path, bool create,
                   struct yz_error *err) YZ_MUST_CHECK;
void yz_ledger_destroy(struct yz_ledger *l);
/* The folder it was opened by; lives as long as it. */
const char *yz_ledger_path(const struct yz_ledger *l);

/* A process that opens ledgers again and again holds what all of them need between begin and end:
 * made anew each time, a list of this machine's authorities is read with it. YZ_E_MEMORY. */
int yz_ledgers_begin(struct yz_error *err) YZ_MUST_CHECK;
void yz_ledgers_end(void);

/* --- refs ------------------------------------------------------------- */

/* The commit a ref points to; YZ_E_NOT_FOUND. ref is a full name. */
int yz_ledger_ref(struct yz_ledger *l, const char *ref, struct yz_oid *out,
                  struct yz_error *err) YZ_MUST_CHECK;
/* Calls fn for each ref that begins with prefix, in order of name. Names that
 * are not of the forms of FORMAT.md §9 are passed too: the caller judges. A
 * non-zero return of fn stops and is returned. */
int yz_ledger_refs(struct yz_ledger *l, const char *prefix,
                   int (*fn)(void *ctx, const char *ref, const struct yz_oid *tip), void *ctx,
                   struct yz_error *err) YZ_MUST_CHECK;
/* How many branches the repository in a folder has. Waits for nobody's flock: where another writes
 * there, those from before or after. YZ_E_NOT_FOUND, YZ_E_DAMAGED, YZ_E_IO, YZ_E_MEMORY. */
int yz_ledger_count_branches(const char *path, size_t *n, struct yz_error *err) YZ_MUST_CHECK;
/* What the log/, keys/ and files/ branches below prefix ("refs/heads/": ours, "refs/remote/": the
 * other side's, as it showed them) are and where they stand, in 32 hex digits that are others where
 * one is another (FORMAT.md §16, Known). YZ_E_MEMORY, YZ_E_DAMAGED. */
enum { YZ_BRANCHES_PRINT = 32 + 1 };
int yz_ledger_branches_print(struct yz_ledger *l, const char *prefix,
                             char out[static YZ_BRANCHES_PRINT],
                             struct yz_error *err) YZ_MUST_CHECK;
/* Moves ref from `from` (NULL: must not exist) to `to`; idempotent when it is
 * there already. YZ_E_BUSY when it was something else; YZ_E_NOT_FOUND when `to`
 * is not in the ledger, YZ_E_FORMAT when it is no commit. A ref that cannot be
 * read (YZ_E_DAMAGED) can be deleted and made anew. */
int yz_ledger_move_ref(struct yz_ledger *l, const char *ref, const struct yz_oid *from,
                       const struct yz_oid *to, struct yz_error *err) YZ_MUST_CHECK;
/* Deletes ref; one that is not there is deleted already. */
int yz_ledger_delete_ref(struct yz_ledger *l, const char *ref, struct yz_error *err) YZ_MUST_CHECK;
/* Is `old` `tip` itself or one of its ancestors? False too when unknown. */
bool yz_ledger_contains(struct yz_ledger *l, const struct yz_oid *tip, const struct yz_oid *old);

/* --- writing ---------------------------------------------------------- */

/* One file that a commit adds or replaces. path as in FORMAT.md §9. */
struct yz_change {
  const char *path;
  const void *bytes;
  size_t len;
};
/* Writes blobs and trees for parent's tree (NULL: empty) with the changes, and
 * makes the bytes of a commit over it, signed with seed (FORMAT.md §10).
 * Writes no commit and moves no ref: the caller keeps the bytes first. */
int yz_ledger_prepare(struct yz_ledger *l, const struct yz_oid *parent,
                      const struct yz_change *changes, size_t n, const char *message,
                      int64_t time_ms, const struct yz_secret *seed, struct yz_buf *commit,
                      struct yz_error *err) YZ_MUST_CHECK;
/* Writes the same blobs and trees again and checks that they give the tree
 * that the kept commit bytes name: YZ_E_DAMAGED if not. For rebuilding. */
int yz_ledger_replay(struct yz_ledger *l, const struct yz_change *changes, size_t n,
                     const void *commit, size_t commit_len, struct yz_error *err) YZ_MUST_CHECK;
/* From hold to release what the three calls around here write waits in memory;
 * release with keep writes it as one pack, with one flush, as far as a commit written
 * meanwhile reaches it; without keep it is gone. Not nested; refs are moved after
 * release. YZ_E_MEMORY, YZ_E_IO, YZ_E_FULL. */
int yz_ledger_hold(struct yz_ledger *l, struct yz_error *err) YZ_MUST_CHECK;
int yz_ledger_release(struct yz_ledger *l, bool keep, struct yz_error *err) YZ_MUST_CHECK;
/* Writes commit bytes as an object; gives its name. */
int yz_ledger_write_commit(struct yz_ledger *l, const void *commit, size_t len, struct yz_oid *out,
                           struct yz_error *err) YZ_MUST_CHECK;

/* --- reading ---------------------------------------------------------- */

/* The commits reachable from tip and not from `since` (NULL: all), parents
 * first. At most max: more is YZ_E_LIMIT. *out is malloc'd, the caller frees. */
int yz_ledger_new_commits(struct yz_ledger *l, const struct yz_oid *since, const struct yz_oid *tip,
                          size_t max, struct yz_oid **out, size_t *n,
                          struct yz_error *err) YZ_MUST_CHECK;

struct yz_commit_view {
  struct yz_buf raw; /* the commit object's bytes */
  size_t n_parents;
  struct yz_oid parent; /* the first, if any */
};
/* Reads a commit of at most 64 KiB. finish frees. */
int yz_ledger_read_commit(struct yz_ledger *l, const struct yz_oid *oid, struct yz_commit_view *out,
                          struct yz_error *err) YZ_MUST_CHECK;
void yz_commit_view_finish(struct yz_commit_view *v);
/* Is the commit signed, in the form of FORMAT.md §10, by exactly this key? Pure. */
bool yz_commit_signed_by(const void *raw, size_t len, const struct yz_key *key);

/* How many bytes of a pack bring a commit, with its files, to who has its first parent: rather
 * too many than too few, as no deltas are counted on. */
int yz_ledger_weigh(struct yz_ledger *l, const struct yz_oid *commit, int64_t *bytes,
                    struct yz_error *err) YZ_MUST_CHECK;

/* Calls fn for each file that differs between the trees of two commits (old
 * NULL: empty), in order of path. deleted: the file is gone in new. Anything but
 * plain files and trees (links, modes, submodules), a path longer than 100
 * bytes, more than 24 levels or 100,000 differences: YZ_E_FORMAT. */
typedef int (*yz_file_fn)(void *ctx, const char *path, const struct yz_oid *blob, bool deleted);
int yz_ledger_diff(struct yz_ledger *l, const struct yz_oid *old, const struct yz_oid *new_,
                   yz_file_fn fn, void *ctx, struct yz_error *err) YZ_MUST_CHECK;
/* The same for all the files of one commit. */
int yz_ledger_files(struct yz_ledger *l, const struct yz_oid *commit, yz_file_fn fn, void *ctx,
                    struct yz_error *err) YZ_MUST_CHECK;
/* A blob by name, or by path in a commit; its size is looked at before it is
 * read: YZ_E_LIMIT over max. YZ_E_NOT_FOUND; YZ_E_DAMAGED when the bytes are
 * not what their name says. Appended to out. */
int yz_ledger_blob(struct yz_ledger *l, const struct yz_oid *blob, size_t max, struct yz_buf *out,
                   struct yz_error *err) YZ_MUST_CHECK;
int yz_ledger_file(struct yz_ledger *l, const struct yz_oid *commit, const char *path, size_t max,
                   struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

/* --- the township's union -------------------------------------------- */

struct yz_branch_tip {
  const char *name; /* subfolder in the union's tree: a log id */
  struct yz_oid tip;
};
/* In repository l (the township's), makes a commit on `ref` whose parents are
 * its present tip and every tip that is not contained yet, and whose tree holds
 * each branch's tree below its name, others kept (FORMAT.md §11). The tips'
 * objects are first copied from `from`. Nothing new: no commit. */
int yz_ledger_merge(struct yz_ledger *l, const char *ref, struct yz_ledger *from,
                    const struct yz_branch_tip *tips, size_t n, int64_t time_ms,
                    const struct yz_secret *seed, struct yz_error *err) YZ_MUST_CHECK;

/* --- the road --------------------------------------------------------- */

/* All network work runs in a child process under a watchdog: no progress for
 * stall_ms ends it with YZ_E_NETWORK. url: a path, file://, ssh:// or https:// with its
 * server's pins (FORMAT.md §16). An ssh server's host key must stand in the user's known_hosts;
 * an https server's key must be one of the pins or, without pins, vouched for by an authority
 * that this machine trusts; no redirection to another host or port is followed. Where url is a path
 * or file://, the other repository's flock is held while it is written, its hooks
 * are not run, and stores elsewhere that it borrows from are not looked into.
 * YZ_E_KEY: their host key or our key is not known; YZ_E_NETWORK: not there, silent
 * or hung up; YZ_E_INPUT: no such kind of url; YZ_E_DAMAGED: their packs are. */
struct yz_road {
  const char *url;
  const char *pass;             /* what an https server wants to see; NULL: nothing */
  const struct yz_secret *seed; /* a key that an ssh server may know us by; NULL: none but those of
                                   the user's agent and folder, which are tried before */
  int64_t stall_ms;             /* 0: 60,000 */
  int64_t bytes_up, bytes_down; /* counted by the calls below, added up */
  int64_t passed_over;          /* branches that a fetch left out, see below */
  bool files;                   /* a fetch brings files/ branches; else log/ and keys/ branches */
  int64_t files_news;           /* out: files/ branches there that say something new, as the last
                                   fetch of the others saw */
  bool silent;                  /* out: the last call was ended by the watchdog */
  bool has_epoch; /* out: the last fetch was turned away, since passes are made with this epoch */
  int64_t epoch;
  bool kept; /* out: the last fetch was cut, and the next one goes on with what is kept of it */
  bool same; /* a fetch was told, as by FORMAT.md §16, Known, that there is nothing new: so the
                other side takes what that says of a push */
  /* Told, in the caller's process, whenever something moved: bytes so far. NULL: nobody. */
  void (*moved)(void *ctx, int64_t up, int64_t down);
  void *moved_ctx;
  bool replied; /* a push was answered with what the other side wrote then, which is
                   below refs/remote/ now as if it had been fetched */
};
/* Could a road lead to this url? YZ_E_INPUT. */
int yz_road_check(const char *url, struct yz_error *err) YZ_MUST_CHECK;
/* Fetches every log/ and keys/ branch of the other side into
 * refs/remote/log/… and refs/remote/keys/… (tips as they are there, forced;
 * those gone there are removed here); with road->files every files/ branch, and those alone. Makes
 * no connection's worth of objects when nothing is new. Refs not of those forms are ignored. A
 * branch with holes, or with something larger than allowed, holds back no other: it counts as not
 * there. */
int yz_ledger_fetch(struct yz_ledger *l, struct yz_road *road, struct yz_error *err) YZ_MUST_CHECK;
/* One ref to push. Without force only a fast-forward is asked for.
 * rejected: set when the other side refused this one, reason in why. */
struct yz_push {
  char ref[YZ_MAX_REF + 1];
  struct yz_oid tip; /* where it is to stand there; all zero: where it stands here */
  bool force;
  bool rejected;
  char why[120];
};
/* Pushes in the given order (keys before logs), one connection. Returns 0 if
 * all went in; YZ_E_REFUSED if any was rejected (see each). */
int yz_ledger_push(struct yz_ledger *l, struct yz_road *road, struct yz_push *pushes, size_t n,
                   struct yz_error *err) YZ_MUST_CHECK;

/* --- bundles ----------------------------------------------------------- */

/* What a bundle (gitformat-bundle(5), version 2) brings of one branch: the commits of tip that
 * base (not tip itself; has_base false: nothing) does not have. */
struct yz_bundle_ref {
  char ref[YZ_MAX_REF + 1];
  struct yz_oid tip, base;
  bool has_base;
};
#define YZ_BUNDLE_FIRST_LINE "# v2 git bundle\n"
/* Writes the bundle by calling put, whose failure is returned. */
typedef int (*yz_put_fn)(void *ctx, const void *bytes, size_t n, struct yz_error *err);
int yz_ledger_bundle(struct yz_ledger *l, const struct yz_bundle_ref *refs, size_t n, yz_put_fn put,
                     void *ctx, struct yz_error *err) YZ_MUST_CHECK;

/* A foreign bundle of `size` bytes, read piece by piece: begin, feed, keep, finish. keep moves its
 * objects into the ledger (as a fetch does: none too large, none with holes) and lets prefix +
 * log/… or keys/… stand at its tips, where that is more than what stands there. What our branches
 * hold already is known: then nothing is kept. YZ_E_FORMAT, YZ_E_LIMIT; YZ_E_NOT_FOUND: it goes on
 * from commits that are not here. finish frees, and removes what was not kept; NULL allowed. */
struct yz_unbundle;
int yz_unbundle_begin(struct yz_unbundle **out, struct yz_ledger *l, const char *prefix,
                      int64_t size, struct yz_error *err) YZ_MUST_CHECK;
int yz_unbundle_feed(struct yz_unbundle *u, const void *bytes, size_t n,
                     struct yz_error *err) YZ_MUST_CHECK;
bool yz_unbundle_known(const struct yz_unbundle *u);
int yz_unbundle_keep(struct yz_unbundle *u, struct yz_error *err) YZ_MUST_CHECK;
void yz_unbundle_finish(struct yz_unbundle *u);

/* At a server: branches that moved forward while a push was taken in. */
struct yz_moved {
  char ref[YZ_MAX_REF + 1];
  bool has_from; /* false: it is new */
  struct yz_oid from, to;
};
/* Makes of them what goes home in the push's own response (FORMAT.md §16); out is empty where that
 * would be longer than max. YZ_E_MEMORY, YZ_E_DAMAGED, YZ_E_NOT_FOUND. */
int yz_ledger_reply(struct yz_ledger *l, const struct yz_moved *moved, size_t n, size_t max,
                    struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

/* --- upkeep ----------------------------------------------------------- */

/* Consolidates: at most 20 packs, sizes in geometric progression, loose objects
 * packed when over 1,000 (or all packed with `now`). Only objects that are in
 * the new pack are removed, so a push that is under way loses nothing. */
int yz_ledger_upkeep(struct yz_ledger *l, bool now, struct yz_error *err) YZ_MUST_CHECK;
/* Keeps only what a ref reaches: all of it goes into one pack, the other packs and loose objects
 * are removed. Where others push to this repository without its flock, what comes meanwhile may be
 * lost to it; they send it again. A ref to what we cannot read (of another kind than where it
 * stands, or beyond our limits) is removed where may_go says of its full name that nothing here
 * goes by it; of one that stays it is YZ_E_FORMAT or YZ_E_LIMIT, and nothing is removed. Else
 * YZ_E_NOT_FOUND, YZ_E_DAMAGED, YZ_E_IO, YZ_E_FULL, YZ_E_MEMORY, nothing removed. */
typedef bool (*yz_may_go_fn)(void *ctx, const char *ref);
int yz_ledger_prune(struct yz_ledger *l, yz_may_go_fn may_go, void *ctx,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The bytes of all packs. */
int yz_ledger_size(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) YZ_MUST_CHECK;
/* The bytes, unpacked, of objects in packs that no ref reaches that we can read; reads all folders
 * that one does. */
int yz_ledger_waste(struct yz_ledger *l, int64_t *bytes, struct yz_error *err) YZ_MUST_CHECK;
/* Reads every object reachable from every ref and checks its hash. Calls fn
 * with a sentence for each fault ("object <hex> is missing"); returns 0 even
 * then, an error only when it could not look. */
int yz_ledger_check(struct yz_ledger *l, void (*fn)(void *ctx, const char *fault), void *ctx,
                    struct yz_error *err) YZ_MUST_CHECK;

#endif
