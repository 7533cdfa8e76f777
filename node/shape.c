#include "node/shape.h"

#include <string.h>

#include "node/sealed.h"

static bool is_integer(const json_t *value, json_int_t min, json_int_t max) {
  json_int_t i = json_integer_value(value);
  return json_is_integer(value) && i >= min && i <= max;
}

static bool is_hex(const json_t *value, size_t digits) {
  if (!json_is_string(value) || json_string_length(value) != digits) return false;
  return strspn(json_string_value(value), "0123456789abcdef") == digits;
}

static bool is_one(const json_t *value) {
  return is_integer(value, 1, 1);
}

static bool is_seq(const json_t *value) {
  return is_integer(value, 1, YZ_MAX_INT);
}

static bool is_stamp(const json_t *value) {
  return json_is_array(value) && json_array_size(value) == 2 &&
         is_integer(json_array_get(value, 0), 0, YZ_MAX_INT) &&
         is_integer(json_array_get(value, 1), 0, (1 << 20) - 1);
}

static bool is_hashes(const json_t *value) {
  const char *name;
  json_t *hash;
  if (!json_is_object(value)) return false;
  json_object_foreach((json_t *)value, name, hash) {
    if (!shape_is_hash(hash)) return false;
  }
  return true;
}

bool shape_is_text(const json_t *value) {
  return json_is_string(value);
}

bool shape_is_name(const json_t *value) {
  size_t len = json_string_length(value);
  return json_is_string(value) && len > 0 && (len <= YZ_MAX_NAME || sealed_is_value(value));
}

bool shape_is_letter(const json_t *value) {
  size_t n = json_string_length(value);
  return json_is_string(value) && n >= 1 && n <= 3 &&
         strspn(json_string_value(value), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

bool shape_is_bool(const json_t *value) {
  return json_is_boolean(value);
}

bool shape_is_time(const json_t *value) {
  return is_integer(value, -YZ_MAX_INT, YZ_MAX_INT);
}

bool shape_is_id(const json_t *value) {
  return is_hex(value, YZ_ID_HEX);
}

bool shape_is_hash(const json_t *value) {
  return is_hex(value, YZ_HASH_HEX);
}

/* How many of the members the object has; -1 if one is missing or of another kind. */
static long count_members(const json_t *object, const struct shape_member *members) {
  long count = 0;
  for (; members != NULL && members->name != NULL; members++) {
    const json_t *value = json_object_get(object, members->name);
    if (value == NULL ? members->required : !members->is(value)) return -1;
    count += value != NULL;
  }
  return count;
}

bool shape_plain(const json_t *plain, const struct shape_member *part,
                 const struct shape_member *own) {
  static const struct shape_member general[] = {
      {"v", is_one, true},         {"log", shape_is_id, true},    {"seq", is_seq, true},
      {"by", shape_is_hash, true}, {"hlc", is_stamp, true},       {"type", shape_is_text, true},
      {"at", shape_is_time, true}, {"content", is_hashes, false}, {0}};
  long n_general = count_members(plain, general), n_part = count_members(plain, part);
  long n_own = count_members(plain, own);
  return n_general >= 0 && n_part >= 0 && n_own >= 0 &&
         (size_t)(n_general + n_part + n_own) == json_object_size(plain);
}

bool shape_exact(const json_t *object, const struct shape_member *members) {
  long n = count_members(object, members);
  return json_is_object(object) && n >= 0 && (size_t)n == json_object_size(object);
}
