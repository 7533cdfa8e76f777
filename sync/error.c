#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <yizhan/error.h>

/* Subjects come from outside too (names of refs, of files on a stick) and end
 * on terminals, which must not obey them. */
static void blank_controls(char *text) {
  for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++)
    if (*p < 0x20 || *p == 0x7f) *p = '?';
}

/* How many bytes the UTF-8 sequence that begins with `lead` should have. */
static size_t sequence_len(unsigned char lead) {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/* A subject that was cut may end in the middle of a character: drop that. */
static void drop_half_character(char *text) {
  size_t end = strlen(text), start = end;
  while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) start--;
  if (start == 0) return;
  start--;
  if (end - start < sequence_len((unsigned char)text[start])) text[start] = '\0';
}

int yz_fail(struct yz_error *err, enum yz_code code, const char *message,
            const char *subject_format, ...) {
  if (err == NULL || err->message != NULL) return code;
  err->code = code;
  err->message = message;
  err->subject[0] = '\0';
  if (subject_format == NULL) return code;
  va_list args;
  va_start(args, subject_format);
  int n = vsnprintf(err->subject, sizeof err->subject, subject_format, args);
  va_end(args);
  if (n < 0) err->subject[0] = '\0';
  if (n >= (int)sizeof err->subject) drop_half_character(err->subject);
  blank_controls(err->subject);
  return code;
}

const char *yz_code_name(enum yz_code code) {
  static const char *const names[] = {
      "ok",        "memory",    "io",     "full",    "format",   "limit",
      "signature", "not-found", "exists", "refused", "busy",     "network",
      "damaged",   "version",   "key",    "input",   "internal",
  };
  if (code > YZ_OK || code < YZ_E_INTERNAL) return "unknown";
  return names[-(int)code];
}
