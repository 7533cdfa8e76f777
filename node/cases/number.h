/* Case numbers, said on the telephone without harm: QS3-26-0142-K.
 *
 *   number  = code [letters] "-" yy "-" counter "-" check
 *   code    = 2*8 (A-Z / 0-9), the village's
 *   letters = 1*3 (B-Z first, then A-Z): the node's; a village's first node, A, writes none
 *   yy      = two digits of the year in the township's zone
 *   counter = at least four digits, no more zeros than that needs
 *   check   = ISO 7064 MOD 37,36 over code, letters, yy and counter
 *
 * The check notices every single wrong character, and of swapped neighbours all
 * but the few that the standard lets through: fewer than 1 in 100, all of them
 * next to each other in 0-9A-Z (12 for 21). */
#ifndef YIZHAN_NODE_NUMBER_H
#define YIZHAN_NODE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_MAX = 48 };

/* Writes the number into out. letter "A" is not written. */
void number_format(char out[static NUMBER_MAX], const char *code, const char *letter, int year,
                   int64_t counter);
/* Folds what people type (full-width forms, lower case, spaces, missing or odd
 * dashes) into a number's canonical form. The village's code cannot be told from
 * its letters here, and need not be. Where dashes are missing a text can have
 * several readings that the check cannot tell apart (QS3260142K: QS3-26-0142-K,
 * QS-32-60142-K): the one that keeps most of the marks that stand there counts,
 * then the one with the shortest counter. Returns 1: it is a number and its check
 * character holds; 0: it has a number's shape but the check character is wrong
 * (out holds what was understood); -1: it is no number, or longer than 200 bytes. */
int number_parse(const char *text, size_t text_len, char out[static NUMBER_MAX]);
/* A text that reads better (it keeps more of the marks that stand there) as a number whose check
 * character was left out: that number, whole. false: it is none, out untouched. */
bool number_complete(const char *text, size_t text_len, char out[static NUMBER_MAX]);
/* Is it 2 to 8 characters of A-Z and 0-9 (folded into out, at least 9 bytes)? */
bool number_code(const char *text, char out[static 9]);
/* Could numbers of these two codes be the same (they are equal, or one is the other
 * followed by at most three letters)? */
bool number_codes_clash(const char *a, const char *b);
/* How far apart two canonical numbers are: substitutions, insertions, deletions
 * and swaps of neighbours, for offering near ones. */
int number_distance(const char *a, const char *b);

#endif
