/* What people say, before it is written down: how long it may be, and when it can have been. A rule
 * for who writes (FORMAT.md §14): what others wrote longer, or for a day to come, is read all the
 * same. */
#ifndef YIZHAN_NODE_SAID_H
#define YIZHAN_NODE_SAID_H

#include "node.h"

/* Bytes of UTF-8, in which a Chinese character has three. */
enum {
  SAID_MAX_TEXT = 64 * 1024, /* text, reason, note: so that a case can be carried with its words */
  SAID_MAX_LINE = 600,       /* title, place, turn_to */
  SAID_MAX_WHOM = 300,       /* to */
  SAID_MAX_PHONE = 100,      /* phone; category, channel, urgency, resident, household: as names */
  SAID_MAX_MEMBER = 16       /* of a member's name */
};

/* The first member of a content object, or of its `fields`, that is longer than it may be. */
struct said_over {
  char name[SAID_MAX_MEMBER];
  size_t len, max;
};
bool said_over(const json_t *content, struct said_over *out);
/* YZ_E_LIMIT: names the member, how long it is and how long it may be; YZ_E_INPUT: one that is only
 * blanks. NULL: nothing is said. */
int said_check(const json_t *content, struct yz_error *err) YZ_MUST_CHECK;

/* Names in a content object and in its `fields` as tidy_name has them; one of which nothing is left
 * is not said. content: NULL, nothing is said. YZ_E_MEMORY. */
int said_tidy(json_t *content, struct yz_error *err) YZ_MUST_CHECK;

/* A name of a person or a place: one line of valid text, not blank, at most YZ_MAX_NAME bytes, and
 * such as tidy_name leaves it: two that look alike are not two people. YZ_E_INPUT. */
int said_check_name(const char *name, struct yz_error *err) YZ_MUST_CHECK;

/* Can it have been then? *wrong: NULL, or a translatable sentence that says why not: before 1900;
 * more than a day past both this node's clock and the hub's, as its newest receipt says it. A clock
 * that is surely behind (the receipt is newer by more than a day, or it stands before this program
 * was written) tells nothing: then five years past what is known are the bound. */
int said_when(struct node *n, int64_t at_ms, const char **wrong,
              struct yz_error *err) YZ_MUST_CHECK;
/* The same as an error: YZ_E_INPUT. */
int said_check_when(struct node *n, int64_t at_ms, struct yz_error *err) YZ_MUST_CHECK;

#endif
