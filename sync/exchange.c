/* One contact with the ledger's other side: fetch, take in, cut, push; by steps where the link may
 * be cut. What is cut stays cut when the road fails. */
#include "send.h"
#include <stdlib.h>
#include <string.h>
#include <yizhan/pass.h>

enum {
  FAILURES = 4,
  KEPT_MOST = 1000,
  PIECES_NEAR = 2 * 1024 * 1024,  /* bytes of pieces that go to a folder at one time */
  PIECES_SPARE = 64 * 1024 * 1024 /* bytes of disk that must be left before any are fetched */
};

/* A folder is written in one go: it is not cut, or gone. */
static bool is_far(const char *url) {
  return strncmp(url, "https://", 8) == 0 || strncmp(url, "ssh://", 6) == 0;
}

struct missing {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  bool any;
  struct yz_error *err;
};

static int look_for_tips(void *arg, const struct yz_log_row *row) {
  struct missing *m = arg;
  const struct yz_store *store = m->st->store;
  struct yz_oid tip;
  char ref[REF_ROOM];

  for (int i = 0; i < YZ_KINDS; i++) {
    station_ref("refs/heads/", station_kinds[i], &row->id, ref);
    int rc = store->get_tip(store->ctx, &m->ledger->id, ref, &tip, m->err);
    if (rc == YZ_E_NOT_FOUND) continue;
    if (rc) return rc;
    m->any = m->any || !station_has_commit(m->git, &tip);
  }
  return YZ_OK;
}

int station_mend(const struct yz_station *st, struct yz_ledger *git,
                 const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct missing m = {st, git, ledger, false, err};
  int rc = st->store->each_log(st->store->ctx, &ledger->id, look_for_tips, &m, err);
  return rc || !m.any ? rc : yz_rebuild_git(st, git, ledger, err);
}

/* Fetches what lies at the ledger's place, and sees whether it is this ledger. */
static int reach(const struct yz_station *st, struct yz_ledger *git,
                 const struct yz_ledger_row *ledger, struct yz_road *road,
                 char pass[static YZ_PASS_TEXT], struct yz_error *err) {
  struct yz_error why = {0};
  int rc = YZ_OK;

  road->url = ledger->url;
  road->seed = st->seed;
  if (station_hubs_road(ledger)) {
    rc = yz_pass_make(st, ledger, -1, pass, err);
    road->pass = pass;
  }
  if (rc) return rc;
  rc = yz_ledger_fetch(git, road, &why);
  if (rc && road->has_epoch) { /* the hub has changed it, and could not tell us otherwise */
    rc = yz_pass_make(st, ledger, road->epoch, pass, &why);
    if (!rc) rc = yz_ledger_fetch(git, road, &why);
  }
  if (rc) return yz_fail(err, rc, why.message, "%s", why.subject);
  return rc ? rc : yz_check_place(st, git, ledger, err);
}

int yz_look(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
            struct yz_error *err) {
  struct yz_road road = {0};
  char pass[YZ_PASS_TEXT];
  return reach(st, git, ledger, &road, pass, err);
}

/* One contact, over all its turns. */
struct contact {
  const struct yz_station *st;
  struct yz_ledger *git;
  struct yz_ledger_row ledger; /* as it is now: the hub may have a successor by what came */
  struct yz_road road;
  char pass[YZ_PASS_TEXT];
  struct sending sending;
  struct pace pace;
  bool away, far;             /* another repository is the other side; a link is in between */
  bool met, cut;              /* the other side was there; own records are cut */
  int failures;               /* in a row */
  int kept;                   /* fetches that were cut and brought something on */
  size_t left;                /* of commits, before the last step that went */
  const struct yz_told *told; /* NULL: nobody */
  struct yz_going going;
  struct yz_exchanged *out;
};

/* A link that broke is tried again at once, some times, if it was there in this contact. */
static bool again(struct contact *c, int rc) {
  c->met = c->met || c->road.kept;
  if (c->road.kept && c->kept++ < KEPT_MOST) c->failures = 0;
  if (rc != YZ_E_NETWORK || !c->far || !c->met || c->road.silent) return false;
  return ++c->failures < FAILURES;
}

static void on_moved(void *ctx, int64_t up, int64_t down) {
  struct contact *c = ctx;
  c->going.bytes_up = up;
  c->going.bytes_down = down;
  if (c->told != NULL) c->told->fn(c->told->ctx, &c->going);
}

/* What is acknowledged by now. */
static int tell_standing(struct contact *c, struct yz_error *err) {
  struct yz_standing s;

  if (c->told == NULL) return YZ_OK;
  int rc = yz_standing(c->st, &c->ledger, &s, err);
  if (rc) return rc;
  c->going.records = s.records;
  c->going.acknowledged = s.records - s.pending;
  on_moved(c, c->road.bytes_up, c->road.bytes_down);
  return YZ_OK;
}

static int add_taken(struct yz_taken *all, struct yz_taken *more, struct yz_error *err) {
  int rc = YZ_OK;

  all->accepted += more->accepted;
  all->waiting += more->waiting;
  all->quarantined += more->quarantined;
  if (more->n) {
    struct yz_count *grown = realloc(all->logs, (all->n + more->n) * sizeof *grown);
    if (grown) {
      memcpy(grown + all->n, more->logs, more->n * sizeof *grown);
      all->logs = grown;
      all->n += more->n;
    } else {
      rc = yz_no_memory(err);
    }
  }
  yz_taken_finish(more);
  return rc;
}

static int take_in(struct contact *c, struct yz_error *err) {
  const struct yz_store *store = c->st->store;
  struct yz_taken taken = {0};

  int rc =
      yz_ingest(c->st, c->git, &c->ledger, c->away ? "refs/remote/" : "refs/heads/", &taken, err);
  int added = add_taken(&c->out->taken, &taken, rc ? NULL : err);
  if (!rc) rc = added;
  if (!rc) rc = store->get_ledger(store->ctx, &c->ledger.id, &c->ledger, err);
  return rc ? rc : tell_standing(c, err);
}

/* Did the last step that went change anything? Another side that says yes and does nothing would
 * be asked for ever. */
static bool moves(struct contact *c) {
  bool less = c->left == 0 || c->sending.left < c->left;
  c->left = c->sending.left;
  return less;
}

/* One step up, and what is answered to it taken in. *more: another turn is wanted. */
static int go_up(struct contact *c, bool *more, struct yz_error *err) {
  int64_t bytes = c->road.bytes_up;

  c->sending.ledger = &c->ledger;
  c->sending.limit = c->far ? c->pace.limit : 0;
  c->sending.unseen = c->road.passed_over > 0;
  c->road.replied = false;
  int rc = send_step(&c->sending, err);
  if (rc == YZ_E_NETWORK && c->far) {
    int slower = pace_cut(c->st, &c->ledger.id, &c->pace, NULL);
    return slower ? slower : rc;
  }
  c->out->refused = c->out->refused || rc == YZ_E_REFUSED;
  *more = moves(c) && c->sending.more;
  if (rc == YZ_OK && c->far && c->sending.n) {
    c->failures = 0;
    rc = pace_went(c->st, &c->ledger.id, &c->pace, c->road.bytes_up - bytes, err);
  }
  if (rc) c->road.replied = false;
  return c->road.replied ? take_in(c, err) : rc;
}

/* Fetch and take in; not where the answer to the last step has told what there is. */
static int go_down(struct contact *c, struct yz_error *err) {
  if (c->road.replied) return YZ_OK;
  c->road.passed_over = 0;
  int rc = c->away ? reach(c->st, c->git, &c->ledger, &c->road, c->pass, err) : YZ_OK;
  if (rc) return rc;
  c->met = true;
  return take_in(c, err);
}

/* Down, cut, a step up. What was refused is left out from then on. */
static int turn(struct contact *c, bool *more, struct yz_error *err) {
  int64_t records;

  *more = false;
  int rc = go_down(c, err);
  if (rc == YZ_E_NETWORK) *more = again(c, rc);
  if (!rc && !c->cut) rc = yz_cut(c->st, c->git, &c->ledger, &records, err);
  c->cut = c->cut || !rc;
  if (rc || !c->away) return rc;
  rc = go_up(c, more, err);
  if (rc == YZ_E_NETWORK) *more = again(c, rc);
  return rc;
}

/* Until nothing is left, or the road does not go on. A refusal is told at the end. */
static int go_to_and_fro(struct contact *c, struct yz_error *err) {
  struct yz_error refused = {0};
  bool more = true;
  int rc = YZ_OK;

  while (more) {
    struct yz_error why = {0};
    rc = turn(c, &more, &why);
    if (rc == YZ_E_REFUSED) refused = why;
    if (rc && !more) (void)yz_fail(err, rc, why.message, "%s", why.subject);
  }
  if (!rc && c->out->refused)
    rc = yz_fail(err, refused.code, refused.message, "%s", refused.subject);
  if (!rc && c->sending.forked)
    rc = yz_fail(
        err, YZ_E_DAMAGED,
        YZ_N_("Another copy of this node's folder has written in the same log and was first. "
              "What was written here is kept here, but does not travel. Use one copy only; "
              "make further ones with backup and restore."),
        NULL);
  return rc;
}

/* --- pieces: after all records ------------------------------------------- */

/* Was something written since this contact cut what there was? */
static int look_for_records(struct contact *c, bool *any, struct yz_error *err) {
  const struct yz_store *store = c->st->store;
  struct yz_log_row log;
  int64_t last = 0;

  int rc = store->get_log(store->ctx, &c->ledger.own, &log, err);
  if (!rc) rc = store->last_segment(store->ctx, &c->ledger.own, &last, err);
  *any = !rc && log.head.seq > last;
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* A step of pieces up. Records that came meanwhile go first. */
static int files_turn(struct contact *c, bool *more, struct yz_error *err) {
  bool records, loose = false;

  *more = false;
  int rc = look_for_records(c, &records, err);
  if (!rc && records && c->away) {
    c->cut = c->sending.files = c->road.replied = false;
    rc = go_to_and_fro(c, err);
  }
  c->sending.files = true;
  if (!rc)
    rc = station_publish_pieces(c->st, c->git, &c->ledger, c->far ? c->pace.limit : PIECES_NEAR,
                                &loose, err);
  *more = loose;
  if (rc || !c->away) return rc;
  c->left = 0;
  rc = go_up(c, more, err);
  *more = rc == YZ_E_NETWORK ? again(c, rc) : !rc && (*more || loose);
  return rc;
}

/* Pieces of others, where the last fetch has seen that there are some. */
static int files_down(struct contact *c, struct yz_error *err) {
  const struct yz_world *world = c->st->world;
  int rc = YZ_E_NETWORK;

  if (!c->away || c->road.files_news == 0) return YZ_OK;
  int64_t left = world->disk_free(world->ctx, yz_ledger_path(c->git));
  if (left >= 0 && left < PIECES_SPARE) return YZ_OK;
  c->road.files = true;
  while (rc == YZ_E_NETWORK) {
    struct yz_error why = {0};
    rc = yz_ledger_fetch(c->git, &c->road, &why);
    if (rc == YZ_E_NETWORK && again(c, rc)) continue;
    if (rc) return yz_fail(err, rc, why.message, "%s", why.subject);
  }
  c->road.files = false;
  return take_in(c, err);
}

static int files_up(struct contact *c, struct yz_error *err) {
  bool more = true;
  int rc = YZ_OK;

  while (more) {
    struct yz_error why = {0};
    rc = files_turn(c, &more, &why);
    if (rc && !more) (void)yz_fail(err, rc, why.message, "%s", why.subject);
  }
  return rc;
}

static int note_arrived(struct contact *c, struct yz_error *err) {
  const struct yz_store *store = c->st->store;

  if (!c->away) return YZ_OK;
  int rc = store->begin(store->ctx, err);
  if (rc) return rc;
  return station_end(c->st, store->pieces_arrived(store->ctx, &c->ledger.id, err), err);
}

/* Who was restored has less of its own than the other side, and hears of it only by what comes: a
 * refusal is final once that is here. */
static int go_with_files(struct contact *c, struct yz_error *err) {
  struct yz_error why = {0};

  int rc = files_up(c, &why);
  if (rc && rc != YZ_E_REFUSED) return yz_fail(err, rc, why.message, "%s", why.subject);
  int down = files_down(c, err);
  if (!down && !rc) down = note_arrived(c, err);
  if (down || !rc) return down;
  c->sending.n_refused = 0;
  c->out->refused = false;
  rc = files_up(c, err);
  return rc ? rc : note_arrived(c, err);
}

int yz_exchange(const struct yz_station *st, struct yz_ledger *git,
                const struct yz_ledger_row *ledger, struct yz_exchanged *out,
                struct yz_error *err) {
  return yz_exchange_told(st, git, ledger, NULL, out, err);
}

int yz_exchange_told(const struct yz_station *st, struct yz_ledger *git,
                     const struct yz_ledger_row *ledger, const struct yz_told *told,
                     struct yz_exchanged *out, struct yz_error *err) {
  struct contact c = {.st = st,
                      .git = git,
                      .ledger = *ledger,
                      .away = ledger->url[0] != '\0',
                      .far = is_far(ledger->url),
                      .told = told,
                      .out = out};

  memset(out, 0, sizeof *out);
  c.road = (struct yz_road){.moved = on_moved, .moved_ctx = &c};
  c.sending = (struct sending){.st = st, .git = git, .road = &c.road};
  int rc = station_mend(st, git, ledger, err);
  if (!rc && c.far) rc = pace_load(st, &ledger->id, &c.pace, err);
  if (!rc) rc = go_to_and_fro(&c, err);
  if (!rc) rc = go_with_files(&c, err);
  if (!rc || rc == YZ_E_REFUSED) {
    int kept = yz_ledger_upkeep(git, false, rc ? NULL : err);
    if (!rc) rc = kept;
  }
  if (!rc && !c.away) rc = station_mark_waste(st, git, &ledger->id, err);
  if (!rc) rc = station_prune(st, git, &ledger->id, err);
  out->sent = c.sending.sent;
  out->received = out->taken.accepted + out->taken.waiting;
  out->bytes_up = c.road.bytes_up;
  out->bytes_down = c.road.bytes_down;
  sending_finish(&c.sending);
  return rc;
}
