#include "contact.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../history.h"
#include "../i18n.h"
#include "../moment.h"
#include "child.h"

enum { MAX_SAID = 64 * 1024, MAX_PAST = 20 };

struct contact {
  const char *dir;
  const struct yz_world *world;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  uint64_t version; /* of what can be seen */
  int64_t turn;
  bool closed;
  pthread_t waiter;
  bool begun, running; /* there is a waiter to be joined; it waits for the child */
  struct child child;
  int said; /* what it prints */
  enum contact_kind kind;
  int64_t began_ms, ended_ms;
  json_t *last, *progress;
  bool rounds; /* are made */
  json_t *rounds_progress;
};

struct contact *contact_create(const char *dir, const struct yz_world *world) {
  struct contact *c = calloc(1, sizeof *c);
  pthread_condattr_t monotonic;
  if (c == NULL) return NULL;
  c->dir = dir;
  c->world = world;
  c->said = -1;
  c->version = 1;
  (void)pthread_mutex_init(&c->mutex, NULL);
  (void)pthread_condattr_init(&monotonic);
  (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  (void)pthread_cond_init(&c->changed, &monotonic);
  (void)pthread_condattr_destroy(&monotonic);
  return c;
}

static void stop_locked(struct contact *c) {
  if (c->child.pid != 0) (void)kill(c->child.pid, SIGTERM);
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
  json_decref(c->progress);
  json_decref(c->rounds_progress);
  (void)pthread_cond_destroy(&c->changed);
  (void)pthread_mutex_destroy(&c->mutex);
  free(c);
}

/* --- who waits for what changes ---------------------------------------------------- */

static void change_locked(struct contact *c) {
  c->version++;
  (void)pthread_cond_broadcast(&c->changed);
}

bool contact_wait(struct contact *c, uint64_t *seen, int wait_ms) {
  int64_t until_ms = c->world->ticks_ms(c->world->ctx) + wait_ms; /* of the monotonic clock */
  const struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                                 .tv_nsec = (long)(until_ms % 1000) * 1000000};
  int rc = 0;
  (void)pthread_mutex_lock(&c->mutex);
  while (rc == 0 && c->version == *seen && !c->closed)
    rc = pthread_cond_timedwait(&c->changed, &c->mutex, &until);
  bool is = c->version != *seen;
  *seen = c->version;
  (void)pthread_mutex_unlock(&c->mutex);
  return is;
}

void contact_touch(struct contact *c) {
  (void)pthread_mutex_lock(&c->mutex);
  change_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
}

bool contact_is_closed(struct contact *c) {
  (void)pthread_mutex_lock(&c->mutex);
  bool closed = c->closed;
  (void)pthread_mutex_unlock(&c->mutex);
  return closed;
}

void contact_close(struct contact *c) {
  (void)pthread_mutex_lock(&c->mutex);
  c->closed = true;
  change_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
}

/* --- one that was asked for --------------------------------------------------------- */

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

static bool is_event(const json_t *event, const char *name) {
  return strcmp(json_string_value(json_object_get(event, "event")), name) == 0;
}

static void put(json_t **at, const json_t *event) {
  json_decref(*at);
  *at = event != NULL ? json_deep_copy(event) : NULL;
}

static void on_event(void *arg, const json_t *event) {
  struct contact *c = arg;
  if (!is_event(event, "progress")) return;
  (void)pthread_mutex_lock(&c->mutex);
  put(&c->progress, event);
  change_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
}

/* The child is taken away under the mutex, so that nobody stops another one of its number. What was
 * ended could not write of itself. */
static void *wait_for_it(void *arg) {
  struct contact *c = arg;
  child_follow(&c->child, on_event, c);
  (void)pthread_mutex_lock(&c->mutex);
  bool itself = child_end(&c->child);
  c->running = false;
  c->ended_ms = c->world->now_ms(c->world->ctx);
  if (!itself) history_note(c->dir, c->world, contact_kind_name(c->kind), c->began_ms, NULL);
  json_decref(c->last);
  c->last = read_said(c->said);
  (void)close(c->said);
  c->said = -1;
  put(&c->progress, NULL);
  c->turn++;
  change_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
  return NULL;
}

const char *contact_kind_name(enum contact_kind kind) {
  static const char *const names[] = {"link", "write", "read", "answer", "join"};
  return names[kind];
}

/* The command's own words; ended by NULL. An invitation is read from standard input: other users of
 * this PC see what programs are started with. */
static void name_command(enum contact_kind kind, const char *with,
                         const char *out[static CHILD_WORDS]) {
  size_t n = 0;
  if (kind == CONTACT_JOIN) {
    out[n++] = "join";
    out[n++] = "-";
  } else if (kind == CONTACT_LINK) {
    out[n++] = "sync";
  } else {
    out[n++] = "parcel";
    out[n++] = kind == CONTACT_WRITE ? "write" : "read";
    if (kind == CONTACT_ANSWER) out[n++] = "--reply";
    out[n++] = with;
  }
  if (kind != CONTACT_JOIN) {
    out[n++] = "--progress";
    out[n++] = "json";
  }
  out[n] = NULL;
}

/* What the child reads: the invitation, or nothing (-1). false: it cannot be had. */
static bool open_input(enum contact_kind kind, const char *with, int *out) {
  *out = -1;
  if (kind != CONTACT_JOIN) return true;
  size_t len = strlen(with);
  *out = memfd_create("invitation", MFD_CLOEXEC);
  return *out >= 0 && write(*out, with, len) == (ssize_t)len && lseek(*out, 0, SEEK_SET) == 0;
}

static int start(struct contact *c, const char *with, bool english, struct yz_error *err) {
  const char *words[CHILD_WORDS];
  int input;
  name_command(c->kind, with, words);
  int rc = open_input(c->kind, with, &input) ? 0 : YZ_E_IO;
  if (rc == 0)
    rc = child_start(
        &c->child,
        &(struct child_options){
            .dir = c->dir, .english = english, .words = words, .input = input, .output = c->said},
        err);
  if (input >= 0) (void)close(input);
  return rc;
}

static int begin_locked(struct contact *c, enum contact_kind kind, const char *with, bool english,
                        struct yz_error *err) {
  if (c->running) return kind == CONTACT_LINK && c->kind == kind ? 0 : YZ_E_BUSY;
  if (c->begun) (void)pthread_join(c->waiter, NULL);
  c->begun = false;
  c->kind = kind;
  c->said = memfd_create("contact", MFD_CLOEXEC);
  int rc = c->said >= 0 ? start(c, with, english, err) : YZ_E_IO;
  if (rc == 0) {
    c->began_ms = c->world->now_ms(c->world->ctx);
    c->running = true;
  }
  if (rc == 0 && pthread_create(&c->waiter, NULL, wait_for_it, c) != 0) {
    stop_locked(c);
    (void)child_end(&c->child);
    c->running = false;
    rc = YZ_E_IO;
  }
  c->begun = rc == 0;
  if (rc != 0 && c->said >= 0) {
    (void)close(c->said);
    c->said = -1;
  }
  change_locked(c);
  return rc;
}

int contact_begin(struct contact *c, enum contact_kind kind, const char *with, bool english,
                  struct yz_error *err) {
  (void)pthread_mutex_lock(&c->mutex);
  int rc = begin_locked(c, kind, with, english, err);
  (void)pthread_mutex_unlock(&c->mutex);
  if (rc == 0) return 0;
  if (rc == YZ_E_BUSY)
    return yz_fail(err, rc,
                   YZ_N_("Another exchange goes on: nothing was begun. Wait until it has ended, or "
                         "stop it, then ask again."),
                   NULL);
  return yz_fail(err, rc,
                 YZ_N_("The contact could not be started. Close other programs and try again."),
                 NULL);
}

/* --- what goes on by itself ----------------------------------------------------------- */

void contact_alone(struct contact *c) {
  (void)pthread_mutex_lock(&c->mutex);
  c->rounds = false;
  put(&c->rounds_progress, NULL);
  change_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
}

void contact_told(void *contact, const json_t *event) {
  struct contact *c = contact;
  bool progress = is_event(event, "progress"), ended = is_event(event, "contact");
  (void)pthread_mutex_lock(&c->mutex);
  c->rounds = true;
  put(&c->rounds_progress, progress ? event : NULL);
  c->turn += ended;
  change_locked(c);
  (void)pthread_mutex_unlock(&c->mutex);
}

/* --- saying it -------------------------------------------------------------------------- */

static json_t *or_null(json_t *value) {
  return value != NULL ? json_incref(value) : json_null();
}

static json_t *glance_locked(struct contact *c, int zone) {
  return json_pack("{s:b,s:s?,s:o,s:o,s:o,s:{s:b,s:o},s:I}", "running", (int)c->running, "kind",
                   c->begun ? contact_kind_name(c->kind) : NULL, "began",
                   moment_json(c->began_ms, zone, 0), "ended",
                   moment_json(c->running ? 0 : c->ended_ms, zone, 0), "progress",
                   or_null(c->progress), "rounds", "on", (int)c->rounds, "progress",
                   or_null(c->rounds_progress), "turn", (json_int_t)c->turn);
}

json_t *contact_glance(struct contact *c, int zone) {
  (void)pthread_mutex_lock(&c->mutex);
  json_t *state = glance_locked(c, zone);
  (void)pthread_mutex_unlock(&c->mutex);
  return state;
}

/* Errors stand in the history as in the sources, whoever made the contact. */
static void translate(json_t *value) {
  const char *name;
  json_t *member;
  size_t i;
  json_array_foreach(value, i, member) translate(member);
  json_object_foreach(value, name, member) {
    const char *message = json_string_value(json_object_get(member, "message"));
    if (strcmp(name, "error") == 0 && message != NULL && message[0] != '\0')
      (void)json_object_set_new(member, "message", json_string(_(message)));
    else
      translate(member);
  }
}

json_t *contact_state(struct contact *c, bool english, int zone) {
  json_t *past = history_read(c->dir, MAX_PAST, zone);
  if (past != NULL && !english) translate(past);
  (void)pthread_mutex_lock(&c->mutex);
  json_t *state = glance_locked(c, zone);
  json_t *said = c->running ? json_null() : or_null(c->last);
  (void)pthread_mutex_unlock(&c->mutex);
  int bad = json_object_set_new(state, "said", said);
  bad |= json_object_set_new(state, "past", past);
  if (bad == 0) return state;
  json_decref(state);
  return NULL;
}
