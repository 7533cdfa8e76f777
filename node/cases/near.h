/* Do two titles say nearly the same? For offering what may be one matter; nothing is ever
 * merged by it. Blanks, marks and the case of Latin letters do not count. */
#ifndef YIZHAN_NODE_NEAR_H
#define YIZHAN_NODE_NEAR_H

#include <stdbool.h>

enum { NEAR_MAX = 200 }; /* characters of a title that are looked at */

/* At least three fifths of the pairs of neighbouring characters of both are the same (Dice's
 * measure on bigrams). Titles of fewer than two characters are near only to themselves. */
bool case_titles_near(const char *a, const char *b);

#endif
