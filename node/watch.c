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
#include "unused.h"
#include "when.h"

enum {
  NICE = 10,
  LONG_MS = 10000,
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
  struct when when;
  int signals, changes, answers; /* -1: none */
  pid_t contact;                 /* 0: none is under way */
  int64_t records;               /* that there were at the last contact */
  bool told;                     /* its answer came */
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
  l->told = false;
  pid_t pid = pipe2(fds, O_CLOEXEC) != 0 ? -2 : fork();
  if (pid == 0) child(l, fds[1], parent);
  if (pid != -2) (void)close(fds[1]);
  if (pid > 0) {
    l->contact = pid;
    l->answers = fds[0];
  } else if (pid == -1) {
    (void)close(fds[0]);
  }
  when_begins(&l->when, now_of(l), pid > 0);
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

static uint32_t chance_of(const struct loop *l) {
  uint32_t chance;
  l->w->world->random(l->w->world->ctx, &chance, sizeof chance);
  return chance;
}

static void tell_wait(const struct loop *l, int64_t ms) {
  if (ms >= 0) l->w->waits(l->w->ctx, ms);
}

static void drop_changes(struct loop *l) {
  char room[4096];
  while (l->changes >= 0 && read(l->changes, room, sizeof room) > 0) continue;
  l->when.changed = -1;
}

/* What was written may be records. Opening the store can change its files, too. */
static void look_for_work(struct loop *l) {
  struct yz_standing s = {0};
  struct node n;
  drop_changes(l);
  if (!l->when.open || node_open(&n, l->w->dir, l->w->world, NULL) != 0) return;
  int rc = yz_standing(&n.station, &n.ledger, &s, NULL);
  node_finish(&n);
  drop_changes(l);
  if (rc == 0 && s.records > l->records) tell_wait(l, when_work(&l->when, now_of(l)));
}

static void take_word(struct loop *l, const struct watch_word *word) {
  bool went = word->rc == 0;
  l->told = true;
  l->w->ended(l->w->ctx, word);
  if (went) l->records = word->records;
  tell_wait(l, when_said(&l->when, now_of(l), went, word->pending > 0, chance_of(l)));
}

static void end_contact(struct loop *l) {
  stop(l);
  tell_wait(l, when_ended(&l->when, now_of(l), l->told, chance_of(l)));
  look_for_work(l);
  if (when_wait_ms(&l->when, now_of(l)) > LONG_MS) unused_give_back();
}

static void take_answer(struct loop *l) {
  struct message m;
  ssize_t got = read(l->answers, &m, sizeof m);
  if (got < 0 && errno == EINTR) return;
  if (got != sizeof m) {
    end_contact(l);
    return;
  }
  when_moved(&l->when, now_of(l));
  if (m.ended)
    take_word(l, &m.word);
  else
    l->w->going(l->w->ctx, &m.going);
}

/* --- what happens ------------------------------------------------------------------ */

static void take_news(struct loop *l) {
  unsigned news = links_read(&l->links);
  if (news != LINKS_NOTHING) tell_wait(l, when_news(&l->when, now_of(l), (news & LINKS_UP) != 0));
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
    if (e->len > 0 && strncmp(e->name, store, sizeof store - 1) == 0)
      when_changed(&l->when, now_of(l));
    at += (ssize_t)(sizeof *e + e->len);
  }
}

static void take_time(struct loop *l) {
  switch (when_due(&l->when, now_of(l))) {
  case WHEN_NOTHING:
    break;
  case WHEN_LOOK:
    look_for_work(l);
    break;
  case WHEN_ANEW:
    stop(l);
    drop_changes(l);
    begin(l);
    break;
  case WHEN_BEGIN:
    begin(l);
    break;
  }
}

/* Until a signal comes, or whoever reads of it is gone. */
static int turn(struct loop *l, struct yz_error *err) {
  for (;;) {
    struct pollfd p[] = {{.fd = l->signals, .events = POLLIN},
                         {.fd = l->links.fd, .events = POLLIN},
                         {.fd = l->changes, .events = POLLIN},
                         {.fd = l->answers, .events = POLLIN},
                         {.fd = l->w->reader}};
    if (poll(p, sizeof p / sizeof *p, when_wait_ms(&l->when, now_of(l))) < 0 && errno != EINTR)
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
  struct loop l = {
      .w = w, .links = {.fd = -1}, .lock = {-1}, .signals = -1, .changes = -1, .answers = -1};
  when_init(&l.when);
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
