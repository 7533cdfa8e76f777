/* What an attachment leaves on the disk when its recording is broken off: pieces that no record
 * names. A mark in the store says that somebody was at it, a lock whether they still are. */
#ifndef YIZHAN_NODE_ATTACHING_H
#define YIZHAN_NODE_ATTACHING_H

#include "node.h"

/* Before the first piece is written: waits until nobody else attaches here, up to a minute
 * (YZ_E_BUSY), and takes away what was left. Without an error attaching_end follows. */
int attaching_begin(struct node *n, struct yz_lock *lock, struct yz_error *err) YZ_MUST_CHECK;
/* Once they are recorded, or gone again; rc: what became of it, which is returned. */
int attaching_end(struct node *n, struct yz_lock *lock, int rc, struct yz_error *err) YZ_MUST_CHECK;
/* Takes away what was left, unless somebody attaches now. */
int attaching_sweep(struct node *n, struct yz_error *err) YZ_MUST_CHECK;

#endif
