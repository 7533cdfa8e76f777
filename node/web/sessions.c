#include "sessions.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct slot {
  bool taken;
  struct session keys;
  struct signer who;
  int64_t begun, used;       /* ticks */
  int64_t begun_ms, used_ms; /* by the clock, which goes on while the PC sleeps */
};

struct sessions {
  const struct yz_world *world;
  pthread_mutex_t mutex;
  struct slot slots[SESSIONS];
};

struct sessions *sessions_create(const struct yz_world *world) {
  struct sessions *s = calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  s->world = world;
  (void)pthread_mutex_init(&s->mutex, NULL);
  return s;
}

static void empty(struct slot *slot) {
  if (!slot->taken) return;
  signer_finish(&slot->who);
  yz_wipe(slot, sizeof *slot);
}

void sessions_destroy(struct sessions *s) {
  if (s == NULL) return;
  for (size_t i = 0; i < SESSIONS; i++) empty(&s->slots[i]);
  (void)pthread_mutex_destroy(&s->mutex);
  free(s);
}

static int64_t ticks(const struct sessions *s) {
  return s->world->ticks_ms(s->world->ctx);
}

static bool is_over(const struct slot *slot, int64_t now, int64_t now_ms) {
  return now - slot->used > SESSION_IDLE_MS || now_ms - slot->used_ms > SESSION_IDLE_MS ||
         now - slot->begun > SESSION_LIFE_MS || now_ms - slot->begun_ms > SESSION_LIFE_MS;
}

static void drop_old(struct sessions *s) {
  int64_t now = ticks(s), now_ms = s->world->now_ms(s->world->ctx);
  for (size_t i = 0; i < SESSIONS; i++)
    if (s->slots[i].taken && is_over(&s->slots[i], now, now_ms)) empty(&s->slots[i]);
}

static struct slot *free_slot(struct sessions *s) {
  struct slot *oldest = &s->slots[0];
  for (size_t i = 0; i < SESSIONS; i++) {
    if (!s->slots[i].taken) return &s->slots[i];
    if (s->slots[i].used < oldest->used) oldest = &s->slots[i];
  }
  empty(oldest);
  return oldest;
}

static void make_token(const struct yz_world *world, char out[static SESSION_TOKEN]) {
  unsigned char random[SESSION_TOKEN / 2];
  world->random(world->ctx, random, sizeof random);
  yz_to_hex(random, sizeof random, out);
  yz_wipe(random, sizeof random);
}

static void touch(const struct sessions *s, struct slot *slot) {
  slot->used = ticks(s);
  slot->used_ms = s->world->now_ms(s->world->ctx);
}

void sessions_begin(struct sessions *s, struct signer *who, struct session *out) {
  make_token(s->world, out->token);
  make_token(s->world, out->guard);
  (void)pthread_mutex_lock(&s->mutex);
  drop_old(s);
  struct slot *slot = free_slot(s);
  *slot = (struct slot){.taken = true, .keys = *out, .who = *who};
  touch(s, slot);
  slot->begun = slot->used;
  slot->begun_ms = slot->used_ms;
  (void)pthread_mutex_unlock(&s->mutex);
  *who = (struct signer){0};
}

static struct slot *find(struct sessions *s, const char *token) {
  if (strlen(token) != SESSION_TOKEN - 1) return NULL;
  for (size_t i = 0; i < SESSIONS; i++)
    if (s->slots[i].taken && yz_equal(s->slots[i].keys.token, token, SESSION_TOKEN - 1))
      return &s->slots[i];
  return NULL;
}

static int copy_signer(const struct signer *from, struct signer *to, struct yz_error *err) {
  struct yz_secret *seed = yz_secret_create(from->seed->len);
  if (seed == NULL) return yz_no_memory(err);
  memcpy(seed->bytes, from->seed->bytes, seed->len);
  *to = *from;
  to->seed = seed;
  to->author.seed = seed;
  return 0;
}

int sessions_find(struct sessions *s, const char *token, bool used, struct signer *who,
                  struct session *out, struct yz_error *err) {
  (void)pthread_mutex_lock(&s->mutex);
  drop_old(s);
  struct slot *slot = find(s, token);
  int rc = slot == NULL ? YZ_E_KEY : copy_signer(&slot->who, who, err);
  if (rc == 0) {
    *out = slot->keys;
    if (used) touch(s, slot);
  }
  (void)pthread_mutex_unlock(&s->mutex);
  if (rc != YZ_E_KEY) return rc;
  return yz_fail(err, rc,
                 YZ_N_("You are not logged in: the page was locked, or nobody used it for a while. "
                       "Log in again."),
                 NULL);
}

void sessions_end(struct sessions *s, const char *token) {
  (void)pthread_mutex_lock(&s->mutex);
  struct slot *slot = find(s, token);
  if (slot != NULL) empty(slot);
  (void)pthread_mutex_unlock(&s->mutex);
}
