/* Parcels by stick: a PC of a village writes, somebody carries, the hub reads and answers. On the
 * way parcels are left behind and come later, are copied and come again, are cut short, or are lost
 * with the stick; small ones go on from each other and come in another order.
 *
 * What is whole must be read, at any time; what was cut must be told, and nothing of it taken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "node/hub/hub.h"
#include "node/parcels.h"
#include "sim.h"

/* Whose stick it is, and where that one's parcels lie that come later, or again. */
enum place { STICK, LEFT, COPIED };

static void folder_of(enum place place, int village, char out[static MAX_PATH]) {
  static const char *const names[] = {"stick", "left", "copied"};
  (void)snprintf(out, MAX_PATH, DISK_ROOT "%s-V%d", names[place], 100 + village);
}

/* A parcel that was cut has a name that none is given: 0, 1, 8 and 9 are in no parcel's. */
#define CUT "CUT0"

/* --- what has been read ------------------------------------------------------------ */

struct read_one {
  size_t pc;
  struct yz_id log;
  int64_t n; /* the newest of that sender */
};
static struct {
  struct read_one *list;
  size_t n;
} have_read;

static int64_t *newest(const struct pc *pc, const struct yz_id *log) {
  for (size_t i = 0; i < have_read.n; i++)
    if (have_read.list[i].pc == pc->index && yz_equal(&have_read.list[i].log, log, sizeof *log))
      return &have_read.list[i].n;
  have_read.list = realloc(have_read.list, (have_read.n + 1) * sizeof *have_read.list);
  have_read.list[have_read.n] = (struct read_one){pc->index, *log, 0};
  return &have_read.list[have_read.n++].n;
}

static void look_at(const struct pc *pc, const struct parcel_item *item) {
  bool cut = strncmp(item->name, CUT, strlen(CUT)) == 0;
  if (cut && item->state != PARCEL_FAILED)
    sim_wrong("%s takes a parcel that was cut short: %s", pc_name(pc),
              parcel_state_name(item->state));
  if (!cut && item->state == PARCEL_FAILED && item->why.code != YZ_E_REFUSED && !pc->lies)
    sim_wrong("%s cannot read a whole parcel: %s (%s)", pc_name(pc), item->why.message,
              item->why.subject);
  if (cut || item->state == PARCEL_OTHERS || item->state == PARCEL_FAILED) return;
  int64_t *n = newest(pc, &item->parcel.log);
  if (item->state == PARCEL_EARLY || (item->parcel.n < *n && !item->kept))
    fault_count(FAULT_STICK_ORDER);
  if (item->parcel.n > *n) *n = item->parcel.n;
}

/* --- reading and writing ------------------------------------------------------------- */

/* A stick that is pulled out when the power goes, or the process dies, holds what was flushed. */
static void end(struct pc *pc, const char *folder) {
  if (disk_dead()) disk_power_cut(folder, &sim.chance);
  (void)act_end(pc);
}

static int count_one(void *arg, const struct yz_ledger_row *row,
                     const struct yz_parcel_written *written) {
  (void)row, (void)written;
  ++*(size_t *)arg;
  return 0;
}

static int take_note(void *arg, const struct yz_ledger_row *row, const struct yz_exchanged *got,
                     const struct yz_error *failed) {
  (void)row;
  return got != NULL ? 0 : yz_fail(arg, failed->code, failed->message, "%s", failed->subject);
}

/* Nothing of what a parcel holds comes apart: then it is told that it is too large. */
static void must(const struct pc *pc, int rc, const struct yz_error *err, const char *what) {
  if (rc != 0 && rc != YZ_E_LIMIT && !disk_dead() && !pc->lies)
    sim_wrong("%s: %s failed: %s (%s)", pc_name(pc), what,
              err->message != NULL ? err->message : yz_code_name(rc), err->subject);
}

/* senders: answers these; NULL: to whom it may concern. */
static void send(struct pc *pc, int village, const char *folder, const struct parcels *senders) {
  struct yz_error err = {0};
  struct yz_ledger_row row;
  size_t written = 0;
  struct parcels_to to = {.folder = folder,
                          .max_bytes = sim_in(2) ? 3000 : YZ_PARCEL_USUAL,
                          .senders = senders,
                          .fn = count_one,
                          .arg = &written};
  int rc = 0;
  if (pc->index != HUB)
    rc = parcels_send_here(&pc->node, &to, &err);
  else if (hub_row(village, &row))
    rc = senders != NULL ? 0 : hub_cut(&pc->node, &err);
  if (rc == 0 && pc->index == HUB) rc = hub_send_parcels(&pc->node, &row, &to, &err);
  sim_say("%s writes %zu parcels: %s", pc_name(pc), written, rc == 0 ? "ok" : yz_code_name(rc));
  must(pc, rc, &err, "writing a parcel");
}

static int take(struct pc *pc, struct parcels *p, struct yz_error *err) {
  struct yz_exchanged got = {0};
  struct yz_error failed = {0};
  size_t left_out = 0;
  if (pc->index != HUB) {
    int rc = parcels_take_here(p, &pc->node, &got, err);
    yz_taken_finish(&got.taken);
    return rc;
  }
  int rc = hub_take_parcels(&pc->node, p, take_note, &failed, &left_out, err);
  return rc != 0 || failed.code == 0
             ? rc
             : yz_fail(err, failed.code, failed.message, "%s", failed.subject);
}

/* As `yizhan parcel read` does it, with --reply or without. */
static void read_stick(struct pc *pc, int village, bool answer, bool may_die) {
  struct parcels p = {0};
  struct yz_error err = {0};
  char folder[MAX_PATH];
  folder_of(STICK, village, folder);
  if (!disk_holds(folder)) return;
  act_begin(pc, may_die);
  int rc = parcels_list(&pc->world, folder, &p, &err);
  if (rc == 0) rc = parcels_add_kept(&p, &pc->node, &err);
  if (rc == 0) parcels_open(&pc->node, &p);
  if (rc == 0) rc = take(pc, &p, &err);
  if (rc == 0) rc = parcels_keep_early(&p, &pc->node, &err);
  sim_say("%s reads %zu parcels: %s", pc_name(pc), p.n, rc == 0 ? "ok" : yz_code_name(rc));
  must(pc, rc, &err, "reading parcels");
  for (size_t i = 0; rc == 0 && i < p.n && !disk_dead(); i++) look_at(pc, &p.items[i]);
  pc->met = true;
  if (rc == 0 && answer) send(pc, village, folder, &p);
  parcels_finish(&p);
  end(pc, folder);
}

static void write_stick(struct pc *pc, int village) {
  char folder[MAX_PATH];
  folder_of(STICK, village, folder);
  act_begin(pc, true);
  send(pc, village, folder, NULL);
  end(pc, folder);
}

/* --- on the way ------------------------------------------------------------------------ */

struct choice {
  char name[32];
  size_t n;
};

static int choose(void *arg, const char *name, bool plain) {
  struct choice *c = arg;
  if (plain && yz_parcel_named(name) && sim_in(++c->n))
    (void)snprintf(c->name, sizeof c->name, "%s", name);
  return 0;
}

/* One of the parcels there. */
static bool pick(enum place place, int village, char path[static MAX_PATH], struct choice *c) {
  char folder[MAX_PATH];
  *c = (struct choice){.n = 0};
  folder_of(place, village, folder);
  (void)disk_each(folder, choose, c);
  (void)snprintf(path, MAX_PATH, "%.50s/%.31s", folder, c->name);
  return c->n > 0;
}

static bool put(const char *path, enum place place, int village, const char *name, bool copy) {
  char folder[MAX_PATH], to[MAX_PATH];
  folder_of(place, village, folder);
  (void)snprintf(to, sizeof to, "%.50s/%.31s", folder, name);
  bool there = disk_length(to) > 0;
  if (!there) disk_copy(path, to);
  if (!copy) disk_remove(path);
  return !there;
}

static void bring_back(enum place place, int village, enum fault kind) {
  struct choice c;
  char path[MAX_PATH];
  if (pick(place, village, path, &c) && put(path, STICK, village, c.name, false)) fault_count(kind);
}

static void cut_one(int village, const char *path, const char *name) {
  char cut[32];
  int64_t len = disk_length(path);
  if (strncmp(name, CUT, strlen(CUT)) == 0 || len < 2) return;
  disk_cut(path, 1 + sim_below((size_t)len - 1));
  (void)snprintf(cut, sizeof cut, CUT "%04zu.YZP", sim_below(10000));
  if (put(path, STICK, village, cut, false)) fault_count(FAULT_STICK_CUT);
}

static void on_the_way(int village) {
  struct choice c;
  char path[MAX_PATH];
  if (sim_in(2)) bring_back(LEFT, village, FAULT_STICK_LATE);
  if (sim_in(2)) bring_back(COPIED, village, FAULT_STICK_TWICE);
  if (!pick(STICK, village, path, &c)) return;
  switch (sim_below(8)) {
  case 0:
  case 1:
    (void)put(path, LEFT, village, c.name, false);
    break;
  case 2:
  case 3:
    (void)put(path, COPIED, village, c.name, true);
    break;
  case 4:
  case 5:
    cut_one(village, path, c.name);
    break;
  case 6:
    folder_of(STICK, village, path);
    disk_remove(path);
    fault_count(FAULT_STICK_LOST);
    break;
  default:
    break;
  }
}

static struct pc *pc_of(int village) {
  size_t from = sim_below(sim.n_pcs);
  for (size_t i = 0; i < sim.n_pcs; i++) {
    struct pc *pc = &sim.pcs[(from + i) % sim.n_pcs];
    if (pc->village == village) return pc;
  }
  return NULL;
}

/* By a few villages' sticks, so that there are some on which much lies; not by the liar's, which
 * takes away from the hub's repository what others said that they have of it. */
void stick_trip(void) {
  enum { STICKS = 3 };
  size_t most = sim.n_villages - 1;
  int village = 1 + (int)sim_below(most < STICKS ? most : STICKS);
  struct pc *pc = pc_of(village);
  if (sim_in(4)) write_stick(&sim.pcs[HUB], village);
  write_stick(pc, village);
  on_the_way(village);
  read_stick(&sim.pcs[HUB], village, !sim_in(3), true);
  on_the_way(village);
  if (!sim_in(4)) read_stick(pc_of(village), village, sim_in(2), true);
}

void stick_last(void) {
  for (int v = 0; v < (int)sim.n_villages; v++) {
    bring_back(LEFT, v, FAULT_STICK_LATE);
    bring_back(COPIED, v, FAULT_STICK_TWICE);
    for (size_t i = 0; i < sim.n_pcs; i++)
      if (sim.pcs[i].village == v || i == HUB) read_stick(&sim.pcs[i], v, false, false);
  }
}
