/* Other programs as judges: run one, without a shell, and look at what it said.
 *
 *   struct run r = {0};
 *   run(&r, NULL, (const char *[]){"git", "--version", NULL});
 *   … r.status, r.out.data, r.err.data …
 *   run_finish(&r);
 *
 * What the program leaves running in the background is not waited for. */
#ifndef YIZHAN_TESTS_RUN_H
#define YIZHAN_TESTS_RUN_H

#include <stddef.h>
#include <yizhan/buf.h>

struct run {
  int status; /* its exit status; 128 + n when signal n ended it; 127: it could not be run;
               * 126: not there (how->dir) */
  struct yz_buf out, err; /* what it wrote; data is a string, "" when there was nothing */
};

struct run_how {
  const char *dir; /* where it runs; NULL: here */
  const void *in;  /* what it reads; with in_len 0: nothing */
  size_t in_len;
  const char *const *env; /* "NAME=value" on top of ours, ended by NULL; NULL: nothing */
};

/* Runs argv[0] (looked up in PATH) and waits for its end. how may be NULL. r
 * holds only this run's output afterwards, so it can be used again and again.
 * Aborts, saying why on stderr, when the machine gives no process or file. */
void run(struct run *r, const struct run_how *how, const char *const argv[]);
void run_finish(struct run *r); /* NULL allowed; r can be used again */

#endif
