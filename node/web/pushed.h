/* What a push asks for, in its first bytes. */
#ifndef YIZHAN_NODE_WEB_PUSHED_H
#define YIZHAN_NODE_WEB_PUSHED_H

#include <stdbool.h>
#include <sys/types.h>
#include <yizhan/types.h>

enum { PUSHED_MAX_BYTES = 16 * 1024, PUSHED_MAX_REFS = 64 };
/* The first bytes of a push, at most PUSHED_MAX_BYTES, as git will read them: gzip says that the
 * body is packed so (RFC 1952). How many; -1: it cannot be read, or is not packed as it says. */
ssize_t pushed_head(int body, bool gzip, char out[static PUSHED_MAX_BYTES]);
/* Reads the commands at the beginning of a git push (gitprotocol-pack(5)): of each the log
 * whose log/, keys/ or files/ branch it would move. *keys: all are of keys/. false: it is none,
 * names another ref, or asks for more than PUSHED_MAX_REFS. */
bool pushed_read(const char *bytes, size_t len, struct yz_id logs[static PUSHED_MAX_REFS],
                 size_t *n, bool *keys);

#endif
