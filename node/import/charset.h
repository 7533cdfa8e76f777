/* Files of other programs, in whatever characters they were written, as UTF-8. */
#ifndef YIZHAN_NODE_IMPORT_CHARSET_H
#define YIZHAN_NODE_IMPORT_CHARSET_H

#include <yizhan/buf.h>

/* Appends the text of a whole file to out as UTF-8, without its byte order mark:
 *
 *   1. with a mark of UTF-8 or UTF-16 (either order) it is that;
 *   2. otherwise UTF-8 where it is valid;
 *   3. otherwise GB18030 (and so GBK, GB2312), unless it is mostly valid UTF-8
 *      beyond ASCII: then it is UTF-8 that was damaged.
 *
 * The caller bounds len; out grows to at most 3 len. A byte that does not fit is
 * YZ_E_FORMAT, its line the subject ("line 12"); out then holds what came before.
 * YZ_E_INPUT where this machine cannot convert; YZ_E_MEMORY. */
int charset_to_utf8(const void *bytes, size_t len, struct yz_buf *out,
                    struct yz_error *err) YZ_MUST_CHECK;

#endif
