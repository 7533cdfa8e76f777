/* Disks that fail: this program's own write, fsync, rename and link stand before
 * the C library's. They do the real thing, until the one that is to fail. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <yizhan/world.h>

#include "tests/harness/tmp.h"

enum call { CALL_WRITE, CALL_FSYNC, CALL_RENAME, CALL_RENAME2, CALL_LINK, CALLS };

static struct {
  int count[CALLS];
  enum call failing;
  int nth;    /* fails the nth, from 1; 0: none */
  int number; /* with this errno */
  int files_flushed, folders_flushed;
  int renamed_before_flush;
  size_t max_write;  /* writes no more than this at once; 0: no bound */
  size_t max_random; /* likewise */
  int not_random;    /* random bytes are all zero */
} disk;

static int fails(enum call call) {
  disk.count[call]++;
  if (disk.nth == 0 || disk.failing != call || disk.count[call] != disk.nth) return 0;
  errno = disk.number;
  return 1;
}

ssize_t write(int fd, const void *bytes, size_t n) {
  if (fails(CALL_WRITE)) return -1;
  if (disk.max_write != 0 && n > disk.max_write) n = disk.max_write;
  return syscall(SYS_write, fd, bytes, n);
}

int fsync(int fd) {
  if (fails(CALL_FSYNC)) return -1;
  struct stat st;
  if (fstat(fd, &st) != 0) return -1;
  if (S_ISDIR(st.st_mode))
    disk.folders_flushed++;
  else
    disk.files_flushed++;
  return (int)syscall(SYS_fsync, fd);
}

static int rename_flushed(int from, const char *a, int to, const char *b, unsigned flags) {
  if (disk.files_flushed == 0) disk.renamed_before_flush++;
  return (int)syscall(SYS_renameat2, from, a, to, b, flags);
}

int renameat(int from, const char *a, int to, const char *b) {
  return fails(CALL_RENAME) ? -1 : rename_flushed(from, a, to, b, 0);
}

int renameat2(int from, const char *a, int to, const char *b, unsigned flags) {
  return fails(CALL_RENAME2) ? -1 : rename_flushed(from, a, to, b, flags);
}

int linkat(int from, const char *a, int to, const char *b, int flags) {
  return fails(CALL_LINK) ? -1 : (int)syscall(SYS_linkat, from, a, to, b, flags);
}

ssize_t getrandom(void *bytes, size_t n, unsigned flags) {
  if (disk.max_random != 0 && n > disk.max_random) n = disk.max_random;
  if (!disk.not_random) return syscall(SYS_getrandom, bytes, n, flags);
  memset(bytes, 0, n);
  return (ssize_t)n;
}

static char *dir;
static char path[TMP_PATH];
static const struct yz_world *world;

static int start(void **state) {
  (void)state;
  world = yz_world_real();
  dir = tmp_create();
  tmp_join(path, dir, "letter");
  memset(&disk, 0, sizeof disk);
  return 0;
}

static int stop(void **state) {
  (void)state;
  memset(&disk, 0, sizeof disk);
  tmp_destroy(dir);
  return 0;
}

static void fail_at(enum call call, int nth, int number) {
  memset(&disk, 0, sizeof disk);
  disk.failing = call;
  disk.nth = nth;
  disk.number = number;
}

static int put(const char *text, int replace) {
  return world->write_file(world->ctx, path, text, strlen(text), replace, NULL);
}

/* The folder holds the letter alone, with this text; NULL: nothing at all. */
static void assert_alone(const char *text) {
  DIR *d = opendir(dir);
  assert_non_null(d);
  int n = 0;
  while (readdir(d) != NULL) n++;
  (void)closedir(d);
  assert_int_equal(n - 2, text != NULL);
  if (text == NULL) return;
  struct yz_buf b = {0};
  tmp_read(path, &b);
  assert_string_equal((char *)b.data, text);
  yz_buf_finish(&b);
}

static void test_flushes_the_file_before_and_the_folder_after(void **state) {
  (void)state;
  for (int replace = 0; replace < 2; replace++) {
    memset(&disk, 0, sizeof disk);
    assert_int_equal(put("text", replace), 0);
    assert_int_equal(disk.files_flushed, 1);
    assert_int_equal(disk.renamed_before_flush, 0);
    assert_int_equal(disk.folders_flushed, 1);
  }
}

static void test_new_folders_are_flushed_into_the_one_above(void **state) {
  (void)state;
  char deep[TMP_PATH];
  tmp_join(deep, dir, "a/b");
  assert_int_equal(world->make_dir(world->ctx, deep, NULL), 0);
  assert_int_equal(disk.folders_flushed, 2);
  fail_at(CALL_FSYNC, 1, EIO);
  tmp_join(deep, dir, "c");
  assert_int_equal(world->make_dir(world->ctx, deep, NULL), YZ_E_IO);
}

static void test_writes_that_take_little_at_once(void **state) {
  (void)state;
  disk.max_write = 3;
  assert_int_equal(put("many small pieces", 1), 0);
  assert_true(disk.count[CALL_WRITE] > 5);
  assert_alone("many small pieces");
}

static void test_a_signal_costs_nothing(void **state) {
  (void)state;
  fail_at(CALL_WRITE, 1, EINTR);
  assert_int_equal(put("text", 1), 0);
  assert_alone("text");
}

static void test_any_failure_keeps_the_old_and_leaves_no_debris(void **state) {
  (void)state;
  static const struct {
    enum call call;
    int number, code;
  } faults[] = {
      {CALL_WRITE, ENOSPC, YZ_E_FULL}, {CALL_WRITE, EDQUOT, YZ_E_FULL},
      {CALL_WRITE, EIO, YZ_E_IO},      {CALL_FSYNC, EIO, YZ_E_IO},
      {CALL_FSYNC, ENOSPC, YZ_E_FULL}, {CALL_RENAME, ENOSPC, YZ_E_FULL},
      {CALL_RENAME, EIO, YZ_E_IO},
  };
  assert_int_equal(put("old", 1), 0);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    fail_at(faults[i].call, 1, faults[i].number);
    assert_int_equal(put("new", 1), faults[i].code);
    assert_alone("old");
  }
}

static void test_failures_of_a_first_write(void **state) {
  (void)state;
  static const enum call calls[] = {CALL_WRITE, CALL_FSYNC, CALL_RENAME2};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    fail_at(calls[i], 1, EIO);
    assert_int_equal(put("new", 0), YZ_E_IO);
    assert_alone(NULL);
  }
}

static void test_a_folder_that_was_not_flushed_is_an_error(void **state) {
  (void)state;
  fail_at(CALL_FSYNC, 2, EIO);
  assert_int_equal(put("text", 1), YZ_E_IO);
  assert_alone("text");
  fail_at(CALL_FSYNC, 2, EINVAL);
  assert_int_equal(put("stick", 1), 0);
  assert_alone("stick");
}

static void test_without_exclusive_rename_a_link_serves(void **state) {
  (void)state;
  fail_at(CALL_RENAME2, 1, EINVAL);
  assert_int_equal(put("text", 0), 0);
  assert_int_equal(disk.count[CALL_LINK], 1);
  assert_alone("text");
  fail_at(CALL_RENAME2, 1, EINVAL);
  assert_int_equal(put("other", 0), YZ_E_EXISTS);
  assert_int_equal(disk.count[CALL_LINK], 1);
  assert_alone("text");
}

/* What another program has put where the temporary file would be is not ours. */
static void test_never_writes_into_what_is_there(void **state) {
  (void)state;
  char victim[TMP_PATH], temp[TMP_PATH];
  tmp_join(victim, dir, "victim");
  tmp_join(temp, dir, ".yz-0000000000000000.tmp");
  tmp_write(victim, "safe", 4);
  disk.not_random = 1;
  assert_int_equal(symlink(victim, temp), 0);
  assert_int_equal(put("text", 1), YZ_E_IO);
  assert_int_equal(unlink(temp), 0);
  assert_int_equal(link(victim, temp), 0);
  assert_int_equal(put("text", 1), YZ_E_IO);
  assert_int_not_equal(access(path, F_OK), 0);
  struct yz_buf b = {0};
  tmp_read(victim, &b);
  assert_string_equal((char *)b.data, "safe");
  yz_buf_finish(&b);
}

static void test_random_bytes_that_come_one_by_one(void **state) {
  (void)state;
  unsigned char seen[64] = {0}, bytes[64];
  disk.max_random = 1;
  for (int round = 0; round < 8; round++) {
    memset(bytes, 0, sizeof bytes);
    world->random(world->ctx, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) seen[i] |= bytes[i];
  }
  for (size_t i = 0; i < sizeof bytes; i++) assert_int_not_equal(seen[i], 0);
}

#define ON_A_DISK(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_A_DISK(test_flushes_the_file_before_and_the_folder_after),
      ON_A_DISK(test_new_folders_are_flushed_into_the_one_above),
      ON_A_DISK(test_writes_that_take_little_at_once),
      ON_A_DISK(test_a_signal_costs_nothing),
      ON_A_DISK(test_any_failure_keeps_the_old_and_leaves_no_debris),
      ON_A_DISK(test_failures_of_a_first_write),
      ON_A_DISK(test_a_folder_that_was_not_flushed_is_an_error),
      ON_A_DISK(test_without_exclusive_rename_a_link_serves),
      ON_A_DISK(test_never_writes_into_what_is_there),
      ON_A_DISK(test_random_bytes_that_come_one_by_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
