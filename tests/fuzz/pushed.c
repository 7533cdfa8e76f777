/* What a push asks for (pushed_read; FORMAT.md §16, "What may be pushed"). */
#include "tests/fuzz/fuzz.h"

#include "node/web/pushed.h"

enum { MOST = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct yz_id logs[PUSHED_MAX_REFS], less[PUSHED_MAX_REFS];
  size_t n, fewer;
  bool keys;

  if (size > MOST) return 0;
  char *bytes = fuzz_copy(data, size);
  if (pushed_read(bytes, size, logs, &n, &keys)) {
    FUZZ_HOLDS(n <= PUSHED_MAX_REFS);
    /* It is read up to where the list ends, and a list that does not end is none. */
    size_t end = size;
    while (end > 0 && pushed_read(bytes, end - 1, less, &fewer, &keys)) {
      FUZZ_HOLDS(fewer == n && memcmp(less, logs, n * sizeof *logs) == 0);
      end--;
    }
    FUZZ_HOLDS(end >= 4 && memcmp(bytes + end - 4, "0000", 4) == 0);
    for (size_t len = 0; len < end; len++)
      FUZZ_HOLDS(!pushed_read(bytes, len, less, &fewer, &keys));
  }
  free(bytes);
  return 0;
}
