#include "faults.h"

struct fault_counts faults;
bool faults_begun;

const char *fault_name(enum fault f) {
  static const char *const names[FAULTS] = {
      "loss",       "delay",       "duplicate", "reordering",    "link cut",
      "stale view", "kill",        "power cut", "restore",       "repository lost",
      "clock leap", "revoked key", "erasure",   "newer version", "forgery",
      "fork",       "replay",      "rollback",  "flood"};
  return names[f];
}

void fault_count(enum fault f) {
  faults.n[f]++;
}
