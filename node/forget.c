/* What the program frees is overwritten, so that no name or word that was opened stays behind in
 * its memory. mallopt's M_PERTURB does that for all but what is small, which the C library keeps at
 * hand as it was: here that is overwritten as well, whoever frees it. */
#include <malloc.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define FORGET_NOTHING
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FORGET_NOTHING
#endif

#ifndef FORGET_NOTHING
/* The C library's own, under the name that it has for who puts something before it. */
void __libc_free(void *memory);

enum { SMALL = 4096 };

void free(void *memory) {
  size_t size = malloc_usable_size(memory); /* 0 of NULL */
  if (size > 0 && size <= SMALL) explicit_bzero(memory, size);
  __libc_free(memory);
}
#endif
