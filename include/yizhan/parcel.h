/* Parcels: what one side lacks, sealed in a file that anyone may carry. FORMAT.md §17.
 *
 *   send   all that the receiver has not said it has  → a file beside its name, flushed, read
 *          back, compared, named
 *   look   without a key: is it whole, for whom?
 *   open   with one: verified from its first byte to its last before anything in it counts
 *   take   into git as a fetch would; then verified, judged and stored record by record
 *
 * Whatever came before or comes twice, in whatever order: the result is the same. */
#ifndef YIZHAN_PARCEL_H
#define YIZHAN_PARCEL_H

#include <yizhan/station.h>

enum {
  YZ_PARCEL_VERSION = 1,
  YZ_PARCEL_NAME = 13, /* "ABCD2345.YZP" */
};
#define YZ_PARCEL_ENDING ".YZP"
#define YZ_PARCEL_MAX (1LL << 40)   /* bytes of one */
#define YZ_PARCEL_USUAL (1LL << 30) /* into which a load is split, unless said otherwise */
#define YZ_PARCEL_MIN (64LL << 10)  /* and at least */

/* Could a file of this name be a parcel? By its ending, however it is written. */
bool yz_parcel_named(const char *name);

/* What anyone sees of one. */
struct yz_parcel_seen {
  unsigned version;
  struct yz_key hub; /* whose township it is for */
  int64_t bytes;
  bool whole; /* it is as it was written */
};
/* YZ_E_FORMAT: it is no parcel; YZ_E_VERSION: of a newer version (out says which, and whether it
 * is whole); YZ_E_NOT_FOUND, YZ_E_IO. */
int yz_parcel_look(const struct yz_world *world, const char *path, struct yz_parcel_seen *out,
                   struct yz_error *err) YZ_MUST_CHECK;

/* A branch and where it stands at the sender. */
struct yz_parcel_tip {
  struct yz_id log;
  enum yz_kind kind;
  struct yz_oid tip;
};
/* What a parcel says of itself, once it has been verified. */
struct yz_parcel {
  struct yz_id ledger, log;  /* log: the sender's own there */
  struct yz_key from, to;    /* nodes */
  int64_t n, time_ms;        /* rises with each parcel of that log; the sender's clock */
  struct yz_parcel_tip *has; /* all that the sender has in that ledger */
  size_t n_has;
  struct yz_buf head;    /* as it stands there */
  struct yz_hash digest; /* of all that is signed */
  struct yz_secret *key; /* of this parcel */
  int64_t bytes;         /* of the file */
  char *path;
};
/* Opens the parcel at path with the station's box key and reads it to its end. YZ_E_FORMAT: it is
 * none, or of no form; YZ_E_VERSION; YZ_E_DAMAGED: it is not whole; YZ_E_KEY: it is sealed to
 * others (out->to is not filled; the look says for which township); YZ_E_SIGNATURE: it is not
 * signed by its sender. The caller finishes out, also after a failure. */
int yz_parcel_open(const struct yz_station *st, const char *path, struct yz_parcel *out,
                   struct yz_error *err) YZ_MUST_CHECK;
void yz_parcel_finish(struct yz_parcel *p);
/* Is it one that this node wrote to node `to` in this ledger? Verified as above to its end; what
 * cannot be read is none. */
bool yz_parcel_is_ours(const struct yz_station *st, const char *path, const struct yz_id *ledger,
                       const struct yz_key *to);
/* Writes the bundle inside to a new file. YZ_E_EXISTS. */
int yz_parcel_extract(const struct yz_station *st, const struct yz_parcel *p, const char *to,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Takes in what an opened parcel brings to its ledger, and remembers what its sender has. taken is
 * added to; *known: it brought nothing that was not here. YZ_E_NOT_FOUND: it goes on from what has
 * not come; YZ_E_REFUSED: from a node that the hub has revoked; then nothing was taken. What
 * yz_ingest says. */
int yz_parcel_take(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, const struct yz_parcel *p,
                   struct yz_taken *taken, bool *known, struct yz_error *err) YZ_MUST_CHECK;
/* After parcels were taken: cuts what this node has to say, as yz_exchange does without a road. */
int yz_parcel_settle(const struct yz_station *st, struct yz_ledger *git,
                     const struct yz_ledger_row *ledger, struct yz_error *err) YZ_MUST_CHECK;

/* The nodes of a ledger that parcels are written to: at a village its hub, at a hub the village's
 * nodes that may sign. *out malloc'd, the caller frees. */
int yz_parcel_receivers(const struct yz_station *st, const struct yz_ledger_row *ledger,
                        struct yz_key **out, size_t *n, struct yz_error *err) YZ_MUST_CHECK;

/* A parcel that was written. */
struct yz_parcel_written {
  char name[YZ_PARCEL_NAME];
  int64_t bytes;
};
/* Writes into a folder all that the ledger holds and node `to` has not said it has, in as many
 * parcels as it takes so that none is larger than max_bytes; each goes on from those before it.
 * Where that is nothing, no file is made and *n is 0. *out malloc'd, the caller frees, also after a
 * failure: those are there. A failure leaves no half-written parcel behind where the disk still
 * lets go of it. YZ_E_LIMIT: what does not come apart is larger; YZ_E_DAMAGED: what was read back
 * is not what was written. YZ_E_FULL, YZ_E_IO, YZ_E_NOT_FOUND. */
int yz_parcel_send(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, const struct yz_key *to, const char *folder,
                   int64_t max_bytes, struct yz_parcel_written **out, size_t *n,
                   struct yz_error *err) YZ_MUST_CHECK;

#endif
