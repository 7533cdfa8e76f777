#include "when.h"

enum {
  SETTLE_MS = 1000, /* from a link to a road */
  GATHER_MS = 2000, /* for more of what is being recorded */
  STUCK_MS = 3000,
  APART_MS = 2000, /* from the beginning of a contact to that of the next */
  FIRST_MS = 2000
};

void when_init(struct when *w) {
  *w = (struct when){.news = -1, .changed = -1};
}

void when_begins(struct when *w, int64_t now, bool went) {
  w->began = w->moved = now;
  w->next = now + FIRST_MS;
  w->news = -1;
  w->under_way = went;
}

void when_moved(struct when *w, int64_t now) {
  w->moved = now;
}

/* From half as long to half as long again. */
static int64_t about(int64_t ms, uint32_t chance) {
  return ms / 2 + (int64_t)((double)ms * chance / UINT32_MAX);
}

static int64_t wait_for(struct when *w, int64_t now, int64_t ms) {
  w->next = now + ms;
  return ms;
}

static int64_t wait_longer(struct when *w, int64_t now, uint32_t chance) {
  int64_t ms = FIRST_MS;
  for (unsigned i = 0; i < w->tries && ms < WHEN_MOST_MS; i++) ms *= 2;
  w->tries++;
  return wait_for(w, now, about(ms < WHEN_MOST_MS ? ms : WHEN_MOST_MS, chance));
}

/* Something happened that makes a contact worth while. */
static int64_t come_soon(struct when *w, int64_t now, int64_t ms) {
  int64_t at = now + ms;
  if (at < w->began + APART_MS) at = w->began + APART_MS;
  w->tries = 0;
  return at < w->next ? wait_for(w, now, at - now) : -1;
}

int64_t when_said(struct when *w, int64_t now, bool went, bool more, uint32_t chance) {
  w->open = went;
  if (!went || more) return wait_longer(w, now, chance);
  w->tries = 0;
  return wait_for(w, now, about(WHEN_MOST_MS, chance));
}

int64_t when_ended(struct when *w, int64_t now, bool said, uint32_t chance) {
  bool news = w->news >= 0;
  int64_t ms = -1;
  w->under_way = false;
  w->news = -1;
  if (!said) { /* killed, or out of memory */
    w->open = false;
    ms = wait_longer(w, now, chance);
  }
  int64_t soon = news && !w->open ? come_soon(w, now, SETTLE_MS) : -1;
  return soon >= 0 ? soon : ms;
}

int64_t when_news(struct when *w, int64_t now, bool link) {
  if (w->under_way) {
    bool answered = w->news < 0 || w->moved > w->news; /* else it is late already */
    if (answered) w->news = now;
    return -1;
  }
  return link || !w->open ? come_soon(w, now, SETTLE_MS) : -1;
}

int64_t when_work(struct when *w, int64_t now) {
  return come_soon(w, now, 0);
}

void when_changed(struct when *w, int64_t now) {
  if (w->under_way) return; /* it writes itself */
  if (w->changed < 0) w->changed = now;
}

enum when_due when_due(struct when *w, int64_t now) {
  if (w->under_way) {
    if (w->news < 0 || now < w->news + STUCK_MS) return WHEN_NOTHING;
    bool stuck = w->moved <= w->news;
    w->news = -1;
    return stuck ? WHEN_ANEW : WHEN_NOTHING;
  }
  if (w->changed >= 0 && now >= w->changed + GATHER_MS) {
    w->changed = -1;
    return WHEN_LOOK;
  }
  return now >= w->next ? WHEN_BEGIN : WHEN_NOTHING;
}

int when_wait_ms(const struct when *w, int64_t now) {
  int64_t at = INT64_MAX;
  if (w->under_way && w->news >= 0) at = w->news + STUCK_MS;
  if (!w->under_way) at = w->next;
  if (!w->under_way && w->changed >= 0 && w->changed + GATHER_MS < at) at = w->changed + GATHER_MS;
  int64_t left = at - now;
  return at == INT64_MAX ? -1 : left < 0 ? 0 : left > WHEN_MOST_MS ? WHEN_MOST_MS : (int)left;
}
