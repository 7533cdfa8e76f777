/* Parcels in a folder, a stick's: which there are, what became of each, what is written there. What
 * else lies in the folder is left as it is. */
#ifndef YIZHAN_NODE_PARCELS_H
#define YIZHAN_NODE_PARCELS_H

#include "node.h"
#include <yizhan/parcel.h>

enum { PARCELS_MAX = 4096 }; /* in one folder */

enum parcel_state {
  PARCEL_OPEN,   /* verified, not taken in yet */
  PARCEL_TAKEN,  /* brought something */
  PARCEL_KNOWN,  /* all of it was here */
  PARCEL_EARLY,  /* goes on from what has not come */
  PARCEL_OTHERS, /* sealed to others, or of a ledger that is not here */
  PARCEL_FAILED  /* why says so */
};
/* A state's name for scripts: "taken"; PARCEL_FAILED has that of its error. */
const char *parcel_state_name(enum parcel_state state);

struct parcel_item {
  char *path, *name; /* name points into path */
  bool kept;         /* it came earlier and waited here */
  enum parcel_state state;
  struct yz_parcel parcel;
  struct yz_error why;
};
struct parcels {
  struct parcel_item *items; /* in the order in which they are taken in */
  size_t n;
  char *kept;      /* DIR/parcels, once it was looked into */
  size_t erasures; /* that were known then */
};
/* Names of the files of a folder that could be parcels, sorted; or path itself, which is one file.
 * YZ_E_NOT_FOUND, YZ_E_LIMIT: more than PARCELS_MAX. The caller finishes out. */
int parcels_list(const struct yz_world *world, const char *path, struct parcels *out,
                 struct yz_error *err) YZ_MUST_CHECK;
/* One more, of a folder (NULL: path as it is). */
int parcels_add(struct parcels *p, const char *folder, const char *name,
                struct yz_error *err) YZ_MUST_CHECK;
/* Those that came earlier than what they go on from, and wait in DIR/parcels. */
int parcels_add_kept(struct parcels *p, const struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* After all was taken in: keeps what came too early there (64 files of 2 GiB in all; what is beyond
 * is PARCEL_FAILED, and where something was erased meanwhile, all of it), and removes from there
 * what waits no more. */
int parcels_keep_early(struct parcels *p, const struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Opens each. What cannot be opened says why in its item. */
void parcels_open(const struct node *n, struct parcels *p);
void parcels_finish(struct parcels *p);

/* Takes in those of one ledger that are open, in whatever order they can be, then cuts what is to
 * be said to them. got->taken counts. An error only where this node itself could not go on. */
int parcels_take(struct parcels *p, struct node *n, const struct yz_ledger_row *row,
                 struct yz_ledger *git, struct yz_exchanged *got,
                 struct yz_error *err) YZ_MUST_CHECK;
/* At a village: the whole of it, in its ledger. */
int parcels_take_here(struct parcels *p, struct node *n, struct yz_exchanged *got,
                      struct yz_error *err) YZ_MUST_CHECK;

/* Writes what each receiver in a ledger lacks into a folder; of nodes: only these (NULL: all). fn
 * is told of each parcel. Where something was, those that this node wrote to that receiver before,
 * whole and in this folder, are removed: all that they held is in what was written now, or has
 * arrived. The caller holds DIR/lock, and has cut. */
typedef int (*parcels_fn)(void *arg, const struct yz_ledger_row *row,
                          const struct yz_parcel_written *written);
struct parcels_to {
  const char *folder;
  int64_t max_bytes;             /* of one */
  const struct parcels *senders; /* only to those who sent one of these; NULL: to all */
  parcels_fn fn;
  void *arg;
  size_t *removed; /* counts older ones that were; NULL allowed */
};
int parcels_send(struct node *n, const struct yz_ledger_row *row, const struct parcels_to *to,
                 struct yz_error *err) YZ_MUST_CHECK;
/* At a village: cuts, then sends to its hub. */
int parcels_send_here(struct node *n, const struct parcels_to *to,
                      struct yz_error *err) YZ_MUST_CHECK;

#endif
