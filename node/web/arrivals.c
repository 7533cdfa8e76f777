#include "arrivals.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../hub/hub.h"

/* So many ledgers in one go: what is done once for all of them costs less, and nobody waits for
 * long. */
enum { AT_ONCE = 8, AGAIN_MS = 5000, PASSED_OVER_AGAIN_MS = 60000 };

struct arrival {
  struct yz_id ledger;
  uint64_t ticket;
};

/* By ticks, whose clock nobody sets: one that is put back would make everyone wait. */
static int wait_until(pthread_cond_t *what, struct arrivals *a, const struct timespec *at) {
  return pthread_cond_clockwait(what, &a->mutex, CLOCK_MONOTONIC, at);
}

static struct timespec in(const struct arrivals *a, int64_t ms) {
  int64_t until = a->world->ticks_ms(a->world->ctx) + ms;
  return (struct timespec){until / 1000, until % 1000 * 1000000};
}

/* --- taking in, in the thread ------------------------------------------------ */

struct group {
  struct yz_id ledgers[AT_ONCE];
  size_t n;
};

static bool is_among(void *arg, const struct yz_ledger_row *row) {
  const struct group *g = arg;
  for (size_t i = 0; i < g->n; i++)
    if (yz_equal(&g->ledgers[i], &row->id, YZ_ID_LEN)) return true;
  return false;
}

/* A ledger that cannot be taken in keeps no other from it. */
static int pass_over(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                     const struct yz_error *failed) {
  (void)row, (void)failed;
  if (got == NULL) *(bool *)arg = true;
  return 0;
}

/* all: whatever there is, and not these alone. *passed_over: one at least could not be. */
static bool take_in(const struct arrivals *a, struct group *g, bool all, bool *passed_over) {
  const struct hub_contact by = {
      .exchange = hub_by_road, .wanted = all ? NULL : is_among, .arg = all ? NULL : g};
  struct yz_error err = {0};
  struct node hub;
  size_t left_out;
  int rc = node_open(&hub, a->dir, a->world, &err);
  if (rc != 0) return false;
  rc = hub_meet(&hub, &by, pass_over, passed_over, &left_out, &err);
  node_finish(&hub);
  return rc == 0;
}

static void form(const struct arrivals *a, struct group *g) {
  g->n = a->n < AT_ONCE ? a->n : AT_ONCE;
  for (size_t i = 0; i < g->n; i++) g->ledgers[i] = a->list[i].ledger;
}

static void strike_off(struct arrivals *a, const struct group *g) {
  if (g->n > 0) a->done = a->list[g->n - 1].ticket;
  a->n -= g->n;
  if (a->n > 0) memmove(a->list, a->list + g->n, a->n * sizeof *a->list);
  (void)pthread_cond_broadcast(&a->taken);
}

/* One go, without holding the list meanwhile. What was needed for it is given back once nobody
 * waits. */
static void turn(struct arrivals *a) {
  struct group g;
  bool all = a->all, passed_over = false;
  form(a, &g);
  a->taking = g.n;
  (void)pthread_mutex_unlock(&a->mutex);
  bool went = take_in(a, &g, all, &passed_over);
  (void)pthread_mutex_lock(&a->mutex);
  a->taking = 0;
  if (went) {
    a->all = false;
    a->passed_over = a->passed_over || passed_over;
    strike_off(a, &g);
    if (a->n == 0) (void)malloc_trim(0);
    return;
  }
  const struct timespec later = in(a, AGAIN_MS);
  if (!a->ending) (void)wait_until(&a->came, a, &later);
}

/* Until something comes. What was passed over is tried again after a while: the disk may have had
 * no room. */
static void rest(struct arrivals *a) {
  const struct timespec later = in(a, PASSED_OVER_AGAIN_MS);
  if (!a->passed_over)
    (void)pthread_cond_wait(&a->came, &a->mutex);
  else if (wait_until(&a->came, a, &later) == ETIMEDOUT) {
    a->passed_over = false;
    a->all = true;
  }
}

static void *work(void *arg) {
  struct arrivals *a = arg;
  (void)pthread_mutex_lock(&a->mutex);
  while (!a->ending)
    if (a->n > 0 || a->all)
      turn(a);
    else
      rest(a);
  (void)pthread_mutex_unlock(&a->mutex);
  return NULL;
}

/* --- asking ------------------------------------------------------------------- */

/* Its place in the list from there on; NULL: it has none. */
static const struct arrival *find(const struct arrivals *a, size_t from,
                                  const struct yz_id *ledger) {
  for (size_t i = from; i < a->n; i++)
    if (yz_equal(&a->list[i].ledger, ledger, YZ_ID_LEN)) return &a->list[i];
  return NULL;
}

/* NULL: no memory. */
static const struct arrival *add(struct arrivals *a, const struct yz_id *ledger) {
  if (a->list == NULL || a->n == a->room) {
    size_t room = 2 * a->room + AT_ONCE;
    struct arrival *grown = reallocarray(a->list, room, sizeof *grown);
    if (grown == NULL) return NULL;
    a->list = grown;
    a->room = room;
  }
  a->list[a->n] = (struct arrival){*ledger, ++a->last};
  (void)pthread_cond_signal(&a->came);
  return &a->list[a->n++];
}

static bool wait_for(struct arrivals *a, const struct arrival *of, int64_t wait_ms) {
  const struct timespec until = in(a, wait_ms);
  uint64_t ticket = of == NULL ? UINT64_MAX : of->ticket;
  int rc = of == NULL ? -1 : 0;
  while (rc == 0 && a->done < ticket) rc = wait_until(&a->taken, a, &until);
  return a->done >= ticket;
}

/* Those that are being taken in have been looked at before this push. */
bool arrivals_wait(struct arrivals *a, const struct yz_id *ledger, int64_t wait_ms) {
  (void)pthread_mutex_lock(&a->mutex);
  const struct arrival *of = find(a, a->taking, ledger);
  if (of == NULL && a->running) of = add(a, ledger);
  bool taken = wait_for(a, of, wait_ms);
  (void)pthread_mutex_unlock(&a->mutex);
  return taken;
}

void arrivals_catch_up(struct arrivals *a, const struct yz_id *ledger, bool news, int64_t wait_ms) {
  (void)pthread_mutex_lock(&a->mutex);
  const struct arrival *of = find(a, 0, ledger);
  if (of == NULL && news && a->running) of = add(a, ledger);
  (void)wait_for(a, of, wait_ms);
  (void)pthread_mutex_unlock(&a->mutex);
}

/* --- from start to end ---------------------------------------------------------- */

void arrivals_start(struct arrivals *a, const char *dir, const struct yz_world *world) {
  *a = (struct arrivals){.dir = dir, .world = world, .all = true};
  (void)pthread_mutex_init(&a->mutex, NULL);
  (void)pthread_cond_init(&a->came, NULL);
  (void)pthread_cond_init(&a->taken, NULL);
  a->running = pthread_create(&a->thread, NULL, work, a) == 0;
}

void arrivals_stop(struct arrivals *a) {
  (void)pthread_mutex_lock(&a->mutex);
  a->ending = true;
  (void)pthread_cond_signal(&a->came);
  (void)pthread_mutex_unlock(&a->mutex);
  if (a->running) (void)pthread_join(a->thread, NULL);
  (void)pthread_cond_destroy(&a->taken);
  (void)pthread_cond_destroy(&a->came);
  (void)pthread_mutex_destroy(&a->mutex);
  free(a->list);
}
