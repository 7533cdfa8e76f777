/* A child between two files: the request's body and the answer (CGI, RFC 3875). So it never waits
 * for the client, and is there only as long as git works. */
#include "backend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unnamed.h"

enum {
  MAX_WORK_MS = 120 * 1000,
  MAX_CPU_S = 120,
  MAX_TAKEN = 64 * 1024 * 1024, /* memory for a push: no object of ours has 4 MiB */
  MAX_GIVEN = 128 * 1024 * 1024,
  MAX_FILE = 1024 * 1024 * 1024,
  MAX_HEAD = 4096
};

/* --- the environment ------------------------------------------------------- */

enum { MAX_VARIABLES = 64 };
struct variables {
  char *list[MAX_VARIABLES + 1];
  size_t n;
  bool failed;
};

static void add(struct variables *v, const char *format, ...) YZ_PRINTF(2, 3);
static void add(struct variables *v, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (v->n == MAX_VARIABLES || vasprintf(&v->list[v->n], format, args) < 0) {
    v->failed = true;
    v->list[v->n] = NULL;
  } else {
    v->n++;
  }
  va_end(args);
}

static void variables_finish(struct variables *v) {
  for (size_t i = 0; i < v->n; i++) free(v->list[i]);
}

/* What git must keep to, whatever stands in files of this machine. */
static void add_settings(struct variables *v, bool replace) {
  const char *const settings[][2] = {{"transfer.fsckObjects", "true"},
                                     {"receive.denyDeletes", "true"},
                                     {"receive.denyNonFastForwards", replace ? "false" : "true"},
                                     {"receive.maxInputSize", "268435456"},
                                     {"receive.autogc", "false"},
                                     {"gc.auto", "0"},
                                     {"core.hooksPath", "/dev/null"},
                                     {"core.fsync", "all"},
                                     {"core.bigFileThreshold", "1m"},
                                     {"core.deltaBaseCacheLimit", "16m"},
                                     {"pack.deltaCacheSize", "16m"},
                                     {"core.packedGitWindowSize", "16m"},
                                     {"pack.windowMemory", "16m"},
                                     {"pack.threads", "1"},
                                     {"http.receivepack", "true"},
                                     {"safe.directory", "*"}};
  size_t n = sizeof settings / sizeof *settings;
  add(v, "GIT_CONFIG_NOSYSTEM=1");
  add(v, "GIT_CONFIG_GLOBAL=/dev/null");
  add(v, "GIT_CONFIG_COUNT=%zu", n);
  for (size_t i = 0; i < n; i++) {
    add(v, "GIT_CONFIG_KEY_%zu=%s", i, settings[i][0]);
    add(v, "GIT_CONFIG_VALUE_%zu=%s", i, settings[i][1]);
  }
}

static void add_request(struct variables *v, const struct backend *b) {
  const char *path = getenv("PATH");
  add(v, "PATH=%s", path == NULL ? "/usr/local/bin:/usr/bin:/bin" : path);
  add(v, "LC_ALL=C.UTF-8");
  add(v, "GIT_PROJECT_ROOT=%s", b->repository);
  add(v, "GIT_HTTP_EXPORT_ALL=1");
  add(v, "PATH_INFO=%s", b->service);
  add(v, "REQUEST_METHOD=%s", b->method);
  add(v, "QUERY_STRING=%s", b->query == NULL ? "" : b->query);
  add(v, "REMOTE_USER=%s", b->user);
  if (b->type != NULL) add(v, "CONTENT_TYPE=%s", b->type);
  if (b->body >= 0) add(v, "CONTENT_LENGTH=%lld", (long long)b->body_len);
  if (b->encoding != NULL) add(v, "HTTP_CONTENT_ENCODING=%s", b->encoding);
  if (b->protocol != NULL) add(v, "GIT_PROTOCOL=%s", b->protocol);
}

/* --- the child --------------------------------------------------------------- */

static void bound(unsigned what, rlim_t most) {
  const struct rlimit limit = {most, most};
  (void)setrlimit(what, &limit);
}

/* Only what may be done between fork and exec of a process with threads. */
static _Noreturn void become_git(int in, int out, int nowhere, rlim_t memory,
                                 char *const *environment) {
  static char git[] = "git", server[] = "http-backend";
  static char *const words[] = {git, server, NULL};
  sigset_t none;
  (void)sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, NULL);
  (void)signal(SIGPIPE, SIG_DFL);
  (void)signal(SIGXFSZ, SIG_DFL);
  (void)setpgid(0, 0);
  bound(RLIMIT_CPU, MAX_CPU_S);
  bound(RLIMIT_DATA, memory);
  bound(RLIMIT_FSIZE, MAX_FILE);
  if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
      dup2(nowhere, STDERR_FILENO) >= 0)
    (void)execvpe(git, words, environment);
  _exit(127);
}

/* Waits until it has ended, or ends it and all that it started. */
static bool ended_well(pid_t pid) {
  int fd = pidfd_open(pid, 0), status = 0, ready;
  struct pollfd p = {.fd = fd, .events = POLLIN};
  do ready = fd < 0 ? 0 : poll(&p, 1, MAX_WORK_MS);
  while (ready < 0 && errno == EINTR);
  if (ready <= 0) (void)kill(-pid, SIGKILL);
  if (fd >= 0) (void)close(fd);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return ready > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool run(int in, int out, rlim_t memory, char *const *environment) {
  int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return false;
  pid_t pid = fork();
  if (pid == 0) become_git(in < 0 ? nowhere : in, out, nowhere, memory, environment);
  (void)close(nowhere);
  return pid > 0 && ended_well(pid);
}

/* --- the answer ------------------------------------------------------------- */

/* The value of a line of the head, NULL if there is none. */
static const char *value_of(const char *head, const char *name) {
  size_t n = strlen(name);
  for (const char *at = head; at != NULL && *at != '\0'; at = strchr(at, '\n')) {
    if (*at == '\n') at++;
    if (strncasecmp(at, name, n) == 0) return at + n;
  }
  return NULL;
}

static bool read_head(int out, struct web_answer *a) {
  char head[MAX_HEAD + 1];
  ssize_t n = pread(out, head, MAX_HEAD, 0);
  off_t end = lseek(out, 0, SEEK_END);
  head[n < 0 ? 0 : n] = '\0';
  char *blank = strstr(head, "\r\n\r\n");
  if (blank == NULL || end < 0) return false;
  blank[2] = '\0';
  const char *status = value_of(head, "Status: "), *type = value_of(head, "Content-Type: ");
  a->status = status == NULL ? 200 : (unsigned)strtoul(status, NULL, 10);
  (void)snprintf(a->type, sizeof a->type, "%.*s", type == NULL ? 0 : (int)strcspn(type, "\r\n"),
                 type == NULL ? "" : type);
  a->from = blank + 4 - head;
  a->len = end - a->from;
  return a->status >= 200 && a->status <= 599;
}

void backend_run(const struct backend *b, struct web_answer *a) {
  struct variables v = {0};
  add_request(&v, b);
  add_settings(&v, b->replace);
  int out = v.failed ? -1 : unnamed_file(b->folder);
  rlim_t memory = b->push ? MAX_TAKEN : MAX_GIVEN;
  a->status = 500;
  if (out >= 0 && (b->body < 0 || lseek(b->body, 0, SEEK_SET) == 0) &&
      run(b->body, out, memory, v.list) && read_head(out, a))
    a->file = out;
  else if (out >= 0)
    (void)close(out);
  variables_finish(&v);
}
