/* Checking what is kept: the store's records by themselves, and git against the
 * store. What lies in quarantine is no finding. */
#include "station_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct audit {
  const struct yz_station *st;
  struct yz_ledger *git; /* NULL: none */
  const struct yz_ledger_row *ledger;
  struct yz_roster *roster;
  const struct yz_log_row *log;
  struct yz_place at; /* as far as the walk has come */
  yz_finding_fn fn;
  void *ctx;
  int64_t *records;
  struct yz_error *err;
};

static void find(struct audit *a, const char *code, int64_t seq, const char *text) {
  char subject[YZ_ID_HEX + 32], hex[YZ_ID_HEX + 1];
  yz_to_hex(a->log->id.bytes, YZ_ID_LEN, hex);
  snprintf(subject, sizeof subject, "%s/%lld", hex, (long long)seq);
  a->fn(a->ctx, code, subject, text);
}

/* --- records ---------------------------------------------------------- */

/* Of a record whose words are erased none may be there. */
static int check_contents(struct audit *a, const struct yz_stored *r, const struct yz_members *m) {
  struct yz_hash hash;
  bool held, erased;

  int rc = a->st->store->is_erased(a->st->store->ctx, &a->ledger->id, r, &erased, a->err);
  if (rc) return rc;
  if (erased && r->n_contents)
    find(a, "erased", r->seq,
         YZ_N_("Words that were erased are still here. `yizhan rebuild --from ledger` takes them "
               "away."));
  for (size_t i = 0; i < m->n_content; i++) {
    held = false;
    for (size_t k = 0; k < r->n_contents; k++) {
      if (strcmp(r->contents[k].audience, m->content[i].audience) != 0) continue;
      yz_content_hash(&r->contents[k], &hash);
      held = yz_equal(&hash, &m->content[i].hash, sizeof hash);
    }
    if (!held && !erased && station_reads(a->st, m->content[i].audience))
      find(a, "content", r->seq, YZ_N_("A record's content is missing or is not what was signed."));
  }
  return YZ_OK;
}

static int check_judgement(struct audit *a, const struct yz_stored *r,
                           const struct yz_record *record, const struct yz_members *m) {
  const char *rule;
  enum yz_status status = yz_roster_judge(a->roster, record, &r->id, m->type, &rule);
  bool content = r->rule && strncmp(r->rule, "content.", 8) == 0;

  if (status != r->status && !(status == YZ_ACCEPTED && r->status == YZ_WAITING && content))
    find(a, "judgement", r->seq, YZ_N_("A record counts, or does not, against the rules."));
  return r->status == YZ_ACCEPTED ? check_contents(a, r, m) : YZ_OK;
}

static int check_record(void *arg, const struct yz_stored *r) {
  struct audit *a = arg;
  struct yz_record record;
  struct yz_members m = {0};
  struct yz_hash id;

  (*a->records)++;
  if (r->seq != a->at.seq + 1)
    find(a, "gap", r->seq, YZ_N_("A record before this one is missing."));
  int rc = yz_record_read(r->line, r->line_len, &record, NULL);
  if (rc || record.seq != r->seq || !yz_equal(&record.log, &a->log->id, sizeof record.log)) {
    find(a, "record", r->seq, YZ_N_("A record's line is damaged."));
    a->at = (struct yz_place){r->seq, r->id};
    return YZ_OK;
  }
  yz_record_id(&a->at.id, record.bytes, record.len, &id);
  bool chained = yz_equal(&id, &r->id, sizeof id);
  if (!chained) find(a, "chain", r->seq, YZ_N_("A record is not the one that the chain names."));
  bool readable = yz_record_parse(record.bytes, record.len, &m, NULL) == YZ_OK;
  bool good = yz_record_signed(&record, &id) && readable;
  if (!good && r->status != YZ_REFUSED)
    find(a, "signature", r->seq, YZ_N_("A record's signature does not hold."));
  rc = good ? check_judgement(a, r, &record, &m) : YZ_OK;
  yz_members_finish(&m);
  a->at = (struct yz_place){r->seq, r->id};
  return rc;
}

/* --- segments --------------------------------------------------------- */

static int check_segment(void *arg, const struct yz_segment_row *row) {
  struct audit *a = arg;
  struct yz_buf bytes = {0};
  struct yz_segment *s = malloc(sizeof *s);
  const char *rule;

  if (!s) return yz_no_memory(a->err);
  int rc = station_segment_bytes(a->st, row, &bytes, a->err);
  if (!rc && (row->first != a->at.seq + 1 ||
              yz_segment_read((char *)bytes.data, bytes.len, s, &rule, NULL) ||
              !yz_segment_signed(s, &a->log->node)))
    find(a, "segment", row->first,
         YZ_N_("A segment is damaged, missing or not signed by its node."));
  a->at.seq = row->last;
  yz_buf_finish(&bytes);
  free(s);
  return rc;
}

/* --- git against the store --------------------------------------------- */

struct tree {
  struct audit *audit;
  const char *ref;
  const struct yz_oid *commit;
};

static int check_file(void *arg, const char *path, const struct yz_oid *blob, bool deleted) {
  struct tree *t = arg;
  struct audit *a = t->audit;
  struct yz_buf expected = {0}, found = {0};
  char subject[YZ_MAX_REF + YZ_MAX_PATH + 8];

  (void)deleted;
  int rc = station_tree_file(a->st, a->log, t->ref, t->commit, path, &expected, a->err);
  if (rc && rc != YZ_E_NOT_FOUND) goto done;
  int read = yz_ledger_blob(a->git, blob, YZ_MAX_SEGMENT, &found, NULL);
  if (rc || read || expected.len != found.len ||
      memcmp(expected.data, found.data, found.len) != 0) {
    snprintf(subject, sizeof subject, "%s:%s", t->ref, path);
    a->fn(a->ctx, "git", subject,
          YZ_N_("A file in the git repository is not what the store holds."));
  }
  rc = YZ_OK;
done:
  yz_buf_finish(&expected);
  yz_buf_finish(&found);
  return rc;
}

static int same_commit(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                       const char *const *paths, size_t n_paths) {
  (void)bytes, (void)n, (void)paths, (void)n_paths;
  return yz_equal(oid, arg, sizeof *oid);
}

/* The store is written first: a process that dies then leaves a branch where it stood, or not
 * there yet. 1: so it is. */
static int is_behind(struct audit *a, const char *ref, bool there, struct yz_oid *found) {
  const struct yz_store *store = a->st->store;
  if (!there) return 1;
  return store->each_commit(store->ctx, &a->ledger->id, ref, same_commit, found, a->err);
}

/* What this node writes now it writes to the store first: git holds no more, unless the store went
 * back to what it was (a disk that had not written what it said, damage in its journal). What is
 * written on top of that would be told apart from what was sent. kept NULL: none is known. */
static void check_store_is_ahead(struct audit *a, const char *ref, const struct yz_oid *kept) {
  struct yz_oid found;
  if (!yz_equal(&a->ledger->own, &a->log->id, sizeof a->log->id) ||
      yz_ledger_ref(a->git, ref, &found, NULL) ||
      (kept && (yz_equal(&found, kept, sizeof found) || !yz_ledger_contains(a->git, &found, kept))))
    return;
  a->fn(a->ctx, "store.behind", ref,
        YZ_N_("The git repository holds what this node wrote and its store lacks: the store went "
              "back. Make a contact, or `yizhan rebuild --from ledger`, before anything is "
              "written here."));
}

struct signer {
  const struct yz_commit_view *view;
  bool hub;
};

static int look_for_hub(void *arg, const struct yz_log_row *row) {
  struct signer *s = arg;
  s->hub =
      s->hub || (row->hub && yz_commit_signed_by(s->view->raw.data, s->view->raw.len, &row->node));
  return YZ_OK;
}

/* By its node; keys/ also by a hub, in its place. */
static int is_signed(struct audit *a, bool keys, const struct yz_commit_view *view, bool *is) {
  const struct yz_store *store = a->st->store;
  struct signer s = {view, false};

  *is = yz_commit_signed_by(view->raw.data, view->raw.len, &a->log->node);
  if (*is || !keys) return YZ_OK;
  int rc = store->each_log(store->ctx, &a->ledger->id, look_for_hub, &s, a->err);
  *is = s.hub;
  return rc;
}

static int check_signer(struct audit *a, const char *ref, bool keys,
                        const struct yz_commit_view *view) {
  bool is;
  int rc = is_signed(a, keys, view, &is);
  if (!rc && !is) a->fn(a->ctx, "git", ref, YZ_N_("A commit is not signed by its node."));
  return rc;
}

static int64_t epoch_of(struct audit *a, const struct yz_buf *file) {
  int64_t n = 0;
  return yz_epoch_read((char *)file->data, file->len, &a->log->id, &n, NULL) ? 0 : n;
}

/* Where others push: keys/ that begin anew, after an erasing, have nothing in common with those
 * that were taken in, but come from a later one. */
static int is_anew(struct audit *a, const char *ref, const struct yz_oid *found, bool *anew) {
  const struct yz_store *store = a->st->store;
  struct yz_commit_view view = {0};
  struct yz_buf now = {0}, was = {0};
  bool is = false;

  *anew = false;
  if (yz_equal(&a->ledger->own, &a->log->id, sizeof a->log->id) ||
      yz_ledger_read_commit(a->git, found, &view, NULL))
    return YZ_OK;
  int rc = is_signed(a, true, &view, &is);
  if (!rc && is && !yz_ledger_file(a->git, found, "epoch.json", YZ_MAX_KEYS_FILE, &now, NULL)) {
    rc = store->get_file(store->ctx, &a->ledger->id, ref, "epoch.json", &was, a->err);
    *anew = (!rc || rc == YZ_E_NOT_FOUND) && epoch_of(a, &now) > epoch_of(a, &was);
    if (rc == YZ_E_NOT_FOUND) rc = YZ_OK;
  }
  yz_buf_finish(&now);
  yz_buf_finish(&was);
  yz_commit_view_finish(&view);
  return rc;
}

/* What git has does not lead to what was taken in. at: what looking for it came to. */
static int check_strayed(struct audit *a, const char *ref, bool keys, int at, struct yz_oid *found,
                         const struct yz_oid *kept) {
  bool known = at == YZ_OK || at == YZ_E_NOT_FOUND, anew = false;
  bool is_tip = at == YZ_OK && yz_equal(found, kept, sizeof *kept);
  int rc = keys && at == YZ_OK && !is_tip ? is_anew(a, ref, found, &anew) : YZ_OK;

  if (rc || anew) return rc;
  rc = known && !is_tip ? is_behind(a, ref, at == YZ_OK, found) : 0;
  if (rc < 0) return rc;
  if (rc > 0)
    a->fn(a->ctx, YZ_NOTE_BEHIND, ref,
          YZ_N_("A branch of the git repository is not as far as the store; the next contact "
                "brings it there."));
  else
    a->fn(a->ctx, "git", ref,
          YZ_N_("A branch of the git repository is missing or is not the one that was taken in."));
  return YZ_OK;
}

static int check_ref(struct audit *a, const char *kind) {
  const struct yz_store *store = a->st->store;
  struct yz_commit_view view = {0};
  struct yz_oid kept, found;
  char ref[REF_ROOM];
  struct tree tree = {a, ref, &kept};

  station_ref("refs/heads/", kind, &a->log->id, ref);
  int rc = store->get_tip(store->ctx, &a->ledger->id, ref, &kept, a->err);
  if (rc && rc != YZ_E_NOT_FOUND) return rc;
  if (strcmp(kind, "log") == 0) check_store_is_ahead(a, ref, rc ? NULL : &kept);
  if (rc) return YZ_OK;
  int at = yz_ledger_ref(a->git, ref, &found, NULL);
  /* Where others push, a ref may be ahead of what was taken in. */
  if (at || !yz_ledger_contains(a->git, &found, &kept) ||
      yz_ledger_read_commit(a->git, &kept, &view, NULL))
    return check_strayed(a, ref, strcmp(kind, "keys") == 0, at, &found, &kept);
  rc = check_signer(a, ref, strcmp(kind, "keys") == 0, &view);
  yz_commit_view_finish(&view);
  if (rc) return rc;
  rc = yz_ledger_files(a->git, &kept, check_file, &tree, a->err);
  if (rc == YZ_E_FORMAT || rc == YZ_E_DAMAGED || rc == YZ_E_NOT_FOUND) {
    a->fn(a->ctx, "git", ref, YZ_N_("A branch of the git repository is damaged."));
    rc = YZ_OK;
  }
  return rc;
}

/* --- what the log's node acknowledged ------------------------------------- */

static int check_ack(struct audit *a) {
  const struct yz_store *store = a->st->store;
  struct yz_buf line = {0};
  struct yz_ack ack = {0};

  int rc = store->get_ack(store->ctx, &a->log->id, &line, a->err);
  if (!rc && yz_ack_read((char *)line.data, line.len, &a->log->node, &ack, NULL))
    find(a, "ack", 0, YZ_N_("An acknowledgement is not signed by its node."));
  yz_ack_finish(&ack);
  yz_buf_finish(&line);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

/* --- all of it ---------------------------------------------------------- */

static int check_log(void *arg, const struct yz_log_row *row) {
  struct audit *a = arg;
  const struct yz_store *store = a->st->store;

  a->log = row;
  a->at = (struct yz_place){0, row->hash};
  int rc = store->each_record(store->ctx, &row->id, 1, 0, check_record, a, a->err);
  if (!rc && (a->at.seq != row->head.seq ||
              (row->head.seq > 0 && !yz_equal(&a->at.id, &row->head.id, sizeof a->at.id))))
    find(a, "head", row->head.seq, YZ_N_("A log does not end where it should."));
  a->at = (struct yz_place){0, row->hash};
  if (!rc) rc = store->each_segment(store->ctx, &row->id, 1, check_segment, a, a->err);
  if (!rc) rc = check_ack(a);
  for (int i = 0; !rc && a->git && i < YZ_KINDS; i++) rc = check_ref(a, station_kinds[i]);
  return rc;
}

int yz_audit(const struct yz_station *st, struct yz_ledger *git, const struct yz_ledger_row *ledger,
             yz_finding_fn fn, void *ctx, int64_t *records, struct yz_error *err) {
  struct audit a = {
      .st = st, .git = git, .ledger = ledger, .fn = fn, .ctx = ctx, .records = records, .err = err};

  int rc = yz_station_roster(st, &ledger->id, &a.roster, err);
  if (!rc) rc = st->store->each_log(st->store->ctx, &ledger->id, check_log, &a, err);
  yz_roster_destroy(a.roster);
  return rc;
}
