/* A process is killed in the midst of it, again and again. What it said was
 * written is there, and the next one goes on. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sync/git/kit.h"

enum { ROUNDS = 30 };

static void note(void *ctx, const char *fault) {
  (void)ctx;
  fail_msg("%s", fault);
}

/* Commits, says each tip once its ref is moved, and gathers packs as it goes. */
static _Noreturn void write_on(struct kit *k, int says) {
  struct yz_ledger *l = NULL;
  struct yz_oid tip;
  if (yz_ledger_open(&l, k->path, false, NULL) < 0) _exit(1);
  for (int i = 0;; i++) {
    struct yz_buf c = {0};
    char name[32];
    bool has = yz_ledger_ref(l, KIT_LOG, &tip, NULL) == 0;
    snprintf(name, sizeof name, "%d/%d", i % 10, i);
    const struct yz_change change = {name, &tip, sizeof tip};
    struct yz_oid next;
    if (yz_ledger_prepare(l, has ? &tip : NULL, &change, 1, "m", 0, k->seed, &c, NULL) < 0 ||
        yz_ledger_write_commit(l, c.data, c.len, &next, NULL) < 0 ||
        yz_ledger_move_ref(l, KIT_LOG, has ? &tip : NULL, &next, NULL) < 0 ||
        write(says, &next, sizeof next) != sizeof next || yz_ledger_upkeep(l, i % 3 == 2, NULL) < 0)
      _exit(1);
    yz_buf_finish(&c);
  }
}

/* Reads what the child says and kills it after n words, at whatever it is then. */
static struct yz_oid run_and_kill(struct kit *k, int n) {
  struct yz_oid said = {{0}}, next;
  int fds[2], status;
  assert_int_equal(pipe(fds), 0);
  pid_t pid = fork();
  if (pid == 0) write_on(k, fds[1]);
  (void)close(fds[1]);
  for (int i = 0; i < n; i++) assert_int_equal(read(fds[0], &said, sizeof said), sizeof said);
  assert_int_equal(kill(pid, SIGKILL), 0);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFSIGNALED(status));
  while (read(fds[0], &next, sizeof next) == sizeof next) said = next;
  (void)close(fds[0]);
  return said;
}

static void what_was_said_is_there(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  yz_ledger_destroy(k->l);
  for (int round = 0; round < ROUNDS; round++) {
    struct yz_oid tip, said = run_and_kill(k, 1 + round % 7);
    kit_ok(yz_ledger_open(&k->l, k->path, false, &err), &err);
    kit_ok(yz_ledger_ref(k->l, KIT_LOG, &tip, &err), &err);
    assert_true(yz_ledger_contains(k->l, &tip, &said));
    kit_ok(yz_ledger_check(k->l, note, NULL, &err), &err);
    yz_ledger_destroy(k->l);
    k->l = NULL;
  }
  kit_fsck(k->path);
}

/* The same on the road: fetched from a ledger that grows, and killed. */
static void a_fetch_that_is_killed_can_be_done_again(void **state) {
  struct kit *k = *state;
  struct yz_error err = {0};
  struct yz_ledger *other = NULL;
  char path[TMP_PATH], name[16];
  struct yz_oid tip = {{0}}, now;
  tmp_join(path, k->dir, "other.git");
  kit_ok(yz_ledger_open(&other, path, true, &err), &err);
  for (int round = 0; round < ROUNDS; round++) {
    snprintf(name, sizeof name, "%d", round);
    tip = kit_put(k, other, KIT_LOG, name, name);
    yz_ledger_destroy(k->l);
    k->l = NULL;
    int fds[2], status;
    char word;
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
      struct yz_ledger *l = NULL;
      if (yz_ledger_open(&l, k->path, false, NULL) < 0 || write(fds[1], "y", 1) != 1) _exit(1);
      for (int i = 0; i < round % 3; i++)
        if (write(fds[1], "y", 1) != 1) _exit(1);
      _exit(yz_ledger_fetch(l, &(struct yz_road){.url = path}, NULL) < 0);
    }
    (void)close(fds[1]);
    for (int i = 0; i <= round % 3; i++) assert_int_equal(read(fds[0], &word, 1), 1);
    (void)kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    (void)close(fds[0]);
    kit_ok(yz_ledger_open(&k->l, k->path, false, &err), &err);
    kit_ok(yz_ledger_check(k->l, note, NULL, &err), &err);
  }
  kit_ok(yz_ledger_fetch(k->l, &(struct yz_road){.url = path}, &err), &err);
  kit_ok(yz_ledger_ref(k->l, "refs/remote/log/" KIT_ID, &now, &err), &err);
  assert_memory_equal(&now, &tip, sizeof now);
  yz_ledger_destroy(other);
  kit_fsck(k->path);
}

int main(void) {
#define T(f) cmocka_unit_test_setup_teardown(f, kit_start, kit_stop)
  const struct CMUnitTest tests[] = {
      T(what_was_said_is_there),
      T(a_fetch_that_is_killed_can_be_done_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
