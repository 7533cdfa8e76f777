/* Passphrases: from a file or asked on the terminal, never from the command line.
 *
 * A secret's bytes end with a zero that len counts, so that they are a string. A
 * passphrase is 1 to PASSPHRASE_MAX bytes of one line. */
#ifndef YIZHAN_NODE_PASSPHRASE_H
#define YIZHAN_NODE_PASSPHRASE_H

#include <stdbool.h>
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

/* A recovery code: 160 random bits as eight groups of four of Crockford's 32 letters
 * and digits, which none takes for another: "7K2M-…", 39 characters and zero. */
enum { RECOVERY_CODE = 48 };
void recovery_code_make(const struct yz_world *world, char out[static RECOVERY_CODE]);
/* What people type (lower case, spaces, O for 0, I and L for 1) as it was made;
 * false when it cannot be one. */
bool recovery_code_fold(const char *text, char out[static RECOVERY_CODE]);

#endif
