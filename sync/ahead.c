/* Signatures checked ahead: while the records of one segment are stored, a thread checks those of
 * the next, which take a third of an intake. It is handed bytes and gives back which records are
 * well signed, and touches nothing else; for other bytes, or without a thread or a second core,
 * they are checked where they are needed. */
#include "intake.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

enum { STACK = 256 * 1024 };

struct ahead {
  pthread_t thread;
  struct yz_buf bytes;
  struct yz_segment segment;
  bool good[YZ_MAX_SEGMENT_RECORDS];
};

static void *check(void *arg) {
  struct ahead *a = arg;
  const char *rule;

  if (yz_segment_read((char *)a->bytes.data, a->bytes.len, &a->segment, &rule, NULL)) return NULL;
  for (size_t i = 0; i < a->segment.n; i++)
    a->good[i] = yz_record_signed(&a->segment.records[i], &a->segment.ids[i]);
  return a;
}

bool ahead_can(void) {
  cpu_set_t cores;
  return sched_getaffinity(0, sizeof cores, &cores) == 0 && CPU_COUNT(&cores) > 1;
}

/* Signals go to whom they went before. */
static int start(struct ahead *a) {
  pthread_attr_t how;
  sigset_t all, before;

  int rc = pthread_attr_init(&how);
  if (rc) return rc;
  sigfillset(&all);
  rc = pthread_attr_setstacksize(&how, STACK);
  if (!rc) rc = pthread_sigmask(SIG_SETMASK, &all, &before);
  if (!rc) {
    rc = pthread_create(&a->thread, &how, check, a);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  (void)pthread_attr_destroy(&how);
  return rc;
}

struct ahead *ahead_begin(struct yz_buf *bytes) {
  struct ahead *a = bytes->len && ahead_can() ? calloc(1, sizeof *a) : NULL;

  if (!a) return NULL;
  a->bytes = *bytes;
  if (start(a)) {
    free(a);
    return NULL;
  }
  *bytes = (struct yz_buf){0};
  return a;
}

bool ahead_end(struct ahead *a, const struct yz_buf *bytes,
               bool good[static YZ_MAX_SEGMENT_RECORDS]) {
  void *done = NULL;

  if (!a) return false;
  bool known = pthread_join(a->thread, &done) == 0 && done && bytes && bytes->len == a->bytes.len &&
               memcmp(bytes->data, a->bytes.data, bytes->len) == 0;
  if (known) memcpy(good, a->good, sizeof a->good);
  yz_buf_finish(&a->bytes);
  free(a);
  return known;
}
