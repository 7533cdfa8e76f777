/* Runs a target over files, without libFuzzer:
 *   replay_TARGET FOLDER|FILE…
 * Prints how many inputs it was; none at all is an error. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

static const char *current = "";

static void die(const char *why) {
  fprintf(stderr, "%s: %s\n", current, why);
  exit(1);
}

static size_t replay_file(const char *path) {
  FILE *f = fopen(path, "rb");
  struct yz_buf bytes = {0};
  char piece[4096];
  size_t n;

  current = path;
  if (!f) die("cannot be opened");
  while ((n = fread(piece, 1, sizeof piece, f)) > 0)
    if (yz_buf_append(&bytes, piece, n)) die("no memory");
  if (ferror(f)) die("cannot be read");
  (void)fclose(f);
  (void)LLVMFuzzerTestOneInput(bytes.data, bytes.len);
  yz_buf_finish(&bytes);
  return 1;
}

static size_t replay_folder(DIR *folder, const char *path) {
  size_t n = 0;
  for (struct dirent *e; (e = readdir(folder)) != NULL;) {
    char file[4096];
    if (e->d_name[0] == '.') continue;
    (void)snprintf(file, sizeof file, "%s/%s", path, e->d_name);
    n += replay_file(file);
  }
  return n;
}

/* An input that does not hold ends the program: say which one it is. */
static void say_current(int sig) {
  (void)sig;
  fprintf(stderr, "input: %s\n", current);
}

int main(int argc, char **argv) {
  size_t n = 0;
  (void)signal(SIGABRT, say_current);
  for (int i = 1; i < argc; i++) {
    DIR *folder = opendir(argv[i]);
    n += folder ? replay_folder(folder, argv[i]) : replay_file(argv[i]);
    if (folder) (void)closedir(folder);
  }
  printf("%zu inputs\n", n);
  return n > 0 ? 0 : 1;
}
