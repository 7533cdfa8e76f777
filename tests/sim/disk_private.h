/* Files in memory: shared by disk.c (what they hold), disk_sqlite.c (SQLite's way to them) and
 * disk_calls.c (the C library's). */
#ifndef YIZHAN_TESTS_SIM_DISK_PRIVATE_H
#define YIZHAN_TESTS_SIM_DISK_PRIVATE_H

#include "disk.h"

enum { DISK_PAGE = 4096, DISK_SHM_REGIONS = 8 };

struct disk_page {
  size_t page;
  unsigned char *bytes; /* as at the last flush */
};
struct disk_file {
  char *path;
  unsigned char *bytes;
  size_t len, cap, safe_len; /* safe_len: at the last flush, where pages are saved */
  struct disk_page *saved;
  size_t n_saved, cap_saved;
  uint64_t identity;
  int opens;
  bool gone;
  void *shm[DISK_SHM_REGIONS]; /* what SQLite's connections share of a WAL; gone with the last */
};

struct disk_file *disk_find(const char *path);
struct disk_file *disk_make(const char *path);
void disk_unlink(struct disk_file *f);
void disk_let_go(struct disk_file *f); /* after opens++ */
void disk_rename(struct disk_file *f, const char *to);
void disk_write(struct disk_file *f, const void *bytes, size_t n, size_t at);
void disk_truncate(struct disk_file *f, size_t len);
void disk_flush(struct disk_file *f);

#endif
