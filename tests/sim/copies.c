/* Two copies of one backup at work side by side, with one key. Each goes on in a log of its own,
 * and what either writes is everywhere at the end.
 *
 * A folder that was copied without `restore` is no such thing: where both copies wrote, the second
 * to synchronise is told so (sync/DESIGN.md, "Not there yet"; cli_copies). */
#include <stdio.h>
#include <string.h>

#include "disk.h"
#include "node/restore.h"
#include "sim.h"

/* Another PC of the same village, for the copy: with the workers who may sign. NULL: there are
 * enough. */
static struct pc *add_pc(const struct pc *of) {
  enum { COPIES_MAX = 3 };
  struct pc *copy = &sim.pcs[sim.n_pcs];
  if (sim.n_copies == COPIES_MAX || sim.n_pcs == MAX_PCS) return NULL;
  *copy = (struct pc){.index = sim.n_pcs, .village = of->village, .restored = true, .met = true};
  (void)snprintf(copy->dir, sizeof copy->dir, DISK_ROOT "%s-c%zu", pc_name(of), sim.n_copies);
  (void)snprintf(copy->backup, sizeof copy->backup, "%s", of->backup);
  for (size_t i = 0; i < of->n_workers; i++) {
    if (of->workers[i].ended_by != TRUTH_NONE) continue;
    struct worker *w = &copy->workers[copy->n_workers++];
    *w = of->workers[i];
    w->signer = (struct signer){0};
    w->here = true;
  }
  pc_fill_world(copy);
  sim.n_pcs++;
  sim.n_copies++;
  return copy;
}

/* The backup is restored in its place and elsewhere. */
void act_restore_copy(struct pc *pc) {
  struct yz_error err = {0};
  struct restored restored = {0};
  if (pc->backup[0] == '\0' || pc->index == HUB) return;
  act_restore(pc);
  struct pc *copy = add_pc(pc);
  if (copy == NULL) return;
  sim.step++;
  disk_set_fuse(0);
  if (node_restore(copy->backup, copy->dir, &copy->world, &restored, &err) != 0)
    sim_wrong("%s: restoring failed: %s (%s)", pc_name(copy), err.message, err.subject);
  restored_finish(&restored);
  sim_say("%s is another copy of the backup of %s", pc_name(copy), pc_name(pc));
  pc_start(copy);
  for (size_t i = 0; i < copy->n_workers; i++)
    copy->workers[i].here = pc_open_worker(copy, &copy->workers[i]);
  fault_count(FAULT_COPY);
  check_pc(copy);
}
