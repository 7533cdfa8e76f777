/* What wrong passphrases cost, in time that the test makes: whom, and whom not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/tries.h"

static int64_t ticks;

static int64_t ticks_now(void *ctx) {
  (void)ctx;
  return ticks;
}

/* The same places in every run. */
static void no_random(void *ctx, void *bytes, size_t n) {
  (void)ctx;
  memset(bytes, 'r', n);
}

static struct yz_world world;

static struct tries *begin(bool one_address) {
  world = *yz_world_real();
  world.ticks_ms = ticks_now;
  world.random = no_random;
  ticks = 1000;
  struct tries *t = tries_create(&world, one_address);
  assert_non_null(t);
  return t;
}

static struct client_key at(unsigned n) {
  struct client_key key = {{'a'}};
  memcpy(key.bytes + 1, &n, sizeof n);
  return key;
}

static int64_t wait(struct tries *t, unsigned address, const char *worker) {
  struct client_key from = at(address);
  return tries_wait(t, &from, worker);
}

static void made(struct tries *t, unsigned address, const char *worker, bool well) {
  struct client_key from = at(address);
  tries_made(t, &from, worker, well);
}

/* As many wrong ones as there may be, each after its wait. */
static void guess(struct tries *t, unsigned address, const char *worker, int n) {
  for (int i = 0; i < n; i++) made(t, address, worker, false);
}

static void the_next_try_waits(void **state) {
  struct tries *t = begin(false);
  (void)state;
  guess(t, 1, "Ann", 2);
  assert_int_equal(wait(t, 1, "Ann"), 0);
  guess(t, 1, "Ann", 1);
  assert_int_equal(wait(t, 1, "Ann"), 1000);
  guess(t, 1, "Ann", 1);
  assert_int_equal(wait(t, 1, "Ann"), 2000);
  ticks += 1999;
  assert_int_equal(wait(t, 1, "Ann"), 1);
  ticks += 1;
  assert_int_equal(wait(t, 1, "Ann"), 0);
  guess(t, 1, "Ann", 40);
  assert_int_equal(wait(t, 1, "Ann"), TRIES_MAX_WAIT_MS);
  ticks += TRIES_MAX_WAIT_MS;
  made(t, 1, "Ann", true);
  guess(t, 1, "Ann", 2);
  assert_int_equal(wait(t, 1, "Ann"), 0);
  tries_destroy(t);
}

static void others_do_not_wait(void **state) {
  struct tries *t = begin(false);
  (void)state;
  guess(t, 1, "Ann", 8);
  assert_true(wait(t, 1, "Ann") > 0);
  assert_int_equal(wait(t, 1, "Ben"), 0);
  assert_int_equal(wait(t, 2, "Ann"), 0);
  assert_int_equal(wait(t, 2, "Ben"), 0);
  tries_destroy(t);
}

/* Name after name, of workers or of nobody: the address waits, those who are known there do not. */
static void who_tries_all_names_waits(void **state) {
  struct tries *t = begin(false);
  char name[32];
  (void)state;
  made(t, 1, "Ben", true);
  for (int i = 0; i < TRIES_FREE_ADDRESS; i++) {
    (void)snprintf(name, sizeof name, "worker %d", i);
    assert_int_equal(wait(t, 1, name), 0);
    made(t, 1, name, false);
  }
  assert_int_equal(wait(t, 1, "Ann"), 1000);
  assert_int_equal(wait(t, 1, "Ben"), 0);
  assert_int_equal(wait(t, 2, "Ann"), 0);
  /* A right one of one's own does not end it. */
  ticks += 1000;
  made(t, 1, "Eve", true);
  made(t, 1, "Ann", false);
  assert_int_equal(wait(t, 1, "Cat"), 2000);
  tries_destroy(t);
}

/* One guesser at many addresses, at one worker: who comes from where she never was waits, she where
 * she has been does not; nor does anyone else. */
static void who_tries_from_everywhere_waits(void **state) {
  struct tries *t = begin(false);
  (void)state;
  made(t, 7, "Ann", true);
  for (unsigned i = 0; i < TRIES_FREE_WORKER; i++) {
    assert_int_equal(wait(t, 100 + i, "Ann"), 0);
    made(t, 100 + i, "Ann", false);
  }
  assert_int_equal(wait(t, 99, "Ann"), 1000);
  assert_int_equal(wait(t, 7, "Ann"), 0);
  assert_int_equal(wait(t, 99, "Ben"), 0);
  tries_destroy(t);
}

static void one_is_forgotten_in_the_longest_wait(void **state) {
  struct tries *t = begin(false);
  (void)state;
  guess(t, 1, "Ann", 5);
  ticks += 3 * TRIES_MAX_WAIT_MS;
  guess(t, 1, "Ann", 1);
  assert_int_equal(wait(t, 1, "Ann"), 1000);
  ticks += 100 * (int64_t)TRIES_MAX_WAIT_MS;
  guess(t, 1, "Ann", 2);
  assert_int_equal(wait(t, 1, "Ann"), 0);
  tries_destroy(t);
}

static void where_all_have_one_address_the_name_counts(void **state) {
  struct tries *t = begin(true);
  (void)state;
  guess(t, 1, "Ann", TRIES_FREE_WORKER + 1);
  assert_int_equal(wait(t, 1, "Ann"), TRIES_MAX_WAIT_MS);
  assert_int_equal(wait(t, 1, "Ben"), 0);
  tries_destroy(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_next_try_waits),
      cmocka_unit_test(others_do_not_wait),
      cmocka_unit_test(who_tries_all_names_waits),
      cmocka_unit_test(who_tries_from_everywhere_waits),
      cmocka_unit_test(one_is_forgotten_in_the_longest_wait),
      cmocka_unit_test(where_all_have_one_address_the_name_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
