/* Fetch over ssh and https. Nothing is asked for when nothing is new: libgit2 would talk three
 * turns all the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sync/git/remote.h"

enum { APART = 1 }; /* branch by branch it costs less */

/* Refspecs, owned. */
struct specs {
  char **texts;
  size_t n;
};

static void specs_finish(struct specs *s) {
  for (size_t i = 0; i < s->n; i++) free(s->texts[i]);
  free(s->texts);
}

static int specs_add(struct specs *s, const char *from, const char *to, struct yz_error *err) {
  char **texts = reallocarray(s->texts, s->n + 1, sizeof *texts);
  if (texts == NULL) return yz_git_no_memory(err);
  s->texts = texts;
  if (asprintf(&s->texts[s->n], "+%s:%s", from, to) < 0) return yz_git_no_memory(err);
  s->n++;
  return 0;
}

/* Tells the other side, by the refs that it is asked with, what we have of a branch. libgit2 names
 * the twenty newest commits of all refs and no more where one of them is known there: of what other
 * branches have besides, it would get all anew. */
static int tell_have(struct yz_remote *s, git_repository *repo, const struct yz_git_ref *theirs,
                     struct yz_error *err) {
  char ours[YZ_MAX_REF + 1];
  git_reference *r = NULL;
  git_oid now;
  if (!yz_git_tracking_name(theirs->name, ours) ||
      git_reference_name_to_id(&now, s->t->l->repo, ours) < 0)
    return 0;
  int rc = git_reference_create(&r, repo, ours, &now, 1, NULL);
  git_reference_free(r);
  return rc < 0 ? yz_git_fail(err, rc, ours) : 0;
}

/* Are the tips of all refs among those twenty? */
static bool is_told(git_repository *repo) {
  enum { NAMED = 20 };
  struct yz_reflist refs = {0};
  git_revwalk *walk = NULL;
  git_oid id;
  size_t met = 0;
  if (yz_reflist_read(repo, "refs/remote/", &refs, NULL) < 0 || git_revwalk_new(&walk, repo) < 0) {
    yz_reflist_finish(&refs);
    return false;
  }
  (void)git_revwalk_sorting(walk, GIT_SORT_TIME);
  for (size_t i = 0; i < refs.n; i++) (void)!git_revwalk_push(walk, &refs.refs[i].tip);
  for (int n = 0; n < NAMED && git_revwalk_next(&id, walk) == 0; n++)
    for (size_t i = 0; i < refs.n; i++) met += git_oid_equal(&id, &refs.refs[i].tip) != 0;
  bool all = met >= refs.n;
  git_revwalk_free(walk);
  yz_reflist_finish(&refs);
  return all;
}

/* only: of this branch; NULL: of all. */
static int list_news(struct yz_remote *s, git_repository *repo, const struct yz_reflist *theirs,
                     const char *only, struct specs *specs, struct yz_error *err) {
  char ours[YZ_MAX_REF + 1];
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < theirs->n; i++)
    if ((only == NULL || strcmp(only, theirs->refs[i].name) == 0) &&
        yz_git_is_news(s->t->l, &theirs->refs[i]) &&
        yz_git_tracking_name(theirs->refs[i].name, ours)) {
      rc = tell_have(s, repo, &theirs->refs[i], err);
      if (rc == 0) rc = specs_add(specs, theirs->refs[i].name, ours, err);
    }
  return rc;
}

/* The next commit on the way to one of the branches, if the way is known; goal: which. */
static int list_step(struct yz_remote *s, struct yz_way *way, const struct yz_reflist *theirs,
                     struct specs *specs, struct yz_git_ref *goal, struct yz_error *err) {
  for (size_t i = 0; i < theirs->n; i++) {
    char hex[YZ_OID_HEX + 1];
    struct yz_git_ref base = {.name = theirs->refs[i].name};
    goal->name = theirs->refs[i].name;
    if (!yz_git_is_news(s->t->l, &theirs->refs[i]) ||
        !yz_way_next(way, s->t->l->odb, &theirs->refs[i].tip, &goal->tip, &base.tip))
      continue;
    /* The other side is told of what refs name. */
    int rc = git_oid_is_zero(&base.tip) ? 0 : yz_git_remember(s->t->l, &base, err);
    if (rc < 0) return rc;
    char **texts = calloc(1, sizeof *texts);
    if (texts == NULL) return yz_git_no_memory(err);
    specs->texts = texts;
    specs->texts[0] = strdup(git_oid_tostr(hex, sizeof hex, &goal->tip));
    if (specs->texts[0] == NULL) return yz_git_no_memory(err);
    specs->n = 1;
    return 0;
  }
  return 0;
}

static int download(struct yz_remote *s, const struct specs *specs, struct yz_incoming *in,
                    struct yz_error *err) {
  git_fetch_options how = {.version = GIT_FETCH_OPTIONS_VERSION,
                           .callbacks = yz_remote_callbacks(s),
                           .download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE,
                           .proxy_opts = {.version = GIT_PROXY_OPTIONS_VERSION},
                           .follow_redirects = GIT_REMOTE_REDIRECT_NONE,
                           .custom_headers = yz_remote_headers(s)};
  const git_strarray wanted = {specs->texts, specs->n};
  int rc = git_remote_download(s->remote, &wanted, &how);
  return rc < 0 ? yz_remote_fail(s, rc, err) : yz_incoming_accept(in, err);
}

/* way: commits are noted there while they come; NULL: they are not. */
static int init_incoming(struct yz_incoming *in, struct yz_transfer *t, struct yz_way *way,
                         struct yz_error *err) {
  int rc = yz_incoming_init(in, t->l, err);
  if (rc == 0 && yz_git_glean(in->odb, in->packs, way) < 0) rc = yz_git_fail(err, -1, in->objects);
  return rc;
}

/* One step of the way. *more: it went, and there may be another. */
static int fetch_step(struct yz_transfer *t, struct yz_way *way, bool *more, struct yz_error *err) {
  struct yz_remote s = {.t = t};
  struct yz_incoming in;
  struct yz_reflist theirs = {0};
  struct specs specs = {0};
  struct yz_git_ref goal;
  *more = false;
  int rc = init_incoming(&in, t, way, err);
  if (rc == 0) rc = yz_remote_connect(&s, in.repo, GIT_DIRECTION_FETCH, err);
  if (rc == 0) rc = yz_remote_list(&s, &theirs, err);
  if (rc == 0) rc = yz_transfer_part(t, &theirs, err);
  if (rc == 0) rc = list_step(&s, way, &theirs, &specs, &goal, err);
  if (rc == 0 && specs.n > 0) rc = tell_have(&s, in.repo, &goal, err);
  if (rc == 0 && specs.n > 0) {
    yz_way_begin(way);
    rc = download(&s, &specs, &in, err);
    if (rc == 0) rc = yz_git_remember(t->l, &goal, err);
    if (rc == 0) yz_way_went(way, git_remote_stats(s.remote)->received_bytes);
    *more = rc == 0;
  }
  yz_remote_finish(&s);
  yz_incoming_finish(&in);
  specs_finish(&specs);
  yz_reflist_finish(&theirs);
  return rc;
}

/* Where an earlier fetch was cut. A server that does not let us ask for what lies before its
 * branches is asked for all of it. */
static int fetch_onward(struct yz_transfer *t, struct yz_way *way, struct yz_error *err) {
  bool more = way->n > 0;
  int rc = git_odb_refresh(t->l->odb) < 0 ? yz_git_fail(err, -1, t->l->path) : 0;
  while (rc == 0 && more) {
    struct yz_error why = {0};
    rc = fetch_step(t, way, &more, &why);
    if (rc == YZ_E_NETWORK && (strstr(why.subject, "specific object") != NULL ||
                               strstr(why.subject, "not our ref") != NULL)) {
      yz_way_forget(way);
      return 0;
    }
    if (rc < 0) (void)yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  return rc;
}

static int fetch_news(struct yz_transfer *t, struct yz_way *way, const char *only,
                      struct yz_reflist *theirs, struct yz_error *err) {
  struct yz_remote s = {.t = t};
  struct yz_incoming in;
  struct specs specs = {0};
  int rc = init_incoming(&in, t, way, err);
  if (rc == 0) rc = yz_remote_connect(&s, in.repo, GIT_DIRECTION_FETCH, err);
  if (rc == 0) rc = yz_remote_list(&s, theirs, err);
  if (rc == 0) rc = yz_transfer_part(t, theirs, err);
  if (rc == 0) rc = list_news(&s, in.repo, theirs, only, &specs, err);
  bool together = rc < 0 || only != NULL || is_told(in.repo);
  if (rc == 0 && specs.n > 0 && together) rc = download(&s, &specs, &in, err);
  yz_remote_finish(&s);
  yz_incoming_finish(&in);
  specs_finish(&specs);
  return rc == 0 && !together ? APART : rc;
}

/* What does not come together comes branch by branch. */
static int fetch_apart(struct yz_transfer *t, struct yz_reflist *theirs, struct yz_error *err) {
  for (size_t i = 0; i < theirs->n; i++) {
    struct yz_reflist again = {0};
    struct yz_error why = {0};
    if (!yz_git_is_news(t->l, &theirs->refs[i])) continue;
    int rc = fetch_news(t, NULL, theirs->refs[i].name, &again, &why);
    yz_reflist_finish(&again);
    if (yz_transfer_is_fault(rc))
      yz_transfer_pass_over(t, theirs, i--);
    else if (rc < 0)
      return yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  return 0;
}

/* Who is turned away may have a pass that holds no more, and not have heard of it. */
static void ask_epoch(struct yz_transfer *t) {
  struct yz_remote s = {.t = t, .asks = true};
  int64_t epoch;
  if (yz_remote_connect(&s, t->l->repo, GIT_DIRECTION_FETCH, NULL) == 0 &&
      yz_remote_epoch(&s, &epoch))
    yz_transfer_epoch(t, epoch);
  yz_remote_finish(&s);
}

static int fetch(struct yz_transfer *t, struct yz_error *err) {
  struct yz_reflist theirs = {0};
  struct yz_error why = {0};
  struct yz_way way;
  int rc = yz_way_load(&way, t->l->path, t->files, &why);
  if (rc == 0) rc = fetch_onward(t, &way, &why);
  if (yz_transfer_is_fault(rc)) { /* on that way something is false: all in one, then */
    yz_way_forget(&way);
    why = (struct yz_error){0};
    rc = 0;
  }
  if (rc == 0) rc = fetch_news(t, &way, NULL, &theirs, &why);
  if (rc == APART || yz_transfer_is_fault(rc))
    rc = fetch_apart(t, &theirs, err);
  else if (rc < 0)
    rc = yz_fail(err, why.code, why.message, "%s", why.subject);
  if (rc == 0) rc = yz_git_track(t->l, &theirs, t->files, err);
  if (rc == 0)
    yz_way_forget(&way);
  else if (way.noted)
    yz_transfer_kept(t);
  yz_way_finish(&way);
  yz_reflist_finish(&theirs);
  return rc;
}

/* --- a hub that has much to do -------------------------------------------------- */

enum { PATIENCE_S = 300, PAUSE_LEAST_S = 3, PAUSE_SPREAD_S = 8 };

/* Of those who were asked to come again together some come sooner, some later. */
static int pause_a_while(struct yz_transfer *t, int left_s) {
  const struct timespec second = {.tv_sec = 1};
  int n = PAUSE_LEAST_S + (int)(((unsigned)getpid() + (unsigned)left_s) % PAUSE_SPREAD_S);
  for (int i = 0; i < n; i++) {
    yz_transfer_tick(t);
    (void)nanosleep(&second, NULL);
  }
  return left_s - n;
}

static int patiently(struct yz_transfer *t,
                     int (*once)(struct yz_transfer *t, struct yz_error *err),
                     struct yz_error *err) {
  struct yz_error why = {0};
  int left_s = PATIENCE_S;
  int rc = once(t, &why);
  while (rc < 0 && t->busy && left_s > 0) {
    left_s = pause_a_while(t, left_s);
    t->busy = t->turned_away = false;
    why = (struct yz_error){0};
    rc = once(t, &why);
  }
  return rc < 0 ? yz_fail(err, why.code, why.message, "%s", why.subject) : rc;
}

int yz_transfer_remote_fetch(struct yz_transfer *t, struct yz_error *err) {
  int rc = patiently(t, fetch, err);
  if (rc == YZ_E_KEY && t->turned_away && t->pass != NULL) ask_epoch(t);
  return rc;
}

int yz_transfer_remote_push(struct yz_transfer *t, struct yz_error *err) {
  return patiently(t, yz_remote_push, err);
}
