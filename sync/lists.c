/* Lists inside trust records: FORMAT.md §12. */
#include "lists.h"
#include <string.h>

bool list_place(const json_t *json, struct yz_ack_head *out) {
  const json_t *log = json_array_get(json, 0), *seq = json_array_get(json, 1),
               *id = json_array_get(json, 2);
  if (json_array_size(json) != 3 || !json_is_string(log) || !json_is_integer(seq) ||
      !json_is_string(id))
    return false;
  out->at.seq = json_integer_value(seq);
  return out->at.seq >= 0 &&
         yz_from_hex(json_string_value(log), json_string_length(log), out->log.bytes, YZ_ID_LEN) &&
         yz_from_hex(json_string_value(id), json_string_length(id), out->at.id.bytes, YZ_HASH_LEN);
}

/* Room for the items of an array of at most LIST_MAX; NULL if it is no such array. */
static void *room_for(const json_t *json, size_t size) {
  if (!json_is_array(json) || json_array_size(json) > LIST_MAX) return NULL;
  return calloc(json_array_size(json) + 1, size);
}

bool list_places(const json_t *json, struct yz_ack_head **out, size_t *n) {
  *n = 0;
  *out = room_for(json, sizeof **out);
  if (!*out) return false;
  for (; *n < json_array_size(json); (*n)++) {
    if (list_place(json_array_get(json, *n), &(*out)[*n])) continue;
    free(*out);
    *out = NULL;
    *n = 0;
    return false;
  }
  return true;
}

bool list_keys(const json_t *json, struct yz_key **out, size_t *n) {
  *n = 0;
  *out = room_for(json, sizeof **out);
  if (!*out) return false;
  for (; *n < json_array_size(json); (*n)++) {
    const json_t *key = json_array_get(json, *n);
    if (json_is_string(key) &&
        yz_from_hex(json_string_value(key), json_string_length(key), (*out)[*n].bytes, YZ_KEY_LEN))
      continue;
    free(*out);
    *out = NULL;
    *n = 0;
    return false;
  }
  return true;
}

json_t *list_hex(const void *bytes, size_t n) {
  char hex[2 * YZ_HASH_LEN + 1];
  yz_to_hex(bytes, n, hex);
  return json_string(hex);
}

json_t *list_from_places(const struct yz_ack_head *places, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; list && i < n; i++) {
    json_t *place =
        json_pack("[o, I, o]", list_hex(places[i].log.bytes, YZ_ID_LEN),
                  (json_int_t)places[i].at.seq, list_hex(places[i].at.id.bytes, YZ_HASH_LEN));
    if (!place || json_array_append_new(list, place)) {
      json_decref(list);
      return NULL;
    }
  }
  return list;
}
