/* Lists inside trust records: FORMAT.md §12. Each answers false for anything
 * that is not such a list; *out is malloc'd, the caller frees. */
#ifndef YIZHAN_SYNC_LISTS_H
#define YIZHAN_SYNC_LISTS_H

#include <jansson.h>
#include <yizhan/segment.h>

enum { LIST_MAX = YZ_LIMIT(1000, 4) };
/* [[log, seq, id], …] */
bool list_places(const json_t *json, struct yz_ack_head **out, size_t *n);
/* One [log, seq, id]. */
bool list_place(const json_t *json, struct yz_ack_head *out);
/* [key, …] */
bool list_keys(const json_t *json, struct yz_key **out, size_t *n);
/* The same, for writing: new references, NULL without memory. */
json_t *list_from_places(const struct yz_ack_head *places, size_t n);
json_t *list_hex(const void *bytes, size_t n);

#endif
