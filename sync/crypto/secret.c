/* Starting libsodium, and memory for secrets: its own pages between guard
 * pages, locked where the machine allows it, wiped before it is given back. */
#include <sodium.h>
#include <stdlib.h>
#include <yizhan/crypto.h>

int yz_crypto_init(void) {
  return sodium_init() < 0 ? YZ_E_INTERNAL : 0;
}

struct yz_secret *yz_secret_create(size_t len) {
  struct yz_secret *s = malloc(sizeof *s);
  if (!s) return NULL;
  s->len = len;
  s->bytes = sodium_malloc(len);
  if (s->bytes) return s;
  free(s);
  return NULL;
}

void yz_secret_destroy(struct yz_secret *s) {
  if (!s) return;
  sodium_free(s->bytes);
  free(s);
}

void yz_wipe(void *bytes, size_t n) {
  sodium_memzero(bytes, n);
}

bool yz_equal(const void *a, const void *b, size_t n) {
  return sodium_memcmp(a, b, n) == 0;
}
