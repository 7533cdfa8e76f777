#include "tests/fuzz/fuzz.h"

#include <stdio.h>

void fuzz_broken(const char *what, const char *file, int line) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

char *fuzz_copy(const void *bytes, size_t size) {
  char *copy = malloc(size);
  FUZZ_HOLDS(copy || size == 0);
  if (size > 0) memcpy(copy, bytes, size);
  return copy;
}

const struct sample *fuzz_sample(char letter) {
  static struct sample samples[128];
  struct sample *s = &samples[letter & 0x7f];
  if (!s->seed) sample_init(s, letter);
  return s;
}

void fuzz_json_again(const json_t *json) {
  json_t *parsed;
  char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
  FUZZ_HOLDS(text && yz_json_parse(text, strlen(text), &parsed, NULL) == YZ_OK);
  FUZZ_HOLDS(json_equal(json, parsed));
  char *again = json_dumps(parsed, JSON_COMPACT | JSON_ENCODE_ANY);
  FUZZ_HOLDS(again && strcmp(text, again) == 0);
  free(again);
  free(text);
  json_decref(parsed);
}
