#include "faults.h"

struct fault_counts faults;
bool faults_begun;

const char *fault_name(enum fault f) {
  static const char *const names[FAULTS] = {"loss",        "delay",           "duplicate",
                                            "reordering",  "link cut",        "stale view",
                                            "kill",        "power cut",       "restore",
                                            "two copies",  "repository lost", "clock leap",
                                            "revoked key", "erasure",         "newer version",
                                            "parcel late", "parcel twice",    "parcel order",
                                            "parcel cut",  "stick lost",      "forgery",
                                            "fork",        "replay",          "rollback",
                                            "flood"};
  return names[f];
}

void fault_count(enum fault f) {
  faults.n[f]++;
}
