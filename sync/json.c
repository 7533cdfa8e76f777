/* What was lacking while jansson made something, and members looked up. The texts themselves are
 * read by json_read.c. */
#include "scan.h"
#include <stdlib.h>
#include <yizhan/record.h>

static _Thread_local bool lacked;

static void *allocate(size_t n) {
  void *p = malloc(n);
  if (!p) lacked = true;
  return p;
}

void yz_json_watch(void) {
  json_set_alloc_funcs(allocate, free);
}
void json_lacks(void) {
  lacked = true;
}
bool yz_json_lacked(void) {
  return lacked;
}
void yz_json_forget(void) {
  lacked = false;
}

const char *yz_json_string(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

bool yz_json_int(const json_t *object, const char *name, int64_t *out) {
  const json_t *value = json_object_get(object, name);
  if (!json_is_integer(value)) return false;
  *out = json_integer_value(value);
  return true;
}

bool yz_json_hex(const json_t *object, const char *name, void *out, size_t n) {
  const json_t *value = json_object_get(object, name);
  return json_is_string(value) &&
         yz_from_hex(json_string_value(value), json_string_length(value), out, n);
}
