#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "node/beside.h"
#include "node/i18n.h"

static bool wants_chinese(void) {
  static const char *const names[] = {"YIZHAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (value != NULL && value[0] != '\0') return strncmp(value, "zh", 2) == 0;
  }
  return false;
}

int i18n_init(const char *lang) {
  bool chinese = lang != NULL ? strcmp(lang, "zh") == 0 : wants_chinese();
  if (lang != NULL && !chinese && strcmp(lang, "en") != 0) return YZ_E_INPUT;
  /* C.UTF-8 is part of the C library. gettext obeys LANGUAGE under any locale
   * but plain C, so no Chinese locale has to be generated. */
  if (setlocale(LC_ALL, "C.UTF-8") == NULL) return 0;
  if (setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1) != 0) return 0;
  char folder[PATH_MAX + 32];
  if (!beside_program("locale", folder, sizeof folder)) return 0;
  (void)bindtextdomain("yizhan", folder);
  (void)bind_textdomain_codeset("yizhan", "UTF-8");
  (void)textdomain("yizhan");
  return 0;
}
