#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <yizhan/world.h>

#include "tests/harness/tmp.h"

static char *dir;
static const struct yz_world *world;

static int make_folder(void **state) {
  (void)state;
  dir = tmp_create();
  world = yz_world_real();
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  tmp_destroy(dir);
  return 0;
}

static int entries(const char *folder) {
  DIR *d = opendir(folder);
  assert_non_null(d);
  int n = 0;
  while (readdir(d) != NULL) n++;
  (void)closedir(d);
  return n - 2;
}

static int put(const char *path, const char *text, int replace) {
  return world->write_file(world->ctx, path, text, strlen(text), replace, NULL);
}

static int get(const char *path, size_t max, struct yz_buf *out) {
  return world->read_file(world->ctx, path, max, out, NULL);
}

static void assert_holds(const char *path, const char *text) {
  struct yz_buf b = {0};
  tmp_read(path, &b);
  assert_int_equal(b.len, strlen(text));
  assert_memory_equal(b.data, text, b.len);
  yz_buf_finish(&b);
}

static void test_clocks(void **state) {
  (void)state;
  int64_t seconds = (int64_t)time(NULL);
  int64_t now = world->now_ms(world->ctx);
  assert_true(now >= seconds * 1000 - 1000 && now < (seconds + 60) * 1000);
  int64_t first = world->ticks_ms(world->ctx), last = first;
  while (last == first) {
    int64_t next = world->ticks_ms(world->ctx);
    assert_true(next >= last);
    last = next;
  }
}

static void test_random_fills_every_byte(void **state) {
  (void)state;
  enum { LEN = 1000, ROUNDS = 8 };
  unsigned char seen[LEN] = {0}, bytes[LEN + 1];
  for (int round = 0; round < ROUNDS; round++) {
    memset(bytes, 0, sizeof bytes);
    world->random(world->ctx, bytes, LEN);
    for (size_t i = 0; i < LEN; i++) seen[i] |= bytes[i];
    assert_int_equal(bytes[LEN], 0);
  }
  for (size_t i = 0; i < LEN; i++) assert_int_not_equal(seen[i], 0);
}

static void test_writes_and_reads_back(void **state) {
  (void)state;
  char path[TMP_PATH];
  tmp_join(path, dir, "letter");
  assert_int_equal(put(path, "first", 1), 0);
  assert_holds(path, "first");
  assert_int_equal(put(path, "second", 1), 0);
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0600);
  struct yz_buf b = {0};
  assert_int_equal(yz_buf_puts(&b, "before "), 0);
  assert_int_equal(get(path, 6, &b), 0);
  assert_string_equal((char *)b.data, "before second");
  yz_buf_finish(&b);
  assert_int_equal(entries(dir), 1);
}

static void test_replaces_a_link_and_not_what_it_names(void **state) {
  (void)state;
  char victim[TMP_PATH], path[TMP_PATH];
  tmp_join(victim, dir, "victim");
  tmp_join(path, dir, "link");
  tmp_write(victim, "safe", 4);
  assert_int_equal(symlink(victim, path), 0);
  assert_int_equal(put(path, "new", 1), 0);
  assert_holds(victim, "safe");
  assert_holds(path, "new");
}

static void test_without_replace_an_old_file_stays(void **state) {
  (void)state;
  char path[TMP_PATH];
  tmp_join(path, dir, "once");
  assert_int_equal(put(path, "old", 0), 0);
  struct yz_error err = {0};
  assert_int_equal(world->write_file(world->ctx, path, "new", 3, 0, &err), YZ_E_EXISTS);
  assert_string_equal(err.subject, path);
  assert_holds(path, "old");
  assert_int_equal(entries(dir), 1);
}

static void test_failed_writes_leave_nothing(void **state) {
  (void)state;
  char path[TMP_PATH], sub[TMP_PATH];
  tmp_join(path, dir, "missing/letter");
  assert_int_equal(put(path, "x", 1), YZ_E_NOT_FOUND);
  tmp_join(sub, dir, "sub");
  assert_int_equal(mkdir(sub, 0700), 0);
  assert_int_equal(put(sub, "x", 1), YZ_E_IO);
  assert_int_equal(put(sub, "x", 0), YZ_E_EXISTS);
  char name[300];
  memset(name, 'n', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  tmp_join(path, dir, name);
  assert_int_equal(put(path, "x", 1), YZ_E_IO);
  assert_int_equal(entries(dir), 1);
  assert_int_equal(entries(sub), 0);
}

static void test_relative_names(void **state) {
  (void)state;
  int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  assert_true(back >= 0);
  assert_int_equal(chdir(dir), 0);
  assert_int_equal(put("bare", "here", 1), 0);
  struct yz_buf b = {0};
  assert_int_equal(get("bare", 4, &b), 0);
  assert_int_equal(world->make_dir(world->ctx, "deep/er", NULL), 0);
  assert_int_equal(fchdir(back), 0);
  (void)close(back);
  assert_string_equal((char *)b.data, "here");
  yz_buf_finish(&b);
  assert_int_equal(entries(dir), 2);
}

static void test_reads_at_most_max(void **state) {
  (void)state;
  char path[TMP_PATH];
  tmp_join(path, dir, "big");
  size_t n = 100000;
  char *bytes = calloc(1, n);
  assert_non_null(bytes);
  tmp_write(path, bytes, n);
  free(bytes);
  struct yz_buf b = {0};
  assert_int_equal(yz_buf_puts(&b, "kept"), 0);
  assert_int_equal(get(path, n - 1, &b), YZ_E_LIMIT);
  assert_int_equal(get("/proc/self/status", 100, &b), YZ_E_LIMIT);
  /* Says it is empty, and comes in many steps. */
  assert_int_equal(get("/proc/self/smaps", 5000, &b), YZ_E_LIMIT);
  assert_string_equal((char *)b.data, "kept");
  assert_int_equal(b.len, 4);
  assert_int_equal(get(path, n, &b), 0);
  assert_int_equal(b.len, n + 4);
  yz_buf_finish(&b);
}

static void test_reads_plain_files_alone(void **state) {
  (void)state;
  struct yz_buf b = {0};
  char path[TMP_PATH];
  assert_int_equal(get(dir, 100, &b), YZ_E_IO);
  assert_int_equal(get("/dev/zero", 100, &b), YZ_E_IO);
  tmp_join(path, dir, "pipe");
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_int_equal(get(path, 100, &b), YZ_E_IO);
  tmp_join(path, dir, "nothing");
  assert_int_equal(get(path, 100, &b), YZ_E_NOT_FOUND);
  assert_int_equal(b.len, 0);
  yz_buf_finish(&b);
}

static void test_makes_folders(void **state) {
  (void)state;
  char path[TMP_PATH], middle[TMP_PATH];
  tmp_join(path, dir, "a//b/c/");
  assert_int_equal(world->make_dir(world->ctx, path, NULL), 0);
  assert_int_equal(world->make_dir(world->ctx, path, NULL), 0);
  tmp_join(middle, dir, "a/b");
  struct stat st;
  assert_int_equal(stat(middle, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0700);
  assert_int_equal(entries(middle), 1);
  assert_int_equal(world->make_dir(world->ctx, "", NULL), YZ_E_NOT_FOUND);
  assert_int_equal(world->make_dir(world->ctx, "/", NULL), 0);
}

static void test_a_file_in_the_way_of_a_folder(void **state) {
  (void)state;
  char file[TMP_PATH], below[TMP_PATH];
  tmp_join(file, dir, "file");
  tmp_join(below, dir, "file/below");
  tmp_write(file, "x", 1);
  assert_int_equal(world->make_dir(world->ctx, file, NULL), YZ_E_IO);
  assert_int_equal(world->make_dir(world->ctx, below, NULL), YZ_E_IO);
  assert_holds(file, "x");
}

static void test_disk_free(void **state) {
  (void)state;
  char path[TMP_PATH];
  assert_true(world->disk_free(world->ctx, dir) > 0);
  tmp_join(path, dir, "nothing");
  assert_int_equal(world->disk_free(world->ctx, path), -1);
}

static void test_room_is_held_and_given_back(void **state) {
  (void)state;
  char path[TMP_PATH];
  tmp_join(path, dir, "room");
  assert_int_equal(world->file_room(world->ctx, path), 0);
  assert_int_equal(world->hold_room(world->ctx, path, 0, NULL), 0);
  assert_int_equal(world->hold_room(world->ctx, path, 1 << 20, NULL), 0);
  assert_true(world->file_room(world->ctx, path) >= 1 << 20);
  assert_int_equal(world->hold_room(world->ctx, path, 1 << 16, NULL), 0);
  assert_in_range(world->file_room(world->ctx, path), 1 << 16, 1 << 19);
  assert_int_equal(world->hold_room(world->ctx, path, 0, NULL), 0);
  assert_int_equal(entries(dir), 0);
  tmp_join(path, dir, "missing/room");
  assert_int_equal(world->hold_room(world->ctx, path, 1, NULL), YZ_E_NOT_FOUND);
}

enum { CHILD_GOOD, CHILD_BAD, CHILD_NO_MOUNT = 77 };

static bool tell_kernel(const char *file, const char *line) {
  int fd = open(file, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool told = write(fd, line, strlen(line)) == (ssize_t)strlen(line);
  (void)close(fd);
  return told;
}

/* Makes this process the lord of mounts that no other process sees. */
static bool enter_own_mounts(void) {
  char map_user[32], map_group[32];
  if (snprintf(map_user, sizeof map_user, "0 %u 1", getuid()) < 0) return false;
  if (snprintf(map_group, sizeof map_group, "0 %u 1", getgid()) < 0) return false;
  return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && tell_kernel("/proc/self/setgroups", "deny") &&
         tell_kernel("/proc/self/uid_map", map_user) &&
         tell_kernel("/proc/self/gid_map", map_group);
}

/* In a process of its own: a disk of 64 KiB, which the second file fills. */
static int on_a_small_disk(void) {
  if (!enter_own_mounts()) return CHILD_NO_MOUNT;
  if (mount("none", dir, "tmpfs", 0, "size=64k") != 0) return CHILD_NO_MOUNT;
  static char big[100000];
  char path[TMP_PATH];
  struct yz_error err = {0};
  struct yz_buf b = {0};
  tmp_join(path, dir, "letter");
  if (put(path, "first", 1) != 0 || world->disk_free(world->ctx, dir) > 65536) return CHILD_BAD;
  if (world->write_file(world->ctx, path, big, sizeof big, 1, &err) != YZ_E_FULL) return CHILD_BAD;
  tmp_read(path, &b);
  tmp_join(path, dir, "room");
  if (world->hold_room(world->ctx, path, 4096, NULL) != 0) return CHILD_BAD;
  if (world->hold_room(world->ctx, path, 1 << 20, NULL) != YZ_E_FULL) return CHILD_BAD;
  if (world->file_room(world->ctx, path) != 4096) return CHILD_BAD;
  if (world->hold_room(world->ctx, path, 0, NULL) != 0) return CHILD_BAD;
  bool kept = b.len == 5 && memcmp(b.data, "first", 5) == 0 && entries(dir) == 1;
  yz_buf_finish(&b);
  return kept && err.code == YZ_E_FULL ? CHILD_GOOD : CHILD_BAD;
}

static void test_full_disk(void **state) {
  (void)state;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) _exit(on_a_small_disk());
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == CHILD_NO_MOUNT) {
    print_message("this machine lets no test mount a small disk\n");
    skip();
  }
  assert_int_equal(WEXITSTATUS(status), CHILD_GOOD);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_clocks),
      IN_FOLDER(test_random_fills_every_byte),
      IN_FOLDER(test_writes_and_reads_back),
      IN_FOLDER(test_replaces_a_link_and_not_what_it_names),
      IN_FOLDER(test_without_replace_an_old_file_stays),
      IN_FOLDER(test_failed_writes_leave_nothing),
      IN_FOLDER(test_relative_names),
      IN_FOLDER(test_reads_at_most_max),
      IN_FOLDER(test_reads_plain_files_alone),
      IN_FOLDER(test_makes_folders),
      IN_FOLDER(test_a_file_in_the_way_of_a_folder),
      IN_FOLDER(test_disk_free),
      IN_FOLDER(test_room_is_held_and_given_back),
      IN_FOLDER(test_full_disk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
