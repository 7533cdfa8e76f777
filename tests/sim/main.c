/* sim [--seed N | --from N --seeds N | --seconds N] [--villages N | --villages N-M] [--records N]
 *     [--jobs N] [--each N] [--trace] [--all]
 *
 * Each seed runs in a process of its own, forked from one that has made the township; of
 * townships of different sizes each has its share of the seeds, --jobs of them at a time.
 *
 *   --seed      this one alone; it goes the same way each time (a seed belongs to its number of
 *               villages and of records: a red one is told with both)
 *   --records   how many records workers make, told as saved, until all fall silent (200)
 *   --seconds   seeds one after the other for so long
 *   --each      red where a kind of fault was made less often
 *   --trace     each step, and what became of it
 *   --all       a red seed ends nothing
 *
 * At the end it prints how much was done, and how often each kind of fault was made. 0: all held.
 */
#include <getopt.h>
#include <git2.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <yizhan/crypto.h>

#include "disk.h"
#include "sim.h"

static int64_t virtual_now(void) {
  return sim.now_ms;
}

struct options {
  uint64_t from, seeds;
  int64_t seconds, each;
  size_t least, most; /* villages */
  size_t records, jobs;
  bool trace, all;
};

/* What a child tells its parent. */
struct result {
  struct fault_counts counts;
  uint64_t hash;
  bool done;
};

static void add(struct fault_counts *to, const struct fault_counts *from) {
  for (int i = 0; i < FAULTS; i++) to->n[i] += from->n[i];
  to->records += from->records;
  to->seeds += from->seeds;
  to->conflicts += from->conflicts;
  to->steps += from->steps;
  to->sealed += from->sealed;
  to->attached += from->attached;
}

static void *share_memory(size_t n) {
  void *shared = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) exit(1);
  return shared;
}

static bool run_one(const struct options *o, uint64_t seed, struct result *shared,
                    struct fault_counts *all) {
  int status;
  *shared = (struct result){0};
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    sim.trace = o->trace;
    shared->hash = run_seed(seed, o->records);
    shared->counts = faults;
    shared->counts.seeds = 1;
    shared->done = true;
    fflush(NULL);
    _Exit(0);
  }
  if (child < 0 || waitpid(child, &status, 0) != child) return false;
  if (!shared->done || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    printf("RED: seed %llu of %zu villages, %zu records (status %x)\n", (unsigned long long)seed,
           sim.n_villages, o->records, (unsigned)status);
    return false;
  }
  add(all, &shared->counts);
  if (o->seeds == 1)
    printf("seed %llu: trace %016llx\n", (unsigned long long)seed,
           (unsigned long long)shared->hash);
  return true;
}

/* One township's share: every so many-th seed, or so much of the time. */
static bool run_township(const struct options *o, size_t villages, struct fault_counts *all) {
  size_t sizes = o->most - o->least + 1;
  int64_t seconds = o->seconds * (int64_t)(o->jobs < sizes ? o->jobs : sizes) / (int64_t)sizes;
  time_t began = time(NULL);
  struct result *shared = share_memory(sizeof *shared);
  bool good = true;
  sim.world.state = villages;
  disk_init(&sim.world, virtual_now);
  world_seal_by_seed();
  if (yz_crypto_init() != 0 || git_libgit2_init() < 0) return false;
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  /* What a repository does not hold any more is not to be found in a cache. */
  git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
  township_make(villages, true);
  for (uint64_t i = villages - o->least;
       (good || o->all) && i < o->seeds && (o->seconds == 0 || time(NULL) - began < seconds);
       i += sizes)
    good = run_one(o, o->from + i, shared, all) && good;
  return good;
}

/* true: all that were begun ended well. */
static bool run_all(const struct options *o, struct fault_counts *all) {
  size_t sizes = o->most - o->least + 1, running = 0;
  struct fault_counts *counts = share_memory(sizes * sizeof *counts);
  bool good = true;
  for (size_t i = 0; i < sizes || running > 0;) {
    int status;
    if (i < sizes && (good || o->all) && running < o->jobs) {
      fflush(NULL);
      pid_t child = fork();
      /* What takes longest begins first. */
      if (child == 0) exit(run_township(o, o->most - i, &counts[i]) ? 0 : 1);
      if (child < 0) return false;
      running++, i++;
      continue;
    }
    if (running == 0 || wait(&status) < 0) break;
    running--;
    good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  for (size_t i = 0; i < sizes; i++) add(all, &counts[i]);
  return good;
}

static void print(const struct fault_counts *c) {
  printf(
      "%lld seeds, %lld records by workers, %lld steps, %lld conflicts, %lld cases for the township"
      " alone, %lld attachments compared\n",
      (long long)c->seeds, (long long)c->records, (long long)c->steps, (long long)c->conflicts,
      (long long)c->sealed, (long long)c->attached);
  for (int i = 0; i < FAULTS; i++)
    printf("  %-16s %lld\n", fault_name((enum fault)i), (long long)c->n[i]);
}

static bool enough(const struct options *o, const struct fault_counts *c) {
  bool all = true;
  for (int i = 0; i < FAULTS; i++)
    if (c->n[i] < o->each) {
      printf("RED: %s was made less than %lld times\n", fault_name((enum fault)i),
             (long long)o->each);
      all = false;
    }
  return all;
}

static void read_villages(const char *text, struct options *o) {
  char *end;
  o->least = o->most = strtoull(text, &end, 10);
  if (*end == '-') o->most = strtoull(end + 1, NULL, 10);
}

static void read_options(int argc, char **argv, struct options *o) {
  static const struct option longs[] = {{"seed", required_argument, NULL, 's'},
                                        {"from", required_argument, NULL, 'f'},
                                        {"seeds", required_argument, NULL, 'n'},
                                        {"seconds", required_argument, NULL, 't'},
                                        {"villages", required_argument, NULL, 'v'},
                                        {"records", required_argument, NULL, 'r'},
                                        {"jobs", required_argument, NULL, 'j'},
                                        {"each", required_argument, NULL, 'e'},
                                        {"trace", no_argument, NULL, 'T'},
                                        {"all", no_argument, NULL, 'a'},
                                        {0}};
  int c;
  while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
    uint64_t n = optarg != NULL ? strtoull(optarg, NULL, 10) : 0;
    if (c == 's') o->from = n, o->seeds = 1;
    if (c == 'f') o->from = n;
    if (c == 'n') o->seeds = n;
    if (c == 't') o->seconds = (int64_t)n, o->seeds = UINT64_MAX;
    if (c == 'v') read_villages(optarg, o);
    if (c == 'r') o->records = n;
    if (c == 'j') o->jobs = n;
    if (c == 'e') o->each = (int64_t)n;
    if (c == 'T') o->trace = true;
    if (c == 'a') o->all = true;
    if (c == '?') exit(2);
  }
  if (o->least < 2 || o->most < o->least || o->jobs == 0) exit(2);
}

int main(int argc, char **argv) {
  struct options o = {.from = 1, .seeds = 20, .least = 4, .most = 4, .records = 200, .jobs = 1};
  struct fault_counts all = {0};
  read_options(argc, argv, &o);
  /* Memory is not given back: page faults cost more here than memory does. */
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
  bool good = run_all(&o, &all);
  print(&all);
  return enough(&o, &all) && good ? 0 : 1;
}
