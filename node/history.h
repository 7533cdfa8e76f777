/* Contacts that were made, over a link or by a stick, by whichever process: DIR/contacts.log, a
 * line of JSON each, {"kind", "began_ms", "ended_ms", "said"}, without words of people and without
 * secrets. At HISTORY_MAX bytes it is put aside as contacts.log.1. For people: nothing rests on it,
 * and where it cannot be written the contact goes on all the same. */
#ifndef YIZHAN_NODE_HISTORY_H
#define YIZHAN_NODE_HISTORY_H

#include <jansson.h>
#include <yizhan/error.h>
#include <yizhan/world.h>

enum { HISTORY_MAX = 512 * 1024, HISTORY_LINE = 16 * 1024 };

/* One that ended now. kind: "link", "write", "read", "answer" or "join"; said: what came of it, as
 * the command says it with --json (stolen; NULL, and what is longer than a line may be: nothing).
 */
void history_note(const char *dir, const struct yz_world *world, const char *kind, int64_t began_ms,
                  json_t *said);
/* {"error": {"code", "message", "subject"}}, the message as it stands in the sources. NULL: no
 * memory. */
json_t *history_error(const struct yz_error *err);
/* The last `most` of them, the newest first: {"kind", "began", "ended", "said"}, in a zone. NULL:
 * no memory. */
json_t *history_read(const char *dir, size_t most, int zone);

#endif
