/* Tables as JSON lines (node/import: charset, jsonl, columns, tidy, when). */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  rows_read(import_read_jsonl, data, size);
  return 0;
}
