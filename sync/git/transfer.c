/* Fetch and push over ssh and https. Nothing is asked for or sent when nothing is new:
 * libgit2 would talk three turns all the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/remote.h"

/* Refspecs, owned. */
struct specs {
  char **texts;
  size_t n;
};

static void specs_finish(struct specs *s) {
  for (size_t i = 0; i < s->n; i++) free(s->texts[i]);
  free(s->texts);
}

static int specs_add(struct specs *s, bool force, const char *from, const char *to,
                     struct yz_error *err) {
  char **texts = reallocarray(s->texts, s->n + 1, sizeof *texts);
  if (texts == NULL) return yz_git_no_memory(err);
  s->texts = texts;
  if (asprintf(&s->texts[s->n], "%s%s:%s", force ? "+" : "", from, to) < 0)
    return yz_git_no_memory(err);
  s->n++;
  return 0;
}

/* only: of this branch; NULL: of all. */
static int list_news(struct yz_remote *s, const struct yz_reflist *theirs, const char *only,
                     struct specs *specs, struct yz_error *err) {
  char ours[YZ_MAX_REF + 1];
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < theirs->n; i++)
    if ((only == NULL || strcmp(only, theirs->refs[i].name) == 0) &&
        yz_git_is_news(s->t->l, &theirs->refs[i]) &&
        yz_git_tracking_name(theirs->refs[i].name, ours))
      rc = specs_add(specs, true, theirs->refs[i].name, ours, err);
  return rc;
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

static int fetch_news(struct yz_transfer *t, const char *only, struct yz_reflist *theirs,
                      struct yz_error *err) {
  struct yz_remote s = {.t = t};
  struct yz_incoming in;
  struct specs specs = {0};
  int rc = yz_incoming_init(&in, t->l, err);
  if (rc == 0) rc = yz_remote_connect(&s, in.repo, GIT_DIRECTION_FETCH, err);
  if (rc == 0) rc = yz_remote_list(&s, theirs, err);
  if (rc == 0) rc = list_news(&s, theirs, only, &specs, err);
  if (rc == 0 && specs.n > 0) rc = download(&s, &specs, &in, err);
  yz_remote_finish(&s);
  yz_incoming_finish(&in);
  specs_finish(&specs);
  return rc;
}

/* What does not come together comes branch by branch. */
static int fetch_apart(struct yz_transfer *t, struct yz_reflist *theirs, struct yz_error *err) {
  for (size_t i = 0; i < theirs->n; i++) {
    struct yz_reflist again = {0};
    struct yz_error why = {0};
    if (!yz_git_is_news(t->l, &theirs->refs[i])) continue;
    int rc = fetch_news(t, theirs->refs[i].name, &again, &why);
    yz_reflist_finish(&again);
    if (yz_transfer_is_fault(rc))
      yz_transfer_pass_over(t, theirs, i--);
    else if (rc < 0)
      return yz_fail(err, why.code, why.message, "%s", why.subject);
  }
  return 0;
}

int yz_transfer_remote_fetch(struct yz_transfer *t, struct yz_error *err) {
  struct yz_reflist theirs = {0};
  struct yz_error why = {0};
  int rc = fetch_news(t, NULL, &theirs, &why);
  if (yz_transfer_is_fault(rc))
    rc = fetch_apart(t, &theirs, err);
  else if (rc < 0)
    rc = yz_fail(err, why.code, why.message, "%s", why.subject);
  if (rc == 0) rc = yz_git_track(t->l, &theirs, err);
  yz_reflist_finish(&theirs);
  return rc;
}

static git_oid tip_of(const struct yz_reflist *refs, const char *name) {
  for (size_t i = 0; i < refs->n; i++)
    if (strcmp(refs->refs[i].name, name) == 0) return refs->refs[i].tip;
  return (git_oid){{0}};
}

/* What is asked for stands as refused until the other side says yes. */
static int ask_for(struct yz_remote *s, const struct yz_reflist *theirs, struct specs *specs,
                   struct yz_error *err) {
  for (size_t i = 0; i < s->t->n; i++) {
    struct yz_push *push = &s->t->pushes[i];
    char from[YZ_MAX_REF + 1];
    git_oid ours, there = tip_of(theirs, push->ref);
    int rc = yz_push_target(s->t->l, push, &ours, err);
    if (rc < 0) return rc;
    if (git_oid_equal(&ours, &there) || !yz_push_allowed(s->t->l, push, &there, &ours)) continue;
    rc = yz_push_source(s->t->l, push, &ours, from, err);
    if (rc == 0) rc = specs_add(specs, push->force, from, push->ref, err);
    if (rc < 0) return rc;
    yz_push_reject(push, YZ_N_("The other side gave no answer. Try again."));
  }
  return 0;
}

static int on_answer(const char *ref, const char *refusal, void *payload) {
  const struct yz_remote *s = payload;
  for (size_t i = 0; i < s->t->n; i++) {
    struct yz_push *push = &s->t->pushes[i];
    if (strcmp(push->ref, ref) != 0) continue;
    push->rejected = false;
    push->why[0] = '\0';
    if (refusal != NULL) yz_push_reject(push, refusal);
  }
  return 0;
}

static int upload(struct yz_remote *s, const struct specs *specs, struct yz_error *err) {
  git_push_options how = {.version = GIT_PUSH_OPTIONS_VERSION,
                          .pb_parallelism = 1,
                          .callbacks = yz_remote_callbacks(s),
                          .proxy_opts = {.version = GIT_PROXY_OPTIONS_VERSION},
                          .follow_redirects = GIT_REMOTE_REDIRECT_NONE,
                          .custom_headers = yz_remote_headers(s)};
  const git_strarray wanted = {specs->texts, specs->n};
  how.callbacks.push_update_reference = on_answer;
  int rc = git_remote_upload(s->remote, &wanted, &how);
  return rc < 0 ? yz_remote_fail(s, rc, err) : 0;
}

int yz_transfer_remote_push(struct yz_transfer *t, struct yz_error *err) {
  struct yz_remote s = {.t = t};
  struct yz_reflist theirs = {0};
  struct specs specs = {0};
  int rc = yz_remote_connect(&s, t->l->repo, GIT_DIRECTION_PUSH, err);
  if (rc == 0) rc = yz_remote_list(&s, &theirs, err);
  if (rc == 0) rc = ask_for(&s, &theirs, &specs, err);
  if (rc == 0 && specs.n > 0) rc = upload(&s, &specs, err);
  /* What cannot be taken now is there to be fetched. */
  if (rc == 0 && s.reply.len > 0 && yz_git_take_reply(t->l, s.reply.data, s.reply.len, NULL) == 1)
    yz_transfer_replied(t);
  if (rc == 0) rc = yz_push_verdict(t, err);
  yz_push_settle(t->l);
  yz_remote_finish(&s);
  specs_finish(&specs);
  yz_reflist_finish(&theirs);
  return rc;
}
