/* What a repository says of itself to someone who knows nothing of it yet. */
#include "intake.h"
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_MAX = YZ_MAX_SEGMENT };

struct survey {
  struct yz_ledger *git;
  const char *prefix;
  int (*fn)(void *arg, const struct yz_begin *begin, const struct yz_successor *successor);
  void *arg;
  struct yz_error *err;
};

static int tell(struct survey *v, const struct yz_segment *s, const struct yz_begin *begin) {
  struct yz_successor successor = {0};
  struct yz_members m = {0};
  bool named = intake_members(s, 1, "hub.successor", &m) &&
               yz_equal(&s->records[1].by, &begin->node, sizeof begin->node) &&
               yz_successor_read(m.json, begin, &successor, NULL) == YZ_OK;
  int rc = v->fn(v->arg, begin, named ? &successor : NULL);

  yz_successor_finish(&successor);
  yz_members_finish(&m);
  return rc;
}

static int look_at_segment(struct survey *v, const struct yz_id *log, const struct yz_segment *s) {
  struct yz_begin begin = {0};
  struct yz_members m = {0};
  int rc = YZ_OK;

  if (s->first == 1 && yz_equal(&s->log, log, sizeof *log) &&
      intake_members(s, 0, "log.begin", &m) &&
      yz_begin_read(&s->records[0], m.json, &begin, NULL) == YZ_OK &&
      yz_segment_signed(s, &begin.node))
    rc = tell(v, s, &begin);
  yz_begin_finish(&begin);
  yz_members_finish(&m);
  return rc;
}

static int look_at_ref(void *arg, const char *ref, const struct yz_oid *tip) {
  struct survey *v = arg;
  struct yz_buf bytes = {0};
  struct yz_segment *s = NULL;
  struct yz_id log;
  const char *rule;
  int rc = YZ_OK;

  if (!station_ref_log(ref, v->prefix, "log", &log) ||
      yz_ledger_file(v->git, tip, "1/1.jsonl", FIRST_MAX, &bytes, NULL))
    goto done;
  s = malloc(sizeof *s);
  if (!s)
    rc = yz_no_memory(v->err);
  else if (!yz_segment_read((char *)bytes.data, bytes.len, s, &rule, NULL))
    rc = look_at_segment(v, &log, s);
done:
  free(s);
  yz_buf_finish(&bytes);
  return rc;
}

int yz_survey(struct yz_ledger *git, const char *prefix,
              int (*fn)(void *arg, const struct yz_begin *begin,
                        const struct yz_successor *successor),
              void *arg, struct yz_error *err) {
  struct survey v = {git, prefix, fn, arg, err};
  char logs[REF_ROOM];

  snprintf(logs, sizeof logs, "%slog/", prefix);
  return yz_ledger_refs(git, logs, look_at_ref, &v, err);
}

/* --- whose place it is ------------------------------------------------- */

struct place {
  const struct yz_id *ledger;
  bool ours;
  bool theirs; /* of another ledger that some hub made */
};

static int compare(void *arg, const struct yz_begin *begin, const struct yz_successor *successor) {
  struct place *p = arg;
  (void)successor;
  bool same = yz_equal(&begin->ledger, p->ledger, sizeof begin->ledger);
  p->ours |= same;
  p->theirs |= !same && begin->has_hub;
  return YZ_OK;
}

struct known {
  const struct yz_station *st;
  const struct yz_id *ledger;
  bool any, one; /* branches of logs there; one that is known to be of this ledger */
  struct yz_error *err;
};

static int look_up(void *arg, const char *ref, const struct yz_oid *tip) {
  struct known *k = arg;
  struct yz_log_row row;
  struct yz_id log;
  (void)tip;
  if (k->one || !station_ref_log(ref, "refs/remote/", "log", &log)) return YZ_OK;
  k->any = true;
  int rc = k->st->store->get_log(k->st->store->ctx, &log, &row, k->err);
  k->one = rc == YZ_OK && yz_equal(&row.ledger, k->ledger, sizeof row.ledger);
  return rc == YZ_E_NOT_FOUND ? YZ_OK : rc;
}

int yz_check_place(const struct yz_station *st, struct yz_ledger *git,
                   const struct yz_ledger_row *ledger, struct yz_error *err) {
  struct known known = {.st = st, .ledger = &ledger->id, .err = err};
  struct place place = {.ledger = &ledger->id};
  int rc = yz_ledger_refs(git, "refs/remote/log/", look_up, &known, err);
  if (rc || known.one || !known.any) return rc;
  rc = yz_survey(git, "refs/remote/", compare, &place, err);
  if (rc || place.ours || !place.theirs) return rc;
  return yz_fail(
      err, YZ_E_REFUSED,
      YZ_N_("Another village's ledger lies at this place, so nothing was exchanged. Find "
            "out where this one's lies: a village says it with `yizhan ledger move`, "
            "the hub with `yizhan hub invite --ledger`."),
      "%.200s", ledger->url);
}
