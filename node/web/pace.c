#include "pace.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../unused.h"

enum { LOOKS = 4, LONGEST_PAUSE_MS = 1000, NETWORK = 8, QUIET_MS = 2000 };

struct pace {
  const struct pace_limits *limits;
  int64_t (*ticks_ms)(void *ctx);
  void *ctx;
  struct pace_connection *list;
  int n;
  bool worked;          /* since memory was given back; to start is work */
  int64_t worked_until; /* ticks */
  int ends[2];          /* a pipe: closed at one end, the thread comes to its end */
  pthread_mutex_t mutex;
  pthread_t thread;
};

static struct client_key key_of(const struct sockaddr *from) {
  struct client_key key = {{0}};
  key.bytes[0] = 'a';
  if (from->sa_family == AF_INET) {
    const struct sockaddr_in *four = (const void *)from;
    memcpy(key.bytes + 1, &four->sin_addr, sizeof four->sin_addr);
  } else if (from->sa_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const void *)from;
    bool four = IN6_IS_ADDR_V4MAPPED(&six->sin6_addr);
    memcpy(key.bytes + 1, six->sin6_addr.s6_addr + (four ? 12 : 0), four ? 4 : NETWORK);
  }
  return key;
}

static int64_t on_the_wire(int fd) {
  struct tcp_info info = {0};
  socklen_t n = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0) return 0;
  return (int64_t)info.tcpi_bytes_acked + (int64_t)info.tcpi_bytes_received;
}

/* --- the pace ----------------------------------------------------------------- */

static bool dawdles(const struct pace *p, const struct pace_connection *c, int64_t now_ms) {
  const struct pace_limits *l = p->limits;
  int64_t took = now_ms - c->since_ms;
  switch (c->phase) {
  case PACE_HEAD:
    return took > l->head_ms;
  case PACE_IDLE:
    return took > l->idle_ms;
  case PACE_WORK:
    return false;
  case PACE_REST:
    return took > l->slack_ms;
  case PACE_BODY:
  case PACE_ANSWER:
    break;
  }
  if (took <= l->slack_ms) return false;
  return (on_the_wire(c->fd) - c->bytes) * 1000 / l->bytes_per_s < took - l->slack_ms;
}

/* The connection's own thread, which waits for it, then finds that it has ended. */
static void cut(struct pace_connection *c) {
  c->cut = true;
  (void)shutdown(c->fd, SHUT_RDWR);
}

/* At rest something is said now and then; whoever takes it stays. */
static void note_taken(struct pace_connection *c, int64_t now_ms) {
  int64_t bytes = on_the_wire(c->fd);
  if (c->phase != PACE_REST || bytes == c->bytes) return;
  c->bytes = bytes;
  c->since_ms = now_ms;
}

static void cut_off(struct pace *p) {
  int64_t now_ms = p->ticks_ms(p->ctx);
  for (struct pace_connection *c = p->list; c != NULL; c = c->next) {
    note_taken(c, now_ms);
    if (!c->cut && dawdles(p, c, now_ms)) cut(c);
  }
}

static int pause_ms(const struct pace_limits *l) {
  int64_t shortest = l->head_ms < l->slack_ms ? l->head_ms : l->slack_ms;
  return shortest / LOOKS > LONGEST_PAUSE_MS ? LONGEST_PAUSE_MS : (int)(shortest / LOOKS) + 1;
}

/* Each thread that answered has held memory of its own, which nobody else would use. */
static bool is_quiet(struct pace *p) {
  bool quiet = p->worked && p->ticks_ms(p->ctx) - p->worked_until > QUIET_MS;
  for (const struct pace_connection *c = p->list; c != NULL; c = c->next)
    quiet &= c->phase != PACE_WORK && c->phase != PACE_ANSWER;
  if (quiet) p->worked = false;
  return quiet;
}

static void *look(void *arg) {
  struct pace *p = arg;
  struct pollfd ends = {.fd = p->ends[0]};
  while (poll(&ends, 1, pause_ms(p->limits)) <= 0) {
    (void)pthread_mutex_lock(&p->mutex);
    cut_off(p);
    bool quiet = is_quiet(p);
    (void)pthread_mutex_unlock(&p->mutex);
    if (quiet) unused_give_back();
  }
  return NULL;
}

static void finish(struct pace *p) {
  (void)close(p->ends[0]);
  (void)pthread_mutex_destroy(&p->mutex);
  free(p);
}

struct pace *pace_start(const struct pace_limits *limits, int64_t (*ticks_ms)(void *ctx),
                        void *ctx) {
  struct pace *p = calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  *p = (struct pace){.limits = limits,
                     .ticks_ms = ticks_ms,
                     .ctx = ctx,
                     .worked = true,
                     .worked_until = ticks_ms(ctx)};
  if (pipe2(p->ends, O_CLOEXEC) != 0) {
    free(p);
    return NULL;
  }
  (void)pthread_mutex_init(&p->mutex, NULL);
  if (pthread_create(&p->thread, NULL, look, p) == 0) return p;
  (void)close(p->ends[1]);
  finish(p);
  return NULL;
}

void pace_stop(struct pace *p) {
  (void)close(p->ends[1]);
  (void)pthread_join(p->thread, NULL);
  finish(p);
}

/* --- connections ---------------------------------------------------------------- */

static int count_of(const struct pace *p, const struct client_key *client) {
  int n = 0;
  for (const struct pace_connection *c = p->list; c != NULL; c = c->next)
    n += !c->cut && memcmp(&c->client, client, sizeof *client) == 0;
  return n;
}

static int count_cut(const struct pace *p) {
  int n = 0;
  for (const struct pace_connection *c = p->list; c != NULL; c = c->next) n += c->cut;
  return n;
}

/* Of the address that has most, if more than n; the list begins with the newest. NULL: none. */
static struct pace_connection *who_gives_way(const struct pace *p, int n) {
  struct pace_connection *out = NULL;
  for (struct pace_connection *c = p->list; c != NULL; c = c->next) {
    if (c->cut || (c->phase != PACE_HEAD && c->phase != PACE_IDLE)) continue;
    int of_this = count_of(p, &c->client);
    if (of_this < n || (out == NULL && of_this == n)) continue;
    n = of_this;
    out = c;
  }
  return out;
}

bool pace_may_come(struct pace *p, const struct sockaddr *from) {
  struct client_key key = key_of(from);
  (void)pthread_mutex_lock(&p->mutex);
  int n = count_of(p, &key), ending = count_cut(p);
  bool may = n < p->limits->of_client && ending < PACE_SPARE;
  if (may && p->n - ending >= p->limits->most) {
    struct pace_connection *other = who_gives_way(p, n);
    if (other != NULL) cut(other);
    may = other != NULL;
  }
  (void)pthread_mutex_unlock(&p->mutex);
  return may;
}

struct pace_connection *pace_begin(struct pace *p, int fd, const struct sockaddr *from) {
  struct pace_connection *c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  *c = (struct pace_connection){
      .fd = fd, .client = key_of(from), .phase = PACE_HEAD, .since_ms = p->ticks_ms(p->ctx)};
  (void)pthread_mutex_lock(&p->mutex);
  c->next = p->list;
  p->list = c;
  p->n++;
  (void)pthread_mutex_unlock(&p->mutex);
  return c;
}

void pace_end(struct pace *p, struct pace_connection *c) {
  struct pace_connection **at = &p->list;
  (void)pthread_mutex_lock(&p->mutex);
  while (*at != c) at = &(*at)->next;
  *at = c->next;
  p->n--;
  (void)pthread_mutex_unlock(&p->mutex);
  free(c);
}

void pace_enter(struct pace *p, struct pace_connection *c, enum pace_phase phase) {
  (void)pthread_mutex_lock(&p->mutex);
  c->phase = phase;
  c->since_ms = p->ticks_ms(p->ctx);
  p->worked |= phase == PACE_WORK;
  p->worked_until = c->since_ms;
  c->bytes = on_the_wire(c->fd);
  (void)pthread_mutex_unlock(&p->mutex);
}
