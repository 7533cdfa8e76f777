#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <yizhan/error.h>

#include "utf8.h"

enum { MAX_CHARACTER = 4 };

/* Subjects come from outside too (names of refs, of files on a stick) and end on terminals, which
 * must not obey them, and in JSON, which takes characters only. A subject that was cut may end in
 * the middle of one: that goes. */
static void clean(char *text, bool cut) {
  size_t len = strlen(text);
  for (size_t i = 0; i < len;) {
    size_t n = yz_utf8_length(text + i, len - i);
    if (n == 0 && cut && len - i < MAX_CHARACTER) {
      text[i] = '\0';
      return;
    }
    if (n == 0 || (unsigned char)text[i] < 0x20 || text[i] == 0x7f) text[i] = '?';
    bool c1 = n == 2 && (unsigned char)text[i] == 0xc2 && (unsigned char)text[i + 1] < 0xa0;
    if (c1) text[i] = text[i + 1] = '?';
    i += n > 0 ? n : 1;
  }
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
  clean(err->subject, n >= (int)sizeof err->subject);
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
