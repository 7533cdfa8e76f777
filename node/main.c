#include <stdio.h>
#include <string.h>

#include "node/i18n.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static void print_usage(FILE *out) {
  (void)fputs(_("Usage: yizhan --help | --version\n"), out);
}

/* What was printed may only now meet a full disk. */
static int flushed(void) {
  return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_OK : EXIT_FAILED;
}

int main(int argc, char **argv) {
  if (i18n_init(NULL) != 0) return EXIT_FAILED;
  const char *word = argc == 2 ? argv[1] : "";
  if (strcmp(word, "--version") == 0) {
    (void)printf("yizhan %s\n", YIZHAN_VERSION);
    return flushed();
  }
  if (strcmp(word, "--help") == 0) {
    print_usage(stdout);
    return flushed();
  }
  print_usage(stderr);
  return EXIT_USAGE;
}
