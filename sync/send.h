/* What goes from a node to the other side of a ledger, and in what steps. */
#ifndef YIZHAN_SYNC_SEND_H
#define YIZHAN_SYNC_SEND_H

#include "station_private.h"

enum { SEND_MAX = 4096 }; /* branches */

/* Of a branch that is to be pushed. */
struct send_span {
  struct yz_oid since; /* what the other side has of it; all zero: nothing */
  int64_t reached;     /* first seq of the last segment that goes; 0: none does, -1: all do */
};

/* One contact's sending, over all its steps. Zeroed, with what the caller knows filled in. */
struct sending {
  const struct yz_station *st;
  struct yz_ledger *git;
  const struct yz_ledger_row *ledger;
  struct yz_road *road;
  int64_t limit; /* bytes of pack in a step; 0: all goes in one */
  bool files;    /* files/ branches go, else all others */
  bool unseen;   /* something lies there that could not be fetched */
  bool forked;   /* out: another copy of this node wrote in its present log */
  bool more;     /* out: something is left for a further step */
  size_t left;   /* out: commits that were to go before this step */
  int64_t sent;  /* own records that went for the first time, added up */
  /* the sending's own */
  struct yz_push *list;
  struct send_span *spans; /* of each */
  size_t n;
  char (*refused)[YZ_MAX_REF + 1]; /* in this contact */
  size_t n_refused;
  struct yz_error *err;
};
/* Sends one step; the other side's branches are as refs/remote/ has them. Nothing to send: no
 * connection. YZ_E_REFUSED: the other side did not take a branch, which is left out from then on,
 * others went. */
int send_step(struct sending *s, struct yz_error *err) YZ_MUST_CHECK;
void sending_finish(struct sending *s);

/* Of branches that are to be pushed, keys/ before log/, keeps what goes in one step of at most
 * limit bytes of pack, but one commit at least: each tip is put back to where its branch may
 * stop meanwhile. No record goes before the key to its words. spans: one for each, kept beside
 * the list. *left: commits that there were. *more: not all of them go. */
int steps_first(struct yz_ledger *git, struct yz_push *list, struct send_span *spans, size_t *n,
                int64_t limit, size_t *left, bool *more, struct yz_error *err) YZ_MUST_CHECK;

/* How large steps are to this ledger: as large as they may be, halved after each cut, doubled
 * where eight of them went without one. */
enum { STEP_MOST = 256 * 1024, STEP_LEAST = 1024 };
struct pace {
  int64_t limit, went; /* went: bytes since it was changed */
};
int pace_load(const struct yz_station *st, const struct yz_id *ledger, struct pace *out,
              struct yz_error *err) YZ_MUST_CHECK;
int pace_cut(const struct yz_station *st, const struct yz_id *ledger, struct pace *p,
             struct yz_error *err) YZ_MUST_CHECK;
int pace_went(const struct yz_station *st, const struct yz_id *ledger, struct pace *p,
              int64_t bytes, struct yz_error *err) YZ_MUST_CHECK;

#endif
