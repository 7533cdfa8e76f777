/* Who somebody is, sealed apart (FORMAT.md §19): where a worker's key lies under a passphrase,
 * names, telephone numbers, households and the keys of attachments are sealed as they are written
 * down, and nothing on the disk opens them but a worker's key, or the hub's.
 *
 * A ledger's keys for it are wrapped, by records, to the box of each worker who signs there, to the
 * hub's and to its successor's. One that somebody holds who is none of these any more seals nothing
 * new: whoever writes next makes another. */
#ifndef YIZHAN_NODE_IDENTITY_H
#define YIZHAN_NODE_IDENTITY_H

#include "node.h"

/* From now on this node reads with what it holds itself: at a hub its boxes, at a village the keys
 * of workers that are not locked. And with an opened worker's key. In memory alone. */
int identity_read_held(struct node *n, struct yz_error *err) YZ_MUST_CHECK;
int identity_read_as(struct node *n, const struct signer *who, struct yz_error *err) YZ_MUST_CHECK;

/* Wraps the keys of a ledger that can be opened here to those who lack one, in the caller's
 * transaction. who: NULL at a hub, whose own key signs. *wrote (NULL allowed): there were some. */
int identity_keep(struct node *n, const struct signer *who, const struct yz_id *ledger, bool *wrote,
                  struct yz_error *err) YZ_MUST_CHECK;
/* The same in the ledger that a village works in, in a transaction of its own where it is needed.
 */
int identity_keep_now(struct node *n, const struct signer *who, struct yz_error *err) YZ_MUST_CHECK;
/* At a hub: wraps the keys of the ledger `from`, under which something in this content is sealed,
 * to who signs in a ledger that it was carried to, in the caller's transaction. content NULL:
 * nothing.
 */
int identity_carry(struct node *n, const char *content, const struct yz_id *from,
                   const struct yz_id *ledger, struct yz_error *err) YZ_MUST_CHECK;

/* The content as it is to be written, where it has something to seal and this node seals in this
 * ledger: a new reference; else NULL. In the caller's transaction, for a key may have to be made.
 * whole: the case that a settlement is of, so that it says again what stands there; NULL: none. */
int identity_seal(struct node *n, const struct signer *who, const struct yz_id *ledger,
                  const char *type, const json_t *content, const struct case_whole *whole,
                  json_t **out, struct yz_error *err) YZ_MUST_CHECK;

#endif
