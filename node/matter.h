/* The same matter from several people (并单): what a merge asks of the other case, and what may
 * be one matter with a new case. */
#ifndef YIZHAN_NODE_MATTER_H
#define YIZHAN_NODE_MATTER_H

#include "node.h"

/* Was a merged case merged, by way of others maybe, into one that was merged into it? Apart, at two
 * PCs: then nobody works on either. */
int matter_in_circle(struct node *n, const struct yz_hash *id, const struct case_view *view,
                     bool *circle, struct yz_error *err) YZ_MUST_CHECK;
/* What of a move depends on another case than its own. YZ_E_REFUSED: a merge into itself, into a
 * case of another ledger, or one that is void or merged itself; a follow-up of a merged case whose
 * matter is not resolved yet. */
int matter_check(struct node *n, const struct move *m, const struct case_whole *whole,
                 const struct yz_id *ledger, struct yz_error *err) YZ_MUST_CHECK;

enum { MATTER_DAYS = 30 };
/* Cases that may be the same matter as this one: of its household, or with nearly its title, opened
 * within MATTER_DAYS of it, among the last STORE_RECENT_MAX of all ledgers. Newest first. */
int matter_likely(struct node *n, const struct yz_hash *id, case_row_fn fn, void *arg,
                  struct yz_error *err) YZ_MUST_CHECK;
/* Likewise with one that nobody has opened yet: these are its title and household (NULL: none). */
int matter_likely_new(struct node *n, const struct yz_id *ledger, const char *title,
                      const char *household, case_row_fn fn, void *arg,
                      struct yz_error *err) YZ_MUST_CHECK;

#endif
