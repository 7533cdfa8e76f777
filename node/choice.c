#include "choice.h"
#include <string.h>

bool choice_has(const char *choices, const char *given) {
  size_t n = strlen(given);
  for (const char *at = choices;; at++) {
    size_t len = strcspn(at, "|");
    if (len == n && strncmp(at, given, n) == 0) return true;
    at += len;
    if (*at == '\0') return false;
  }
}
