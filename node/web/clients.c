#include "clients.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLIENTS = 1024, SOON_S = 5, LONGEST_S = 3600 };

struct spent {
  int64_t amount, since_ms; /* as it was then; it grows less with time */
};
struct client {
  struct client_key key;
  bool used;
  int64_t seen_ms;
  struct spent of[CLIENT_MAX_KINDS];
};

void clients_init(struct clients *c, const struct allowance *allowed, size_t n) {
  *c = (struct clients){
      .allowed = allowed, .n_allowed = n, .list = calloc(MAX_CLIENTS, sizeof *c->list)};
  (void)pthread_mutex_init(&c->mutex, NULL);
}

void clients_finish(struct clients *c) {
  (void)pthread_mutex_destroy(&c->mutex);
  free(c->list);
}

/* Something that time does not give back: it must be remembered. */
static bool holds(const struct clients *c, const struct client *one) {
  for (size_t i = 0; i < c->n_allowed; i++)
    if (c->allowed[i].period_ms == 0 && one->of[i].amount > 0) return true;
  return false;
}

static struct client *find(const struct clients *c, const struct client_key *key) {
  for (size_t i = 0; c->list != NULL && i < MAX_CLIENTS; i++)
    if (c->list[i].used && memcmp(&c->list[i].key, key, sizeof *key) == 0) return &c->list[i];
  return NULL;
}

/* In a free place, or in that of whoever was not seen for longest. */
static struct client *enter(const struct clients *c, const struct client_key *key) {
  struct client *place = NULL;
  for (size_t i = 0; c->list != NULL && i < MAX_CLIENTS; i++) {
    struct client *one = &c->list[i];
    if (one->used && holds(c, one)) continue;
    if (place == NULL || !one->used || one->seen_ms < place->seen_ms) place = one;
    if (!one->used) break;
  }
  if (place != NULL) *place = (struct client){.key = *key, .used = true};
  return place;
}

static void settle(const struct allowance *a, struct spent *s, int64_t now_ms) {
  if (a->period_ms == 0) return;
  int64_t back = a->most * (now_ms - s->since_ms) / a->period_ms;
  if (back >= s->amount)
    *s = (struct spent){0, now_ms};
  else if (back > 0)
    *s = (struct spent){s->amount - back, s->since_ms + back * a->period_ms / a->most};
}

static unsigned wait_for(const struct allowance *a, const struct spent *s, int64_t now_ms) {
  int64_t over = s->amount - a->most;
  if (over < 0) return 0;
  if (a->period_ms == 0) return SOON_S;
  int64_t seconds = ((over + 1) * a->period_ms / a->most - (now_ms - s->since_ms) + 999) / 1000;
  return seconds > LONGEST_S ? LONGEST_S : seconds < 1 ? 1 : (unsigned)seconds;
}

unsigned clients_wait(struct clients *c, const struct client_key *key, size_t kind,
                      int64_t now_ms) {
  unsigned seconds = 0;
  (void)pthread_mutex_lock(&c->mutex);
  struct client *one = find(c, key);
  if (one != NULL) {
    settle(&c->allowed[kind], &one->of[kind], now_ms);
    seconds = wait_for(&c->allowed[kind], &one->of[kind], now_ms);
  }
  (void)pthread_mutex_unlock(&c->mutex);
  return seconds;
}

void clients_spend(struct clients *c, const struct client_key *key, size_t kind, int64_t amount,
                   int64_t now_ms) {
  (void)pthread_mutex_lock(&c->mutex);
  struct client *one = find(c, key);
  if (one == NULL && amount > 0) one = enter(c, key);
  if (one != NULL) {
    struct spent *s = &one->of[kind];
    if (s->amount == 0) s->since_ms = now_ms;
    settle(&c->allowed[kind], s, now_ms);
    s->amount += amount;
    one->seen_ms = now_ms;
  }
  (void)pthread_mutex_unlock(&c->mutex);
}
