/* What goes into a parcel: of each branch what its receiver has not said it has. */
#include "../receivers.h"
#include "parcel_private.h"
#include <stdlib.h>
#include <string.h>

enum { COMMITS_MAX = 200000 }; /* of one branch in one load */

struct load {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  struct yz_parcel there; /* what the receiver has said */
  struct yz_parcel head;  /* of the parcel in the making: all that is here */
  struct yz_bundle_ref *refs;
  size_t n;
  struct yz_error *err;
};

static int grow(struct load *w) {
  if (w->head.n_has % 64 != 0) return 0;
  size_t room = w->head.n_has + 64;
  struct yz_parcel_tip *has = realloc(w->head.has, room * sizeof *has);
  if (has == NULL) return yz_no_memory(w->err);
  w->head.has = has;
  struct yz_bundle_ref *refs = realloc(w->refs, room * sizeof *refs);
  if (refs == NULL) return yz_no_memory(w->err);
  w->refs = refs;
  return 0;
}

/* Of a log of someone else's that goes on there beyond what is here, nothing need go; keys/ may
 * have been begun anew here. */
static void choose(struct load *w, const struct yz_log_row *row, const struct yz_parcel_tip *here) {
  const struct yz_parcel_tip *theirs = parcel_find_tip(&w->there, &here->log, here->kind);
  struct yz_bundle_ref *r = &w->refs[w->n];
  bool known = theirs != NULL && station_has_commit(w->git, &theirs->tip);
  if (theirs != NULL && yz_equal(&theirs->tip, &here->tip, sizeof here->tip)) return;
  if (theirs != NULL && !known && !row->own && here->kind != YZ_KIND_KEYS) return;
  if (known && yz_ledger_contains(w->git, &theirs->tip, &here->tip)) return;
  *r = (struct yz_bundle_ref){.tip = here->tip};
  station_ref("refs/heads/", station_kinds[here->kind], &here->log, r->ref);
  r->has_base = known && yz_ledger_contains(w->git, &here->tip, &theirs->tip);
  if (r->has_base) r->base = theirs->tip;
  w->n++;
}

/* Where a link has brought more of a branch since than the last parcel had said. */
static int choose_acked(struct load *w, const struct yz_key *to, const struct yz_parcel_tip *here,
                        size_t chosen) {
  struct yz_bundle_ref *r = &w->refs[chosen];
  const struct yz_id *log = &here->log;
  struct yz_oid acked;
  bool found;

  /* Of keys/ and files/ what the other side says itself, by a parcel, goes before what was seen. */
  if (chosen == w->n || (here->kind != YZ_KIND_LOG && w->there.n > 0)) return 0;
  int rc = here->kind == YZ_KIND_LOG
               ? parcel_acked(w->st, w->git, w->ledger, to, log, &acked, &found, w->err)
               : parcel_seen(w->st, w->git, w->ledger, to, here->kind, log, &acked, &found, w->err);
  if (rc != 0 || !found || !yz_ledger_contains(w->git, &r->tip, &acked)) return rc;
  if (yz_equal(&r->tip, &acked, sizeof acked)) {
    w->n--;
  } else if (!r->has_base || yz_ledger_contains(w->git, &acked, &r->base)) {
    r->has_base = true;
    r->base = acked;
  }
  return 0;
}

static int add_branch(struct load *w, const struct yz_log_row *row, enum yz_kind kind) {
  const struct yz_store *store = w->st->store;
  struct yz_parcel_tip here = {.log = row->id, .kind = kind};
  char ref[REF_ROOM];
  station_ref("refs/heads/", station_kinds[kind], &row->id, ref);
  int rc = store->get_tip(store->ctx, &w->ledger->id, ref, &here.tip, w->err);
  if (rc == YZ_E_NOT_FOUND) return 0;
  /* keys/ that were taken away with what was erased, and are not here anew yet, go another time. */
  if (rc == 0 && kind == YZ_KIND_KEYS && !station_has_commit(w->git, &here.tip)) return 0;
  if (rc == 0) rc = grow(w);
  if (rc != 0) return rc;
  if (w->head.n_has == PARCEL_TIPS_MAX)
    return yz_fail(w->err, YZ_E_LIMIT,
                   YZ_N_("This ledger has more branches than a parcel can hold."), NULL);
  size_t chosen = w->n;
  choose(w, row, &here);
  rc = choose_acked(w, &w->head.to, &here, chosen);
  if (rc != 0) return rc;
  w->head.has[w->head.n_has++] = here;
  return 0;
}

static int add_keys(void *arg, const struct yz_log_row *row) {
  return add_branch(arg, row, YZ_KIND_KEYS);
}

static int add_log(void *arg, const struct yz_log_row *row) {
  return add_branch(arg, row, YZ_KIND_LOG);
}

static int add_files(void *arg, const struct yz_log_row *row) {
  return add_branch(arg, row, YZ_KIND_FILES);
}

/* keys/ before log/, and files/ after all, as on every road. */
static int gather(struct load *w, const struct yz_key *to) {
  const struct yz_store *store = w->st->store;
  int rc = parcel_get_has(w->st, w->ledger, to, &w->there, w->err);
  if (rc == 0) rc = store->each_log(store->ctx, &w->ledger->id, add_keys, w, w->err);
  if (rc == 0) rc = store->each_log(store->ctx, &w->ledger->id, add_log, w, w->err);
  if (rc == 0) rc = store->each_log(store->ctx, &w->ledger->id, add_files, w, w->err);
  return rc;
}

/* --- steps: the commits of all branches, in the order in which they go -------- */

struct step {
  size_t ref; /* which of load.refs */
  struct yz_oid commit, before;
  bool has_before;
};
struct steps {
  struct load *load;
  struct step *list;
  size_t n;
  const char *folder;
  const struct yz_key *hub;
  struct receivers to;
  int64_t max_bytes;
  struct yz_parcel_written *written;
  size_t n_written;
};

static int add_steps(struct steps *s, size_t ref) {
  const struct load *w = s->load;
  const struct yz_bundle_ref *r = &w->refs[ref];
  struct yz_oid *commits = NULL;
  size_t n = 0;
  int rc = yz_ledger_new_commits(w->git, r->has_base ? &r->base : NULL, &r->tip, COMMITS_MAX,
                                 &commits, &n, w->err);
  struct step *grown = rc == 0 ? reallocarray(s->list, s->n + n + 1, sizeof *grown) : NULL;
  if (rc == 0 && grown == NULL) rc = yz_no_memory(w->err);
  if (grown != NULL) s->list = grown;
  for (size_t i = 0; rc == 0 && i < n; i++)
    s->list[s->n++] = (struct step){.ref = ref,
                                    .commit = commits[i],
                                    .before = i > 0 ? commits[i - 1] : r->base,
                                    .has_before = i > 0 || r->has_base};
  free(commits);
  return rc;
}

/* The branches as far as the steps from first to last, the end not counted, bring them. */
static size_t refs_of(const struct steps *s, size_t first, size_t end, struct yz_bundle_ref *out) {
  size_t n = 0;
  for (size_t i = first; i < end; i++) {
    const struct step *step = &s->list[i];
    if (i == first || step->ref != s->list[i - 1].ref) {
      out[n] = s->load->refs[step->ref];
      out[n].has_base = step->has_before;
      out[n++].base = step->before;
    }
    out[n - 1].tip = step->commit;
  }
  return n;
}

static int write_inside(struct steps *s, size_t first, size_t end, struct parcel_out *o) {
  struct load *w = s->load;
  struct yz_buf line = {0};
  struct yz_bundle_ref *refs = calloc(w->n, sizeof *refs);
  int rc = refs == NULL ? yz_no_memory(w->err) : parcel_head_write(&w->head, &line, w->err);
  if (rc == 0) rc = parcel_out_put(o, line.data, line.len, w->err);
  if (rc == 0)
    rc = yz_ledger_bundle(w->git, refs, refs_of(s, first, end, refs), parcel_out_put, o, w->err);
  free(refs);
  yz_buf_finish(&line);
  return rc;
}

/* One file with these steps. YZ_E_LIMIT, w->err untouched: it would be too large. */
static int write_one(struct steps *s, size_t first, size_t end) {
  struct load *w = s->load;
  struct parcel_out out = {.st = w->st};
  struct yz_parcel_written written = {0};
  struct yz_parcel_written *grown = reallocarray(s->written, s->n_written + 1, sizeof *grown);
  if (grown == NULL) return yz_no_memory(w->err);
  s->written = grown;
  int rc = parcel_next_n(w->st, w->ledger, &w->head.n, w->err);
  if (rc == 0)
    rc = parcel_out_begin(&out, w->st, s->folder, &w->ledger->id, s->hub,
                          s->to.of[FOR_VILLAGE].keys, s->to.of[FOR_VILLAGE].n, w->err);
  out.max_bytes = s->max_bytes;
  if (rc == 0) rc = write_inside(s, first, end, &out);
  if (rc == 0) rc = parcel_out_end(&out, &written, w->err);
  parcel_out_finish(&out);
  if (rc == 0) s->written[s->n_written++] = written;
  return rc;
}

/* What is too large goes in halves. */
static int write_steps(struct steps *s, size_t first, size_t end) {
  int rc = write_one(s, first, end);
  if (rc != YZ_E_LIMIT || s->load->err->code != 0) return rc;
  if (end - first < 2)
    return yz_fail(s->load->err, YZ_E_LIMIT,
                   YZ_N_("There is something that does not fit into one parcel of this size. Give "
                         "a larger size."),
                   NULL);
  size_t middle = first + (end - first) / 2;
  rc = write_steps(s, first, middle);
  return rc != 0 ? rc : write_steps(s, middle, end);
}

static int write_all(struct steps *s) {
  struct load *w = s->load;
  int rc = receivers_init(&s->to, w->st, w->ledger, w->err);
  for (size_t i = 0; rc == 0 && i < w->n; i++) rc = add_steps(s, i);
  if (rc == 0 && s->n > 0) rc = write_steps(s, 0, s->n);
  receivers_finish(&s->to);
  free(s->list);
  return rc;
}

int yz_parcel_send(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, const struct yz_key *to, const char *folder,
                   int64_t max_bytes, struct yz_parcel_written **out, size_t *n,
                   struct yz_error *err) {
  struct yz_error why = {0};
  struct load w = {.st = st, .git = git, .ledger = ledger, .err = &why};
  struct steps s = {.load = &w,
                    .folder = folder,
                    .hub = st->hub ? &st->key : &ledger->hub,
                    .max_bytes = max_bytes};
  w.head = (struct yz_parcel){.ledger = ledger->id,
                              .log = ledger->own,
                              .from = st->key,
                              .to = *to,
                              .time_ms = st->world->now_ms(st->world->ctx)};
  int rc = gather(&w, to);
  if (rc == 0 && w.n > 0) rc = write_all(&s);
  *out = s.written;
  *n = s.n_written;
  yz_parcel_finish(&w.there);
  yz_parcel_finish(&w.head);
  free(w.refs);
  return rc == 0 ? 0 : yz_fail(err, rc, why.message, "%s", why.subject);
}

/* --- whom to -------------------------------------------------------------- */

struct nodes {
  const struct yz_roster *roster;
  const struct yz_key *self;
  struct yz_key *list;
  size_t n;
};

static int add_node(void *arg, const struct yz_log_row *row) {
  struct nodes *s = arg;
  if (yz_equal(&row->node, s->self, sizeof row->node) || yz_roster_is_hub(s->roster, &row->node) ||
      !yz_roster_node_known(s->roster, &row->node) || yz_roster_node_revoked(s->roster, &row->node))
    return 0;
  for (size_t i = 0; i < s->n; i++)
    if (yz_equal(&s->list[i], &row->node, sizeof row->node)) return 0;
  struct yz_key *grown = realloc(s->list, (s->n + 1) * sizeof *grown);
  if (grown == NULL) return YZ_E_MEMORY;
  s->list = grown;
  s->list[s->n++] = row->node;
  return 0;
}

int yz_parcel_receivers(const struct yz_station *st, const struct yz_ledger_row *ledger,
                        struct yz_key **out, size_t *n, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  struct nodes s = {.self = &st->key};
  *out = NULL;
  *n = 0;
  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  s.roster = roster;
  if (rc == 0 && st->hub) {
    rc = st->store->each_log(st->store->ctx, &ledger->id, add_node, &s, err);
  } else if (rc == 0) {
    s.list = malloc(sizeof *s.list);
    s.n = s.list != NULL;
    if (s.n > 0) *s.list = *yz_roster_hub(roster);
  }
  yz_roster_destroy(roster);
  if (rc == YZ_E_MEMORY || (rc == 0 && !st->hub && s.n == 0)) rc = yz_no_memory(err);
  if (rc != 0) {
    free(s.list);
    return rc;
  }
  *out = s.list;
  *n = s.n;
  return 0;
}
