#include "rounds.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "../node.h"
#include "child.h"

enum { LOOK_MS = 15000 }; /* whether the village has joined, or the folder is free */

struct rounds {
  const char *dir;
  const struct yz_world *world;
  struct contact *contact;
  pthread_t thread;
  pthread_mutex_t mutex;
  bool ended;
  struct child child;
};

static bool has_joined(const struct rounds *r) {
  struct node n;
  if (node_open(&n, r->dir, r->world, NULL) != 0) return false;
  bool joined = !n.hub && n.ledger.joined;
  node_finish(&n);
  return joined;
}

/* Under the mutex, so that it is stopped whenever the end comes. */
static bool start(struct rounds *r) {
  static const char *const words[] = {"sync", "--watch", "--progress", "json", NULL};
  const struct child_options o = {.dir = r->dir, .words = words, .input = -1, .output = -1};
  (void)pthread_mutex_lock(&r->mutex);
  bool started = !r->ended && child_start(&r->child, &o, NULL) == 0;
  (void)pthread_mutex_unlock(&r->mutex);
  return started;
}

static void make(struct rounds *r) {
  if (!has_joined(r) || !start(r)) return;
  child_follow(&r->child, contact_told, r->contact);
  (void)pthread_mutex_lock(&r->mutex);
  (void)child_end(&r->child);
  (void)pthread_mutex_unlock(&r->mutex);
  contact_alone(r->contact);
}

static void *run(void *arg) {
  struct rounds *r = arg;
  uint64_t seen = 0;
  while (!contact_is_closed(r->contact)) {
    make(r);
    (void)contact_wait(r->contact, &seen, 0);
    (void)contact_wait(r->contact, &seen, LOOK_MS);
  }
  return NULL;
}

struct rounds *rounds_begin(const char *dir, const struct yz_world *world,
                            struct contact *contact) {
  struct rounds *r = calloc(1, sizeof *r);
  if (r == NULL) return NULL;
  *r = (struct rounds){.dir = dir, .world = world, .contact = contact, .child = {.events = -1}};
  (void)pthread_mutex_init(&r->mutex, NULL);
  if (pthread_create(&r->thread, NULL, run, r) == 0) return r;
  (void)pthread_mutex_destroy(&r->mutex);
  free(r);
  return NULL;
}

void rounds_end(struct rounds *r) {
  if (r == NULL) return;
  (void)pthread_mutex_lock(&r->mutex);
  r->ended = true;
  if (r->child.pid != 0) (void)kill(r->child.pid, SIGTERM);
  (void)pthread_mutex_unlock(&r->mutex);
  (void)pthread_join(r->thread, NULL);
  (void)pthread_mutex_destroy(&r->mutex);
  free(r);
}
