/* At the end, when all have met: everything that was told as saved is everywhere it belongs, and
 * nothing else counts. */
#include <stdio.h>
#include <string.h>

#include "sim.h"

static const char *hex12(const struct yz_hash *id) {
  static char hex[YZ_HASH_HEX + 1];
  yz_to_hex(id->bytes, YZ_HASH_LEN, hex);
  hex[12] = '\0';
  return hex;
}

/* --- records ---------------------------------------------------------------------- */

struct status {
  enum yz_status status;
  char rule[32];
  struct yz_hash id;
  bool found;
};

static int keep_status(void *arg, const struct yz_stored *r) {
  struct status *s = arg;
  *s = (struct status){.status = r->status, .id = r->id, .found = true};
  (void)snprintf(s->rule, sizeof s->rule, "%s", r->rule != NULL ? r->rule : "");
  return 0;
}

static struct status status_at(struct pc *pc, const struct said *said) {
  const struct yz_store *t = store_table(pc->node.store);
  struct status s = {0};
  struct yz_error err = {0};
  if (t->each_record(t->ctx, &said->log, said->seq, said->seq, keep_status, &s, &err) != 0)
    sim_wrong("%s: a log cannot be read", pc_name(pc));
  s.found = s.found && memcmp(&s.id, &said->id, sizeof s.id) == 0;
  return s;
}

static bool ended(const struct pc *pc, const struct said *s) {
  if (s->ended_by == TRUTH_NONE) return false;
  const struct said *end = truth_at(s->ended_by);
  return check_knows(pc, &end->log, end->seq);
}

/* Words of a node whose disk was gone while it erased may open nowhere any more but where they were
 * read (sync/DESIGN.md, "Not there yet"): elsewhere the record waits for them. So do words for the
 * township alone whose keys went with its disk: at a village their record counts without. */
static bool is_wordless(const struct said *s) {
  if (!sim.pcs[s->pc].restored) return false;
  for (size_t i = 0; i < sim.n_pcs; i++) {
    struct pc *pc = &sim.pcs[i];
    const struct yz_store *t = store_table(pc->node.store);
    struct status at = status_at(pc, s);
    struct yz_log_row log;
    int64_t erased = 0;
    if (!pc->lies && at.found && at.status == YZ_WAITING && strncmp(at.rule, "content.", 8) == 0 &&
        t->get_log(t->ctx, &s->log, &log, NULL) == 0 &&
        t->count_erased(t->ctx, &log.ledger, &erased, NULL) == 0 &&
        (erased > 0 || (s->has_case && truth_sealed(&s->case_id))))
      return true;
  }
  return false;
}

/* Who said it has it, and so do the hub and all of the ledger. */
static bool is_for(const struct pc *pc, const struct said *s, const struct yz_id *ledger) {
  return pc->index == HUB || pc->index == s->pc ||
         (ledger != NULL && yz_equal(&pc->node.ledger.id, ledger, sizeof *ledger));
}

/* Was it said with right, by who said it, and neither it nor its words lost with a disk? */
static bool is_due(const struct said *s) {
  return !s->forgivable && !s->lies && !s->forged && s->ended_by == TRUTH_NONE &&
         !sim.pcs[s->pc].restored;
}

static void check_at(struct pc *pc, const struct said *s) {
  struct status status = status_at(pc, s);
  const char *from = pc_name(&sim.pcs[s->pc]);
  if (status.found && status.status != YZ_ACCEPTED)
    sim_say("%s: %s of %s is %s: %s", pc_name(pc), hex12(&s->id), from,
            status.status == YZ_WAITING ? "waiting" : "refused", status.rule);
  if (pc->lies) return;
  if (!status.found && !s->forgivable && !s->lies)
    sim_wrong("%s has lost record %lld, %s, of %s", pc_name(pc), (long long)s->seq, hex12(&s->id),
              from);
  if (status.found && status.status == YZ_ACCEPTED && (s->forged || ended(pc, s)))
    sim_wrong("%s lets count what was signed without right: %s", pc_name(pc), hex12(&s->id));
  if (status.found && status.status == YZ_REFUSED && !s->forged && !s->lies &&
      s->ended_by == TRUTH_NONE)
    sim_wrong("%s refuses %s of %s: %s", pc_name(pc), hex12(&s->id), from, status.rule);
  if (status.status == YZ_WAITING && strncmp(status.rule, "content.", 8) == 0 && is_due(s))
    sim_wrong("%s waits for words of %s of %s: %s", pc_name(pc), hex12(&s->id), from, status.rule);
}

static void check_record(struct said *s) {
  const struct yz_store *hub = store_table(sim.pcs[HUB].node.store);
  struct yz_log_row log;
  bool known = hub->get_log(hub->ctx, &s->log, &log, NULL) == 0;
  if (is_wordless(s)) s->forgivable = s->wordless = true;
  for (size_t i = 0; i < sim.n_pcs; i++)
    if (is_for(&sim.pcs[i], s, known ? &log.ledger : NULL)) check_at(&sim.pcs[i], s);
}

void check_end(void) {
  for (size_t i = 0; i < truth_count(); i++) check_record(truth_at(i));
}
