/* The kinds of fault that a simulation makes, and how often each was made. */
#ifndef YIZHAN_TESTS_SIM_FAULTS_H
#define YIZHAN_TESTS_SIM_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
  FAULT_LOSS,        /* the other side was not reached */
  FAULT_DELAY,       /* what was sent arrives later, and the sender does not know */
  FAULT_DUPLICATE,   /* what was sent arrives again later */
  FAULT_REORDER,     /* branches arrive in another order */
  FAULT_CUT,         /* the link breaks after so many bytes, or before the answer */
  FAULT_STALE,       /* the other side shows a branch as it was */
  FAULT_KILL,        /* a process dies at some step */
  FAULT_POWER,       /* the power goes: what was not flushed is lost or not */
  FAULT_DISK,        /* a disk dies; a backup is restored */
  FAULT_COPY,        /* two copies of one backup go on side by side */
  FAULT_REBUILD,     /* a repository is gone */
  FAULT_CLOCK,       /* a clock leaps */
  FAULT_REVOKE,      /* a worker's right ends, who goes on writing with the key */
  FAULT_ERASE,       /* a case whose words are to be nowhere any more */
  FAULT_NEWER,       /* a record of a newer version */
  FAULT_STICK_LATE,  /* a parcel is left somewhere and comes later */
  FAULT_STICK_TWICE, /* a parcel that has been read comes again */
  FAULT_STICK_ORDER, /* a parcel comes after one that was written later, or before what it needs */
  FAULT_STICK_CUT,   /* a parcel is cut short */
  FAULT_STICK_LOST,  /* a stick with what lies on it */
  FAULT_FORGE,       /* by the lying node: words in another's name */
  FAULT_FORK,        /* two records at one place */
  FAULT_REPLAY,      /* what another ledger, or an earlier time, holds */
  FAULT_ROLLBACK,    /* a branch put back */
  FAULT_FLOOD,       /* many branches that are nobody's */
  FAULTS
};
const char *fault_name(enum fault f);
void fault_count(enum fault f);

/* The township is made: from now on things go wrong, and so do planted faults (mutants.sh) that
 * would let no township come to be. */
extern bool faults_begun;

/* Of this process; a parent adds up those of its children. */
struct fault_counts {
  int64_t n[FAULTS], records, seeds, conflicts, steps, sealed, attached;
};
extern struct fault_counts faults;

#endif
