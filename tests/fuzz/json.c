/* JSON texts from outside (yz_json_parse, FORMAT.md §1), as they stand in records, in opened
 * batches and in files: taken if and only if §1 takes them. */
#include "tests/fuzz/fuzz.h"

/* Only a name that stands twice is refused by one and not by the other. */
static bool has_twice(const char *text, size_t len) {
  json_error_t why;
  json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
  json_decref(json);
  return !json && json_error_code(&why) == json_error_duplicate_key;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = fuzz_copy(data, size);
  json_t *json;
  int rc = yz_json_parse(text, size, &json, NULL);

  FUZZ_HOLDS((rc == YZ_OK) == (fuzz_is_json(text, size) && !has_twice(text, size)));
  FUZZ_HOLDS((rc == YZ_OK) == (json != NULL));
  if (!rc) fuzz_json_again(json);
  (void)yz_text_ok(text, size);
  json_decref(json);
  free(text);
  return 0;
}
