#include "contact.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../moment.h"

enum { MAX_SAID = 64 * 1024, MAX_PAST = 20 };

struct contact {
  const char *dir;
  const struct yz_world *world;
  pthread_mutex_t mutex;
  pthread_t waiter;
  bool begun;  /* there is a waiter to be joined */
  pid_t child; /* 0: none runs */
  int said;    /* what it prints */
  enum contact_kind kind;
  int64_t began_ms, ended_ms;
  int zone; /* in which it was last told */
  json_t *last;
  json_t *past; /* an array, the newest first */
};

struct contact *contact_create(const char *dir, const struct yz_world *world) {
  struct contact *c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  c->dir = dir;
  c->world = world;
  c->said = -1;
  c->past = json_array();
  (void)pthread_mutex_init(&c->mutex, NULL);
  return c;
}

static void stop_locked(struct contact *c) {
  if (c->child != 0) (void)kill(c->child, SIGTERM);
}

void contact_stop(struct contact *c) {
  (void)pthread_mutex_lock(&c->mutex);
  stop_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
}

void contact_destroy(struct contact *c) {
  if (c == NULL) return;
  contact_stop(c);
  if (c->begun) (void)pthread_join(c->waiter, NULL);
  json_decref(c->last);
  json_decref(c->past);
  (void)pthread_mutex_destroy(&c->mutex);
  free(c);
}

/* NULL: nothing of use. */
static json_t *read_said(int fd) {
  char *bytes = malloc(MAX_SAID);
  ssize_t n = bytes != NULL ? pread(fd, bytes, MAX_SAID, 0) : -1;
  json_t *said = n > 0 ? json_loadb(bytes, (size_t)n, 0, NULL) : NULL;
  free(bytes);
  if (json_is_object(said)) return said;
  json_decref(said);
  return NULL;
}

/* The child is taken away under the mutex, so that nobody stops another one of its number. */
static void *wait_for_it(void *arg) {
  struct contact *c = arg;
  siginfo_t info;
  while (waitid(P_PID, (id_t)c->child, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
  (void)pthread_mutex_lock(&c->mutex);
  (void)waitpid(c->child, NULL, 0);
  c->child = 0;
  c->ended_ms = c->world->now_ms(c->world->ctx);
  json_decref(c->last);
  c->last = read_said(c->said);
  (void)close(c->said);
  c->said = -1;
  (void)pthread_mutex_unlock(&c->mutex);
  return NULL;
}

const char *contact_kind_name(enum contact_kind kind) {
  static const char *const names[] = {"link", "write", "read", "answer", "join"};
  return names[kind];
}

/* Keeps what came of the last one, before another begins. */
static void remember(struct contact *c) {
  json_t *said = c->last != NULL ? json_incref(c->last) : json_null();
  (void)json_array_insert_new(c->past, 0,
                              json_pack("{s:s,s:o,s:o,s:o}", "kind", contact_kind_name(c->kind),
                                        "began", moment_json(c->began_ms, c->zone, 0), "ended",
                                        moment_json(c->ended_ms, c->zone, 0), "said", said));
  (void)json_array_remove(c->past, MAX_PAST);
}

/* The command's own words; ended by NULL. An invitation is read from standard input: other users of
 * this PC see what programs are started with. */
static void name_command(enum contact_kind kind, char *with, char *out[static 5]) {
  static char sync[] = "sync", join[] = "join", parcel[] = "parcel", write[] = "write",
              read[] = "read", reply[] = "--reply", input[] = "-";
  size_t n = 0;
  if (kind == CONTACT_LINK) out[n++] = sync;
  if (kind == CONTACT_JOIN) out[n++] = join;
  if (n == 0) {
    out[n++] = parcel;
    out[n++] = kind == CONTACT_WRITE ? write : read;
    if (kind == CONTACT_ANSWER) out[n++] = reply;
    out[n++] = with;
  }
  if (kind == CONTACT_JOIN) out[n++] = input;
  out[n] = NULL;
}

/* What the child reads: the invitation, or nothing. -1: it cannot be had. */
static int open_input(enum contact_kind kind, const char *with) {
  if (kind != CONTACT_JOIN) return open("/dev/null", O_RDONLY | O_CLOEXEC);
  size_t len = strlen(with);
  int fd = memfd_create("invitation", MFD_CLOEXEC);
  if (fd < 0 || (write(fd, with, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0)) return fd;
  (void)close(fd);
  return -1;
}

/* With the signals of a program that was just started, and nothing of ours open but its output. */
static int spawn(struct contact *c, const char *with, bool english) {
  char program[] = "yizhan", dir[] = "--dir", json[] = "--json", lang[] = "--lang";
  char zh[] = "zh", en[] = "en";
  char *argv[6 + 5] = {program, dir, (char *)(uintptr_t)c->dir, json, lang, english ? en : zh};
  name_command(c->kind, (char *)(uintptr_t)with, argv + 6);
  int input = open_input(c->kind, with);
  if (input < 0) return YZ_E_IO;
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  sigset_t none;
  (void)sigemptyset(&none);
  (void)posix_spawnattr_init(&how);
  (void)posix_spawnattr_setsigmask(&how, &none);
  (void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
  (void)posix_spawn_file_actions_init(&files);
  int rc = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  if (rc == 0) rc = posix_spawn_file_actions_adddup2(&files, c->said, STDOUT_FILENO);
  if (rc == 0)
    rc = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  if (rc == 0) rc = posix_spawn(&c->child, "/proc/self/exe", &files, &how, argv, environ);
  (void)posix_spawn_file_actions_destroy(&files);
  (void)posix_spawnattr_destroy(&how);
  (void)close(input);
  if (rc != 0) c->child = 0;
  return rc == 0 ? 0 : YZ_E_IO;
}

static int begin_locked(struct contact *c, enum contact_kind kind, const char *with, bool english) {
  if (c->child != 0) return 0;
  if (c->begun) {
    (void)pthread_join(c->waiter, NULL);
    remember(c);
  }
  c->begun = false;
  c->kind = kind;
  c->said = memfd_create("contact", MFD_CLOEXEC);
  int rc = c->said >= 0 ? spawn(c, with, english) : YZ_E_IO;
  if (rc == 0 && pthread_create(&c->waiter, NULL, wait_for_it, c) != 0) {
    stop_locked(c);
    (void)waitpid(c->child, NULL, 0);
    c->child = 0;
    rc = YZ_E_IO;
  }
  if (rc == 0) {
    c->begun = true;
    c->began_ms = c->world->now_ms(c->world->ctx);
  } else if (c->said >= 0) {
    (void)close(c->said);
    c->said = -1;
  }
  return rc;
}

int contact_begin(struct contact *c, enum contact_kind kind, const char *with, bool english,
                  struct yz_error *err) {
  (void)pthread_mutex_lock(&c->mutex);
  int rc = begin_locked(c, kind, with, english);
  (void)pthread_mutex_unlock(&c->mutex);
  if (rc == 0) return 0;
  return yz_fail(err, rc,
                 YZ_N_("The contact could not be started. Close other programs and try again."),
                 NULL);
}

json_t *contact_state(struct contact *c, int zone) {
  (void)pthread_mutex_lock(&c->mutex);
  c->zone = zone;
  bool running = c->child != 0;
  json_t *said = !running && c->last != NULL ? json_incref(c->last) : json_null();
  json_t *state = json_pack(
      "{s:b,s:s?,s:o,s:o,s:o,s:O}", "running", (int)running, "kind",
      c->begun ? contact_kind_name(c->kind) : NULL, "began", moment_json(c->began_ms, zone, 0),
      "ended", moment_json(running ? 0 : c->ended_ms, zone, 0), "said", said, "past", c->past);
  (void)pthread_mutex_unlock(&c->mutex);
  return state;
}
