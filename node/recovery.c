#include <string.h>

#include "passphrase.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
enum { GROUP = 4, LETTERS = 32 };

static void put(char *out, size_t i, char letter) {
  size_t at = i + i / GROUP;
  if (i > 0 && i % GROUP == 0) out[at - 1] = '-';
  out[at] = letter;
  out[at + 1] = '\0';
}

void recovery_code_make(const struct yz_world *world, char out[static RECOVERY_CODE]) {
  unsigned char random[LETTERS];
  world->random(world->ctx, random, sizeof random);
  for (size_t i = 0; i < LETTERS; i++) put(out, i, digits[random[i] % 32]);
  yz_wipe(random, sizeof random);
}

static char fold(char c) {
  if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return c;
}

bool recovery_code_fold(const char *text, char out[static RECOVERY_CODE]) {
  size_t n = 0;
  out[0] = '\0';
  for (; *text != '\0'; text++) {
    char c = fold(*text);
    if (strchr(" -\t\r\n", c) != NULL) continue;
    if (strchr(digits, c) == NULL || n == LETTERS) return false;
    put(out, n++, c);
  }
  return n == LETTERS;
}
