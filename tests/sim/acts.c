/* What happens to PCs: contacts, backups, deaths, wrong clocks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "node/contact.h"
#include "node/hub/hub.h"
#include "node/incarnation.h"
#include "node/ledgers.h"
#include "node/restore.h"
#include "repos.h"
#include "sim.h"

/* --- commands ------------------------------------------------------------------ */

enum { LONGEST = 600 };

void act_begin(struct pc *pc, bool may_die) {
  sim.step++;
  /* Often in one millisecond, as far as clocks say: then only ids tell stamps apart. */
  if (sim_in(3)) sim.now_ms += (int64_t)(1 + sim_below(3600 * 1000));
  (void)pc;
  disk_set_fuse(may_die && sim_in(12) ? (int64_t)(1 + sim_below(sim_in(2) ? 30 : LONGEST)) : 0);
}

bool act_end(struct pc *pc) {
  bool died = disk_dead();
  char folder[MAX_PATH];
  faults.steps++;
  if (died) {
    bool power = sim_in(2);
    pc_stop(pc);
    (void)snprintf(folder, sizeof folder, "%s/", pc->dir);
    if (power) disk_power_cut(folder, &sim.chance);
    pc->dark = power;
    fault_count(power ? FAULT_POWER : FAULT_KILL);
    sim_say("%s %s", pc_name(pc), power ? "loses power" : "is killed");
    disk_set_fuse(0);
    pc_start(pc);
  }
  disk_set_fuse(0);
  check_pc(pc);
  pc->dark = false;
  return died;
}

/* --- contacts -------------------------------------------------------------------- */

static int take_note(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                     const struct yz_error *failed) {
  struct yz_error *err = arg;
  (void)row;
  if (got == NULL && failed->code != YZ_E_NETWORK)
    (void)yz_fail(err, failed->code, failed->message, "%s", failed->subject);
  return 0;
}

static int ingest(struct pc *hub, struct yz_error *err) {
  size_t left_out;
  struct yz_error failed = {0};
  int rc = hub_ingest(&hub->node, take_note, &failed, &left_out, err);
  if (rc != 0 || failed.code == 0) return rc;
  return yz_fail(err, failed.code, failed.message, "%s", failed.subject);
}

static int sync_village(struct pc *pc, struct yz_error *err) {
  struct contact_done done;
  int rc = contact_make(&pc->node, NULL, &done, err);
  yz_taken_finish(&done.got.taken);
  return rc;
}

int act_sync(struct pc *pc, struct yz_error *err) {
  return pc->index == HUB ? ingest(pc, err) : sync_village(pc, err);
}

void act_contact(struct pc *pc) {
  struct yz_error err = {0};
  act_begin(pc, true);
  int rc = act_sync(pc, &err);
  pc->met = true;
  sim_say("%s meets the other side: %s", pc_name(pc), rc == 0 ? "ok" : yz_code_name(err.code));
  bool died = disk_dead();
  /* A copy's words that do not travel are told as damage: the liar's doing alone. */
  if (rc != 0 && rc != YZ_E_NETWORK && rc != YZ_E_REFUSED && !died && !pc->lies)
    sim_wrong("%s: a contact failed: %s (%s)", pc_name(pc),
              err.message != NULL ? err.message : yz_code_name(rc), err.subject);
  (void)act_end(pc);
}

/* --- backups ---------------------------------------------------------------------- */

void act_backup(struct pc *pc) {
  struct yz_error err = {0};
  char file[MAX_PATH];
  act_begin(pc, true);
  (void)snprintf(file, sizeof file, DISK_ROOT "safe/%s-%lld", pc_name(pc), (long long)sim.step);
  int rc = node_backup(&pc->node, file, &err);
  sim_say("%s is backed up: %s", pc_name(pc), rc == 0 ? "ok" : "no");
  if (rc == 0) (void)snprintf(pc->backup, sizeof pc->backup, "%s", file);
  (void)act_end(pc);
}

/* What nobody has any more is gone with the disk. */
static void forgive(void) {
  for (size_t i = 0; i < truth_count(); i++) {
    struct said *s = truth_at(i);
    bool there = s->forgivable;
    for (size_t k = 0; k < sim.n_pcs && !there; k++)
      there = !sim.pcs[k].lies && check_knows(&sim.pcs[k], &s->log, s->seq);
    if (!there) s->forgivable = true;
  }
}

/* Of a restored hub it is not known whom it had granted since its backup: a worker whom it revokes
 * without having granted anything is another matter (sync/DESIGN.md, "Not there yet"). */
static void doubt_grants(void) {
  for (size_t i = 1; i < sim.n_pcs; i++)
    for (size_t k = 1; k < sim.pcs[i].n_workers; k++) sim.pcs[i].workers[k].granted = false;
}

/* The disk dies, or its store alone; a backup goes into its place. */
void act_restore(struct pc *pc) {
  struct yz_error err = {0};
  struct restored restored = {0};
  char path[MAX_PATH];
  if (pc->backup[0] == '\0') return;
  sim.step++;
  bool all = sim_in(2);
  pc_stop(pc);
  (void)snprintf(path, sizeof path, "%s/%s", pc->dir, all ? "" : "yizhan.db");
  disk_remove(path);
  if (all) repos_remove(path);
  disk_set_fuse(0);
  int rc = node_restore(pc->backup, pc->dir, &pc->world, &restored, &err);
  if (rc != 0) sim_wrong("%s: restoring failed: %s (%s)", pc_name(pc), err.message, err.subject);
  restored_finish(&restored);
  sim_say("%s is restored, %s", pc_name(pc), all ? "its disk was gone" : "its store was gone");
  fault_count(FAULT_DISK);
  pc_start(pc);
  pc->restored = true;
  if (pc->index == HUB) doubt_grants();
  check_forget(pc);
  check_pc(pc);
  forgive();
  pc->met = true;
}

/* The folder of one of its repositories is removed. */
void act_lose_repository(struct pc *pc) {
  char *path = NULL;
  struct yz_ledger_row row = pc->node.ledger;
  if (pc->index == HUB && !hub_row((int)sim_below(sim.n_villages), &row)) return;
  sim.step++;
  path = node_ledger_path(&pc->node, &row);
  if (path == NULL) return;
  repos_remove(path);
  /* At the hub the folder is one that others push to: made again at its next ingest. */
  sim_say("%s loses a repository", pc_name(pc));
  fault_count(FAULT_REBUILD);
  free(path);
}

void act_clock(struct pc *pc) {
  static const int64_t leaps_ms[] = {
      -10LL * 365 * 86400000, -86400000, -3600000, 3600000, 86400000, 30LL * 86400000,
      12LL * 365 * 86400000,  0};
  sim.step++;
  pc->skew_ms = leaps_ms[sim_below(sizeof leaps_ms / sizeof *leaps_ms)];
  sim_say("%s: the clock is off by %lld h", pc_name(pc), (long long)(pc->skew_ms / 3600000));
  if (pc->skew_ms != 0) fault_count(FAULT_CLOCK);
}
