/* What the parcel commands share. */
#ifndef YIZHAN_NODE_CLI_PARCEL_H
#define YIZHAN_NODE_CLI_PARCEL_H

#include "../parcels.h"
#include "admin.h"

/* What was written: told to people as it comes, gathered for JSON. */
struct parcel_writing {
  const struct cli *cli;
  const struct node *n;
  json_t *list; /* array; NULL where memory ran out */
  size_t written;
};
/* A parcels_fn; arg is a struct parcel_writing. */
int parcel_say_written(void *arg, const struct yz_ledger_row *row,
                       const struct yz_parcel_written *written);
/* The village must have a hub to send to, or hear from: YZ_E_REFUSED. */
int parcel_check_joined(const struct node *n, struct yz_error *err) YZ_MUST_CHECK;

#endif
