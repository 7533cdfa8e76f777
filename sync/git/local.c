/* The road to a folder: a stick, a share, a hub on this machine. We write the
 * other side ourselves, flushed, under its flock. Runs in the road's child, where
 * a stick pulled out ends only the child. */
#include <stdio.h>
#include <stdlib.h>

#include "sync/git/git.h"

struct side {
  git_repository *repo;
  git_odb *odb;
  struct yz_lock lock;
};

static void side_finish(struct side *s) {
  git_odb_free(s->odb);
  git_repository_free(s->repo);
  yz_lock_release(&s->lock);
}

/* Someone else may have written its packs. */
static int check_packs(const char *path, struct yz_error *err) {
  char *folder = NULL, name[YZ_GIT_PACK_NAME];
  if (asprintf(&folder, "%s/objects/pack", path) < 0) return yz_git_no_memory(err);
  int rc = yz_git_unsound_pack(folder, name, err);
  free(folder);
  if (rc <= 0) return rc;
  return yz_fail(err, YZ_E_DAMAGED,
                 YZ_N_("A pack of the other side is damaged. Use another copy or another road."),
                 "%s/%s", path, name);
}

/* A folder that is not there is a road that does not go: the stick is not in, the
 * share is not mounted. */
static int side_open(struct side *s, const char *path, struct yz_error *err) {
  struct yz_error why = {0};
  int rc = yz_git_open_bare(&s->repo, &s->odb, path, &why);
  if (rc == 0) return check_packs(path, err);
  if (rc == YZ_E_NOT_FOUND)
    return yz_fail(err, YZ_E_NETWORK,
                   YZ_N_("The other side is not there. Is its disk or stick connected?"), "%s",
                   path);
  return yz_fail(err, rc, why.message, "%s", why.subject);
}

/* The branches there that we want to have, and the tips among them that are new. */
static int list_news(struct yz_transfer *t, struct side *there, struct yz_reflist *theirs,
                     struct yz_oidlist *news, struct yz_error *err) {
  int rc = yz_reflist_read(there->repo, "refs/heads/", theirs, err);
  if (rc == 0) rc = yz_transfer_part(t, theirs, err);
  for (size_t i = 0; rc == 0 && i < theirs->n; i++)
    if (yz_git_is_news(t->l, &theirs->refs[i]) && yz_oidlist_push(news, &theirs->refs[i].tip) < 0)
      rc = yz_git_no_memory(err);
  return rc;
}

static int fetch_news(struct yz_transfer *t, struct side *there, const struct yz_oidlist *news,
                      struct yz_error *err) {
  struct yz_incoming in;
  int rc = yz_incoming_init(&in, t->l, err);
  if (rc == 0) {
    struct yz_git_copy c = {.from = there->repo,
                            .from_odb = there->odb,
                            .to = t->l->odb,
                            .folder = in.packs,
                            .tick = yz_transfer_tick,
                            .tick_ctx = t};
    struct yz_error why = {0};
    rc = yz_git_copy(&c, news->ids, news->n, &why);
    yz_transfer_count(t, 0, c.size);
    yz_transfer_settle(t);
    if (rc == YZ_E_NOT_FOUND)
      rc = yz_git_hole(err, why.subject);
    else if (rc < 0)
      rc = yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  if (rc == 0) rc = yz_incoming_accept(&in, err);
  yz_incoming_finish(&in);
  return rc;
}

/* What does not come together comes branch by branch. */
static int fetch_apart(struct yz_transfer *t, struct side *there, struct yz_reflist *theirs,
                       struct yz_error *err) {
  for (size_t i = 0; i < theirs->n; i++) {
    struct yz_error why = {0};
    const struct yz_oidlist one = {.ids = &theirs->refs[i].tip, .n = 1};
    if (!yz_git_is_news(t->l, &theirs->refs[i])) continue;
    int rc = fetch_news(t, there, &one, &why);
    if (yz_transfer_is_fault(rc))
      yz_transfer_pass_over(t, theirs, i--);
    else if (rc < 0)
      return yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  return 0;
}

int yz_transfer_local_fetch(struct yz_transfer *t, struct yz_error *err) {
  struct side there = {.lock = {-1}};
  struct yz_reflist theirs = {0};
  struct yz_oidlist news = {0};
  int rc = side_open(&there, t->to->path, err);
  if (rc == 0) rc = list_news(t, &there, &theirs, &news, err);
  if (rc == 0 && news.n > 0) {
    struct yz_error why = {0};
    rc = fetch_news(t, &there, &news, &why);
    if (yz_transfer_is_fault(rc))
      rc = fetch_apart(t, &there, &theirs, err);
    else if (rc < 0)
      rc = yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  if (rc == 0) rc = yz_git_track(t->l, &theirs, t->files, err);
  yz_oidlist_finish(&news);
  yz_reflist_finish(&theirs);
  side_finish(&there);
  return rc;
}

/* What is to be pushed: ours, and theirs (zero: not there), one a push. */
struct plan {
  git_oid *ours, *theirs, *tips;
  size_t n_tips;
};

static int plan_one(struct yz_transfer *t, struct side *there, struct plan *p, size_t i,
                    struct yz_error *err) {
  struct yz_push *push = &t->pushes[i];
  int rc = yz_push_target(t->l, push, &p->ours[i], err);
  if (rc < 0) return rc;
  if (git_reference_name_to_id(&p->theirs[i], there->repo, push->ref) < 0)
    p->theirs[i] = (git_oid){{0}};
  if (git_oid_equal(&p->ours[i], &p->theirs[i])) return 0;
  if (yz_push_allowed(t->l, push, &p->theirs[i], &p->ours[i])) p->tips[p->n_tips++] = p->ours[i];
  return 0;
}

static int copy_there(struct yz_transfer *t, struct side *there, const struct plan *p,
                      struct yz_error *err) {
  char *packs = NULL;
  if (p->n_tips == 0) return 0;
  if (asprintf(&packs, "%s/objects/pack", t->to->path) < 0) return yz_git_no_memory(err);
  struct yz_git_copy c = {.from = t->l->repo,
                          .from_odb = t->l->odb,
                          .to = there->odb,
                          .folder = packs,
                          .tick = yz_transfer_tick,
                          .tick_ctx = t};
  int rc = yz_git_copy(&c, p->tips, p->n_tips, err);
  yz_transfer_count(t, c.size, 0);
  free(packs);
  return rc;
}

/* In the given order. A branch that another program moved meanwhile is refused,
 * the others go on. */
static int move_there(struct yz_transfer *t, struct side *there, const struct plan *p,
                      struct yz_error *err) {
  for (size_t i = 0; i < t->n; i++) {
    const git_oid *from = git_oid_is_zero(&p->theirs[i]) ? NULL : &p->theirs[i];
    struct yz_error one = {0};
    if (t->pushes[i].rejected) continue;
    int rc = yz_git_move_ref(there->repo, there->odb, t->pushes[i].ref, from, &p->ours[i], &one);
    if (rc == YZ_E_BUSY)
      yz_push_reject(&t->pushes[i], one.message);
    else if (rc < 0)
      return yz_fail(err, one.code, one.message, "%s", one.subject);
  }
  return 0;
}

int yz_transfer_local_push(struct yz_transfer *t, struct yz_error *err) {
  struct side there = {.lock = {-1}};
  struct plan p = {0};
  p.ours = calloc(t->n + 1, sizeof *p.ours);
  p.theirs = calloc(t->n + 1, sizeof *p.theirs);
  p.tips = calloc(t->n + 1, sizeof *p.tips);
  int rc = p.ours == NULL || p.theirs == NULL || p.tips == NULL ? yz_git_no_memory(err) : 0;
  if (rc == 0) rc = side_open(&there, t->to->path, err);
  if (rc == 0) rc = yz_git_lock(t->to->path, &there.lock, err);
  for (size_t i = 0; rc == 0 && i < t->n; i++) rc = plan_one(t, &there, &p, i, err);
  if (rc == 0) rc = copy_there(t, &there, &p, err);
  if (rc == 0) rc = move_there(t, &there, &p, err);
  if (rc == 0) rc = yz_push_verdict(t, err);
  side_finish(&there);
  free(p.tips);
  free(p.theirs);
  free(p.ours);
  return rc;
}
