#include "history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "moment.h"

enum { NAME = 4096, TAIL = 128 * 1024 };

static bool name_it(const char *dir, const char *more, char out[static NAME]) {
  int n = snprintf(out, NAME, "%s/contacts.log%s", dir, more);
  return n > 0 && n < NAME;
}

/* --- writing ------------------------------------------------------------------- */

static int open_log(const char *dir) {
  char name[NAME], old[NAME];
  struct stat st;
  if (!name_it(dir, "", name) || !name_it(dir, ".1", old)) return -1;
  if (stat(name, &st) == 0 && st.st_size >= HISTORY_MAX) (void)rename(name, old);
  return open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
}

/* In one write, so that two processes do not mix. A line that a power cut tore is skipped by who
 * reads: the next one begins anew. */
static void append(const char *dir, const char *text) {
  char *line = NULL;
  int n = asprintf(&line, "\n%s\n", text);
  int fd = n < 0 ? -1 : open_log(dir);
  if (fd >= 0) {
    (void)!write(fd, line, (size_t)n);
    (void)close(fd);
  }
  if (n >= 0) free(line);
}

void history_note(const char *dir, const struct yz_world *world, const char *kind, int64_t began_ms,
                  json_t *said) {
  json_t *line =
      json_pack("{s:s,s:I,s:I,s:o}", "kind", kind, "began_ms", (json_int_t)began_ms, "ended_ms",
                (json_int_t)world->now_ms(world->ctx), "said", said != NULL ? said : json_null());
  char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
  if (text != NULL && strlen(text) > HISTORY_LINE) {
    free(text);
    (void)json_object_set_new(line, "said", json_null());
    text = json_dumps(line, JSON_COMPACT);
  }
  if (text != NULL) append(dir, text);
  free(text);
  json_decref(line);
}

json_t *history_error(const struct yz_error *err) {
  return json_pack("{s:{s:s,s:s,s:s}}", "error", "code", yz_code_name(err->code), "message",
                   err->message != NULL ? err->message : yz_code_name(err->code), "subject",
                   err->subject);
}

/* --- reading ------------------------------------------------------------------- */

/* The end of a file, zero-ended; NULL: none. */
static char *read_tail(const char *name) {
  struct stat st;
  int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  char *text = fd >= 0 ? malloc(TAIL + 1) : NULL;
  ssize_t n = -1;
  if (text != NULL && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
    n = pread(fd, text, TAIL, st.st_size > TAIL ? st.st_size - TAIL : 0);
  if (fd >= 0) (void)close(fd);
  if (n >= 0) {
    text[n] = '\0';
    return text;
  }
  free(text);
  return NULL;
}

/* NULL: it is none. New reference. */
static json_t *as_contact(const json_t *line, int zone) {
  const char *kind = json_string_value(json_object_get(line, "kind"));
  const json_t *began = json_object_get(line, "began_ms"),
               *ended = json_object_get(line, "ended_ms");
  json_t *said = json_object_get(line, "said");
  if (kind == NULL || !json_is_integer(began) || !json_is_integer(ended) ||
      !(json_is_object(said) || json_is_null(said)))
    return NULL;
  return json_pack("{s:s,s:o,s:o,s:O}", "kind", kind, "began",
                   moment_json(json_integer_value(began), zone, 0), "ended",
                   moment_json(json_integer_value(ended), zone, 0), "said", said);
}

/* From the last line to the first. What is no contact is left out: the file may be torn. */
static void read_back(char *text, json_t *list, size_t most, int zone) {
  size_t n = strlen(text);
  while (n > 0 && json_array_size(list) < most) {
    while (n > 0 && text[n - 1] == '\n') text[--n] = '\0';
    char *start = memrchr(text, '\n', n);
    char *at = start != NULL ? start + 1 : text;
    json_t *line = *at == '{' ? json_loads(at, JSON_REJECT_DUPLICATES, NULL) : NULL;
    json_t *contact = as_contact(line, zone);
    if (contact != NULL) (void)json_array_append_new(list, contact);
    json_decref(line);
    n = (size_t)(at - text);
  }
}

json_t *history_read(const char *dir, size_t most, int zone) {
  static const char *const files[] = {"", ".1"};
  char name[NAME];
  json_t *list = json_array();
  for (size_t i = 0; list != NULL && i < 2 && json_array_size(list) < most; i++) {
    char *text = name_it(dir, files[i], name) ? read_tail(name) : NULL;
    if (text != NULL) read_back(text, list, most, zone);
    free(text);
  }
  return list;
}
