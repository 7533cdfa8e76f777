/* Private to sync: characters of texts from outside. */
#ifndef YZ_UTF8_H
#define YZ_UTF8_H

#include <stddef.h>

/* Length in bytes (1 to 4) of the well-formed UTF-8 sequence at text, of which `left` ≥ 1 bytes may
 * be read; 0 if there is none (RFC 3629). */
size_t yz_utf8_length(const char *text, size_t left);

#endif
