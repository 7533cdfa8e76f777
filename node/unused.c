#include "unused.h"

#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Has it been changed as it was loaded (relocations in what is read only)? */
static bool is_as_in_its_file(const struct dl_phdr_info *of) {
  for (int i = 0; i < of->dlpi_phnum; i++) {
    if (of->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const ElfW(Dyn) *d = (const void *)(of->dlpi_addr + of->dlpi_phdr[i].p_vaddr);
    for (; d->d_tag != DT_NULL; d++)
      if (d->d_tag == DT_TEXTREL || (d->d_tag == DT_FLAGS && (d->d_un.d_val & DF_TEXTREL) != 0))
        return false;
    return true;
  }
  return false;
}

/* What nobody can write to is as it is in its file; whole pages of it. */
static int let_go(struct dl_phdr_info *of, size_t size, void *page_size) {
  uintptr_t page = *(const size_t *)page_size;
  (void)size;
  if (!is_as_in_its_file(of)) return 0;
  for (int i = 0; i < of->dlpi_phnum; i++) {
    const ElfW(Phdr) *p = &of->dlpi_phdr[i];
    if (p->p_type != PT_LOAD || (p->p_flags & PF_W) != 0) continue;
    uintptr_t from = (of->dlpi_addr + p->p_vaddr + page - 1) / page * page;
    uintptr_t to = (of->dlpi_addr + p->p_vaddr + p->p_filesz) / page * page;
    if (from < to) (void)madvise((void *)from, to - from, MADV_DONTNEED);
  }
  return 0;
}

void unused_give_back(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  (void)malloc_trim(0);
  (void)dl_iterate_phdr(let_go, &page);
}
