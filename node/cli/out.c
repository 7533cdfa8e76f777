#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "out.h"

/* Marks that turn the direction of text or hide what stands there. */
static bool is_steering(wchar_t c) {
  return (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x061C;
}

static bool is_control(wchar_t c) {
  return (c < 0x20 && c != L'\n' && c != L'\t') || (c >= 0x7F && c <= 0x9F);
}

static void put_safely(FILE *out, const char *text, size_t len) {
  mbstate_t state = {0};
  while (len > 0) {
    wchar_t c;
    size_t n = mbrtowc(&c, text, len, &state);
    if (n == 0 || n > len) {
      state = (mbstate_t){0};
      n = 1;
      c = 0;
    }
    if (is_control(c) || is_steering(c))
      (void)putc('?', out);
    else
      (void)fwrite(text, 1, n, out);
    text += n;
    len -= n;
  }
}

static void put_formatted(FILE *out, const char *format, va_list args) {
  char *text = NULL;
  int n = vasprintf(&text, format, args);
  if (n < 0) {
    /* What was printed must not pass for whole. */
    (void)fprintf(stderr, "yizhan: %s\n",
                  _("There is no memory left. Close other programs and try again."));
    _exit(EXIT_FAILED);
  }
  put_safely(out, text, (size_t)n);
  free(text);
}

void cli_say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  put_formatted(stdout, format, args);
  va_end(args);
}

void cli_note(const char *format, ...) {
  va_list args;
  va_start(args, format);
  put_formatted(stderr, format, args);
  va_end(args);
}

void cli_say_field(const char *label, const char *value) {
  cli_say(_("%s: %s\n"), label, value);
}

static void error_sentence(const struct yz_error *err) {
  const char *message = err->message != NULL ? _(err->message) : yz_code_name(err->code);
  if (err->subject[0] != '\0')
    cli_note("yizhan: %s: %s\n", err->subject, message);
  else
    cli_note("yizhan: %s\n", message);
}

/* What the subject quotes may come from anyone, and lands on a terminal as it is. NULL: no memory.
 */
static json_t *subject_json(const char *subject) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (out == NULL) return NULL;
  put_safely(out, subject, strlen(subject));
  json_t *json = fclose(out) == 0 ? json_stringn(text, len) : NULL;
  free(text);
  return json;
}

void out_error(const struct cli *cli, const struct yz_error *err) {
  error_sentence(err);
  if (!cli->json) return;
  json_t *error = json_pack("{s:{s:s,s:s}}", "error", "code", yz_code_name(err->code), "message",
                            err->message != NULL ? _(err->message) : "");
  if (err->subject[0] != '\0')
    (void)json_object_set_new(json_object_get(error, "error"), "subject",
                              subject_json(err->subject));
  /* Whether this is lost too is seen when stdout is closed. */
  (void)!cli_json(error, NULL);
}

bool out_close(bool done) {
  bool lost = ferror(stdout) != 0;
  if (fclose(stdout) != 0) lost = true;
  if (lost && errno != EPIPE)
    cli_note("yizhan: %s\n",
             done
                 ? _("What was printed could not be written. What the command records is recorded: "
                     "look before you give it again. Is the disk full?")
                 : _("What was printed could not be written. Is the disk full?"));
  return !lost;
}

/* Through stdio, whose errors stay until out_close looks. */
static int put_json(json_t *value, struct yz_error *err) {
  if (value == NULL) return yz_no_memory(err);
  int rc = json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
  json_decref(value);
  if (rc == 0) return 0;
  return ferror(stdout) != 0
             ? yz_fail(err, YZ_E_IO, YZ_N_("Standard output cannot be written."), NULL)
             : yz_no_memory(err);
}

int cli_json(json_t *value, struct yz_error *err) {
  int rc = put_json(value, err);
  if (rc == 0) (void)putchar('\n');
  return rc;
}

int cli_array_item(struct cli_array *a, json_t *item, struct yz_error *err) {
  (void)fputs(a->n++ == 0 ? "[" : ",\n", stdout);
  return put_json(item, err);
}

int cli_array_end(struct cli_array *a, struct yz_error *err) {
  if (fputs(a->n == 0 ? "[]\n" : "]\n", stdout) >= 0) return 0;
  return yz_fail(err, YZ_E_IO, YZ_N_("Standard output cannot be written."), NULL);
}

void cli_time(int64_t ms, int zone, char out[static CLI_TIME]) {
  moment_text(ms, zone, out);
}

void cli_moment(int64_t ms, int zone, char out[static CLI_TIME]) {
  cli_time(ms, zone, out);
  if (strlen(out) < strlen("2026-11-23T18:04")) return;
  out[strlen("2026-11-23")] = ' ';
  out[strlen("2026-11-23 18:04")] = '\0';
}

json_t *cli_json_time(int64_t ms, int zone, int64_t none) {
  return moment_json(ms, zone, none);
}

json_t *cli_json_text(const char *text) {
  return text != NULL ? json_string(text) : json_null();
}
