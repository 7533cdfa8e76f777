/* Push over ssh and https. Nothing is sent when nothing is new. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/remote.h"

/* A pack that is worth making small: what was recorded since a contact not long ago. */
enum { SMALL = 32 * 1024, FEW = 3 };

/* One push: what the other side has, what it is asked for. */
struct pushing {
  struct yz_remote s;
  struct yz_reflist theirs;
  struct yz_thin pack;
  char **specs;
  size_t n;
};

static void pushing_finish(struct pushing *p) {
  yz_push_settle(p->s.t->l);
  yz_remote_finish(&p->s);
  yz_thin_finish(&p->pack);
  yz_reflist_finish(&p->theirs);
  for (size_t i = 0; i < p->n; i++) free(p->specs[i]);
  free(p->specs);
}

static git_oid tip_of(const struct yz_reflist *refs, const char *name) {
  for (size_t i = 0; i < refs->n; i++)
    if (strcmp(refs->refs[i].name, name) == 0) return refs->refs[i].tip;
  return (git_oid){{0}};
}

static int add_spec(struct pushing *p, const struct yz_push *push, const char *from,
                    struct yz_error *err) {
  char **specs = reallocarray(p->specs, p->n + 1, sizeof *specs);
  if (specs == NULL) return yz_git_no_memory(err);
  p->specs = specs;
  if (asprintf(&specs[p->n], "%s%s:%s", push->force ? "+" : "", from, push->ref) < 0)
    return yz_git_no_memory(err);
  p->n++;
  return 0;
}

/* What is new in it, for our own pack. */
static int add_news(struct pushing *p, const struct yz_push *push, const git_oid *there,
                    const git_oid *ours, struct yz_error *err) {
  struct yz_oid since = yz_oid_of(there), tip = yz_oid_of(ours);
  bool onward = !push->force && !git_oid_is_zero(there);
  return p->pack.too_much ? 0 : yz_thin_add(&p->pack, onward ? &since : NULL, &tip, err);
}

/* What is asked for stands as refused until the other side says yes. */
static int ask_for(struct pushing *p, struct yz_error *err) {
  const struct yz_transfer *t = p->s.t;
  for (size_t i = 0; i < t->n; i++) {
    struct yz_push *push = &t->pushes[i];
    char from[YZ_MAX_REF + 1];
    git_oid ours, there = tip_of(&p->theirs, push->ref);
    push->rejected = false;
    int rc = yz_push_target(t->l, push, &ours, err);
    if (rc < 0) return rc;
    if (git_oid_equal(&ours, &there) || !yz_push_allowed(t->l, push, &there, &ours)) continue;
    rc = yz_push_source(t->l, push, &ours, from, err);
    if (rc == 0) rc = add_spec(p, push, from, err);
    if (rc == 0) rc = add_news(p, push, &there, &ours, err);
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

/* Our own pack, if it has become one. */
static int close_pack(struct pushing *p, struct yz_error *err) {
  struct yz_remote *s = &p->s;
  if (p->pack.too_much) return 0;
  int rc = yz_thin_seal(&p->pack, err);
  s->pack = &p->pack.out;
  s->gzip = p->pack.loose;
  if (rc == 0 && s->gzip && yz_remote_say(s, "Content-Encoding: gzip") != 0)
    rc = yz_git_no_memory(err);
  return rc;
}

static int upload(struct pushing *p, struct yz_error *err) {
  struct yz_remote *s = &p->s;
  git_push_options how = {.version = GIT_PUSH_OPTIONS_VERSION,
                          .pb_parallelism = 1,
                          .callbacks = yz_remote_callbacks(s),
                          .proxy_opts = {.version = GIT_PROXY_OPTIONS_VERSION},
                          .follow_redirects = GIT_REMOTE_REDIRECT_NONE};
  const git_strarray wanted = {p->specs, p->n};
  how.callbacks.push_update_reference = on_answer;
  how.custom_headers = yz_remote_headers(s);
  int rc = git_remote_upload(s->remote, &wanted, &how);
  return rc < 0 ? yz_remote_fail(s, rc, err) : 0;
}

/* seen: what the other side has is known, and it is not asked. */
static int begin(struct pushing *p, bool seen, struct yz_error *err) {
  struct yz_ledger *l = p->s.t->l;
  int rc = yz_thin_init(&p->pack, l, SMALL, err);
  /* Only the hub's road has our own way up. */
  p->pack.too_much = p->s.t->pass == NULL;
  p->pack.loose = seen && p->s.t->gzip;
  p->pack.max_commits = FEW;
  if (rc == 0 && seen) rc = yz_git_remembered(l, &p->theirs, err);
  p->s.seen = seen && p->theirs.n > 0 ? &p->theirs : NULL;
  if (rc == 0) rc = yz_remote_connect(&p->s, l->repo, GIT_DIRECTION_PUSH, err);
  return rc == 0 && p->s.seen == NULL ? yz_remote_list(&p->s, &p->theirs, err) : rc;
}

static int push(struct yz_transfer *t, bool seen, struct yz_error *err) {
  struct pushing p = {.s = {.t = t}};
  int rc = begin(&p, seen, err);
  if (rc == 0) rc = ask_for(&p, err);
  if (rc == 0 && p.n > 0) rc = close_pack(&p, err);
  if (rc == 0 && p.n > 0) rc = upload(&p, err);
  /* What cannot be taken now is there to be fetched. */
  if (rc == 0 && p.s.reply.len > 0 &&
      yz_git_take_reply(t->l, p.s.reply.data, p.s.reply.len, NULL) == 1)
    yz_transfer_replied(t);
  if (rc == 0) rc = yz_push_verdict(t, err);
  pushing_finish(&p);
  return rc;
}

/* Who is refused may have seen what is there no more. */
int yz_remote_push(struct yz_transfer *t, struct yz_error *err) {
  struct yz_error why = {0};
  int rc = t->seen ? push(t, true, &why) : YZ_E_REFUSED;
  if (rc == YZ_E_REFUSED) return push(t, false, err);
  return rc < 0 ? yz_fail(err, why.code, why.message, "%s", why.subject) : 0;
}
