/* What the hub wrote while it took in a push goes home in the push's own response: the receipt, and
 * whatever else there is (FORMAT.md §16). */
#ifndef YIZHAN_NODE_WEB_REPLY_H
#define YIZHAN_NODE_WEB_REPLY_H

#include "../node.h"
#include "web.h"

/* Where the hub's own branches of a ledger stand. */
struct reply_marks {
  struct yz_ledger_row ledger;
  struct yz_moved branches[2];
  bool asked; /* who pushes understands a reply */
};
void reply_mark(struct node *hub, const struct web_request *r, const struct yz_ledger_row *ledger,
                struct reply_marks *m);
/* Adds to git's answer what was written since. Where there is nothing, too much, or something goes
 * wrong the answer stays as it is: the next contact fetches. */
void reply_add(struct node *hub, struct reply_marks *m, struct web_answer *a);

#endif
