/* Case numbers and village codes as people type them (node/cases/number.h). */
#include "tests/fuzz/fuzz.h"

#include "node/cases/number.h"

static void hold_number(const char *number, int rc) {
  char again[NUMBER_MAX];
  size_t n = strlen(number), dashes = 0;

  FUZZ_HOLDS(n < NUMBER_MAX && strspn(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n);
  for (size_t i = 0; i < n; i++) dashes += number[i] == '-';
  FUZZ_HOLDS(dashes == 3 && number[n - 2] == '-');
  /* What was understood is understood as it is. */
  FUZZ_HOLDS(number_parse(number, n, again) == rc && strcmp(again, number) == 0);
  FUZZ_HOLDS(number_distance(number, again) == 0);
}

/* A wrong check character is seen. */
static void hold_check(const char *number) {
  char wrong[NUMBER_MAX], out[NUMBER_MAX];
  size_t last = strlen(number) - 1;
  memcpy(wrong, number, last + 2);
  wrong[last] = number[last] == 'A' ? 'B' : 'A';
  FUZZ_HOLDS(number_parse(wrong, last + 1, out) == 0);
  FUZZ_HOLDS(number_distance(wrong, number) == 1);
}

static void try_code(const char *text) {
  char code[9], again[9];
  if (!number_code(text, code)) return;
  size_t n = strlen(code);
  FUZZ_HOLDS(n >= 2 && n <= YZ_MAX_CODE);
  FUZZ_HOLDS(number_code(code, again) && strcmp(code, again) == 0);
  FUZZ_HOLDS(number_codes_clash(code, again));
}

/* A number of ours is read as it was written. */
static void try_written(const char *code, int64_t counter) {
  char number[NUMBER_MAX], read[NUMBER_MAX], folded[9];
  if (!number_code(code, folded)) return;
  number_format(number, folded, "B", (int)(counter % 100), counter);
  FUZZ_HOLDS(number_parse(number, strlen(number), read) == 1 && strcmp(number, read) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = fuzz_copy(data, size), *string = calloc(1, size + 1), out[NUMBER_MAX];

  int rc = number_parse(text, size, out);
  FUZZ_HOLDS(rc >= -1 && rc <= 1 && (rc < 0 || size <= 200));
  if (rc >= 0) hold_number(out, rc);
  if (rc == 1) hold_check(out);
  FUZZ_HOLDS(string);
  if (size > 0) memcpy(string, data, size);
  try_code(string);
  if (size > 1) try_written(string, data[size - 1] * 4001 + 1);
  free(string);
  free(text);
  return 0;
}
