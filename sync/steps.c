/* Steps: a link that is cut at any byte costs one of them at most (DESIGN (h)). */
#include "send.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- how large -------------------------------------------------------------- */

enum { NAME_ROOM = 5 + YZ_ID_HEX + 1, QUIET = 8 };

static void pace_name(const struct yz_id *ledger, char out[static NAME_ROOM]) {
  char id[YZ_ID_HEX + 1];
  yz_to_hex(ledger->bytes, YZ_ID_LEN, id);
  (void)snprintf(out, NAME_ROOM, "step.%s", id);
}

int pace_load(const struct yz_station *st, const struct yz_id *ledger, struct pace *out,
              struct yz_error *err) {
  char name[NAME_ROOM];
  struct yz_buf kept = {0};

  pace_name(ledger, name);
  int rc = st->store->get_meta(st->store->ctx, name, &kept, err);
  int64_t limit = rc == YZ_OK ? strtoll((char *)kept.data, NULL, 10) : STEP_MOST;
  *out = (struct pace){.limit = limit < STEP_LEAST  ? STEP_LEAST
                                : limit > STEP_MOST ? STEP_MOST
                                                    : limit};
  yz_buf_finish(&kept);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

static int pace_set(const struct yz_station *st, const struct yz_id *ledger, struct pace *p,
                    int64_t limit, struct yz_error *err) {
  const struct yz_store *store = st->store;
  char name[NAME_ROOM], text[24];

  p->went = 0;
  if (limit == p->limit) return YZ_OK;
  p->limit = limit;
  pace_name(ledger, name);
  int n = snprintf(text, sizeof text, "%lld", (long long)limit);
  int rc = store->begin(store->ctx, err);
  if (!rc) rc = store->put_meta(store->ctx, name, text, (size_t)n, err);
  return station_end(st, rc, err);
}

int pace_cut(const struct yz_station *st, const struct yz_id *ledger, struct pace *p,
             struct yz_error *err) {
  int64_t half = p->limit / 2;
  return pace_set(st, ledger, p, half < STEP_LEAST ? STEP_LEAST : half, err);
}

int pace_went(const struct yz_station *st, const struct yz_id *ledger, struct pace *p,
              int64_t bytes, struct yz_error *err) {
  p->went += bytes;
  if (p->went < QUIET * p->limit) return YZ_OK;
  return pace_set(st, ledger, p, p->limit >= STEP_MOST / 2 ? STEP_MOST : 2 * p->limit, err);
}

/* --- which commits ------------------------------------------------------------ */

/* A branch's commits that are to go, and how many of them this step takes. */
struct way {
  struct yz_oid *commits;
  size_t n, at;
  int64_t next; /* the first segment that the next commit is about; 0: none */
  int64_t reached;
};

struct plan {
  struct yz_ledger *git;
  int64_t left; /* bytes */
  bool begun, full;
  struct yz_error *err;
};

static int note_first(void *ctx, const char *path, const struct yz_oid *blob, bool deleted) {
  int64_t *least = ctx, first;
  const char *ending;
  (void)blob, (void)deleted;
  if (yz_path_read(path, &first, &ending) && (*least == 0 || first < *least)) *least = first;
  return YZ_OK;
}

static int look_ahead(struct plan *p, struct way *w) {
  struct yz_commit_view view = {0};

  w->next = 0;
  if (w->at == w->n) return YZ_OK;
  int rc = yz_ledger_read_commit(p->git, &w->commits[w->at], &view, p->err);
  if (!rc)
    rc = yz_ledger_diff(p->git, view.n_parents ? &view.parent : NULL, &w->commits[w->at],
                        note_first, &w->next, p->err);
  yz_commit_view_finish(&view);
  return rc;
}

static int take(struct plan *p, struct way *w) {
  int64_t bytes;
  int rc = yz_ledger_weigh(p->git, &w->commits[w->at], &bytes, p->err);
  if (rc) return rc;
  p->full = p->begun && bytes > p->left;
  if (p->full) return YZ_OK;
  p->begun = true;
  p->left -= bytes;
  if (w->next) w->reached = w->next;
  w->at++;
  return look_ahead(p, w);
}

/* A log's commits, each after the keys to its words. Either may have none. */
static int walk(struct plan *p, struct way *keys, struct way *log) {
  int rc = look_ahead(p, keys);
  if (!rc) rc = look_ahead(p, log);
  while (!rc && !p->full && (keys->at < keys->n || log->at < log->n))
    rc = take(p, keys->at < keys->n && (log->at == log->n || keys->next <= log->next) ? keys : log);
  return rc;
}

static int list_commits(struct yz_ledger *git, const struct yz_push *push,
                        const struct yz_oid *since, struct way *out, struct yz_error *err) {
  static const struct yz_oid none;
  bool all = push->force || yz_equal(since, &none, sizeof none);
  return yz_ledger_new_commits(git, all ? NULL : since, &push->tip, SIZE_MAX, &out->commits,
                               &out->n, err);
}

/* The entry of the same log's other branch; n: none. */
static size_t find_log(const struct yz_push *list, size_t n, size_t of) {
  struct yz_id log, other;
  if (!station_ref_log(list[of].ref, "refs/heads/", "keys", &log)) return n;
  for (size_t i = 0; i < n; i++)
    if (station_ref_log(list[i].ref, "refs/heads/", "log", &other) &&
        yz_equal(&log, &other, sizeof log))
      return i;
  return n;
}

static int walk_all(struct plan *p, const struct yz_push *list, struct way *ways, bool *done,
                    size_t n) {
  struct way none = {0};
  int rc = YZ_OK;

  for (size_t i = 0; !rc && !p->full && i < n; i++) {
    struct yz_id log;
    bool keys = station_ref_log(list[i].ref, "refs/heads/", "keys", &log);
    size_t other = find_log(list, n, i);
    if (done[i]) continue;
    done[i] = true;
    if (other < n) done[other] = true;
    rc = keys ? walk(p, &ways[i], other < n ? &ways[other] : &none) : walk(p, &none, &ways[i]);
  }
  return rc;
}

/* What is taken of each; the rest is for later. */
static void shorten(struct yz_push *list, struct send_span *spans, size_t *n,
                    const struct way *ways, bool *more) {
  size_t kept = 0;
  for (size_t i = 0; i < *n; i++) {
    *more = *more || ways[i].at < ways[i].n;
    if (ways[i].at == 0) continue;
    list[kept] = list[i];
    spans[kept] = (struct send_span){spans[i].since, ways[i].reached};
    list[kept++].tip = ways[i].commits[ways[i].at - 1];
  }
  *n = kept;
}

int steps_first(struct yz_ledger *git, struct yz_push *list, struct send_span *spans, size_t *n,
                int64_t limit, size_t *left, bool *more, struct yz_error *err) {
  struct plan p = {.git = git, .left = limit, .err = err};
  size_t count = *n;
  struct way *ways = calloc(count + 1, sizeof *ways);
  bool *done = calloc(count + 1, sizeof *done);

  *more = false;
  *left = 0;
  int rc = ways && done ? YZ_OK : yz_no_memory(err);
  for (size_t i = 0; !rc && i < count; i++) {
    rc = list_commits(git, &list[i], &spans[i].since, &ways[i], err);
    *left += ways[i].n;
  }
  if (!rc) rc = walk_all(&p, list, ways, done, count);
  if (!rc) shorten(list, spans, n, ways, more);
  for (size_t i = 0; ways && i < count; i++) free(ways[i].commits);
  free(ways);
  free(done);
  return rc;
}
