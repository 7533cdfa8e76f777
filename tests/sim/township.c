#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "node/hub/hub.h"
#include "node/incarnation.h"
#include "node/join.h"
#include "road.h"
#include "sim.h"

struct sim sim;

/* --- trace ------------------------------------------------------------------- */

static void hash_in(const char *text) {
  for (; *text != '\0'; text++) sim.hash = (sim.hash ^ (unsigned char)*text) * 1099511628211u;
}

void sim_say(const char *format, ...) {
  char line[512];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(line, sizeof line, format, args);
  va_end(args);
  hash_in(line);
  if (sim.trace) printf("%6lld  %s\n", (long long)sim.step, line);
}

_Noreturn void sim_wrong(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "WRONG: seed %llu, step %lld: ", (unsigned long long)sim.seed,
          (long long)sim.step);
  (void)vfprintf(stderr, format, args);
  va_end(args);
  fprintf(stderr, "\n");
  fflush(NULL);
  _Exit(1);
}

static void must(int rc, const struct yz_error *err, const char *what) {
  if (rc != 0)
    sim_wrong("%s: %s (%s)", what, err->message != NULL ? err->message : yz_code_name(rc),
              err->subject);
}

/* --- PCs ------------------------------------------------------------------------ */

const char *pc_name(const struct pc *pc) {
  return pc->dir + strlen(DISK_ROOT);
}

bool pc_open_worker(struct pc *pc, struct worker *w) {
  struct yz_error err = {0};
  signer_finish(&w->signer);
  return signer_open(&w->signer, &pc->node, w->name, NULL, &err) == 0;
}

void pc_start(struct pc *pc) {
  struct yz_error err = {0};
  must(node_open(&pc->node, pc->dir, &pc->world, &err), &err, "opening the node");
  pc->up = true;
}

void pc_stop(struct pc *pc) {
  if (pc->up) node_finish(&pc->node);
  pc->up = false;
}

struct worker *pc_worker(struct pc *pc) {
  for (size_t i = 0; pc->met && i < pc->n_workers; i++)
    if (pc->workers[i].here) pc->workers[i].here = pc_open_worker(pc, &pc->workers[i]);
  pc->met = false;
  if (pc->n_workers == 0) return NULL;
  size_t from = sim_below(pc->n_workers);
  for (size_t i = 0; i < pc->n_workers; i++) {
    struct worker *w = &pc->workers[(from + i) % pc->n_workers];
    if (w->here) return w;
  }
  return NULL;
}

bool hub_row(int village, struct yz_ledger_row *out) {
  char code[16];
  struct yz_error err = {0};
  (void)snprintf(code, sizeof code, "V%d", 100 + village);
  return hub_find_village(&sim.pcs[HUB].node, code, out, &err) == 0;
}

/* --- the beginning ---------------------------------------------------------------- */

static struct pc *new_pc(const char *name, int village) {
  assert(sim.n_pcs < MAX_PCS);
  struct pc *pc = &sim.pcs[sim.n_pcs];
  *pc = (struct pc){.index = sim.n_pcs++, .village = village, .n_workers = 1};
  (void)snprintf(pc->dir, sizeof pc->dir, DISK_ROOT "%s", name);
  (void)snprintf(pc->workers[0].name, sizeof pc->workers[0].name, "w%zu-0", pc->index);
  pc->workers[0].here = pc->workers[0].granted = true;
  pc->workers[0].ended_by = TRUTH_NONE;
  pc_fill_world(pc);
  return pc;
}

static void make_hub(void) {
  struct pc *hub = new_pc("hub", -1);
  struct yz_error err = {0};
  struct yz_key key;
  char code[RECOVERY_CODE];
  must(hub_create(&hub->node, hub->dir, &hub->world, "Town", "TN", &sim.recovery, &err), &err,
       "making the hub");
  must(store_begin(hub->node.store, &err), &err, "begin");
  int rc = node_new_worker(&hub->node, hub->workers[0].name, NULL, &key, code, &err);
  must(store_end(hub->node.store, rc, &err), &err, "the hub's worker");
  hub->up = true;
  if (!pc_open_worker(hub, &hub->workers[0])) sim_wrong("the hub's worker cannot sign");
}

static void read_invitation(const char *file, struct yz_invitation *out) {
  struct yz_buf text = {0};
  struct yz_error err = {0};
  must(disk_read_file(file, YZ_MAX_INVITATION, &text, &err), &err, "the invitation");
  must(yz_invitation_read((const char *)text.data, text.len, out, &err), &err, "the invitation");
  yz_buf_finish(&text);
}

static void join(struct pc *pc, const char *file) {
  struct yz_invitation i;
  struct yz_error err = {0};
  struct first_worker worker = {.name = pc->workers[0].name};
  read_invitation(file, &i);
  must(node_create(&pc->node, pc->dir, &pc->world, false, i.village, i.code, i.letter, &err), &err,
       "making a node");
  must(node_join(&pc->node, &i, &worker, &err), &err, "joining");
  pc->up = true;
  if (!pc_open_worker(pc, &pc->workers[0])) sim_wrong("the first worker cannot sign");
  must(act_sync(pc, &err), &err, "the first contact");
  check_pc(&sim.pcs[HUB]);
  check_pc(pc);
  must(act_sync(&sim.pcs[HUB], &err), &err, "the hub takes a village in");
  check_pc(&sim.pcs[HUB]);
}

/* As `yizhan ledger move` does it: from now on the PC comes over a link. */
static void move_far(struct pc *pc) {
  const struct yz_store *t = store_table(pc->node.store);
  struct yz_error err = {0};
  struct yz_ledger_row row = pc->node.ledger;
  if (snprintf(row.url, sizeof row.url, ROAD_FAR "%s", pc->node.ledger.url) >= (int)sizeof row.url)
    sim_wrong("the url is too long");
  must(store_begin(pc->node.store, &err), &err, "begin");
  must(store_end(pc->node.store, t->put_ledger(t->ctx, &row, &err), &err), &err, "moving far");
  must(node_reload(&pc->node, &err), &err, "moving far");
}

static void make_village(int v, size_t n_pcs) {
  struct node *hub = &sim.pcs[HUB].node;
  char name[40], code[16], file[MAX_PATH], letter[4];
  struct yz_ledger_row row;
  struct yz_error err = {0};
  bool already;
  (void)snprintf(code, sizeof code, "V%d", 100 + v);
  for (size_t k = 0; k < n_pcs; k++) {
    (void)snprintf(file, sizeof file, DISK_ROOT "hub/%s-%zu.invitation", code, k);
    int rc = k == 0 ? hub_invite(hub, code, code, NULL, file, 0, &row, &already, &err)
                    : hub_invite_pc(hub, code, file, 0, &row, letter, &already, &err);
    must(rc, &err, "inviting");
    (void)snprintf(name, sizeof name, "%s-%zu", code, k);
    struct pc *pc = new_pc(name, v);
    join(pc, file);
    if (v % 2 == 1) move_far(pc);
  }
}

void township_make(size_t villages, bool with_liar) {
  sim.n_villages = villages;
  sim.now_ms = 1793000000000;
  make_hub();
  for (size_t v = 0; v < villages; v++) make_village((int)v, v % 3 == 0 ? 1 + v / 3 % 3 + 1 : 1);
  /* The liar is one PC of the first village, which has an honest one too. */
  if (with_liar) sim.pcs[2].lies = true;
  for (size_t i = 0; i < sim.n_pcs; i++) {
    struct yz_error err = {0};
    must(act_sync(&sim.pcs[i], &err), &err, "all have met");
  }
  for (size_t i = 0; i < sim.n_pcs; i++) check_pc(&sim.pcs[i]);
  faults_begun = true;
}
