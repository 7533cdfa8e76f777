/* Do two titles say nearly the same? For offering what may be one matter; nothing is ever
 * merged by it. Blanks, marks and the case of Latin letters do not count. */
#ifndef YIZHAN_NODE_NEAR_H
#define YIZHAN_NODE_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEAR_MAX = 200 }; /* characters of a title that are looked at */

/* A title as it is compared with many. */
struct near_title {
  uint64_t pairs[NEAR_MAX]; /* of neighbouring characters, in order */
  size_t n;
  uint64_t among; /* a bit of each pair: most that are not among them are seen by that */
  uint32_t alone; /* where it has but one character; 0: it has more, or none */
};
void near_read(const char *title, struct near_title *out);

/* At least three fifths of the pairs of neighbouring characters of both are the same (Dice's
 * measure on bigrams). Titles of fewer than two characters are near only to themselves. */
bool near_is(const struct near_title *a, const char *b);

#endif
