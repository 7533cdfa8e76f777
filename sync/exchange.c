/* One contact with the ledger's other side: fetch, take in, cut, push. What is
 * cut stays cut when the road fails; what was pushed is counted only from what the
 * other side acknowledges. */
#include "station_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yizhan/pass.h>

enum { REFS_MAX = 4096 };

struct pushes {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  struct yz_push *list;
  struct yz_oid *tips;
  size_t n;
  bool unseen; /* something lies there that could not be fetched */
  bool forked; /* another copy of this node wrote in its present log */
  bool door;   /* the hub takes branches only from who writes them */
  struct yz_error *err;
};

/* A branch that is not there. Where something could not be fetched it may lie under this
 * name: ours goes over it, others' wait for who writes them. */
static int may_cover(struct pushes *p, const struct yz_id *log, bool *push, bool *force) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row = {0};

  int rc = p->unseen ? store->get_log(store->ctx, log, &row, p->err) : YZ_E_NOT_FOUND;
  *force = rc == YZ_OK && row.own;
  *push = !p->unseen || *force;
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* May a branch be put back to what we have, over what the other side has? Only an own
 * one, and never over what this node's own key signed: that is another copy of it. */
static int may_force(struct pushes *p, const struct yz_id *log, const struct yz_oid *theirs,
                     bool *force) {
  const struct yz_store *store = p->st->store;
  struct yz_commit_view view = {0};
  struct yz_log_row row;

  *force = false;
  int rc = store->get_log(store->ctx, log, &row, p->err);
  if (rc || !row.own) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  rc = yz_ledger_read_commit(p->git, theirs, &view, NULL);
  *force = rc || !yz_commit_signed_by(view.raw.data, view.raw.len, &p->st->key);
  yz_commit_view_finish(&view);
  return YZ_OK;
}

/* At the hub's door what other PCs of the village wrote is theirs to bring. */
static int is_theirs(struct pushes *p, const struct yz_id *log, bool *theirs) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row = {0};

  int rc = p->door ? store->get_log(store->ctx, log, &row, p->err) : YZ_E_NOT_FOUND;
  *theirs = rc == YZ_OK && !row.own && !row.hub;
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* A keys/ branch of ours that was begun anew replaces the one that is there. */
static int decide(struct pushes *p, const char *ref, const struct yz_oid *tip, bool *push,
                  bool *force) {
  struct yz_id log;
  struct yz_oid theirs;
  char remote[REF_ROOM];
  bool found, not_ours;
  bool keys = station_ref_log(ref, "refs/heads/", "keys", &log);

  *push = *force = false;
  if (!keys && !station_ref_log(ref, "refs/heads/", "log", &log)) return YZ_OK;
  station_ref("refs/remote/", keys ? "keys" : "log", &log, remote);
  int rc = station_find_ref(p->git, remote, &theirs, &found, p->err);
  if (rc) return rc;
  if (!found) return may_cover(p, &log, push, force);
  rc = is_theirs(p, &log, &not_ours);
  if (rc || not_ours) return rc;
  *push = (yz_ledger_contains(p->git, tip, &theirs) && !yz_equal(tip, &theirs, sizeof theirs));
  if (*push || yz_ledger_contains(p->git, &theirs, tip)) return YZ_OK;
  rc = may_force(p, &log, &theirs, force);
  *push = *force;
  p->forked = p->forked || (!keys && !*force && yz_equal(&log, &p->ledger->own, sizeof log));
  return rc;
}

static int keep_push(void *arg, const char *ref, const struct yz_oid *tip) {
  struct pushes *p = arg;
  bool push, force;

  if (p->n == REFS_MAX || strlen(ref) > YZ_MAX_REF) return YZ_OK;
  int rc = decide(p, ref, tip, &push, &force);
  if (rc || !push) return rc;
  struct yz_push *entry = &p->list[p->n];
  memset(entry, 0, sizeof *entry);
  memcpy(entry->ref, ref, strlen(ref) + 1);
  entry->force = force;
  p->tips[p->n++] = *tip;
  return YZ_OK;
}

/* How many own records of a log went that had not gone before. */
static int count_sent(struct pushes *p, const struct yz_id *log, int64_t *sent) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row;
  struct yz_buf known = {0};
  char name[64], hex[YZ_ID_HEX + 1], text[32];
  int64_t last = 0;

  if (store->get_log(store->ctx, log, &row, NULL) || !row.own) return YZ_OK;
  yz_to_hex(log->bytes, YZ_ID_LEN, hex);
  snprintf(name, sizeof name, "pushed.%s", hex);
  int rc = store->last_segment(store->ctx, log, &last, p->err);
  if (rc) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  rc = store->get_meta(store->ctx, name, &known, p->err);
  if (rc == YZ_OK || rc == YZ_E_NOT_FOUND) {
    *sent += last - (rc ? 0 : strtoll((char *)known.data, NULL, 10));
    int n = snprintf(text, sizeof text, "%lld", (long long)last);
    rc = store->begin(store->ctx, p->err);
    if (!rc) rc = store->put_meta(store->ctx, name, text, (size_t)n, p->err);
    rc = station_end(p->st, rc, p->err);
  }
  yz_buf_finish(&known);
  return rc;
}

/* After a push that went in: this is what the other side has now. */
static int note_pushed(struct pushes *p, size_t i, int64_t *sent) {
  struct yz_id log;
  struct yz_oid now;
  char remote[REF_ROOM];
  bool found;
  bool keys = station_ref_log(p->list[i].ref, "refs/heads/", "keys", &log);

  if (!keys && !station_ref_log(p->list[i].ref, "refs/heads/", "log", &log)) return YZ_OK;
  station_ref("refs/remote/", keys ? "keys" : "log", &log, remote);
  int rc = station_find_ref(p->git, remote, &now, &found, p->err);
  if (!rc) rc = yz_ledger_move_ref(p->git, remote, found ? &now : NULL, &p->tips[i], p->err);
  return rc || keys ? rc : count_sent(p, &log, sent);
}

static int push_all(const struct yz_station *st, struct yz_ledger *git,
                    const struct yz_ledger_row *ledger, struct yz_road *road,
                    struct yz_exchanged *out, struct yz_error *err) {
  struct pushes p = {st,
                     git,
                     ledger,
                     calloc(REFS_MAX, sizeof(struct yz_push)),
                     calloc(REFS_MAX, sizeof(struct yz_oid)),
                     0,
                     road->passed_over > 0,
                     false,
                     road->pass != NULL,
                     err};
  int rc = p.list && p.tips ? YZ_OK : yz_no_memory(err);

  /* keys/ before log/: a record never arrives before the key to its content. */
  if (!rc) rc = yz_ledger_refs(git, "refs/heads/keys/", keep_push, &p, err);
  if (!rc) rc = yz_ledger_refs(git, "refs/heads/log/", keep_push, &p, err);
  if (!rc && p.n) {
    rc = yz_ledger_push(git, road, p.list, p.n, err);
    out->refused = rc == YZ_E_REFUSED;
    for (size_t i = 0; i < p.n && (rc == YZ_OK || rc == YZ_E_REFUSED); i++) {
      int noted = p.list[i].rejected ? YZ_OK : note_pushed(&p, i, &out->sent);
      if (noted) rc = noted;
    }
  }
  if (!rc && p.forked)
    rc = yz_fail(
        err, YZ_E_DAMAGED,
        YZ_N_("Another copy of this node's folder has written in the same log and was first. "
              "What was written here is kept here, but does not travel. Use one copy only; "
              "make further ones with backup and restore."),
        NULL);
  free(p.list);
  free(p.tips);
  return rc;
}

struct missing {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  bool any;
  struct yz_error *err;
};

static int look_for_tips(void *arg, const struct yz_log_row *row) {
  static const char *const kinds[] = {"keys", "log"};
  struct missing *m = arg;
  const struct yz_store *store = m->st->store;
  struct yz_oid tip;
  char ref[REF_ROOM];

  for (int i = 0; i < 2; i++) {
    station_ref("refs/heads/", kinds[i], &row->id, ref);
    int rc = store->get_tip(store->ctx, &m->ledger->id, ref, &tip, m->err);
    if (rc == YZ_E_NOT_FOUND) continue;
    if (rc) return rc;
    m->any = m->any || !station_has_commit(m->git, &tip);
  }
  return YZ_OK;
}

/* A repository that was removed, or lost what was on its way to the disk, is built
 * again from the store before anything goes on. */
static int mend(const struct yz_station *st, struct yz_ledger *git,
                const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct missing m = {st, git, ledger, false, err};
  int rc = st->store->each_log(st->store->ctx, &ledger->id, look_for_tips, &m, err);
  return rc || !m.any ? rc : yz_rebuild_git(st, git, ledger, err);
}

/* Fetches what lies at the ledger's place, and sees whether it is this ledger. */
static int reach(const struct yz_station *st, struct yz_ledger *git,
                 const struct yz_ledger_row *ledger, struct yz_road *road,
                 char pass[static YZ_PASS_TEXT], struct yz_error *err) {
  int rc = YZ_OK;

  road->url = ledger->url;
  if (strncmp(ledger->url, "https://", 8) == 0) {
    rc = yz_pass_make(st, ledger, pass, err);
    road->pass = pass;
  }
  if (!rc) rc = yz_ledger_fetch(git, road, err);
  return rc ? rc : yz_check_place(st, git, ledger, err);
}

int yz_look(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
            struct yz_error *err) {
  struct yz_road road = {0};
  char pass[YZ_PASS_TEXT];
  return reach(st, git, ledger, &road, pass, err);
}

int yz_exchange(const struct yz_station *st, struct yz_ledger *git,
                const struct yz_ledger_row *ledger, struct yz_exchanged *out,
                struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_road road = {0};
  struct yz_ledger_row now;
  char pass[YZ_PASS_TEXT];
  bool away = ledger->url[0] != '\0';
  int64_t cut;
  int road_rc = YZ_OK;

  memset(out, 0, sizeof *out);
  int rc = mend(st, git, ledger, err);
  if (rc) return rc;
  if (away) road_rc = reach(st, git, ledger, &road, pass, err);
  rc = road_rc
           ? YZ_OK
           : yz_ingest(st, git, ledger, away ? "refs/remote/" : "refs/heads/", &out->taken, err);
  out->received = out->taken.accepted + out->taken.waiting;
  /* The hub may have a successor by what came. */
  if (!rc) rc = store->get_ledger(store->ctx, &ledger->id, &now, err);
  if (!rc) rc = yz_cut(st, git, &now, &cut, road_rc ? NULL : err);
  if (!rc && away && !road_rc) rc = push_all(st, git, ledger, &road, out, err);
  if (!rc || rc == YZ_E_REFUSED) {
    int kept = yz_ledger_upkeep(git, false, rc ? NULL : err);
    if (!rc) rc = kept;
  }
  out->bytes_up = road.bytes_up;
  out->bytes_down = road.bytes_down;
  return rc ? rc : road_rc;
}
