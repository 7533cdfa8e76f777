/* Whom a ledger's contents are sealed to: FORMAT.md §7. Used in cutting. */
#ifndef YIZHAN_SYNC_RECEIVERS_H
#define YIZHAN_SYNC_RECEIVERS_H

#include "station_private.h"

/* Each box key once, sorted. For the village: the hub, the granted nodes, this one. For the
 * township: the hub, and the box that its successor opens with the recovery key. */
struct readers {
  struct yz_key *keys;
  size_t n;
  struct yz_hash hash; /* over the keys: have they changed? */
};
struct receivers {
  struct readers of[AUDIENCES];
};
/* As the roster stands now; finish frees, also after a failure. */
int receivers_init(struct receivers *to, const struct yz_station *st,
                   const struct yz_ledger_row *ledger, struct yz_error *err) YZ_MUST_CHECK;
void receivers_finish(struct receivers *to);
/* Takes the words that are erased out of what travels of the log that this node writes now, where
 * its keys/ are behind this epoch: new batches, and keys/ begun anew, in the store. *begun: so it
 * was. In an open transaction. */
int station_erase_log(const struct yz_station *st, const struct yz_log_row *log,
                      const struct receivers *to, int64_t epoch, bool *begun,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Likewise of a former log: of this node before it was restored, since others may hold more of that
 * branch than this one does now; at the hub also of a node that is gone. A new batch goes below
 * that log's id into the log/ that is written now, and the keys of all that still opens are kept,
 * to be wrapped in the keys/ beside it. *done: it was done before,
 * or waits until this node has back what others hold of it, and nothing is begun. Once what is not
 * done is open each one's keys/ are emptied. In an open transaction. */
int station_erase_former(const struct yz_station *st, struct yz_ledger *git,
                         const struct yz_ledger_row *ledger, const struct yz_log_row *log,
                         int64_t epoch, bool *done, struct yz_error *err) YZ_MUST_CHECK;
int station_empty_keys(const struct yz_station *st, const struct yz_log_row *log, int64_t epoch,
                       struct yz_error *err) YZ_MUST_CHECK;

/* Every keys/ tree says how many erasures it has seen; a new one, all. In an open transaction. */
int receivers_epoch(const struct yz_station *st, const struct yz_log_row *log,
                    struct yz_error *err) YZ_MUST_CHECK;
/* The keys file at a path of an own log's keys/, as it is in the store; empty: none. */
int receivers_before(const struct yz_station *st, const struct yz_log_row *log, const char *path,
                     struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;
/* Puts the key of a log's batch into the keys file at `path` of own's keys/, beside what that
 * says of other audiences, wrapped to these. In an open transaction. */
int receivers_wrap(const struct yz_station *st, const struct yz_log_row *own, const char *path,
                   const struct yz_id *log, int64_t first, enum audience audience,
                   const unsigned char key[YZ_BATCH_KEY_LEN], const struct yz_key *to, size_t n,
                   struct yz_error *err) YZ_MUST_CHECK;
/* Wraps keys that are kept of a log's earlier batches, which were wrapped to others, to these, into
 * the keys/ branch of log `keys`, its own or the one in whose place this is; in an open
 * transaction. *more is set when that was not yet all. */
int receivers_rewrap(const struct receivers *to, const struct yz_station *st,
                     const struct yz_log_row *log, const struct yz_id *keys, bool *more,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Wraps keys of other nodes' batches, and of own ones whose key is not kept, to those of these
 * who lack one, into this node's own keys/ branch (share.c); in an open transaction. *more as
 * above. */
int receivers_share(const struct receivers *to, const struct yz_station *st,
                    const struct yz_ledger_row *ledger, bool *more,
                    struct yz_error *err) YZ_MUST_CHECK;

/* They are to be gone through again from the beginning: what they were given is gone with the
 * keys/ branch. In an open transaction. */
int receivers_share_anew(const struct yz_station *st, const struct yz_ledger_row *ledger,
                         struct yz_error *err) YZ_MUST_CHECK;

#endif
