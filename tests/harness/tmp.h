/* Real files for tests: a temporary folder of one's own, and files in it.
 *
 *   char *dir = tmp_create();
 *   char path[TMP_PATH];
 *   tmp_join(path, dir, "key.pem");
 *   tmp_write(path, bytes, n);
 *   …
 *   tmp_destroy(dir);
 *
 * A test cannot go on where these fail, so they say why on stderr and abort. */
#ifndef YIZHAN_TESTS_TMP_H
#define YIZHAN_TESTS_TMP_H

#include <stddef.h>
#include <yizhan/buf.h>

enum { TMP_PATH = 1024 };

/* A new empty folder (0700) below $TMPDIR or /tmp; its path is the caller's,
 * to be given back by tmp_destroy. */
char *tmp_create(void);
/* Removes the folder with all that is in it, following no links, and frees
 * dir; NULL allowed. */
void tmp_destroy(char *dir);

/* dir/name. */
void tmp_join(char out[static TMP_PATH], const char *dir, const char *name);

/* Writes a file (0600), or over it what it held. */
void tmp_write(const char *path, const void *bytes, size_t n);
/* Appends all of a file to out, which the caller finishes. */
void tmp_read(const char *path, struct yz_buf *out);

#endif
