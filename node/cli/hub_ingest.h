/* A hub's contact with all its villages, as a command says it. */
#ifndef YIZHAN_NODE_CLI_HUB_INGEST_H
#define YIZHAN_NODE_CLI_HUB_INGEST_H

#include "admin.h"

/* Ingests and prints; 0, a negative code, or an exit status where a village's
 * ledger could not be worked on. */
int ingest_and_report(const struct cli *cli, struct node *n, struct yz_error *err) YZ_MUST_CHECK;
/* Tells of so many records that no carrying record has room for; 0: says nothing. */
void ingest_say_left_out(size_t n);

#endif
