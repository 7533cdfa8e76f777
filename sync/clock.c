/* The hybrid logical clock: FORMAT.md §4. */
#include <yizhan/record.h>

enum { DAY_MS = 86400 * 1000, MAX_COUNT = (1 << 20) - 1 };

int yz_stamp_compare(struct yz_stamp a, struct yz_stamp b) {
  if (a.ms != b.ms) return a.ms < b.ms ? -1 : 1;
  if (a.count != b.count) return a.count < b.count ? -1 : 1;
  return 0;
}

struct yz_stamp yz_clock_next(struct yz_stamp last, int64_t now_ms) {
  if (now_ms > last.ms) return (struct yz_stamp){now_ms, 0};
  if (last.count == MAX_COUNT) return (struct yz_stamp){last.ms + 1, 0};
  return (struct yz_stamp){last.ms, last.count + 1};
}

struct yz_stamp yz_clock_seen(struct yz_stamp last, struct yz_stamp other, int64_t now_ms) {
  if (other.ms > now_ms + DAY_MS || yz_stamp_compare(other, last) <= 0) return last;
  return other;
}
