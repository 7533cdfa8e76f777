/* Errors: one way to report what went wrong, to what, and what to do now.
 *
 * Every fallible function returns 0 or a negative enum yz_code and fills a
 * caller-owned struct yz_error. `message` is a static English sentence marked
 * with YZ_N_() so that the program can translate it; `subject` names the thing
 * concerned (a path, a log, a number) and is never translated. The first error
 * wins: code that cleans up after a failure passes NULL or its own struct. */
#ifndef YIZHAN_ERROR_H
#define YIZHAN_ERROR_H

#include <stddef.h>

#define YZ_MUST_CHECK __attribute__((warn_unused_result))
#define YZ_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define YZ_N_(text) text

enum yz_code {
  YZ_OK = 0,
  YZ_E_MEMORY = -1,    /* no memory left */
  YZ_E_IO = -2,        /* a file or the disk failed */
  YZ_E_FULL = -3,      /* the disk is full */
  YZ_E_FORMAT = -4,    /* bytes from outside break their format */
  YZ_E_LIMIT = -5,     /* larger, longer or deeper than a limit allows */
  YZ_E_SIGNATURE = -6, /* a signature, MAC or seal does not hold */
  YZ_E_NOT_FOUND = -7, /* no such thing */
  YZ_E_EXISTS = -8,    /* the thing is there already */
  YZ_E_REFUSED = -9,   /* the rules do not allow it */
  YZ_E_BUSY = -10,     /* another process holds the lock */
  YZ_E_NETWORK = -11,  /* the other side was not reached, or hung up */
  YZ_E_DAMAGED = -12,  /* what we keep is not what we wrote */
  YZ_E_VERSION = -13,  /* written by a newer program */
  YZ_E_KEY = -14,      /* no key, wrong key or wrong passphrase */
  YZ_E_INPUT = -15,    /* what the user gave cannot be used */
  YZ_E_INTERNAL = -16  /* a fault of ours */
};

struct yz_error {
  enum yz_code code;
  const char *message; /* static, translatable; NULL when there was no error */
  char subject[256];   /* what it concerns; "" if nothing */
};

/* Fills *err (if not NULL and not yet filled) and returns code, so that a
 * caller can write `return yz_fail(err, YZ_E_IO, YZ_N_("…"), "%s", path);`.
 * subject_format may be NULL. A subject that is too long is cut between two
 * characters; its control characters, and bytes that are no UTF-8, become '?', as it may come from
 * outside. */
int yz_fail(struct yz_error *err, enum yz_code code, const char *message,
            const char *subject_format, ...) YZ_PRINTF(4, 5);
/* yz_fail for YZ_E_MEMORY, which is the same everywhere; returns it. */
static inline int yz_no_memory(struct yz_error *err) {
  (void)yz_fail(err, YZ_E_MEMORY,
                YZ_N_("There is no memory left. Close other programs and try again."), NULL);
  return YZ_E_MEMORY;
}

/* The code's stable name for scripts, e.g. "not-found"; never translated.
 * "unknown" for a number that is no code. */
const char *yz_code_name(enum yz_code code);

#endif
