/* sim [--seed N | --from N --seeds N | --seconds N] [--villages N] [--records N] [--trace]
 *
 * Each seed runs in a process of its own, forked from one that has made the township. */
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
  int64_t seconds;
  size_t villages, records;
  bool trace;
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
  to->seeds++;
  to->conflicts += from->conflicts;
  to->steps += from->steps;
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
    shared->done = true;
    fflush(NULL);
    _Exit(0);
  }
  if (child < 0 || waitpid(child, &status, 0) != child) return false;
  if (!shared->done || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    printf("RED: seed %llu of %zu villages, %zu records (status %x)\n", (unsigned long long)seed,
           o->villages, o->records, (unsigned)status);
    return false;
  }
  add(all, &shared->counts);
  if (o->seeds == 1)
    printf("seed %llu: trace %016llx\n", (unsigned long long)seed,
           (unsigned long long)shared->hash);
  return true;
}

static void print(const struct fault_counts *c) {
  printf("%lld seeds, %lld records asked for, %lld steps, %lld conflicts\n", (long long)c->seeds,
         (long long)c->records, (long long)c->steps, (long long)c->conflicts);
  for (int i = 0; i < FAULTS; i++)
    printf("  %-16s %lld\n", fault_name((enum fault)i), (long long)c->n[i]);
}

static void read_options(int argc, char **argv, struct options *o) {
  static const struct option longs[] = {
      {"seed", required_argument, NULL, 's'},     {"from", required_argument, NULL, 'f'},
      {"seeds", required_argument, NULL, 'n'},    {"seconds", required_argument, NULL, 't'},
      {"villages", required_argument, NULL, 'v'}, {"records", required_argument, NULL, 'r'},
      {"trace", no_argument, NULL, 'T'},          {0}};
  int c;
  while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
    uint64_t n = optarg != NULL ? strtoull(optarg, NULL, 10) : 0;
    if (c == 's') o->from = n, o->seeds = 1;
    if (c == 'f') o->from = n;
    if (c == 'n') o->seeds = n;
    if (c == 't') o->seconds = (int64_t)n, o->seeds = UINT64_MAX;
    if (c == 'v') o->villages = n;
    if (c == 'r') o->records = n;
    if (c == 'T') o->trace = true;
    if (c == '?') exit(2);
  }
}

int main(int argc, char **argv) {
  struct options o = {.from = 1, .seeds = 20, .villages = 4, .records = 200};
  struct fault_counts all = {0};
  bool good = true;
  read_options(argc, argv, &o);
  /* Memory is not given back: page faults cost more here than memory does. */
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
  sim.world.state = o.villages;
  disk_init(&sim.world, virtual_now);
  if (yz_crypto_init() != 0 || git_libgit2_init() < 0) return 1;
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  /* What a repository does not hold any more is not to be found in a cache. */
  git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
  struct result *shared =
      mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 1;
  township_make(o.villages, true);
  time_t began = time(NULL);
  for (uint64_t i = 0; good && i < o.seeds && (o.seconds == 0 || time(NULL) - began < o.seconds);
       i++)
    good = run_one(&o, o.from + i, shared, &all);
  print(&all);
  return good ? 0 : 1;
}
