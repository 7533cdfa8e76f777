/* Notices 通知: what the township puts up on the villages' boards, and who has received it. One
 * notice is one record in the hub's log of each ledger that it goes to, all with the same id; only
 * what stands in a hub's log is one. */
#ifndef YIZHAN_NODE_NOTICES_H
#define YIZHAN_NODE_NOTICES_H

#include "ledgers.h"

/* At a hub, in the caller's transaction: posts to one village, or (only NULL) to all. *villages: to
 * how many. YZ_E_NOT_FOUND: there is no village yet. */
int notices_post(struct node *n, const struct signer *who, const char *title, const char *text,
                 const struct yz_ledger_row *only, struct yz_id *notice, size_t *villages,
                 struct yz_error *err) YZ_MUST_CHECK;

/* Where a notice stands in one village's ledger. */
struct notice_copy {
  struct yz_id ledger, log;
  int64_t seq;
};
/* A notice with all its copies. */
struct notice {
  struct yz_id id;
  int64_t at_ms;
  struct yz_key by;
  char *title, *text; /* NULL: not readable here */
  struct notice_copy *copies;
  size_t n_copies;
};
/* All notices here, newest first; *out is malloc'd, notices_finish frees it. */
int notices_load(struct node *n, struct notice **out, size_t *count,
                 struct yz_error *err) YZ_MUST_CHECK;
void notices_finish(struct notice *notices, size_t count);

/* At a hub: what the nodes of one village last acknowledged. */
struct notice_village {
  struct yz_ledger_row row;
  struct yz_ack *acks;
  size_t n_acks;
};
/* Of every village; *out is malloc'd, notice_villages_finish frees it. */
int notice_villages_load(struct node *n, struct notice_village **out, size_t *count,
                         struct yz_error *err) YZ_MUST_CHECK;
void notice_villages_finish(struct notice_village *villages, size_t count);
/* Was it posted to this village? */
bool notice_posted_to(const struct notice *notice, const struct notice_village *village);
/* Has a node of the village that may read it received it, whole? *at_ms: when that was written,
 * by the village's clock: the newest such acknowledgement. */
bool notice_received(const struct notice *notice, const struct notice_village *village,
                     int64_t *at_ms);

#endif
