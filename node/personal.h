/* What looks like a number that tells who somebody is, in what people write: where it stands in
 * the wrong place, they are warned, and never refused. Pure. */
#ifndef YIZHAN_NODE_PERSONAL_H
#define YIZHAN_NODE_PERSONAL_H

#include <jansson.h>

/* PERSONAL_PHONE: a mainland mobile number (11 digits, with or without 86 before) or one of a
 * landline with its area code. PERSONAL_ID: an ID number of 18, whose birthday can be and whose
 * check digit is right (GB 11643). Digits may be full-width, with blanks, dashes, dots, brackets
 * and what is not seen between them; other digits beside it, not so parted from it, make it another
 * number. text: UTF-8.
 */
enum { PERSONAL_PHONE = 1, PERSONAL_ID = 2 };
unsigned personal_numbers(const char *text);

/* Of what a record says, each field with such a number where none belongs: a telephone number in a
 * title, which lists show, an ID number anywhere. An array of {"field", "looks_like": "telephone"
 * or "id-number"}, empty where there is none; a new reference, NULL without memory. content: NULL
 * for none. */
json_t *personal_warnings(const json_t *content);

/* A name as lists at a hub show it: its first character, of whatever script, after blanks and
 * brackets, and two stars, however long it is. NULL and "" stay as they are; else out. */
enum { PERSONAL_MASKED = 8 };
const char *personal_masked(const char *name, char out[static PERSONAL_MASKED]);

#endif
