#include "node/cases/stamp.h"

#include <yizhan/record.h>

static struct yz_stamp least(struct yz_stamp a, struct yz_stamp b) {
  return yz_stamp_compare(a, b) < 0 ? a : b;
}

struct yz_stamp case_stamp_counted(struct yz_stamp stamp, const struct yz_stamp *newest,
                                   int64_t ceiling_ms) {
  if (ceiling_ms > 0) stamp = least(stamp, (struct yz_stamp){ceiling_ms, 0});
  if (newest == NULL) return stamp;
  if (newest->ms < INT64_MAX - YZ_FIVE_YEARS_MS)
    stamp = least(stamp, (struct yz_stamp){newest->ms + YZ_FIVE_YEARS_MS, newest->count});
  return yz_stamp_compare(stamp, *newest) < 0 ? *newest : stamp;
}
