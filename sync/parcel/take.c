/* Opening a parcel, and taking in what it brings. It is read twice: once to its end, so that it is
 * verified before anything in it counts, then once more into git. */
#include "parcel_private.h"
#include <stdlib.h>
#include <string.h>

enum { WAITING_MAX = 64 }; /* branches that are kept for logs that nobody has let in yet */

/* Reads what is inside: the head line goes to head, what comes after it to put. */
struct inside {
  struct yz_buf head;
  bool past_head;
  yz_put_fn put; /* NULL: nothing is done with it */
  void *ctx;
  bool refused; /* by put */
};

static int take_bytes(struct inside *s, const unsigned char *bytes, size_t n,
                      struct yz_error *err) {
  if (!s->past_head) {
    const unsigned char *lf = memchr(bytes, '\n', n);
    size_t len = lf != NULL ? (size_t)(lf - bytes) : n;
    if (s->head.len + len > PARCEL_HEAD_MAX)
      return yz_fail(err, YZ_E_FORMAT,
                     YZ_N_("What the parcel says of itself has not the form that it should have. "
                           "Ask for a new one."),
                     NULL);
    if (yz_buf_append(&s->head, bytes, len) != 0) return yz_no_memory(err);
    if (lf == NULL) return 0;
    s->past_head = true;
    bytes += len + 1;
    n -= len + 1;
  }
  if (s->put == NULL || n == 0) return 0;
  int rc = s->put(s->ctx, bytes, n, err);
  s->refused = rc != 0;
  return rc;
}

/* From where the stream begins to the end of the file. */
static int read_through(struct parcel_in *in, struct inside *s, struct yz_sig *sig,
                        struct yz_hash *digest, struct yz_error *err) {
  size_t n = 1;
  int rc = 0;
  while (rc == 0 && n > 0) {
    rc = parcel_in_next(in, &n, err);
    if (rc == 0 && n > 0) rc = take_bytes(s, in->plain, n, err);
  }
  return rc != 0 ? rc : parcel_in_end(in, sig, digest, err);
}

static int verify(struct parcel_in *in, struct yz_parcel *p, struct yz_error *err) {
  struct inside s = {0};
  struct yz_sig sig;
  char text[PARCEL_SIGNED + 1];
  int rc = parcel_in_begin(in, p->key, err);
  if (rc == 0) rc = read_through(in, &s, &sig, &p->digest, err);
  if (rc == 0) rc = parcel_head_read((char *)s.head.data, s.head.len, p, err);
  if (rc == 0) {
    parcel_signed_text(&in->cover.hash, &p->digest, text);
    if (!yz_verify(&p->from, text, PARCEL_SIGNED, &sig))
      rc = yz_fail(err, YZ_E_SIGNATURE,
                   YZ_N_("This parcel is not signed by the node that it names as its sender. Look "
                         "at who brought it."),
                   "%s", in->path);
  }
  yz_buf_finish(&s.head);
  return rc;
}

static int open_whole(const struct yz_station *st, struct parcel_in *in, struct yz_parcel *p,
                      struct yz_error *err) {
  int rc = parcel_in_open(in, st->world, p->path, err);
  in->counting = st->counting;
  p->bytes = in->size;
  if (rc == 0) rc = cover_open(&in->cover, st->box, &p->key, err);
  if (rc != 0) return rc;
  if (p->key == NULL)
    return yz_fail(err, YZ_E_KEY, YZ_N_("This parcel is sealed to others."), "%s", p->path);
  return verify(in, p, err);
}

int yz_parcel_open(const struct yz_station *st, const char *path, struct yz_parcel *p,
                   struct yz_error *err) {
  struct parcel_in in;
  struct yz_parcel_seen seen = {0};
  struct yz_error why = {0};
  *p = (struct yz_parcel){.path = strdup(path)};
  if (p->path == NULL) return yz_no_memory(err);
  int rc = open_whole(st, &in, p, &why);
  parcel_in_finish(&in);
  if (rc == 0) return 0;
  /* What is damaged may look like anything else. */
  bool odd = rc == YZ_E_SIGNATURE || rc == YZ_E_KEY || rc == YZ_E_VERSION || rc == YZ_E_FORMAT;
  int looked = odd ? yz_parcel_look(st->world, path, &seen, NULL) : YZ_E_FORMAT;
  if ((looked == 0 || looked == YZ_E_VERSION) && !seen.whole)
    return yz_fail(err, YZ_E_DAMAGED,
                   YZ_N_("This parcel was damaged on its way. Nothing is lost: the sender's next "
                         "one holds all of it."),
                   "%s", path);
  return yz_fail(err, rc, why.message, "%s", why.subject);
}

static bool is_from_us(const struct yz_station *st, const struct yz_parcel *p,
                       const struct yz_id *ledger, const struct yz_key *to) {
  return yz_equal(&p->from, &st->key, sizeof p->from) &&
         yz_equal(&p->ledger, ledger, sizeof *ledger) && yz_equal(&p->to, to, sizeof *to);
}

/* What it says of itself, from its front alone: enough to pass over what others wrote. */
static int read_front(const struct yz_station *st, struct parcel_in *in, struct yz_parcel *p) {
  size_t n = 0;
  int rc = cover_open(&in->cover, st->box, &p->key, NULL);
  if (rc == 0 && p->key == NULL) rc = YZ_E_KEY;
  if (rc == 0) rc = parcel_in_begin(in, p->key, NULL);
  if (rc == 0) rc = parcel_in_next(in, &n, NULL);
  const unsigned char *lf = rc == 0 && n > 0 ? memchr(in->plain, '\n', n) : NULL;
  if (rc == 0 && lf == NULL) rc = YZ_E_FORMAT;
  return rc == 0 ? parcel_head_read((char *)in->plain, (size_t)(lf - in->plain), p, NULL) : rc;
}

bool yz_parcel_is_ours(const struct yz_station *st, const char *path, const struct yz_id *ledger,
                       const struct yz_key *to) {
  struct parcel_in in;
  struct yz_parcel front = {0}, whole = {0};
  int rc = parcel_in_open(&in, st->world, path, NULL);
  if (rc == 0) rc = read_front(st, &in, &front);
  parcel_in_finish(&in);
  bool ours = rc == 0 && is_from_us(st, &front, ledger, to);
  if (ours)
    ours = yz_parcel_open(st, path, &whole, NULL) == 0 && is_from_us(st, &whole, ledger, to);
  yz_parcel_finish(&front);
  yz_parcel_finish(&whole);
  return ours;
}

static int read_whole_again(const struct yz_station *st, const struct yz_parcel *p,
                            struct inside *s, struct yz_hash *digest, struct yz_error *err) {
  struct parcel_in in;
  struct yz_sig sig;
  struct yz_secret *key = NULL;
  int rc = parcel_in_open(&in, st->world, p->path, err);
  in.counting = st->counting;
  /* Fills in the cover's hash, which binds the chunks. */
  if (rc == 0) rc = cover_open(&in.cover, st->box, &key, err);
  if (rc == 0) rc = parcel_in_begin(&in, p->key, err);
  if (rc == 0) rc = read_through(&in, s, &sig, digest, err);
  yz_secret_destroy(key);
  parcel_in_finish(&in);
  return rc;
}

/* Reads it once more; what comes after the head goes to put. It must be what was verified: where it
 * is not, whatever does not hold of it now, it was changed. */
static int read_again(const struct yz_station *st, const struct yz_parcel *p, yz_put_fn put,
                      void *ctx, struct yz_error *err) {
  struct inside s = {.put = put, .ctx = ctx};
  struct yz_hash digest;
  struct yz_error why = {0};
  int rc = read_whole_again(st, p, &s, &digest, &why);
  yz_buf_finish(&s.head);
  bool other = rc == 0 && !yz_equal(&digest, &p->digest, sizeof digest);
  bool broken = !s.refused && (rc == YZ_E_SIGNATURE || rc == YZ_E_FORMAT || rc == YZ_E_DAMAGED ||
                               rc == YZ_E_VERSION);
  if (other || broken)
    return yz_fail(err, YZ_E_DAMAGED, YZ_N_("The parcel changed while it was read. Read it again."),
                   "%s", p->path);
  /* That the file is not there any more says nothing of what comes before the parcel. */
  if (rc == YZ_E_NOT_FOUND && !s.refused) rc = YZ_E_IO;
  return rc == 0 ? 0 : yz_fail(err, rc, why.message, "%s", why.subject);
}

static int feed(void *ctx, const void *bytes, size_t n, struct yz_error *err) {
  return yz_unbundle_feed(ctx, bytes, n, err);
}

/* Into git, below refs/parcel/. */
static int unpack(const struct yz_station *st, struct yz_ledger *git, const struct yz_parcel *p,
                  bool *known, struct yz_error *err) {
  struct yz_unbundle *u = NULL;
  int rc = yz_unbundle_begin(&u, git, PARCEL_PREFIX, p->bytes, err);
  if (rc == 0) rc = read_again(st, p, feed, u, err);
  if (rc == 0) rc = yz_unbundle_keep(u, err);
  *known = rc == 0 && yz_unbundle_known(u);
  yz_unbundle_finish(u);
  return rc;
}

static int check_sender(const struct yz_station *st, const struct yz_ledger_row *ledger,
                        const struct yz_parcel *p, struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = yz_station_roster(st, &ledger->id, &roster, err);
  if (rc == 0 && yz_roster_node_revoked(roster, &p->from))
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("The township has revoked the PC that wrote this parcel. Nothing was taken "
                       "from it."),
                 "%s", p->path);
  yz_roster_destroy(roster);
  return rc;
}

/* Branches that came and are not taken in yet. */
struct here {
  const struct yz_station *st;
  struct yz_ledger *git;
  size_t kept;
  bool old_keys; /* keys/ came that are not what counts here: they may open what is erased */
  struct yz_error *err;
};

/* keys/ or files/ that came alone are looked at with the log/ that is here. */
static int add_log(void *arg, const char *ref, const struct yz_oid *tip) {
  struct here *h = arg;
  struct yz_id log;
  struct yz_oid ours;
  enum yz_kind kind;
  bool found, came;
  char name[REF_ROOM];
  (void)tip;
  if (!station_ref_kind(ref, PARCEL_PREFIX, &log, &kind)) return 0;
  station_ref("refs/heads/", "log", &log, name);
  int rc = station_find_ref(h->git, name, &ours, &found, h->err);
  if (rc != 0 || !found) return rc;
  station_ref(PARCEL_PREFIX, "log", &log, name);
  rc = station_find_ref(h->git, name, &(struct yz_oid){{0}}, &came, h->err);
  return rc != 0 || came ? rc : yz_ledger_move_ref(h->git, name, NULL, &ours, h->err);
}

static int look_at_keys(struct here *h, const struct yz_id *log, const struct yz_oid *tip) {
  char ref[REF_ROOM];
  struct yz_oid ours;
  bool found;

  station_ref("refs/heads/", "keys", log, ref);
  int rc = station_find_ref(h->git, ref, &ours, &found, h->err);
  h->old_keys = h->old_keys || (found && !yz_ledger_contains(h->git, &ours, tip));
  return rc;
}

static int mark_old_keys(const struct here *h, const struct yz_ledger_row *ledger) {
  const struct yz_store *store = h->st->store;
  int rc = store->begin(store->ctx, h->err);
  if (rc == 0) rc = station_mark_prune(h->st, &ledger->id, true, h->err);
  return station_end(h->st, rc, h->err);
}

/* What was taken stands in refs/heads/ now; what was not will be sent again, as it is not
 * acknowledged. Of logs that nobody has let in yet some are kept. */
static int drop_ref(void *arg, const char *ref, const struct yz_oid *tip) {
  struct here *h = arg;
  struct yz_id log;
  struct yz_log_row row;
  enum yz_kind kind;
  int rc = 0;
  bool known = station_ref_kind(ref, PARCEL_PREFIX, &log, &kind);
  if (known && kind == YZ_KIND_KEYS) rc = look_at_keys(h, &log, tip);
  if (rc == 0 && known && h->kept < WAITING_MAX) {
    rc = h->st->store->get_log(h->st->store->ctx, &log, &row, h->err);
    if (rc == YZ_E_NOT_FOUND) h->kept++;
    if (rc == YZ_E_NOT_FOUND) return 0;
  }
  return rc != 0 ? rc : yz_ledger_delete_ref(h->git, ref, h->err);
}

/* What stands below refs/parcel/ is judged as what was fetched is. */
static int ingest(const struct yz_station *st, struct yz_ledger *git,
                  const struct yz_ledger_row *ledger, struct yz_taken *now, struct yz_error *err) {
  struct here h = {.st = st, .git = git, .err = err};
  int rc = yz_ledger_refs(git, PARCEL_PREFIX "keys/", add_log, &h, err);
  if (rc == 0) rc = yz_ledger_refs(git, PARCEL_PREFIX "files/", add_log, &h, err);
  if (rc == 0) rc = yz_ingest(st, git, ledger, PARCEL_PREFIX, now, err);
  if (rc == 0) rc = yz_ledger_refs(git, PARCEL_PREFIX, drop_ref, &h, err);
  return rc == 0 && h.old_keys ? mark_old_keys(&h, ledger) : rc;
}

static int add_counts(struct yz_taken *to, const struct yz_taken *more) {
  struct yz_count *logs = realloc(to->logs, (to->n + more->n + 1) * sizeof *logs);
  if (logs == NULL) return YZ_E_MEMORY;
  to->logs = logs;
  for (size_t i = 0; i < more->n; i++) {
    size_t at = 0;
    while (at < to->n && !yz_equal(&logs[at].log, &more->logs[i].log, YZ_ID_LEN)) at++;
    if (at == to->n) logs[to->n++] = (struct yz_count){.log = more->logs[i].log};
    logs[at].accepted += more->logs[i].accepted;
    logs[at].waiting += more->logs[i].waiting;
    logs[at].quarantined += more->logs[i].quarantined;
  }
  to->accepted += more->accepted;
  to->waiting += more->waiting;
  to->quarantined += more->quarantined;
  return 0;
}

/* What others have pushed into this repository since is taken in first: branches that a parcel
 * brings, too, are then put where what counts stands, and would else be put back behind it. */
static int take_pushed(const struct yz_station *st, struct yz_ledger *git,
                       const struct yz_ledger_row *ledger, struct yz_taken *taken,
                       struct yz_error *err) {
  struct yz_taken pushed = {0};
  if (!st->hub || ledger->url[0] != '\0') return 0;
  int rc = yz_ingest(st, git, ledger, "refs/heads/", &pushed, err);
  if (rc == 0 && add_counts(taken, &pushed) != 0) rc = yz_no_memory(err);
  yz_taken_finish(&pushed);
  return rc;
}

/* Does the hub say that it has all of this node's pieces that there are in git? */
static int note_arrived(const struct yz_station *st, struct yz_ledger *git,
                        const struct yz_ledger_row *ledger, const struct yz_parcel *p,
                        struct yz_error *err) {
  const struct yz_parcel_tip *has = parcel_find_tip(p, &ledger->own, YZ_KIND_FILES);
  char ref[REF_ROOM];
  struct yz_oid tip;
  if (has == NULL || !yz_equal(&p->from, &ledger->hub, sizeof p->from)) return 0;
  station_ref("refs/heads/", station_kinds[YZ_KIND_FILES], &ledger->own, ref);
  if (yz_ledger_ref(git, ref, &tip, NULL) != 0 || !yz_equal(&tip, &has->tip, sizeof tip)) return 0;
  int rc = st->store->begin(st->store->ctx, err);
  if (rc != 0) return rc;
  return station_end(st, st->store->pieces_arrived(st->store->ctx, &ledger->id, err), err);
}

int yz_parcel_take(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, const struct yz_parcel *p,
                   struct yz_taken *taken, bool *known, struct yz_error *err) {
  struct yz_taken now = {0};
  int rc = station_mend(st, git, ledger, err);
  if (rc == 0) rc = check_sender(st, ledger, p, err);
  if (rc == 0) rc = unpack(st, git, p, known, err);
  if (rc == 0 && !*known) rc = take_pushed(st, git, ledger, taken, err);
  if (rc == 0 && !*known) rc = ingest(st, git, ledger, &now, err);
  if (rc == 0) rc = parcel_put_has(st, ledger, p, err);
  if (rc == 0) rc = note_arrived(st, git, ledger, p, err);
  if (rc == 0 && add_counts(taken, &now) != 0) rc = yz_no_memory(err);
  yz_taken_finish(&now);
  return rc;
}

int yz_parcel_settle(const struct yz_station *st, struct yz_ledger *git,
                     const struct yz_ledger_row *ledger, struct yz_error *err) {
  enum { PIECES = 2 * 1024 * 1024 }; /* bytes written into git at a time */
  struct yz_ledger_row now;
  bool more = true;
  int64_t cut;
  int rc = station_mend(st, git, ledger, err);
  /* The hub may have a successor by what came. */
  if (rc == 0) rc = st->store->get_ledger(st->store->ctx, &ledger->id, &now, err);
  if (rc == 0) rc = yz_cut(st, git, &now, &cut, err);
  while (rc == 0 && more) rc = station_publish_pieces(st, git, &now, PIECES, &more, err);
  if (rc == 0) rc = yz_ledger_upkeep(git, false, err);
  return rc != 0 ? rc : station_prune(st, git, &ledger->id, err);
}

struct target {
  const struct yz_world *world;
  struct yz_file *file;
};

static int put_file(void *ctx, const void *bytes, size_t n, struct yz_error *err) {
  struct target *t = ctx;
  return t->world->write_some(t->world->ctx, t->file, bytes, n, err);
}

int yz_parcel_extract(const struct yz_station *st, const struct yz_parcel *p, const char *to,
                      struct yz_error *err) {
  const struct yz_world *world = st->world;
  struct target t = {.world = world};
  int rc = world->new_file(world->ctx, to, &t.file, err);
  if (rc != 0) return rc;
  rc = read_again(st, p, put_file, &t, err);
  if (rc == 0) rc = world->flush_file(world->ctx, t.file, err);
  world->close_file(world->ctx, t.file);
  if (rc != 0) world->drop_file(world->ctx, to);
  return rc;
}
