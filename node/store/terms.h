/* Texts as the search sees them. Pure.
 *
 * fold    what people write differently becomes one: ASCII letters small,
 *         full-width forms (U+FF01 to U+FF5E) and the ideographic space as
 *         their ASCII ones, combining accents (U+0300 to U+036F) dropped.
 * name    folded, and without blanks and characters of no width: what two
 *         names are compared by.
 * index   a folded text as terms for the index: Latin words and numbers as
 *         they are; a run of any other script as its pairs of neighbours and,
 *         alone, its last character, each character as six hex digits:
 *         "abc村民证" → "abc _006751006c11 _006c118bc1… _008bc1".
 * query   what people look for, as an FTS5 expression: words apart, all of which
 *         must occur, each a run of consecutive terms, the last one open where it
 *         is a Latin word or a single character. */
#ifndef YIZHAN_NODE_STORE_TERMS_H
#define YIZHAN_NODE_STORE_TERMS_H

#include <stdbool.h>
#include <yizhan/buf.h>

enum { TERMS_MAX_QUERY = 1024, TERMS_MAX_WORDS = 32 };

/* These append to out; text is any bytes. YZ_E_MEMORY. */
int terms_fold(const char *text, size_t len, struct yz_buf *out) YZ_MUST_CHECK;
int terms_name(const char *text, size_t len, struct yz_buf *out) YZ_MUST_CHECK;
int terms_index(const char *folded, size_t len, struct yz_buf *out) YZ_MUST_CHECK;
/* From a folded text. Nothing to look for: out stays empty. YZ_E_LIMIT: more
 * than TERMS_MAX_WORDS words. */
int terms_query(const char *folded, size_t len, struct yz_buf *out) YZ_MUST_CHECK;

/* Do all words of a folded search, apart by blanks, occur in a folded text? search: at most
 * TERMS_MAX_QUERY bytes. */
bool terms_occur(const char *text, const char *search);

#endif
