#include "ledgers.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <yizhan/pass.h>

#include "../hub/hub.h"
#include "../ledgers.h"
#include "backend.h"
#include "pushed.h"
#include "reply.h"

/* A village hears nothing while it waits, and hangs up after a minute: so long it may take until
 * git begins, and so long until all is taken in. */
enum { GITS = 4, GIT_WAIT_MS = 30000, PLAIN_WAIT_MS = 10000, TURN_WAIT_MS = 15000 };
enum status {
  GO_ON = 0,
  BAD = 400,
  WHO = 401,
  NO = 403,
  NOT_FOUND = 404,
  OTHER_KIND = 415,
  TOO_OFTEN = 429,
  LATER = 503
};
enum { LATER_S = 30, SOON_S = 5 }; /* after that what is in the way has probably gone */

/* In one ledger: three for each log, of which each PC writes one for each time that it was
 * restored. */
enum { MAX_BRANCHES = 1024 };

/* What one node may have. Two at once, so that none has all gits for itself; a first contact of
 * 100,000 records is some tens of MiB, and nobody fills the disk in a night. */
enum { AT_ONCE, REQUESTS, BYTES };
static const struct allowance of_node[] = {[AT_ONCE] = {2, 0},
                                           [REQUESTS] = {600, 60 * 1000},
                                           [BYTES] = {1024 * 1024 * 1024, 24 * 3600 * 1000}};

void ledgers_init(struct ledgers *l, const char *dir, const struct yz_world *world) {
  *l = (struct ledgers){.dir = dir, .world = world};
  l->held = yz_ledgers_begin(NULL) == 0;
  (void)sem_init(&l->gits, 0, GITS);
  clients_init(&l->nodes, of_node, sizeof of_node / sizeof *of_node);
  access_init(&l->log, dir, world);
  arrivals_start(&l->arrivals, dir, world);
}

void ledgers_finish(struct ledgers *l) {
  arrivals_stop(&l->arrivals);
  access_finish(&l->log);
  clients_finish(&l->nodes);
  (void)sem_destroy(&l->gits);
  if (l->held) yz_ledgers_end();
}

/* --- who comes, to what ------------------------------------------------------ */

/* A request that was let in. */
struct visit {
  struct yz_id ledger;
  struct yz_key node;
  char user[YZ_HASH_HEX + 1];
  const char *service, *query; /* as the backend is asked */
  bool push;
  bool keys;    /* of keys/ branches alone */
  bool counted; /* as one of those at once */
  bool lost;    /* its pass holds no more: it is told the epoch of those that do, nothing else */
  int64_t epoch;
};

/* What is asked of which ledger: one of four things. */
static bool read_place(const struct web_request *r, struct visit *v) {
  static const char GET[] = "/info/refs", UP[] = "/git-upload-pack", DOWN[] = "/git-receive-pack";
  const char *tail = r->tail;
  if (strnlen(tail, YZ_ID_HEX) != YZ_ID_HEX ||
      !yz_from_hex(tail, YZ_ID_HEX, v->ledger.bytes, YZ_ID_LEN))
    return false;
  tail += YZ_ID_HEX;
  const char *asked = strcmp(r->route->method, "POST") == 0 ? tail + 1 : web_argument(r, "service");
  if (asked == NULL || tail[0] != '/') return false;
  v->push = strcmp(asked, DOWN + 1) == 0;
  if (!v->push && strcmp(asked, UP + 1) != 0) return false;
  if (asked == tail + 1) {
    v->service = v->push ? DOWN : UP;
    return true;
  }
  v->service = GET;
  v->query = v->push ? "service=git-receive-pack" : "service=git-upload-pack";
  return strcmp(tail, GET) == 0;
}

static const char *kind_of(const struct visit *v) {
  if (v->query != NULL) return v->push ? "push-refs" : "refs";
  return v->push ? "push" : "fetch";
}

enum { NODE_DIGITS = 16 };

/* For the log: the village, and as much of the node as tells it apart. */
static void name_client(struct node *hub, const struct visit *v, struct web_request *r) {
  const struct yz_store *t = store_table(hub->store);
  struct yz_ledger_row row;
  bool found = t->get_ledger(t->ctx, &v->ledger, &row, NULL) == 0;
  (void)snprintf(r->client, sizeof r->client, "%.32s %.*s", found ? row.code : "-", NODE_DIGITS,
                 v->user);
}

static enum status check_pass(const struct ledgers *l, const char *said, struct visit *v,
                              struct web_request *r) {
  static const char SCHEME[] = "Bearer ";
  size_t n = sizeof SCHEME - 1;
  struct yz_error err = {0};
  struct node hub;
  if (said == NULL || strncmp(said, SCHEME, n) != 0) return WHO;
  if (node_open(&hub, l->dir, l->world, &err) != 0) return LATER;
  int rc = yz_pass_check(&hub.station, &v->ledger, said + n, strlen(said + n), &v->node, &err);
  yz_to_hex(v->node.bytes, YZ_KEY_LEN, v->user);
  if (rc == 0) name_client(&hub, v, r);
  if (rc == YZ_E_REFUSED && web_header(r, "Yizhan-Epoch") != NULL && v->query != NULL && !v->push)
    v->lost =
        yz_pass_epoch(&hub.station, &v->ledger, said + n, strlen(said + n), &v->epoch, &err) == 0;
  node_finish(&hub);
  return rc == 0 || v->lost ? GO_ON : rc == YZ_E_REFUSED ? NO : LATER;
}

/* --- how much ---------------------------------------------------------------- */

static struct client_key key_of(const struct yz_key *node) {
  struct client_key key = {{'n'}};
  memcpy(key.bytes + 1, node->bytes, YZ_KEY_LEN);
  return key;
}

/* Two requests of one node that look at the same time may both go on: one too many is no harm. */
static enum status count(struct ledgers *l, struct visit *v, struct web_request *r) {
  int64_t now_ms = l->world->ticks_ms(l->world->ctx);
  const struct client_key key = key_of(&v->node);
  for (size_t kind = 0; kind < sizeof of_node / sizeof *of_node && r->retry_s == 0; kind++)
    r->retry_s = clients_wait(&l->nodes, &key, kind, now_ms);
  if (r->retry_s > 0) return TOO_OFTEN;
  clients_spend(&l->nodes, &key, REQUESTS, 1, now_ms);
  clients_spend(&l->nodes, &key, AT_ONCE, 1, now_ms);
  v->counted = true;
  return GO_ON;
}

void ledgers_done(void *ctx, const struct web_request *r, const struct web_done *d) {
  struct ledgers *l = ctx;
  const struct visit *v = r->state;
  int64_t now_ms = l->world->ticks_ms(l->world->ctx);
  if (v != NULL && v->counted) {
    const struct client_key key = key_of(&v->node);
    clients_spend(&l->nodes, &key, AT_ONCE, -1, now_ms);
    clients_spend(&l->nodes, &key, BYTES, d->in + d->out, now_ms);
  }
  access_note(&l->log, r, d);
}

static unsigned admit(struct web_request *r) {
  struct visit *v = calloc(1, sizeof *v);
  r->state = v;
  r->kind = "ledger";
  if (v == NULL) return LATER;
  if (!read_place(r, v)) return NOT_FOUND;
  r->kind = kind_of(v);
  enum status refused = check_pass(r->ctx, web_header(r, "Authorization"), v, r);
  if (refused == LATER) r->retry_s = LATER_S;
  if (refused == GO_ON && !v->lost) refused = count(r->ctx, v, r);
  if (refused != GO_ON) return refused;
  /* The commands of a push are looked at. */
  const char *packed = web_header(r, "Content-Encoding");
  return v->push && packed != NULL && strcmp(packed, "gzip") != 0 ? OTHER_KIND : GO_ON;
}

/* --- git --------------------------------------------------------------------- */

/* Who has sent much waits longer than who has only asked: it would send it once more. */
static bool is_our_turn(struct ledgers *l, bool pushed) {
  int64_t until = l->world->ticks_ms(l->world->ctx) + (pushed ? GIT_WAIT_MS : PLAIN_WAIT_MS);
  const struct timespec at = {until / 1000, until % 1000 * 1000000};
  int rc;
  do rc = sem_clockwait(&l->gits, CLOCK_MONOTONIC, &at);
  while (rc != 0 && errno == EINTR);
  return rc == 0;
}

static void run_backend(struct web_request *r, const struct visit *v, const char *repository,
                        struct web_answer *a) {
  struct ledgers *l = r->ctx;
  const struct backend b = {.repository = repository,
                            .service = v->service,
                            .method = r->route->method,
                            .query = v->query,
                            .type = web_header(r, "Content-Type"),
                            .encoding = web_header(r, "Content-Encoding"),
                            .protocol = web_header(r, "Git-Protocol"),
                            .user = v->user,
                            .folder = l->dir,
                            .push = v->push,
                            .replace = v->keys,
                            .body = r->body,
                            .body_len = r->body_len};
  a->status = TOO_OFTEN;
  r->retry_s = SOON_S;
  if (!is_our_turn(l, r->body >= 0)) return;
  r->retry_s = 0;
  backend_run(&b, a);
  (void)sem_post(&l->gits);
}

/* Under the repository's lock, as whoever writes there. */
static void run_push(struct web_request *r, const struct visit *v, const char *repository,
                     struct web_answer *a) {
  struct yz_lock lock = {-1};
  struct yz_error err = {0};
  char *path = NULL;
  a->status = LATER;
  if (asprintf(&path, "%s/yizhan.lock", repository) < 0) return;
  if (yz_lock_acquire(&lock, path, GIT_WAIT_MS, &err) == 0) run_backend(r, v, repository, a);
  yz_lock_release(&lock);
  free(path);
}

/* May so many branches more begin there? */
static enum status check_room(const char *repository, size_t more) {
  struct yz_error err = {0};
  size_t n;
  if (yz_ledger_count_branches(repository, &n, &err) != 0) return LATER;
  return n + more <= MAX_BRANCHES ? GO_ON : NO;
}

/* Only branches that are this node's to write. */
static enum status check_push(struct node *hub, const struct web_request *r, const char *repository,
                              struct visit *v) {
  struct yz_id logs[PUSHED_MAX_REFS];
  struct yz_error err = {0};
  char head[PUSHED_MAX_BYTES];
  size_t n = 0, begins = 0;
  enum yz_may_push may = YZ_MAY_GO_ON;
  ssize_t len = pushed_head(r->body, web_header(r, "Content-Encoding") != NULL, head);
  if (len < 0 || !pushed_read(head, (size_t)len, logs, &n, &v->keys)) return NO;
  for (size_t i = 0; i < n && may != YZ_MAY_NOT; i++) {
    if (yz_pass_may_push(&hub->station, &v->ledger, &v->node, &logs[i], &may, &err) != 0)
      return LATER;
    begins += may == YZ_MAY_BEGIN;
  }
  if (may == YZ_MAY_NOT) return NO;
  return begins == 0 ? GO_ON : check_room(repository, begins);
}

/* A record of ours that cannot be fetched yet. */
static bool has_news(struct node *hub, const struct yz_ledger_row *ledger) {
  struct yz_error err = {0};
  bool news = false;
  return hub_has_news(hub, ledger, &news, &err) == 0 && news;
}

/* Has the village, by what it says, all that it would be shown? */
static bool knows_all(struct node *hub, const struct web_request *r,
                      const struct yz_ledger_row *ledger) {
  const char *known = web_header(r, "Yizhan-Known");
  char now[YZ_BRANCHES_PRINT] = "";
  struct yz_ledger *git = NULL;
  struct yz_error err = {0};
  if (known == NULL) return false;
  bool same = node_open_ledger(hub, ledger, false, &git, &err) == 0 &&
              yz_ledger_branches_print(git, "refs/heads/", now, &err) == 0 &&
              strcmp(known, now) == 0;
  yz_ledger_destroy(git);
  return same;
}

/* As the one branch of a repository, since a village reads nothing else: packet lines, as of
 * gitprotocol-http(5). */
static void answer_one(struct web_answer *a, const char *ref) {
  enum { HEAD = 4, OID = 40 };
  static const char able[] = "no-done";
  int line = HEAD + OID + 1 + (int)strlen(ref) + 1 + (int)strlen(able) + 1;
  a->len = asprintf(&a->bytes, "001e# service=git-upload-pack\n0000%04x%0*d %s%c%s\n0000", line,
                    OID, 1, ref, 0, able);
  a->status = a->len < 0 ? LATER : 200;
  if (a->len < 0) a->bytes = NULL;
  (void)snprintf(a->type, sizeof a->type, "application/x-git-upload-pack-advertisement");
}

static void answer_epoch(const struct visit *v, struct web_answer *a) {
  char ref[40];
  (void)snprintf(ref, sizeof ref, "refs/epoch/%lld", (long long)v->epoch);
  answer_one(a, ref);
}

static void serve(struct web_request *r, struct node *hub, const struct yz_ledger_row *ledger,
                  const char *repository, struct web_answer *a) {
  struct ledgers *l = r->ctx;
  struct visit *v = r->state;
  struct reply_marks marks;
  bool post = r->body >= 0;
  if (post && v->push) {
    a->status = check_push(hub, r, repository, v);
    if (a->status != GO_ON) return;
    run_push(r, v, repository, a);
    if (a->file < 0) return;
    reply_mark(hub, r, ledger, &marks);
    (void)arrivals_wait(&l->arrivals, &v->ledger, TURN_WAIT_MS);
    reply_add(hub, &marks, a);
    return;
  }
  if (!post && !v->push)
    arrivals_catch_up(&l->arrivals, &v->ledger, has_news(hub, ledger), TURN_WAIT_MS);
  if (!post && !v->push && knows_all(hub, r, ledger))
    answer_one(a, "refs/same");
  else
    run_backend(r, v, repository, a);
}

static void answer(struct web_request *r, struct web_answer *a) {
  const struct ledgers *l = r->ctx;
  const struct visit *v = r->state;
  struct yz_ledger_row row;
  struct yz_error err = {0};
  struct node hub;
  if (v->lost) {
    answer_epoch(v, a);
    return;
  }
  a->status = r->body < 0 && v->query == NULL ? BAD : LATER;
  if (a->status == BAD || node_open(&hub, l->dir, l->world, &err) != 0) return;
  const struct yz_store *t = store_table(hub.store);
  char *repository = NULL;
  if (t->get_ledger(t->ctx, &v->ledger, &row, &err) == 0 && row.url[0] == '\0')
    repository = node_ledger_path(&hub, &row);
  if (repository != NULL) serve(r, &hub, &row, repository, a);
  free(repository);
  node_finish(&hub);
}

static void answer_or_later(struct web_request *r, struct web_answer *a) {
  answer(r, a);
  if (a->status == LATER) r->retry_s = LATER_S;
}

/* --- are we well? -------------------------------------------------------------- */

static unsigned admit_anyone(struct web_request *r) {
  r->kind = "health";
  return *r->tail == '\0' ? GO_ON : NOT_FOUND;
}

static void answer_health(struct web_request *r, struct web_answer *a) {
  const struct ledgers *l = r->ctx;
  struct yz_error err = {0};
  struct node hub;
  a->status = LATER;
  if (node_open(&hub, l->dir, l->world, &err) != 0) return;
  node_finish(&hub);
  a->status = 200;
}

const struct web_route health_get = {.method = "GET",
                                     .prefix = "/healthz",
                                     .admit = admit_anyone,
                                     .answer = answer_health,
                                     .bare = true};
const struct web_route ledger_get = {
    .method = "GET", .prefix = "/ledger/", .admit = admit, .answer = answer_or_later, .bare = true};
const struct web_route ledger_post = {.method = "POST",
                                      .prefix = "/ledger/",
                                      .max_body = BACKEND_MAX_PUSH,
                                      .on_disk = true,
                                      .admit = admit,
                                      .answer = answer_or_later,
                                      .bare = true};
