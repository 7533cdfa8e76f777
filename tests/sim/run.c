/* One seed. */
#include <stdlib.h>

#include "disk.h"
#include "road.h"
#include "sim.h"

enum { QUIET_ROUNDS = 5 };

static struct pc *any_pc(void) {
  return &sim.pcs[sim_below(sim.n_pcs)];
}

/* What seldom happens to a PC; in 48 steps each of these once. */
enum { RARE = 8 };
static void rarely(struct pc *pc, size_t what) {
  switch (what) {
  case 0:
    act_backup(pc);
    break;
  case 1:
    if (!pc->lies && sim_in(2))
      act_restore_copy(pc);
    else if (!pc->lies)
      act_restore(pc);
    break;
  case 2:
    act_clock(pc);
    break;
  case 3:
    people_add(pc);
    break;
  case 4:
    people_grant((int)sim_below(sim.n_villages));
    break;
  case 5:
    people_revoke();
    break;
  case 6:
    people_misuse(pc);
    break;
  default:
    if (sim_in(2))
      act_lose_repository(pc);
    else
      erase_case();
  }
}

static void step(void) {
  struct pc *pc = any_pc();
  if (pc->lies && sim_in(4)) {
    liar_act(pc);
    return;
  }
  size_t what = sim_below(48);
  if (what < RARE)
    rarely(pc, what);
  else if (what <= 10)
    road_arrive(&sim.chance);
  else if (what <= 13)
    act_contact(&sim.pcs[HUB]);
  else if (what <= 20)
    act_contact(pc);
  else if (what == 21)
    stick_trip();
  else
    work(sim_in(4) ? &sim.pcs[HUB] : pc);
}

static void meet(struct pc *pc) {
  struct yz_error err = {0};
  sim.step++;
  int rc = act_sync(pc, &err);
  if (rc != 0)
    sim_say("%s in quiet times: %s (%s)", pc_name(pc), err.message != NULL ? err.message : "?",
            err.subject);
  if (rc != 0 && rc != YZ_E_REFUSED && !pc->lies)
    sim_wrong("%s: a contact in quiet times failed: %s (%s)", pc_name(pc),
              err.message != NULL ? err.message : yz_code_name(rc), err.subject);
}

/* Nothing new is said, the roads are good, and everyone meets a few times. */
static void quiet(void) {
  while (road_under_way() > 0) road_arrive(&sim.chance);
  road_set(&sim.chance, 0);
  for (int round = 0; round < QUIET_ROUNDS; round++) {
    for (size_t i = 0; i < sim.n_pcs; i++) meet(&sim.pcs[i]);
    for (size_t v = 0; v < sim.n_villages && round == 1; v++) people_grant((int)v);
    if (round == 2) stick_last();
  }
  for (size_t i = 0; i < sim.n_pcs; i++)
    if (!sim.pcs[i].lies) check_pc(&sim.pcs[i]);
}

uint64_t run_seed(uint64_t seed, size_t records) {
  sim.seed = seed;
  sim.chance.state = seed * 2 + 1;
  sim.world.state = seed * 2 + 2;
  sim.kinds.state = seed * 2 + 3;
  sim.sealing.state = seed * 2 + 4;
  sim.hash = 14695981039346656037u;
  sim.step = 0;
  road_set(&sim.chance, 8);
  while (faults.records < (int64_t)records) step();
  quiet();
  check_end();
  check_shown();
  check_erased();
  check_sealed();
  attachments_check();
  sim_say("%zu records said, %lld steps", truth_count(), (long long)sim.step);
  return sim.hash;
}
