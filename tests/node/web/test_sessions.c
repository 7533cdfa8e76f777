/* Sessions in time that the test makes: how long they live. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/sessions.h"

static int64_t ticks, clock_ms;

static int64_t ticks_now(void *ctx) {
  (void)ctx;
  return ticks;
}

static int64_t clock_now(void *ctx) {
  (void)ctx;
  return clock_ms;
}

static struct yz_world world;

static void pass(int64_t ms) {
  ticks += ms;
  clock_ms += ms;
}

static struct sessions *begin(void) {
  assert_int_equal(yz_crypto_init(), 0);
  world = *yz_world_real();
  world.ticks_ms = ticks_now;
  world.now_ms = clock_now;
  ticks = 1000;
  clock_ms = 1700000000000;
  struct sessions *s = sessions_create(&world);
  assert_non_null(s);
  return s;
}

static struct signer a_signer(const char *name) {
  struct signer who = {0};
  who.seed = yz_secret_create(YZ_SEED_LEN);
  assert_non_null(who.seed);
  memset(who.seed->bytes, name[0], who.seed->len);
  who.author.seed = who.seed;
  (void)snprintf(who.name, sizeof who.name, "%s", name);
  return who;
}

/* Is there a session of this token, and whose? */
static bool is_there(struct sessions *s, const struct session *of, bool used, const char *name) {
  struct signer who = {0};
  struct session found;
  struct yz_error err = {0};
  int rc = sessions_find(s, of->token, used, &who, &found, &err);
  if (rc == YZ_E_KEY) return false;
  assert_int_equal(rc, 0);
  assert_string_equal(who.name, name);
  assert_string_equal(found.guard, of->guard);
  assert_ptr_equal(who.author.seed, who.seed);
  assert_int_equal(who.seed->bytes[0], name[0]);
  signer_finish(&who);
  return true;
}

static void a_session_is_its_workers(void **state) {
  struct sessions *s = begin();
  struct session ann, ben, wrong;
  struct signer who = a_signer("Ann");
  (void)state;
  sessions_begin(s, &who, &ann);
  assert_null(who.seed);
  who = a_signer("Ben");
  sessions_begin(s, &who, &ben);
  assert_int_equal(strlen(ann.token), SESSION_TOKEN - 1);
  assert_string_not_equal(ann.token, ben.token);
  assert_string_not_equal(ann.token, ann.guard);
  assert_true(is_there(s, &ann, true, "Ann"));
  assert_true(is_there(s, &ben, true, "Ben"));
  wrong = ann;
  wrong.token[0] = wrong.token[0] == '0' ? '1' : '0';
  assert_false(is_there(s, &wrong, true, ""));
  wrong.token[0] = '\0';
  assert_false(is_there(s, &wrong, true, ""));
  sessions_end(s, ann.token);
  assert_false(is_there(s, &ann, true, ""));
  assert_true(is_there(s, &ben, true, "Ben"));
  sessions_destroy(s);
}

static void it_ends_when_nobody_uses_it(void **state) {
  struct sessions *s = begin();
  struct session ann;
  struct signer who = a_signer("Ann");
  (void)state;
  sessions_begin(s, &who, &ann);
  pass(SESSION_IDLE_MS);
  assert_true(is_there(s, &ann, true, "Ann"));
  pass(SESSION_IDLE_MS);
  /* Looked at by the page alone: not used. */
  assert_true(is_there(s, &ann, false, "Ann"));
  pass(1);
  assert_false(is_there(s, &ann, true, ""));
  sessions_destroy(s);
}

static void it_ends_while_the_pc_sleeps(void **state) {
  struct sessions *s = begin();
  struct session ann;
  struct signer who = a_signer("Ann");
  (void)state;
  sessions_begin(s, &who, &ann);
  clock_ms += SESSION_IDLE_MS + 1;
  assert_false(is_there(s, &ann, true, ""));
  sessions_destroy(s);
}

static void it_ends_after_its_life(void **state) {
  struct sessions *s = begin();
  struct session ann;
  struct signer who = a_signer("Ann");
  (void)state;
  sessions_begin(s, &who, &ann);
  for (int i = 0; i < SESSION_LIFE_MS / SESSION_IDLE_MS; i++) {
    pass(SESSION_IDLE_MS);
    assert_true(is_there(s, &ann, true, "Ann"));
  }
  pass(1);
  assert_false(is_there(s, &ann, true, ""));
  sessions_destroy(s);
}

static void the_one_unused_longest_gives_way(void **state) {
  struct sessions *s = begin();
  struct session first, second, other;
  struct signer who = a_signer("Ann");
  (void)state;
  sessions_begin(s, &who, &first);
  pass(1);
  who = a_signer("Ben");
  sessions_begin(s, &who, &second);
  pass(1);
  assert_true(is_there(s, &first, true, "Ann"));
  for (int i = 0; i < SESSIONS - 1; i++) {
    pass(1);
    who = a_signer("Cat");
    sessions_begin(s, &who, &other);
  }
  assert_false(is_there(s, &second, true, ""));
  assert_true(is_there(s, &first, true, "Ann"));
  sessions_destroy(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_session_is_its_workers),
      cmocka_unit_test(it_ends_when_nobody_uses_it),
      cmocka_unit_test(it_ends_while_the_pc_sleeps),
      cmocka_unit_test(it_ends_after_its_life),
      cmocka_unit_test(the_one_unused_longest_gives_way),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
