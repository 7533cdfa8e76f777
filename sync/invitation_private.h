/* How an invitation is written: invitation.c, a JSON object; invitation_text.c, text. */
#ifndef YIZHAN_SYNC_INVITATION_PRIVATE_H
#define YIZHAN_SYNC_INVITATION_PRIVATE_H

#include <yizhan/roster.h>

/* How much of a url is the address, without pins behind. */
size_t invitation_address(const char *url);
/* The object that stands for a text, its members not looked at yet; NULL: it is not as it was
 * written, or there is no memory. The caller releases it. */
json_t *invitation_from_text(const char *text, size_t len);

#endif
