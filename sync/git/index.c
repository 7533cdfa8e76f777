/* A pack's index, looked through before libgit2 goes by it: 1.5 believes what it
 * says and reads beyond its end. Numbers are big-endian.
 *
 *   ff 't' 'O' 'c', version 2                                       8 bytes
 *   how many names begin with 00, … with up to ff          256 times 4 bytes
 *   n names                                                     n times 20
 *   n check sums                                                 n times 4
 *   n offsets; bit 31: the rest is a place in what follows       n times 4
 *   m long offsets                                               m times 8
 *   sum of the pack, sum of this                                  20 and 20
 *
 * Valid: counts never fall, the last is n; m is at most n, and the file ends
 * there; every offset lies in the pack. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sync/git/git.h"

enum { HEAD = 8, COUNTS = 256, SUMS = 40 };

struct index {
  FILE *file;
  uint64_t pack_size, n, m;
};

static bool next_number(struct index *x, size_t bytes, uint64_t *out) {
  unsigned char b[8];
  if (fread(b, 1, bytes, x->file) != bytes) return false;
  *out = 0;
  for (size_t i = 0; i < bytes; i++) *out = *out << 8 | b[i];
  return true;
}

static bool head_is_sound(struct index *x) {
  uint64_t magic, last = 0;
  if (!next_number(x, HEAD, &magic) || magic != UINT64_C(0xff744f6300000002)) return false;
  for (int i = 0; i < COUNTS; i++, last = x->n)
    if (!next_number(x, 4, &x->n) || x->n < last) return false;
  return true;
}

static bool size_is_sound(struct index *x) {
  struct stat st;
  if (fstat(fileno(x->file), &st) != 0) return false;
  uint64_t size = (uint64_t)st.st_size, fixed = HEAD + COUNTS * 4 + x->n * (20 + 4 + 4) + SUMS;
  if (size < fixed || (size - fixed) % 8 != 0) return false;
  x->m = (size - fixed) / 8;
  return x->m <= x->n;
}

static bool offsets_are_sound(struct index *x) {
  uint64_t offset;
  if (fseeko(x->file, (off_t)(HEAD + COUNTS * 4 + x->n * 24), SEEK_SET) != 0) return false;
  for (uint64_t i = 0; i < x->n; i++) {
    if (!next_number(x, 4, &offset)) return false;
    bool is_long = (offset & 0x80000000U) != 0;
    if (is_long ? (offset & 0x7fffffffU) >= x->m : offset >= x->pack_size) return false;
  }
  for (uint64_t i = 0; i < x->m; i++)
    if (!next_number(x, 8, &offset) || offset >= x->pack_size) return false;
  return true;
}

static bool is_sound(const char *folder, const char *name, int64_t pack_size) {
  struct index x = {.pack_size = (uint64_t)pack_size};
  char *path = NULL;
  if (asprintf(&path, "%s/%s.idx", folder, name) < 0) return false;
  x.file = fopen(path, "re");
  free(path);
  if (x.file == NULL) return false;
  bool sound = head_is_sound(&x) && size_is_sound(&x) && offsets_are_sound(&x);
  (void)fclose(x.file);
  return sound;
}

int yz_git_unsound_pack(const char *folder, char name[static YZ_GIT_PACK_NAME],
                        struct yz_error *err) {
  struct yz_packlist packs = {0};
  int rc = yz_packlist_read(folder, &packs, err);
  for (size_t i = 0; rc == 0 && i < packs.n; i++) {
    if (is_sound(folder, packs.names[i], packs.sizes[i])) continue;
    memcpy(name, packs.names[i], YZ_GIT_PACK_NAME);
    rc = 1;
  }
  yz_packlist_finish(&packs);
  return rc;
}
