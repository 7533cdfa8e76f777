/* Certificates (yz_pin_of; FORMAT.md §16, "Pin"): the first that a server says of itself. */
#include "tests/fuzz/fuzz.h"

#include "sync/git/git.h"

enum { MOST = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct yz_hash pin, again;

  if (size > MOST) return 0;
  char *bytes = fuzz_copy(data, size);
  if (yz_pin_of(bytes, size, &pin)) {
    /* It is read up to its end, and one that is not whole is none. */
    size_t end = size;
    while (yz_pin_of(bytes, end - 1, &again)) {
      FUZZ_HOLDS(yz_equal(&pin, &again, sizeof pin));
      end--;
    }
    for (size_t len = 0; len < end; len++) FUZZ_HOLDS(!yz_pin_of(bytes, len, &again));
  }
  free(bytes);
  return 0;
}
