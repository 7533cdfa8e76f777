#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <yizhan/world.h>

#include "tests/harness/tmp.h"

static char *dir;
static char path[TMP_PATH];

static int start(void **state) {
  (void)state;
  dir = tmp_create();
  tmp_join(path, dir, "lock");
  return 0;
}

static int stop(void **state) {
  (void)state;
  tmp_destroy(dir);
  return 0;
}

/* A process that takes the lock, says so, and holds it until it reads a byte
 * or is killed. */
struct holder {
  pid_t pid;
  int says, hears;
};

static void hold(int says, int hears) {
  struct yz_lock lock;
  char word = yz_lock_acquire(&lock, path, 0, NULL) == 0 ? 'y' : 'n';
  if (write(says, &word, 1) == 1) (void)!read(hears, &word, 1);
  _exit(0);
}

static struct holder holder_create(void) {
  int up[2], down[2];
  assert_int_equal(pipe(up), 0);
  assert_int_equal(pipe(down), 0);
  struct holder h = {.pid = fork(), .says = up[0], .hears = down[1]};
  assert_true(h.pid >= 0);
  if (h.pid == 0) {
    (void)close(up[0]);
    (void)close(down[1]);
    hold(up[1], down[0]);
  }
  (void)close(up[1]);
  (void)close(down[0]);
  char word;
  assert_int_equal(read(h.says, &word, 1), 1);
  assert_int_equal(word, 'y');
  return h;
}

static void holder_finish(struct holder *h) {
  int status;
  assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
  (void)close(h->says);
  (void)close(h->hears);
}

static void test_one_holder_at_a_time(void **state) {
  (void)state;
  struct yz_lock lock;
  struct yz_error err = {0};
  struct holder h = holder_create();
  assert_int_equal(yz_lock_acquire(&lock, path, 0, &err), YZ_E_BUSY);
  assert_int_equal(lock.fd, -1);
  assert_string_equal(err.subject, path);
  assert_int_equal(write(h.hears, "x", 1), 1);
  assert_int_equal(yz_lock_acquire(&lock, path, 20000, NULL), 0);
  assert_true(lock.fd >= 0);
  yz_lock_release(&lock);
  holder_finish(&h);
}

static void test_a_killed_holder_holds_nothing(void **state) {
  (void)state;
  struct yz_lock lock;
  struct holder h = holder_create();
  assert_int_equal(kill(h.pid, SIGKILL), 0);
  holder_finish(&h);
  assert_int_equal(yz_lock_acquire(&lock, path, 0, NULL), 0);
  yz_lock_release(&lock);
}

static void test_waits_as_long_as_told(void **state) {
  (void)state;
  const struct yz_world *world = yz_world_real();
  struct yz_lock lock;
  struct holder h = holder_create();
  int64_t start_ms = world->ticks_ms(world->ctx);
  assert_int_equal(yz_lock_acquire(&lock, path, 120, NULL), YZ_E_BUSY);
  assert_true(world->ticks_ms(world->ctx) - start_ms >= 120);
  assert_int_equal(write(h.hears, "x", 1), 1);
  holder_finish(&h);
}

static void test_release_frees_it_even_from_forked_children(void **state) {
  (void)state;
  struct yz_lock lock, again;
  int hears[2];
  assert_int_equal(pipe(hears), 0);
  assert_int_equal(yz_lock_acquire(&lock, path, 0, NULL), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    char word;
    (void)close(hears[1]);
    (void)!read(hears[0], &word, 1);
    _exit(0);
  }
  yz_lock_release(&lock);
  assert_int_equal(lock.fd, -1);
  assert_int_equal(yz_lock_acquire(&again, path, 0, NULL), 0);
  yz_lock_release(&again);
  (void)close(hears[0]);
  (void)close(hears[1]);
  assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_release_of_nothing(void **state) {
  (void)state;
  struct yz_lock never = {-1};
  yz_lock_release(&never);
  yz_lock_release(NULL);
  assert_int_equal(never.fd, -1);
}

static void test_bad_places(void **state) {
  (void)state;
  struct yz_lock lock;
  char bad[TMP_PATH];
  tmp_join(bad, dir, "missing/lock");
  assert_int_equal(yz_lock_acquire(&lock, bad, 0, NULL), YZ_E_IO);
  tmp_join(bad, dir, "link");
  assert_int_equal(symlink(path, bad), 0);
  assert_int_equal(yz_lock_acquire(&lock, bad, 0, NULL), YZ_E_IO);
  assert_int_equal(lock.fd, -1);
  assert_int_not_equal(access(path, F_OK), 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_one_holder_at_a_time),
      IN_FOLDER(test_a_killed_holder_holds_nothing),
      IN_FOLDER(test_waits_as_long_as_told),
      IN_FOLDER(test_release_frees_it_even_from_forked_children),
      IN_FOLDER(test_release_of_nothing),
      IN_FOLDER(test_bad_places),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
