/* A command of this program, run as a process of its own: what it does the server need not wait
 * for, and a fault in it is not the server's. */
#ifndef YIZHAN_NODE_WEB_CHILD_H
#define YIZHAN_NODE_WEB_CHILD_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>
#include <yizhan/error.h>

struct child {
  pid_t pid;  /* 0: none */
  int events; /* what it says on standard error; -1: nobody listens */
};
enum { CHILD_WORDS = 12 };
/* Starts `yizhan --dir DIR --json --lang LANG WORDS...` with the signals of a program that was just
 * started and nothing of ours open but input and output, its standard ones (-1: none). words: ended
 * by NULL, at most CHILD_WORDS of them; other users of this PC see them. YZ_E_IO: no process. */
struct child_options {
  const char *dir;
  bool english;
  const char *const *words;
  int input, output;
};
int child_start(struct child *c, const struct child_options *o, struct yz_error *err) YZ_MUST_CHECK;
/* Until it has ended: fn is told each event that it says, a line of JSON with a member "event"
 *. Who calls this waits for it then, by child_end. */
void child_follow(struct child *c, void (*fn)(void *ctx, const json_t *event), void *ctx);
/* After that. true: it ended by itself; false: something ended it. */
bool child_end(struct child *c);

#endif
