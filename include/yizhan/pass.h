/* Passes: how a node shows at the hub's door, over HTTPS, that it is the one that the
 * roster knows. FORMAT.md §16.
 *
 * A pass is made of the node's box secret and the hub's box key and looked at with
 * the hub's box secret and the node's box key, so there is nothing to enrol and
 * nothing to store. Who is not in the roster yet shows beside it that it holds an
 * invitation. */
#ifndef YIZHAN_PASS_H
#define YIZHAN_PASS_H

#include <yizhan/station.h>

enum { YZ_PASS_TEXT = 4 * YZ_HASH_HEX + 3 + 1 };

/* At a village: the pass for a ledger that it has joined, as text; with the epoch that is known
 * here where it is given as -1. YZ_E_KEY. */
int yz_pass_make(const struct yz_station *st, const struct yz_ledger_row *ledger, int64_t epoch,
                 char out[static YZ_PASS_TEXT], struct yz_error *err) YZ_MUST_CHECK;
/* When joining, in the open transaction: keeps what yz_pass_make shows until the hub
 * has granted. */
int yz_pass_keep(const struct yz_station *st, const struct yz_invitation *invitation,
                 struct yz_error *err) YZ_MUST_CHECK;

/* At a village: does the hub's roster, as far as it has come here, name this node? */
int yz_pass_granted(const struct yz_station *st, const struct yz_id *ledger, bool *granted,
                    struct yz_error *err) YZ_MUST_CHECK;

/* At a hub: does this text let a node in to that ledger? Gives the node. YZ_E_REFUSED (err
 * untouched): no; nothing is said of why. */
int yz_pass_check(const struct yz_station *st, const struct yz_id *ledger, const char *text,
                  size_t len, struct yz_key *node, struct yz_error *err) YZ_MUST_CHECK;
/* Of a text that does not: would it, with an epoch not far from that of now? Then *epoch is that of
 * now, which is no secret; otherwise YZ_E_REFUSED as well. */
int yz_pass_epoch(const struct yz_station *st, const struct yz_id *ledger, const char *text,
                  size_t len, int64_t *epoch, struct yz_error *err) YZ_MUST_CHECK;
/* At a hub, in an open transaction: begins the next epoch in a ledger; passes made so far hold no
 * more there. */
int yz_pass_renew(const struct yz_station *st, const struct yz_id *ledger,
                  struct yz_error *err) YZ_MUST_CHECK;
/* At a hub: may a node that was let in push to the branches of this log? Its own, what is not
 * known here yet, and what a hub that was restored from a backup has lost of its own. */
enum yz_may_push { YZ_MAY_NOT, YZ_MAY_GO_ON, YZ_MAY_BEGIN /* a log that is not known here */ };
int yz_pass_may_push(const struct yz_station *st, const struct yz_id *ledger,
                     const struct yz_key *node, const struct yz_id *log, enum yz_may_push *may,
                     struct yz_error *err) YZ_MUST_CHECK;

#endif
