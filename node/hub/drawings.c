/* Which samples were drawn: kept, so that nobody draws until the cases please without its being
 * seen. */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#include "../cases/register.h"

/* A setting: an array of {"at", "month": null for all, "seed", "size", "drawn", "number"}, in the
 * order drawn. */
static const char DRAWINGS[] = "drawings";
enum { MAX_KEPT = 1000 };

static int load(struct node *n, json_t **out, struct yz_error *err) {
  struct yz_buf text = {0};
  *out = NULL;
  int rc = store_get_setting(n->store, DRAWINGS, &text, err);
  if (rc == YZ_E_NOT_FOUND) rc = 0;
  if (rc == 0 && text.len > 0) rc = yz_json_parse((const char *)text.data, text.len, out, err);
  if (rc == 0 && *out == NULL && (*out = json_array()) == NULL) rc = yz_no_memory(err);
  yz_buf_finish(&text);
  return rc;
}

static struct hub_drawing read_drawing(const json_t *json) {
  return (struct hub_drawing){.at_ms = json_integer_value(json_object_get(json, "at")),
                              .month = json_string_value(json_object_get(json, "month")),
                              .seed = json_integer_value(json_object_get(json, "seed")),
                              .size = json_integer_value(json_object_get(json, "size")),
                              .drawn = json_integer_value(json_object_get(json, "drawn")),
                              .number = json_integer_value(json_object_get(json, "number"))};
}

/* The number of this drawing among those of the same cases; each seed counts once. */
static int64_t number_of(const json_t *drawings, const struct hub_drawing *d) {
  int64_t last = 0;
  const json_t *json;
  size_t i;
  json_array_foreach(drawings, i, json) {
    struct hub_drawing other = read_drawing(json);
    if (!case_value_equal(other.month, d->month)) continue;
    if (other.seed == d->seed) return other.number;
    if (other.number > last) last = other.number;
  }
  return last + 1;
}

int hub_number_drawing(struct node *n, struct hub_drawing *d, struct yz_error *err) {
  json_t *drawings;
  int rc = load(n, &drawings, err);
  if (rc == 0) d->number = number_of(drawings, d);
  json_decref(drawings);
  return rc;
}

static int add(json_t *drawings, const struct hub_drawing *d, struct yz_error *err) {
  json_t *json = json_pack("{s:I,s:s?,s:I,s:I,s:I,s:I}", "at", (json_int_t)d->at_ms, "month",
                           d->month, "seed", (json_int_t)d->seed, "size", (json_int_t)d->size,
                           "drawn", (json_int_t)d->drawn, "number", (json_int_t)d->number);
  if (json == NULL || json_array_append_new(drawings, json) != 0) return yz_no_memory(err);
  while (json_array_size(drawings) > MAX_KEPT) (void)json_array_remove(drawings, 0);
  return 0;
}

static int put(struct node *n, const json_t *drawings, struct yz_error *err) {
  char *text = json_dumps(drawings, JSON_COMPACT);
  int rc = text == NULL ? yz_no_memory(err) : store_put_setting(n->store, DRAWINGS, text, err);
  free(text);
  return rc;
}

int hub_keep_drawing(struct node *n, struct hub_drawing *d, struct yz_error *err) {
  json_t *drawings = NULL;
  int rc = store_begin(n->store, err);
  if (rc != 0) return rc;
  rc = load(n, &drawings, err);
  if (rc == 0) d->number = number_of(drawings, d);
  if (rc == 0) rc = add(drawings, d, err);
  if (rc == 0) rc = put(n, drawings, err);
  json_decref(drawings);
  return store_end(n->store, rc, err);
}

int hub_each_drawing(struct node *n, int (*fn)(void *arg, const struct hub_drawing *d), void *arg,
                     struct yz_error *err) {
  json_t *drawings;
  const json_t *json;
  size_t i;
  int rc = load(n, &drawings, err);
  json_array_foreach(drawings, i, json) {
    struct hub_drawing d = read_drawing(json);
    if (rc == 0) rc = fn(arg, &d);
  }
  json_decref(drawings);
  return rc;
}
