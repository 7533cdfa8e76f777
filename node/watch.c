#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contact.h"
#include "links.h"
#include "reserve.h"

enum {
  SETTLE_MS = 1000, /* from a link to a road */
  GATHER_MS = 2000, /* for more of what is being recorded */
  STUCK_MS = 3000,
  APART_MS = 2000, /* from the beginning of a contact to that of the next */
  FIRST_MS = 2000,
  MOST_MS = 15 * 60 * 1000,
  NICE = 10,
  LOCK_MS = 2000 /* a child of one that was killed is gone by then */
};

struct message {
  bool ended;
  union {
    struct yz_going going;
    struct watch_word word;
  };
};

struct loop {
  const struct watch *w;
  struct links links;
  struct yz_lock lock;
  int signals, changes, answers; /* -1: none */
  pid_t contact;                 /* 0: none is under way */
  int64_t began, moved;          /* the contact; when it last got on */
  int64_t news;                  /* when a link came up while it was under way; -1 */
  int64_t next;                  /* when the next one begins */
  int64_t changed;               /* when the store was written to first; -1 */
  int64_t records;               /* that there were at the last contact */
  unsigned tries;
  bool open, told; /* the road, as the last contact had it; its answer came */
};

static int64_t now_of(const struct loop *l) {
  return l->w->world->ticks_ms(l->w->world->ctx);
}

/* --- one contact, in a child ---------------------------------------------------- */

static void send_going(void *ctx, const struct yz_going *going) {
  const struct message m = {.going = *going};
  (void)!write(*(const int *)ctx, &m, sizeof m);
}

static void fill(struct watch_word *word, const struct contact_done *d) {
  word->sent = d->got.sent;
  word->received = d->got.received;
  word->acknowledged = contact_acknowledged(d);
  word->records = d->after.records;
  word->pending = d->after.pending;
  word->quarantined = d->got.taken.quarantined;
  word->bytes_up = d->got.bytes_up;
  word->bytes_down = d->got.bytes_down;
  word->ms = d->ms;
  word->other_hub = d->other_hub;
  word->refused = d->got.refused;
}

/* Whoever works at this PC comes first. Not last of all, though: a writer that is never let on
 * would hold the store, for which the others wait. */
static void step_back(void) {
  enum { OF_PROCESS = 1, BEST_EFFORT = 2 << 13, LEAST = 7 };
  (void)setpriority(PRIO_PROCESS, 0, NICE);
  (void)syscall(SYS_ioprio_set, OF_PROCESS, 0, BEST_EFFORT | LEAST);
}

static _Noreturn void child(const struct loop *l, int answers, pid_t parent) {
  struct message m = {.ended = true};
  struct contact_done done = {.ms = 0};
  struct node n;
  sigset_t none;
  (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
  (void)sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, NULL);
  if (getppid() != parent) _exit(1);
  step_back();
  m.word.rc = node_open(&n, l->w->dir, l->w->world, &m.word.err);
  if (m.word.rc == 0) {
    m.word.rc = contact_make(&n, &(struct yz_told){send_going, &answers}, &done, &m.word.err);
    fill(&m.word, &done);
    yz_taken_finish(&done.got.taken);
    node_finish(&n);
    reserve_keep(l->w->world, l->w->dir);
  }
  (void)!write(answers, &m, sizeof m);
  _exit(0);
}

static void begin(struct loop *l) {
  int fds[2];
  pid_t parent = getpid();
  l->began = l->moved = now_of(l);
  l->next = l->began + FIRST_MS; /* where it can't begin */
  l->news = -1;
  l->told = false;
  if (pipe2(fds, O_CLOEXEC) != 0) return;
  pid_t pid = fork();
  if (pid == 0) child(l, fds[1], parent);
  (void)close(fds[1]);
  if (pid > 0) {
    l->contact = pid;
    l->answers = fds[0];
  } else {
    (void)close(fds[0]);
  }
}

static void stop(struct loop *l) {
  if (l->contact == 0) return;
  (void)kill(l->contact, SIGTERM);
  while (waitpid(l->contact, NULL, 0) < 0 && errno == EINTR) continue;
  (void)close(l->answers);
  l->contact = 0;
  l->answers = -1;
}

/* --- when the next one is --------------------------------------------------------- */

static int64_t about(const struct loop *l, int64_t ms) {
  uint32_t chance;
  l->w->world->random(l->w->world->ctx, &chance, sizeof chance);
  return ms / 2 + (int64_t)((double)ms * chance / UINT32_MAX);
}

static void wait_for(struct loop *l, int64_t ms) {
  l->next = now_of(l) + ms;
  l->w->waits(l->w->ctx, ms);
}

static void wait_longer(struct loop *l) {
  int64_t ms = FIRST_MS;
  for (unsigned i = 0; i < l->tries && ms < MOST_MS; i++) ms *= 2;
  l->tries++;
  wait_for(l, about(l, ms < MOST_MS ? ms : MOST_MS));
}

/* Something happened that makes a contact worth while. */
static void come_soon(struct loop *l, int64_t ms) {
  int64_t at = now_of(l) + ms;
  if (at < l->began + APART_MS) at = l->began + APART_MS;
  l->tries = 0;
  if (at < l->next) wait_for(l, at - now_of(l));
}

static void drop_changes(struct loop *l) {
  char room[4096];
  while (l->changes >= 0 && read(l->changes, room, sizeof room) > 0) continue;
  l->changed = -1;
}

/* What was written may be records. Opening the store can change its files, too. */
static void look_for_work(struct loop *l) {
  struct yz_standing s = {0};
  struct node n;
  drop_changes(l);
  if (!l->open || node_open(&n, l->w->dir, l->w->world, NULL) != 0) return;
  int rc = yz_standing(&n.station, &n.ledger, &s, NULL);
  node_finish(&n);
  drop_changes(l);
  if (rc == 0 && s.records > l->records) come_soon(l, 0);
}

static void take_word(struct loop *l, const struct watch_word *word) {
  l->told = true;
  l->w->ended(l->w->ctx, word);
  l->open = word->rc == 0;
  if (word->rc == 0) l->records = word->records;
  if (word->rc != 0 || word->pending > 0) {
    wait_longer(l);
  } else {
    l->tries = 0;
    wait_for(l, about(l, MOST_MS));
  }
}

static void end_contact(struct loop *l) {
  bool news = l->news >= 0;
  stop(l);
  if (!l->told) { /* killed, or out of memory */
    l->open = false;
    wait_longer(l);
  }
  if (news && !l->open) come_soon(l, SETTLE_MS);
  look_for_work(l);
}

static void take_answer(struct loop *l) {
  struct message m;
  ssize_t got = read(l->answers, &m, sizeof m);
  if (got < 0 && errno == EINTR) return;
  if (got != sizeof m) {
    end_contact(l);
    return;
  }
  l->moved = now_of(l);
  if (m.ended)
    take_word(l, &m.word);
  else
    l->w->going(l->w->ctx, &m.going);
}

/* --- what happens ------------------------------------------------------------------ */

static void take_news(struct loop *l) {
  unsigned news = links_read(&l->links);
  if (news == LINKS_NOTHING) return;
  if (l->contact != 0)
    l->news = now_of(l);
  else if ((news & LINKS_UP) != 0 || !l->open)
    come_soon(l, SETTLE_MS);
}

/* Is the store written to? By name: its log lies beside it. */
static void take_changes(struct loop *l) {
  static const char store[] = "yizhan.db";
  union {
    struct inotify_event event;
    char bytes[8192];
  } room;
  ssize_t got = read(l->changes, &room, sizeof room);
  for (ssize_t at = 0; at + (ssize_t)sizeof room.event <= got;) {
    const struct inotify_event *e = (const void *)(room.bytes + at);
    if (e->len > 0 && strncmp(e->name, store, sizeof store - 1) == 0 && l->changed < 0)
      l->changed = now_of(l);
    at += (ssize_t)(sizeof *e + e->len);
  }
  if (l->contact != 0) l->changed = -1; /* it writes itself */
}

static void take_time(struct loop *l) {
  int64_t now = now_of(l);
  if (l->contact != 0 && l->news >= 0 && now >= l->news + STUCK_MS) {
    bool stuck = l->moved <= l->news;
    l->news = -1;
    if (stuck) {
      stop(l);
      drop_changes(l);
      begin(l);
    }
  }
  if (l->contact == 0 && l->changed >= 0 && now >= l->changed + GATHER_MS) look_for_work(l);
  if (l->contact == 0 && now >= l->next) begin(l);
}

static int64_t earlier(int64_t a, int64_t b) {
  return a < b ? a : b;
}

static int wait_ms(const struct loop *l) {
  int64_t at = INT64_MAX;
  if (l->contact != 0 && l->news >= 0) at = l->news + STUCK_MS;
  if (l->contact == 0) at = l->next;
  if (l->contact == 0 && l->changed >= 0) at = earlier(at, l->changed + GATHER_MS);
  int64_t left = at - now_of(l);
  return at == INT64_MAX ? -1 : left < 0 ? 0 : left > MOST_MS ? MOST_MS : (int)left;
}

/* Until a signal comes, or whoever reads of it is gone. */
static int turn(struct loop *l, struct yz_error *err) {
  for (;;) {
    struct pollfd p[] = {{.fd = l->signals, .events = POLLIN},
                         {.fd = l->links.fd, .events = POLLIN},
                         {.fd = l->changes, .events = POLLIN},
                         {.fd = l->answers, .events = POLLIN},
                         {.fd = l->w->reader}};
    if (poll(p, sizeof p / sizeof *p, wait_ms(l)) < 0 && errno != EINTR)
      return yz_fail(err, YZ_E_IO, YZ_N_("The kernel does not let this process wait."), "%s",
                     strerror(errno));
    if (p[0].revents != 0 || (p[4].revents & (POLLERR | POLLHUP)) != 0) return 0;
    if (p[1].revents != 0) take_news(l);
    if (p[2].revents != 0) take_changes(l);
    if (p[3].revents != 0) take_answer(l);
    take_time(l);
  }
}

static int set_up(struct loop *l, struct yz_error *err) {
  char *path = NULL;
  struct yz_error why = {0};
  sigset_t ends;
  if (asprintf(&path, "%s/watch.lock", l->w->dir) < 0) return yz_no_memory(err);
  int rc = yz_lock_acquire(&l->lock, path, LOCK_MS, &why);
  if (rc == YZ_E_BUSY)
    (void)yz_fail(err, rc, YZ_N_("Another yizhan watches for a road here already."), "%s", path);
  else if (rc != 0)
    (void)yz_fail(err, rc, why.message, "%s", why.subject);
  free(path);
  if (rc != 0) return rc;
  (void)sigemptyset(&ends);
  (void)sigaddset(&ends, SIGINT);
  (void)sigaddset(&ends, SIGTERM);
  (void)sigprocmask(SIG_BLOCK, &ends, NULL);
  l->signals = signalfd(-1, &ends, SFD_CLOEXEC);
  l->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (l->changes >= 0) (void)!inotify_add_watch(l->changes, l->w->dir, IN_MODIFY);
  links_open(&l->links);
  if (l->signals >= 0) return 0;
  return yz_fail(err, YZ_E_IO, YZ_N_("No further file can be opened. Close other programs."), NULL);
}

int watch_run(const struct watch *w, struct yz_error *err) {
  struct loop l = {.w = w,
                   .links = {.fd = -1},
                   .lock = {-1},
                   .signals = -1,
                   .changes = -1,
                   .answers = -1,
                   .news = -1,
                   .changed = -1};
  int rc = set_up(&l, err);
  if (rc == 0) {
    begin(&l);
    rc = turn(&l, err);
  }
  stop(&l);
  links_close(&l.links);
  if (l.changes >= 0) (void)close(l.changes);
  if (l.signals >= 0) (void)close(l.signals);
  yz_lock_release(&l.lock);
  return rc;
}
