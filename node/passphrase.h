/* Passphrases: from a file or asked on the terminal, never from the command line.
 *
 * A secret's bytes end with a zero that len counts, so that they are a string. A
 * passphrase is 1 to PASSPHRASE_MAX bytes of one line. */
#ifndef YIZHAN_NODE_PASSPHRASE_H
#define YIZHAN_NODE_PASSPHRASE_H

#include <yizhan/crypto.h>
#include <yizhan/world.h>

enum { PASSPHRASE_MAX = 1024 };

/* The first line of a file, without its end. YZ_E_INPUT when it is empty; what
 * read_file says. The caller destroys *out, which is set only on success. */
int passphrase_read(const struct yz_world *world, const char *path, struct yz_secret **out,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Asks on the terminal, without echo. prompt is shown as it is. YZ_E_INPUT when
 * there is no terminal, or the answer is empty or too long. */
int passphrase_ask(const char *prompt, struct yz_secret **out, struct yz_error *err) YZ_MUST_CHECK;
/* For a new one: asked twice, and both must be the same. */
int passphrase_ask_new(struct yz_secret **out, struct yz_error *err) YZ_MUST_CHECK;

#endif
