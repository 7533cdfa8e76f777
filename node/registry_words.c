/* What people say of a household, as its records have it. */
#include <stdlib.h>
#include <string.h>

#include "registry.h"
#include "said.h"
#include "tidy.h"

/* Bytes of the mark between two names that text begins with; 0: none. */
static size_t mark_at(const char *text) {
  static const char *const marks[] = {",", "，", "、"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (strncmp(text, marks[i], strlen(marks[i])) == 0) return strlen(marks[i]);
  return 0;
}

static int add_person(json_t *people, char *name, struct yz_error *err) {
  tidy_name(name);
  if (name[0] == '\0') return 0;
  int rc = said_check_name(name, err);
  if (rc == 0 && json_array_size(people) == HOUSEHOLD_MAX_PEOPLE)
    rc = yz_fail(err, YZ_E_LIMIT, YZ_N_("These are more than 100 people; that is no household."),
                 NULL);
  if (rc == 0 && json_array_append_new(people, json_string(name)) != 0) rc = yz_no_memory(err);
  return rc;
}

int registry_people(const char *text, json_t **out, struct yz_error *err) {
  char *copy = strdup(text), *at = copy;
  json_t *people = json_array();
  int rc = copy == NULL || people == NULL ? yz_no_memory(err) : 0;
  for (bool more = true; rc == 0 && more;) {
    char *end = at;
    while (*end != '\0' && mark_at(end) == 0) end++;
    size_t mark = mark_at(end);
    more = mark > 0;
    *end = '\0';
    rc = add_person(people, at, err);
    at = end + mark;
  }
  free(copy);
  bool some = rc == 0 && json_array_size(people) > 0;
  *out = some ? people : json_null();
  if (!some) json_decref(people);
  return rc;
}

int registry_name(const char *text, char **out, struct yz_error *err) {
  *out = strdup(text);
  if (*out == NULL) return yz_no_memory(err);
  tidy_name(*out);
  int rc = said_check_name(*out, err);
  if (rc == 0) return 0;
  free(*out);
  *out = NULL;
  return rc;
}
