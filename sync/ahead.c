/* Looked at ahead: while the records of one segment are stored, a thread checks the signatures of
 * the next, which take a third of an intake, and parses what is well signed. It is handed bytes and
 * gives back what it found, and touches nothing else; for other bytes, or without a thread or a
 * second core, all that is done where it is needed. */
#include "intake.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

enum { STACK = 256 * 1024 };

struct ahead {
  pthread_t thread;
  bool waited;
  struct yz_buf bytes;
  struct yz_segment segment;
  bool good[YZ_MAX_SEGMENT_RECORDS];
  struct yz_members members[YZ_MAX_SEGMENT_RECORDS];
};

/* What cannot be parsed is looked at again, and refused, where it is taken. */
static void look(struct ahead *a, size_t i) {
  const struct yz_record *r = &a->segment.records[i];

  a->good[i] = yz_record_signed(r, &a->segment.ids[i]);
  if (a->good[i] && yz_record_parse(r->bytes, r->len, &a->members[i], NULL))
    a->members[i] = (struct yz_members){0};
}

static void *check(void *arg) {
  struct ahead *a = arg;
  const char *rule;

  if (yz_segment_read((char *)a->bytes.data, a->bytes.len, &a->segment, &rule, NULL)) return NULL;
  for (size_t i = 0; i < a->segment.n; i++) look(a, i);
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

static void *wait_for(struct ahead *a) {
  void *done = NULL;

  if (!a->waited && pthread_join(a->thread, &done)) done = NULL;
  a->waited = true;
  return done;
}

bool ahead_knows(struct ahead *a, const struct yz_buf *bytes) {
  return a && wait_for(a) && bytes->len == a->bytes.len &&
         memcmp(bytes->data, a->bytes.data, bytes->len) == 0;
}

bool ahead_signed(struct ahead *a, size_t i, struct yz_members *out) {
  *out = a->members[i];
  a->members[i].json = NULL;
  return a->good[i];
}

void ahead_end(struct ahead *a) {
  if (!a) return;
  (void)wait_for(a);
  for (size_t i = 0; i < YZ_MAX_SEGMENT_RECORDS; i++) yz_members_finish(&a->members[i]);
  yz_buf_finish(&a->bytes);
  free(a);
}
