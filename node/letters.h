/* Letters for case numbers: which of them the logs of a ledger use, and the next one. One or
 * two of A to Z; of two the first is never A, as numbers do not write that one, so that "AB"
 * could be the village A's B. */
#ifndef YIZHAN_NODE_LETTERS_H
#define YIZHAN_NODE_LETTERS_H

#include "node.h"

enum { LETTERS_ONE = 26, LETTERS_ALL = 26 + 26 * 26 };
struct letters {
  bool used[LETTERS_ALL]; /* A is 0, Z 25, AA 26, ZZ 701 */
};

/* Those of every log of a ledger that is kept here, those that its hub named, and those that
 * invitations to it promise. hubs: also those of hubs' logs, which are none of a village's. */
int letters_mark_ledger(struct letters *l, struct node *n, const struct yz_id *ledger, bool hubs,
                        struct yz_error *err) YZ_MUST_CHECK;
/* The first one that is free: of one letter, then of two. YZ_E_LIMIT. */
int letters_next(const struct letters *l, char out[static 4], struct yz_error *err) YZ_MUST_CHECK;
/* Two letters by a log's id, the next free ones where those are in use: copies of one
 * backup do not know of each other, and of one letter there are too few. YZ_E_LIMIT. */
int letters_by_log(const struct letters *l, const struct yz_id *log, char out[static 4],
                   struct yz_error *err) YZ_MUST_CHECK;

#endif
