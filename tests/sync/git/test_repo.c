/* A repository: made, locked, swept; its refs. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sync/git/kit.h"

static void write_below(struct kit *k, const char *name, const char *text) {
  char path[TMP_PATH];
  tmp_join(path, k->path, name);
  tmp_write(path, text, strlen(text));
}

static bool is_below(struct kit *k, const char *name) {
  char path[TMP_PATH];
  tmp_join(path, k->path, name);
  return access(path, F_OK) == 0;
}

static void is_a_private_bare_repository(void **state) {
  struct kit *k = *state;
  struct stat st;
  assert_int_equal(stat(k->path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0700);
  char *bare = kit_git(k->path, "rev-parse", "--is-bare-repository", NULL);
  assert_string_equal(bare, "true");
  free(bare);
  char *fsync = kit_git(k->path, "config", "core.fsync", NULL);
  assert_string_equal(fsync, "all");
  free(fsync);
  char *gc = kit_git(k->path, "config", "gc.auto", NULL);
  assert_string_equal(gc, "0");
  free(gc);
  kit_fsck(k->path);
}

static void what_is_not_there_is_not_made(void **state) {
  struct kit *k = *state;
  struct yz_ledger *l = NULL;
  struct yz_error err = {0};
  char path[TMP_PATH];
  tmp_join(path, k->dir, "nothing");
  assert_int_equal(yz_ledger_open(&l, path, false, &err), YZ_E_NOT_FOUND);
  assert_null(l);
  assert_string_equal(err.subject, path);
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(yz_ledger_open(&l, k->dir, false, NULL), YZ_E_NOT_FOUND);
  tmp_join(path, k->dir, "lock");
  assert_int_equal(access(path, F_OK), -1);
}

static void a_broken_repository_is_damaged(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  yz_ledger_destroy(k->l);
  write_below(k, "config", "[core\n");
  assert_int_equal(yz_ledger_open(&k->l, k->path, false, &err), YZ_E_DAMAGED);
  assert_null(k->l);
}

/* Making was cut short before HEAD was there: it is made now. */
static void half_made_is_made_whole(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  char path[TMP_PATH];
  yz_ledger_destroy(k->l);
  tmp_join(path, k->path, "HEAD");
  assert_int_equal(unlink(path), 0);
  tmp_join(path, k->path, "config");
  assert_int_equal(unlink(path), 0);
  kit_ok(yz_ledger_open(&k->l, k->path, true, &err), &err);
  kit_put(k, k->l, KIT_LOG, "a", "x");
  kit_fsck(k->path);
}

/* Another process opens while we hold it: it waits. */
static void one_at_a_time(void **state) {
  struct kit *k = *state;
  int status, says[2];
  char word = 0;
  assert_int_equal(pipe(says), 0);
  pid_t pid = fork();
  if (pid == 0) {
    struct yz_ledger *l = NULL;
    word = yz_ledger_open(&l, k->path, false, NULL) == 0 ? 'y' : 'n';
    (void)!write(says[1], &word, 1);
    _exit(0);
  }
  (void)close(says[1]);
  fd_set set;
  FD_ZERO(&set);
  FD_SET(says[0], &set);
  struct timeval shortly = {0, 300000};
  assert_int_equal(select(says[0] + 1, &set, NULL, NULL, &shortly), 0);
  yz_ledger_destroy(k->l);
  k->l = NULL;
  assert_int_equal(read(says[0], &word, 1), 1);
  assert_int_equal(word, 'y');
  assert_int_equal(waitpid(pid, &status, 0), pid);
  (void)close(says[0]);
}

static void debris_is_swept(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  static const char *const debris[] = {"HEAD.lock",
                                       "config.lock",
                                       "packed-refs.lock",
                                       "refs/heads/log/" KIT_ID ".lock",
                                       "objects/tmp_object_git2_abc",
                                       "objects/pack/pack_git2_abc",
                                       "objects/pack/pack-1234.idx.lock",
                                       "objects/pack/pack-1234.idx"};
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "a", "x"), now;
  yz_ledger_destroy(k->l);
  for (size_t i = 0; i < sizeof debris / sizeof *debris; i++) write_below(k, debris[i], "junk");
  kit_ok(yz_ledger_open(&k->l, k->path, false, &err), &err);
  for (size_t i = 0; i < sizeof debris / sizeof *debris; i++)
    if (is_below(k, debris[i])) fail_msg("%s is still there", debris[i]);
  assert_true(is_below(k, "yizhan.lock"));
  kit_ok(yz_ledger_ref(k->l, KIT_LOG, &now, &err), &err);
  assert_memory_equal(&now, &tip, sizeof tip);
  kit_put(k, k->l, KIT_LOG, "b", "y");
  kit_fsck(k->path);
}

static void refs_move_from_what_was_seen(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_oid now, a = kit_commit(k, k->l, NULL, "a", "1", 1, 0),
                     b = kit_commit(k, k->l, &a, "a", "2", 1, 0),
                     c = kit_commit(k, k->l, &b, "a", "3", 1, 0), missing = {{9}};
  assert_int_equal(yz_ledger_ref(k->l, KIT_LOG, &now, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_move_ref(k->l, KIT_LOG, &a, &b, NULL), YZ_E_BUSY);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, NULL, &a, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, NULL, &a, &err), &err);
  assert_int_equal(yz_ledger_move_ref(k->l, KIT_LOG, NULL, &b, NULL), YZ_E_BUSY);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, &a, &b, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, &a, &b, &err), &err);
  assert_int_equal(yz_ledger_move_ref(k->l, KIT_LOG, &a, &c, NULL), YZ_E_BUSY);
  assert_int_equal(yz_ledger_move_ref(k->l, KIT_LOG, &b, &missing, NULL), YZ_E_NOT_FOUND);
  kit_ok(yz_ledger_ref(k->l, KIT_LOG, &now, &err), &err);
  assert_memory_equal(&now, &b, sizeof b);
  kit_ok(yz_ledger_delete_ref(k->l, KIT_LOG, &err), &err);
  kit_ok(yz_ledger_delete_ref(k->l, KIT_LOG, &err), &err);
  assert_int_equal(yz_ledger_ref(k->l, KIT_LOG, &now, NULL), YZ_E_NOT_FOUND);
  assert_int_equal(yz_ledger_ref(k->l, "refs/../HEAD", &now, NULL), YZ_E_INPUT);
  assert_int_equal(yz_ledger_ref(k->l, "HEAD", &now, NULL), YZ_E_INPUT);
}

static void a_ref_names_commits_only(void **state) {
  struct kit *k = *state;
  kit_put(k, k->l, KIT_LOG, "a", "x");
  char *tree = kit_git(k->path, "rev-parse", KIT_LOG "^{tree}", NULL);
  struct yz_oid oid = kit_oid(tree);
  assert_int_equal(yz_ledger_move_ref(k->l, KIT_KEYS, NULL, &oid, NULL), YZ_E_FORMAT);
  free(tree);
}

static int join_name(void *ctx, const char *ref, const struct yz_oid *tip) {
  (void)tip;
  assert_int_equal(yz_buf_printf(ctx, "%s\n", ref), 0);
  return 0;
}

static int stop(void *ctx, const char *ref, const struct yz_oid *tip) {
  (void)ref, (void)tip;
  ++*(int *)ctx;
  return 42;
}

static void refs_come_in_order(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_buf names = {0};
  int n = 0;
  struct yz_oid tip = kit_put(k, k->l, "refs/heads/log/b", "a", "x");
  kit_ok(yz_ledger_move_ref(k->l, "refs/heads/log/c", NULL, &tip, &err), &err);
  free(kit_git(k->path, "pack-refs", "--all", NULL));
  kit_ok(yz_ledger_move_ref(k->l, "refs/heads/log/a", NULL, &tip, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, "refs/heads/log/d", NULL, &tip, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, "refs/heads/logs", NULL, &tip, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, "refs/remote/log/b", NULL, &tip, &err), &err);
  kit_ok(yz_ledger_refs(k->l, "refs/heads/log/", join_name, &names, &err), &err);
  assert_string_equal((char *)names.data,
                      "refs/heads/log/a\nrefs/heads/log/b\nrefs/heads/log/c\nrefs/heads/log/d\n");
  assert_int_equal(yz_ledger_refs(k->l, "refs/", stop, &n, &err), 42);
  assert_int_equal(n, 1);
  yz_buf_finish(&names);
}

/* Whoever was killed while holding a ref's lock does not stop the next one. */
static void a_killed_writer_stops_nobody(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  int status, says[2];
  char word;
  struct yz_oid tip = kit_put(k, k->l, KIT_LOG, "a", "x");
  struct yz_oid next = kit_commit(k, k->l, &tip, "b", "y", 1, 0);
  yz_ledger_destroy(k->l);
  k->l = NULL;
  assert_int_equal(pipe(says), 0);
  pid_t pid = fork();
  if (pid == 0) {
    struct yz_ledger *l = NULL;
    if (yz_ledger_open(&l, k->path, false, NULL) != 0) _exit(1);
    write_below(k, "refs/heads/log/" KIT_ID ".lock", "");
    (void)!write(says[1], "y", 1);
    for (;;) (void)pause();
  }
  assert_int_equal(read(says[0], &word, 1), 1);
  assert_int_equal(kill(pid, SIGKILL), 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  kit_ok(yz_ledger_open(&k->l, k->path, false, &err), &err);
  kit_ok(yz_ledger_move_ref(k->l, KIT_LOG, &tip, &next, &err), &err);
  (void)close(says[0]);
  (void)close(says[1]);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(is_a_private_bare_repository),
      T(what_is_not_there_is_not_made),
      T(a_broken_repository_is_damaged),
      T(half_made_is_made_whole),
      T(one_at_a_time),
      T(debris_is_swept),
      T(refs_move_from_what_was_seen),
      T(a_ref_names_commits_only),
      T(refs_come_in_order),
      T(a_killed_writer_stops_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
