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

json_t *fuzz_object(const char *text, size_t len) {
  json_t *json;
  if (yz_json_parse(text, len, &json, NULL)) return NULL;
  if (json_is_object(json)) return json;
  json_decref(json);
  return NULL;
}

void fuzz_give(json_t *object, const char *name, json_t *value) {
  if (json_object_get(object, name))
    json_decref(value);
  else
    FUZZ_HOLDS(json_object_set_new(object, name, value) == 0);
}

bool fuzz_record(json_t *rest, struct yz_members *out) {
  json_t *whole = json_pack(
      "{s:i,s:o,s:i,s:o,s:[i,i],s:i}", "v", 1, "log", sample_hex("................", YZ_ID_LEN),
      "seq", 1, "by", sample_hex(fuzz_sample('w')->key.bytes, YZ_KEY_LEN), "hlc", 1, 0, "at", 1);
  FUZZ_HOLDS(whole && json_object_update(whole, rest) == 0);
  char *text = json_dumps(whole, JSON_COMPACT);
  FUZZ_HOLDS(text);
  int rc = yz_record_parse(text, strlen(text), out, NULL);
  free(text);
  json_decref(whole);
  return rc == YZ_OK;
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
