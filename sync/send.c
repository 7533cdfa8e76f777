/* What a contact sends: which branches, and how far each in this step; then what is known of the
 * other side. What was pushed is counted only from what the other side acknowledges. */
#include "send.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A branch that is not there. Where something could not be fetched it may lie under this name: ours
 * goes over it, others' wait for who writes them. */
static int may_cover(struct sending *p, const struct yz_id *log, bool *push, bool *force) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row = {0};

  int rc = p->unseen ? store->get_log(store->ctx, log, &row, p->err) : YZ_E_NOT_FOUND;
  *force = rc == YZ_OK && row.own;
  *push = !p->unseen || *force;
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* May a branch be put back to what we have, over what the other side has? Only an own one, and
 * never over what this node's own key signed: that is another copy of it. */
static int may_force(struct sending *p, const struct yz_id *log, const struct yz_oid *theirs,
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

/* The epoch of a keys/ branch; -1: it says none. */
static int64_t epoch_of(struct sending *p, const struct yz_id *log, const struct yz_oid *tip) {
  struct yz_buf file = {0};
  int64_t n = -1;

  if (yz_ledger_file(p->git, tip, "epoch.json", YZ_MAX_KEYS_FILE, &file, NULL) ||
      yz_epoch_read((char *)file.data, file.len, log, &n, NULL))
    n = -1;
  yz_buf_finish(&file);
  return n;
}

/* Is it the log that is written now, and nobody's who has the same key and wrote other records in
 * it? */
static bool writes(struct sending *p, const struct yz_id *log) {
  struct yz_oid ours, theirs;
  char ref[REF_ROOM];

  if (!yz_equal(log, &p->ledger->own, sizeof *log)) return false;
  station_ref("refs/heads/", "log", log, ref);
  if (yz_ledger_ref(p->git, ref, &ours, NULL)) return false;
  station_ref("refs/remote/", "log", log, ref);
  return yz_ledger_ref(p->git, ref, &theirs, NULL) == YZ_E_NOT_FOUND ||
         yz_ledger_contains(p->git, &ours, &theirs);
}

/* keys/ that were begun anew since something was erased replace those that are there: of ours, and
 * of a hub that was restored and lacks what it had begun. Of the log that is written now ours do
 * where the same was erased: another copy of one backup takes that log for a former one of its own,
 * and begins its keys/ anew without those that came meanwhile. */
static int erased_since(struct sending *p, const struct yz_id *log, const struct yz_oid *theirs,
                        const struct yz_oid *tip, bool *force) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row;

  int rc = store->get_log(store->ctx, log, &row, p->err);
  if (rc) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  if (!row.own && !row.hub) return YZ_OK;
  int64_t now = epoch_of(p, log, tip), there = epoch_of(p, log, theirs);
  *force = now > there || (now == there && now > 0 && writes(p, log));
  return YZ_OK;
}

/* At the hub's door what other PCs of the village wrote is theirs to bring. */
static int is_theirs(struct sending *p, const struct yz_id *log, bool *theirs) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row = {0};

  int rc = p->road->pass ? store->get_log(store->ctx, log, &row, p->err) : YZ_E_NOT_FOUND;
  *theirs = rc == YZ_OK && !row.own && !row.hub;
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* A keys/ branch of ours that was begun anew replaces the one that is there. */
static int decide(struct sending *p, const char *ref, const struct yz_oid *tip,
                  struct yz_oid *since, bool *push, bool *force) {
  struct yz_id log;
  struct yz_oid theirs;
  char remote[REF_ROOM];
  bool found, not_ours;
  enum yz_kind kind;

  *push = *force = false;
  *since = (struct yz_oid){{0}};
  if (!station_ref_kind(ref, "refs/heads/", &log, &kind)) return YZ_OK;
  station_ref("refs/remote/", station_kinds[kind], &log, remote);
  int rc = station_find_ref(p->git, remote, &theirs, &found, p->err);
  if (rc) return rc;
  if (!found) return may_cover(p, &log, push, force);
  *since = theirs;
  rc = is_theirs(p, &log, &not_ours);
  if (rc || not_ours) return rc;
  *push = (yz_ledger_contains(p->git, tip, &theirs) && !yz_equal(tip, &theirs, sizeof theirs));
  if (*push || yz_ledger_contains(p->git, &theirs, tip)) return YZ_OK;
  rc = may_force(p, &log, &theirs, force);
  if (!rc && !*force && kind == YZ_KIND_KEYS) rc = erased_since(p, &log, &theirs, tip, force);
  *push = *force;
  p->forked =
      p->forked || (kind == YZ_KIND_LOG && !*force && yz_equal(&log, &p->ledger->own, sizeof log));
  return rc;
}

static bool was_refused(const struct sending *p, const char *ref) {
  for (size_t i = 0; i < p->n_refused; i++)
    if (strcmp(p->refused[i], ref) == 0) return true;
  return false;
}

static int keep_push(void *arg, const char *ref, const struct yz_oid *tip) {
  struct sending *p = arg;
  struct yz_oid since;
  bool push, force;

  if (p->n == SEND_MAX || strlen(ref) > YZ_MAX_REF || was_refused(p, ref)) return YZ_OK;
  int rc = decide(p, ref, tip, &since, &push, &force);
  if (rc || !push) return rc;
  struct yz_push *entry = &p->list[p->n];
  memset(entry, 0, sizeof *entry);
  memcpy(entry->ref, ref, strlen(ref) + 1);
  entry->force = force;
  entry->tip = *tip;
  p->spans[p->n++] = (struct send_span){since, -1};
  return YZ_OK;
}

static int last_of(void *arg, const struct yz_segment_row *row) {
  *(int64_t *)arg = row->last;
  return 1;
}

/* How many own records of a log went that had not gone before. */
static int count_sent(struct sending *p, const struct yz_id *log, int64_t reached) {
  const struct yz_store *store = p->st->store;
  struct yz_log_row row;
  struct yz_buf known = {0};
  char name[64], hex[YZ_ID_HEX + 1], text[32];
  int64_t last = 0;

  if (!reached || store->get_log(store->ctx, log, &row, NULL) || !row.own) return YZ_OK;
  yz_to_hex(log->bytes, YZ_ID_LEN, hex);
  snprintf(name, sizeof name, "pushed.%s", hex);
  int rc = reached < 0 ? store->last_segment(store->ctx, log, &last, p->err)
                       : store->each_segment(store->ctx, log, reached, last_of, &last, p->err);
  if (rc < 0) return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
  rc = store->get_meta(store->ctx, name, &known, p->err);
  int64_t before = rc == YZ_OK ? strtoll((char *)known.data, NULL, 10) : 0;
  if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  if (!rc && last > before) {
    p->sent += last - before;
    int n = snprintf(text, sizeof text, "%lld", (long long)last);
    rc = store->begin(store->ctx, p->err);
    if (!rc) rc = store->put_meta(store->ctx, name, text, (size_t)n, p->err);
    rc = station_end(p->st, rc, p->err);
  }
  yz_buf_finish(&known);
  return rc;
}

/* What refs/remote/ showed of a branch that was replaced there is reached by nothing any more. */
static int forget_old(struct sending *p) {
  const struct yz_store *store = p->st->store;
  int rc = store->begin(store->ctx, p->err);
  if (!rc) rc = station_mark_prune(p->st, &p->ledger->id, true, p->err);
  return station_end(p->st, rc, p->err);
}

/* After a push that went in: this is what the other side has now. */
static int note_pushed(struct sending *p, size_t i) {
  struct yz_id log;
  struct yz_oid now;
  char remote[REF_ROOM];
  bool found;
  enum yz_kind kind;

  if (!station_ref_kind(p->list[i].ref, "refs/heads/", &log, &kind)) return YZ_OK;
  station_ref("refs/remote/", station_kinds[kind], &log, remote);
  int rc = station_find_ref(p->git, remote, &now, &found, p->err);
  if (!rc) rc = yz_ledger_move_ref(p->git, remote, found ? &now : NULL, &p->list[i].tip, p->err);
  if (!rc && kind == YZ_KIND_KEYS && p->list[i].force) rc = forget_old(p);
  return rc || kind != YZ_KIND_LOG ? rc : count_sent(p, &log, p->spans[i].reached);
}

static int note_refused(struct sending *p, const char *ref) {
  void *grown = realloc(p->refused, (p->n_refused + 1) * sizeof *p->refused);
  if (!grown) return yz_no_memory(p->err);
  p->refused = grown;
  snprintf(p->refused[p->n_refused++], sizeof *p->refused, "%s", ref);
  return YZ_OK;
}

static int push_some(struct sending *p, size_t from, size_t to) {
  int rc = yz_ledger_push(p->git, p->road, p->list + from, to - from, p->err);
  for (size_t i = from; i < to && (rc == YZ_OK || rc == YZ_E_REFUSED); i++) {
    int noted = p->list[i].rejected ? note_refused(p, p->list[i].ref) : note_pushed(p, i);
    if (noted) rc = noted;
  }
  return rc;
}

/* How many go by themselves: all of keys/, where one of them was begun anew. A hub's door lets a
 * branch be replaced only in a push of such alone. */
static size_t apart(const struct sending *p) {
  static const char KEYS[] = "refs/heads/keys/";
  size_t keys = 0;
  bool anew = false;

  for (; keys < p->n && strncmp(p->list[keys].ref, KEYS, sizeof KEYS - 1) == 0; keys++)
    anew = anew || p->list[keys].force;
  return anew ? keys : 0;
}

static int push_list(struct sending *p) {
  size_t first = apart(p);
  int rc = first ? push_some(p, 0, first) : YZ_OK;
  return rc || first == p->n ? rc : push_some(p, first, p->n);
}

int send_step(struct sending *p, struct yz_error *err) {
  int rc = YZ_OK;

  p->err = err;
  p->n = p->left = 0;
  p->more = false;
  if (!p->list) p->list = calloc(SEND_MAX, sizeof *p->list);
  if (!p->spans) p->spans = calloc(SEND_MAX, sizeof *p->spans);
  if (!p->list || !p->spans) rc = yz_no_memory(err);
  /* keys/ before log/: a record never arrives before the key to its content. */
  if (!rc && !p->files) rc = yz_ledger_refs(p->git, "refs/heads/keys/", keep_push, p, err);
  if (!rc && !p->files) rc = yz_ledger_refs(p->git, "refs/heads/log/", keep_push, p, err);
  if (!rc && p->files) rc = yz_ledger_refs(p->git, "refs/heads/files/", keep_push, p, err);
  if (!rc && p->n && p->limit)
    rc = steps_first(p->git, p->list, p->spans, &p->n, p->limit, &p->left, &p->more, err);
  return rc || !p->n ? rc : push_list(p);
}

void sending_finish(struct sending *p) {
  free(p->list);
  free(p->spans);
  free(p->refused);
}
