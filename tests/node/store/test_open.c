/* The store's file: made whole, private, of its version, and kept through
 * failures of the disk and of the process. */
#include "bench.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned mode_of(const char *dir, const char *name) {
  char path[TMP_PATH];
  struct stat st;
  tmp_join(path, dir, name);
  assert_int_equal(stat(path, &st), 0);
  return st.st_mode & 07777;
}

static void test_private(void **state) {
  struct bench *b = *state;
  mode_t before = umask(0);
  bench_reopen(b);
  OK(store_put_setting(b->s, "role", "hub", &err));
  umask(before);
  assert_int_equal(mode_of(b->dir, "yizhan.db"), 0600);
  assert_int_equal(mode_of(b->dir, "yizhan.db-wal"), 0600);
  assert_int_equal(mode_of(b->dir, "yizhan.db-shm"), 0600);
}

static void test_there_or_not(void **state) {
  struct bench *b = *state;
  struct store *s = b->s;
  struct yz_error err = {0};
  assert_int_equal(store_open(&s, b->dir, true, yz_world_real(), &err), YZ_E_EXISTS);
  assert_null(s);
  char *empty = tmp_create();
  err = (struct yz_error){0};
  assert_int_equal(store_open(&s, empty, false, yz_world_real(), &err), YZ_E_NOT_FOUND);
  assert_non_null(err.message);
  err = (struct yz_error){0};
  assert_int_equal(store_open(&s, "/nowhere/at/all", true, yz_world_real(), &err), YZ_E_NOT_FOUND);
  assert_int_equal(rmdir(empty), 0); /* nothing was left in it */
  free(empty);
}

static void test_marked(void **state) {
  struct bench *b = *state;
  char path[TMP_PATH];
  tmp_join(path, b->dir, "yizhan.db");
  store_close(b->s);
  b->s = NULL;
  assert_int_equal(bench_sql_int(path, "PRAGMA application_id"), 0x595a484e);
  assert_int_equal(bench_sql_int(path, "PRAGMA user_version"), 3);
  assert_int_equal(bench_sql_int(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void assert_refused(struct bench *b, int code) {
  struct store *s;
  struct yz_error err = {0};
  char path[TMP_PATH];
  struct yz_buf before = {0}, after = {0};
  tmp_join(path, b->dir, "yizhan.db");
  tmp_read(path, &before);
  assert_int_equal(store_open(&s, b->dir, false, yz_world_real(), &err), code);
  assert_non_null(err.message);
  tmp_read(path, &after);
  assert_int_equal(before.len, after.len);
  assert_memory_equal(before.data, after.data, before.len);
  yz_buf_finish(&before);
  yz_buf_finish(&after);
}

/* A newer store, another program's and rubbish are left byte for byte alone. */
static void test_not_ours(void **state) {
  struct bench *b = *state;
  char path[TMP_PATH];
  tmp_join(path, b->dir, "yizhan.db");
  store_close(b->s);
  b->s = NULL;
  bench_sql(path, "PRAGMA user_version=4");
  assert_refused(b, YZ_E_VERSION);
  bench_sql(path, "PRAGMA user_version=3; PRAGMA application_id=7");
  assert_refused(b, YZ_E_DAMAGED);
  tmp_write(path, "no database at all, but some text that is long enough to be one", 64);
  assert_refused(b, YZ_E_DAMAGED);
}

/* What a newer program has in its write-ahead log is not put into the file. */
static void test_newer_in_wal(void **state) {
  struct bench *b = *state;
  char path[TMP_PATH];
  tmp_join(path, b->dir, "yizhan.db");
  store_close(b->s);
  b->s = NULL;
  pid_t child = fork();
  if (child == 0) {
    bench_sql_keep(path, "PRAGMA user_version=9");
    raise(SIGKILL);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_refused(b, YZ_E_VERSION);
}

/* A process that dies in a transaction leaves nothing of it, and all before. */
static void test_killed(void **state) {
  struct bench *b = *state;
  store_close(b->s);
  b->s = NULL;
  pid_t child = fork();
  if (child == 0) {
    char no[NUMBER_MAX];
    OK(store_open(&b->s, b->dir, false, yz_world_real(), &err));
    b->t = store_table(b->s);
    struct writer w = writer_begin(b, 1, false);
    struct made *one = make_open(&w, number(no, 1), "一", NULL);
    bench_put(b, one, YZ_ACCEPTED);
    struct made *two = make_open(&w, number(no, 2), "二", NULL);
    OK(store_begin(b->s, &err));
    bench_put_in(b, two, YZ_ACCEPTED);
    raise(SIGKILL);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  OK(store_open(&b->s, b->dir, false, yz_world_real(), &err));
  b->t = store_table(b->s);
  assert_lists(b, &(struct case_query){.since_ms = INT64_MIN}, "QS3-26-0001-N ");
  assert_int_equal(bench_check(b).n, 0);
}

/* A disk that takes no more: the error says so, nothing half stays, and when
 * there is room again the same store goes on. */
static void test_disk_fails(void **state) {
  struct bench *b = *state;
  char no[NUMBER_MAX], *large = calloc(1, 600001);
  struct writer w = writer_begin(b, 1, false);
  memset(large, 'x', 600000);
  struct made *small = make_open(&w, number(no, 1), "一", NULL);
  struct made *m = make_open(&w, number(no, 2), "二", large);
  bench_put(b, small, YZ_ACCEPTED);
  struct rlimit all, little = {.rlim_cur = 400000};
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
  little.rlim_max = all.rlim_max;
  void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
  struct yz_error why = {0};
  int rc = store_begin(b->s, &why);
  m->stored.contents = &m->content;
  m->stored.n_contents = 1;
  if (rc == 0) rc = b->t->put_record(b->t->ctx, &m->stored, &why);
  if (rc == 0) rc = store_commit(b->s, &why);
  store_rollback(b->s);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
  signal(SIGXFSZ, before);
  assert_true(rc == YZ_E_IO || rc == YZ_E_FULL);
  assert_lists(b, &(struct case_query){.since_ms = INT64_MIN}, "QS3-26-0001-N ");
  bench_put(b, m, YZ_ACCEPTED);
  assert_lists(b, &(struct case_query){.since_ms = INT64_MIN}, "QS3-26-0002-L QS3-26-0001-N ");
  made_free(small);
  made_free(m);
  free(large);
  writer_end(&w);
}

/* Damaged pages are an error or a finding, never silence. */
static void test_damaged(void **state) {
  struct bench *b = *state;
  char path[TMP_PATH];
  struct yz_buf bytes = {0};
  tmp_join(path, b->dir, "yizhan.db");
  store_close(b->s);
  b->s = NULL;
  tmp_read(path, &bytes);
  memset(bytes.data + 4096, 0xee, bytes.len - 4096);
  tmp_write(path, bytes.data, bytes.len);
  yz_buf_finish(&bytes);
  struct yz_error err = {0};
  struct found f = {0};
  int rc = store_open(&b->s, b->dir, false, yz_world_real(), &err);
  if (rc == 0) rc = bench_try_check(b, &f, &err);
  assert_true(rc == YZ_E_DAMAGED || (rc == 0 && f.n > 0));
}

/* Of what a transaction wrote, what came after the last mark can be taken back alone. */
static void test_marks(void **state) {
  struct bench *b = *state;
  struct yz_buf out = {0};
  struct yz_error none = {0};
  OK(store_begin(b->s, &err));
  OK(b->t->put_meta(b->t->ctx, "before", "b", 1, &err));
  OK(b->t->mark(b->t->ctx, &err));
  OK(b->t->put_meta(b->t->ctx, "kept", "k", 1, &err));
  OK(b->t->mark(b->t->ctx, &err));
  OK(b->t->put_meta(b->t->ctx, "kept", "no", 2, &err));
  OK(b->t->put_meta(b->t->ctx, "gone", "g", 1, &err));
  OK(b->t->back(b->t->ctx, &err));
  OK(b->t->put_meta(b->t->ctx, "after", "a", 1, &err));
  OK(store_commit(b->s, &err));
  OK(b->t->get_meta(b->t->ctx, "before", &out, &err));
  OK(b->t->get_meta(b->t->ctx, "kept", &out, &err));
  OK(b->t->get_meta(b->t->ctx, "after", &out, &err));
  assert_string_equal((char *)out.data, "bka");
  assert_int_equal(b->t->get_meta(b->t->ctx, "gone", &out, &none), YZ_E_NOT_FOUND);
  OK(store_begin(b->s, &err));
  OK(b->t->mark(b->t->ctx, &err));
  store_rollback(b->s);
  yz_buf_finish(&out);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
  const struct CMUnitTest tests[] = {
      T(test_private),      T(test_marks),  T(test_there_or_not), T(test_marked),  T(test_not_ours),
      T(test_newer_in_wal), T(test_killed), T(test_disk_fails),   T(test_damaged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
