/* What tells who somebody is in people's words, where it is sealed apart (FORMAT.md §19): which
 * members of which records that is, and how a content object has it. A record's content has the
 * texts in a member of its own, `sealed`; here each stands where it would stand unsealed, with a
 * mark before it that no text of people can have, so that what is folded from it is the same for
 * who can open it and who cannot. Pure. */
#ifndef YIZHAN_NODE_SEALED_H
#define YIZHAN_NODE_SEALED_H

#include <jansson.h>
#include <stdbool.h>
#include <yizhan/buf.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

enum { SEALED_MARK = '\001' };
/* Does it stand for something that is sealed? NULL does not. */
bool sealed_is(const char *text);
bool sealed_is_value(const json_t *value);

/* Puts the texts of `sealed` in their places. What is none that this version knows stays there, so
 * that the record needs a newer one. YZ_E_MEMORY. content NULL: nothing. */
int sealed_unfold(const char *type, json_t *content) YZ_MUST_CHECK;

/* Appends to out. text: what is to be sealed, or (mark left out) opened, of the member of this
 * name. 0 or a negative code. */
typedef int (*sealed_fn)(void *arg, const char *name, const char *text, struct yz_buf *out);
/* A content with what tells who somebody is sealed by fn, a new reference; NULL where it has none.
 * What fn says, or YZ_E_MEMORY. */
int sealed_fold(const char *type, const json_t *content, sealed_fn fn, void *arg,
                json_t **out) YZ_MUST_CHECK;
/* Opens what is sealed in its places. What fn cannot open (YZ_E_KEY) is taken out, and a member
 * `sealed`: true says so. */
int sealed_open(json_t *content, sealed_fn fn, void *arg) YZ_MUST_CHECK;

#endif
