#include "sealed.h"

#include <string.h>
#include <yizhan/identity.h>
#include <yizhan/record.h>

enum { NAMES = 3 };

/* The members of a type's content that tell who somebody is; in its `fields` where it changes
 * them. */
static const struct kind {
  const char *type;
  bool fields;
  const char *names[NAMES];
} kinds[] = {
    {"case.open", false, {"resident", "phone", "household"}},
    {"case.edit", true, {"resident", "phone", "household"}},
    {"case.settle", true, {"resident", "phone", "household"}},
    {"case.attach", false, {"name", "key"}},
    {"household.add", false, {"name", "phone", "people"}},
    {"household.edit", true, {"name", "phone", "people"}},
};

static const struct kind *kind_of(const char *type) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(kinds[i].type, type) == 0) return &kinds[i];
  return NULL;
}

bool sealed_is(const char *text) {
  return text != NULL && text[0] == SEALED_MARK;
}

bool sealed_is_value(const json_t *value) {
  return sealed_is(json_string_value(value));
}

/* --- as it is read ---------------------------------------------------------- */

static bool is_named(const struct kind *k, const char *name) {
  for (size_t i = 0; i < NAMES && k->names[i] != NULL; i++)
    if (strcmp(k->names[i], name) == 0) return true;
  return false;
}

/* Can each of these take its place? */
static bool is_known(const struct kind *k, const json_t *sealed, const json_t *places) {
  struct yz_identity_id id;
  const char *name;
  json_t *value;
  if (!json_is_object(sealed) || json_object_size(sealed) == 0) return false;
  json_object_foreach((json_t *)sealed, name, value) {
    if (!is_named(k, name) || !json_is_string(value) || json_object_get(places, name) != NULL ||
        !yz_identity_read(json_string_value(value), json_string_length(value), &id))
      return false;
  }
  return true;
}

int sealed_unfold(const char *type, json_t *content) {
  const struct kind *k = kind_of(type);
  json_t *sealed = json_object_get(content, "sealed"), *value;
  const char *name;
  if (k == NULL || sealed == NULL) return 0;
  json_t *fields = json_object_get(content, "fields");
  if (k->fields && fields != NULL && !json_is_object(fields)) return 0;
  if (!is_known(k, sealed, k->fields ? fields : content)) return 0;
  if (k->fields && fields == NULL) {
    fields = json_object();
    if (json_object_set_new(content, "fields", fields) != 0) return YZ_E_MEMORY;
  }
  int rc = 0;
  json_object_foreach(sealed, name, value) {
    json_t *text = json_sprintf("%c%s", SEALED_MARK, json_string_value(value));
    if (json_object_set_new(k->fields ? fields : content, name, text) != 0) rc = YZ_E_MEMORY;
  }
  return rc == 0 && json_object_del(content, "sealed") != 0 ? YZ_E_MEMORY : rc;
}

/* --- as it is written ------------------------------------------------------- */

/* What stands there as it is to be sealed: a text; of people the list. NULL: nothing; free. */
static char *text_of(const json_t *value) {
  if (json_is_string(value)) return strdup(json_string_value(value));
  return json_is_array(value) ? json_dumps(value, JSON_COMPACT) : NULL;
}

static int seal_one(const char *name, const json_t *value, sealed_fn fn, void *arg, json_t **out) {
  struct yz_buf sealed = {0};
  char *text = text_of(value);
  int rc = text == NULL ? YZ_E_MEMORY : fn(arg, name, text, &sealed);
  if (rc == 0) *out = json_stringn((const char *)sealed.data, sealed.len);
  if (rc == 0 && *out == NULL) rc = YZ_E_MEMORY;
  yz_buf_finish(&sealed);
  free(text);
  return rc;
}

static int seal_all(const struct kind *k, json_t *places, json_t *sealed, sealed_fn fn, void *arg) {
  int rc = 0;
  for (size_t i = 0; rc == 0 && i < NAMES && k->names[i] != NULL; i++) {
    const json_t *value = json_object_get(places, k->names[i]);
    json_t *text = NULL;
    if (!json_is_string(value) && !json_is_array(value)) continue;
    rc = seal_one(k->names[i], value, fn, arg, &text);
    if (rc == 0 && (json_object_set_new(sealed, k->names[i], text) != 0 ||
                    json_object_del(places, k->names[i]) != 0))
      rc = YZ_E_MEMORY;
  }
  return rc;
}

int sealed_fold(const char *type, const json_t *content, sealed_fn fn, void *arg, json_t **out) {
  const struct kind *k = kind_of(type);
  *out = NULL;
  if (k == NULL || content == NULL) return 0;
  json_t *copy = json_deep_copy(content), *sealed = json_object();
  json_t *places = k->fields ? json_object_get(copy, "fields") : copy;
  int rc = copy == NULL || sealed == NULL ? YZ_E_MEMORY : seal_all(k, places, sealed, fn, arg);
  if (rc == 0 && json_object_size(sealed) > 0) {
    if (k->fields && json_object_size(places) == 0) (void)json_object_del(copy, "fields");
    if (json_object_set(copy, "sealed", sealed) == 0)
      *out = json_incref(copy);
    else
      rc = YZ_E_MEMORY;
  }
  json_decref(sealed);
  json_decref(copy);
  return rc;
}

/* --- as it is shown --------------------------------------------------------- */

/* The value again: a list where one was sealed. NULL: it cannot be opened, or (*rc) failed. */
static json_t *opened(const char *name, const json_t *value, sealed_fn fn, void *arg, int *rc) {
  struct yz_buf text = {0};
  json_t *json = NULL;
  int got = fn(arg, name, json_string_value(value) + 1, &text);
  const char *chars = text.len > 0 ? (const char *)text.data : "";
  if (got == 0 && strcmp(name, "people") == 0)
    got = yz_json_parse(chars, text.len, &json, NULL);
  else if (got == 0 && (json = json_stringn(chars, text.len)) == NULL)
    got = YZ_E_MEMORY;
  if (text.data != NULL) yz_wipe(text.data, text.len);
  yz_buf_finish(&text);
  if (got != 0 && got != YZ_E_KEY && got != YZ_E_FORMAT) *rc = got;
  return json;
}

static int open_in(json_t *places, sealed_fn fn, void *arg, bool *left) {
  const char *name;
  json_t *value;
  void *next;
  int rc = 0;
  json_object_foreach_safe(places, next, name, value) {
    if (rc != 0 || !sealed_is_value(value)) continue;
    json_t *json = opened(name, value, fn, arg, &rc);
    if (json == NULL) *left = true;
    int set =
        json != NULL ? json_object_set_new(places, name, json) : json_object_del(places, name);
    if (rc == 0 && set != 0) rc = YZ_E_MEMORY;
  }
  return rc;
}

int sealed_open(json_t *content, sealed_fn fn, void *arg) {
  bool left = false;
  int rc = open_in(content, fn, arg, &left);
  if (rc == 0) rc = open_in(json_object_get(content, "fields"), fn, arg, &left);
  if (rc == 0 && left && json_object_set_new(content, "sealed", json_true()) != 0) rc = YZ_E_MEMORY;
  return rc;
}
