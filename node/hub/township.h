/* What the township settles, and how it is told: what days.c (off or worked), settings.c (days by
 * class, offices, categories), untold.c (before there is a ledger) and township.c (telling) share.
 * Everyone else finds in hub.h what there is to ask for. All in the caller's transaction. */
#ifndef YIZHAN_NODE_HUB_TOWNSHIP_H
#define YIZHAN_NODE_HUB_TOWNSHIP_H

#include "hub.h"

/* One statement of what is settled, made in the ledgers that do not have it. */
struct telling {
  struct node *n;
  const struct yz_author *author;
  const struct township *all; /* what holds in the township */
  int64_t at_ms;
  size_t told;
};
int64_t telling_now(const struct node *n);
/* Did this PC's clock lose its time? Before this program was made it was never. What is settled
 * then over something else would be in force for all that ever was. */
bool telling_lost_time(int64_t now_ms);
/* Says it in a ledger; plain gets the statement's `at`. */
int telling_tell(struct telling *t, const struct yz_id *ledger, const char *type, json_t *plain,
                 const json_t *content, struct yz_error *err) YZ_MUST_CHECK;
/* Tells every ledger what it lacks. *none: there is no ledger yet, and nothing was told.
 * YZ_E_REFUSED: the author is no administrator. */
int telling_all(struct telling *t, bool *none, struct yz_error *err) YZ_MUST_CHECK;

/* What a ledger that has this lacks of days, and of settings, is told there. Where the township's
 * names cannot be read here, nothing is said of them. Settings that are not in force yet, since
 * they were said while the clock was ahead, are said again; none over others while it lost its
 * time. */
int telling_days(struct telling *t, const struct yz_id *ledger, const struct township *has,
                 struct yz_error *err) YZ_MUST_CHECK;
int telling_settings(struct telling *t, const struct yz_id *ledger, const struct township *has,
                     struct yz_error *err) YZ_MUST_CHECK;

/* Puts the days of an object {date: off} over those that are there. */
int township_put_days(json_t *days, struct case_calendar *c, struct yz_error *err) YZ_MUST_CHECK;

/* Keeps until there is a ledger: puts members, which may be NULL, over what stands below a name
 * ("days", "settings"; "offices", "categories" each as a whole). */
int untold_add(struct node *n, const char *name, json_t *members,
               struct yz_error *err) YZ_MUST_CHECK;
int untold_forget(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

#endif
