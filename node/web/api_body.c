#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../choice.h"
#include "../tidy.h"
#include "api_call.h"

enum { MAX_QUERY = 1000 };

int api_empty(const char *name, struct yz_error *err) {
  return yz_fail(err, YZ_E_INPUT, YZ_N_("Say it in words: the value is empty."), "%s", name);
}

int api_wrong_kind(const char *name, struct yz_error *err) {
  return yz_fail(err, YZ_E_INPUT, YZ_N_("The value is none that this field can have."), "%s", name);
}

static bool is_line(const char *text) {
  return yz_text_ok(text, strlen(text)) && strpbrk(text, "\n\t") == NULL;
}

static bool is_of_kind(const struct api_field *field, const json_t *value) {
  const char *text = json_string_value(value);
  switch (field->kind) {
  case API_LINE:
    return text != NULL && strlen(text) == json_string_length(value) && is_line(text);
  case API_TEXT:
    return text != NULL && yz_text_ok(text, json_string_length(value));
  case API_CHOICE:
    return text != NULL && choice_has(field->choices, text);
  case API_BOOL:
    return json_is_boolean(value);
  default:
    return json_is_object(value);
  }
}

int api_check(const json_t *object, const struct api_field *fields, struct yz_error *err) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value) {
    const struct api_field *field = fields;
    while (field->name != NULL && strcmp(field->name, name) != 0) field++;
    if (field->name == NULL)
      return yz_fail(err, YZ_E_INPUT, YZ_N_("There is no such field."), "%s", name);
    if (!is_of_kind(field, value)) return api_wrong_kind(name, err);
  }
  for (; fields->name != NULL; fields++) {
    value = json_object_get(object, fields->name);
    const char *text = json_string_value(value);
    if (fields->required && (value == NULL || (text != NULL && tidy_is_blank(text))))
      return api_empty(fields->name, err);
  }
  return 0;
}

const char *api_text(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The body's bytes; NULL: they cannot be had. */
static char *body_bytes(const struct web_request *r) {
  size_t len = (size_t)r->body_len, done = 0;
  char *bytes = malloc(len + 1);
  while (bytes != NULL && done < len) {
    ssize_t n = pread(r->body, bytes + done, len - done, (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      free(bytes);
      return NULL;
    }
    done += (size_t)n;
  }
  return bytes;
}

int api_argument(const struct api_call *c, const char *name, const char **out,
                 struct yz_error *err) {
  const char *value = web_argument(c->request, name);
  *out = value != NULL && value[0] != '\0' ? value : NULL;
  if (*out != NULL && (strlen(value) > MAX_QUERY || !yz_text_ok(value, strlen(value))))
    return api_wrong_kind(name, err);
  return 0;
}

int api_tick(const struct api_call *c, const char *name, bool *out, struct yz_error *err) {
  const char *value;
  int rc = api_argument(c, name, &value, err);
  *out = value != NULL;
  return rc == 0 && value != NULL && strcmp(value, "true") != 0 ? api_wrong_kind(name, err) : rc;
}

int api_count(const struct api_call *c, const char *name, int64_t most, int64_t *out,
              struct yz_error *err) {
  const char *value;
  int rc = api_argument(c, name, &value, err);
  if (rc != 0 || value == NULL) return rc;
  size_t n = strlen(value);
  *out = n < 6 && strspn(value, "0123456789") == n ? strtol(value, NULL, 10) : 0;
  return *out >= 1 && *out <= most ? 0 : api_wrong_kind(name, err);
}

int api_read_body(struct api_call *c, struct yz_error *err) {
  const struct web_request *r = c->request;
  const char *type = web_header(r, "Content-Type");
  if (type == NULL || strncmp(type, "application/json", 16) != 0) {
    c->status = 415;
    return yz_fail(err, YZ_E_INPUT, YZ_N_("What is sent here must be JSON."), NULL);
  }
  char *bytes = body_bytes(r);
  if (bytes == NULL) return yz_no_memory(err);
  c->body = json_loadb(bytes, (size_t)r->body_len, JSON_REJECT_DUPLICATES, NULL);
  yz_wipe(bytes, (size_t)r->body_len);
  free(bytes);
  if (json_is_object(c->body)) return 0;
  return yz_fail(err, YZ_E_INPUT, YZ_N_("What is sent here must be one JSON object."), NULL);
}
