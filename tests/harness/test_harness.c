#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <tests/harness/run.h>
#include <tests/harness/tmp.h>
#include <unistd.h>

static void test_folder_comes_and_goes(void **state) {
  (void)state;
  struct stat st;
  char in[TMP_PATH], deep[TMP_PATH], outside[TMP_PATH];
  char *dir = tmp_create(), *other = tmp_create();
  assert_int_equal(stat(dir, &st), 0);
  assert_true(S_ISDIR(st.st_mode));
  tmp_join(in, dir, "in");
  assert_int_equal(mkdir(in, 0700), 0);
  tmp_join(deep, in, "deep");
  tmp_write(deep, "x", 1);
  tmp_join(outside, other, "kept");
  tmp_write(outside, "y", 1);
  tmp_join(deep, in, "link");
  assert_int_equal(symlink(other, deep), 0);
  char *gone = strdup(dir);
  tmp_destroy(dir);
  assert_int_not_equal(stat(gone, &st), 0);
  assert_int_equal(stat(outside, &st), 0);
  free(gone);
  tmp_destroy(other);
  tmp_destroy(NULL);
}

static void test_file_there_and_back(void **state) {
  (void)state;
  char *dir = tmp_create(), path[TMP_PATH], bytes[50000];
  struct yz_buf back = {0};
  memset(bytes, 'b', sizeof bytes);
  bytes[100] = '\0';
  tmp_join(path, dir, "file");
  tmp_write(path, "longer than what comes next is not", 34);
  tmp_write(path, bytes, sizeof bytes);
  tmp_read(path, &back);
  assert_int_equal(back.len, sizeof bytes);
  assert_memory_equal(back.data, bytes, sizeof bytes);
  tmp_write(path, "short", 5);
  yz_buf_clear(&back);
  tmp_read(path, &back);
  assert_string_equal((const char *)back.data, "short");
  yz_buf_finish(&back);
  tmp_destroy(dir);
}

static void test_run_tells_all(void **state) {
  (void)state;
  struct run r = {0};
  char *dir = tmp_create();
  const struct run_how how = {
      .dir = dir, .in = "in\n", .in_len = 3, .env = (const char *[]){"WHO=me", NULL}};
  run(&r, &how,
      (const char *[]){"sh", "-c", "cat; echo \"$WHO\"; pwd -P; echo bad >&2; exit 3", NULL});
  assert_int_equal(r.status, 3);
  assert_memory_equal(r.out.data, "in\nme\n/", 7);
  assert_non_null(strstr((char *)r.out.data, strrchr(dir, '/')));
  assert_string_equal((const char *)r.err.data, "bad\n");
  run(&r, NULL, (const char *[]){"true", NULL});
  assert_int_equal(r.status, 0);
  assert_string_equal((const char *)r.out.data, "");
  assert_string_equal((const char *)r.err.data, "");
  run_finish(&r);
  run_finish(NULL);
  tmp_destroy(dir);
}

static void test_run_tells_how_it_ended(void **state) {
  (void)state;
  struct run r = {0};
  run(&r, NULL, (const char *[]){"sh", "-c", "kill -9 $$", NULL});
  assert_int_equal(r.status, 128 + 9);
  run(&r, NULL, (const char *[]){"/no/such/program", NULL});
  assert_int_equal(r.status, 127);
  run(&r, &(struct run_how){.dir = "/no/such/folder"}, (const char *[]){"true", NULL});
  assert_int_equal(r.status, 126);
  run_finish(&r);
}

/* More than a pipe holds, both ways, with a reader that stops early. */
static void test_run_does_not_get_stuck(void **state) {
  (void)state;
  struct run r = {0};
  size_t n = 3 << 20;
  char *bytes = malloc(n);
  assert_non_null(bytes);
  memset(bytes, 'b', n);
  run(&r, &(struct run_how){.in = bytes, .in_len = n},
      (const char *[]){"sh", "-c", "cat; cat /dev/null >&2", NULL});
  assert_int_equal(r.out.len, n);
  run(&r, &(struct run_how){.in = bytes, .in_len = n}, (const char *[]){"head", "-c1", NULL});
  assert_int_equal(r.status, 0);
  assert_string_equal((const char *)r.out.data, "b");
  free(bytes);
  run_finish(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_folder_comes_and_goes),  cmocka_unit_test(test_file_there_and_back),
      cmocka_unit_test(test_run_tells_all),          cmocka_unit_test(test_run_tells_how_it_ended),
      cmocka_unit_test(test_run_does_not_get_stuck),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
