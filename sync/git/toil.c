/* How long git may work at putting together what in a pack is told by differences. Of one whose
 * base has not been put together yet libgit2 looks again at each, as often as one more is found:
 * where each stands before its base that is the square of their number. What reading the pack took
 * is known by then, on this machine; putting it together takes of what anyone writes less than
 * that. */
#include <sys/resource.h>

#include "sync/git/git.h"

enum { TIMES = 8 };
static const int64_t FREE = 1000000; /* microseconds */

/* Of this thread's work, not of time: whoever waits for a disk, or for others, works no longer. */
static int64_t work_us(void) {
  struct rusage u = {0};
  (void)getrusage(RUSAGE_THREAD, &u);
  return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec +
         u.ru_stime.tv_usec;
}

void yz_toil_begin(struct yz_toil *t) {
  *t = (struct yz_toil){.begun = work_us()};
}

void yz_toil_turn(struct yz_toil *t) {
  t->turned = work_us();
}

bool yz_toil_is_over(struct yz_toil *t) {
  if (t->turned == 0) return false;
  t->over = t->over || work_us() - t->turned > FREE + TIMES * (t->turned - t->begun);
  return t->over;
}

int yz_toil_on_progress(const git_indexer_progress *stats, void *toil) {
  (void)stats;
  return yz_toil_is_over(toil) ? GIT_EUSER : 0;
}

int yz_toil_fail(struct yz_error *err) {
  return yz_fail(err, YZ_E_LIMIT,
                 YZ_N_("What came is tangled: reading it would take too long. Nothing of it was "
                       "taken. Look at who wrote it."),
                 NULL);
}
