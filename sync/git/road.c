/* The road's child and the watchdog over it.
 *
 * libgit2 knows no timeouts, and what it reads comes from outside. So a forked
 * child does the work; it writes a byte into a pipe when there is progress and a
 * last one at its end, and leaves its result in memory that both share. When no
 * byte comes for stall_ms the parent kills it. What a killed child leaves behind
 * is swept. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/git/git.h"

enum { STALL_MS = 60000, MAX_MEMORY = 512 * 1024 * 1024 };
static const char moved = '.', ended = 'E';

struct yz_report {
  int pipe;
  _Atomic int64_t up, down;         /* of the connection that is open */
  _Atomic int64_t all_up, all_down; /* of those before it */
  _Atomic int64_t passed_over, files_news;
  _Atomic bool replied;
  _Atomic bool kept, same;
  _Atomic bool has_epoch;
  _Atomic int64_t epoch;
  bool done;
  bool silent; /* the parent's word */
  int rc;
  struct yz_error err; /* message: a string of the program, the same in both */
  struct yz_push pushes[];
};

typedef int (*work_fn)(struct yz_transfer *t, struct yz_error *err);

void yz_transfer_tick(void *transfer) {
  struct yz_transfer *t = transfer;
  (void)!write(t->report->pipe, &moved, 1);
}

void yz_transfer_count(struct yz_transfer *t, int64_t up, int64_t down) {
  atomic_store(&t->report->up, up);
  atomic_store(&t->report->down, down);
}

void yz_transfer_replied(struct yz_transfer *t) {
  atomic_store(&t->report->replied, true);
}

void yz_transfer_epoch(struct yz_transfer *t, int64_t epoch) {
  atomic_store(&t->report->epoch, epoch);
  atomic_store(&t->report->has_epoch, true);
}

void yz_transfer_settle(struct yz_transfer *t) {
  atomic_fetch_add(&t->report->all_up, atomic_exchange(&t->report->up, 0));
  atomic_fetch_add(&t->report->all_down, atomic_exchange(&t->report->down, 0));
}

void yz_transfer_kept(struct yz_transfer *t) {
  atomic_store(&t->report->kept, true);
}

void yz_transfer_same(struct yz_transfer *t) {
  atomic_store(&t->report->same, true);
}

bool yz_transfer_is_fault(int rc) {
  return rc == YZ_E_LIMIT || rc == YZ_E_FORMAT || rc == YZ_E_DAMAGED || rc == YZ_E_NOT_FOUND;
}

void yz_transfer_pass_over(struct yz_transfer *t, struct yz_reflist *theirs, size_t i) {
  free(theirs->refs[i].name);
  theirs->n--;
  memmove(&theirs->refs[i], &theirs->refs[i + 1], (theirs->n - i) * sizeof *theirs->refs);
  atomic_fetch_add(&t->report->passed_over, 1);
}

int yz_transfer_part(struct yz_transfer *t, struct yz_reflist *theirs, struct yz_error *err) {
  size_t kept = 0;
  int64_t news = 0;
  int rc = yz_git_forget(t->l, theirs, true, err);
  if (rc < 0) return rc;
  for (size_t i = 0; i < theirs->n; i++) {
    bool files = yz_git_is_files(theirs->refs[i].name);
    if (files == t->files) {
      theirs->refs[kept++] = theirs->refs[i];
      continue;
    }
    news += files && yz_git_is_news(t->l, &theirs->refs[i]);
    free(theirs->refs[i].name);
  }
  theirs->n = kept;
  atomic_store(&t->report->files_news, news);
  return 0;
}

/* The pages of memory that we hold (proc(5), statm, sixth word). */
static rlim_t pages_held(void) {
  char line[256] = "";
  FILE *f = fopen("/proc/self/statm", "re");
  if (f == NULL) return 0;
  char *at = fgets(line, sizeof line, f);
  (void)fclose(f);
  for (int i = 0; at != NULL && i < 5; i++) {
    at = strchr(at, ' ');
    if (at != NULL) at++;
  }
  return at == NULL ? 0 : strtoul(at, NULL, 10);
}

/* What a hostile pack may make us write and hold, on top of what we hold. */
static void limit_child(void) {
  const struct rlimit file = {YZ_GIT_MAX_RECEIVED, YZ_GIT_MAX_RECEIVED};
  rlim_t held = pages_held();
  (void)setrlimit(RLIMIT_FSIZE, &file);
  if (held == 0) return;
  held = held * (rlim_t)sysconf(_SC_PAGESIZE) + MAX_MEMORY;
  const struct rlimit data = {held, held};
  (void)setrlimit(RLIMIT_DATA, &data);
}

static void settle_child(void) {
  static const int ends_us[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
  for (size_t i = 0; i < sizeof ends_us / sizeof *ends_us; i++) (void)signal(ends_us[i], SIG_DFL);
  (void)signal(SIGPIPE, SIG_IGN);
  (void)signal(SIGXFSZ, SIG_IGN);
  yz_wire_close_inherited();
  limit_child();
}

static _Noreturn void child(struct yz_transfer *t, pid_t parent, work_fn work) {
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  settle_child();
  t->report->rc = work(t, &t->report->err);
  t->report->done = true;
  (void)!write(t->report->pipe, &ended, 1);
  _exit(0);
}

static void tell(const struct yz_road *road, const struct yz_report *r) {
  if (road->moved != NULL)
    road->moved(road->moved_ctx, road->bytes_up + atomic_load(&r->all_up) + atomic_load(&r->up),
                road->bytes_down + atomic_load(&r->all_down) + atomic_load(&r->down));
}

/* Until the child has ended (true) or stalled (false). */
static bool watch(int fd, const struct yz_road *road, const struct yz_report *r) {
  int64_t stall_ms = road->stall_ms > 0 ? road->stall_ms : STALL_MS;
  struct pollfd p = {.fd = fd, .events = POLLIN};
  char bytes[64];
  for (;;) {
    int n = poll(&p, 1, stall_ms > INT_MAX ? INT_MAX : (int)stall_ms);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    ssize_t got = read(fd, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0 || memchr(bytes, ended, (size_t)got) != NULL) return true;
    tell(road, r);
  }
}

static int outcome(const struct yz_report *r, bool stalled, const char *url, struct yz_error *err) {
  if (r->done && r->rc == 0) return 0;
  if (r->done) return yz_fail(err, r->err.code, r->err.message, "%s", r->err.subject);
  if (stalled)
    return yz_fail(err, YZ_E_NETWORK,
                   YZ_N_("The other side went silent. What has arrived is kept; try again later."),
                   "%.200s", url);
  return yz_fail(err, YZ_E_NETWORK, YZ_N_("The exchange was broken off. Try again."), "%.200s",
                 url);
}

static int run_child(struct yz_transfer *t, work_fn work, const struct yz_road *road,
                     struct yz_error *err) {
  int fds[2];
  assert(t->report != NULL);
  if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0)
    return yz_fail(err, YZ_E_IO, YZ_N_("No further file can be opened. Close other programs."),
                   NULL);
  pid_t parent = getpid(), pid = fork();
  t->report->pipe = fds[1];
  if (pid == 0) {
    t->report->pipe = fds[1];
    child(t, parent, work);
  }
  (void)close(fds[1]);
  bool stalled = pid > 0 && !watch(fds[0], road, t->report);
  (void)close(fds[0]);
  if (pid < 0)
    return yz_fail(err, YZ_E_MEMORY,
                   YZ_N_("No further process can be started. Close other programs."), NULL);
  t->report->silent = stalled;
  if (stalled) (void)kill(pid, SIGKILL);
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  return outcome(t->report, stalled, t->to->path != NULL ? t->to->path : t->to->url, err);
}

static int map_report(struct yz_transfer *t, struct yz_push *pushes, size_t n, size_t *size,
                      struct yz_error *err) {
  *size = sizeof *t->report + n * sizeof *pushes;
  void *p = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return yz_git_no_memory(err);
  t->report = p;
  t->pushes = t->report->pushes;
  t->n = n;
  for (size_t i = 0; i < n; i++) {
    t->pushes[i] = pushes[i];
    t->pushes[i].rejected = false;
    t->pushes[i].why[0] = '\0';
  }
  return 0;
}

static int travel(struct yz_ledger *l, struct yz_road *road, struct yz_push *pushes, size_t n,
                  work_fn local, work_fn remote, struct yz_error *err) {
  struct yz_address to;
  struct yz_transfer t = {.l = l,
                          .to = &to,
                          .pass = road->pass,
                          .seed = road->seed,
                          .files = road->files,
                          .seen = road->pass != NULL && road->passed_over == 0,
                          .gzip = road->same};
  size_t size = 0;
  assert(n == 0 || pushes != NULL);
  int rc = yz_address_parse(road->url, &to, err);
  if (rc == 0) rc = map_report(&t, pushes, n, &size, err);
  if (rc < 0) goto done;
  rc = run_child(&t, to.path != NULL ? local : remote, road, err);
  yz_transfer_settle(&t);
  road->bytes_up += atomic_load(&t.report->all_up);
  road->bytes_down += atomic_load(&t.report->all_down);
  road->passed_over += atomic_load(&t.report->passed_over);
  if (n == 0 && !road->files) road->files_news = atomic_load(&t.report->files_news);
  road->silent = t.report->silent;
  road->replied = atomic_load(&t.report->replied);
  road->kept = atomic_load(&t.report->kept);
  road->same = road->same || atomic_load(&t.report->same);
  road->has_epoch = atomic_load(&t.report->has_epoch);
  road->epoch = atomic_load(&t.report->epoch);
  for (size_t i = 0; i < n; i++) pushes[i] = t.pushes[i];
  (void)munmap(t.report, size);
  if (rc < 0) yz_git_sweep(l->path);
done:
  yz_address_finish(&to);
  return rc;
}

int yz_ledger_fetch(struct yz_ledger *l, struct yz_road *road, struct yz_error *err) {
  int rc = travel(l, road, NULL, 0, yz_transfer_local_fetch, yz_transfer_remote_fetch, err);
  /* Of a fetch that was cut something may have come, too. */
  int refreshed = git_odb_refresh(l->odb);
  return rc < 0 ? rc : refreshed < 0 ? yz_git_fail(err, refreshed, l->path) : 0;
}

int yz_ledger_push(struct yz_ledger *l, struct yz_road *road, struct yz_push *pushes, size_t n,
                   struct yz_error *err) {
  int rc = travel(l, road, pushes, n, yz_transfer_local_push, yz_transfer_remote_push, err);
  if (road->replied && git_odb_refresh(l->odb) < 0) road->replied = false;
  return rc;
}
