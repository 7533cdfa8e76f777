/* A township in virtual time: a hub, villages of one to three PCs, each PC the program's own
 * library and case code over a disk (disk.h), repositories (repos.h) and roads (road.h) in memory.
 *
 *   township.c  makes it; opens and closes PCs
 *   copies.c    two copies of one backup at work side by side
 *   acts.c      contacts, backups, deaths, clocks: what happens to PCs
 *   stick.c     parcels, carried by who goes to town
 *   world.c     a PC's clock, random bytes and disk
 *   work.c      what workers do: cases, at random
 *   attachments.c  files on cases, whose pieces travel by themselves
 *   people.c    who may sign: workers added, granted, revoked
 *   liar.c      the node that lies
 *   erase.c     words taken away, and looked for everywhere
 *   truth.c     what was really said, by whom, and what its writer knew
 *   checks.c    after every step: is what the PCs hold what was said? At the end: ends.c (records),
 *               shown.c (cases)
 *   run.c       one seed: steps at random, then quiet, then the end
 *
 * One step is one command of one PC. A check that does not hold calls sim_wrong, which ends the
 * process with the seed and the step.
 *
 * After each step, at the PC that made it (checks.c):
 *   - no log is shorter than it was, and none of its records another one, but where the power went
 *     before a flush and nobody had been told that they are saved;
 *   - what is accepted was said, by who could say so: nothing forged, nothing signed after the PC
 *     knew that the right to had ended.
 * At the end, when all have met over good roads (ends.c, shown.c, attachments.c, erase.c):
 *   - every record whose success was told is with who wrote it, at the hub and at all PCs of its
 *     ledger, and none that was said with right is refused or waits for its words; what was lost
 *     with a disk before anyone else had it is excepted;
 *   - all who have a case show it alike, in all that a reader is shown;
 *   - a field shows as many values as were written by workers who did not know of each other's, as
 *     they really knew, not as their records say: a conflict where there is one, and nowhere else;
 *   - an attachment is, byte for byte, wherever its ledger is;
 *   - erased words are in no file, and in no batch that any key that is left opens; what is for the
 *     township alone is nowhere at a village.
 * What sync/DESIGN.md tells as not there yet is excepted, each where it is looked for. */
#ifndef YIZHAN_TESTS_SIM_SIM_H
#define YIZHAN_TESTS_SIM_SIM_H

#include "chance.h"
#include "faults.h"
#include "truth.h"

#include "node/node.h"

enum { HUB = 0, MAX_PCS = 400, MAX_WORKERS = 4, MAX_DIR = 48, MAX_PATH = 96 };

struct worker {
  char name[32];
  struct signer signer; /* kept open: whoever has the key can sign with it */
  bool here, granted;
  size_t ended_by; /* as in truth.h */
};

struct pc {
  size_t index;
  char dir[MAX_DIR], backup[MAX_PATH]; /* backup "": none was made */
  int village;                         /* -1: the hub */
  struct yz_world world;
  int64_t skew_ms;
  struct node node;
  bool up;
  bool dark; /* its power went in the present step */
  bool met;  /* since its workers were last looked at: who may sign may have changed */
  bool restored;
  bool lies;                   /* does what the program would not */
  char home[YZ_FILE_IDENTITY]; /* whose file its store says it is; the liar's copy says it is the
                                  liar's */
  struct worker workers[MAX_WORKERS];
  size_t n_workers;
  struct seen *seen; /* checks.c: each log's head when it was last looked at */
  size_t n_seen, cap_seen;
};

struct sim {
  uint64_t seed;
  struct chance chance;  /* what happens */
  struct chance kinds;   /* of which kind it is, where most are of one */
  struct chance world;   /* what nodes draw */
  struct chance sealing; /* what libsodium draws for them */
  int64_t now_ms, step;
  size_t n_villages, n_pcs, n_copies;
  struct pc pcs[MAX_PCS];
  bool trace;
  uint64_t hash; /* of all that was traced */
  struct yz_secret *recovery;
};
extern struct sim sim;

/* One line of the trace, hashed always, printed with --trace. */
void sim_say(const char *format, ...) YZ_PRINTF(1, 2);
_Noreturn void sim_wrong(const char *format, ...) YZ_PRINTF(1, 2);
static inline bool sim_in(size_t n) {
  return chance_in(&sim.chance, n);
}
static inline size_t sim_below(size_t n) {
  return chance_below(&sim.chance, n);
}

/* --- world.c ----------------------------------------------------------------- */

/* Before libsodium is used: what it draws by itself is the seed's too. */
void world_seal_by_seed(void);

/* --- township.c -------------------------------------------------------------- */

void township_make(size_t villages, bool with_liar);
/* Opens the node on the PC's disk again. */
void pc_start(struct pc *pc);
void pc_stop(struct pc *pc);
void pc_fill_world(struct pc *pc);
const char *pc_name(const struct pc *pc);
struct worker *pc_worker(struct pc *pc); /* one who is here, or NULL */
bool pc_open_worker(struct pc *pc, struct worker *w);
/* A village's ledger as the hub has it. */
bool hub_row(int village, struct yz_ledger_row *out);

/* --- acts.c -------------------------------------------------------------------- */

int act_sync(struct pc *pc, struct yz_error *err);
void act_contact(struct pc *pc);
void act_backup(struct pc *pc);
void act_restore(struct pc *pc);
void act_lose_repository(struct pc *pc);
void act_clock(struct pc *pc);
/* copies.c: a village's PC goes on twice. */
void act_restore_copy(struct pc *pc);
/* Begins a command that dies at some step, or not; ends it: true when it died. */
void act_begin(struct pc *pc, bool may_die);
bool act_end(struct pc *pc);

/* --- attachments.c -------------------------------------------------------------- */

/* Attaches a file to a case; 0 when the program says that it is saved. */
int attachments_add(struct pc *pc, const struct signer *who, const struct yz_hash *case_id,
                    struct yz_hash *record, struct yz_error *err);
/* Who holds the case holds the file, byte for byte. */
void attachments_check(void);

/* --- stick.c -------------------------------------------------------------------- */

/* A stick goes from a village to the hub and back; on the way this and that becomes of it. */
void stick_trip(void);
/* Whatever lies on sticks, or was left somewhere, is read once more by everyone. */
void stick_last(void);

/* --- work.c, people.c, liar.c, erase.c -------------------------------------------------- */

void work(struct pc *pc);
void people_add(struct pc *pc);
void people_grant(int village);
void people_revoke(void);
/* What was signed with a key whose right has ended. */
void people_misuse(struct pc *pc);
void liar_act(struct pc *liar);
void erase_case(void);

/* --- checks.c, ends.c, shown.c ------------------------------------------------------------------
 */

/* What this PC holds, after a step of it. own: what is new in its own logs was said by it. */
void check_pc(struct pc *pc);
/* It holds what a backup held. */
void check_forget(struct pc *pc);
bool check_knows(const struct pc *pc, const struct yz_id *log, int64_t seq);
void check_end(void);
void check_shown(void);
void check_erased(void);
/* What is for the township alone no village can read. */
void check_sealed(void);

/* --- run.c ---------------------------------------------------------------------- */

/* Runs the seed in the township that was made; the trace's hash. */
uint64_t run_seed(uint64_t seed, size_t records);

#endif
