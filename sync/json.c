/* JSON texts from outside, by the rules of FORMAT.md §1: depth ≤ 8, integers
 * within ±2^53, printable ASCII names, none twice, UTF-8 strings without control
 * characters but LF and tab. The caller has bounded the size. */
#include <stdlib.h>
#include <string.h>
#include <yizhan/record.h>

#include "utf8.h"

static _Thread_local bool lacked;

static void *allocate(size_t n) {
  void *p = malloc(n);
  if (!p) lacked = true;
  return p;
}

void yz_json_watch(void) {
  json_set_alloc_funcs(allocate, free);
}
bool yz_json_lacked(void) {
  return lacked;
}
void yz_json_forget(void) {
  lacked = false;
}

/* U+0000–U+001F but LF and tab, U+007F–U+009F: valid UTF-8 has been checked. */
static bool no_controls(const unsigned char *s, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if ((s[i] < 0x20 && s[i] != '\n' && s[i] != '\t') || s[i] == 0x7f) return false;
    if (s[i] == 0xc2 && i + 1 < len && s[i + 1] < 0xa0) return false;
  }
  return true;
}

bool yz_text_ok(const char *text, size_t len) {
  const unsigned char *s = (const unsigned char *)text;
  for (size_t i = 0; i < len;) {
    size_t n = yz_utf8_length(text + i, len - i);
    if (n == 0) return false;
    i += n;
  }
  return no_controls(s, len);
}

/* Nesting is bounded before the parser sees the text, so that it cannot recurse deeper. */
static bool depth_ok(const char *text, size_t len) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < len; i++) {
    char c = text[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > YZ_MAX_DEPTH) return false;
    } else if (c == '}' || c == ']') {
      depth--;
    }
  }
  return true;
}

static bool name_ok(const char *name) {
  for (; *name; name++)
    if (*name < 0x20 || *name > 0x7e) return false;
  return true;
}

static bool value_ok(const json_t *value) {
  const char *name;
  json_t *member;
  size_t i;

  switch (json_typeof(value)) {
  case JSON_OBJECT:
    json_object_foreach((json_t *)(uintptr_t)value, name, member) {
      if (!name_ok(name) || !value_ok(member)) return false;
    }
    return true;
  case JSON_ARRAY:
    json_array_foreach(value, i, member) {
      if (!value_ok(member)) return false;
    }
    return true;
  case JSON_STRING:
    return no_controls((const unsigned char *)json_string_value(value), json_string_length(value));
  case JSON_INTEGER:
    return json_integer_value(value) <= YZ_MAX_INT && json_integer_value(value) >= -YZ_MAX_INT;
  case JSON_REAL:
    return false;
  default:
    return true;
  }
}

int yz_json_parse(const char *text, size_t len, json_t **out, struct yz_error *err) {
  json_error_t why;

  *out = NULL;
  if (!depth_ok(text, len))
    return yz_fail(err, YZ_E_LIMIT, YZ_N_("A text from outside is nested too deeply."), NULL);
  /* jansson passes over a zero byte behind a number or a word. */
  if (len > 0 && memchr(text, '\0', len))
    return yz_fail(err, YZ_E_FORMAT, YZ_N_("A text from outside is not valid JSON."), NULL);
  bool before = lacked;
  lacked = false;
  json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
  if (lacked) {
    json_decref(json);
    return yz_no_memory(err);
  }
  lacked = before;
  if (!json)
    return yz_fail(err, YZ_E_FORMAT, YZ_N_("A text from outside is not valid JSON."), "%s",
                   why.text);
  if (!value_ok(json)) {
    json_decref(json);
    return yz_fail(
        err, YZ_E_FORMAT,
        YZ_N_("A text from outside holds a number, name or character that is not allowed."), NULL);
  }
  *out = json;
  return YZ_OK;
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
