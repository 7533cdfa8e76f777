/* Who somebody is, sealed apart (FORMAT.md §19), as the store keeps and opens it: no text of it is
 * ever in the file, nor in any index. */
#ifndef YIZHAN_NODE_STORE_IDENTITY_H
#define YIZHAN_NODE_STORE_IDENTITY_H

#include "store.h"
#include <yizhan/identity.h>

/* From now on what is sealed to this box is opened where it is shown or looked for, until the store
 * is closed; in memory alone. box: copied. */
int store_read_with(struct store *s, const struct yz_secret *box,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Likewise with this key, whose record is about to be written. */
int store_keep_key(struct store *s, const unsigned char key[static YZ_BATCH_KEY_LEN],
                   struct yz_error *err) YZ_MUST_CHECK;
/* A key that one of these boxes opens; it lives as long as the store. YZ_E_NOT_FOUND: none does, or
 * as many were opened as are held at a time. */
int store_identity_key(struct store *s, const struct yz_identity_id *id,
                       const struct yz_secret **out, struct yz_error *err) YZ_MUST_CHECK;
/* Likewise, of those that a record in this ledger wraps: who names a key of another ledger does not
 * hold it for that. */
int store_ledger_key(struct store *s, const struct yz_id *ledger, const struct yz_identity_id *id,
                     const struct yz_secret **out, struct yz_error *err) YZ_MUST_CHECK;
/* To whom the keys of a ledger are wrapped, by the records that count: the key made last first, all
 * of one together. by: the worker who says so, and thus may hold the key; NULL: the hub. relied:
 * this node or the hub says so; what others wrap may be another key. */
typedef int (*store_wrap_fn)(void *arg, const struct yz_identity_id *key,
                             const struct yz_identity_id *box, const struct yz_key *by,
                             bool relied);
int store_each_wrap(struct store *s, const struct yz_id *ledger, store_wrap_fn fn, void *arg,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Is this key wrapped to anyone? What a transaction that was taken back made is not. */
int store_is_wrapped(struct store *s, const struct yz_identity_id *key, bool *is,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Are there any? ledger NULL: in any ledger. */
int store_has_wraps(struct store *s, const struct yz_id *ledger, bool *any,
                    struct yz_error *err) YZ_MUST_CHECK;
/* How many cases and households say unsealed who somebody is: written before this node sealed, or
 * by one that does not. */
int store_count_named(struct store *s, int64_t *out, struct yz_error *err) YZ_MUST_CHECK;

#endif
