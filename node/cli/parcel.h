/* What the parcel commands share. */
#ifndef YIZHAN_NODE_CLI_PARCEL_H
#define YIZHAN_NODE_CLI_PARCEL_H

#include "../parcels.h"
#include "admin.h"

/* What was written: told to people as it comes, gathered for JSON and the history. */
struct parcel_writing {
  const struct cli *cli;
  const struct node *n;
  json_t *list; /* array; NULL where memory ran out */
  size_t written, removed;
};
/* For the history: said (stolen) where it went well, else the error. */
void parcel_note(const struct cli *cli, const char *kind, int64_t began_ms, json_t *said,
                 const struct yz_error *failed);
/* How many older ones are not needed any more, to people. */
void parcel_say_removed(const struct parcel_writing *w);
/* A parcels_fn; arg is a struct parcel_writing. */
int parcel_say_written(void *arg, const struct yz_ledger_row *row,
                       const struct yz_parcel_written *written);
/* Takes in what a folder holds, then answers where it is wanted, and says what came of it. answer:
 * to those who sent something here, or at a village what its hub lacks in any case. status: an enum
 * cli_exit. */
enum parcel_answer { PARCEL_ANSWER_NONE, PARCEL_ANSWER_SENDERS, PARCEL_ANSWER_HUB };
int parcel_read(struct cli *cli, struct node *n, const char *path, enum parcel_answer answer,
                int *status, struct yz_error *err) YZ_MUST_CHECK;

/* The village must have a hub to send to, or hear from: YZ_E_REFUSED. */
int parcel_check_joined(const struct node *n, struct yz_error *err) YZ_MUST_CHECK;

#endif
