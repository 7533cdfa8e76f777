#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 4096, FIXED = 6 };

/* --- starting -------------------------------------------------------------------- */

static int give(posix_spawn_file_actions_t *files, int fd, int as, int flags) {
  return fd >= 0 ? posix_spawn_file_actions_adddup2(files, fd, as)
                 : posix_spawn_file_actions_addopen(files, as, "/dev/null", flags, 0);
}

static int spawn(struct child *c, const struct child_options *o, int errors) {
  char *argv[FIXED + CHILD_WORDS + 1] = {"yizhan", "--dir",  (char *)(uintptr_t)o->dir,
                                         "--json", "--lang", o->english ? "en" : "zh"};
  for (size_t i = 0; i < CHILD_WORDS && o->words[i] != NULL; i++)
    argv[FIXED + i] = (char *)(uintptr_t)o->words[i];
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  sigset_t none;
  (void)sigemptyset(&none);
  (void)posix_spawnattr_init(&how);
  (void)posix_spawnattr_setsigmask(&how, &none);
  (void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
  (void)posix_spawn_file_actions_init(&files);
  int rc = give(&files, o->input, STDIN_FILENO, O_RDONLY);
  if (rc == 0) rc = give(&files, o->output, STDOUT_FILENO, O_WRONLY);
  if (rc == 0) rc = give(&files, errors, STDERR_FILENO, O_WRONLY);
  if (rc == 0) rc = posix_spawn(&c->pid, "/proc/self/exe", &files, &how, argv, environ);
  (void)posix_spawn_file_actions_destroy(&files);
  (void)posix_spawnattr_destroy(&how);
  if (rc != 0) c->pid = 0;
  return rc == 0 ? 0 : YZ_E_IO;
}

int child_start(struct child *c, const struct child_options *o, struct yz_error *err) {
  int fds[2];
  *c = (struct child){.events = -1};
  int rc = pipe2(fds, O_CLOEXEC) == 0 ? 0 : YZ_E_IO;
  if (rc == 0) {
    rc = spawn(c, o, fds[1]);
    (void)close(fds[1]);
    if (rc == 0)
      c->events = fds[0];
    else
      (void)close(fds[0]);
  }
  if (rc == 0) return 0;
  return yz_fail(err, rc,
                 YZ_N_("The contact could not be started. Close other programs and try again."),
                 NULL);
}

/* --- listening ------------------------------------------------------------------- */

struct lines {
  char text[LINE];
  size_t n;
  bool cut; /* the line is too long, and left out */
};

static void tell(const char *text, size_t n, void (*fn)(void *ctx, const json_t *event),
                 void *ctx) {
  json_t *event =
      n > 0 && text[0] == '{' ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
  if (json_is_string(json_object_get(event, "event"))) fn(ctx, event);
  json_decref(event);
}

/* Reads what there is. false: there is no more. */
static bool take(int fd, struct lines *l, void (*fn)(void *ctx, const json_t *event), void *ctx) {
  ssize_t got = read(fd, l->text + l->n, LINE - l->n);
  if (got < 0) return errno == EINTR;
  if (got == 0) return false;
  l->n += (size_t)got;
  for (char *end; (end = memchr(l->text, '\n', l->n)) != NULL;) {
    size_t len = (size_t)(end - l->text);
    if (!l->cut) tell(l->text, len, fn, ctx);
    l->cut = false;
    l->n -= len + 1;
    memmove(l->text, end + 1, l->n);
  }
  if (l->n == LINE) {
    l->cut = true;
    l->n = 0;
  }
  return true;
}

static bool has_ended(pid_t pid) {
  siginfo_t info = {0};
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == pid;
}

/* By the process, not by its standard error, which something that it started may hold open. */
void child_follow(struct child *c, void (*fn)(void *ctx, const json_t *event), void *ctx) {
  struct lines l = {.n = 0};
  siginfo_t info;
  int ended = pidfd_open(c->pid, 0);
  bool open = true;
  while (ended >= 0 && !has_ended(c->pid)) {
    struct pollfd p[] = {{.fd = ended, .events = POLLIN},
                         {.fd = open ? c->events : -1, .events = POLLIN}};
    if (poll(p, 2, -1) < 0 && errno != EINTR) break;
    if (p[1].revents != 0) open = take(c->events, &l, fn, ctx);
  }
  if (ended >= 0) (void)close(ended);
  while (ended < 0 && open) open = take(c->events, &l, fn, ctx);
  while (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
  (void)fcntl(c->events, F_SETFL, O_NONBLOCK);
  while (open && take(c->events, &l, fn, ctx)) continue;
}

bool child_end(struct child *c) {
  int status = 0;
  (void)waitpid(c->pid, &status, 0);
  (void)close(c->events);
  *c = (struct child){.events = -1};
  return WIFEXITED(status);
}
