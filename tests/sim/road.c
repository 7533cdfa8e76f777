/* A push tells for each branch where it should stand before, as git's does: who comes too late
 * changes nothing. */
#include "road.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "faults.h"
#include "repos.h"
#include "sync/git/git.h"

enum { UNDER_WAY = 64, BRANCHES = 256 };

struct update {
  char ref[YZ_MAX_REF + 1];
  struct yz_oid old, tip;
  bool has_old;
};
struct letter {
  struct repo *to;
  char path[256]; /* of `to`, which may be gone by then */
  struct update *updates;
  size_t n;
};
/* What a repository showed at a former contact. */
static struct {
  struct chance *chance;
  size_t one_in;
  struct letter under_way[UNDER_WAY];
  size_t n;
} road;

void road_set(struct chance *c, size_t one_in) {
  road.chance = c;
  road.one_in = one_in;
}

size_t road_under_way(void) {
  return road.n;
}

static bool fault(enum fault kind) {
  if (road.one_in == 0 || !chance_in(road.chance, road.one_in)) return false;
  fault_count(kind);
  return true;
}

static int broken(struct yz_error *err, const char *url) {
  return yz_fail(err, YZ_E_NETWORK, "The exchange was broken off. Try again.", "%s", url);
}

/* --- fetching ------------------------------------------------------------------ */

static bool tracking(const char *ref, char out[static YZ_MAX_REF + 1]) {
  if (strncmp(ref, "refs/heads/log/", 15) != 0 && strncmp(ref, "refs/heads/keys/", 16) != 0)
    return false;
  (void)snprintf(out, YZ_MAX_REF + 1, "refs/remote/%s", ref + strlen("refs/heads/"));
  return true;
}

static struct repo *own_repo(const struct yz_ledger *l) {
  struct repo *r = repo_find(l->path);
  assert(r != NULL);
  return r;
}

/* A mirror that lags: the branch as it was some commits ago. */
static struct yz_oid earlier(struct repo *r, const struct yz_oid *tip) {
  struct yz_ledger *l = repo_handle(r);
  struct yz_oid *commits = NULL, at = *tip;
  size_t n = 0;
  if (yz_ledger_new_commits(l, NULL, tip, 100000, &commits, &n, NULL) == 0 && n > 1) {
    at = commits[chance_below(road.chance, n)];
    fault_count(FAULT_STALE);
  }
  free(commits);
  yz_ledger_destroy(l);
  return at;
}

static void forget_gone(struct repo *mine, const struct repo *theirs) {
  size_t n;
  const struct repo_ref *refs = repo_refs(mine, &n);
  for (size_t i = n; i-- > 0;) {
    char there[YZ_MAX_REF + 1];
    if (strncmp(refs[i].name, "refs/remote/", 12) != 0) continue;
    (void)snprintf(there, sizeof there, "refs/heads/%s", refs[i].name + 12);
    if (repo_ref(theirs, there) == NULL) repo_set_ref(mine, refs[i].name, NULL);
  }
}

int yz_ledger_fetch(struct yz_ledger *l, struct yz_road *r, struct yz_error *err) {
  struct repo *mine = own_repo(l), *theirs = repo_find(r->url);
  char name[YZ_MAX_REF + 1];
  size_t n;
  if (theirs == NULL || fault(FAULT_LOSS)) return broken(err, r->url);
  const struct repo_ref *refs = repo_refs(theirs, &n);
  bool stale = road.one_in > 0 && chance_in(road.chance, road.one_in);
  bool cut = fault(FAULT_CUT);
  size_t last = cut && n > 0 ? chance_below(road.chance, n) : n;
  for (size_t i = 0; i < n; i++) {
    if (!tracking(refs[i].name, name)) continue;
    struct yz_oid tip =
        stale && chance_in(road.chance, 2) ? earlier(theirs, &refs[i].tip) : refs[i].tip;
    if (i == last) return broken(err, r->url);
    int64_t bytes = repo_copy(theirs, mine, &tip);
    if (bytes < 0 && disk_dead()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
    if (bytes < 0) {
      r->passed_over++;
      continue;
    }
    r->bytes_down += bytes;
    if (!cut) repo_set_ref(mine, name, &tip);
  }
  if (cut) return broken(err, r->url);
  forget_gone(mine, theirs);
  return 0;
}

/* --- pushing ------------------------------------------------------------------- */

static bool apply(struct repo *to, const struct update *u) {
  const struct repo_ref *now = repo_ref(to, u->ref);
  if ((now != NULL) != u->has_old) return false;
  if (now != NULL && !yz_equal(&now->tip, &u->old, sizeof u->old)) return false;
  repo_set_ref(to, u->ref, &u->tip);
  return true;
}

/* The other side has the objects; the branches move when it comes. */
static void send_late(struct repo *to, const char *path, const struct update *updates, size_t n) {
  if (road.n == UNDER_WAY || n == 0) return;
  struct letter *letter = &road.under_way[road.n++];
  *letter = (struct letter){.to = to, .updates = calloc(n, sizeof *updates), .n = n};
  (void)snprintf(letter->path, sizeof letter->path, "%s", path);
  assert(letter->updates != NULL);
  memcpy(letter->updates, updates, n * sizeof *updates);
}

void road_arrive(struct chance *c) {
  if (road.n == 0) return;
  size_t i = chance_below(c, road.n);
  struct letter letter = road.under_way[i];
  road.under_way[i] = road.under_way[--road.n];
  for (size_t k = 0; k < letter.n; k++)
    if (repo_find(letter.path) == letter.to) (void)apply(letter.to, &letter.updates[k]);
  free(letter.updates);
}

static void shuffle(struct update *list, size_t n) {
  for (size_t i = n; i-- > 1;) {
    size_t k = chance_below(road.chance, i + 1);
    struct update swap = list[i];
    list[i] = list[k];
    list[k] = swap;
  }
}

/* Whether the other side would take it; its objects are copied there. */
static bool prepare(struct yz_ledger *l, struct repo *mine, struct repo *theirs, struct yz_push *p,
                    struct update *out, int64_t *bytes) {
  const struct repo_ref *ours = repo_ref(mine, p->ref), *there = repo_ref(theirs, p->ref);
  p->rejected = ours == NULL ||
                (there != NULL && !p->force && !yz_ledger_contains(l, &ours->tip, &there->tip));
  if (p->rejected) {
    (void)snprintf(p->why, sizeof p->why, "not a fast-forward");
    return false;
  }
  *out = (struct update){.tip = ours->tip, .has_old = there != NULL};
  (void)snprintf(out->ref, sizeof out->ref, "%s", p->ref);
  if (there != NULL) out->old = there->tip;
  int64_t n = repo_copy(mine, theirs, &ours->tip);
  if (n > 0) *bytes += n;
  return n >= 0;
}

int yz_ledger_push(struct yz_ledger *l, struct yz_road *r, struct yz_push *pushes, size_t n,
                   struct yz_error *err) {
  struct repo *mine = own_repo(l), *theirs = repo_find(r->url);
  struct update updates[BRANCHES];
  size_t count = 0, done = 0;
  bool refused = false;
  if (theirs == NULL || fault(FAULT_LOSS)) return broken(err, r->url);
  for (size_t i = 0; i < n && count < BRANCHES; i++) {
    count += prepare(l, mine, theirs, &pushes[i], &updates[count], &r->bytes_up);
    refused = refused || pushes[i].rejected;
  }
  if (disk_dead()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
  if (count > 1 && fault(FAULT_REORDER)) shuffle(updates, count);
  if (fault(FAULT_DELAY)) {
    send_late(theirs, r->url, updates, count);
    return broken(err, r->url);
  }
  if (fault(FAULT_DUPLICATE)) send_late(theirs, r->url, updates, count);
  size_t last = fault(FAULT_CUT) ? chance_below(road.chance, count + 1) : count + 1;
  for (; done < count && done < last; done++) {
    if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
    (void)apply(theirs, &updates[done]);
  }
  if (last <= count) return broken(err, r->url);
  return refused ? yz_fail(err, YZ_E_REFUSED, "Some branches were refused.", "%s", r->url) : 0;
}
