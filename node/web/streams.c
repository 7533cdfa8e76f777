#include "streams.h"

#include <string.h>

void streams_init(struct streams *s) {
  *s = (struct streams){0};
  (void)pthread_mutex_init(&s->mutex, NULL);
}

void streams_finish(struct streams *s) {
  (void)pthread_mutex_destroy(&s->mutex);
}

static bool is_of(const struct stream *one, const struct yz_key *whose) {
  return memcmp(&one->whose, whose, sizeof *whose) == 0;
}

/* Of those that are not over: how many, and the oldest. whose: NULL for all. */
static size_t count(const struct streams *s, const struct yz_key *whose, struct stream **oldest) {
  size_t n = 0;
  for (struct stream *at = s->first; at != NULL; at = at->next) {
    if (atomic_load(&at->over) || (whose != NULL && !is_of(at, whose))) continue;
    *oldest = at;
    n++;
  }
  return n;
}

/* The oldest of whoever holds most; of two who hold as many the one whose is older. */
static struct stream *of_who_holds_most(const struct streams *s) {
  struct stream *out = NULL, *oldest = NULL;
  size_t most = 0;
  for (struct stream *at = s->first; at != NULL; at = at->next) {
    if (atomic_load(&at->over)) continue;
    size_t n = count(s, &at->whose, &oldest);
    if (n >= most) {
      most = n;
      out = oldest;
    }
  }
  return out;
}

static size_t count_over(const struct streams *s) {
  size_t n = 0;
  for (const struct stream *at = s->first; at != NULL; at = at->next) n += atomic_load(&at->over);
  return n;
}

/* Who gives way to one more of this worker; NULL: nobody has to. */
static struct stream *give_way(const struct streams *s, const struct yz_key *whose) {
  struct stream *oldest = NULL;
  if (count(s, whose, &oldest) >= STREAMS_OF_ONE) return oldest;
  return count(s, NULL, &oldest) >= STREAMS_MOST ? of_who_holds_most(s) : NULL;
}

bool streams_enter(struct streams *s, struct stream *one, const struct yz_key *whose,
                   bool *gave_way) {
  (void)pthread_mutex_lock(&s->mutex);
  struct stream *other = give_way(s, whose);
  bool in = other == NULL || count_over(s) < STREAMS_OVER;
  *gave_way = in && other != NULL;
  if (*gave_way) atomic_store(&other->over, true);
  if (in) {
    *one = (struct stream){.whose = *whose, .next = s->first};
    s->first = one;
  }
  (void)pthread_mutex_unlock(&s->mutex);
  return in;
}

void streams_leave(struct streams *s, struct stream *one) {
  struct stream **at = &s->first;
  (void)pthread_mutex_lock(&s->mutex);
  while (*at != one) at = &(*at)->next;
  *at = one->next;
  (void)pthread_mutex_unlock(&s->mutex);
}
