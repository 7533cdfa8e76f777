/* How what a hub administers is told: the objects that commands print with --json and the page asks
 * for. New references; NULL when memory ran out. */
#ifndef YIZHAN_NODE_HUB_TOLD_H
#define YIZHAN_NODE_HUB_TOLD_H

#include "hub.h"

/* An entry of quarantine, without its bytes. */
json_t *told_refused(struct node *n, const struct refused_row *row);
/* Who may sign in a ledger; village and code: of the village, or of the hub for its own. */
json_t *told_member(struct node *n, const struct yz_id *ledger, const char *village,
                    const char *code, const struct yz_member *m);
/* "granted", "awaiting" or "revoked"; can be translated. */
const char *told_state(const struct yz_member *m);
/* What the township has settled last. */
const struct case_policy *told_policy(const struct township *t);
json_t *told_settings(const struct township *t);
/* Days of which it was said that they are off, or worked: [{"date", "off"}]. */
json_t *told_days(const struct township *t);
/* A node that still holds what was erased; what a village asks to be erased. */
json_t *told_erasing(const struct erasing_node *node);
int told_asked(struct node *n, const struct erasure *e, json_t **out,
               struct yz_error *err) YZ_MUST_CHECK;
/* What a PC of a village could read until now: {"cases", "records", "numbers"}. YZ_E_MEMORY. */
int told_readable(struct node *n, const struct yz_id *ledger, json_t **out,
                  struct yz_error *err) YZ_MUST_CHECK;

#endif
