/* Taking in what branches hold: shared by ingest.c (which logs), branch.c and
 * branch_commit.c (their branches), take.c (segments and records), ahead.c (signatures),
 * enrol.c (joins at a hub). Where a *rule is given, YZ_OK with a rule means: not taken, for that
 * reason. */
#ifndef YIZHAN_SYNC_INTAKE_H
#define YIZHAN_SYNC_INTAKE_H

#include "station_private.h"
#include <string.h>

struct intake {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  const char *prefix;          /* of the branches: refs/heads/ or refs/remote/ */
  struct yz_roster *roster;    /* NULL until something new came: intake_roster */
  bool granted, revoked, keys; /* rights given, taken; keys came: judge anew */
  bool erases;                 /* words are erased in this ledger */
  bool final;                  /* last pass: what still waits is written down */
  struct yz_stamp newest;      /* seen in this intake */
  const struct yz_oid *next;   /* the commit of log/ after the one in hand; NULL: none */
  struct ahead *ahead;         /* looks at what it brings; NULL: nobody does */
  struct yz_taken *taken;
  struct yz_error *err;
};

/* Is it the repository that others push to? */
static inline bool intake_served(const struct intake *in) {
  return strcmp(in->prefix, "refs/heads/") == 0;
}

/* Sees to it that in->roster is there, and says what the store does. */
int intake_roster(struct intake *in) YZ_MUST_CHECK;
/* What came of a log, to be counted in; NULL: memory ran out. */
struct yz_count *intake_count(struct intake *in, const struct yz_id *log);
/* Keeps what was refused, as evidence; counts it when it is new. */
int intake_refuse(struct intake *in, const struct yz_id *log, int64_t seq, const char *rule,
                  const char *ref, const void *bytes, size_t len) YZ_MUST_CHECK;

/* The members of record i of a segment, when it is of this type and well signed. */
bool intake_members(const struct yz_segment *s, size_t i, const char *type, struct yz_members *out);
/* The row of a log: from the store, or made from its first segment at the tip when
 * its node is entitled (at a hub, by joining). *rule NULL: there it is; else why not. */
int intake_open_log(struct intake *in, const struct yz_id *log, const struct yz_oid *tip,
                    struct yz_log_row *row, const char **rule) YZ_MUST_CHECK;
/* A hub.pins that counts: the pins of the ledger's address are those, if it is the hub's. */
int intake_pins(struct intake *in, const struct yz_log_row *log,
                const json_t *members) YZ_MUST_CHECK;

/* One segment file's bytes: checked whole, then its new records stored. In an open
 * transaction; on a rule nothing was written. */
int intake_segment(struct intake *in, struct yz_log_row *row, int64_t first,
                   const struct yz_buf *bytes, const char **rule) YZ_MUST_CHECK;

/* Is there a second core, on which something could be looked at ahead? */
bool ahead_can(void);
/* A thread looks which records of a segment are well signed, and parses these (ahead.c). bytes are
 * taken over; NULL: it does not, and they are left. */
struct ahead *ahead_begin(struct yz_buf *bytes);
/* Waits for it: were these the bytes? a NULL: no. */
bool ahead_knows(struct ahead *a, const struct yz_buf *bytes);
/* Is record i of them well signed? Its members are handed over, once; json NULL: they are not
 * parsed. */
bool ahead_signed(struct ahead *a, size_t i, struct yz_members *out);
/* Waits for it, and frees; NULL allowed. */
void ahead_end(struct ahead *a);

/* Would it count, and does it agree with the records that are here? Stores nothing.
 * *last: its last seq, when it would. */
int intake_try_segment(struct intake *in, const struct yz_log_row *row, int64_t first,
                       const struct yz_buf *bytes, int64_t *last, const char **rule) YZ_MUST_CHECK;

/* The commits of a log's keys/, files/ and log/ branch that the store does not hold; then
 * refs/heads/… stands at the newest that counts. row follows what is stored. */
int intake_keys(struct intake *in, const struct yz_log_row *row) YZ_MUST_CHECK;
int intake_files(struct intake *in, const struct yz_log_row *row) YZ_MUST_CHECK;
int intake_commits(struct intake *in, struct yz_log_row *row,
                   const struct yz_oid *tip) YZ_MUST_CHECK;

#endif
