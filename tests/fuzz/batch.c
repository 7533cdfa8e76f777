/* Batches of contents (yz_batch_open, yz_batch_next; FORMAT.md §6), of the log 6c6c…, records 7
 * to 9. The input is a file; what lies behind a seal that holds: a packed stream; and the
 * items that one unpacks to. */
#include "tests/fuzz/fuzz.h"

#include <yizhan/segment.h>

#define HEADER                                                                                     \
  "{\"batch\":1,\"log\":\"6c6c6c6c6c6c6c6c6c6c6c6c6c6c6c6c\",\"first\":7,\"last\":9,"              \
  "\"audience\":\"village\"}\n"

static const unsigned char batch_key[YZ_BATCH_KEY_LEN] = {1, 2, 3};
static const unsigned char nonce[YZ_NONCE_LEN] = {4};

/* What items are read, written again, are the bytes that were read. */
static void read_items(const void *data, size_t size) {
  struct yz_buf items = {.data = (unsigned char *)fuzz_copy(data, size), .len = size};
  struct yz_buf again = {0};
  struct yz_content content;
  struct yz_hash hash;
  json_t *json;
  size_t at = 0, before = 0;
  int64_t seq;

  while (size > 0 && yz_batch_next(&items, &at, &seq, &content, NULL) == 1) {
    FUZZ_HOLDS(at > before && at <= size && content.len <= YZ_MAX_CONTENT);
    FUZZ_HOLDS(yz_batch_item(&again, seq, &content) == YZ_OK && again.len == at);
    FUZZ_HOLDS(memcmp(again.data + before, items.data + before, at - before) == 0);
    yz_content_hash(&content, &hash);
    if (!yz_json_parse(content.bytes, content.len, &json, NULL))
      FUZZ_HOLDS(fuzz_is_json(content.bytes, content.len));
    json_decref(json);
    before = at;
  }
  yz_buf_finish(&again);
  free(items.data);
}

static void open_exactly(const void *data, size_t size) {
  const struct yz_id log = sample_id('l');
  char *bytes = fuzz_copy(data, size);
  struct yz_buf items = {0};

  if (!yz_batch_open(bytes, size, &log, 7, 9, "village", batch_key, &items, NULL)) {
    FUZZ_HOLDS(size <= YZ_MAX_BATCH && items.len <= YZ_MAX_BATCH_PLAIN);
    read_items(items.data, items.len);
  }
  yz_buf_finish(&items);
  free(bytes);
}

static void open_sealed(const uint8_t *packed, size_t size) {
  unsigned char *sealed = malloc(size + YZ_AEAD_OVERHEAD);
  struct yz_buf file = {0};

  FUZZ_HOLDS(sealed);
  yz_aead_seal(batch_key, nonce, HEADER, sizeof HEADER - 1, packed, size, sealed);
  FUZZ_HOLDS(yz_buf_puts(&file, HEADER) == 0 && yz_buf_append(&file, nonce, sizeof nonce) == 0);
  FUZZ_HOLDS(yz_buf_append(&file, sealed, size + YZ_AEAD_OVERHEAD) == 0);
  open_exactly(file.data, file.len);
  yz_buf_finish(&file);
  free(sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)fuzz_sample('n');
  open_exactly(data, size);
  open_sealed(data, size);
  read_items(data, size);
  return 0;
}
