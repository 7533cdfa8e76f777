/* What the parts of this room share: FORMAT.md §17.
 *
 *   cover.c   the open part at a file's front
 *   out.c in.c  a file being written, being read
 *   head.c    what it says of itself inside
 *   has.c     what the other side has said that it has
 *   acked.c   what it has acknowledged, by any road
 *   send.c take.c  what goes in, what becomes of it */
#ifndef YIZHAN_SYNC_PARCEL_PRIVATE_H
#define YIZHAN_SYNC_PARCEL_PRIVATE_H

#include "../station_private.h"
#include <yizhan/parcel.h>

enum {
  PARCEL_MAGIC = 8,
  PARCEL_FIXED = PARCEL_MAGIC + 2 + 2 + YZ_KEY_LEN, /* magic, version, slots, hub */
  PARCEL_SLOT = YZ_BATCH_KEY_LEN + YZ_SEAL_OVERHEAD,
  PARCEL_SLOT_STEP = 8, /* slots are filled up to a multiple of this */
  PARCEL_SLOTS_MAX = YZ_LIMIT(256, 16),
  PARCEL_CHUNK = YZ_LIMIT(64 * 1024, 256),
  PARCEL_SEALED = PARCEL_CHUNK + YZ_STREAM_OVERHEAD,
  PARCEL_LAST = YZ_SIG_LEN + YZ_STREAM_OVERHEAD, /* the last chunk holds the signature alone */
  PARCEL_HEAD_MAX = YZ_LIMIT(512 * 1024, 2048),
  PARCEL_TIPS_MAX = YZ_LIMIT(4096, 4),
};

/* --- cover.c ------------------------------------------------------------ */

/* The open part: FIXED bytes, then the slots. */
struct cover {
  unsigned version;
  size_t slots;
  struct yz_key hub;
  struct yz_buf bytes;
  struct yz_hash hash; /* of them */
};
/* Makes one: the key sealed to each receiver, in slots that say nothing else. YZ_E_LIMIT: too many;
 * YZ_E_KEY. */
int cover_write(struct cover *c, const struct yz_world *world, const struct yz_key *hub,
                const struct yz_secret *key, const struct yz_key *receivers, size_t n,
                struct yz_error *err) YZ_MUST_CHECK;
/* The first FIXED bytes: how many slots follow. YZ_E_FORMAT: no parcel; YZ_E_VERSION. */
int cover_read(struct cover *c, const unsigned char fixed[static PARCEL_FIXED],
               struct yz_error *err) YZ_MUST_CHECK;
/* Once bytes are all there. The key, where one of the slots is ours; NULL. YZ_E_MEMORY. */
int cover_open(struct cover *c, const struct yz_secret *box, struct yz_secret **key,
               struct yz_error *err) YZ_MUST_CHECK;
void cover_finish(struct cover *c);

/* What the sender signs: domain, hash of the cover, digest of what is inside. */
enum { PARCEL_SIGNED = 22 + 2 * (YZ_HASH_HEX + 1) };
void parcel_signed_text(const struct yz_hash *cover, const struct yz_hash *inside,
                        char out[static PARCEL_SIGNED + 1]);

/* --- out.c: a file being written ----------------------------------------- */

struct parcel_out {
  const struct yz_station *st;
  const char *folder;
  char *temp;
  struct yz_file *file;
  struct yz_stream *stream;
  struct yz_hash cover;
  struct yz_hashing all, inside;
  unsigned char *chunk, *sealed;
  size_t have;
  int64_t bytes,
      max_bytes; /* max_bytes: YZ_E_LIMIT, err untouched, for what goes beyond; 0: none */
};
/* begin, put as often as there is something, end. begin: what this node left unfinished there of a
 * parcel of the ledger is removed; one process at a time. end: whole, named, on the disk. finish
 * frees, and removes what was not named; also after a failure. */
int parcel_out_begin(struct parcel_out *o, const struct yz_station *st, const char *folder,
                     const struct yz_id *ledger, const struct yz_key *hub,
                     const struct yz_key *receivers, size_t n, struct yz_error *err) YZ_MUST_CHECK;
int parcel_out_put(void *out, const void *bytes, size_t n, struct yz_error *err) YZ_MUST_CHECK;
int parcel_out_end(struct parcel_out *o, struct yz_parcel_written *written,
                   struct yz_error *err) YZ_MUST_CHECK;
void parcel_out_finish(struct parcel_out *o);

/* --- in.c: a file being read ---------------------------------------------- */

struct parcel_in {
  const struct yz_world *world;
  const struct yz_counting *counting; /* who calls parcel_in_open sets it then; NULL: nobody */
  const char *path;
  struct yz_file *file;
  int64_t size, left; /* of the sealed chunks: bytes that are still to come */
  struct cover cover;
  struct yz_stream *stream;
  struct yz_hashing all, inside;
  unsigned char *sealed, *plain;
};
/* Of so many more bytes. */
static inline void parcel_count(const struct yz_counting *counting, size_t written, size_t read) {
  if (counting != NULL) counting->fn(counting->ctx, (int64_t)written, (int64_t)read);
}
/* Opens and reads the cover. finish, also after a failure. */
int parcel_in_open(struct parcel_in *in, const struct yz_world *world, const char *path,
                   struct yz_error *err) YZ_MUST_CHECK;
int parcel_in_begin(struct parcel_in *in, const struct yz_secret *key,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The next chunk into in->plain: *n bytes; 0 when the signature is next. YZ_E_SIGNATURE: it does
 * not hold. */
int parcel_in_next(struct parcel_in *in, size_t *n, struct yz_error *err) YZ_MUST_CHECK;
/* The end: the signature, the digest of what it signs, and whether the file is as it was written
 * (YZ_E_DAMAGED). */
int parcel_in_end(struct parcel_in *in, struct yz_sig *sig, struct yz_hash *inside,
                  struct yz_error *err) YZ_MUST_CHECK;
void parcel_in_finish(struct parcel_in *in);

/* --- head.c ----------------------------------------------------------------- */

/* The line that a parcel begins with inside, with its LF. */
int parcel_head_write(const struct yz_parcel *p, struct yz_buf *out,
                      struct yz_error *err) YZ_MUST_CHECK;
/* Reads it (without LF) into p, which keeps the text. YZ_E_FORMAT, YZ_E_LIMIT, YZ_E_VERSION. */
int parcel_head_read(const char *text, size_t len, struct yz_parcel *p,
                     struct yz_error *err) YZ_MUST_CHECK;
const struct yz_parcel_tip *parcel_find_tip(const struct yz_parcel *p, const struct yz_id *log,
                                            enum yz_kind kind);

/* --- acked.c --------------------------------------------------------------- */

/* The newest commit of a log/ branch all of whose records a node has acknowledged, by whatever
 * road, and that it must have: *found. */
int parcel_acked(const struct yz_station *st, struct yz_ledger *git,
                 const struct yz_ledger_row *ledger, const struct yz_key *node,
                 const struct yz_id *log, struct yz_oid *commit, bool *found,
                 struct yz_error *err) YZ_MUST_CHECK;

/* What stands of a keys/ or files/ branch in the hub's own repository, where that is a village's
 * road: *tip, where *found. Nothing is found at a hub, nor where the hub has not acknowledged all
 * of this node's log that stands there. */
int parcel_seen(const struct yz_station *st, struct yz_ledger *git,
                const struct yz_ledger_row *ledger, const struct yz_key *node, enum yz_kind kind,
                const struct yz_id *log, struct yz_oid *tip, bool *found,
                struct yz_error *err) YZ_MUST_CHECK;

/* --- has.c ------------------------------------------------------------------ */

/* The log that a node writes now, as far as it is known here. */
int parcel_newest_log(const struct yz_station *st, const struct yz_ledger_row *ledger,
                      const struct yz_key *node, struct yz_id *log, bool *found,
                      struct yz_error *err) YZ_MUST_CHECK;
/* Remembers what a node has said that it has, where that is newer than what it said before in the
 * log that it writes now. */
int parcel_put_has(const struct yz_station *st, const struct yz_ledger_row *ledger,
                   const struct yz_parcel *p, struct yz_error *err) YZ_MUST_CHECK;
/* What counts of it now; no tips where there is none. The caller finishes out. */
int parcel_get_has(const struct yz_station *st, const struct yz_ledger_row *ledger,
                   const struct yz_key *node, struct yz_parcel *out,
                   struct yz_error *err) YZ_MUST_CHECK;
/* The next number for a parcel of our log in a ledger. Own transaction. */
int parcel_next_n(const struct yz_station *st, const struct yz_ledger_row *ledger, int64_t *n,
                  struct yz_error *err) YZ_MUST_CHECK;

#endif
