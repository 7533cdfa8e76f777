#include "tries.h"

#include <stdlib.h>
#include <string.h>
#include <yizhan/crypto.h>

enum { PLACES = 4096, FIRST_WAIT_MS = 1000, KEY = 32 };
enum { PAIRS, ADDRESSES, WORKERS, KINDS };

struct count {
  int wrong;
  bool known;                  /* of a pair: the worker came in from there */
  int64_t since, closed_until; /* ticks: when one was forgotten last */
};
struct tries {
  const struct yz_world *world;
  bool one_address;
  unsigned char key[KEY];
  pthread_mutex_t mutex;
  struct count counts[KINDS][PLACES];
};
/* The places of one try. */
struct where {
  struct count *of[KINDS];
};

struct tries *tries_create(const struct yz_world *world, bool one_address) {
  struct tries *t = calloc(1, sizeof *t);
  if (t == NULL) return NULL;
  t->world = world;
  t->one_address = one_address;
  world->random(world->ctx, t->key, sizeof t->key);
  (void)pthread_mutex_init(&t->mutex, NULL);
  return t;
}

void tries_destroy(struct tries *t) {
  if (t == NULL) return;
  (void)pthread_mutex_destroy(&t->mutex);
  free(t);
}

static struct count *place(struct tries *t, unsigned char kind, const struct client_key *from,
                           const char *worker) {
  struct yz_hash hash;
  const struct yz_part parts[] = {{t->key, sizeof t->key},
                                  {&kind, sizeof kind},
                                  {from, kind == WORKERS ? 0 : sizeof *from},
                                  {worker, kind == ADDRESSES ? 0 : strlen(worker)}};
  yz_sha256(parts, sizeof parts / sizeof *parts, &hash);
  return &t->counts[kind][(hash.bytes[0] << 8 | hash.bytes[1]) % PLACES];
}

static struct where find(struct tries *t, const struct client_key *from, const char *worker) {
  struct where w;
  for (int kind = 0; kind < KINDS; kind++) w.of[kind] = place(t, (unsigned char)kind, from, worker);
  return w;
}

static int64_t ticks(const struct tries *t) {
  return t->world->ticks_ms(t->world->ctx);
}

static void forget(struct count *c, int64_t now) {
  int64_t some = (now - c->since) / TRIES_MAX_WAIT_MS;
  c->wrong = some < c->wrong ? c->wrong - (int)some : 0;
  c->since = c->wrong > 0 ? c->since + some * TRIES_MAX_WAIT_MS : now;
}

static int64_t wait_of(const struct count *c, int64_t now) {
  return c->closed_until > now ? c->closed_until - now : 0;
}

/* Those that count here: all, or the pair alone. */
static int kinds_of(const struct tries *t, const struct where *w) {
  return t->one_address || w->of[PAIRS]->known ? 1 : KINDS;
}

int64_t tries_wait(struct tries *t, const struct client_key *from, const char *worker) {
  struct where w = find(t, from, worker);
  int64_t longest = 0;
  (void)pthread_mutex_lock(&t->mutex);
  for (int kind = 0; kind < kinds_of(t, &w); kind++) {
    int64_t wait = wait_of(w.of[kind], ticks(t));
    if (wait > longest) longest = wait;
  }
  (void)pthread_mutex_unlock(&t->mutex);
  return longest;
}

static void count_wrong(struct count *c, int allowed, int64_t now) {
  int64_t wait = FIRST_WAIT_MS;
  forget(c, now);
  c->wrong++;
  for (int i = allowed; i < c->wrong && wait < TRIES_MAX_WAIT_MS; i++) wait *= 2;
  if (wait > TRIES_MAX_WAIT_MS) wait = TRIES_MAX_WAIT_MS;
  if (c->wrong >= allowed) c->closed_until = now + wait;
}

void tries_made(struct tries *t, const struct client_key *from, const char *worker, bool well) {
  static const int allowed[KINDS] = {TRIES_FREE, TRIES_FREE_ADDRESS, TRIES_FREE_WORKER};
  struct where w = find(t, from, worker);
  (void)pthread_mutex_lock(&t->mutex);
  if (well)
    *w.of[PAIRS] = (struct count){.known = true};
  else
    for (int kind = 0; kind < kinds_of(t, &w); kind++)
      count_wrong(w.of[kind], allowed[kind], ticks(t));
  (void)pthread_mutex_unlock(&t->mutex);
}
