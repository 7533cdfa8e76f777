/* Text as people type it, or foreign tables have it, made such as records may hold. Pure. */
#ifndef YIZHAN_NODE_TIDY_H
#define YIZHAN_NODE_TIDY_H

#include <stdbool.h>

/* In place, on valid UTF-8: CR LF and CR become LF; other control characters, and
 * where there may be one line only LF and tab too, become blanks; blanks and line ends
 * around are dropped, ideographic ones too. */
void tidy_cell(char *text, bool lines);
/* A name so that two that look alike are one: as one line of tidy_cell; without what turns the
 * direction of text or hides there, but for variation selectors, as rare characters of names have
 * them; and one blank where there are several, or others that look like one. Of what it made it
 * makes the same. */
void tidy_name(char *text);
/* Would nothing be left of it as one line? */
bool tidy_is_blank(const char *text);

/* A file's name as it may be shown and saved, from valid UTF-8, at most 200 bytes of it: one line,
 * and what turns the direction of text or hides what stands there, or parts folders, becomes "_".
 * Nothing left: "-". Gives out. */
enum { TIDY_FILE = 200 + 1 };
const char *tidy_file(const char *text, char out[static TIDY_FILE]);

/* A title from a text: its first words, at most 40 characters of its first line,
 * without cutting a Latin word unless it is longer. Gives out. */
enum { TIDY_TITLE = 40 * 4 + 1 };
const char *tidy_title(const char *text, char out[static TIDY_TITLE]);

#endif
