/* What the program frees is overwritten, whoever frees it, so that no name or word that was opened
 * stays behind in its memory. (mallopt's M_PERTURB would leave out what is small, and fill what is
 * allocated too: of a buffer of a megabyte, of which a page is used, every page.) */
#include <malloc.h>
#include <stdlib.h>
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
/* The C library's own, under the names that they have for who puts something before them. */
void __libc_free(void *memory);
void *__libc_realloc(void *memory, size_t size);

/* What was mapped by itself is the kernel's again as it is freed. The C library says so in a bit of
 * the size that stands before it. */
static int is_mapped(const void *memory) {
  enum { IS_MMAPPED = 2 };
  return (((const size_t *)memory)[-1] & IS_MMAPPED) != 0;
}

void free(void *memory) {
  if (memory == NULL) return;
  if (!is_mapped(memory)) explicit_bzero(memory, malloc_usable_size(memory));
  __libc_free(memory);
}

/* Moved by hand, since the C library would leave what it moves as it was. */
void *realloc(void *memory, size_t size) {
  if (memory == NULL) return malloc(size);
  if (size > 0 && is_mapped(memory)) return __libc_realloc(memory, size);
  size_t room = malloc_usable_size(memory), kept = size < room ? size : room;
  if (size <= room && size >= room / 2) {
    explicit_bzero((char *)memory + size, room - size);
    return memory;
  }
  void *moved = size > 0 ? malloc(size) : NULL;
  if (size > 0 && moved == NULL) return NULL;
  if (moved != NULL) memcpy(moved, memory, kept);
  free(memory);
  return moved;
}
#endif
