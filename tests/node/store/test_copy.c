/* Backups and restoring them: whole, one file, never over anything. */
#include "bench.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state) {
  struct bench *b = calloc(1, sizeof *b);
  char no[NUMBER_MAX];
  bench_open(b);
  struct writer w = writer_begin(b, 1, false);
  struct made *m = make_open(&w, number(no, 1), "路灯", NULL);
  bench_put(b, m, YZ_ACCEPTED);
  OK(store_put_setting(b->s, "role", "village", &err));
  made_free(m);
  writer_end(&w);
  *state = b;
  return 0;
}

static int teardown(void **state) {
  bench_close(*state);
  free(*state);
  return 0;
}

static int entries(const char *dir) {
  DIR *d = opendir(dir);
  assert_non_null(d);
  int n = -2;
  while (readdir(d) != NULL) n++;
  closedir(d);
  return n;
}

static void test_there_and_back(void **state) {
  struct bench *b = *state, other = {0};
  char *out = tmp_create(), *in = tmp_create(), path[TMP_PATH];
  struct stat st;
  tmp_join(path, out, "copy.yz");
  OK(store_backup(b->s, path, &err));
  assert_int_equal(entries(out), 1);
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0600);
  /* Of one file, that stock SQLite reads where nothing can be written. */
  assert_int_equal(bench_sql_int(path, "SELECT count(*) FROM record"), 1);
  assert_int_equal(bench_sql_int(path, "SELECT journal_mode='delete' FROM pragma_journal_mode"), 1);
  assert_int_equal(entries(out), 1);
  OK(store_restore(path, in, in, yz_world_real(), &err));
  assert_int_equal(entries(in), 1);
  tmp_join(path, in, "yizhan.db");
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0600);
  OK(store_open(&other.s, in, false, yz_world_real(), &err));
  other.t = store_table(other.s);
  assert_finds(&other, "路灯", "QS3-26-0001-N ");
  assert_int_equal(bench_check(&other).n, 0);
  store_close(other.s);
  tmp_destroy(out);
  tmp_destroy(in);
}

static void test_never_over(void **state) {
  struct bench *b = *state;
  char *out = tmp_create(), path[TMP_PATH];
  struct yz_error why = {0};
  struct yz_buf kept = {0};
  tmp_join(path, out, "copy.yz");
  tmp_write(path, "mine", 4);
  assert_int_equal(store_backup(b->s, path, &why), YZ_E_EXISTS);
  tmp_read(path, &kept);
  assert_string_equal((char *)kept.data, "mine");
  assert_int_equal(entries(out), 1);
  assert_int_equal(unlink(path), 0);
  OK(store_backup(b->s, path, &err));
  why = (struct yz_error){0};
  assert_int_equal(store_restore(path, b->dir, b->dir, yz_world_real(), &why), YZ_E_EXISTS);
  assert_finds(b, "路灯", "QS3-26-0001-N ");
  yz_buf_finish(&kept);
  tmp_destroy(out);
}

static void assert_not_restored(const char *path, int code) {
  char *in = tmp_create();
  struct yz_error err = {0};
  assert_int_equal(store_restore(path, in, in, yz_world_real(), &err), code);
  assert_non_null(err.message);
  assert_int_equal(entries(in), 0);
  tmp_destroy(in);
}

/* What is no backup, of a newer program, or damaged is not restored, and nothing
 * of it stays. */
static void test_checked(void **state) {
  struct bench *b = *state;
  char *out = tmp_create(), path[TMP_PATH];
  struct yz_buf bytes = {0};
  tmp_join(path, out, "copy.yz");
  assert_not_restored(path, YZ_E_NOT_FOUND);
  OK(store_backup(b->s, path, &err));
  bench_sql(path, "PRAGMA application_id=3");
  assert_not_restored(path, YZ_E_DAMAGED);
  bench_sql(path, "PRAGMA application_id=1499088974; PRAGMA user_version=77");
  assert_not_restored(path, YZ_E_VERSION);
  bench_sql(path, "PRAGMA user_version=1");
  tmp_read(path, &bytes);
  size_t middle = bytes.len / 2 / 4096 * 4096;
  memset(bytes.data + middle, 0xff, 4096);
  tmp_write(path, bytes.data, bytes.len);
  assert_not_restored(path, YZ_E_DAMAGED);
  tmp_write(path, bytes.data, 5000);
  assert_not_restored(path, YZ_E_DAMAGED);
  tmp_write(path, "", 0);
  assert_not_restored(path, YZ_E_DAMAGED);
  yz_buf_finish(&bytes);
  tmp_destroy(out);
}

/* A store's own file, copied by hand while it was at rest, can be restored too;
 * one that is damaged leaves nothing behind. */
static void test_raw_copy(void **state) {
  struct bench *b = *state;
  char *out = tmp_create(), *in = tmp_create(), from[TMP_PATH], path[TMP_PATH];
  struct yz_buf bytes = {0};
  tmp_join(from, b->dir, "yizhan.db");
  tmp_join(path, out, "raw.db");
  bench_reopen(b);
  tmp_read(from, &bytes);
  tmp_write(path, bytes.data, bytes.len);
  OK(store_restore(path, in, in, yz_world_real(), &err));
  tmp_join(from, in, "yizhan.db");
  assert_int_equal(bench_sql_int(from, "SELECT count(*) FROM record"), 1);
  memset(bytes.data + bytes.len / 2 / 4096 * 4096, 0xff, 4096);
  tmp_write(path, bytes.data, bytes.len);
  assert_not_restored(path, YZ_E_DAMAGED);
  yz_buf_finish(&bytes);
  tmp_destroy(out);
  tmp_destroy(in);
}

/* Names that SQLite would read as something else are names. */
static void test_names(void **state) {
  struct bench *b = *state;
  char *out = tmp_create(), *in = tmp_create();
  assert_int_equal(chdir(out), 0);
  OK(store_backup(b->s, "file:x?mode=memory", &err));
  OK(store_backup(b->s, ":memory:", &err));
  assert_int_equal(entries("."), 2);
  OK(store_restore("file:x?mode=memory", in, in, yz_world_real(), &err));
  assert_int_equal(chdir("/"), 0);
  tmp_destroy(in);
  tmp_destroy(out);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      T(test_there_and_back), T(test_never_over), T(test_checked), T(test_raw_copy), T(test_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
