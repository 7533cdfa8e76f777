/* What a record of a known shape looks like (FORMAT.md §4, §14): exactly the members of its
 * type, each of its kind, and its content, where it can be read, likewise. Anything else is for a
 * newer version to judge: kept, without effect. Pure. */
#ifndef YIZHAN_NODE_SHAPE_H
#define YIZHAN_NODE_SHAPE_H

#include <jansson.h>
#include <stdbool.h>
#include <yizhan/types.h>

/* A member and what its value must be. NULL ends a list. */
struct shape_member {
  const char *name;
  bool (*is)(const json_t *value);
  bool required;
};

/* Kinds. */
bool shape_is_text(const json_t *value);
bool shape_is_name(const json_t *value); /* a string of 1 to YZ_MAX_NAME bytes, or sealed */
bool shape_is_bool(const json_t *value);
bool shape_is_letter(const json_t *value); /* 1 to 3 of A to Z */
bool shape_is_time(const json_t *value);   /* an integer within ±2^53 */
bool shape_is_id(const json_t *value);     /* 32 hex digits */
bool shape_is_hash(const json_t *value);   /* 64 hex digits */

/* Has the record the general members of §4 with `at`, those of what it is part of (of a case:
 * `case` and `heads`), its own, and nothing else? part, own NULL: none. */
bool shape_plain(const json_t *plain, const struct shape_member *part,
                 const struct shape_member *own);
/* Has an object exactly these members? */
bool shape_exact(const json_t *object, const struct shape_member *members);

#endif
