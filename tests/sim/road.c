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
  struct repo_load *load;
  struct update *updates;
  size_t n;
};
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

/* Where it lies; over a link or not. */
static struct repo *find_there(const char *url) {
  return repo_find(strncmp(url, ROAD_FAR, strlen(ROAD_FAR)) == 0 ? url + strlen(ROAD_FAR) : url);
}

/* After how many bytes this contact's link is cut. */
static int64_t cut_after(void) {
  if (!fault(FAULT_CUT)) return INT64_MAX;
  return (int64_t)chance_below(road.chance, (size_t)1 << (4 + chance_below(road.chance, 14)));
}

/* Pieces come by themselves, all else without them. */
static bool is_files(const char *ref) {
  return strncmp(ref, "refs/heads/files/", 17) == 0;
}

static void count_news(struct yz_road *r, const struct repo *mine, const struct repo *theirs) {
  char name[YZ_MAX_REF + 1];
  size_t n;
  const struct repo_ref *refs = repo_refs(theirs, &n);
  r->files_news = 0;
  for (size_t i = 0; i < n; i++) {
    if (!is_files(refs[i].name) || !yz_git_tracking_name(refs[i].name, name)) continue;
    const struct repo_ref *known = repo_ref(mine, name);
    r->files_news += known == NULL || !yz_equal(&known->tip, &refs[i].tip, sizeof known->tip);
  }
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
  struct repo *mine = own_repo(l), *theirs = find_there(r->url);
  char name[YZ_MAX_REF + 1];
  size_t n;
  r->kept = false;
  if (theirs == NULL || fault(FAULT_LOSS)) return broken(err, r->url);
  const struct repo_ref *refs = repo_refs(theirs, &n);
  bool stale = road.one_in > 0 && chance_in(road.chance, road.one_in);
  int64_t room = cut_after(), came = 0;
  struct update *updates = calloc(n + 1, sizeof *updates);
  size_t count = 0;
  assert(updates != NULL);
  for (size_t i = 0; i < n && came < room; i++) {
    if (is_files(refs[i].name) != r->files || !yz_git_tracking_name(refs[i].name, name)) continue;
    struct yz_oid tip =
        stale && chance_in(road.chance, 2) ? earlier(theirs, &refs[i].tip) : refs[i].tip;
    bool whole = repo_copy(theirs, mine, &tip, room - came, &came);
    if (disk_dead()) break;
    if (!whole && room < INT64_MAX) came = room;
    r->passed_over += !whole && room == INT64_MAX;
    if (!whole) continue;
    (void)snprintf(updates[count].ref, sizeof updates[count].ref, "%s", name);
    updates[count++].tip = tip;
  }
  r->bytes_down += came;
  bool cut = room < INT64_MAX, dead = disk_dead();
  for (size_t i = 0; i < count && !cut && !dead; i++)
    repo_set_ref(mine, updates[i].ref, &updates[i].tip);
  free(updates);
  if (dead) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
  r->kept = cut && came > 0;
  if (cut) return broken(err, r->url);
  forget_gone(mine, theirs);
  if (!r->files) count_news(r, mine, theirs);
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

/* Of branches that do not move nothing stays (git keeps it, unreached, until its next gc). */
static void apply_all(struct repo *to, const struct update *updates, size_t n,
                      const struct repo_load *load) {
  size_t moved = 0;
  for (size_t i = 0; i < n; i++) moved += apply(to, &updates[i]);
  if (moved > 0) repo_unload(to, load);
  if (moved > 0 && moved < n) repo_prune(to);
}

/* It comes by itself, later or once more; the load is the letter's then. */
static bool send_late(struct repo *to, const char *path, const struct update *updates, size_t n,
                      struct repo_load *load) {
  if (road.n == UNDER_WAY || n == 0) return false;
  struct letter *letter = &road.under_way[road.n++];
  *letter = (struct letter){.to = to, .load = load, .updates = calloc(n, sizeof *updates), .n = n};
  (void)snprintf(letter->path, sizeof letter->path, "%s", path);
  assert(letter->updates != NULL);
  memcpy(letter->updates, updates, n * sizeof *updates);
  return true;
}

void road_arrive(struct chance *c) {
  if (road.n == 0) return;
  size_t i = chance_below(c, road.n);
  struct letter letter = road.under_way[i];
  road.under_way[i] = road.under_way[--road.n];
  if (find_there(letter.path) == letter.to)
    apply_all(letter.to, letter.updates, letter.n, letter.load);
  repo_load_destroy(letter.load);
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

struct parcel {
  struct update updates[BRANCHES];
  size_t n;
  struct repo_load *load;
  int64_t room, bytes; /* room: until the link is cut */
  bool cut, refused;
};

/* Puts one branch in, if the other side would take it. */
static void put_in(struct yz_ledger *l, struct repo *mine, struct repo *theirs, struct yz_push *p,
                   struct parcel *out) {
  static const struct yz_oid where_it_stands;
  const struct repo_ref *ours = repo_ref(mine, p->ref), *there = repo_ref(theirs, p->ref);
  struct yz_oid tip = p->tip;
  if (ours != NULL && yz_equal(&tip, &where_it_stands, sizeof tip)) tip = ours->tip;
  p->rejected =
      ours == NULL || (there != NULL && !p->force && !yz_ledger_contains(l, &tip, &there->tip));
  if (p->rejected) {
    (void)snprintf(p->why, sizeof p->why, "not a fast-forward");
    out->refused = true;
    return;
  }
  struct update *u = &out->updates[out->n];
  *u = (struct update){.tip = tip, .has_old = there != NULL};
  (void)snprintf(u->ref, sizeof u->ref, "%s", p->ref);
  if (there != NULL) u->old = there->tip;
  bool whole = repo_load_add(out->load, mine, theirs, &tip, out->room - out->bytes, &out->bytes);
  out->n += whole;
  out->cut = out->cut || (!whole && out->room < INT64_MAX);
}

/* git takes a push in whole or not at all, and then one branch after the other. */
static int carry(struct repo *theirs, struct parcel *p, struct yz_ledger *l, const char *url,
                 struct yz_error *err) {
  size_t last = p->n + 1;
  if (p->n > 1 && fault(FAULT_REORDER)) shuffle(p->updates, p->n);
  if (fault(FAULT_DELAY)) {
    if (send_late(theirs, url, p->updates, p->n, p->load)) p->load = NULL;
    return broken(err, url);
  }
  if (p->n > 0) repo_unload(theirs, p->load);
  if (fault(FAULT_DUPLICATE) && send_late(theirs, url, p->updates, p->n, p->load)) p->load = NULL;
  if (p->room < INT64_MAX) last = chance_below(road.chance, p->n + 1);
  for (size_t done = 0; done < p->n && done < last; done++) {
    if (!disk_step()) return yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path);
    (void)apply(theirs, &p->updates[done]);
  }
  if (last <= p->n) return broken(err, url);
  return p->refused ? yz_fail(err, YZ_E_REFUSED, "Some branches were refused.", "%s", url) : 0;
}

int yz_ledger_push(struct yz_ledger *l, struct yz_road *r, struct yz_push *pushes, size_t n,
                   struct yz_error *err) {
  struct repo *mine = own_repo(l), *theirs = find_there(r->url);
  if (theirs == NULL || fault(FAULT_LOSS)) return broken(err, r->url);
  struct parcel p = {.load = repo_load_create(), .room = cut_after()};
  for (size_t i = 0; i < n && p.n < BRANCHES && !p.cut; i++)
    put_in(l, mine, theirs, &pushes[i], &p);
  r->bytes_up += p.bytes;
  int rc = disk_dead() ? yz_fail(err, YZ_E_IO, "The disk failed.", "%s", l->path)
           : p.cut     ? broken(err, r->url)
                       : carry(theirs, &p, l, r->url, err);
  repo_load_destroy(p.load);
  return rc;
}
