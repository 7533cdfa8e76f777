/* Keys files and epochs (yz_keys_read, yz_keys_mark, yz_epoch_read; FORMAT.md §7), for the log
 * 6c6c… and first 7. */
#include "tests/fuzz/fuzz.h"

#include <yizhan/segment.h>

enum { FIRST = 7 };

static void try_epoch(const char *bytes, size_t size, const struct yz_id *log) {
  struct yz_buf again = {0};
  int64_t n, read;

  if (yz_epoch_read(bytes, size, log, &n, NULL)) return;
  FUZZ_HOLDS(n >= 0 && n <= YZ_MAX_INT && fuzz_is_json(bytes, size));
  FUZZ_HOLDS(yz_epoch_write(log, n, &again) == 0);
  FUZZ_HOLDS(yz_epoch_read((char *)again.data, again.len, log, &read, NULL) == YZ_OK && read == n);
  yz_buf_finish(&again);
}

static void try_keys(const char *bytes, size_t size, const struct yz_id *log) {
  const struct sample *us = fuzz_sample('n'), *other = fuzz_sample('o');
  const struct yz_key receivers[] = {us->box_key, other->box_key};
  unsigned char key[YZ_BATCH_KEY_LEN];
  bool named[2] = {false, false};

  int rc = yz_keys_read(bytes, size, log, FIRST, "village", us->box, key, NULL);
  yz_keys_mark(bytes, size, log, FIRST, "village", receivers, 2, named);
  FUZZ_HOLDS(rc || (named[0] && size <= YZ_MAX_KEYS_FILE && fuzz_is_json(bytes, size)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const struct yz_id log = sample_id('l');
  char *bytes = fuzz_copy(data, size);
  (void)fuzz_sample('n');
  try_epoch(bytes, size, &log);
  try_keys(bytes, size, &log);
  free(bytes);
  return 0;
}
