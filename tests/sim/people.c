/* Who may sign. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/hub/hub.h"
#include "sim.h"

/* A village adds a worker, whom the hub is to grant. */
void people_add(struct pc *pc) {
  struct worker *by = pc_worker(pc);
  struct yz_error err = {0};
  struct yz_key key;
  char code[RECOVERY_CODE];
  if (pc->index == HUB || by == NULL || pc->n_workers == MAX_WORKERS) return;
  struct worker *w = &pc->workers[pc->n_workers];
  act_begin(pc, false);
  *w = (struct worker){.ended_by = TRUTH_NONE};
  (void)snprintf(w->name, sizeof w->name, "w%zu-%lld", pc->index, (long long)sim.step);
  int rc = store_begin(pc->node.store, &err);
  if (rc == 0) {
    rc = node_new_worker(&pc->node, w->name, NULL, &key, code, &err);
    struct yz_new_worker made = {.key = key, .name = w->name};
    if (rc == 0)
      rc =
          yz_append_worker(&pc->node.station, &pc->node.ledger.id, &by->signer.author, &made, &err);
    rc = store_end(pc->node.store, rc, &err);
  }
  w->here = rc == 0 && pc_open_worker(pc, w);
  pc->n_workers += w->here;
  sim_say("%s: a worker is added: %s", pc_name(pc), w->here ? w->name : yz_code_name(err.code));
  (void)act_end(pc);
}

/* The hub grants whoever waits, of one village. */
void people_grant(int village) {
  struct pc *hub = &sim.pcs[HUB];
  struct yz_ledger_row row;
  struct hub_changed done;
  int granted = 0;
  if (!hub_row(village, &row)) return;
  act_begin(hub, false);
  for (size_t i = 1; i < sim.n_pcs; i++)
    for (size_t k = 0; sim.pcs[i].village == village && k < sim.pcs[i].n_workers; k++) {
      struct yz_error err = {0};
      struct worker *w = &sim.pcs[i].workers[k];
      int rc = hub_grant(&hub->node, &hub->workers[0].signer, &row, w->name, &done, &err);
      w->granted = w->granted || rc == 0;
      granted += rc == 0 && !done.already;
    }
  sim_say("hub grants %d of V%d", granted, 100 + village);
  (void)act_end(hub);
}

/* What this worker wrote and the hub has not received counts nowhere from now on. */
static void mark(const struct yz_key *key, size_t ended_by) {
  for (size_t i = 0; i < truth_count(); i++) {
    struct said *s = truth_at(i);
    if (yz_equal(&s->by, key, sizeof *key) && !check_knows(&sim.pcs[HUB], &s->log, s->seq))
      s->ended_by = ended_by;
  }
}

/* At each copy of the PC: they have the same keys. */
static void end_worker(const char *name, size_t ended_by) {
  for (size_t i = 1; i < sim.n_pcs; i++)
    for (size_t k = 0; k < sim.pcs[i].n_workers; k++) {
      struct worker *w = &sim.pcs[i].workers[k];
      if (strcmp(w->name, name) != 0) continue;
      w->here = false;
      w->ended_by = ended_by;
    }
}

/* The last record of the hub's log in a ledger. */
static size_t last_of_hub(const struct yz_ledger_row *row) {
  const struct yz_store *t = store_table(sim.pcs[HUB].node.store);
  struct yz_log_row log;
  struct yz_error err = {0};
  if (t->get_log(t->ctx, &row->own, &log, &err) != 0) sim_wrong("the hub has no log");
  return truth_find(&log.head.id);
}

void people_revoke(void) {
  struct pc *hub = &sim.pcs[HUB], *pc = &sim.pcs[1 + sim_below(sim.n_pcs - 1)];
  struct yz_ledger_row row;
  struct hub_changed done;
  struct yz_error err = {0};
  size_t left = 0;
  for (size_t i = 0; i < pc->n_workers; i++) left += pc->workers[i].here;
  struct worker *w = pc_worker(pc);
  if (left < 2 || w == NULL || !w->granted || pc->lies || !hub_row(pc->village, &row)) return;
  act_begin(hub, false);
  int rc = hub_revoke(&hub->node, &hub->workers[0].signer, &row, w->name, &done, &err);
  sim_say("hub revokes %s: %s", w->name, rc == 0 ? "ok" : yz_code_name(err.code));
  if (rc == 0 && !done.already) {
    check_pc(hub);
    end_worker(w->name, last_of_hub(&row));
    mark(&w->signer.author.key, w->ended_by);
    fault_count(FAULT_REVOKE);
  }
  (void)act_end(hub);
}

static bool knows(const struct pc *pc, size_t said) {
  return check_knows(pc, &truth_at(said)->log, truth_at(said)->seq);
}

/* By a PC that has not heard of it: its own program would not let it. */
void people_misuse(struct pc *pc) {
  for (size_t i = 0; i < pc->n_workers; i++) {
    struct worker *w = &pc->workers[i];
    if (w->ended_by == TRUTH_NONE || w->signer.author.seed == NULL || knows(pc, w->ended_by))
      continue;
    struct yz_error err = {0};
    struct yz_place place;
    const struct opened *c = truth_cases() > 0 ? truth_case(sim_below(truth_cases())) : NULL;
    if (c == NULL || c->village != pc->village) return;
    json_t *plain = json_pack("{s:I}", "at", (json_int_t)sim.now_ms);
    json_t *content = json_pack("{s:s}", "text", "still here");
    struct yz_draft draft = {.type = "case.note",
                             .plain = plain,
                             .content = content,
                             .case_id = &c->id,
                             .heads = &c->id,
                             .n_heads = 1};
    act_begin(pc, false);
    int rc = store_begin(pc->node.store, &err);
    if (rc == 0)
      rc = store_end(pc->node.store,
                     yz_append(&pc->node.station, &pc->node.ledger.id, &w->signer.author, &draft,
                               &place, NULL, &err),
                     &err);
    struct said said = {.id = place.id,
                        .log = pc->node.ledger.own,
                        .seq = place.seq,
                        .by = w->signer.author.key,
                        .pc = pc->index,
                        .ended_by = w->ended_by,
                        .ledger = pc->node.ledger.id};
    if (rc == 0) truth_add(&said);
    if (rc == 0) fault_count(FAULT_REVOKE);
    sim_say("%s: %s goes on signing: %s", pc_name(pc), w->name, rc == 0 ? "ok" : yz_code_name(rc));
    json_decref(plain);
    json_decref(content);
    (void)act_end(pc);
    return;
  }
}
