/* What must hold of every honest PC after each of its steps, and of all of them at the end. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "node/ledgers.h"
#include "sim.h"

/* A log as it was when it was last looked at. */
struct seen {
  struct yz_id log, ledger;
  struct yz_place head;
  struct yz_place safe; /* when all that this PC had written was flushed */
  bool own;
};

static void must(int rc, const struct pc *pc, const struct yz_error *err, const char *what) {
  if (rc != 0)
    sim_wrong("%s: %s: %s (%s)", pc_name(pc), what,
              err->message != NULL ? err->message : yz_code_name(rc), err->subject);
}

static struct seen *find_seen(const struct pc *pc, const struct yz_id *log) {
  for (size_t i = 0; i < pc->n_seen; i++)
    if (memcmp(&pc->seen[i].log, log, sizeof *log) == 0) return &pc->seen[i];
  return NULL;
}

static struct seen *add_seen(struct pc *pc, const struct yz_log_row *row) {
  if (pc->n_seen == pc->cap_seen) {
    pc->cap_seen = pc->cap_seen == 0 ? 16 : 2 * pc->cap_seen;
    pc->seen = realloc(pc->seen, pc->cap_seen * sizeof *pc->seen);
    assert(pc->seen != NULL);
  }
  pc->seen[pc->n_seen] = (struct seen){.log = row->id, .own = row->own};
  return &pc->seen[pc->n_seen++];
}

bool check_knows(const struct pc *pc, const struct yz_id *log, int64_t seq) {
  const struct seen *s = find_seen(pc, log);
  return s != NULL && s->head.seq >= seq;
}

void check_forget(struct pc *pc) {
  pc->n_seen = 0;
}

static int keep_fork(void *arg, const struct yz_stored *r) {
  *(bool *)arg = r->status == YZ_WAITING && r->rule != NULL && strcmp(r->rule, "log.fork") == 0;
  return 0;
}

/* Does it wait here until the hub, restored more than once, continues a log from between that this
 * PC has and the hub has lost? The contacts that bring this log back, and then the hub's next one,
 * mend it. */
static bool waits_for_union(const struct pc *pc, const struct said *s) {
  const struct yz_store *t = store_table(pc->node.store);
  struct yz_error err = {0};
  bool fork = false;
  if (!sim.pcs[HUB].restored) return false;
  if (t->each_record(t->ctx, &s->log, s->seq, s->seq, keep_fork, &fork, &err) != 0)
    sim_wrong("%s: a log cannot be read", pc_name(pc));
  return fork;
}

/* Does this PC know, and may it believe, that the writer's right had ended? (At the end no hub
 * is divided any more: there, ends.c, it must.) */
static bool ended(const struct pc *pc, size_t i) {
  const struct said *s = truth_at(i);
  if (s->ended_by == TRUTH_NONE) return false;
  const struct said *end = truth_at(s->ended_by);
  return check_knows(pc, &end->log, end->seq) && !waits_for_union(pc, end);
}

/* A process that died before it judged anew, by rights that it had just taken in, leaves a mark:
 * the next intake does (sync/DESIGN.md, (g)); ends.c sees that it did. */
static bool is_unjudged(const struct pc *pc, const struct yz_id *ledger) {
  const struct yz_store *t = store_table(pc->node.store);
  struct yz_buf mark = {0};
  char name[sizeof "unjudged." + YZ_ID_HEX] = "unjudged.";
  yz_to_hex(ledger->bytes, YZ_ID_LEN, name + strlen(name));
  bool is = t->get_meta(t->ctx, name, &mark, NULL) == 0 && mark.len > 0;
  yz_buf_finish(&mark);
  return is;
}

/* --- after a step ---------------------------------------------------------------- */

struct look {
  struct pc *pc;
  struct seen *seen;
  struct yz_hash there; /* at the place seen last */
  bool found;
};

/* Everything in a log of its own was said by it: what it did not tell of (trust, what is
 * carried, a move whose success was never told) is noted here. */
static void note_own(struct pc *pc, const struct yz_stored *r) {
  size_t i = truth_find(&r->id);
  if (i == SIZE_MAX) {
    struct said said = {
        .id = r->id, .by = r->by, .pc = pc->index, .ended_by = TRUTH_NONE, .lies = pc->lies};
    i = truth_add(&said);
  }
  struct said *s = truth_at(i);
  s->log = r->log;
  s->seq = r->seq;
  if (r->case_id != NULL && !s->has_case) {
    s->has_case = true;
    s->case_id = *r->case_id;
  }
}

static const char *hex12(const struct yz_hash *id) {
  static char hex[YZ_HASH_HEX + 1];
  yz_to_hex(id->bytes, YZ_HASH_LEN, hex);
  hex[12] = '\0';
  return hex;
}

static int look_at(void *arg, const struct yz_stored *r) {
  struct look *l = arg;
  if (r->seq == l->seen->head.seq) {
    l->there = r->id;
    l->found = true;
    return 0;
  }
  if (l->seen->own) note_own(l->pc, r);
  size_t i = truth_find(&r->id);
  if (r->status != YZ_ACCEPTED) return 0;
  if (i == SIZE_MAX)
    sim_wrong("%s holds as accepted what nobody said: %s (%s)", pc_name(l->pc), hex12(&r->id),
              r->type);
  if (truth_at(i)->forged && !l->pc->lies)
    sim_wrong("%s accepts what was forged: %s", pc_name(l->pc), hex12(&r->id));
  if (ended(l->pc, i) && !is_unjudged(l->pc, &l->seen->ledger))
    sim_wrong("%s accepts what was signed without right: %s", pc_name(l->pc), hex12(&r->id));
  return 0;
}

/* What a process wrote that was killed before its flush others see, until the power goes; then it
 * may be gone, unless somebody was told that it is saved. */
static void allow_loss(const struct pc *pc, struct seen *seen, const struct yz_place *head) {
  for (size_t i = 0; i < truth_count(); i++) {
    struct said *s = truth_at(i);
    if (memcmp(&s->log, &seen->log, sizeof s->log) != 0 || s->seq <= head->seq) continue;
    if (s->pc == pc->index && s->told)
      sim_wrong("%s loses %s with the power, which it had told of", pc_name(pc), hex12(&s->id));
    if (s->pc == pc->index) s->forgivable = true;
  }
  if (head->seq >= seen->safe.seq) seen->head = seen->safe;
}

static void look_at_log(struct pc *pc, const struct yz_log_row *row) {
  const struct yz_store *t = store_table(pc->node.store);
  struct yz_error err = {0};
  struct seen *seen = find_seen(pc, &row->id);
  if (seen == NULL) seen = add_seen(pc, row);
  seen->ledger = row->ledger;
  if (pc->dark && row->head.seq < seen->head.seq) allow_loss(pc, seen, &row->head);
  if (row->head.seq < seen->head.seq)
    sim_wrong("%s has lost records %lld to %lld of a log", pc_name(pc),
              (long long)row->head.seq + 1, (long long)seen->head.seq);
  struct look look = {.pc = pc, .seen = seen};
  if (row->head.seq == seen->head.seq && memcmp(&row->head.id, &seen->head.id, YZ_HASH_LEN) == 0)
    return;
  int64_t from = seen->head.seq > 0 ? seen->head.seq : 1;
  if (row->head.seq > 0)
    must(t->each_record(t->ctx, &row->id, from, 0, look_at, &look, &err), pc, &err,
         "reading a log");
  if (seen->head.seq > 0 && (!look.found || memcmp(&look.there, &seen->head.id, YZ_HASH_LEN) != 0))
    sim_wrong("%s holds another record where %s was", pc_name(pc), hex12(&seen->head.id));
  seen->head = row->head;
}

void check_pc(struct pc *pc) {
  struct yz_ledger_row *rows = NULL;
  struct yz_log_row *logs = NULL;
  struct yz_error err = {0};
  size_t n_rows = 0, n_logs = 0, known = 0;
  must(node_ledgers(&pc->node, &rows, &n_rows, &err), pc, &err, "reading the ledgers");
  for (size_t i = 0; i < n_rows; i++) {
    must(node_logs(&pc->node, &rows[i].id, &logs, &n_logs, &err), pc, &err, "reading the logs");
    for (size_t k = 0; k < n_logs; k++) {
      known += find_seen(pc, &logs[k].id) != NULL;
      look_at_log(pc, &logs[k]);
    }
    free(logs);
    logs = NULL;
  }
  (void)known;
  if (disk_is_safe(pc->dir))
    for (size_t i = 0; i < pc->n_seen; i++) pc->seen[i].safe = pc->seen[i].head;
  free(rows);
}
